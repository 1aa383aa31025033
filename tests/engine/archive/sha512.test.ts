import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { toHex } from '../../../src/engine/archive/sha256.ts';
import { sha384, sha512 } from '../../../src/engine/archive/sha512.ts';

test.each([0, 1, 111, 112, 127, 128, 129, 239, 240, 256, 1000, 70_000])('%i bytes', (length) => {
  const bytes = Uint8Array.from({ length }, (_, i) => (i * 151 + (i >> 8)) & 255);
  const node = (name: string): string => createHash(name).update(bytes).digest('hex');
  expect(toHex(sha512(bytes))).toBe(node('sha512'));
  expect(toHex(sha384(bytes))).toBe(node('sha384'));
});
