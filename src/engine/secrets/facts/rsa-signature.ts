/** Signatures of RSA keys (RFC 8017): PKCS #1 v1.5 and PSS, as JSON Web Tokens have them. */
import { Sha256, toHex } from '../../archive/sha256.ts';
import { sha384, sha512 } from '../../archive/sha512.ts';
import { joinBytes } from '../keys/der.ts';
import { power, toBytes, toNumber } from '../keys/prime-field.ts';
import { bitLength } from '../keys/public-key.ts';

/** A hash of the SHA-2 family. */
export interface Hash {
  digest: (bytes: Uint8Array) => Uint8Array;
  /** How PKCS #1 says which hash follows (RFC 8017, section 9.2), in hex. */
  prefix: string;
}

/** How what is signed is brought to the length of the key. */
export type RsaPadding = 'PKCS #1' | 'PSS';

/** By the bits that the names of the algorithms end in. */
export const HASHES: Record<string, Hash> = {
  '256': {
    digest: (bytes) => new Sha256().update(bytes).digest(),
    prefix: '3031300d060960864801650304020105000420',
  },
  '384': { digest: sha384, prefix: '3041300d060960864801650304020205000430' },
  '512': { digest: sha512, prefix: '3051300d060960864801650304020305000440' },
};
const LONGEST_SIGNATURE = 1024; // bytes
const LONGEST_EXPONENT = 4; // bytes; all that programs make are short
const PSS_END = 0xbc;

/** Whether the key made the signature of a text with this digest. */
export function signedByRsa(
  { n, e }: { n: Uint8Array; e: Uint8Array },
  padding: RsaPadding,
  signature: Uint8Array,
  hash: Hash,
  digest: Uint8Array,
): boolean {
  const bits = bitLength(n);
  // A signature is as long as its key, which also bounds what is to be worked out.
  if (signature.length !== Math.ceil(bits / 8)) return false;
  if (signature.length > LONGEST_SIGNATURE || e.length > LONGEST_EXPONENT) return false;
  const message = power(toNumber(signature), toNumber(e), toNumber(n));
  const bytes = toBytes(message, signature.length);
  return padding === 'PSS' ? isPss(bytes, bits - 1, hash, digest) : isPkcs1(bytes, hash, digest);
}

/** Section 9.2: a one, bytes of ones that fill what is left, a zero, the hash's name, the digest. */
function isPkcs1(message: Uint8Array, { prefix }: Hash, digest: Uint8Array): boolean {
  const tail = `00${prefix}${toHex(digest)}`;
  const whole = toHex(message);
  return whole.endsWith(tail) && /^0001(?:ff){8,}$/.test(whole.slice(0, -tail.length));
}

/** Section 9.1.2, with a salt of any length; `bits` are those of the encoded message. */
function isPss(
  bytes: Uint8Array,
  bits: number,
  { digest: hash }: Hash,
  digest: Uint8Array,
): boolean {
  const message = bytes.subarray(bytes.length - Math.ceil(bits / 8));
  const end = message.length - digest.length - 1;
  if (end < 1 || message.at(-1) !== PSS_END) return false;
  const stated = message.subarray(end, -1);
  const mask = maskOf(stated, end, hash);
  const block = message.subarray(0, end).map((byte, i) => byte ^ (mask[i] as number));
  block[0] = (block[0] as number) & (0xff >> (8 * message.length - bits));
  const one = block.findIndex((byte) => byte !== 0);
  if (one < 0 || block[one] !== 1) return false;
  const made = hash(joinBytes(new Uint8Array(8), digest, block.subarray(one + 1)));
  return made.every((byte, i) => byte === stated[i]);
}

/** MGF1 (appendix B.2.1). */
function maskOf(seed: Uint8Array, length: number, hash: Hash['digest']): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let i = 0; i * seed.length < length; i++)
    blocks.push(hash(joinBytes(seed, Uint8Array.of(0, 0, i >> 8, i & 255))));
  return joinBytes(...blocks).subarray(0, length);
}
