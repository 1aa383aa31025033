/** `UPDATE settings SET value = '…' WHERE name = 'smtp_password'`: a row of keys and values, named by its key. */
import { charactersOf } from '../archive/plain-text.ts';
import { bytesText } from '../python/values.ts';
import { sqlText } from './sql-lexer.ts';
import { TableColumns } from './table-columns.ts';
import type { OnRowValue } from './table-rows.ts';

const HEAD = 160; // bytes of a statement up to `SET`, which tells it from prose
const REACH = 4096; // bytes of a statement
const STATEMENT =
  /^UPDATE\s{1,8}[`"[]?(?:[\w-]{1,64}[`"\]]?\.[`"[]?)?([\w-]{1,64})[`"\]]?\s{1,8}SET\s{1,8}[`"[]?\w{1,64}[`"\]]?\s{0,8}=/i;
/** A column and a string, or the statement's end, or the next one. */
const COMPARED =
  /(?<!\w)(\w{1,64})[`"\]]?\s{0,8}=\s{0,8}N?'((?:[^'\\]|\\.|''){0,4096})'|;|(?<=.)\bUPDATE\s/gis;

/** Reads the statement at `at` of the bytes, which begin at `start` in the file. */
export function updatedValue(
  bytes: Uint8Array,
  at: number,
  start: number,
  onValue: OnRowValue,
): void {
  const table = STATEMENT.exec(charactersOf(bytes, at, Math.min(bytes.length, at + HEAD)))?.[1];
  if (table === undefined) return;
  const names: string[] = [];
  const values: { written: string; from: number; length: number }[] = [];
  for (const found of charactersOf(bytes, at, Math.min(bytes.length, at + REACH)).matchAll(
    COMPARED,
  )) {
    const { 0: whole, 1: name, 2: { length } = '', index } = found;
    if (name === undefined) break;
    const from = at + index + whole.length - 1 - length;
    names.push(name);
    values.push({ written: bytesText(bytes.subarray(from, from + length)), from, length });
  }
  const columns = new TableColumns(table, names);
  const key = values[columns.keyColumn];
  values.forEach(({ written, from, length }, column) => {
    if (!key || !columns.isValue(column)) return;
    const name = columns.nameOf(column, sqlText(key.written, true));
    const value = sqlText(written, true);
    const { context } = columns;
    onValue({ name, value, written, at: start + from, length, hash: false, context });
  });
}
