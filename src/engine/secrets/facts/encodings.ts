/** The encodings that readable parts of tokens are wrapped in: base64 of both alphabets, base32, JSON. */
import { charactersOf } from '../../archive/plain-text.ts';

const BASE64 = codes('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
BASE64['-'.charCodeAt(0)] = 62;
BASE64['_'.charCodeAt(0)] = 63;
const BASE32 = codes('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567');
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Base64 (RFC 4648) in either alphabet, with or without padding; undefined where the text is none. */
export function decodeBase64(text: string): Uint8Array | undefined {
  return decodeBits(text, BASE64, 6);
}

/** Base32 (RFC 4648), upper case, with or without padding. */
export function decodeBase32(text: string): Uint8Array | undefined {
  return decodeBits(text, BASE32, 5);
}

/** A JSON object in base64, or undefined. */
export function decodeJson(text: string): Record<string, unknown> | undefined {
  const bytes = decodeBase64(text);
  return bytes && parseObject(utf8(bytes));
}

/** A JSON object, or undefined for anything else. */
export function parseObject(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** UTF-8 text, or undefined where the bytes are none. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Base64 without padding, as fingerprints are written. */
export function encodeBase64(bytes: Uint8Array): string {
  return btoa(charactersOf(bytes)).replace(/=+$/, '');
}

function codes(alphabet: string): Int8Array {
  const table = new Int8Array(128).fill(-1);
  for (let i = 0; i < alphabet.length; i++) table[alphabet.charCodeAt(i)] = i;
  return table;
}

function decodeBits(text: string, table: Int8Array, width: 5 | 6): Uint8Array | undefined {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0x3d) end--;
  if (end === 0 || text.length - end > 6) return undefined;
  const bytes = new Uint8Array(Math.floor((end * width) / 8));
  if ((end * width) % 8 >= width) return undefined; // a last character that adds no byte
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < end; i++) {
    const code = table[text.charCodeAt(i)] ?? -1;
    if (code < 0) return undefined;
    bits = ((bits << width) | code) & 0xffff;
    held += width;
    if (held < 8) continue;
    held -= 8;
    bytes[at++] = (bits >>> held) & 0xff;
  }
  return bytes;
}
