/**
 * Private keys that stand in bytes without armour, as whole files or decoded from base64: DER, OpenSSH's own
 * format, and OpenPGP's packets, of which GnuPG's old `secring.gpg` is made.
 */
import { readAsn1Key, readEncryptedPkcs8 } from './asn1-key.ts';
import { derChildren, type DerNode, derSequence, oidKey, readDer } from './der.ts';
import type { KeyContent } from './key-content.ts';
import { readPgpKey } from './pgp-key.ts';
import { readOpenSsh } from './ssh-key.ts';

const LONGEST = 64 * 1024; // bytes; a key ring may hold several keys
const TRAILING = 2; // bytes of a line's end that an editor has put behind
const DER_SEQUENCE = 0x30;
const OPENSSH = 0x6f; // the o of `openssh-key-v1`
/** A secret key's packet as the first of OpenPGP's: in the old form with three sizes of length, and in the new. */
const PGP_FIRST = new Set([0x94, 0x95, 0x96, 0xc5]);
/** Password-based encryption: PKCS #5 (RFC 8018) and PKCS #12 (RFC 7292), as the beginning of the identifier. */
const PASSWORD_BASED = ['2a864886f70d0105', '2a864886f70d010c01'];

/** The private key that `bytes` are from the first to the last; undefined for anything else. */
export function readBinaryKey(bytes: Uint8Array): KeyContent | undefined {
  const first = bytes[0];
  if (first === undefined || bytes.length > LONGEST) return undefined;
  if (first === DER_SEQUENCE) return told('in DER, without armour', readDerKey(bytes));
  if (first === OPENSSH) return told('without armour', readOpenSsh(bytes));
  return PGP_FIRST.has(first) ? told('without armour', readPgpKey(bytes)) : undefined;
}

function told(how: string, key: KeyContent | undefined): KeyContent | undefined {
  return key && { ...key, why: [...key.why, `stands there ${how}`] };
}

function readDerKey(bytes: Uint8Array): KeyContent | undefined {
  const whole = readDer(bytes);
  const head = whole && bytes.length - whole.bytes.length;
  if (head === undefined || head > 6 + TRAILING) return undefined;
  const nodes = derSequence(bytes);
  return (
    nodes &&
    (readAsn1Key(bytes) ?? ((isPasswordBased(nodes) && readEncryptedPkcs8(bytes)) || undefined))
  );
}

/** Digests are written in the same form as encrypted keys: only the algorithm tells them apart. */
function isPasswordBased([algorithm]: readonly DerNode[]): boolean {
  const oid = oidKey(algorithm && derChildren(algorithm.bytes)?.[0]);
  return PASSWORD_BASED.some((start) => oid.startsWith(start));
}
