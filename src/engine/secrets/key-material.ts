/** Private keys and signed tokens in bytes: what announces each, and how much around it is read. */
import { charactersOf } from '../archive/plain-text.ts';
import type { FileKind } from './file-kind.ts';
import { readGoogleAccount } from './facts/services.ts';
import type { Detection, NamedValue } from './finding.ts';
import { JWT_SECONDS, JWT_STARTS, judgeJwt, jwtAtStart, LONGEST_JWT } from './judge-jwt.ts';
import { GOOGLE_ACCOUNT_KEY, judgePrivateKey } from './judge-key.ts';
import { ETHEREUM_CIPHER, ethereumKeyAt } from './keys/ethereum-keystore.ts';
import { jwkAt, LONGEST_JWK } from './keys/jwk.ts';
import { RSA_XML, rsaXmlAt } from './keys/rsa-xml.ts';
import { readPutty } from './keys/ssh-key.ts';
import { TINK_TYPE, tinkKeyAt } from './keys/tink.ts';
import type { Trigger } from './prefilter.ts';
import {
  opensPrivateKey,
  type PrivateKey,
  privateKeyAt,
  SSH2_DASHES,
  SSH2_MARKER,
} from './private-key.ts';

/** The form of key material that a literal announces. */
export type KeyForm = 'pem' | 'ssh2' | 'putty' | 'xml' | 'tink' | 'ethereum' | 'jwk' | 'jwt';

/** Bytes that a private key may take; as many must be at hand after its beginning. */
export const LONGEST_KEY = 20 * 1024;
const LONGEST_MARKER = 48;
const NEIGHBOURS = 1024; // around a key, for the account that it belongs to

const trigger = (text: string, target: KeyForm, after?: string): Trigger<KeyForm> => ({
  text,
  exactCase: true,
  target,
  ...(after !== undefined && { after }),
});

/** Literals by which key material is found. */
export const KEY_TRIGGERS: readonly Trigger<KeyForm>[] = [
  trigger('-----BEGIN ', 'pem'),
  trigger(SSH2_MARKER, 'ssh2'),
  trigger('PuTTY-User-Key-File-', 'putty'),
  trigger(RSA_XML, 'xml'),
  trigger(TINK_TYPE, 'tink'),
  trigger(ETHEREUM_CIPHER, 'ethereum'),
  trigger('"kty', 'jwk', '"\\'),
  trigger("'kty", 'jwk', "'\\"),
  ...JWT_STARTS.map((text) => trigger(text, 'jwt', JWT_SECONDS)),
];

/** Key material in bytes: the judgement, where it begins, and its length in bytes. */
export interface KeyFinding {
  detection: Detection;
  start: number;
  length: number;
}

/** The key material whose literal stands at `at`; `nameBefore` tells what a value is bound to. */
export function keyMaterialAt(
  form: KeyForm,
  bytes: Uint8Array,
  at: number,
  file: FileKind,
  nameBefore: (start: number) => NamedValue | undefined,
): KeyFinding | undefined {
  if (form === 'jwt') return tokenAt(bytes, at, file, nameBefore);
  const key = keyAt(form, bytes, at);
  if (!key) return undefined;
  const { start, length = key.block.length } = key;
  const detection = judgePrivateKey(key, file, nameBefore(start));
  const around = text(bytes, start - NEIGHBOURS, start + length + NEIGHBOURS);
  const account = readGoogleAccount(around);
  Object.assign(detection.facts, account?.facts);
  const ofAccount = /"private_key\\?"\s{0,8}:\s{0,8}\\?"$/.test(text(bytes, start - 32, start));
  if (account && ofAccount) detection.rule = GOOGLE_ACCOUNT_KEY;
  return { detection, start, length };
}

function keyAt(
  form: Exclude<KeyForm, 'jwt'>,
  bytes: Uint8Array,
  at: number,
): (PrivateKey & { length?: number }) | undefined {
  switch (form) {
    case 'jwk':
      return jwkIn(bytes, at);
    case 'tink':
      return tinkKeyAt(bytes, at);
    case 'ethereum': {
      const from = Math.max(0, at - LONGEST_JWK);
      const key = ethereumKeyAt(text(bytes, from, at + LONGEST_JWK), at - from);
      return key && { ...key, start: from + key.start };
    }
    default:
      return blockAt(form, bytes, at);
  }
}

function blockAt(form: KeyForm, bytes: Uint8Array, at: number): PrivateKey | undefined {
  const start = form === 'ssh2' ? at - SSH2_DASHES : at;
  if (start < 0) return undefined;
  if (form === 'putty' || form === 'xml') {
    const read = form === 'putty' ? readPutty : rsaXmlAt;
    const key = read(text(bytes, start, start + LONGEST_KEY), 0);
    return key && { ...key, start };
  }
  // Certificates are begun the same way, and are many more.
  if (!opensPrivateKey(text(bytes, start, start + LONGEST_MARKER))) return undefined;
  const key = privateKeyAt(text(bytes, start, start + LONGEST_KEY), 0);
  return key && { ...key, start };
}

function jwkIn(bytes: Uint8Array, at: number): PrivateKey | undefined {
  const from = Math.max(0, at - LONGEST_JWK);
  const key = jwkAt(text(bytes, from, at + LONGEST_JWK), at - from);
  return key && { ...key, start: from + key.start };
}

function tokenAt(
  bytes: Uint8Array,
  at: number,
  file: FileKind,
  nameBefore: (start: number) => NamedValue | undefined,
): KeyFinding | undefined {
  // Inside of longer base64 nothing begins; after a percent code it does.
  if (at > 0 && isTokenByte(bytes[at - 1] as number) && bytes[at - 3] !== 0x25) return undefined;
  const most = Math.min(bytes.length, at + LONGEST_JWT);
  let end = at;
  while (end < most && isTokenByte(bytes[end] as number)) end++;
  const value = jwtAtStart(text(bytes, at, end));
  if (value === undefined) return undefined;
  const detection = judgeJwt(value, file, nameBefore(at));
  return detection && { detection, start: at, length: value.length };
}

/** Base64 for URLs, and the dot that joins its parts. */
function isTokenByte(byte: number): boolean {
  return (
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x5f ||
    byte === 0x2d ||
    byte === 0x2e
  );
}

function text(bytes: Uint8Array, from: number, to: number): string {
  return charactersOf(bytes, Math.max(0, from), to);
}
