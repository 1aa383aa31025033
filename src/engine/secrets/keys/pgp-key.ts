/** OpenPGP secret keys (RFC 4880, RFC 9580): whose they are, by which fingerprint, and whether a passphrase guards them. */
import { sha1 } from '../../archive/sha1.ts';
import { Sha256, toHex } from '../../archive/sha256.ts';
import { utf8 } from '../facts/encodings.ts';
import { joinBytes } from './der.ts';
import type { KeyContent } from './key-content.ts';

interface Packet {
  tag: number;
  body: Uint8Array;
}

const TAG = { secretKey: 5, secretSubkey: 7, userId: 13 } as const;
const MOST_PACKETS = 200;
const GNU_DUMMY = 101; // a protection mode by which GnuPG says that the secret is kept elsewhere
const ALGORITHMS: Record<number, string> = {
  1: 'RSA',
  2: 'RSA',
  3: 'RSA',
  16: 'ElGamal',
  17: 'DSA',
  18: 'ECDH',
  19: 'ECDSA',
  22: 'EdDSA',
  25: 'X25519',
  26: 'X448',
  27: 'Ed25519',
  28: 'Ed448',
};
const CIPHERS: Record<number, string> = {
  1: 'IDEA',
  2: 'DES-EDE3',
  3: 'CAST5',
  4: 'Blowfish',
  7: 'AES-128',
  8: 'AES-192',
  9: 'AES-256',
  10: 'Twofish',
  11: 'Camellia-128',
  12: 'Camellia-192',
  13: 'Camellia-256',
};
const HASHES: Record<number, string> = {
  1: 'MD5',
  2: 'SHA-1',
  3: 'RIPEMD-160',
  8: 'SHA-256',
  9: 'SHA-384',
  10: 'SHA-512',
  11: 'SHA-224',
};
/** Numbers in the public part of each algorithm, where it is made of numbers only. */
const NUMBERS: Record<number, number> = { 1: 2, 2: 2, 3: 2, 16: 3, 17: 4 };
const FIXED_BYTES: Record<number, number> = { 25: 32, 26: 56, 27: 32, 28: 57 };

/** Reads the packets of a key block whose armour has been taken off. */
export function readPgpKey(bytes: Uint8Array): KeyContent | undefined {
  const packets = readPackets(bytes);
  const first = packets.find(({ tag }) => tag === TAG.secretKey || tag === TAG.secretSubkey);
  const primary = first && readSecret(first.body);
  if (!primary) return undefined;
  const secrets = packets
    .filter(({ tag }) => tag === TAG.secretKey || tag === TAG.secretSubkey)
    .map(({ body }) => readSecret(body))
    .filter((one) => one !== undefined && one.protection !== 'elsewhere');
  if (secrets.length === 0) return undefined; // nothing secret is in it
  const facts: Record<string, string> = { algorithm: primary.algorithm };
  if (primary.fingerprint) {
    facts['fingerprint'] = primary.fingerprint;
    const id =
      primary.version === 4 ? primary.fingerprint.slice(-16) : primary.fingerprint.slice(0, 16);
    facts['key ID'] = id;
  }
  const user = packets.find(({ tag }) => tag === TAG.userId);
  const name = user && utf8(user.body.subarray(0, 200));
  if (name) facts['user'] = name.replace(/[\u0000-\u001f]/g, ' ');
  const created = new Date(primary.created * 1000).toISOString();
  facts['created'] = created.replace(/\.\d+Z$/, 'Z');
  const guarded = secrets.find((one) => one?.protection === 'passphrase');
  const why =
    primary.protection === 'elsewhere'
      ? ['holds subkeys only: the primary key is kept elsewhere']
      : [];
  return {
    kind: 'PGP',
    encrypted: secrets.every((one) => one?.protection === 'passphrase'),
    facts: { ...facts, ...guarded?.encryption },
    why,
  };
}

interface SecretPart {
  version: number;
  algorithm: string;
  created: number;
  fingerprint: string;
  protection: 'none' | 'passphrase' | 'elsewhere';
  /** As facts, where a passphrase guards it. */
  encryption: Record<string, string>;
}

/** A secret key packet: the public part, then the octet that says how the rest is protected. */
function readSecret(body: Uint8Array): SecretPart | undefined {
  const version = body[0] ?? 0;
  if (body.length < 12 || version < 3 || version > 6) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const created = view.getUint32(1);
  let at = version === 3 ? 7 : 5; // version 3 has days of validity
  const number = body[at++] as number;
  if (version >= 5) at += 4; // the length of what follows
  const end = publicEnd(body, at, number);
  if (end === undefined || end >= body.length) return undefined;
  const name = ALGORITHMS[number] ?? `algorithm ${number}`;
  const bits = number in NUMBERS ? `, ${view.getUint16(at)} bits` : '';
  const usage = body[end] as number;
  const offset = usage >= 253 ? end + (version >= 5 ? 3 : 2) : end;
  const protection = usage === 0 ? 'none' : body[offset] === GNU_DUMMY ? 'elsewhere' : 'passphrase';
  return {
    version,
    algorithm: name + bits,
    created,
    fingerprint: fingerprintOf(version, body.subarray(0, end)),
    protection,
    encryption: protection === 'passphrase' && version <= 4 ? encryptionOf(body, end) : {},
  };
}

/** The cipher, and how the passphrase becomes its key (RFC 4880, section 3.7); `at` is where that is told. */
function encryptionOf(body: Uint8Array, at: number): Record<string, string> {
  const [usage = 0, cipher = 0, kind, hash = 0] = body.subarray(at, at + 4);
  if (usage < 253)
    return { encryption: CIPHERS[usage] ?? 'unknown', 'key derivation': 'MD5, once' };
  const encryption = CIPHERS[cipher] ?? 'unknown';
  // Behind a salt of 8 bytes stands how much is hashed, in one byte.
  const count = body[at + 12] ?? 0;
  const bytes = (16 + (count & 15)) * 2 ** ((count >> 4) + 6);
  return { encryption, 'key derivation': derivationOf(kind, HASHES[hash] ?? 'unknown', bytes) };
}

function derivationOf(kind: number | undefined, hash: string, bytes: number): string {
  switch (kind) {
    case 0:
      return `${hash}, once`;
    case 1:
      return `salted ${hash}, once`;
    case 3:
      return `salted ${hash} of ${bytes} bytes`;
    case 4:
      return 'Argon2id';
    default:
      return 'unknown';
  }
}

function publicEnd(body: Uint8Array, start: number, algorithm: number): number | undefined {
  let at = start;
  const number = (): void => {
    const bits = ((body[at] ?? 0) << 8) | (body[at + 1] ?? 0);
    at += 2 + Math.ceil(bits / 8);
  };
  const counted = (): void => {
    at += 1 + (body[at] ?? 0);
  };
  const fixed = FIXED_BYTES[algorithm];
  if (fixed !== undefined) at += fixed;
  else if (algorithm === 18 || algorithm === 19 || algorithm === 22) {
    counted(); // the curve
    number(); // the point
    if (algorithm === 18) counted(); // how the shared secret is hashed
  } else {
    const count = NUMBERS[algorithm];
    if (count === undefined) return undefined;
    for (let i = 0; i < count; i++) number();
  }
  return at <= body.length ? at : undefined;
}

/** Upper-case hex, as GnuPG prints it: SHA-1 in version 4, SHA-256 after it, and none before. */
function fingerprintOf(version: number, part: Uint8Array): string {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, part.length);
  if (version === 4)
    return toHex(sha1(joinBytes(Uint8Array.of(0x99), length.subarray(2), part))).toUpperCase();
  if (version < 4) return '';
  const mark = Uint8Array.of(version === 5 ? 0x9a : 0x9b);
  return toHex(new Sha256().update(joinBytes(mark, length, part)).digest()).toUpperCase();
}

/** Packets with old headers and new ones; lengths in parts end the reading, since no key is written so. */
function readPackets(bytes: Uint8Array): Packet[] {
  const packets: Packet[] = [];
  let at = 0;
  while (at < bytes.length && packets.length < MOST_PACKETS) {
    const head = bytes[at++] as number;
    if ((head & 0x80) === 0) return packets;
    let tag = head & 0x3f;
    let size: number;
    if ((head & 0x40) !== 0) {
      const first = bytes[at++] ?? 0;
      if (first < 192) size = first;
      else if (first < 224) size = ((first - 192) << 8) + (bytes[at++] ?? 0) + 192;
      else if (first === 255) {
        size = bigEndian(bytes, at, 4);
        at += 4;
      } else return packets;
    } else {
      tag = (head >> 2) & 0x0f;
      const count = [1, 2, 4][head & 3];
      if (count === undefined) return packets;
      size = bigEndian(bytes, at, count);
      at += count;
    }
    if (at + size > bytes.length) return packets;
    packets.push({ tag, body: bytes.subarray(at, at + size) });
    at += size;
  }
  return packets;
}

function bigEndian(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = 0; i < count; i++) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}
