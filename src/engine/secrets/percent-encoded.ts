/** Text in percent-encoding: addresses inside others, fields of forms, values written so as a whole. RFC 3986, section 2.1. */
import { charactersOf } from '../archive/plain-text.ts';
import type { Decoded } from './encoded-text.ts';
import { isTokenByte } from './escaped-text.ts';
import type { Trigger } from './prefilter.ts';

/** Bytes of a stretch to either side of where it is met; what is longer is read in portions that overlap. */
const LONGEST = 2048;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
/** The middle of an address, names of parameters with their sign, a field of JSON and what follows it. */
const ENCODED = [
  ...['%3a%2f%2f', 'word%3d', 'pass%3d', 'pwd%3d', 'secret%3d', 'token%3d', 'key%3d'],
  ...['%22%3a', '%27%3a', '%22%2c', '%7b%22'],
];
/** How a key's block begins in an address or a form, where a plus may stand for a blank. */
const BLOCK = '-----BEGIN';
const BLOCKS = [`${BLOCK}%20`, `${BLOCK}+`];
const LONGEST_BLOCK = 12 * 1024; // bytes
/** Signs of tokens, which are seldom encoded where letters are not. */
const SIGNS = ['%5f', '%2d'];
const HEX_DIGITS = `${DIGITS}abcdef`;
const HIGH_DIGITS = '234567'; // of printable ASCII

/** Literals by which percent-encoding that may hold a secret is found; an encoded blank alone is in every address. */
export function percentTriggers(): Omit<Trigger<never>, 'target'>[] {
  const word = LETTERS + DIGITS;
  const codes = Array.from(new Set(word + word.toUpperCase()), (letter) =>
    letter.charCodeAt(0).toString(16),
  );
  return [
    ...BLOCKS.map((text) => ({ text, exactCase: true })),
    ...ENCODED.map((text) => ({ text, exactCase: false })),
    ...SIGNS.map((text) => ({ text, exactCase: false, before: word, after: word })),
    // What needs no encoding is encoded: then all is, or it is encoded twice.
    ...codes.map((code) => ({ text: `%${code}%`, exactCase: false, after: HIGH_DIGITS })),
    ...Array.from(HIGH_DIGITS, (digit) => ({
      text: `%25${digit}`,
      exactCase: false,
      after: HEX_DIGITS,
    })),
  ];
}

/** Decodes the percent-encoded stretch around `at`, with the parameter's name before it; undefined where nothing is encoded. */
export function decodePercent(bytes: Uint8Array, at: number): Decoded | undefined {
  const block = charactersOf(bytes, at, Math.min(bytes.length, at + BLOCK.length)) === BLOCK;
  const longest = block ? LONGEST_BLOCK : LONGEST;
  const least = Math.max(0, at - LONGEST);
  let start = at;
  while (start > least && isUnreserved(bytes[start - 1] as number)) start--;
  let end = at;
  while (end < bytes.length && end - at < longest && isUnreserved(bytes[end] as number)) end++;
  const text = charactersOf(bytes, start, end);
  const blanks = block && text.includes(`${BLOCK}+`) ? text.replaceAll('+', ' ') : text;
  const decoded = blanks.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  if (decoded === text) return undefined;
  const out = Uint8Array.from(decoded, (character) => character.charCodeAt(0));
  return { start, end, bytes: out, encoding: 'percent-encoding' };
}

const SIGNS_LEFT = Array.from('%~*!', (sign) => sign.charCodeAt(0));

/** Whether a byte may stand in an encoded stretch: what needs no encoding, and the signs that some leave. */
function isUnreserved(byte: number): boolean {
  return isTokenByte(byte) || SIGNS_LEFT.includes(byte);
}
