/**
 * Files in which a program keeps passwords under one of their own: known by their first bytes. KeePass 1 and 2,
 * the keyrings of GNOME, KDE and macOS, Password Safe.
 */
import { Sha256, toHex } from '../../archive/sha256.ts';

/** A store that only its own password opens. */
export interface PasswordStore {
  /** The program: `KeePass`. */
  kind: string;
  /** SHA-256 of the file, or of as much of it as was at hand: what tells it from others. */
  digest: string;
  facts: Record<string, string>;
}

interface Signature {
  kind: string;
  bytes: readonly number[];
}

const text = (letters: string): number[] => Array.from(letters, (letter) => letter.charCodeAt(0));
const KEEPASS = [0x03, 0xd9, 0xa2, 0x9a];
const SIGNATURES: readonly Signature[] = [
  { kind: 'KeePass 1', bytes: [...KEEPASS, 0x65, 0xfb, 0x4b, 0xb5] },
  { kind: 'KeePass 2', bytes: [...KEEPASS, 0x67, 0xfb, 0x4b, 0xb5] },
  { kind: 'GNOME keyring', bytes: text('GnomeKeyring\n\r\0\n') },
  { kind: 'KDE wallet', bytes: text('KWALLET\n\r\0\r\n') },
  { kind: 'macOS keychain', bytes: [...text('kych'), 0, 1, 0, 0] },
  { kind: 'Password Safe', bytes: text('PWS3') },
];
const SMALLEST = 124; // bytes: KeePass 1's header
const MOST_BYTES = 1 << 20;
/** KeePass's ciphers by the first bytes of their UUIDs. */
const CIPHERS: Record<string, string> = {
  '31c1f2e6': 'AES-256',
  ad68f29f: 'Twofish',
  d6038a2b: 'ChaCha20',
};
const CIPHER_FIELD = 2;
const MOST_FIELDS = 16;

/** Reads the head of a store that begins at the first byte of `bytes`. */
export function readPasswordStore(bytes: Uint8Array): PasswordStore | undefined {
  const signature = SIGNATURES.find((one) => one.bytes.every((byte, i) => bytes[i] === byte));
  if (!signature || bytes.length < SMALLEST) return undefined;
  const { kind } = signature;
  const digest = toHex(new Sha256().update(bytes.subarray(0, MOST_BYTES)).digest());
  return { kind, digest, facts: kind === 'KeePass 2' ? keepassFacts(bytes) : {} };
}

/** Version, then fields: a type, a length of two bytes (four from version 4 on), and data. */
function keepassFacts(bytes: Uint8Array): Record<string, string> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const major = view.getUint16(10, true);
  const facts: Record<string, string> = { version: `${major}.${view.getUint16(8, true)}` };
  const width = major >= 4 ? 4 : 2;
  let at = 12;
  for (let i = 0; i < MOST_FIELDS && at + 1 + width + 4 <= bytes.length; i++) {
    const type = bytes[at];
    const length = width === 4 ? view.getUint32(at + 1, true) : view.getUint16(at + 1, true);
    at += 1 + width;
    if (type === CIPHER_FIELD) {
      const cipher = CIPHERS[toHex(bytes.subarray(at, at + 4))];
      if (cipher !== undefined) facts['encryption'] = cipher;
      break;
    }
    at += length;
  }
  return facts;
}
