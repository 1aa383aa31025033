/**
 * A large plain layer in parts, for several workers at once. Where a part's first entry begins is found by
 * looking for a header; that it was one, and no file's content that looks like it, is known only once the
 * part before has come there by itself. If it has not, the stretch is scanned again from where it belongs.
 */
import { BLOCK } from '../archive/tar-fields.ts';
import { release } from '../archive/read-blob.ts';
import { type EntryTable, tableBuffers } from '../image/entry-table.ts';
import type { Layer } from '../image/model.ts';
import { joinBytecodeFiles } from './bytecode-files.ts';
import { type ContentRest, stretchesOf } from './content-rest.ts';
import { addLedger } from './ledger.ts';
import type { LayerScan } from './scan-layer.ts';

/** A stretch of a layer, in bytes from its start. */
export interface LayerPart {
  layer: Layer;
  start: number;
  end: number;
  /** Whether an entry is known to begin at `start`. */
  exact: boolean;
  /** Set where it is no stretch of entries, but of one large file's content. */
  content?: ContentRest;
}

/** The scan of the entries that begin in a part. */
export interface LayerPartScan {
  scan: LayerScan;
  /** Where the first of them begins; undefined where none was found. */
  first: number | undefined;
  /** Where the first entry behind the part begins; undefined where the tar ended before. */
  next: number | undefined;
  /** What was left of a large file that goes on behind the part. */
  rest: ContentRest | undefined;
}

/** Bytes below which a part is not worth looking for its first entry. */
const SMALLEST_PART = 32 << 20;
/** Parts for each worker: the smaller they are, the less one waits for the others at the end. */
const PARTS_EACH = 4;
/** Bytes from which on the rest of one file is left to other workers. */
export const SMALLEST_REST = 64 << 20;

/** How many parts a plain layer of so many bytes is scanned in. */
export function partCount(size: number, workers: number, smallest = SMALLEST_PART): number {
  return workers < 2 ? 1 : Math.max(1, Math.min(workers * PARTS_EACH, Math.floor(size / smallest)));
}

/** The parts a layer is scanned in by `workers` workers: one where it cannot or need not be split. */
export function partsOf(layer: Layer, workers: number, smallest = SMALLEST_PART): LayerPart[] {
  const whole = { layer, start: 0, end: Infinity, exact: true };
  const plain = layer.compression === 'none' && !layer.insideCompressed && !layer.unreadable;
  // A digest that is not known is computed over the whole.
  if (!plain || layer.digest === '') return [whole];
  const wanted = partCount(layer.size, workers, smallest);
  if (wanted < 2) return [whole];
  const size = Math.ceil(layer.size / wanted / BLOCK) * BLOCK;
  return Array.from({ length: wanted }, (_, i) => ({
    layer,
    start: i * size,
    end: i === wanted - 1 ? Infinity : (i + 1) * size,
    exact: i === 0,
  }));
}

/** Gathers the parts of one layer until all are there and fit. */
export class PartsOfLayer {
  #parts: { part: LayerPart; scanned: LayerPartScan | undefined }[];
  #workers: number;
  #smallest: number;
  /** The scan of all entries, once only stretches of large files are still to come. */
  #scan: LayerScan | undefined;
  #contents = new Map<LayerPart, LayerPartScan | undefined>();

  constructor(parts: readonly LayerPart[], workers: number, smallest = SMALLEST_REST) {
    this.#parts = parts.map((part) => ({ part, scanned: undefined }));
    this.#workers = workers;
    this.#smallest = smallest;
  }

  /** Takes a part's scan. The layer's, once it is whole; or what is to be scanned besides. */
  add(part: LayerPart, scanned: LayerPartScan): { scan?: LayerScan; again?: LayerPart[] } {
    if (part.content) {
      this.#contents.set(part, scanned);
      return this.#withContents();
    }
    const own = this.#parts.find((one) => one.part === part);
    if (own) own.scanned = scanned;
    const done = this.#parts.flatMap((one) =>
      one.scanned ? [{ part: one.part, scanned: one.scanned }] : [],
    );
    if (done.length < this.#parts.length) return {};
    const joined = joinParts(done);
    if ('again' in joined) {
      this.#parts[joined.at] = { part: joined.again, scanned: undefined };
      return { again: [joined.again] };
    }
    this.#scan = joined.scan;
    const again = joined.rests.flatMap((rest) =>
      stretchesOf(rest, this.#workers, this.#smallest).map((content): LayerPart => {
        const { from: start, to: end } = content;
        return { layer: part.layer, start, end, exact: true, content };
      }),
    );
    for (const one of again) this.#contents.set(one, undefined);
    return again.length > 0 ? { again } : this.#withContents();
  }

  #withContents(): { scan?: LayerScan } {
    const scan = this.#scan;
    const contents = [...this.#contents.values()];
    if (!scan || contents.includes(undefined)) return {};
    const found = contents.flatMap((one) => one?.scan.detections ?? []);
    if (found.length > 0)
      scan.detections = scan.detections.concat(found).sort((a, b) => a.row - b.row);
    const told = new Set(scan.problems.map(({ code, path }) => `${code} ${path}`));
    for (const problem of contents.flatMap((one) => one?.scan.problems ?? [])) {
      const key = `${problem.code} ${problem.path}`;
      if (!told.has(key)) scan.problems.push(problem);
      told.add(key);
    }
    return { scan };
  }
}

/**
 * Joins parts in their order. Where one did not begin where the one before it ended, gives the stretch that
 * is to be scanned in its stead; call again with its scan in that place.
 */
function joinParts(
  parts: readonly { part: LayerPart; scanned: LayerPartScan }[],
): { scan: LayerScan; rests: ContentRest[] } | { again: LayerPart; at: number } {
  const fitting: LayerScan[] = [];
  const rests: ContentRest[] = [];
  let rows = 0;
  let next: number | undefined = 0;
  for (const [at, { part, scanned }] of parts.entries()) {
    if (next === undefined) break;
    // The entry before reaches over all of this part.
    if (next >= part.end) continue;
    if (scanned.first !== next) return { again: { ...part, start: next, exact: true }, at };
    if (scanned.rest) rests.push({ ...scanned.rest, row: scanned.rest.row + rows });
    rows += scanned.scan.table.count;
    fitting.push(scanned.scan);
    next = scanned.next;
  }
  return { scan: joinScans(fitting), rests };
}

function joinScans(scans: readonly LayerScan[]): LayerScan {
  const [whole, ...rest] = scans as [LayerScan, ...LayerScan[]];
  const tables = [whole.table];
  const bytecode = [{ files: whole.bytecode, rows: 0 }];
  let rows = whole.table.count;
  for (const scan of rest) {
    for (const found of scan.detections) found.row += rows;
    whole.detections = whole.detections.concat(scan.detections);
    bytecode.push({ files: scan.bytecode, rows });
    whole.javaPackages = whole.javaPackages.concat(scan.javaPackages);
    whole.problems = whole.problems.concat(scan.problems);
    addLedger(whole.ledger, scan.ledger);
    tables.push(scan.table);
    rows += scan.table.count;
  }
  if (rest.length === 0) return whole;
  whole.table = joinTables(tables);
  whole.bytecode = joinBytecodeFiles(bytecode);
  // The parts' own columns would lie about until they are collected.
  release([...tables, ...bytecode.map(({ files }) => files)].flatMap(tableBuffers));
  return whole;
}

type Column = 'kind' | 'mode' | 'uid' | 'gid' | 'size' | 'mtime' | 'dataOffset' | 'stored';
const COLUMNS: readonly Column[] = [
  'kind',
  'mode',
  'uid',
  'gid',
  'size',
  'mtime',
  'dataOffset',
  'stored',
];

function joinTables(tables: readonly EntryTable[]): EntryTable {
  const [only] = tables as [EntryTable];
  const count = tables.reduce((sum, table) => sum + table.count, 0);
  const joined = { count } as EntryTable;
  for (const column of COLUMNS) {
    const Kind = only[column].constructor as new (length: number) => Float64Array;
    const out = new Kind(count);
    let at = 0;
    for (const table of tables) {
      out.set(table[column], at);
      at += table.count;
    }
    (joined as unknown as Record<Column, Float64Array>)[column] = out;
  }
  for (const [bytes, ends] of [
    ['nameBytes', 'nameEnds'],
    ['linkBytes', 'linkEnds'],
  ] as const) {
    joined[bytes] = new Uint8Array(tables.reduce((sum, table) => sum + table[bytes].length, 0));
    joined[ends] = new Uint32Array(count);
    let byte = 0;
    let row = 0;
    for (const table of tables) {
      joined[bytes].set(table[bytes], byte);
      for (let i = 0; i < table.count; i++) joined[ends][row++] = byte + (table[ends][i] as number);
      byte += table[bytes].length;
    }
  }
  return joined;
}
