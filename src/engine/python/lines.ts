/** Line tables: which source line an instruction comes from, in all the encodings CPython has had. */
import type { CodeObject } from './values.ts';
import { type PythonVersion, versionNumber } from './version.ts';

/** Stretches of bytecode and their lines, by rising offset; line 0 stands for "no line". */
export interface LineTable {
  starts: number[];
  lines: number[];
}

/**
 * Decodes a code object's line table. A damaged one gives the lines up to the damage. `marks` are the
 * operands of SET_LINENO with their offsets, which stand in for the table up to 2.2.
 */
export function decodeLines(
  code: CodeObject,
  version: PythonVersion,
  marks: readonly (readonly [offset: number, line: number])[] = [],
): LineTable {
  const v = versionNumber(version);
  const pypy = version.implementation === 'pypy';
  if (v >= 311 && !pypy) return locations(code);
  if (v === 310 && !pypy) return lineTable310(code);
  if (marks.length > 0 && code.lineTable.length === 0) {
    return { starts: marks.map(([offset]) => offset), lines: marks.map(([, line]) => line) };
  }
  return lnotab(code, v >= 306);
}

/** The line of the instruction at a byte offset; 0 where there is none. */
export function lineAt(table: LineTable, offset: number): number {
  const { starts } = table;
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return table.lines[low] ?? 0;
}

/** 1.5 to 3.9 (Objects/lnotab_notes.txt): pairs of byte and line increments. */
function lnotab(code: CodeObject, signed: boolean): LineTable {
  const table: LineTable = { starts: [0], lines: [code.firstLine] };
  const bytes = code.lineTable;
  let offset = 0;
  let line = code.firstLine;
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    const delta = bytes[i + 1] as number;
    offset += bytes[i] as number;
    line += signed && delta > 127 ? delta - 256 : delta;
    if (table.starts.at(-1) === offset) table.lines[table.lines.length - 1] = line;
    else {
      table.starts.push(offset);
      table.lines.push(line);
    }
  }
  return table;
}

/** 3.10 (PEP 626): pairs of length in bytes and signed line increment, -128 for no line. */
function lineTable310(code: CodeObject): LineTable {
  const table: LineTable = { starts: [], lines: [] };
  const bytes = code.lineTable;
  let offset = 0;
  let line = code.firstLine;
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    const raw = bytes[i + 1] as number;
    const delta = raw > 127 ? raw - 256 : raw;
    const length = bytes[i] as number;
    if (delta !== -128) line += delta;
    if (length > 0) {
      table.starts.push(offset);
      table.lines.push(delta === -128 ? 0 : line);
    }
    offset += length;
  }
  return table;
}

/** 3.11 and later (Objects/locations.md). */
function locations(code: CodeObject): LineTable {
  const starts: number[] = [];
  const lines: number[] = [];
  const { lines: stretch } = code;
  if (!stretch) return { starts, lines };
  const { data, end } = stretch;
  let at = stretch.start;
  let offset = 0;
  let line = code.firstLine;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; at < end; shift += 6) {
      const byte = data[at++] as number;
      if (shift < 30) value |= (byte & 63) << shift;
      if ((byte & 64) === 0) break;
    }
    return value;
  };
  const svarint = (): number => {
    const value = varint();
    return value & 1 ? -(value >>> 1) : value >>> 1;
  };
  let last = -1;
  while (at < end) {
    const first = data[at++] as number;
    if ((first & 0x80) === 0) break;
    const kind = (first >> 3) & 15;
    let here = 0;
    if (kind < 10) {
      at += 1;
      here = line;
    } else if (kind < 13) {
      at += 2;
      here = line += kind - 10;
    } else if (kind === 13) here = line += svarint();
    else if (kind === 14) {
      here = line += svarint();
      varint();
      varint();
      varint();
    }
    if (here !== last) {
      starts.push(offset);
      lines.push(here);
      last = here;
    }
    offset += ((first & 7) + 1) * 2;
  }
  return { starts, lines };
}
