/** HMAC (RFC 2104) over SHA-1, SHA-256, SHA-384 and SHA-512, synchronous. */
import { sha1 } from '../../archive/sha1.ts';
import { Sha256 } from '../../archive/sha256.ts';
import { sha384, sha512 } from '../../archive/sha512.ts';

/** The hashes, by their size in bits. */
export type HashBits = 160 | 256 | 384 | 512;

const HASHES: Record<HashBits, { block: number; hash: (bytes: Uint8Array) => Uint8Array }> = {
  160: { block: 64, hash: sha1 },
  256: { block: 64, hash: (bytes) => new Sha256().update(bytes).digest() },
  384: { block: 128, hash: sha384 },
  512: { block: 128, hash: sha512 },
};

/** The authentication code of `message` under `key`. */
export function hmac(bits: HashBits, key: Uint8Array, message: Uint8Array): Uint8Array {
  const { block, hash } = HASHES[bits];
  const padded = new Uint8Array(block);
  padded.set(key.length > block ? hash(key) : key);
  const inner = hash(
    joined(
      padded.map((byte) => byte ^ 0x36),
      message,
    ),
  );
  return hash(
    joined(
      padded.map((byte) => byte ^ 0x5c),
      inner,
    ),
  );
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
