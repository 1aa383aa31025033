/** Opens what is encrypted under a password that is at hand: the schemes that keys of today and of old are mostly in. */
import { sha1 } from '../../archive/sha1.ts';
import { Aes, aesUnchain } from '../aes.ts';
import { tripleDesUnchain } from '../des.ts';
import { type HashBits, hmac } from '../facts/hmac.ts';
import { joinBytes } from './der.ts';
import type { KeyDerivation, PasswordEncryption } from './password-encryption.ts';
import { pkcs12Bytes, PURPOSE } from './pkcs12-derivation.ts';

const HMACS: Record<string, HashBits> = {
  'SHA-1': 160,
  'SHA-256': 256,
  'SHA-384': 384,
  'SHA-512': 512,
};
/** Sizes of keys in bytes, of those ciphers that are undone here. */
const KEY_BYTES: Record<string, number> = {
  'AES-128-CBC': 16,
  'AES-192-CBC': 24,
  'AES-256-CBC': 32,
  'DES-EDE3-CBC': 24,
};
const BLOCK_BYTES = { aes: 16, des: 8 } as const;
const SHA1_HASH = { size: 20, digest: sha1 };
const MOST_ITERATIONS = 100_000;
/** Iterations that one image's keys may cost, some seconds' worth: a hostile one may hold many keys. */
const MOST_FOR_AN_IMAGE = 500_000;
let left = MOST_FOR_AN_IMAGE;

/** Begins with the keys of another image. */
export function renewTrials(): void {
  left = MOST_FOR_AN_IMAGE;
}

/** What `body` opens to under a password; undefined where the scheme is not undone here, or the padding is off. */
export function decryptWith(
  { derivation, cipher, start }: PasswordEncryption,
  body: Uint8Array,
  password: string,
): Uint8Array | undefined {
  const size = KEY_BYTES[cipher];
  const block = cipher.startsWith('AES') ? BLOCK_BYTES.aes : BLOCK_BYTES.des;
  const made = size === undefined ? undefined : derive(derivation, password, size, block);
  if (!made) return undefined;
  const from = made.start ?? start;
  if (from.length !== block) return undefined;
  return block === BLOCK_BYTES.aes
    ? aesUnchain(new Aes(made.key), from, body)
    : tripleDesUnchain(made.key, from, body);
}

/** The key and, where the scheme makes that too, where chaining starts. */
function derive(
  derivation: KeyDerivation,
  password: string,
  size: number,
  block: number,
): { key: Uint8Array; start?: Uint8Array } | undefined {
  if (derivation.kind === 'scrypt' || derivation.kind === 'PBKDF1') return undefined;
  const { kind, hash, salt, iterations } = derivation;
  const bits = HMACS[hash];
  if (bits === undefined || iterations < 1 || iterations > MOST_ITERATIONS) return undefined;
  const cost = iterations * Math.ceil((8 * size) / bits);
  if (cost > left) return undefined;
  left -= cost;
  if (kind === 'PBKDF2') return { key: pbkdf2(bits, password, salt, iterations, size) };
  const bytes = (purpose: number, length: number): Uint8Array =>
    pkcs12Bytes(SHA1_HASH, password, { salt, iterations }, purpose, length);
  return { key: bytes(PURPOSE.key, size), start: bytes(PURPOSE.start, block) };
}

/** PBKDF2 (RFC 8018, section 5.2). */
function pbkdf2(
  bits: HashBits,
  password: string,
  salt: Uint8Array,
  iterations: number,
  size: number,
): Uint8Array {
  const secret = new TextEncoder().encode(password);
  const blocks: Uint8Array[] = [];
  for (let number = 1; blocks.length * (bits / 8) < size; number++) {
    let last = hmac(bits, secret, joinBytes(salt, Uint8Array.of(0, 0, 0, number)));
    const sum = last.slice();
    for (let i = 1; i < iterations; i++) {
      last = hmac(bits, secret, last);
      for (let j = 0; j < sum.length; j++) sum[j] = (sum[j] as number) ^ (last[j] as number);
    }
    blocks.push(sum);
  }
  return joinBytes(...blocks).subarray(0, size);
}
