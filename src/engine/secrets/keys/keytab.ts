/** Kerberos keytabs, version 2 (MIT's `keytab_file_format`): principals and their keys, in clear. */
import { Sha256, toHex } from '../../archive/sha256.ts';
import { utf8 } from '../facts/encodings.ts';

/** A keytab that was read from its first byte to its last. */
export interface Keytab {
  /** SHA-256 of the file: what tells it from others. */
  digest: string;
  /** As `name/host@REALM`, each once. */
  principals: string[];
  /** Names of the ciphers that the keys are for. */
  ciphers: string[];
}

const MAGIC = 0x0502;
const LARGEST = 1 << 20; // bytes
const MOST_ENTRIES = 2000;
/** Numbers of encryption types (RFC 3961 and those registered after it), and their keys' sizes in bytes. */
const CIPHERS: Record<number, { name: string; size: number }> = {
  1: { name: 'des-cbc-crc', size: 8 },
  3: { name: 'des-cbc-md5', size: 8 },
  16: { name: 'des3-cbc-sha1', size: 24 },
  17: { name: 'aes128-cts-hmac-sha1-96', size: 16 },
  18: { name: 'aes256-cts-hmac-sha1-96', size: 32 },
  19: { name: 'aes128-cts-hmac-sha256-128', size: 16 },
  20: { name: 'aes256-cts-hmac-sha384-192', size: 32 },
  23: { name: 'arcfour-hmac', size: 16 },
  25: { name: 'camellia128-cts-cmac', size: 16 },
  26: { name: 'camellia256-cts-cmac', size: 32 },
};

/** Reads a keytab; undefined where the bytes are none, or any entry of it does not fit. */
export function readKeytab(bytes: Uint8Array): Keytab | undefined {
  if (bytes.length < 24 || bytes.length > LARGEST) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint16(0) !== MAGIC) return undefined;
  const principals = new Set<string>();
  const ciphers = new Set<string>();
  let at = 2;
  for (let entries = 0; at + 4 <= bytes.length && entries < MOST_ENTRIES; entries++) {
    const size = view.getInt32(at);
    const start = at + 4;
    at = start + Math.abs(size); // a negative size is a hole that an entry has left
    if (size === 0) break;
    if (at > bytes.length) return undefined;
    if (size < 0) continue;
    const entry = readEntry(bytes.subarray(start, at));
    if (!entry) return undefined;
    principals.add(entry.principal);
    ciphers.add(entry.cipher);
  }
  if (principals.size === 0) return undefined;
  const digest = toHex(new Sha256().update(bytes).digest());
  return { digest, principals: [...principals], ciphers: [...ciphers] };
}

/** Count of components, realm, components, kind of name, time, version, key; each text behind its length. */
function readEntry(bytes: Uint8Array): { principal: string; cipher: string } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 2;
  const text = (): string | undefined => {
    if (at + 2 > bytes.length) return undefined;
    const end = at + 2 + view.getUint16(at);
    const part = end <= bytes.length ? utf8(bytes.subarray(at + 2, end)) : undefined;
    at = end;
    return part !== undefined && /^[^\0-\x1f\x7f]*$/.test(part) ? part : undefined;
  };
  const count = bytes.length >= 2 ? view.getUint16(0) : 0;
  const parts = count >= 1 && count <= 8 ? Array.from({ length: count + 1 }, text) : [];
  const [realm, ...names] = parts;
  at += 9; // the kind of name, a time, and a version of one byte
  if (!realm || names.includes(undefined) || at + 4 > bytes.length) return undefined;
  const cipher = CIPHERS[view.getUint16(at)];
  const size = view.getUint16(at + 2);
  if (!cipher || cipher.size !== size || at + 4 + size > bytes.length) return undefined;
  return { principal: `${names.join('/')}@${realm}`, cipher: cipher.name };
}
