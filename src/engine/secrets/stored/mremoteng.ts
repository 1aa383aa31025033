/**
 * Passwords of mRemoteNG's `confCons.xml`: AES-256 in Galois/counter mode under a key made (PBKDF2 with SHA-1, RFC 8018)
 * of a password that is part of the program, as long as nobody has set another.
 */
import { sha1 } from '../../archive/sha1.ts';
import { Aes, aesGcm } from '../aes.ts';
import { decodeBase64, utf8 } from '../facts/encodings.ts';
import type { ReadValue } from '../file-readers.ts';
import { joinBytes } from '../keys/der.ts';

const DEFAULT = ['mR', '3m'].join('');
const LONGEST_NODE = 8192; // characters
const SALT_BYTES = 16;
const NONCE_BYTES = 16;
const MOST_ITERATIONS = 20_000;
/** Iterations left to this program, some seconds' worth. */
let left = 1_000_000;

/** What the prefilter looks for. */
export const MREMOTENG_TRIGGERS = ['BlockCipherMode="GCM"'];

/** The passwords of a file of connections. */
export function readMremoteng(text: string): ReadValue[] {
  const iterations = Number(/\bKdfIterations="(\d{1,7})"/.exec(text)?.[1] ?? 1000);
  if (!/<(?:mrng:)?Connections\b/.test(text) || iterations > MOST_ITERATIONS) return [];
  return [...text.matchAll(/<Node\s/g)].flatMap(({ index }, i, all): ReadValue[] => {
    const end = Math.min(all[i + 1]?.index ?? text.length, index + LONGEST_NODE);
    const node = text.slice(index, end).split('>', 1)[0] ?? '';
    const attribute = (name: string): string =>
      new RegExp(`\\s${name}="([^"]{0,2048})"`).exec(node)?.[1] ?? '';
    const value = attribute('Password');
    const plain = value === '' ? undefined : opened(value, iterations);
    if (!plain) return [];
    return [
      {
        name: 'Password',
        at: index + node.indexOf(` Password="${value}"`) + ' Password="'.length,
        length: value.length,
        value: plain,
        kind: 'password',
        where: `for ${attribute('Username')} at ${attribute('Hostname')} in a list of mRemoteNG's connections`,
        coded: 'encrypted with a password that is part of mRemoteNG',
      },
    ];
  });
}

function opened(value: string, iterations: number): string | undefined {
  const bytes = decodeBase64(value);
  left -= 2 * iterations;
  if (!bytes || left < 0 || bytes.length <= SALT_BYTES + NONCE_BYTES) return undefined;
  const salt = bytes.subarray(0, SALT_BYTES);
  const nonce = bytes.subarray(SALT_BYTES, SALT_BYTES + NONCE_BYTES);
  const aes = new Aes(derived(new TextEncoder().encode(DEFAULT), salt, iterations));
  const plain = aesGcm(aes, nonce, bytes.subarray(SALT_BYTES + NONCE_BYTES), salt);
  return plain && utf8(plain);
}

/** 32 bytes of key, from two blocks of the hash. */
function derived(password: Uint8Array, salt: Uint8Array, iterations: number): Uint8Array {
  const block = (index: number): Uint8Array => {
    let last = hmac(password, joinBytes(salt, Uint8Array.of(0, 0, 0, index)));
    const sum = last.slice();
    for (let i = 1; i < iterations; i++) {
      last = hmac(password, last);
      for (let j = 0; j < sum.length; j++) sum[j] = (sum[j] as number) ^ (last[j] as number);
    }
    return sum;
  };
  return joinBytes(block(1), block(2)).subarray(0, 32);
}

function hmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  const padded = new Uint8Array(64);
  padded.set(key);
  const inner = sha1(
    joinBytes(
      padded.map((byte) => byte ^ 0x36),
      message,
    ),
  );
  return sha1(
    joinBytes(
      padded.map((byte) => byte ^ 0x5c),
      inner,
    ),
  );
}
