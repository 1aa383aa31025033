/**
 * Bytes as text of one character each. The platform's decoder is slow at short ones, and each call of it leaves
 * objects behind: 120 MB of them where half a million paths are read.
 */
const WINDOWS_1252 = new TextDecoder('latin1'); // which the platform means by it
const OTHERS = /[\u0100-\uffff]/;
const EACH_OTHER = /[\u0100-\uffff]/g;
/** The characters of Windows-1252 that Latin-1 has not, and those of their bytes. */
const ITS_BYTE: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from({ length: 32 }, (_, i) => [
    WINDOWS_1252.decode(Uint8Array.of(0x80 + i)),
    String.fromCharCode(0x80 + i),
  ]),
);
const UTF8 = new TextDecoder();
const SHORT = 96; // bytes, from which on the platform is faster
const FEW = 32; // bytes, up to which it is faster to join pieces
// Names recur from file to file; a text that was met lately is not made anew.
const SLOTS = 1 << 13;
const LONGEST_KEPT = 32;
const recent: string[] = new Array<string>(SLOTS).fill('');

/** A stretch of ASCII as text; undefined where a byte is none. */
export function asciiText(bytes: Uint8Array, start: number, end: number): string | undefined {
  const length = end - start;
  let all = 0;
  for (let i = start; i < end; i++) all |= bytes[i] as number;
  if (all > 127) return undefined;
  if (length > LONGEST_KEPT) return charactersOf(bytes, start, end);
  let hash = length;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
  const known = recent[slot] as string;
  if (known.length === length) {
    let i = 0;
    while (i < length && known.charCodeAt(i) === bytes[start + i]) i++;
    if (i === length) return known;
  }
  return (recent[slot] = charactersOf(bytes, start, end));
}

/** A stretch of UTF-8 as text; U+FFFD stands for what is none. */
export function utf8Text(bytes: Uint8Array): string {
  return asciiText(bytes, 0, bytes.length) ?? UTF8.decode(bytes);
}

/** A stretch of bytes, as far as there are such, as text, each the character of its number (Latin-1). */
export function charactersOf(bytes: Uint8Array, start = 0, end = bytes.length): string {
  const to = Math.min(end, bytes.length);
  if (to - start > SHORT) {
    const text = WINDOWS_1252.decode(bytes.subarray(start, end));
    // Where nothing is past Latin-1, no character is looked at.
    return OTHERS.test(text)
      ? text.replace(EACH_OTHER, (character) => ITS_BYTE[character] ?? '')
      : text;
  }
  // Many are kept: those of many pieces take several times the memory.
  if (to - start > FEW)
    return String.fromCharCode.apply(null, bytes.subarray(start, to) as unknown as number[]);
  let text = '';
  let at = start;
  for (; at + 8 <= to; at += 8) {
    text += String.fromCharCode(
      bytes[at] as number,
      bytes[at + 1] as number,
      bytes[at + 2] as number,
      bytes[at + 3] as number,
      bytes[at + 4] as number,
      bytes[at + 5] as number,
      bytes[at + 6] as number,
      bytes[at + 7] as number,
    );
  }
  for (; at < to; at++) text += String.fromCharCode(bytes[at] as number);
  return text;
}

/** The same text by itself, to be kept: engines make of a part of a text a view, which keeps all of that. */
export function detached(text: string): string {
  return ` ${text}`.slice(1);
}

/** Whether bytes are all printable ASCII or white space. */
export function isText(bytes: Uint8Array): boolean {
  for (const byte of bytes) {
    if ((byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) || byte > 0x7e)
      return false;
  }
  return bytes.length > 0;
}

/** Whether a byte is a character of ASCII that is seen, or a space. */
export function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f;
}
