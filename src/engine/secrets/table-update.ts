/** `UPDATE settings SET value = '…' WHERE name = 'smtp_password'`: a row of keys and values, named by its key. */
import { bytesText } from '../python/values.ts';
import { SqlLexer, sqlText } from './sql-lexer.ts';
import { TableColumns } from './table-columns.ts';
import type { OnRowValue } from './table-rows.ts';
import { latin1 } from './text-windows.ts';

const SHORTEST = 'UPDATE a SET '.length;
const HEAD = 160; // bytes of a statement up to `SET`, which tells it from prose
const REACH = 4096; // bytes of a statement
const STATEMENT = /^UPDATE\s{1,8}[^\s;]{1,128}\s{1,8}SET\s/i;
const MOST_ASSIGNED = 32;

/** Reads the statement at `at` of the bytes, which begin at `start` in the file. */
export function updatedValue(
  bytes: Uint8Array,
  at: number,
  start: number,
  onValue: OnRowValue,
): void {
  if (bytes.length - at < SHORTEST) return;
  if (!STATEMENT.test(latin1(bytes, at, Math.min(bytes.length, at + HEAD)))) return;
  const text = latin1(bytes, at, Math.min(bytes.length, at + REACH));
  const lexer = new SqlLexer(text, 'UPDATE'.length, /^UPDATE\s+`/i.test(text));
  const table = lexer.name() ?? '';
  lexer.takes('SET');
  const assigned = comparisons(lexer, ',');
  if (!lexer.takes('WHERE')) return;
  const wanted = comparisons(lexer, 'AND');
  const both = [...wanted, ...assigned];
  const columns = new TableColumns(
    table,
    both.map(({ column }) => column),
  );
  const key = both[columns.keyColumn];
  const index = both.findIndex((_, i) => i >= wanted.length && columns.isValue(i));
  const value = both[index];
  if (!key || !value) return;
  onValue({
    name: columns.nameOf(index, key.text),
    value: value.text,
    written: bytesText(bytes.subarray(at + value.from, at + value.to)),
    at: start + at + value.from,
    length: value.to - value.from,
    hash: false,
    context: columns.context,
  });
}

interface Comparison {
  column: string;
  text: string;
  from: number;
  to: number;
}

/** `a = 'b'` with a word or sign between them; what is compared with no string is passed over. */
function comparisons(lexer: SqlLexer, between: ',' | 'AND'): Comparison[] {
  const found: Comparison[] = [];
  for (let i = 0; i < MOST_ASSIGNED; i++) {
    const column = lexer.name();
    if (column === undefined || !lexer.takes('=')) return found;
    const value = lexer.next();
    if (!value) return found;
    const { from, to } = value;
    if (value.kind === 'string' || value.kind === 'quoted')
      found.push({ column, text: bytesOf(lexer, from, to), from, to });
    // A call's arguments.
    else while (lexer.takes('(') || lexer.takes(')'));
    if (!lexer.takes(between)) return found;
  }
  return found;
}

function bytesOf({ text, backslashes }: SqlLexer, from: number, to: number): string {
  const bytes = Uint8Array.from(text.slice(from, to), (letter) => letter.charCodeAt(0));
  return sqlText(bytesText(bytes), backslashes);
}
