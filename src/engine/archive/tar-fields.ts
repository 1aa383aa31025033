/** The fields of a 512-byte tar header: numbers, strings and the checksum. */
import { utf8Text } from './plain-text.ts';

/** Headers, and the content after them, come in blocks of this many bytes. */
export const BLOCK = 512;

/** Whether a block carries a valid header checksum; this, not the magic, tells a tar. */
export function checksumHolds(block: Uint8Array): boolean {
  const want = number(block, 148, 8);
  if (want === undefined) return false;
  let sum = 8 * 0x20;
  for (let i = 0; i < 148; i++) sum += block[i] as number;
  for (let i = 156; i < BLOCK; i++) sum += block[i] as number;
  if (sum === want) return true;
  let signed = 8 * 0x20; // old Sun tars summed signed bytes
  for (let i = 0; i < BLOCK; i++) {
    if (i < 148 || i >= 156) signed += ((block[i] as number) << 24) >> 24;
  }
  return signed === want;
}

/** True where bytes begin as a tar with something in it does: many files begin with zeros, a tar with a name. */
export function startsLikeTar(bytes: Uint8Array): boolean {
  return bytes.length >= BLOCK && bytes[0] !== 0 && checksumHolds(bytes.subarray(0, BLOCK));
}

/** True where the first bytes of a stream look like a tar: a valid header, or nothing but zeros. */
export function looksLikeTar(start: Uint8Array): boolean {
  if (start.length < BLOCK) return false;
  const block = start.subarray(0, BLOCK);
  return isZero(block) ? isZero(start) : checksumHolds(block);
}

/** An entry's path as text, from the root. */
export function pathText(name: Uint8Array): string {
  return nameText(name).replace(/^(\.?\/)+/, '');
}

/** An entry's name as text, without slashes at its end, which a regular file may have too. */
export function nameText(name: Uint8Array): string {
  let end = name.length;
  while (end > 0 && name[end - 1] === 0x2f) end--;
  return utf8Text(name.subarray(0, end));
}

/** True where every byte is zero. */
export function isZero(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte !== 0) return false;
  return true;
}

/** How many bytes are not zero. */
export function countNonZero(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte !== 0) count++;
  return count;
}

/** The bytes of a field up to its first NUL. */
export function cString(block: Uint8Array, start: number, length: number): Uint8Array {
  let end = start;
  while (end < start + length && block[end] !== 0) end++;
  return block.subarray(start, end);
}

/** An octal or base-256 number; an empty field is 0, a field that is no number is undefined. */
export function number(block: Uint8Array, start: number, length: number): number | undefined {
  const first = block[start] as number;
  if (first & 0x80) {
    let value = first & 0x40 ? (first & 0x7f) - 0x80 : first & 0x7f;
    for (let i = start + 1; i < start + length; i++) value = value * 256 + (block[i] as number);
    return value;
  }
  let value = 0;
  let i = start;
  const end = start + length;
  while (i < end && (block[i] === 0x20 || block[i] === 0)) i++;
  for (; i < end; i++) {
    const digit = block[i] as number;
    if (digit === 0x20 || digit === 0) break;
    if (digit < 0x30 || digit > 0x37) return undefined;
    value = value * 8 + (digit - 0x30);
  }
  return value;
}
