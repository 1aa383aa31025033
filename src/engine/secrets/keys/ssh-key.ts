/** Private keys of SSH programs: OpenSSH's own format, PuTTY's, and that of ssh.com. */
import { charactersOf } from '../../archive/plain-text.ts';
import { decodeBase64, utf8 } from '../facts/encodings.ts';
import type { KeyContent } from './key-content.ts';
import { bitLength, fingerprintOf } from './public-key.ts';

const OPENSSH_MAGIC = 'openssh-key-v1\0';
const SSH2_MAGIC = 0x3f6ff9eb;
const CURVES: Record<string, string> = { nistp256: 'P-256', nistp384: 'P-384', nistp521: 'P-521' };
const PUTTY =
  /PuTTY-User-Key-File-([123]): ([\w@.-]{1,64})\r?\nEncryption: ([\w-]{1,32})\r?\n(?:Comment: ([^\r\n]{0,256})\r?\n)?Public-Lines: (\d{1,3})\r?\n/y;

/** OpenSSH's format (PROTOCOL.key): cipher, key derivation, and the public key in clear even where the rest is encrypted. */
export function readOpenSsh(bytes: Uint8Array): KeyContent | undefined {
  if (charactersOf(bytes.subarray(0, OPENSSH_MAGIC.length)) !== OPENSSH_MAGIC) return undefined;
  const fields = new Fields(bytes, OPENSSH_MAGIC.length);
  const cipher = fields.text();
  const derivation = fields.text();
  const options = fields.next();
  const count = fields.uint32();
  const wire = fields.next();
  const secret = fields.next();
  if (!wire || !secret || count !== 1 || secret.length < 24) return undefined;
  const encrypted = cipher !== 'none';
  const facts: Record<string, string> = { ...wireFacts(wire) };
  if (encrypted && cipher) facts['encryption'] = cipher;
  if (encrypted && derivation === 'bcrypt' && options) {
    const rounds = new Fields(options, 0);
    rounds.next(); // the salt
    facts['key derivation'] = `bcrypt, ${rounds.uint32() ?? 'unknown'} rounds`;
  }
  const comment = encrypted ? undefined : commentOf(secret);
  if (comment) facts['comment'] = comment;
  return { kind: 'OpenSSH', encrypted, facts, why: [] };
}

/** The comment stands last, after as many fields as the type has, and before padding of 1, 2, 3 … */
function commentOf(secret: Uint8Array): string | undefined {
  const fields = new Fields(secret, 8); // after the two check numbers, which are equal
  const type = fields.text() ?? '';
  const count =
    type === 'ssh-rsa'
      ? 6
      : type === 'ssh-dss'
        ? 5
        : type.startsWith('ecdsa-')
          ? 3
          : type === 'ssh-ed25519'
            ? 2
            : 0;
  if (count === 0) return undefined; // security keys hold other fields
  for (let i = 0; i < count; i++) fields.next();
  return fields.text();
}

/** ssh.com's format: a number, the length, the key's kind in words, the cipher. */
export function readSsh2(bytes: Uint8Array): KeyContent | undefined {
  if (bytes.length < 40 || new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) !== SSH2_MAGIC)
    return undefined;
  const fields = new Fields(bytes, 8);
  const type = fields.text();
  const cipher = fields.text();
  if (type === undefined || cipher === undefined) return undefined;
  const encrypted = cipher !== 'none';
  const algorithm = /rsa/.test(type) ? 'RSA' : /dsa|dl-modp/.test(type) ? 'DSA' : type.slice(0, 64);
  return {
    kind: 'SSH2',
    encrypted,
    facts: { algorithm, ...(encrypted && { encryption: cipher }) },
    why: [],
  };
}

/** PuTTY's format at `at`: lines of text, the public key in clear. Undefined where a part is missing. */
export function readPutty(text: string, at: number): (KeyContent & { block: string }) | undefined {
  PUTTY.lastIndex = at;
  const head = PUTTY.exec(text);
  if (!head) return undefined;
  const [, , , cipher = '', comment = '', publicLines = ''] = head;
  let next = PUTTY.lastIndex;
  const lines = (count: number): string | undefined => {
    const start = next;
    for (let i = 0; i < count; i++) {
      const end = text.indexOf('\n', next);
      if (end < 0 || end - next > 80) return undefined;
      next = end + 1;
    }
    return text.slice(start, next).replace(/\s/g, '');
  };
  const wire = decodeBase64(lines(Number(publicLines)) ?? '');
  const rest =
    /(?:Key-Derivation: ([^\n]{1,32})\n((?:Argon2-[\w-]{1,16}: [^\n]{1,80}\n){0,4}))?Private-Lines: (\d{1,3})\r?\n/y;
  rest.lastIndex = next;
  const middle = rest.exec(text);
  if (!wire || !middle) return undefined;
  next = rest.lastIndex;
  const [, derivation, parameters = '', privateLines] = middle;
  const secret = decodeBase64(lines(Number(privateLines)) ?? '');
  const mac = /Private-(?:MAC|Hash): [0-9a-f]{40,64}/y;
  mac.lastIndex = next;
  if (!secret || !mac.test(text)) return undefined;
  const encrypted = cipher !== 'none';
  const facts = {
    ...wireFacts(wire),
    ...(comment && { comment }),
    ...(encrypted && { encryption: cipher, 'key derivation': argon2(derivation, parameters) }),
  };
  return { kind: 'PuTTY', encrypted, facts, why: [], block: text.slice(at, mac.lastIndex) };
}

/** How PuTTY makes a key of the passphrase: up to its version 2 of files it is hashed once. */
function argon2(kind: string | undefined, parameters: string): string {
  if (kind === undefined) return 'SHA-1, 1 iteration';
  const told = ['Memory', 'Passes', 'Parallelism'].map((name) => {
    const value = new RegExp(`^Argon2-${name}: (\\d{1,10})`, 'm').exec(parameters)?.[1];
    return `${name.toLowerCase()} ${value ?? 'unknown'}${name === 'Memory' ? ' KiB' : ''}`;
  });
  return [kind.trim(), ...told].join(', ');
}

/** What a public key in SSH's wire format (RFC 4253, 5656, 8709) says of itself. */
function wireFacts(wire: Uint8Array): Record<string, string> {
  const fields = new Fields(wire, 0);
  const type = fields.text() ?? '';
  let algorithm = type;
  if (type === 'ssh-rsa') {
    fields.next();
    algorithm = `RSA, ${bitLength(fields.next() ?? new Uint8Array())} bits`;
  } else if (type === 'ssh-dss')
    algorithm = `DSA, ${bitLength(fields.next() ?? new Uint8Array())} bits`;
  else if (type.startsWith('ecdsa-sha2-'))
    algorithm = `EC, ${CURVES[type.slice(11)] ?? type.slice(11)}`;
  else if (type === 'ssh-ed25519') algorithm = 'Ed25519';
  else if (type === 'ssh-ed448') algorithm = 'Ed448';
  else if (/^sk-/.test(type))
    algorithm = `${type.includes('ed25519') ? 'Ed25519' : 'EC'}, on a security key`;
  return { algorithm: algorithm.slice(0, 80), fingerprint: fingerprintOf(wire) };
}

/** Fields of four bytes' length and data, one after the other; undefined once one does not fit. */
class Fields {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#at = at;
  }

  uint32(): number | undefined {
    if (this.#at + 4 > this.#bytes.length) return undefined;
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4);
  }

  next(): Uint8Array | undefined {
    const length = this.uint32();
    if (length === undefined || this.#at + length > this.#bytes.length) {
      this.#at = this.#bytes.length;
      return undefined;
    }
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  text(): string | undefined {
    const bytes = this.next();
    return bytes && utf8(bytes.subarray(0, 256));
  }
}
