/** Private keys in text: PEM and armour of every kind. A marker without a body that decodes is not a key. */
import { decodeBase64 } from './facts/encodings.ts';
import { openEncryptedPkcs8, readAsn1Key, readEncryptedPkcs8 } from './keys/asn1-key.ts';
import type { KeyContent } from './keys/key-content.ts';
import { weakness } from './keys/password-encryption.ts';
import { readPgpKey } from './keys/pgp-key.ts';
import { readOpenSsh, readSsh2 } from './keys/ssh-key.ts';

/** A private key found in text. */
export interface PrivateKey extends KeyContent {
  /** The whole block, markers included, as it stands in the text. */
  block: string;
  start: number;
}

/** What opens a block of ssh.com's, without the dashes before it: a run of those is in every text. */
export const SSH2_MARKER = 'BEGIN SSH2 ENCRYPTED PRIVATE KEY';
/** Four dashes and a space. */
export const SSH2_DASHES = 5;

const HEAD =
  /(-{4,5} ?)BEGIN ((?:RSA|EC|DSA|OPENSSH|ENCRYPTED|PGP|SSH2 ENCRYPTED|ANY) )?PRIVATE KEY(?: BLOCK)? ?-{4,5}/y;
const TAIL = /-{4,5} ?END ([A-Z0-9 ]{0,16})PRIVATE KEY(?: BLOCK)? ?-{4,5}/y;
const LONGEST_BODY = 16_000; // characters
const OPENVPN =
  /-----BEGIN OpenVPN Static key V1-----\s{1,8}((?:[0-9a-f]{32}\s{1,8}){16})-----END OpenVPN Static key V1-----/y;
const MIN_KEY_BYTES = 40; // an Ed25519 key in PKCS #8 has 48
const ENCRYPTED_LEGACY: Record<string, string> = { RSA: 'RSA', EC: 'EC', DSA: 'DSA' };

/** Reads the block whose marker stands at `at`; undefined where it is no whole private key. */
export function privateKeyAt(text: string, at: number): PrivateKey | undefined {
  HEAD.lastIndex = at;
  const head = HEAD.exec(text);
  if (!head) return staticKeyAt(text, at);
  const [, dashes = '', marker = ''] = head;
  const start = HEAD.lastIndex;
  const end = text.indexOf(`${dashes}END `, start);
  if (end < 0 || end - start > LONGEST_BODY) return undefined;
  TAIL.lastIndex = end;
  if (TAIL.exec(text)?.[1] !== marker) return undefined;
  const { headers, base64 } = unwrap(text.slice(start, end));
  const bytes = decodeBase64(base64);
  if (!bytes || bytes.length < MIN_KEY_BYTES) return undefined;
  const content = readBody(marker.trim(), headers, bytes);
  return content && { ...content, block: text.slice(at, TAIL.lastIndex), start: at };
}

/** What an encrypted PKCS #8 key opens to under a password; `text` is its block, or its bytes in base64. */
export function openPrivateKey(text: string, password: string): KeyContent | undefined {
  const inside = /^-{5}BEGIN ENCRYPTED PRIVATE KEY-{5}(.*?)-{5}END /s.exec(text)?.[1] ?? text;
  const bytes = inside.includes('-----') ? undefined : decodeBase64(unwrap(inside).base64);
  return bytes && openEncryptedPkcs8(bytes, password);
}

/** Whether the text is the beginning of a block that may hold a private key: cheap, before any more is read. */
export function opensPrivateKey(text: string): boolean {
  return /^-{4,5} ?BEGIN [A-Z0-9 ]{0,16}PRIVATE KEY|^-----BEGIN OpenVPN Static/.test(text);
}

/** Headers and base64 of a block. In JSON and in source code the line ends are written out. */
function unwrap(inside: string): { headers: string; base64: string } {
  const body = inside
    .replace(/\\+[nr]|&#(?:10|13|x0?[ad]);/gi, '\n')
    .replace(/["']\s*\+\s*["']/g, '')
    .replace(/["',]/g, ' ');
  const headers: string[] = [];
  const base64: string[] = [];
  let continued = false;
  for (const line of body.split('\n').map((one) => one.trim())) {
    const isHeader: boolean = continued || /^[\w-]+: /.test(line);
    if (isHeader) headers.push(line);
    // A line that begins with an equals sign is the armour's checksum.
    else if (!line.startsWith('=') || base64.length === 0) base64.push(line.replace(/\\+$/, ''));
    continued = isHeader && line.endsWith('\\');
  }
  return { headers: headers.join('\n'), base64: base64.join('').replace(/\s/g, '') };
}

function readBody(label: string, headers: string, bytes: Uint8Array): KeyContent | undefined {
  switch (label) {
    case 'PGP':
      return readPgpKey(bytes);
    case 'OPENSSH':
      return readOpenSsh(bytes);
    case 'SSH2 ENCRYPTED':
      return readSsh2(bytes);
    case 'ENCRYPTED':
      return readEncryptedPkcs8(bytes);
  }
  const legacy = ENCRYPTED_LEGACY[label];
  if (headers.includes('ENCRYPTED') && legacy !== undefined) {
    // What OpenSSL encrypts itself leaves no structure, but whole blocks of its cipher.
    const cipher = /^DEK-Info: ([\w-]{3,32})/m.exec(headers)?.[1];
    if (bytes.length % 8 !== 0) return undefined;
    const facts = { ...(cipher && { encryption: cipher }), 'key derivation': 'MD5, 1 iteration' };
    const why = ['its passphrase is guessed quickly: one MD5 makes the key of it'];
    return { kind: legacy, encrypted: true, facts, why: [...why, ...weakness(cipher ?? '')] };
  }
  return readAsn1Key(bytes);
}

/** OpenVPN's static key: 2048 shared bits in hex. */
function staticKeyAt(text: string, at: number): PrivateKey | undefined {
  OPENVPN.lastIndex = at;
  const match = OPENVPN.exec(text);
  if (!match || new Set(match[1]?.split(/\s+/)).size < 8) return undefined;
  const facts = { algorithm: 'shared key, 2048 bits' };
  return { kind: 'OpenVPN', encrypted: false, facts, why: [], block: match[0], start: at };
}
