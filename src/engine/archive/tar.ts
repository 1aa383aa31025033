/**
 * A streaming tar reader: bytes in, as they come; entries and their contents out.
 *
 * Reads v7, ustar, GNU (long names, sparse), pax (sparse 0.0, 0.1 and 1.0), base-256 numbers and old
 * signed checksums. Where readers differ it does what Go's archive/tar does, since that is what the container engines
 * use, but for what Go gives up at, which is read as others do. Global pax headers, which Go does not merge, are
 * passed over; of two pax headers in front of an entry the second counts, and a GNU long name before both.
 * Sources: POSIX.1-2017 pax; GNU tar manual, "Basic Tar Format"; Go's archive/tar.
 */
import { MAX_PATH, MAX_SPECIAL_HEADER } from './limits.ts';
import type { Problem } from './problem.ts';
import { concat } from './read-blob.ts';
import { BLOCK, checksumHolds, countNonZero, cString, isZero, number } from './tar-fields.ts';
import { Pax } from './tar-pax.ts';
import {
  gnuSparseBlock,
  paxSparse,
  SPARSE_FIRST_ENTRIES,
  SPARSE_MORE_ENTRIES,
  type SparseRegion,
  SparseMapReader,
} from './tar-sparse.ts';

/** What an entry is; the numbers are what `EntryTable.kind` holds. */
export const EntryKind = {
  file: 0,
  hardLink: 1,
  symlink: 2,
  charDevice: 3,
  blockDevice: 4,
  directory: 5,
  fifo: 6,
} as const;
export type EntryKind = (typeof EntryKind)[keyof typeof EntryKind];

/** One entry's metadata. Names are bytes: they need not be UTF-8. */
export interface TarHeader {
  name: Uint8Array;
  /** Target of a symlink or hard link, else empty. */
  link: Uint8Array;
  kind: EntryKind;
  /** Bytes of content, holes of a sparse file included. */
  size: number;
  /** Permission bits and set-id bits, without the file type. */
  mode: number;
  uid: number;
  gid: number;
  /** Seconds since 1970, possibly fractional or negative. */
  mtime: number;
  /** Where the content starts in the tar, in bytes from its beginning. */
  dataOffset: number;
  /** Bytes of content stored in the tar; less than `size` for a sparse file. */
  stored: number;
  sparse: boolean;
}

/** What the reader hands out. `data` belongs to the entry before it; `end` closes that entry. */
export type TarEvent =
  | { type: 'entry'; header: TarHeader }
  | { type: 'data'; bytes: Uint8Array; offset: number }
  | { type: 'end'; complete: boolean };

type State = 'header' | 'special' | 'gnu-sparse' | 'pax-sparse' | 'data' | 'padding' | 'after';

const LONGEST_TOLD = 4096; // bytes of a name in a problem
const EMPTY = new Uint8Array(0);

/** Push bytes in any portions with `push`, then call `end`; both yield events. Never throws on content. */
export class TarReader {
  /** Entries seen so far. */
  entries = 0;
  /** Bytes consumed so far; set before the first push where the bytes begin farther in. */
  position = 0;
  /** Reading stops before the first entry that begins at or behind this offset. */
  stopAt = Infinity;
  /** Where it stopped; undefined where the archive ended before. */
  stoppedAt: number | undefined;
  /** Where bytes begin that are no part of the archive; undefined where it reaches as far as was pushed. */
  endedAt: number | undefined;

  #onProblem: (problem: Problem) => void;
  #state: State = 'header';
  #partial = new Uint8Array(BLOCK); // a block that comes in pieces
  #filled = 0;
  #zeroBlocks = 0;
  #remaining = 0; // stored bytes of the current content that are still to come
  #padding = 0;
  #special: { type: string; pieces: Uint8Array[]; length: number; size: number } | undefined;
  #pax = new Pax();
  #longName: Uint8Array | undefined;
  #longLink: Uint8Array | undefined;
  #header: TarHeader | undefined;
  #regions: SparseRegion[] | undefined;
  #region = 0;
  #regionDone = 0;
  #sparseMap: SparseMapReader | undefined;
  #trailing = 0;
  #longNames = 0;
  #firstLong: Uint8Array | undefined;
  #damaged = false;
  #open = false;
  #inGroup = false; // extended headers have been read, and the entry they belong to is next

  constructor(onProblem: (problem: Problem) => void) {
    this.#onProblem = onProblem;
  }

  /** True once the end of the archive, or damage that cannot be passed, was met. */
  get finished(): boolean {
    return this.#state === 'after';
  }

  /**
   * Says that the rest of the current content will not be pushed, and returns how many bytes that is:
   * the next bytes pushed must follow them. For hopping over files that are not wanted.
   */
  skipContent(): number {
    if (this.#state !== 'data') return 0;
    const skipped = this.#remaining + this.#padding;
    this.position += skipped;
    this.#remaining = 0;
    this.#padding = 0;
    this.#regions = undefined;
    this.#open = false;
    this.#state = 'header';
    return skipped;
  }

  *push(chunk: Uint8Array): Generator<TarEvent, void, undefined> {
    let at = 0;
    while (at < chunk.length) {
      let before = at;
      let begun: TarHeader | undefined;
      switch (this.#state) {
        case 'header':
        case 'gnu-sparse': {
          at = Math.min(at + BLOCK - this.#filled, chunk.length);
          this.position += at - before;
          const block = this.#block(chunk.subarray(before, at));
          before = at;
          if (block) begun = this.#onBlock(block);
          break;
        }
        case 'special': {
          const special = this.#special;
          const take = Math.min(this.#remaining, chunk.length - at);
          if (special && special.size <= MAX_SPECIAL_HEADER) {
            special.pieces.push(chunk.slice(at, at + take));
          }
          at += take;
          this.#remaining -= take;
          if (this.#remaining === 0) this.#endSpecial();
          break;
        }
        case 'pax-sparse': {
          const map = this.#sparseMap as SparseMapReader;
          const take = Math.min(this.#remaining, chunk.length - at);
          const used = map.push(chunk.subarray(at, at + take));
          at += used;
          this.#remaining -= used;
          if (map.done || this.#remaining === 0) {
            this.#regions = map.regions;
            const header = this.#header as TarHeader;
            header.dataOffset = this.position + (at - before);
            header.stored = this.#remaining;
            if (map.error) this.#report('tar-sparse', map.error, header.name);
            begun = this.#startContent(header);
          }
          break;
        }
        case 'data': {
          const take = Math.min(this.#remaining, chunk.length - at);
          const bytes = chunk.subarray(at, at + take);
          if (this.#regions) yield* this.#sparseContent(bytes, this.#regions);
          else {
            const { stored } = this.#header as TarHeader;
            yield { type: 'data', bytes, offset: stored - this.#remaining };
          }
          at += take;
          this.#remaining -= take;
          if (this.#remaining === 0) yield this.#endContent();
          break;
        }
        case 'padding': {
          const take = Math.min(this.#padding, chunk.length - at);
          at += take;
          this.#padding -= take;
          if (this.#padding === 0) this.#state = 'header';
          break;
        }
        case 'after': {
          this.endedAt ??= this.position;
          if (!this.#damaged) this.#trailing += countNonZero(chunk.subarray(at));
          at = chunk.length;
          break;
        }
      }
      this.position += at - before;
      if (begun) {
        yield { type: 'entry', header: begun };
        if (this.#remaining === 0) yield this.#endContent();
      }
    }
  }

  /** Says that no more bytes come; closes an entry that is cut short. */
  *end(): Generator<TarEvent, void, undefined> {
    // A tar may end at any header, and in the padding of its last file: umoci wrote such layers.
    if (this.#open) {
      const name = this.#header?.name;
      this.#report('tar-truncated', 'The tar ends inside this file; its beginning was read.', name);
      yield { type: 'end', complete: false };
    } else if (this.#filled > 0 || this.#state === 'special' || this.#state === 'gnu-sparse') {
      this.#report('tar-truncated', 'The tar ends inside a header; everything before it was read.');
    } else if (this.#state === 'pax-sparse') {
      this.#report('tar-truncated', 'The tar ends inside a sparse map.', this.#header?.name);
    }
    if (this.#longNames > 0) {
      this.#report(
        'tar-name',
        `${this.#longNames.toLocaleString('en')} names or targets of links in this tar have over ${MAX_PATH >> 10} KiB; only their beginnings are kept.`,
        this.#firstLong,
      );
    }
    if (this.#trailing > 0) {
      this.#report(
        'tar-trailing-data',
        `${this.#trailing.toLocaleString('en')} bytes stand behind the end of the tar; container engines ignore them.`,
      );
    }
    this.#state = 'after';
    this.#open = false;
  }

  #report(code: string, message: string, name?: Uint8Array): void {
    const problem: Problem = { code, message };
    if (name) problem.path = new TextDecoder().decode(name.subarray(0, LONGEST_TOLD));
    this.#onProblem(problem);
  }

  /** The block that is whole with these bytes; undefined where more are to come. */
  #block(bytes: Uint8Array): Uint8Array | undefined {
    if (bytes.length === BLOCK) return bytes;
    this.#partial.set(bytes, this.#filled);
    this.#filled = (this.#filled + bytes.length) % BLOCK;
    return this.#filled === 0 ? this.#partial : undefined;
  }

  /** Reads a block of headers; the header of the entry whose content comes next, where it is the last. */
  #onBlock(block: Uint8Array): TarHeader | undefined {
    if (this.#state === 'gnu-sparse') {
      const more = gnuSparseBlock(block, 0, SPARSE_MORE_ENTRIES, this.#regions ?? []);
      return more ? undefined : this.#startGnuSparse();
    }
    const begun = this.position - BLOCK;
    if (!this.#inGroup && begun >= this.stopAt) {
      this.stoppedAt = begun;
      this.#state = 'after';
      this.#damaged = true; // what follows is another's to read, and no trailing data
      return undefined;
    }
    if (isZero(block)) {
      this.#zeroBlocks++;
      if (this.#zeroBlocks === 2) this.#state = 'after';
      return undefined;
    }
    if (this.#zeroBlocks > 0) {
      // One zero block, then a header: Go and libarchive stop here.
      this.#trailing += countNonZero(block);
      this.endedAt = this.position - BLOCK;
      this.#state = 'after';
      return undefined;
    }
    if (!checksumHolds(block)) {
      this.#report(
        'tar-header',
        `The tar header at byte ${this.position - BLOCK} is damaged; what came before it was read.`,
      );
      this.#damaged = true;
      this.endedAt = this.position - BLOCK;
      this.#state = 'after';
      return undefined;
    }
    return this.#onHeader(block);
  }

  #onHeader(block: Uint8Array): TarHeader | undefined {
    const type = String.fromCharCode(block[156] as number);
    const declared = number(block, 124, 12);
    this.#inGroup = 'xgLKXN'.includes(type);
    if (this.#inGroup) {
      if (declared === undefined || !(declared >= 0) || !Number.isSafeInteger(declared)) {
        this.#badSize();
        return undefined;
      }
      this.#special = { type, pieces: [], length: 0, size: declared };
      this.#remaining = declared;
      this.#padding = padding(declared);
      this.#state = 'special';
      if (declared === 0) this.#endSpecial();
      return undefined;
    }

    const pax = this.#pax;
    const posix = block[257] === 0x75 && block[262] === 0; // "ustar\0", not GNU's "ustar "
    let name = this.#longName ?? cString(block, 0, 100);
    if (!this.#longName && posix && block[345] !== 0) {
      name = concat([cString(block, 345, 155), new Uint8Array([0x2f]), name]);
    }
    const sparse = paxSparse(pax);
    name = sparse?.name ?? this.#longName ?? pax.bytes('path') ?? name;
    let size = pax.number('size') ?? declared;
    const kind = kindOf(type, name, size);
    if (kind !== EntryKind.file) size = 0; // header-only types carry no data, whatever they claim
    if (size === undefined || !(size >= 0) || !Number.isSafeInteger(size)) {
      this.#badSize();
      return undefined;
    }
    const problem = pax.problem;
    if (problem) this.#report('tar-pax', problem, name);

    const header: TarHeader = {
      name: this.#bounded(name),
      link: isLink(kind)
        ? this.#bounded(this.#longLink ?? pax.bytes('linkpath') ?? cString(block, 157, 100))
        : EMPTY,
      kind,
      size,
      mode: (number(block, 100, 8) ?? 0) & 0o7777,
      uid: pax.number('uid') ?? number(block, 108, 8) ?? 0,
      gid: pax.number('gid') ?? number(block, 116, 8) ?? 0,
      mtime: pax.number('mtime') ?? number(block, 136, 12) ?? 0,
      dataOffset: this.position,
      stored: size,
      sparse: false,
    };
    this.#header = header;
    this.#remaining = size;
    this.#padding = padding(size);
    this.#longName = undefined;
    this.#longLink = undefined;
    this.#pax = new Pax();

    if (type === 'S') {
      header.sparse = true;
      const real = number(block, 483, 12) ?? size;
      header.size = real >= 0 && Number.isSafeInteger(real) ? real : size;
      this.#regions = [];
      if (gnuSparseBlock(block, 386, SPARSE_FIRST_ENTRIES, this.#regions)) {
        this.#state = 'gnu-sparse';
        return undefined;
      }
      return this.#startGnuSparse();
    }
    if (sparse && kind === EntryKind.file) {
      header.sparse = true;
      header.size = sparse.size ?? size;
      if (sparse.mapInData) {
        this.#sparseMap = new SparseMapReader();
        this.#state = 'pax-sparse';
        return undefined;
      }
      this.#regions = sparse.regions;
    }
    return this.#startContent(header);
  }

  /** A copy of a name, or of its beginning. */
  #bounded(name: Uint8Array): Uint8Array {
    if (name.length > MAX_PATH && this.#longNames++ === 0)
      this.#firstLong = name.slice(0, MAX_PATH);
    return name.slice(0, MAX_PATH);
  }

  #startGnuSparse(): TarHeader {
    const header = this.#header as TarHeader;
    header.dataOffset = this.position;
    return this.#startContent(header);
  }

  #startContent(header: TarHeader): TarHeader {
    this.entries++;
    this.#region = 0;
    this.#regionDone = 0;
    this.#sparseMap = undefined;
    this.#state = 'data';
    this.#open = true;
    return header;
  }

  /** Hands out stored bytes at the offset they have in the file: its holes are left out. */
  *#sparseContent(
    bytes: Uint8Array,
    regions: readonly SparseRegion[],
  ): Generator<TarEvent, void, undefined> {
    let at = 0;
    while (at < bytes.length) {
      const region = regions[this.#region];
      if (!region) return; // more stored than the map tells of
      const take = Math.min(bytes.length - at, region.length - this.#regionDone);
      if (take > 0) {
        const offset = region.offset + this.#regionDone;
        yield { type: 'data', bytes: bytes.subarray(at, at + take), offset };
      }
      at += take;
      this.#regionDone += take;
      if (this.#regionDone >= region.length) {
        this.#region++;
        this.#regionDone = 0;
      }
    }
  }

  #endContent(): TarEvent {
    this.#open = false;
    this.#regions = undefined;
    this.#state = this.#padding > 0 ? 'padding' : 'header';
    return { type: 'end', complete: true };
  }

  #badSize(): void {
    this.#report(
      'tar-size',
      `The tar header at byte ${this.position - BLOCK} claims an impossible size; what came before it was read.`,
    );
    this.#damaged = true;
    this.#state = 'after';
  }

  #endSpecial(): void {
    const special = this.#special;
    this.#special = undefined;
    this.#state = this.#padding > 0 ? 'padding' : 'header';
    if (!special) return;
    if (special.size > MAX_SPECIAL_HEADER) {
      this.#report(
        'tar-special-header',
        `A tar header of ${special.size.toLocaleString('en')} bytes was skipped: more than any real one.`,
      );
      return;
    }
    const bytes = concat(special.pieces);
    switch (special.type) {
      case 'x':
      case 'X':
        this.#pax = new Pax();
        this.#pax.read(bytes);
        return;
      case 'L':
        this.#longName = cString(bytes, 0, bytes.length);
        return;
      case 'K':
        this.#longLink = cString(bytes, 0, bytes.length);
        return;
    }
  }
}

function kindOf(type: string, name: Uint8Array, size: number | undefined): EntryKind {
  switch (type) {
    case '1':
      return EntryKind.hardLink;
    case '2':
      return EntryKind.symlink;
    case '3':
      return EntryKind.charDevice;
    case '4':
      return EntryKind.blockDevice;
    case '5':
      return EntryKind.directory;
    case '6':
      return EntryKind.fifo;
    case '\0':
      // v7 has no type for a directory: its name ends in a slash. Go takes one with content for a directory as
      // well, and fails at what follows; all others pass over the content.
      return name[name.length - 1] === 0x2f && size === 0 ? EntryKind.directory : EntryKind.file;
    default:
      return EntryKind.file;
  }
}

function isLink(kind: EntryKind): boolean {
  return kind === EntryKind.hardLink || kind === EntryKind.symlink;
}

function padding(size: number): number {
  const over = size % BLOCK;
  return over === 0 ? 0 : BLOCK - over;
}
