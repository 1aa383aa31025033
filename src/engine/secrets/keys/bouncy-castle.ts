/**
 * Bouncy Castle's keystore (BKS, versions 1 and 2; `BcKeyStoreSpi`): a salt, a count of iterations, entries,
 * and a code over them that the store's password makes.
 */
import { utf8 } from '../facts/encodings.ts';
import { certifiedKey } from './certificate.ts';
import { COMMON_PASSWORDS } from './common-passwords.ts';
import { publicFacts } from './key-content.ts';
import { sealedBy } from './pkcs12-mac.ts';

/** What a store with keys says of itself. */
interface Contents {
  facts: Record<string, string>;
  why: string[];
  /** Set where a password that everybody knows seals it. */
  password?: string;
}

const CERTIFICATE = 1;
const KEY = 2;
const SECRET = 3;
const SEALED = 4;
const MAC_BYTES = 20;
/** The first version took bits for bytes. */
const KEY_BYTES = { 1: 2, 2: 20 } as const;
const MOST_ENTRIES = 200;
const MOST_NAMED = 8;

/** Reads a store of a version; undefined where the bytes are none, or it holds certificates only. */
export function readBouncyCastle(bytes: Uint8Array, version: 1 | 2): Contents | undefined {
  const reader = new Reader(bytes, 4);
  const salt = reader.sized(4);
  const iterations = reader.number(4);
  if (!salt || salt.length > 64 || salt.length < 8 || iterations === undefined) return undefined;
  const start = reader.at;
  const keys: string[] = [];
  let certificate: Uint8Array | undefined; // of the first key
  for (let i = 0; i < MOST_ENTRIES; i++) {
    const type = reader.number(1);
    if (type === 0) break;
    const entry = type === undefined ? undefined : readEntry(reader, type);
    if (!entry) return undefined;
    if (type === CERTIFICATE) continue;
    keys.push(entry.name.slice(0, 80));
    certificate ??= entry.certificate;
  }
  if (keys.length === 0) return undefined;
  const key = certificate && certifiedKey(certificate);
  const contents: Contents = {
    facts: { ...(key && publicFacts(key)), entries: keys.slice(0, MOST_NAMED).join(', ') },
    why: [`holds ${keys.length === 1 ? 'a key' : `${keys.length} keys`} under a password`],
  };
  const { at } = reader;
  if (at + MAC_BYTES !== bytes.length) return contents;
  const from = { salt, iterations, keyBytes: KEY_BYTES[version] };
  const sum = bytes.subarray(at);
  const password = sealedBy(bytes.subarray(start, at), sum, from, COMMON_PASSWORDS);
  return password === undefined ? contents : { ...contents, password };
}

/** A name, a date, a chain of certificates, of which the first is the key's own, and what the type says. */
function readEntry(
  reader: Reader,
  type: number,
): { name: string; certificate: Uint8Array | undefined } | undefined {
  const name = reader.sized(2);
  reader.skip(8);
  const chain = reader.number(4);
  if (!name || chain === undefined || chain > 20) return undefined;
  const certificate = (): Uint8Array | undefined => reader.sized(2) && reader.sized(4);
  let own: Uint8Array | undefined;
  for (let i = 0; i < chain; i++) {
    const next = certificate();
    if (!next) return undefined;
    own ??= next;
  }
  let whole = false;
  if (type === CERTIFICATE) whole = !!certificate();
  else if (type === SECRET || type === SEALED) whole = !!reader.sized(4);
  else if (type === KEY) {
    reader.skip(1); // private, public or shared
    whole = !!reader.sized(2) && !!reader.sized(2) && !!reader.sized(4); // format, algorithm, key
  }
  return whole ? { name: utf8(name) ?? '', certificate: own } : undefined;
}

/** Big-endian numbers, and bytes behind their count; undefined once something does not fit. */
class Reader {
  at: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  skip(count: number): void {
    this.at += count;
  }

  number(width: 1 | 2 | 4): number | undefined {
    if (this.at + width > this.#bytes.length) return undefined;
    let value = 0;
    for (let i = 0; i < width; i++) value = value * 256 + (this.#bytes[this.at++] as number);
    return value;
  }

  sized(width: 2 | 4): Uint8Array | undefined {
    const length = this.number(width);
    if (length === undefined || this.at + length > this.#bytes.length) return undefined;
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }
}
