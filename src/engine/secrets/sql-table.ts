/** The columns that a `CREATE TABLE` statement declares, in the dialects of SQLite, MySQL and PostgreSQL. */
import { SqlLexer, type SqlToken } from './sql-lexer.ts';

/** A table as it was declared. */
export interface DeclaredTable {
  name: string;
  /** Columns that are stored, in their order; virtual ones are computed when they are asked for. */
  columns: string[];
  /** Columns of the primary key. */
  primaryKey: string[];
  /** A table of SQLite that is kept as an index over its primary key. */
  withoutRowid: boolean;
  /** Where the statement's brackets end in the text. */
  end: number;
}

const MOST_COLUMNS = 2000; // SQLite's own bound

/** The statement that begins at `at`; undefined where it declares no columns. */
export function declaredTable(text: string, at: number): DeclaredTable | undefined {
  const lexer = new SqlLexer(text, at, false);
  if (!lexer.takes('CREATE')) return undefined;
  while (lexer.takes('TEMP', 'TEMPORARY', 'GLOBAL', 'LOCAL', 'UNLOGGED'));
  if (!lexer.takes('TABLE')) return undefined;
  if (lexer.takes('IF')) while (lexer.takes('NOT', 'EXISTS'));
  const name = lexer.name();
  if (name === undefined || !lexer.takes('(')) return undefined;
  const table: DeclaredTable = { name, columns: [], primaryKey: [], withoutRowid: false, end: at };
  while (table.columns.length < MOST_COLUMNS) {
    const definition = definitionAt(lexer);
    if (definition.tokens.length > 0) define(table, lexer, definition.tokens);
    if (!definition.more) break;
  }
  table.end = lexer.at;
  table.withoutRowid = /^[^;]{0,64}?\bWITHOUT\s{1,8}ROWID\b/i.test(
    text.slice(lexer.at, lexer.at + 80),
  );
  return table.columns.length > 0 ? table : undefined;
}

/** The tokens up to the comma or bracket that ends a definition. */
function definitionAt(lexer: SqlLexer): { tokens: SqlToken[]; more: boolean } {
  const tokens: SqlToken[] = [];
  for (let depth = 0; ;) {
    const token = lexer.next();
    if (!token) return { tokens, more: false };
    const sign = token.kind === 'sign' ? lexer.inner(token) : '';
    if (depth === 0 && (sign === ',' || sign === ')')) return { tokens, more: sign === ',' };
    if (sign === '(') depth++;
    else if (sign === ')') depth--;
    tokens.push(token);
  }
}

function define(table: DeclaredTable, lexer: SqlLexer, tokens: readonly SqlToken[]): void {
  const words = tokens.map((token) =>
    token.kind === 'word' || token.kind === 'sign' ? lexer.inner(token).toUpperCase() : '',
  );
  const primary = words.findIndex((word, i) => word === 'PRIMARY' && words[i + 1] === 'KEY');
  if (isConstraint(words, tokens)) {
    if (primary >= 0) table.primaryKey = listed(lexer, tokens.slice(primary + 2));
    return;
  }
  const name = lexer.inner(tokens[0] as SqlToken);
  const generated = words.findIndex((word, i) => word === 'AS' && words[i + 1] === '(');
  if (generated > 0 && !words.includes('STORED')) return;
  table.columns.push(name);
  if (primary > 0) table.primaryKey = [name];
}

/** Whether a definition is a constraint or an index rather than a column. */
function isConstraint(words: readonly string[], tokens: readonly SqlToken[]): boolean {
  const [first = '', second = ''] = words;
  if (first === 'CONSTRAINT' || first === 'FULLTEXT' || first === 'SPATIAL') return true;
  if (first === 'PRIMARY' || first === 'FOREIGN') return second === 'KEY';
  if (first === 'UNIQUE') return second === '(' || second === 'KEY' || second === 'INDEX';
  if (first === 'CHECK' || first === 'EXCLUDE' || first === 'LIKE') return true;
  if (first !== 'KEY' && first !== 'INDEX') return false;
  // A column may be called so: then what stands in brackets is its length.
  const open = words.indexOf('(');
  return open > 0 && open <= 2 && tokens[open + 1]?.kind !== 'number';
}

/** The names in the first brackets. */
function listed(lexer: SqlLexer, tokens: readonly SqlToken[]): string[] {
  const names: string[] = [];
  let expected = false;
  for (const token of tokens) {
    const text = lexer.inner(token);
    if (token.kind === 'sign') {
      if (text === ')') break;
      expected = text === '(' || text === ',';
    } else if (expected) {
      names.push(text);
      expected = false;
    }
  }
  return names;
}
