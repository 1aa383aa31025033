/**
 * The pages of an SQLite 3 database or of its write-ahead log, and what their b-trees hold. Format:
 * sqlite.org/fileformat2.html, sections 1.3 (header), 1.6 (b-tree pages) and 4 (the log).
 */

/** Text of a database, by the number in its header. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** A file's pages. */
export interface Pages {
  /** Bytes of a page. */
  size: number;
  /** Of them, those that are used; extensions may keep the rest. */
  usable: number;
  encoding: Encoding;
  /** Where the page of a number (from 1) begins in the file; undefined where there is none. */
  offsetOf(page: number): number | undefined;
  /** The number of the page that begins at an offset. */
  numberAt(start: number): number;
  /** Whether the database keeps a log beside it. */
  logged: boolean;
  /** Every place in the file where a page begins, those that a later copy replaced included. */
  offsets(): Iterable<number>;
}

const MAGIC = 'SQLite format 3\0';
const WAL_MAGIC = 0x377f0682;
const WAL_HEADER = 32;
const FRAME_HEADER = 24;
const DATABASE_HEADER = 100;
const LEAST_USABLE = 480;
const ENCODINGS: readonly Encoding[] = ['utf-8', 'utf-8', 'utf-16le', 'utf-16be'];

/** Whether bytes begin as a database does. */
export function startsLikeDatabase(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x53 || bytes.length < MAGIC.length) return false;
  for (let i = 0; i < MAGIC.length; i++) if (bytes[i] !== MAGIC.charCodeAt(i)) return false;
  return true;
}

/** Whether bytes begin as a write-ahead log does; its last bit says how its sums are computed. */
export function startsLikeLog(bytes: Uint8Array): boolean {
  const [a, b, c, d = 0] = bytes;
  return a === 0x37 && b === 0x7f && c === 0x06 && (d & 0xfe) === (WAL_MAGIC & 0xff);
}

/** The pages of a database or log; undefined where its header makes no sense. */
export function pagesOf(bytes: Uint8Array): Pages | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (startsLikeDatabase(bytes) && bytes.length >= DATABASE_HEADER) return databasePages(view);
  return startsLikeLog(bytes) && bytes.length >= WAL_HEADER ? logPages(view) : undefined;
}

function databasePages(view: DataView): Pages | undefined {
  const written = view.getUint16(16);
  const size = written === 1 ? 65536 : written;
  const count = Math.ceil(view.byteLength / size);
  return described(view, size, 0, {
    offsetOf: (page) => (page >= 1 && page <= count ? (page - 1) * size : undefined),
    *offsets() {
      for (let page = 0; page < count; page++) yield page * size;
    },
    numberAt: (start) => start / size + 1,
    logged: view.getUint8(19) === 2,
  });
}

/** Of each page the last copy counts, as after every transaction that is in the log. */
function logPages(view: DataView): Pages | undefined {
  const size = view.getUint32(8);
  const frame = size + FRAME_HEADER;
  const last = new Map<number, number>();
  const places: number[] = [];
  if (size < 512) return undefined;
  for (let at = WAL_HEADER; at + FRAME_HEADER < view.byteLength; at += frame) {
    places.push(at + FRAME_HEADER);
    // Behind the last checkpoint frames of an older log may lie, with other salts.
    const own =
      view.getUint32(at + 8) === view.getUint32(16) &&
      view.getUint32(at + 12) === view.getUint32(20);
    if (own) last.set(view.getUint32(at), at + FRAME_HEADER);
  }
  return described(view, size, last.get(1), {
    offsetOf: (page) => last.get(page),
    offsets: () => places,
    numberAt: (start) => view.getUint32(start - FRAME_HEADER),
    logged: false,
  });
}

/** `first` is where page 1 begins, with what is said of all pages. */
function described(
  view: DataView,
  size: number,
  first: number | undefined,
  pages: Omit<Pages, 'size' | 'usable' | 'encoding'>,
): Pages | undefined {
  if (size < 512 || size > 65536 || (size & (size - 1)) !== 0) return undefined;
  const known = first !== undefined && first + DATABASE_HEADER <= view.byteLength;
  const usable = size - (known ? view.getUint8(first + 20) : 0);
  const encoding = (known && ENCODINGS[view.getUint32(first + 56)]) || 'utf-8';
  return usable < LEAST_USABLE ? undefined : { size, usable, encoding, ...pages };
}

/** A b-tree page. */
export interface TreePage {
  kind: 'table-leaf' | 'table-inner' | 'index-leaf' | 'index-inner';
  /** Where the page begins in the file, and where what can be read of it ends. */
  start: number;
  end: number;
  /** Where its cells begin, in the order of their keys. */
  cells: number[];
  /** The pages below it. */
  children: number[];
}

const KINDS: Record<number, TreePage['kind']> = {
  2: 'index-inner',
  5: 'table-inner',
  10: 'index-leaf',
  13: 'table-leaf',
};

/** The b-tree page at an offset; undefined where what stands there is none. */
export function treePageAt(view: DataView, pages: Pages, start: number): TreePage | undefined {
  const end = Math.min(view.byteLength, start + pages.usable);
  const header = start === pages.offsetOf(1) ? start + DATABASE_HEADER : start;
  if (header + 12 > end) return undefined;
  const kind = KINDS[view.getUint8(header)];
  if (!kind) return undefined;
  const inner = kind === 'table-inner' || kind === 'index-inner';
  const pointers = header + (inner ? 12 : 8);
  const count = view.getUint16(header + 3);
  const most = Math.floor((end - pointers) / 2);
  if (count > most) return undefined;
  const page: TreePage = { kind, start, end, cells: [], children: [] };
  for (let i = 0; i < count; i++) {
    const cell = start + view.getUint16(pointers + 2 * i);
    if (cell < pointers || cell + 4 > end) continue;
    if (inner) page.children.push(view.getUint32(cell));
    page.cells.push(cell);
  }
  if (inner) page.children.push(view.getUint32(header + 8));
  return page;
}
