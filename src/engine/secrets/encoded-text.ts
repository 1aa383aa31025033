/**
 * Text inside text: long runs of base64 or hex. They are looked for from their ends, so that of ordinary text only a
 * word in every forty bytes is looked at.
 */
import { sniffCompression, SNIFF_LENGTH } from '../archive/compression.ts';
import { isZlib } from '../archive/inflate.ts';
import { isText } from '../archive/plain-text.ts';
import { startsWide, utf16Order } from './utf16.ts';

/** What an encoded stretch stands for. */
export interface Decoded {
  /** Where the stretch stands in the bytes it was found in. */
  start: number;
  end: number;
  bytes: Uint8Array;
  encoding: 'base64' | 'hex' | 'percent-encoding' | 'escapes';
}

const SHORTEST = 40; // characters; shorter values are named, and read by their names
const LONGEST = 16 * 1024; // longer runs are read in portions
const OVERLAP = 1024; // of one portion with the next, a multiple of four
const HEAD = Math.ceil((SNIFF_LENGTH * 4) / 3); // characters that tell what a run holds
const HEAD_BYTES = new Uint8Array(SNIFF_LENGTH);
const INDENTED = 48; // blanks before a line of a wrapped run
const WRAPPED = 60; // characters of a line that another follows, unless it is the last

const UPPER = 1;
const LOWER = 2;
const DIGIT = 4;
const SIGN = 8;
const NO_HEX = 16;
/** What each byte is in base64 of either alphabet, and its six bits. */
const CLASS = new Uint8Array(256);
const SIX_BITS = new Uint8Array(256);
for (const [i, character] of Array.from(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_',
).entries()) {
  const code = character.charCodeAt(0);
  const kind = i < 26 ? UPPER : i < 52 ? LOWER : i < 64 ? DIGIT : SIGN;
  CLASS[code] = /[0-9a-f]/i.test(character) ? kind : kind | NO_HEX;
  SIX_BITS[code] = i < 64 ? i : i - 2;
}

/**
 * Calls `onDecoded` for every run of base64 or hex that begins in `[from, to)` and holds text or more. In `binary` data,
 * which are full of such runs, only for those that begin like text or compressed data. `onRun` sees every run, decoded or not.
 */
export function decodeRuns(
  bytes: Uint8Array,
  from: number,
  to: number,
  binary: boolean,
  onDecoded: (decoded: Decoded) => void,
  onRun: (start: number, end: number) => void,
): void {
  let start = from; // no run goes on from before this, but over `from` itself
  let sure = from; // all between is of the alphabet
  while (start < to && start + SHORTEST <= bytes.length) {
    // From the back: what ends a run there rules out all that begins before.
    const last = start + SHORTEST - 1;
    let at = last;
    while (at >= sure && CLASS[bytes[at] as number] !== 0) at--;
    if (at >= sure) {
      sure = last + 1;
      start = at + 1;
      continue;
    }
    const end = runEnd(bytes, start, last + 1);
    onRun(start, end);
    const goesOn = start === from && start > 0 && CLASS[bytes[start - 1] as number] !== 0;
    if (goesOn) start += shiftOf(bytes, start);
    start += prefixOf(bytes, start);
    const head = fromBase64(bytes, start, end, HEAD, HEAD_BYTES);
    const compressed = isCompressed(head);
    const telling = compressed || isText(head) || startsWide(head);
    if (!binary || telling || isHex(bytes, start, HEAD)) {
      // What is compressed means something only as a whole.
      const longest = compressed ? end - start : LONGEST;
      for (let portion = start; ; portion = nextPortion(bytes, portion)) {
        const stop = Math.min(end, portion + longest);
        const decoded = decodeRun(bytes, portion, stop);
        if (decoded) onDecoded(decoded);
        if (stop === end) break;
      }
    }
    start = end + 1;
    sure = start;
  }
}

/** The characters that mark hex digits in SQL and C: `0x` at the start, the rest of a `\\x`. */
function prefixOf(bytes: Uint8Array, start: number): number {
  const zero = bytes[start] === 0x30 ? 1 : 0;
  const marked = (bytes[start + zero] as number) | 0x20;
  return marked === 0x78 && (zero === 1 || bytes[start - 1] === 0x5c) ? zero + 1 : 0;
}

function isCompressed(start: Uint8Array): boolean {
  return isZlib(start) || sniffCompression(start) !== 'none';
}

function isHex(bytes: Uint8Array, start: number, count: number): boolean {
  let any = 0;
  for (let at = start; at < start + count; at++) any |= CLASS[bytes[at] as number] as number;
  return (any & NO_HEX) === 0;
}

/** Where the next portion begins: a whole number of groups of four on, whatever line ends stand between. */
function nextPortion(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let characters = 0; characters < LONGEST - OVERLAP || characters % 4 !== 0; at++) {
    if (CLASS[bytes[at] as number] !== 0) characters++;
    else if (at >= bytes.length) break;
  }
  return at;
}

/** Where groups of four begin in a run whose own beginning has gone by: where it decodes to text. */
function shiftOf(bytes: Uint8Array, at: number): number {
  for (let shift = 0; shift < 4; shift++) {
    if (isText(fromBase64(bytes, at + shift, at + shift + SHORTEST, SHORTEST))) return shift;
  }
  return 0;
}

/** The end of a run that begins at `from` and goes on to `sure` at least, over line ends where it is wrapped. */
function runEnd(bytes: Uint8Array, from: number, sure: number): number {
  let lineStart = from;
  let end = sure;
  for (;;) {
    while (end < bytes.length && CLASS[bytes[end] as number] !== 0) end++;
    if (bytes[end] === 0x3d) return end; // padding ends it
    if (end - lineStart < SHORTEST) return end;
    let next = end;
    if (bytes[next] === 0x0d) next++;
    if (bytes[next] !== 0x0a) return end;
    next++;
    const indented = next;
    while (next - indented < INDENTED && (bytes[next] === 0x20 || bytes[next] === 0x09)) next++;
    // The last line of a wrapped run may be short, but is not a word of prose.
    let ahead = next;
    while (ahead < bytes.length && CLASS[bytes[ahead] as number] !== 0) ahead++;
    const after = bytes[ahead];
    if (
      ahead === next ||
      (ahead - next < WRAPPED &&
        after !== undefined &&
        after !== 0x3d &&
        after !== 0x0a &&
        after !== 0x0d)
    )
      return end;
    lineStart = next;
    end = next;
  }
}

function decodeRun(bytes: Uint8Array, start: number, end: number): Decoded | undefined {
  let characters = 0;
  let any = 0;
  for (let at = start; at < end; at++) {
    const kind = CLASS[bytes[at] as number] as number;
    if (kind === 0) continue;
    characters++;
    any |= kind;
  }
  if (characters < SHORTEST) return undefined;
  if ((any & NO_HEX) === 0) {
    if (characters % 2 !== 0) return undefined;
    const decoded = fromHex(bytes, start, end, characters);
    const means = isText(decoded) || isCompressed(decoded) || utf16Order(decoded);
    return means ? { start, end, bytes: decoded, encoding: 'hex' } : undefined;
  }
  // Identifiers and paths have the alphabet too, but not all of it.
  if ((any & DIGIT) === 0 || (any & UPPER) === 0 || (any & LOWER) === 0) return undefined;
  return { start, end, bytes: fromBase64(bytes, start, end, characters), encoding: 'base64' };
}

/** Decodes a stretch of so many characters of base64, of either alphabet; line ends in it are passed over. */
function fromBase64(
  bytes: Uint8Array,
  start: number,
  end: number,
  characters: number,
  out = new Uint8Array(Math.floor((characters * 3) / 4)),
): Uint8Array {
  let held = 0;
  let bits = 0;
  let length = 0;
  for (let at = start; at < end && length < out.length; at++) {
    const byte = bytes[at] as number;
    if (CLASS[byte] === 0) continue;
    held = (held << 6) | (SIX_BITS[byte] as number);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out[length++] = held >> bits;
  }
  return length === out.length ? out : out.subarray(0, length);
}

function fromHex(bytes: Uint8Array, start: number, end: number, characters: number): Uint8Array {
  const out = new Uint8Array(characters >> 1);
  let held = 0;
  let digits = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (CLASS[byte] === 0) continue;
    held = (held << 4) | ((byte & 15) + (byte > 0x39 ? 9 : 0));
    if (++digits % 2 === 0) out[(digits >> 1) - 1] = held;
  }
  return out;
}
