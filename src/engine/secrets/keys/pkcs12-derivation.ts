/** How PKCS #12 makes keys of passwords (RFC 7292, appendix B). */
import { joinBytes } from './der.ts';

/** A hash that takes 64 bytes at a time. */
export interface Hash {
  size: number;
  digest: (bytes: Uint8Array) => Uint8Array;
}

/** What the bytes are for: they differ. */
export const PURPOSE = { key: 1, start: 2, code: 3 } as const;
/** Bytes that the hash takes at a time. */
export const BLOCK = 64;

/** `length` bytes for a purpose, of a password in UTF-16. */
export function pkcs12Bytes(
  hash: Hash,
  password: string,
  { salt, iterations }: { salt: Uint8Array; iterations: number },
  purpose: number,
  length: number,
): Uint8Array {
  const units = Array.from({ length: password.length }, (_, i) => password.charCodeAt(i));
  const wide = [...units, 0].flatMap((unit) => [unit >> 8, unit & 255]);
  const diversifier = new Uint8Array(BLOCK).fill(purpose);
  const input = joinBytes(filled(salt), filled(Uint8Array.from(wide)));
  const out = new Uint8Array(Math.ceil(length / hash.size) * hash.size);
  for (let at = 0; at < length; at += hash.size) {
    let block = hash.digest(joinBytes(diversifier, input));
    for (let i = 1; i < iterations; i++) block = hash.digest(block);
    out.set(block, at);
    for (let from = 0; from < input.length; from += BLOCK)
      addBlock(input.subarray(from, from + BLOCK), block);
  }
  return out.subarray(0, length);
}

/** Repeated up to whole blocks. */
function filled(bytes: Uint8Array): Uint8Array {
  const length = Math.ceil(bytes.length / BLOCK) * BLOCK;
  return Uint8Array.from({ length }, (_, i) => bytes[i % bytes.length] as number);
}

/** Adds a hash, repeated over the block, and one. */
function addBlock(block: Uint8Array, hash: Uint8Array): void {
  let carry = 1;
  for (let i = BLOCK - 1; i >= 0; i--) {
    carry += (block[i] as number) + (hash[i % hash.length] as number);
    block[i] = carry & 255;
    carry >>= 8;
  }
}
