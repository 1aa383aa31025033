/**
 * UTF-16: texts of it, and its strings in binary files. Programs for Windows and .NET keep theirs so, and documents of
 * Office, registries, dumps of memory.
 */
import { isPrintable } from '../archive/plain-text.ts';
import { concat } from '../archive/read-blob.ts';

/** The byte order of UTF-16 text, by its mark or by where its zeros stand; undefined for other bytes. */
export function utf16Order(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes.length < 4) return undefined;
  if (bytes[0] === 0xff && bytes[1] === 0xfe && (bytes[2] !== 0 || bytes[3] !== 0))
    return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const look = Math.min(bytes.length & ~1, 128);
  if (look < 32) return undefined;
  const zeros = [0, 0];
  for (let i = 0; i < look; i++) {
    const byte = bytes[i] as number;
    if (byte === 0) zeros[i & 1] = (zeros[i & 1] as number) + 1;
    else if (byte < 9) return undefined;
  }
  const [even = 0, odd = 0] = zeros;
  if (even === 0 && odd >= look * 0.45) return 'utf-16le';
  if (odd === 0 && even >= look * 0.45) return 'utf-16be';
  return undefined;
}

/** UTF-16 text as UTF-8; undefined for other bytes. */
export function utf16Text(bytes: Uint8Array): Uint8Array | undefined {
  const order = utf16Order(bytes);
  return order && new TextEncoder().encode(new TextDecoder(order).decode(bytes));
}

/** Whether bytes begin with characters of ASCII in UTF-16, the lower byte first. */
export function startsWide(start: Uint8Array): boolean {
  for (let at = 0; at + 1 < start.length; at += 2) if (!isWide(start, at)) return false;
  return start.length > 1;
}

const SHORTEST = 8; // characters; a run of so many covers a word of four bytes in every twelve
const STRIDE = 3; // words

/** The strings of UTF-16 in binary bytes, of either byte order; of other bytes only a word in twelve is looked at. */
export class WideStrings {
  /** All of them, one a line, in ASCII; empty where there are none. */
  readonly text: Uint8Array;
  /** Where each string begins in the text, and in the bytes. */
  #textStarts: number[] = [];
  #starts: number[] = [];

  /** Looks for those that touch `[from, to)`; one is followed to where it begins and ends. */
  constructor(bytes: Uint8Array, from: number, to: number) {
    const strings: Uint8Array[] = [];
    let length = 0;
    for (const [start, end] of runsOf(bytes, from, to)) {
      this.#textStarts.push(length);
      this.#starts.push(start);
      const string = new Uint8Array(((end - start) >> 1) + 1);
      for (let i = start; i < end; i += 2) string[(i - start) >> 1] = bytes[i] as number;
      string[string.length - 1] = 0x0a;
      strings.push(string);
      length += string.length;
    }
    this.text = concat(strings);
  }

  /** Where what stands at an offset of the text stands in the bytes. */
  offsetOf(textOffset: number): number {
    let low = 0;
    let high = this.#textStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#textStarts[middle] as number) <= textOffset) low = middle;
      else high = middle - 1;
    }
    return (this.#starts[low] ?? 0) + 2 * (textOffset - (this.#textStarts[low] ?? 0));
  }
}

/** Where each string begins and ends. */
function runsOf(bytes: Uint8Array, from: number, to: number): [start: number, end: number][] {
  const runs: [number, number][] = [];
  const aligned = from + ((4 - ((bytes.byteOffset + from) & 3)) & 3);
  const count = Math.max(0, (to - aligned) >> 2);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + aligned, count);
  let last = 0; // where the last string ended
  for (let i = 0; i < count; i += STRIDE) {
    const word = words[i] as number;
    // Two characters, at odd addresses or at even ones.
    const odd = (word & 0x00ff00ff) === 0;
    if (!odd && (word & 0xff00ff00) !== 0) continue;
    if ((word & 0xffff) === 0 || word >>> 16 === 0) continue;
    const at = aligned + i * 4 + (odd ? 1 : 0);
    if (at < last) continue;
    let start = at;
    while (start - 2 >= last && isWide(bytes, start - 2)) start -= 2;
    let end = at;
    while (isWide(bytes, end)) end += 2;
    last = end;
    if (end - start >= 2 * SHORTEST) runs.push([start, end]);
  }
  return runs;
}

/** Whether a character of ASCII, or white space, stands at `at` with its lower byte first. */
function isWide(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at] as number;
  const seen = isPrintable(byte) || byte === 0x09 || byte === 0x0a || byte === 0x0d;
  return seen && bytes[at + 1] === 0;
}
