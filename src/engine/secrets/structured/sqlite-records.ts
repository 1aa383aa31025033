/**
 * The records in the cells of SQLite's b-trees: their columns, over overflow pages where they go on there.
 * Format: sqlite.org/fileformat2.html, sections 1.6 (cells), 1.7 (overflow pages) and 2.1 (records).
 */
import type { Pages, TreePage } from './sqlite-pages.ts';

/** A column's value as it is stored. */
export interface StoredValue {
  type: 'text' | 'bytes' | 'number';
  bytes: Uint8Array;
  /** Where it begins in its record, in bytes. */
  start: number;
}

/** A record, and the stretches of the file that it lies in, in bytes. */
export interface StoredRecord {
  values: StoredValue[];
  extents: { at: number; length: number }[];
  /** Bytes of the page that its cell takes up. */
  local: number;
}

const MOST_COLUMNS = 4096;
const MAX_RECORD = 4 << 20; // bytes; what goes on beyond is scanned as it stands
const NOTHING = new Uint8Array(0);
const INTEGER_BYTES = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0];

/** Reads records; no overflow page is read twice, so that the work is bounded by the file's size. */
export class RecordReader {
  #bytes: Uint8Array;
  #view: DataView;
  #pages: Pages;
  #overflows = new Set<number>();

  constructor(bytes: Uint8Array, pages: Pages) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#pages = pages;
  }

  /** The record in a cell of a page that holds records; undefined where the cell is damaged. */
  read(page: TreePage, cell: number): StoredRecord | undefined {
    const index = page.kind !== 'table-leaf';
    const size = this.#varint(page.kind === 'index-inner' ? cell + 4 : cell, page.end);
    const row = size && !index ? this.#varint(size.end, page.end) : undefined;
    const start = index ? size?.end : row?.end;
    if (!size || start === undefined) return undefined;
    const local = localBytes(size.value, this.#pages.usable, index);
    if (start + local > page.end) return undefined;
    const extents = [{ at: start, length: local }];
    let used = start + local - cell;
    if (local < size.value) {
      if (start + local + 4 > page.end) return undefined;
      used += 4;
      this.#follow(this.#view.getUint32(start + local), size.value - local, extents);
    }
    const payload = this.#payload(extents);
    const values = this.#values(payload);
    return values && { values, extents, local: used };
  }

  /** Adds the pages of a chain, as far as it goes. */
  #follow(first: number, length: number, extents: StoredRecord['extents']): void {
    let left = Math.min(length, MAX_RECORD);
    for (let number = first; number !== 0 && left > 0;) {
      const at = this.#pages.offsetOf(number);
      if (at === undefined || this.#overflows.has(number)) return;
      if (at + 4 > this.#bytes.length) return;
      this.#overflows.add(number);
      const room = Math.min(this.#pages.usable - 4, this.#bytes.length - at - 4, left);
      extents.push({ at: at + 4, length: room });
      left -= room;
      number = this.#view.getUint32(at);
    }
  }

  #payload(extents: StoredRecord['extents']): Uint8Array {
    const [first] = extents;
    if (!first) return NOTHING;
    if (extents.length === 1) return this.#bytes.subarray(first.at, first.at + first.length);
    const whole = new Uint8Array(extents.reduce((sum, { length }) => sum + length, 0));
    let filled = 0;
    for (const { at, length } of extents) {
      whole.set(this.#bytes.subarray(at, at + length), filled);
      filled += length;
    }
    return whole;
  }

  #values(payload: Uint8Array): StoredValue[] | undefined {
    const header = varintAt(payload, 0, payload.length);
    if (!header || header.value > payload.length || header.value < header.end) return undefined;
    const values: StoredValue[] = [];
    let body = header.value;
    for (let at = header.end; at < header.value && values.length < MOST_COLUMNS;) {
      const serial = varintAt(payload, at, header.value);
      if (!serial) return undefined;
      at = serial.end;
      const { type, length } = typeOf(serial.value);
      // A record that was cut short keeps what is there of its last value.
      const to = Math.min(payload.length, body + length);
      const bytes = payload.subarray(Math.min(body, to), to);
      values.push({ type, bytes, start: body });
      body += length;
    }
    return values;
  }

  #varint(at: number, end: number): { value: number; end: number } | undefined {
    return varintAt(this.#bytes, at, end);
  }
}

function typeOf(serial: number): { type: StoredValue['type']; length: number } {
  if (serial < 12) return { type: 'number', length: INTEGER_BYTES[serial] ?? 0 };
  return serial % 2 === 1
    ? { type: 'text', length: (serial - 13) / 2 }
    : { type: 'bytes', length: (serial - 12) / 2 };
}

/** Bytes of a payload that stand in its cell; the others overflow. */
function localBytes(payload: number, usable: number, index: boolean): number {
  const most = index ? Math.floor(((usable - 12) * 64) / 255) - 23 : usable - 35;
  if (payload <= most) return payload;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const fitting = least + ((payload - least) % (usable - 4));
  return fitting <= most ? fitting : least;
}

/** Where the byte at an offset in a record stands in the file. */
export function placeInFile({ extents }: StoredRecord, offset: number): number {
  let left = offset;
  for (const { at, length } of extents) {
    if (left < length) return at + left;
    left -= length;
  }
  return extents[0]?.at ?? 0;
}

/** A variable-length integer, of at most nine bytes; sizes beyond 2^53 are not told exactly. */
function varintAt(
  bytes: Uint8Array,
  at: number,
  end: number,
): { value: number; end: number } | undefined {
  let value = 0;
  for (let i = 0; i < 9 && at + i < end; i++) {
    const byte = bytes[at + i] as number;
    if (i === 8) return { value: value * 256 + byte, end: at + 9 };
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, end: at + i + 1 };
  }
  return undefined;
}
