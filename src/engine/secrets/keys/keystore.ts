/** Keystores that are whole binary files: Java's JKS and JCEKS, Bouncy Castle's BKS, and PKCS #12 (RFC 7292). Those of certificates only are none. */
import { sha1 } from '../../archive/sha1.ts';
import { Sha256, toHex } from '../../archive/sha256.ts';
import { utf8 } from '../facts/encodings.ts';
import { openEncryptedPkcs8, readAsn1Key, readEncryptedPkcs8 } from './asn1-key.ts';
import { readBouncyCastle } from './bouncy-castle.ts';
import { certifiedKey } from './certificate.ts';
import { COMMON_PASSWORDS } from './common-passwords.ts';
import { joinBytes, readDer } from './der.ts';
import { publicFacts } from './key-content.ts';
import { pkcs12Password } from './pkcs12-mac.ts';

/** A keystore with private keys in it. */
export interface Keystore {
  /** `JKS`, `JCEKS`, `BKS`, `PKCS #12`. */
  kind: string;
  /** SHA-256 of the file, or of as much of it as was at hand: what tells it from others. */
  digest: string;
  facts: Record<string, string>;
  why: string[];
  /** Set where a password that everybody knows opens it. */
  password?: string;
}

const JKS = 0xfeedfeed;
const JCEKS = 0xcececece;
const MOST_BYTES = 1 << 20;
const MOST_ENTRIES = 200;

/** Reads a keystore that starts at the first byte of `bytes`, which may be only the file's first part. */
export function readKeystore(bytes: Uint8Array): Keystore | undefined {
  if (bytes.length < 32) return undefined;
  const part = bytes.subarray(0, MOST_BYTES);
  const magic = new DataView(part.buffer, part.byteOffset).getUint32(0);
  if (magic === JKS || magic === JCEKS) return readJava(part, magic === JKS ? 'JKS' : 'JCEKS');
  if (magic === 1 || magic === 2) {
    const store = readBouncyCastle(part, magic);
    return store && { kind: 'BKS', digest: digestOf(part), ...store };
  }
  return part[0] === 0x30 ? readPkcs12(part) : undefined;
}

function digestOf(bytes: Uint8Array): string {
  return toHex(new Sha256().update(bytes).digest());
}

/** Magic, version, and entries: a tag, an alias, a date, and what the tag says. A keyed SHA-1 ends it. */
function readJava(bytes: Uint8Array, kind: string): Keystore | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 12;
  const room = (count: number): boolean => at + count <= bytes.length;
  const skip = (width: 2 | 4): boolean => {
    if (!room(width)) return false;
    at += width + (width === 2 ? view.getUint16(at) : view.getUint32(at));
    return at <= bytes.length;
  };
  const aliases: string[] = [];
  let certificate: Uint8Array | undefined; // of the first key
  const count = Math.min(view.getUint32(8), MOST_ENTRIES);
  for (let i = 0; i < count && room(6); i++) {
    const tag = view.getUint32(at);
    at += 4;
    const start = at + 2;
    if (!skip(2) || !room(8)) break;
    const alias = utf8(bytes.subarray(start, at)) ?? '';
    at += 8;
    if (tag === 1 || tag === 3) aliases.push(alias.slice(0, 80));
    // A certificate is its type and its bytes; a key is followed by its chain of them.
    if (tag === 3) break; // a serialised Java object: its end is not to be seen
    if (tag === 1) {
      if (!skip(4) || !room(4)) break;
      const chain = view.getUint32(at);
      at += 4;
      if (chain > 20) break;
      for (let j = 0; j < chain; j++) {
        if (!skip(2)) break;
        const from = at + 4;
        if (!skip(4)) break;
        certificate ??= bytes.subarray(from, at);
      }
    } else if (tag !== 2 || !skip(2) || !skip(4)) break;
  }
  if (aliases.length === 0) return undefined;
  const key = certificate && certifiedKey(certificate);
  const store: Keystore = {
    kind,
    digest: digestOf(bytes),
    facts: { ...(key && publicFacts(key)), entries: aliases.slice(0, 8).join(', ') },
    why: [
      `holds ${aliases.length === 1 ? 'a private key' : `${aliases.length} private keys`} under a password`,
    ],
  };
  const password = at + 20 === bytes.length ? javaPassword(bytes) : undefined;
  return password === undefined ? store : { ...store, password };
}

/** The store's password, where it is a common one: its SHA-1 covers the password, a fixed text and the file. */
function javaPassword(bytes: Uint8Array): string | undefined {
  const body = bytes.subarray(0, -20);
  const sum = toHex(bytes.subarray(-20));
  const salt = new TextEncoder().encode('Mighty Aphrodite');
  return COMMON_PASSWORDS.find((password) => {
    const wide = Uint8Array.from(
      Array.from(password).flatMap((letter) => [0, letter.charCodeAt(0)]),
    );
    return toHex(sha1(joinBytes(wide, salt, body))) === sum;
  });
}

// 1.2.840.113549.1.12.10.1.1 and .2: a key's bag in PKCS #12, and one that a password guards.
const BAG = [0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01];
const FRIENDLY_NAME = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x14];

/** A sequence whose first member is the version 3, and in which the bag of a key stands unencrypted. */
function readPkcs12(bytes: Uint8Array): Keystore | undefined {
  const length = bytes[1] as number;
  const head = length < 0x80 ? 2 : length === 0x80 ? 2 : 2 + (length & 0x7f);
  const isVersion3 = bytes[head] === 0x02 && bytes[head + 1] === 1 && bytes[head + 2] === 3;
  if (head > 6 || !isVersion3) return undefined;
  let bag = indexOf(bytes, BAG, 0);
  while (bag >= 0 && !isKeyBag(bytes, bag)) bag = indexOf(bytes, BAG, bag + 1);
  if (bag < 0) return undefined;
  const open = bytes[bag + BAG.length] === 1;
  const facts: Record<string, string> = {};
  const name = friendlyName(bytes, bag);
  if (name) facts['entries'] = name;
  const why = [`holds a private key ${open ? 'without' : 'under'} a password`];
  const store: Keystore = { kind: 'PKCS #12', digest: digestOf(bytes), facts, why };
  const inner = readDer(bytes.subarray(bag + BAG.length + 1))?.bytes ?? new Uint8Array();
  if (open) return { ...store, facts: { ...readAsn1Key(inner)?.facts, ...facts } };
  const password = pkcs12Password(bytes, COMMON_PASSWORDS);
  if (password === undefined)
    return { ...store, facts: { ...readEncryptedPkcs8(inner)?.facts, ...facts } };
  const key = openEncryptedPkcs8(inner, password);
  return { ...store, facts: { ...key?.facts, ...facts }, password };
}

function isKeyBag(bytes: Uint8Array, at: number): boolean {
  const type = bytes[at + BAG.length];
  return type === 1 || type === 2;
}

/** The name beside a key: an identifier, and a set of one text of two bytes a character. */
function friendlyName(bytes: Uint8Array, from: number): string | undefined {
  const at = indexOf(bytes, FRIENDLY_NAME, from);
  const set = at < 0 ? undefined : readDer(bytes.subarray(at + FRIENDLY_NAME.length));
  const text = set && readDer(set.bytes);
  if (text?.tag !== 0x1e || text.bytes.length > 160) return undefined;
  let name = '';
  for (let i = 0; i + 1 < text.bytes.length; i += 2)
    name += String.fromCharCode(((text.bytes[i] as number) << 8) | (text.bytes[i + 1] as number));
  return name.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, ' ');
}

function indexOf(bytes: Uint8Array, group: readonly number[], from: number): number {
  for (let at = bytes.indexOf(0x06, from); at >= 0; at = bytes.indexOf(0x06, at + 1))
    if (group.every((byte, i) => bytes[at + i] === byte)) return at;
  return -1;
}
