/**
 * A large plain layer in parts, for several workers at once. Where a part's first entry begins is found by
 * looking for a header; that it was one, and no file's content that looks like it, is known only once the
 * part before has come there by itself. If it has not, the stretch is scanned again from where it belongs.
 */
import { type ByteSource, readBlob } from '../archive/read-blob.ts';
import { BLOCK, checksumHolds, number } from '../archive/tar-fields.ts';
import type { EntryTable } from '../image/entry-table.ts';
import type { Layer } from '../image/model.ts';
import { addLedger } from './ledger.ts';
import { type LayerProgress, type LayerScan, scanLayer, scanLayerStretch } from './scan-layer.ts';

/** A stretch of a layer, in bytes from its start. */
export interface LayerPart {
  layer: Layer;
  start: number;
  end: number;
  /** Whether an entry is known to begin at `start`. */
  exact: boolean;
}

/** The scan of the entries that begin in a part. */
export interface LayerPartScan {
  scan: LayerScan;
  /** Where the first of them begins; undefined where none was found. */
  first: number | undefined;
  /** Where the first entry behind the part begins; undefined where the tar ended before. */
  next: number | undefined;
}

const SMALLEST_PART = 64 << 20;
const LOOK_BACK = 64 << 10; // extended headers before an entry that begins behind a part's start

/** The parts a layer is scanned in by `workers` workers: one where it cannot or need not be split. */
export function partsOf(layer: Layer, workers: number, smallest = SMALLEST_PART): LayerPart[] {
  const whole = { layer, start: 0, end: Infinity, exact: true };
  const plain = layer.compression === 'none' && !layer.wrapped && !layer.unreadable;
  // A digest that is not known is computed over the whole.
  if (!plain || layer.digest === '' || workers < 2) return [whole];
  const wanted = Math.min(workers * 2, Math.floor(layer.size / smallest));
  if (wanted < 2) return [whole];
  const size = Math.ceil(layer.size / wanted / BLOCK) * BLOCK;
  return Array.from({ length: wanted }, (_, i) => ({
    layer,
    start: i * size,
    end: i === wanted - 1 ? Infinity : (i + 1) * size,
    exact: i === 0,
  }));
}

/** Scans one part. Damage becomes problems; only errors of reading the file itself are thrown. */
export async function scanLayerPart(
  file: ByteSource,
  part: LayerPart,
  onProgress: (progress: LayerProgress) => void = () => undefined,
): Promise<LayerPartScan> {
  const { layer, start, end, exact } = part;
  if (start === 0 && end === Infinity) {
    return { scan: await scanLayer(file, layer, onProgress), first: 0, next: undefined };
  }
  const first = exact ? start : await findEntry(file, layer, start, Math.min(end, layer.size));
  const { scan, next } = await scanLayerStretch(
    file,
    layer,
    first ?? layer.size,
    first === undefined ? layer.size : end,
    onProgress,
  );
  return { scan, first, next };
}

/**
 * Joins parts in their order. Where one did not begin where the one before it ended, gives the stretch that
 * is to be scanned in its stead; call again with its scan in that place.
 */
function joinParts(
  parts: readonly { part: LayerPart; scanned: LayerPartScan }[],
): { scan: LayerScan } | { again: LayerPart; at: number } {
  const fitting: LayerScan[] = [];
  let next: number | undefined = 0;
  for (const [at, { part, scanned }] of parts.entries()) {
    if (next === undefined) break;
    // The entry before reaches over all of this part.
    if (next >= part.end) continue;
    if (scanned.first !== next) return { again: { ...part, start: next, exact: true }, at };
    fitting.push(scanned.scan);
    next = scanned.next;
  }
  return { scan: joinScans(fitting) };
}

function joinScans(scans: readonly LayerScan[]): LayerScan {
  const [whole, ...rest] = scans as [LayerScan, ...LayerScan[]];
  const tables = [whole.table];
  let rows = whole.table.count;
  for (const scan of rest) {
    for (const found of [...scan.detections, ...scan.bytecode]) found.row += rows;
    whole.detections.push(...scan.detections);
    whole.bytecode.push(...scan.bytecode);
    whole.problems.push(...scan.problems);
    whole.unpacked += scan.unpacked;
    addLedger(whole.ledger, scan.ledger);
    tables.push(scan.table);
    rows += scan.table.count;
  }
  whole.table = joinTables(tables);
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
  if (tables.length === 1) return only;
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

/** The first entry that begins at or behind `start`, as far as headers show; undefined where none is seen. */
async function findEntry(
  file: ByteSource,
  layer: Layer,
  start: number,
  end: number,
): Promise<number | undefined> {
  const from = Math.max(0, start - LOOK_BACK);
  let held = new Uint8Array(0);
  let heldAt = from;
  let groupEnd = -1; // where the entry begins that extended headers before `start` belong to
  for await (const piece of readBlob(file, layer.start + from, layer.start + layer.size)) {
    const joined = new Uint8Array(held.length + piece.length);
    joined.set(held);
    joined.set(piece, held.length);
    let at = 0;
    for (; at + BLOCK <= joined.length; at += BLOCK) {
      const block = joined.subarray(at, at + BLOCK);
      if (!isHeader(block)) continue;
      const here = heldAt + at;
      const size = number(block, 124, 12) ?? 0;
      const behind = here + BLOCK + Math.ceil(size / BLOCK) * BLOCK;
      if (here < start) {
        if (isExtended(block)) groupEnd = behind;
        else if (here === groupEnd) groupEnd = -1;
        continue;
      }
      // This entry's extended headers stand before the part: it is the part's before.
      if (here === groupEnd) {
        if (!isExtended(block)) return behind < end ? behind : undefined;
        groupEnd = behind;
        continue;
      }
      return here;
    }
    heldAt += at;
    held = joined.slice(at);
    if (heldAt >= end) return undefined;
  }
  return undefined;
}

/** A header with a magic; older tars have none, and are not split. */
function isHeader(block: Uint8Array): boolean {
  return (
    block[257] === 0x75 &&
    block[258] === 0x73 &&
    block[259] === 0x74 &&
    block[260] === 0x61 &&
    block[261] === 0x72 &&
    checksumHolds(block)
  );
}

function isExtended(block: Uint8Array): boolean {
  return 'xgLKXN'.includes(String.fromCharCode(block[156] as number));
}

/** Gathers the parts of one layer until all are there and fit. */
export class PartsOfLayer {
  #parts: { part: LayerPart; scanned: LayerPartScan | undefined }[];

  constructor(parts: readonly LayerPart[]) {
    this.#parts = parts.map((part) => ({ part, scanned: undefined }));
  }

  /** Takes a part's scan. The layer's, once it is whole; or a stretch to be scanned in a part's stead. */
  add(part: LayerPart, scanned: LayerPartScan): { scan?: LayerScan; again?: LayerPart } {
    const own = this.#parts.find((one) => one.part === part);
    if (own) own.scanned = scanned;
    const done = this.#parts.flatMap((one) =>
      one.scanned ? [{ part: one.part, scanned: one.scanned }] : [],
    );
    if (done.length < this.#parts.length) return {};
    const joined = joinParts(done);
    if ('scan' in joined) return joined;
    this.#parts[joined.at] = { part: joined.again, scanned: undefined };
    return { again: joined.again };
  }
}
