/**
 * Rows of tables in text, byte by byte as they stream by: tuples of SQL's `VALUES`, the lines of a
 * PostgreSQL `COPY` block (postgresql.org/docs/current/sql-copy.html), comma-separated values (RFC 4180).
 */
import { bytesText } from '../python/values.ts';
import { sqlText } from './sql-lexer.ts';
import type { ColumnName, TableColumns } from './table-columns.ts';

/** A value in a row that its column or key names. */
export interface RowValue {
  name: ColumnName;
  value: string;
  /** As it stands in the text. */
  written: string;
  /** Bytes from the start of the file. */
  at: number;
  /** In bytes. */
  length: number;
  /** It is the hash of a password. */
  hash: boolean;
  context: readonly string[];
}

/** Takes values as rows end. */
export type OnRowValue = (value: RowValue) => void;

/** A machine over the bytes of rows; it keeps what it needs from one portion to the next. */
export interface RowReader {
  /** Reads `bytes` in `[from, to)`, which begin at `start` in the file; where the rows end, or `to`. */
  feed(bytes: Uint8Array, from: number, to: number, start: number): { at: number; ended: boolean };
  /** The text ends. */
  end(): void;
}

const MAX_VALUE = 4096; // bytes; the judge takes no longer ones

/** The values of one row, of which only those are kept that may matter. */
class RowCapture {
  #columns: TableColumns;
  #onValue: OnRowValue;
  #spell: (written: string) => string;
  #bytes: Uint8Array | undefined;
  #length = 0;
  #start = -1;
  #kept: { column: number; written: string; at: number; length: number }[] = [];
  column = 0;

  constructor(columns: TableColumns, onValue: OnRowValue, spell: (written: string) => string) {
    this.#columns = columns;
    this.#onValue = onValue;
    this.#spell = spell;
  }

  /** A value begins at `at` in the file; only the first of a column counts. */
  begin(at: number): void {
    const { column } = this;
    const wanted = this.#columns.mayName(column) || column === this.#columns.keyColumn;
    const first = this.#kept.at(-1)?.column !== column;
    this.#start = wanted && first ? at : -1;
    this.#length = 0;
  }

  byte(byte: number): void {
    if (this.#start < 0) return;
    if (this.#length === MAX_VALUE) this.#start = -1;
    else (this.#bytes ??= new Uint8Array(MAX_VALUE))[this.#length++] = byte;
  }

  endValue(): void {
    if (this.#bytes && this.#start >= 0 && this.#length > 0) {
      const written = bytesText(this.#bytes.subarray(0, this.#length));
      const { column } = this;
      this.#kept.push({ column, written, at: this.#start, length: this.#length });
    }
    this.#start = -1;
  }

  endRow(): void {
    const columns = this.#columns;
    const key = this.#kept.find(({ column }) => column === columns.keyColumn);
    for (const { column, written, at, length } of this.#kept) {
      if (!columns.mayName(column)) continue;
      const name = columns.nameOf(column, key && this.#spell(key.written));
      const value = this.#spell(written);
      const hash = columns.isHash(column, value);
      this.#onValue({ name, value, written, at, length, hash, context: columns.context });
    }
    this.#kept = [];
    this.#start = -1;
    this.column = 0;
  }
}

const QUOTE = 0x27;
const DOUBLE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x28;
const CLOSE = 0x29;
const COMMA = 0x2c;
const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;

/** `(…), (…)` behind `VALUES`. */
export class TupleRows implements RowReader {
  #row: RowCapture;
  #backslashes: boolean;
  #state: 'between' | 'tuple' | 'string' | 'escaped' | 'quote' = 'between';
  #quote = QUOTE;
  #depth = 0;

  /** `backslashes` says whether they escape in strings, as in MySQL. */
  constructor(columns: TableColumns, backslashes: boolean, onValue: OnRowValue) {
    this.#backslashes = backslashes;
    this.#row = new RowCapture(columns, onValue, (written) => sqlText(written, backslashes));
  }

  feed(bytes: Uint8Array, from: number, to: number, start: number): { at: number; ended: boolean } {
    for (let i = from; i < to; i++) {
      const byte = bytes[i] as number;
      if (this.#state === 'between') {
        if (byte === OPEN) this.#state = 'tuple';
        else if (byte !== COMMA && byte > 0x20) return { at: i, ended: true };
      } else if (this.#state === 'tuple') this.#inTuple(byte, start + i);
      else this.#inString(byte, start + i);
    }
    return { at: to, ended: false };
  }

  end(): void {
    // A tuple that is not closed is none.
  }

  #inTuple(byte: number, at: number): void {
    if (byte === QUOTE || byte === DOUBLE) {
      this.#quote = byte;
      this.#state = 'string';
      this.#row.begin(at + 1);
    } else if (byte === OPEN) this.#depth++;
    else if (byte === COMMA && this.#depth === 0) this.#row.column++;
    else if (byte === CLOSE && this.#depth-- === 0) {
      this.#depth = 0;
      this.#row.endRow();
      this.#state = 'between';
    }
  }

  #inString(byte: number, at: number): void {
    if (this.#state === 'quote') {
      // A quote that is doubled stands for one.
      if (byte !== this.#quote) {
        this.#row.endValue();
        this.#state = 'tuple';
        this.#inTuple(byte, at);
        return;
      }
      this.#row.byte(byte);
    } else if (this.#state === 'string' && byte === this.#quote) {
      this.#state = 'quote';
      return;
    }
    const escapes = this.#backslashes && byte === BACKSLASH && this.#state === 'string';
    this.#row.byte(byte);
    this.#state = escapes ? 'escaped' : 'string';
  }
}

/** How fields of a line are told apart. */
export interface Delimited {
  separator: number;
  /** Whether fields may stand in double quotes, over lines too. */
  quotes: boolean;
  /** Whether a line `\.` ends the rows, and backslashes escape. */
  copy: boolean;
}

/** Lines of fields. */
export class DelimitedRows implements RowReader {
  #row: RowCapture;
  #form: Delimited;
  #state: 'start' | 'plain' | 'quoted' | 'quote' = 'start';
  #last = [0, 0]; // bytes of a line so far, of which only the first two matter
  #lineLength = 0;

  constructor(columns: TableColumns, form: Delimited, onValue: OnRowValue) {
    this.#form = form;
    const spell = form.copy ? copyText : (text: string): string => text.replaceAll('""', '"');
    this.#row = new RowCapture(columns, onValue, spell);
  }

  feed(bytes: Uint8Array, from: number, to: number, start: number): { at: number; ended: boolean } {
    for (let i = from; i < to; i++) {
      const byte = bytes[i] as number;
      if (this.#form.copy && this.#endsBlock(byte)) return { at: i, ended: true };
      if (this.#state === 'quoted') {
        if (byte === DOUBLE) this.#state = 'quote';
        else this.#row.byte(byte);
      } else this.#unquoted(byte, start + i);
    }
    return { at: to, ended: false };
  }

  end(): void {
    this.#endField();
    this.#row.endRow();
  }

  #unquoted(byte: number, at: number): void {
    if (byte === this.#form.separator) {
      this.#endField();
      this.#row.column++;
    } else if (byte === LF) {
      this.#endField();
      this.#row.endRow();
    } else if (byte === CR) this.#endField();
    else if (this.#state === 'quote') {
      if (byte === DOUBLE) {
        this.#row.byte(byte);
        this.#row.byte(byte);
        this.#state = 'quoted';
      }
    } else if (this.#state === 'start') {
      const quoted = this.#form.quotes && byte === DOUBLE;
      this.#row.begin(quoted ? at + 1 : at);
      if (!quoted) this.#row.byte(byte);
      this.#state = quoted ? 'quoted' : 'plain';
    } else this.#row.byte(byte);
  }

  #endField(): void {
    this.#row.endValue();
    this.#state = 'start';
  }

  /** Whether a line is `\.` and nothing else. */
  #endsBlock(byte: number): boolean {
    if (byte !== LF && byte !== CR) {
      if (this.#lineLength < 2) this.#last[this.#lineLength] = byte;
      this.#lineLength++;
      return false;
    }
    const ends = this.#lineLength === 2 && this.#last[0] === BACKSLASH && this.#last[1] === 0x2e;
    if (byte === LF) this.#lineLength = 0;
    return ends;
  }
}

const COPY_ESCAPES: Record<string, string> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** What a field of a COPY block stands for; nothing where it is null. */
function copyText(written: string): string {
  if (written === '\\N') return '';
  return written.replace(
    /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|(.))/gs,
    (_, octal?: string, hex?: string, plain = '') => {
      if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8));
      if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
      return COPY_ESCAPES[plain as string] ?? (plain as string);
    },
  );
}

/** Lines of fields with tabs between them, as `COPY … FROM stdin` has them. */
export const COPY_LINES: Delimited = { separator: TAB, quotes: false, copy: true };
