/**
 * A sheet of a workbook (ECMA-376, part 1, 18.3.1.4) with its texts in its cells: there stand numbers, which count
 * the workbook's shared strings (18.4.8), so that neither part alone says what stands beside what.
 */
import { charactersOf } from '../archive/plain-text.ts';

const MOST_ADDED = 8 << 20; // characters: a cell may repeat a long string
const CELL = /(<(?:x:)?c [^<>]{0,200}\bt="s"[^<>]{0,200}>\s{0,8}<(?:x:)?v>)(\d{1,7})(?=<)/g;

/** The member of a workbook with the strings that its sheets count. */
export const SHARED_STRINGS = 'xl/sharedStrings.xml';

/** Whether a member of an archive is a sheet. */
export function isSheet(path: string): boolean {
  return /^xl\/worksheets\/[^/]{1,64}\.xml$/.test(path);
}

/** The texts of a workbook's shared strings, in the encoding of their part, UTF-8, one character a byte. */
export function sharedStrings(part: Uint8Array): string[] {
  return charactersOf(part, 0, part.length)
    .split(/<(?:x:)?si>/)
    .slice(1)
    .map((item) => item.replace(/<[^<>]*>/g, ''));
}

/** The sheet, XML in UTF-8, with its texts. */
export function withStrings(sheet: Uint8Array, strings: readonly string[]): Uint8Array {
  let left = MOST_ADDED;
  const text = charactersOf(sheet, 0, sheet.length).replace(
    CELL,
    (whole, before: string, index) => {
      const string = strings[Number(index)] ?? '';
      left -= string.length;
      return left < 0 ? whole : before + string;
    },
  );
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
