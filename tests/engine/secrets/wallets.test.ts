/** Wallets and keysets; the phrases are made by `tests/make/key-fixtures.sh`. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { encodeBase58 } from '../../../src/engine/secrets/base-encodings.ts';
import { fileKind } from '../../../src/engine/secrets/file-kind.ts';
import type { Detection } from '../../../src/engine/secrets/finding.ts';
import { detectNamed } from '../../../src/engine/secrets/named-values.ts';
import { scanContent } from '../../make/scan-content.ts';

function scan(content: string | Uint8Array, path = 'srv/app/config.env'): Detection[] {
  return scanContent(content, path);
}

const PHRASES = readFileSync('tests/fixtures/keys/phrases-backwards.txt', 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(' ').reverse().join(' '));

describe('recovery phrases', () => {
  test.each(PHRASES.map((phrase) => [phrase.split(' ').length, phrase] as const))(
    'of %i words',
    (_, phrase) => {
      for (const text of [
        `MNEMONIC=${phrase}\n`,
        `const seedPhrase = "${phrase}";\n`,
        `{"wallet": {"mnemonic": "${phrase}"}}`,
        `seed_phrase: ${phrase}\n`,
        `${phrase}\n`,
      ]) {
        expect(scan(text)).toMatchObject([
          {
            rule: { id: 'bip39-mnemonic' },
            value: phrase,
            severity: 'critical',
            confidence: 'certain',
          },
        ]);
      }
      const swapped = phrase.replace(/^(\S+) (\S+)/, '$2 $1');
      expect(scan(`MNEMONIC="${swapped}"`)).toEqual([]);
      expect(scan(`MNEMONIC="${phrase} ${phrase.split(' ', 1)[0]}"`)).toEqual([]);
    },
  );

  test('published ones are named as such', () => {
    const junk = `${'test '.repeat(11)}junk`;
    const about = `${'abandon '.repeat(11)}about`;
    const candy = ['candy maple cake sugar pudding cream', 'honey rich smooth crumble sweet treat'];
    for (const phrase of [junk, about, candy.join(' ')])
      expect(scan(`mnemonic: "${phrase}"`, 'srv/app/x.yaml')).toMatchObject([{ severity: 'info' }]);
  });

  test('as a constant that nothing names', () => {
    const value = PHRASES[0] as string;
    const named = { name: '', value, where: '', context: [], exact: true };
    expect(detectNamed([named], fileKind('app/x.pyc'))).toMatchObject([
      { detection: { rule: { id: 'bip39-mnemonic' }, value } },
    ]);
  });

  test('prose and other things of that name are none', () => {
    expect(
      scan('mnemonic = "the quick brown fox jumps over the lazy dog and runs away now"'),
    ).toEqual([]);
    expect(scan('menu.mnemonic=C\n"mnemonic": "movaps"\n')).toEqual([]);
  });
});

test('keys of development networks’ accounts are told as such', () => {
  const inverted = '53f68b413c65e81c945b594b2dc7006bb4534b873412a1035187b2840b0d007f';
  const hardhat = Array.from(inverted, (digit) => (15 - parseInt(digit, 16)).toString(16)).join('');
  for (const value of [hardhat, `0x${hardhat}`, `0x${hardhat.toUpperCase()}`])
    expect(scan(`PRIVATE_KEY=${value}\n`), value).toMatchObject([{ value, severity: 'info' }]);
  expect(scan(`PRIVATE_KEY=${inverted}\n`)).toMatchObject([{ severity: 'critical' }]);
});

describe('Solana’s pairs of keys', () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const jwk = privateKey.export({ format: 'jwk' });
  const open = Buffer.from(jwk.x ?? '', 'base64url');
  const bytes = Buffer.concat([Buffer.from(jwk.d ?? '', 'base64url'), open]);

  test('as a file of numbers, on one line or on many, and as base58 under a name', () => {
    for (const [text, path] of [
      [JSON.stringify([...bytes]), 'root/.config/solana/id.json'],
      [JSON.stringify([...bytes], undefined, 2), 'srv/deploy.json'],
      [`SOLANA_PRIVATE_KEY=${encodeBase58(bytes)}\n`, 'srv/.env'],
      [`WALLET_PRIVATE_KEY="[${[...bytes].join(',')}]"\n`, 'srv/.env'],
    ] as const) {
      expect(scan(text, path)).toMatchObject([
        {
          rule: { id: 'solana-keypair' },
          severity: 'critical',
          confidence: 'certain',
          facts: { address: encodeBase58(open) },
        },
      ]);
    }
  });

  test('are none where the halves do not belong together', () => {
    const other = Buffer.from(bytes);
    other.writeUInt8(other.readUInt8(0) ^ 1, 0);
    expect(scan(JSON.stringify([...other]), 'root/.config/solana/id.json')).toEqual([]);
  });
});

test('an Ethereum keystore is named with its address, and is encrypted', () => {
  const address = randomBytes(20).toString('hex');
  const keystore = JSON.stringify({
    address,
    crypto: {
      cipher: 'aes-128-ctr',
      ciphertext: randomBytes(32).toString('hex'),
      cipherparams: { iv: randomBytes(16).toString('hex') },
      kdf: 'scrypt',
      kdfparams: { dklen: 32, n: 262144, p: 1, r: 8, salt: randomBytes(32).toString('hex') },
      mac: randomBytes(32).toString('hex'),
    },
    version: 3,
  });
  const path = 'root/.ethereum/keystore/UTC--2024-01-01T00-00-00.000000000Z--x';
  expect(scan(keystore, path)).toMatchObject([
    { severity: 'low', facts: { encrypted: 'yes', address: `0x${address}` } },
  ]);
  expect(scan(keystore.replace('scrypt', 'none'), path)).toEqual([]);
});

describe('Tink’s keysets', () => {
  const value = randomBytes(34);
  const keyset = (material: string): string =>
    JSON.stringify({
      primaryKeyId: 1234567,
      key: [
        {
          keyData: {
            typeUrl: 'type.googleapis.com/google.crypto.tink.AesGcmKey',
            value: value.toString('base64'),
            keyMaterialType: material,
          },
          status: 'ENABLED',
          keyId: 1234567,
          outputPrefixType: 'TINK',
        },
      ],
    });

  test('in JSON', () => {
    const [found, ...more] = scan(keyset('SYMMETRIC'), 'srv/keys.json');
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      rule: { id: 'shared-key', title: 'Shared key, Tink, not encrypted' },
      severity: 'critical',
      value: value.toString('base64'),
      facts: { algorithm: 'shared key, AesGcmKey' },
    });
    expect(scan(keyset('ASYMMETRIC_PRIVATE'), 'srv/keys.json')).toMatchObject([
      { rule: { id: 'private-key' }, facts: { algorithm: 'AesGcmKey' } },
    ]);
  });

  test('as a protocol buffer, in a file and in base64', () => {
    const type = 'type.googleapis.com/google.crypto.tink.AesGcmKey';
    const data = Buffer.concat([
      Buffer.of(0x0a, type.length),
      Buffer.from(type),
      Buffer.of(0x12, value.length),
      value,
      Buffer.of(0x18, 1),
    ]);
    const key = Buffer.concat([
      Buffer.of(0x0a, data.length),
      data,
      Buffer.of(0x10, 1, 0x18, 7, 0x20, 1),
    ]);
    const whole = Buffer.concat([Buffer.of(0x08, 0x87, 0xad, 0x4b, 0x12, key.length), key]);
    for (const content of [new Uint8Array(whole), `KEYSET="${whole.toString('base64')}"\n`])
      expect(scan(content, 'srv/x.conf')).toMatchObject([{ value: value.toString('base64') }]);
    data.writeUInt8(3, data.length - 1); // its public half
    expect(scan(new Uint8Array(data), 'srv/x.conf')).toEqual([]);
  });

  test('are none where they are public, or encrypted', () => {
    expect(scan(keyset('ASYMMETRIC_PUBLIC'), 'srv/keys.json')).toEqual([]);
    expect(scan(keyset('REMOTE'), 'srv/keys.json')).toEqual([]);
  });
});
