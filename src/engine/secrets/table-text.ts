/**
 * Tables in a text that streams by: statements of SQL that hold rows, and files of comma-separated values
 * with a header. Rows are read only where a column may name a secret.
 */
import { charactersOf } from '../archive/plain-text.ts';
import { SqlLexer } from './sql-lexer.ts';
import { declaredTable } from './sql-table.ts';
import { updatedValue } from './table-update.ts';
import { TableColumns } from './table-columns.ts';
import {
  COPY_LINES,
  type Delimited,
  DelimitedRows,
  type OnRowValue,
  type RowReader,
  TupleRows,
} from './table-rows.ts';

/** What begins at one of these texts. */
export type TableStatement = 'insert' | 'copy' | 'create' | 'update';

/** What the prefilter looks for; case does not matter. */
export const TABLE_TRIGGERS: readonly (readonly [text: string, statement: TableStatement])[] = [
  ['INSERT INTO', 'insert'],
  ['INSERT IGNORE INTO', 'insert'],
  ['INSERT OR ', 'insert'],
  ['INSERT [', 'insert'],
  ['REPLACE INTO', 'insert'],
  [' FROM stdin', 'copy'],
  ['UPDATE ', 'update'],
  ['CREATE TABLE', 'create'],
  ['CREATE UNLOGGED TABLE', 'create'],
];

const SHORT_HEAD = 1024; // bytes of a statement before its rows, as most are
const MAX_HEAD = 16 * 1024; // the longest, and the longest declaration
const MOST_LONG = 1000; // heads of one file that are read at that length in vain
const MOST_WORDS = 5; // of a statement before the table's name
const COPY_BEFORE = 4096; // bytes of names before `FROM stdin`
const COPY_BEHIND = 64; // bytes from there to the line's end
const LF = 0x0a;
const LETTER_C = 0x63;
const MOST_TABLES = 1000; // declared in one file
const SEPARATED = /\.(?:csv|tsv|tab)$/i;
const SEPARATORS = [',', ';', '\t', '|'];

/** Reused from file to file: `begin`, then whatever comes, in rising order. */
export class TableText {
  #onValue: OnRowValue;
  #declared = new Map<string, readonly string[]>();
  #rows: RowReader | undefined;
  /** Where the rows at hand have been read to: bytes from the start of the file. */
  #next = 0;
  #separated = false;
  #longLeft = MOST_LONG;

  constructor(onValue: OnRowValue) {
    this.#onValue = onValue;
  }

  begin(path: string): void {
    if (this.#declared.size > 0) this.#declared.clear();
    this.#rows = undefined;
    this.#next = 0;
    this.#longLeft = MOST_LONG;
    this.#separated = SEPARATED.test(path);
  }

  /** Goes on with rows up to `to`; `bytes` begin at `start` in the file. */
  feed(bytes: Uint8Array, to: number, start: number): void {
    if (start === 0 && this.#separated) {
      this.#separated = false;
      this.#header(bytes);
    }
    if (!this.#rows) return;
    const { at, ended } = this.#rows.feed(bytes, Math.max(0, this.#next - start), to, start);
    this.#next = start + at;
    if (ended) this.#rows = undefined;
  }

  /** A trigger's text begins at `at`. */
  statement(what: TableStatement, bytes: Uint8Array, at: number, to: number, start: number): void {
    if (start + at < this.#next) return; // within a row
    if (what === 'create') {
      this.#declare(bytes, at, start);
      return;
    }
    if (what === 'update') {
      updatedValue(bytes, at, start, this.#onValue);
      return;
    }
    const head = what === 'copy' ? copyHead(bytes, at) : this.#insertHead(bytes, at);
    if (!head) return;
    const names = head.columns ?? this.#declared.get(head.table.toLowerCase());
    const columns = names && new TableColumns(head.table, names);
    this.#next = start + head.end;
    if (!columns?.telling) return;
    this.#rows =
      what === 'copy'
        ? new DelimitedRows(columns, COPY_LINES, this.#onValue)
        : new TupleRows(columns, head.backslashes, this.#onValue);
    this.feed(bytes, Math.max(to, head.end), start);
  }

  #insertHead(bytes: Uint8Array, at: number): Head | undefined {
    const head = insertHead(charactersOf(bytes, at, Math.min(bytes.length, at + SHORT_HEAD)), at);
    if (head || this.#longLeft <= 0) return head;
    const long = insertHead(charactersOf(bytes, at, Math.min(bytes.length, at + MAX_HEAD)), at);
    if (!long) this.#longLeft--;
    return long;
  }

  /** The file ends. */
  end(): void {
    this.#rows?.end();
    this.#rows = undefined;
  }

  #declare(bytes: Uint8Array, at: number, start: number): void {
    if (this.#longLeft <= 0 || this.#declared.size >= MOST_TABLES) return;
    const table = declaredTable(charactersOf(bytes, at, Math.min(bytes.length, at + MAX_HEAD)), 0);
    if (!table) {
      this.#longLeft--;
      return;
    }
    this.#declared.set(table.name.toLowerCase(), table.columns);
    this.#next = start + at + table.end;
  }

  /** The first line of a file of separated values. */
  #header(bytes: Uint8Array): void {
    const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    const text = charactersOf(bytes, mark, Math.min(bytes.length, MAX_HEAD));
    const end = text.indexOf('\n');
    if (end < 0) return;
    const line = text.slice(0, end).trimEnd();
    const names = SEPARATORS.map((separator) => fieldsOf(line, separator));
    const most = names.reduce((a, b) => (b.length > a.length ? b : a));
    const columns = new TableColumns('', most);
    // Lists of words have columns of passwords too, but nobody's.
    if (most.length < 2 || !columns.telling || !(columns.hasAccounts || columns.isPairs)) return;
    const separator = SEPARATORS[names.indexOf(most)] ?? ',';
    const form: Delimited = { separator: separator.charCodeAt(0), quotes: true, copy: false };
    this.#rows = new DelimitedRows(columns, form, this.#onValue);
    this.#next = mark + end + 1;
  }
}

function fieldsOf(line: string, separator: string): string[] {
  return line.split(separator).map((field) => field.trim().replace(/^"(.*)"$/, '$1'));
}

interface Head {
  table: string;
  /** Undefined where the statement names none. */
  columns: string[] | undefined;
  backslashes: boolean;
  /** Where the rows begin in the bytes at hand. */
  end: number;
}

/** `INSERT INTO t (a, b) VALUES` at the beginning of a text, which stands at `at`. */
function insertHead(text: string, at: number): Head | undefined {
  const lexer = new SqlLexer(text, 0, false);
  for (let words = 0; words < MOST_WORDS; words++)
    if (!lexer.takes('INSERT', 'REPLACE', 'INTO', 'OR', 'IGNORE', 'ROLLBACK', 'ABORT', 'FAIL'))
      break;
  const before = lexer.at;
  const table = lexer.name();
  if (table === undefined) return undefined;
  // MySQL's dumps put names in backquotes.
  const backslashes = text.slice(before, lexer.at).includes('`');
  const columns = lexer.takes('(') ? namesIn(lexer) : undefined;
  if (lexer.takes('OVERRIDING') && lexer.takes('SYSTEM', 'USER')) lexer.takes('VALUE');
  return lexer.takes('VALUES', 'VALUE')
    ? { table, columns, backslashes, end: at + lexer.at }
    : undefined;
}

/** `COPY t (a, b) FROM stdin;`, of which `at` is where ` FROM` stands. */
function copyHead(bytes: Uint8Array, at: number): Head | undefined {
  const line = bytes.subarray(Math.max(0, at - COPY_BEFORE), at);
  const begin = line.lastIndexOf(LF) + 1;
  const behind = bytes.subarray(at, at + COPY_BEHIND).indexOf(LF);
  if (((line[begin] ?? 0) | 0x20) !== LETTER_C || behind < 0) return undefined;
  const lexer = new SqlLexer(charactersOf(line, begin, line.length), 0, false);
  if (!lexer.takes('COPY')) return undefined;
  const table = lexer.name();
  if (table === undefined) return undefined;
  const columns = lexer.takes('(') ? namesIn(lexer) : undefined;
  return { table, columns, backslashes: false, end: at + behind + 1 };
}

/** Names with commas between them, up to the closing bracket. */
function namesIn(lexer: SqlLexer): string[] {
  const names: string[] = [];
  for (;;) {
    const name = lexer.name();
    if (name === undefined) return names;
    names.push(name);
    if (!lexer.takes(',')) {
      lexer.takes(')');
      return names;
    }
  }
}
