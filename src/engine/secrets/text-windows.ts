/** Windows of text around a position in bytes. Each byte is one character, so that offsets are the same. */
import { charactersOf } from '../archive/plain-text.ts';
import type { NameHit } from './name-hits.ts';
import type { TextWindow } from './named-text.ts';

const LINE_BEFORE = 256;
/** Bytes behind a name that are read, where its value is long. */
export const LINE_AFTER = 4096 + 512; // the longest value that is read
const NEXT_LINE_REACH = 640; // bytes of a value on the line after its name
/** The same at first: as long as nearly all values are. */
export const LINE_SOON = 320; // as long as nearly all values are

/** A window around a name: its line, and what may follow on the next. */
export function windowAround(
  bytes: Uint8Array,
  { start: nameStart, end: nameEnd }: NameHit,
  reach: number,
  settings: boolean,
): { window: TextWindow; start: number } {
  let start = nameStart;
  const least = Math.max(0, nameStart - LINE_BEFORE);
  while (start > least && bytes[start - 1] !== 0x0a && bytes[start - 1] !== 0) start--;
  let end = nameEnd;
  const most = Math.min(bytes.length, nameEnd + reach);
  while (end < most && bytes[end] !== 0x0a && bytes[end] !== 0) end++;
  let lineEnd = end;
  if (bytes[lineEnd - 1] === 0x0d) lineEnd--;
  // A value on the next line begins where this one ends.
  const far = end - nameEnd < NEXT_LINE_REACH && bytes[end] === 0x0a ? end + NEXT_LINE_REACH : end;
  const text = charactersOf(bytes, start, Math.min(bytes.length, far));
  return { window: { text, lineEnd: lineEnd - start, settings }, start };
}
