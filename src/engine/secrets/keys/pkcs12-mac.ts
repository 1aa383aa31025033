/** The authentication code of PKCS #12 (RFC 7292, with the key derivation of its appendix B): does a password open the store? */
import { sha1 } from '../../archive/sha1.ts';
import { Sha256 } from '../../archive/sha256.ts';
import { derChildren, type DerNode, derSequence, joinBytes, oidKey, TAG } from './der.ts';
import { BLOCK, type Hash, pkcs12Bytes, PURPOSE } from './pkcs12-derivation.ts';

const SHA1 = '2b0e03021a';
const HASHES: Record<string, Hash> = {
  [SHA1]: { size: 20, digest: sha1 },
  '608648016503040201': { size: 32, digest: (bytes) => new Sha256().update(bytes).digest() },
};
const MOST_ITERATIONS = 20_000; // tools of today make 2,048 or 10,000
/** Iterations left to this program, about ten seconds' worth: a hostile archive may hold many stores. */
let left = 2_000_000;

/** Which of the passwords the store's own code proves to be its password, if one does. */
export function pkcs12Password(
  store: Uint8Array,
  passwords: readonly string[],
): string | undefined {
  const [, content, mac] = derSequence(store) ?? [];
  const data = content && explicitOctets(derChildren(content.bytes)?.[1]);
  const [digestInfo, salt, count] = (mac && derChildren(mac.bytes)) ?? [];
  const [algorithm, expected] = (digestInfo && derChildren(digestInfo.bytes)) ?? [];
  if (!data || !algorithm || !expected || salt?.tag !== TAG.octets) return undefined;
  const hash = HASHES[oidKey(derChildren(algorithm.bytes)?.[0])];
  const iterations = count?.tag === TAG.integer ? toCount(count.bytes) : 1;
  if (!hash || iterations > MOST_ITERATIONS || salt.bytes.length > 64) return undefined;
  left -= iterations * passwords.length;
  if (left < 0) return undefined;
  return passwords.find((password) => {
    const from = { salt: salt.bytes, iterations };
    const key = pkcs12Bytes(hash, password, from, PURPOSE.code, hash.size);
    const sum = hmac(hash, key, data);
    return (
      sum.length === expected.bytes.length && sum.every((byte, i) => byte === expected.bytes[i])
    );
  });
}

/**
 * Which of the passwords makes a code of SHA-1 over `data` that begins with all of `expected`: as Bouncy
 * Castle's own keystore is sealed, with the same derivation of the key, cut to `keyBytes`.
 */
export function sealedBy(
  data: Uint8Array,
  expected: Uint8Array,
  from: { salt: Uint8Array; iterations: number; keyBytes: number },
  passwords: readonly string[],
): string | undefined {
  const hash = HASHES[SHA1] as Hash;
  if (from.iterations > MOST_ITERATIONS || from.salt.length > BLOCK) return undefined;
  left -= from.iterations * passwords.length;
  if (left < 0) return undefined;
  return passwords.find((password) => {
    const key = pkcs12Bytes(hash, password, from, PURPOSE.code, from.keyBytes);
    const sum = hmac(hash, key, data);
    return sum.every((byte, i) => byte === expected[i]);
  });
}

/** The octet string inside the explicit tag 0. */
function explicitOctets(node: DerNode | undefined): Uint8Array | undefined {
  const [inner] = (node?.tag === 0xa0 && derChildren(node.bytes)) || [];
  return inner?.tag === TAG.octets ? inner.bytes : undefined;
}

function toCount(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

function hmac(hash: Hash, key: Uint8Array, message: Uint8Array): Uint8Array {
  const padded = new Uint8Array(BLOCK);
  padded.set(key);
  const inner = hash.digest(
    joinBytes(
      padded.map((byte) => byte ^ 0x36),
      message,
    ),
  );
  return hash.digest(
    joinBytes(
      padded.map((byte) => byte ^ 0x5c),
      inner,
    ),
  );
}
