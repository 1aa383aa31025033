import { expect, test } from 'vitest';
import { checksumOf } from '../../../src/engine/secrets/checksums.ts';
import { decodeBase32, decodeBase58 } from '../../../src/engine/secrets/base-encodings.ts';
import { marvin32 } from '../../../src/engine/secrets/marvin.ts';
import { hasStructure } from '../../../src/engine/secrets/token-structure.ts';

test('checksums are what other implementations make of bodies of zeros', () => {
  // With Python's zlib, hashlib and base64.
  expect(checksumOf('crc32-base62', `ghp_${'0'.repeat(30)}`, 'ghp_')).toBe('2C8GjS');
  expect(checksumOf('crc32-hex', `cfut_${'0'.repeat(40)}`, 'cfut_')).toBe('963fbb8e');
  expect(checksumOf('crc32-hex', `zpka_${'0'.repeat(32)}_`, 'zpka_')).toBe('a0f292d0');
  expect(checksumOf('crc32-HEX-all', `ATBB${'0'.repeat(24)}`, 'ATBB')).toBe('3FC90AD2');
  expect(checksumOf('crc32-hex-little-endian', `glsa_${'0'.repeat(32)}_`, 'glsa_')).toBe(
    '162149fe',
  );
  expect(checksumOf('crc32-base64', `cflt${'0'.repeat(54)}`, 'cflt')).toBe('X+KS/Q');
  expect(checksumOf('crc32-base36-all', `glpat-${'0'.repeat(27)}.01.0s`, 'glpat-')).toBe('0xjog6g');
  const fine = `github_pat_${'0'.repeat(22)}_${'0'.repeat(43)}`;
  expect(checksumOf('sha256-base32', fine, 'github_pat_')).toBe('NA3JBNBC');
});

test('Marvin32 agrees with the published vector', () => {
  const text = new Uint8Array(Buffer.from('Abcdefg', 'utf16le'));
  expect(marvin32(text, 0x5d70d359, 0xc498b3f8)).toBe(0xba627c81);
});

test('bech32 agrees with the vectors of BIP 173', () => {
  for (const valid of [
    'A12UEL5L',
    'a12uel5l',
    'split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w',
  ])
    expect(hasStructure('bech32', valid), valid).toBe(true);
  for (const wrong of ['A12UEL5M', 'pzry9x0s0muk', '1pzry9x0s0muk', 'x1b4n0q5v', 'A1G7SGD8'])
    expect(hasStructure('bech32', wrong), wrong).toBe(false);
});

test('base32 agrees with RFC 4648, base58 with Bitcoin', () => {
  expect(Buffer.from(decodeBase32('MZXW6YTBOI') ?? []).toString()).toBe('foobar');
  expect(decodeBase32('M1')).toBeUndefined();
  expect(Buffer.from(decodeBase58('2NEpo7TZRRrLZSi2U') ?? []).toString()).toBe('Hello World!');
  expect(decodeBase58('1112')).toEqual(Uint8Array.of(0, 0, 0, 1));
  expect(decodeBase58('0')).toBeUndefined();
});

test('no structure is seen in what is none, and nothing throws', () => {
  const names = ['json', 'macaroon', 'reference', 'base64-id', 'base58check', 'bech32'] as const;
  const others = [
    'crc16-base32',
    'devops-token',
    'discord-bot',
    'entra-secret',
    'annotated-key',
    'azure-storage',
  ] as const;
  for (const name of [...names, ...others])
    for (const text of [
      '',
      '=',
      '.',
      '1',
      'eyJ',
      'é',
      'B'.repeat(300),
      'pypi-AgE',
      'eyJ!.x',
      '-'.repeat(84),
    ])
      expect(hasStructure(name, text), `${name} of ${text}`).toBe(false);
});
