import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { sha1 } from '../../../src/engine/archive/sha1.ts';
import { toHex } from '../../../src/engine/archive/sha256.ts';
import { sha384, sha512 } from '../../../src/engine/archive/sha512.ts';

test.each([0, 1, 55, 56, 63, 64, 111, 112, 127, 128, 129, 239, 240, 256, 1000, 70_000])(
  '%i bytes',
  (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 151 + (i >> 8)) & 255);
    const node = (name: string): string => createHash(name).update(bytes).digest('hex');
    expect(toHex(sha512(bytes))).toBe(node('sha512'));
    expect(toHex(sha384(bytes))).toBe(node('sha384'));
    expect(toHex(sha1(bytes))).toBe(node('sha1'));
  },
);
