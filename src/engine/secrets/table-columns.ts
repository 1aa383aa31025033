/**
 * What a table's columns say of the values in its rows, be they of a database, a dump of one, or a file of
 * comma-separated values: a column names its values, and in a table of keys and values the key does.
 */
import { type NameKind, secretKind } from './names.ts';
import { isPasswordHash } from './not-secrets.ts';
import { keyName } from './structured/placed-values.ts';

/** Columns that hold a setting's name, and those that hold what it is set to. */
const KEY_COLUMN =
  /^(?:key|name|k|path|variable|property|attribute|setting|param(?:eter)?|identifier|slug|(?:option|meta|setting|config|conf|variable|var|param(?:eter)?|property|attribute|attr|item|entry)_?(?:key|name|id))$/i;
const VALUE_COLUMN =
  /^(?:value|val|v|secret_?string|(?:option|meta|setting|config|conf|variable|var|param(?:eter)?|property|attribute|attr|item|entry|string|text)_?value)$/i;
/** Columns of an account, beside which a password is one that opens something. */
const ACCOUNT_COLUMN =
  /user|login|mail|account|url|uri|host|site|server|machine|domain|address|^name$|^title$|access.?key.?id/i;
/** Seeds of one-time passwords, as password managers name them. */
const SEED = /(?:^|_)(?:totp|otp_?auth|otp_?secret)$/i;
const USERS_TABLE = /user|account|member|admin|customer|person|people|auth|login/i;
const HASH_COLUMN = /pass|pw|hash|crypt|scram|digest/i;
/** Hex digits of the common digests. */
const DIGEST_LENGTHS = new Set([32, 40, 48, 56, 64, 96, 100, 128]);
const GRAFANA_LENGTH = 100; // of what it derives from passwords and from keys
const MAX_KEY = 128;

/** What a column, or the key in its row, says of a value. */
export interface ColumnName {
  column: number;
  name: string;
  /** Where it stands, in words. */
  where: string;
}

/** The columns of one table. */
export class TableColumns {
  readonly names: readonly string[];
  /** Names beside a value that may say whose it is. */
  readonly context: string[];
  readonly #table: string;
  readonly #key: number;
  readonly #value: number;
  readonly #columns: readonly ColumnName[];
  readonly #ofTable: string;

  /** `table` may be empty, as that of a file that is one table. */
  constructor(table: string, names: readonly string[]) {
    this.#table = table;
    this.names = names;
    this.#key = names.findIndex((name) => KEY_COLUMN.test(name.trim()));
    this.#value = names.findIndex((name) => VALUE_COLUMN.test(name.trim()));
    this.#ofTable = table === '' ? '' : ` of the table ${table}`;
    this.#columns = names.map((name, column) => ({
      column,
      name: ownName(table, name.trim()),
      where: `in the column ${name.trim()}${this.#ofTable}`,
    }));
    this.context = table === '' ? [] : [table];
  }

  /** Whether a value in any of the columns may be named as a secret. */
  get telling(): boolean {
    return this.isPairs || this.#columns.some(({ name }) => columnKind(name) !== undefined);
  }

  /** Whether its rows are keys and values. */
  get isPairs(): boolean {
    return this.#key >= 0 && this.#value >= 0;
  }

  /** The column whose values name those of others in their rows; -1 where there is none. */
  get keyColumn(): number {
    return this.isPairs ? this.#key : -1;
  }

  /** Whether an account stands beside what else is in a row. */
  get hasAccounts(): boolean {
    return this.names.some((name) => ACCOUNT_COLUMN.test(name) && !columnKind(name.trim()));
  }

  /** Whether the values of a column may be secrets by their name. */
  mayName(column: number): boolean {
    if (this.isValue(column)) return true;
    return columnKind(this.#columns[column]?.name ?? '') !== undefined;
  }

  /** Whether a column holds what a key beside it is set to. */
  isValue(column: number): boolean {
    return column === this.#value && this.isPairs;
  }

  /** What names a value; `key` is what stands in the key column of its row. */
  nameOf(column: number, key: string | undefined): ColumnName {
    if (this.isValue(column) && key !== undefined && key.length <= MAX_KEY) {
      const name = key.trim();
      return { column, name: keyName(name), where: `in the row ${name}${this.#ofTable}` };
    }
    return this.#columns[column] ?? { column, name: '', where: '' };
  }

  /** Whether a column may hold hashes of passwords. */
  mayHash(column: number): boolean {
    return HASH_COLUMN.test(this.names[column] ?? '');
  }

  /** Whether what stands in a column is the hash of a password, as nearly all tables of users have it. */
  isHash(column: number, value: string): boolean {
    if (isPasswordHash(value)) return true;
    if (!DIGEST_LENGTHS.has(value.length) || !/^[0-9a-f]+$/i.test(value)) return false;
    if (value.length === GRAFANA_LENGTH) return true;
    return USERS_TABLE.test(this.#table) && /^pass|^pw/i.test(this.names[column] ?? '');
  }
}

/** The kind of secret in a column; `login` takes a password in a call, and is an account in a table. */
function columnKind(name: string): NameKind | undefined {
  return /^login$/i.test(name) ? undefined : secretKind(name);
}

/** A column's name, with its table's where it says too little by itself. */
function ownName(table: string, column: string): string {
  if (SEED.test(column.replace(/\s+/g, '_'))) return `${column} secret`;
  return /^(?:key|hash)$/i.test(column) && table !== '' ? `${table}.${column}` : keyName(column);
}
