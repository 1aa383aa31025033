/**
 * What databases say of their tables, kept for the write-ahead logs beside them: a log has pages with rows, and
 * seldom the page that says what they are.
 */
import type { TableColumns } from '../table-columns.ts';
import type { Encoding, Pages } from './sqlite-pages.ts';

/** A table whose rows are read. */
export interface Table {
  columns: TableColumns;
  /** For each value of a record its column; the primary key comes first in tables without row IDs. */
  order: readonly number[];
}

/** A table, or an index over one. */
export interface SchemaEntry {
  table: Table;
  index: boolean;
}

/** One database. */
export interface Schema extends Pick<Pages, 'size' | 'usable'> {
  encoding: Encoding;
  /** By the number of the page that each tree begins with. */
  roots: ReadonlyMap<number, SchemaEntry>;
  /** For each page by its number that of its tree's first one; 0 where it is in none. */
  owners: Uint32Array;
}

const MOST_KEPT = 8; // databases: a log comes right behind its own
const LOG = /-wal$/;

/** The schemas of the last databases that have logs, by their paths. */
export class SqliteSchemas {
  #byPath = new Map<string, Schema>();

  keep(path: string, schema: Schema): void {
    this.#byPath.delete(path);
    this.#byPath.set(path, schema);
    const [first] = this.#byPath.keys();
    if (this.#byPath.size > MOST_KEPT && first !== undefined) this.#byPath.delete(first);
  }

  /** That of the database whose log stands at `path`. */
  ofLog(path: string): Schema | undefined {
    return LOG.test(path) ? this.#byPath.get(path.replace(LOG, '')) : undefined;
  }
}
