/**
 * Encryption under a password as DER names it: PKCS #5 (RFC 8018, with scrypt as in RFC 7914) and PKCS #12
 * (RFC 7292, appendix C). Read, and told in words.
 */
import { derChildren, type DerNode, oidKey, TAG } from './der.ts';

/** How a password becomes a key. */
export type KeyDerivation =
  | { kind: 'PBKDF2'; hash: string; salt: Uint8Array; iterations: number }
  | { kind: 'scrypt'; salt: Uint8Array; cost: number; blocks: number; lanes: number }
  | { kind: 'PBKDF1' | 'PKCS #12'; hash: string; salt: Uint8Array; iterations: number };

/** A scheme and its parameters. */
export interface PasswordEncryption {
  derivation: KeyDerivation;
  /** As OpenSSL names it: `AES-256-CBC`, `DES-EDE3-CBC`. */
  cipher: string;
  /** Where chaining starts; empty where the password gives that too. */
  start: Uint8Array;
}

const PBES2 = '2a864886f70d01050d';
const PBKDF2 = '2a864886f70d01050c';
const SCRYPT = '2b06010401da47040b';
/** Schemes that name a hash and a cipher at once. */
const FIXED: Record<string, readonly ['PBKDF1' | 'PKCS #12', string, string]> = {
  '2a864886f70d010501': ['PBKDF1', 'MD2', 'DES-CBC'],
  '2a864886f70d010503': ['PBKDF1', 'MD5', 'DES-CBC'],
  '2a864886f70d010504': ['PBKDF1', 'MD2', 'RC2-64-CBC'],
  '2a864886f70d010506': ['PBKDF1', 'MD5', 'RC2-64-CBC'],
  '2a864886f70d01050a': ['PBKDF1', 'SHA-1', 'DES-CBC'],
  '2a864886f70d01050b': ['PBKDF1', 'SHA-1', 'RC2-64-CBC'],
  '2a864886f70d010c0101': ['PKCS #12', 'SHA-1', 'RC4-128'],
  '2a864886f70d010c0102': ['PKCS #12', 'SHA-1', 'RC4-40'],
  '2a864886f70d010c0103': ['PKCS #12', 'SHA-1', 'DES-EDE3-CBC'],
  '2a864886f70d010c0104': ['PKCS #12', 'SHA-1', 'DES-EDE-CBC'],
  '2a864886f70d010c0105': ['PKCS #12', 'SHA-1', 'RC2-128-CBC'],
  '2a864886f70d010c0106': ['PKCS #12', 'SHA-1', 'RC2-40-CBC'],
};
const CIPHERS: Record<string, string> = {
  '608648016503040102': 'AES-128-CBC',
  '608648016503040116': 'AES-192-CBC',
  '60864801650304012a': 'AES-256-CBC',
  '608648016503040106': 'AES-128-GCM',
  '60864801650304011a': 'AES-192-GCM',
  '60864801650304012e': 'AES-256-GCM',
  '2a864886f70d0307': 'DES-EDE3-CBC',
  '2a864886f70d0302': 'RC2-CBC',
  '2b0e030207': 'DES-CBC',
};
const HASHES: Record<string, string> = {
  '2a864886f70d0207': 'SHA-1',
  '2a864886f70d0208': 'SHA-224',
  '2a864886f70d0209': 'SHA-256',
  '2a864886f70d020a': 'SHA-384',
  '2a864886f70d020b': 'SHA-512',
};
/** Ciphers of which every key can be tried, or nearly. */
const WEAK = /^DES-CBC$|^RC[24]-(?:40|64)/;

/** Reads the algorithm of an encrypted key; undefined for schemes that are not known here. */
export function readPasswordEncryption(algorithm: DerNode): PasswordEncryption | undefined {
  const [scheme, parameters] = derChildren(algorithm.bytes) ?? [];
  const fields = parameters?.tag === TAG.sequence ? derChildren(parameters.bytes) : undefined;
  if (!fields) return undefined;
  const name = oidKey(scheme);
  const fixed = Object.hasOwn(FIXED, name) ? FIXED[name] : undefined;
  if (fixed) {
    const [kind, hash, cipher] = fixed;
    const [salt, count] = fields;
    const iterations = wholeNumber(count);
    if (salt?.tag !== TAG.octets || iterations === undefined) return undefined;
    const derivation = { kind, hash, salt: salt.bytes, iterations };
    return { derivation, cipher, start: new Uint8Array() };
  }
  const derivation = name === PBES2 && fields[0] ? readDerivation(fields[0]) : undefined;
  const [cipher, start] = (fields[1] && derChildren(fields[1].bytes)) ?? [];
  if (!derivation || !cipher) return undefined;
  return {
    derivation,
    cipher: CIPHERS[oidKey(cipher)] ?? 'unknown',
    start: start?.tag === TAG.octets ? start.bytes : new Uint8Array(),
  };
}

function readDerivation(node: DerNode): KeyDerivation | undefined {
  const [name, parameters] = derChildren(node.bytes) ?? [];
  const [salt, ...rest] = (parameters && derChildren(parameters.bytes)) ?? [];
  if (salt?.tag !== TAG.octets) return undefined;
  if (oidKey(name) === SCRYPT) {
    const [cost, blocks, lanes] = rest.map(wholeNumber);
    if (cost === undefined || blocks === undefined || lanes === undefined) return undefined;
    return { kind: 'scrypt', salt: salt.bytes, cost, blocks, lanes };
  }
  const iterations = wholeNumber(rest[0]);
  if (oidKey(name) !== PBKDF2 || iterations === undefined) return undefined;
  // The key's length may stand before the hash, which is SHA-1 where it is left out.
  const prf = rest.find(({ tag }) => tag === TAG.sequence);
  const hash = prf ? (HASHES[oidKey(derChildren(prf.bytes)?.[0])] ?? 'unknown') : 'SHA-1';
  return { kind: 'PBKDF2', hash, salt: salt.bytes, iterations };
}

function wholeNumber(node: DerNode | undefined): number | undefined {
  if (node?.tag !== TAG.integer || node.bytes.length > 6) return undefined;
  return node.bytes.reduce((value, byte) => value * 256 + byte, 0);
}

/** The scheme as facts, and what is to be said where it is weak. */
export function tellEncryption({ derivation, cipher }: PasswordEncryption): {
  facts: Record<string, string>;
  why: string[];
} {
  return {
    facts: { encryption: cipher, 'key derivation': describeDerivation(derivation) },
    why: weakness(cipher),
  };
}

/** What is to be said of a cipher that guards little. */
export function weakness(cipher: string): string[] {
  return WEAK.test(cipher)
    ? [`its cipher ${cipher} is weak: every key of it can be tried, without the passphrase`]
    : [];
}

function describeDerivation(derivation: KeyDerivation): string {
  if (derivation.kind === 'scrypt')
    return `scrypt, N ${derivation.cost}, r ${derivation.blocks}, p ${derivation.lanes}`;
  const { kind, hash, iterations } = derivation;
  const times = `${iterations} ${iterations === 1 ? 'iteration' : 'iterations'}`;
  return `${kind} with ${kind === 'PBKDF2' ? 'HMAC-' : ''}${hash}, ${times}`;
}
