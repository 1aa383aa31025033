/**
 * The rows of an SQLite database, or of its write-ahead log, each value with its column and table. Rows of
 * pages that no table holds any more (deleted, replaced in the log) are read too. Any bytes give what can
 * be read of them; each page is read once.
 */
import { bytesText } from '../../python/values.ts';
import { type DeclaredTable, declaredTable } from '../sql-table.ts';
import { type ColumnName, TableColumns } from '../table-columns.ts';
import { mayAnnounce, type PlacedValue, type TextPlace, type ValueSink } from './placed-values.ts';
import { readSerialised } from './serialised.ts';
import { type Pages, pagesOf, startsLikeLog, type TreePage, treePageAt } from './sqlite-pages.ts';
import {
  placeInFile,
  RecordReader,
  type StoredRecord,
  type StoredValue,
} from './sqlite-records.ts';
import type { Schema, SchemaEntry, SqliteSchemas, Table } from './sqlite-schemas.ts';

const SCHEMA_ROOT = 1;
const MOST_TABLES = 10_000;
const MAX_SQL = 64 * 1024; // characters of a statement that is kept in the schema

const UNKNOWN: Table = { columns: new TableColumns('', []), order: [] };

/**
 * Hands on every text of a database or log. `schemas` keeps what the database at `path` says of its tables for
 * the log that comes behind it.
 *
 * @returns why nothing could be read, as part of a sentence; undefined where something was
 */
export function readSqlite(
  bytes: Uint8Array,
  sink: ValueSink,
  path: string,
  schemas: SqliteSchemas,
): string | undefined {
  const pages = pagesOf(bytes);
  if (!pages) return 'its header is damaged';
  const beside = schemas.ofLog(path);
  const known = beside?.size === pages.size ? beside : undefined;
  // Without its first page a log does not say how texts are encoded.
  const told = known && pages.offsetOf(SCHEMA_ROOT) === undefined;
  const { encoding, usable } = told ? known : pages;
  const reader = new DatabaseReader(bytes, { ...pages, encoding, usable }, sink);
  const roots = reader.read(known);
  if (pages.logged)
    schemas.keep(path, { size: pages.size, encoding, usable, roots, owners: reader.owners() });
  return undefined;
}

class DatabaseReader {
  #view: DataView;
  #pages: Pages;
  #sink: ValueSink;
  #records: RecordReader;
  /** Offsets of pages that a tree holds. */
  #seen = new Set<number>();
  /** The first page of the tree that each page is in, of what has a log or is one. */
  #owners = new Map<number, number>();
  #owned: boolean;

  constructor(bytes: Uint8Array, pages: Pages, sink: ValueSink) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#pages = pages;
    this.#sink = sink;
    this.#records = new RecordReader(bytes, pages);
    this.#owned = pages.logged || startsLikeLog(bytes);
  }

  /** `beside` is what the database of a log says; the log's own word comes before it. */
  read(beside: Schema | undefined): Map<number, SchemaEntry> {
    const byWidth = new Map<number, Table | undefined>();
    const roots = new Map([...(beside?.roots ?? []), ...this.#schema()]);
    for (const [root, { table, index }] of roots) {
      this.#tree(root, (page, cell) => this.#row(page, cell, index ? UNKNOWN : table));
      const width = table.order.length;
      if (!index && width > 1) byWidth.set(width, byWidth.has(width) ? undefined : table);
    }
    for (const start of this.#pages.offsets()) {
      if (this.#seen.has(start)) continue;
      const page = treePageAt(this.#view, this.#pages, start);
      if (page?.kind !== 'table-leaf') continue;
      const number = this.#pages.numberAt(start);
      const owner = roots.get(this.#owners.get(number) ?? beside?.owners[number] ?? 0);
      // What was deleted belonged to the one table with as many columns.
      this.#cells(page, (cell) => this.#row(page, cell, owner?.table, byWidth));
    }
    return roots;
  }

  /** For each page of a database the first one of its tree. */
  owners(): Uint32Array {
    let last = 0;
    for (const page of this.#owners.keys()) last = Math.max(last, page);
    const owners = new Uint32Array(last + 1);
    for (const [page, root] of this.#owners) owners[page] = root;
    return owners;
  }

  /** The tables and indexes that the first page tells of, by the first pages of their trees. */
  #schema(): Map<number, SchemaEntry> {
    const entries = new Map<number, SchemaEntry>();
    this.#tree(SCHEMA_ROOT, (page, cell) => {
      const record = this.#records.read(page, cell);
      const [type, name, , root, sql] = record?.values ?? [];
      if (!record || !root || !sql || entries.size >= MOST_TABLES) return record?.local;
      const number = root.type === 'number' ? unsigned(root.bytes) : 0;
      if (number === 0) return record.local;
      const declared = declaredTable(this.#text(sql).slice(0, MAX_SQL), 0);
      const index = type !== undefined && this.#text(type) === 'index';
      entries.set(number, { table: tableOf(this.#text(name), declared), index });
      return record.local;
    });
    return entries;
  }

  /** Every cell with a record in the tree below a page. */
  #tree(root: number, onCell: (page: TreePage, cell: number) => number | undefined): void {
    const waiting = [root];
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      const start = this.#pages.offsetOf(number);
      if (start === undefined || this.#seen.has(start)) continue;
      const page = treePageAt(this.#view, this.#pages, start);
      if (!page) continue;
      this.#seen.add(start);
      if (this.#owned) this.#owners.set(number, root);
      // The first page below comes off the stack first.
      for (let i = page.children.length - 1; i >= 0; i--) waiting.push(page.children[i] as number);
      if (page.kind !== 'table-inner') this.#cells(page, (cell) => onCell(page, cell));
    }
  }

  /** Calls for each cell; `onCell` gives the bytes that it takes up, which together fit the page. */
  #cells(page: TreePage, onCell: (cell: number) => number | undefined): void {
    let left = page.end - page.start;
    for (const cell of page.cells) {
      left -= onCell(cell) ?? 1;
      if (left < 0) return;
    }
  }

  #row(
    page: TreePage,
    cell: number,
    known: Table | undefined,
    byWidth?: ReadonlyMap<number, Table | undefined>,
  ): number | undefined {
    const record = this.#records.read(page, cell);
    if (!record) return undefined;
    const table = known ?? byWidth?.get(record.values.length) ?? UNKNOWN;
    const { columns, order } = table;
    const keyAt = order.indexOf(columns.keyColumn);
    const keyValue = keyAt < 0 ? undefined : record.values[keyAt];
    const key = keyValue && keyValue.bytes.length < 512 ? this.#text(keyValue) : undefined;
    let opaque = false;
    for (const [i, value] of record.values.entries()) {
      if (value.type === 'number' || value.bytes.length === 0) continue;
      const name = columns.nameOf(order[i] ?? -1, key);
      if (!this.#value(record, value, columns, name)) opaque = true;
    }
    for (const { at, length } of opaque ? textsOf(record) : record.extents)
      this.#sink.covered(at, at + length);
    return record.local;
  }

  /** Hands a value on; false where it is no text. */
  #value(
    record: StoredRecord,
    value: StoredValue,
    columns: TableColumns,
    name: ColumnName,
  ): boolean {
    const at = placeInFile(record, value.start);
    if (value.type === 'bytes') {
      if (readSerialised(value.bytes, name.name, this.#sink, at)) return true;
      if (!isPrintable(value.bytes)) return false;
    }
    const wide = value.type === 'text' && this.#pages.encoding !== 'utf-8';
    const pieces = record.extents.length > 1;
    if (!wide && !mayAnnounce(name.name) && !columns.mayHash(name.column)) {
      const place: TextPlace = { name: name.name, where: name.where, at };
      if (pieces) place.placeOf = (byte) => placeInFile(record, value.start + byte);
      this.#sink.text(value.bytes, place);
      return true;
    }
    const text = value.type === 'bytes' ? bytesText(value.bytes) : this.#text(value);
    const placed: PlacedValue = { ...name, value: text, context: columns.context, exact: true, at };
    placed.hash = columns.isHash(name.column, text);
    if (wide || pieces) {
      placed.placeOf = (before) => {
        const length = wide ? 2 * before.length : new TextEncoder().encode(before).length;
        return placeInFile(record, value.start + length);
      };
    }
    this.#sink.value(placed);
    return true;
  }

  #text(value: StoredValue | undefined): string {
    if (!value) return '';
    const { encoding } = this.#pages;
    return encoding === 'utf-8' || value.type !== 'text'
      ? bytesText(value.bytes)
      : DECODERS[encoding].decode(value.bytes);
  }
}

const DECODERS = {
  'utf-16le': new TextDecoder('utf-16le'),
  'utf-16be': new TextDecoder('utf-16be'),
};

function tableOf(name: string, declared: DeclaredTable | undefined): Table {
  if (!declared) return { columns: new TableColumns(name, []), order: [] };
  const { columns, primaryKey, withoutRowid } = declared;
  let order = columns.map((_, i) => i);
  if (withoutRowid) {
    const same = (a: string) => columns.findIndex((b) => b.toLowerCase() === a.toLowerCase());
    const first = [...new Set(primaryKey.map(same))].filter((i) => i >= 0);
    order = [...first, ...order.filter((i) => !first.includes(i))];
  }
  return { columns: new TableColumns(name, columns), order };
}

/** The stretches of a record's texts; what lies between them is scanned as it stands. */
function textsOf(record: StoredRecord): { at: number; length: number }[] {
  if (record.extents.length > 1) return [];
  return record.values
    .filter(({ type, bytes }) => type === 'text' && bytes.length > 0)
    .map(({ start, bytes }) => ({ at: placeInFile(record, start), length: bytes.length }));
}

/** A big-endian number of at most eight bytes. */
function unsigned(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

function isPrintable(bytes: Uint8Array): boolean {
  for (const byte of bytes) {
    if (byte < 0x20 ? byte !== 0x09 && byte !== 0x0a && byte !== 0x0d : byte === 0x7f) return false;
  }
  return true;
}
