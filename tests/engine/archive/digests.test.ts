import { createHash } from 'node:crypto';
import { crc32 as nodeCrc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { crc32 } from '../../../src/engine/archive/crc32.ts';
import { Sha256, toHex } from '../../../src/engine/archive/sha256.ts';
import { noise } from '../../make/pieces.ts';

test('SHA-256 agrees with the platform at every length around a block', () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 1000, 100_003]) {
    const bytes = noise(length, length + 1);
    const sum = new Sha256();
    for (let at = 0; at < length; at += 37)
      sum.update(bytes.subarray(at, Math.min(length, at + 37)));
    expect(toHex(sum.digest())).toBe(createHash('sha256').update(bytes).digest('hex'));
  }
});

test('CRC-32 agrees with known values, whole and in parts', () => {
  const check = new TextEncoder().encode('123456789');
  expect(crc32(check)).toBe(0xcbf43926);
  expect(crc32(check.subarray(4), crc32(check.subarray(0, 4)))).toBe(0xcbf43926);
  const platform = nodeCrc32 as ((bytes: Uint8Array) => number) | undefined; // Node 20.15 and later
  const bytes = noise(10_001);
  if (platform) expect(crc32(bytes)).toBe(platform(bytes));
});
