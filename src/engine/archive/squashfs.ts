/**
 * squashfs 4.0 images, as snaps and live systems have them (the kernel's Documentation/filesystems/squashfs.rst
 * and fs/squashfs/squashfs_fs.h): the regular files, walked to from the root. Little-endian; compressed by zlib,
 * lzma, xz, lz4 or zstd.
 */
import { inflateZlib } from './inflate.ts';
import { type Decoder, PushDecoder } from './input-buffer.ts';
import { MAX_PATH } from './limits.ts';
import { uint32 } from './little-endian.ts';
import { lz4Block } from './lz4-block.ts';
import { unlzma } from './lzma-alone.ts';
import { messageOf } from './problem.ts';
import { concat } from './read-blob.ts';
import { unxz } from './xz.ts';
import { unzstd } from './zstd.ts';

const MAGIC = [0x68, 0x73, 0x71, 0x73];
const SUPERBLOCK = 96;
const METADATA = 8192; // bytes that a block of metadata unpacks to, at most
const KEPT_BLOCKS = 256; // of metadata
const MAX_BLOCK = 1 << 20; // as the format has it
const MOST_ENTRIES = 2_000_000;
const MOST_DEPTH = 256;
const METADATA_WORK = 3 * METADATA; // for the start of a decoder, beside a block's bytes
const ENTRY_WORK = 64; // that an entry takes, beside the bytes that are read for it
const PLAIN = 1 << 24; // in a data block's size: it is not compressed
const NO_FRAGMENT = 0xffffffff;
const KINDS = { directory: 1, file: 2, longDirectory: 8, longFile: 9 };

/** A regular file. */
export interface SquashFile {
  /** In the image, without a leading slash. */
  path: string;
  /** Bytes. */
  size: number;
  /** Bytes that were read and unpacked since the file before, for its content too. */
  work: number;
  /** Its content, to be read once, before the next file; returns why there is no more of it, as part of a sentence. */
  pieces: () => Generator<Uint8Array, string | undefined>;
}

/** Whether the bytes begin as an image of this version does. */
export function startsLikeSquashfs(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte) && bytes[28] === 4 && bytes[29] === 0;
}

/** How an image ended. */
export interface SquashEnd {
  /** Bytes that were read and unpacked since the last file. */
  work: number;
  /** Why there are no more files, as part of a sentence. */
  error: string | undefined;
}

/** The files of an image; `left` says how many bytes of work it may still take beside what has been told. */
export function* squashFiles(
  bytes: Uint8Array,
  left: () => number,
): Generator<SquashFile, SquashEnd> {
  let image: SquashImage | undefined;
  let error: string | undefined;
  try {
    image = new SquashImage(bytes, left);
    yield* image.files();
  } catch (thrown) {
    if (thrown instanceof RangeError) error = `it is damaged (${messageOf(thrown)})`;
    else if (thrown instanceof NotRead) error = thrown.message;
    else throw thrown;
  }
  return { work: image?.takeWork() ?? 0, error };
}

/** Thrown where an image is sound, as far as it was read, and is not read on. */
class NotRead extends Error {}

interface Folder {
  path: string;
  block: number;
  offset: number;
  size: number;
  depth: number;
}

/** Where a file's content stands. */
interface Content {
  start: number;
  size: number;
  fragment: number;
  fragmentOffset: number;
  /** Blocks of its own, and where the list of their sizes begins. */
  count: number;
  list: Metadata;
}

class SquashImage {
  #bytes: Uint8Array;
  #view: DataView;
  #blockSize: number;
  #unpack: (bytes: Uint8Array, limit: number) => Uint8Array;
  #inodes: number;
  #directories: number;
  #fragments: number;
  #metadata = new Map<number, { bytes: Uint8Array; next: number }>();
  #fragment: { index: number; bytes: Uint8Array } | undefined;
  #left: () => number;
  #work = 0;

  /** @throws {RangeError} where the superblock is none. @throws {NotRead} where its compressor is not known. */
  constructor(bytes: Uint8Array, left: () => number) {
    this.#bytes = bytes;
    this.#left = left;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#blockSize = this.#view.getUint32(12, true);
    if (bytes.length < SUPERBLOCK || this.#blockSize < 4096 || this.#blockSize > MAX_BLOCK)
      throw new RangeError('its blocks have an impossible size');
    this.#unpack = unpackerOf(this.#view.getUint16(20, true));
    this.#inodes = this.#number(64);
    this.#directories = this.#number(72);
    this.#fragments = this.#number(80);
  }

  *files(): Generator<SquashFile, void> {
    const [root] = this.#inode(this.#number(32), '', 0);
    const waiting: Folder[] = root ? [root] : [];
    const seen = new Set<string>();
    let entries = 0;
    for (let folder = waiting.pop(); folder; folder = waiting.pop()) {
      // A folder has one name; one that comes again leads in a circle.
      const key = `${folder.block} ${folder.offset}`;
      if (seen.has(key) || folder.depth > MOST_DEPTH) continue;
      seen.add(key);
      for (const { name, inode } of this.#entries(folder)) {
        if (++entries > MOST_ENTRIES) throw new NotRead('it has too many entries');
        this.charge(ENTRY_WORK);
        const path = folder.path === '' ? name : `${folder.path}/${name}`;
        if (path.length > MAX_PATH) continue;
        const [inner, content] = this.#inode(inode, path, folder.depth + 1);
        if (inner) waiting.push(inner);
        if (!content || content.size === 0) continue;
        const work = this.takeWork();
        yield { path, size: content.size, work, pieces: () => this.#content(content) };
      }
    }
  }

  /** Counts bytes that are about to be read or unpacked. @throws {NotRead} where that is more than is left. */
  charge(bytes: number): void {
    this.#work += bytes;
    if (this.#work > this.#left()) throw new NotRead('it takes too much work for its size');
  }

  /** What was charged since this was asked last. */
  takeWork(): number {
    const work = this.#work;
    this.#work = 0;
    return work;
  }

  *#entries({ block, offset, size }: Folder): Generator<{ name: string; inode: number }, void> {
    // The size counts the entries for the folder itself and its parent, which are not there.
    const reader = new Metadata(this, this.#directories + block, offset);
    const decoder = new TextDecoder();
    for (let left = size - 3; left > 0;) {
      const count = reader.uint32() + 1;
      const start = reader.uint32();
      reader.uint32();
      left -= 12;
      if (count > 256) throw new RangeError('an impossible folder');
      for (let i = 0; i < count && left > 0; i++) {
        const at = reader.uint16();
        reader.uint32();
        const name = reader.take(reader.uint16() + 1);
        left -= 8 + name.length;
        yield { name: decoder.decode(name), inode: start * 0x10000 + at };
      }
    }
  }

  /** What an inode is, by its reference: a folder, a file, or neither. */
  #inode(reference: number, path: string, depth: number): [Folder | undefined, Content?] {
    const block = Math.floor(reference / 0x10000);
    const reader = new Metadata(this, this.#inodes + block, reference % 0x10000);
    const kind = reader.uint16();
    reader.take(14);
    switch (kind) {
      case KINDS.directory: {
        const first = reader.uint32();
        reader.uint32();
        const size = reader.uint16();
        return [{ path, block: first, size, offset: reader.uint16(), depth }];
      }
      case KINDS.longDirectory: {
        reader.uint32();
        const size = reader.uint32();
        const first = reader.uint32();
        reader.take(6);
        return [{ path, block: first, size, offset: reader.uint16(), depth }];
      }
      case KINDS.file: {
        const start = reader.uint32();
        const [fragment, fragmentOffset, size] = [
          reader.uint32(),
          reader.uint32(),
          reader.uint32(),
        ];
        return [undefined, this.#blocksOf(reader, { start, size, fragment, fragmentOffset })];
      }
      case KINDS.longFile: {
        const start = reader.uint64();
        const size = reader.uint64();
        reader.take(12);
        const [fragment, fragmentOffset] = [reader.uint32(), reader.uint32()];
        reader.uint32();
        return [undefined, this.#blocksOf(reader, { start, size, fragment, fragmentOffset })];
      }
      default:
        return [undefined];
    }
  }

  #blocksOf(list: Metadata, content: Omit<Content, 'count' | 'list'>): Content {
    const { size, fragment } = content;
    const whole = size / this.#blockSize;
    const count = fragment === NO_FRAGMENT ? Math.ceil(whole) : Math.floor(whole);
    return { ...content, count, list };
  }

  *#content(content: Content): Generator<Uint8Array, string | undefined> {
    const { start, size, count, list, fragment, fragmentOffset } = content;
    let at = start;
    let left = size;
    try {
      // Many names may share one list, whose sizes are read one by one with the blocks.
      for (let i = 0; i < count; i++) {
        const word = list.uint32();
        const most = Math.min(left, this.#blockSize);
        const stored = word % PLAIN;
        const piece = stored === 0 ? new Uint8Array(most) : this.#data(at, word, most);
        if (piece.length < most) return 'its data end early';
        yield piece.subarray(0, most);
        left -= most;
        at += stored;
      }
      if (left > 0 && fragment !== NO_FRAGMENT) {
        const piece = this.#fragmentAt(fragment).subarray(fragmentOffset, fragmentOffset + left);
        left -= piece.length;
        yield piece;
      }
      return left > 0 ? 'its data end early' : undefined;
    } catch (error) {
      if (error instanceof NotRead) return error.message;
      return `its data are damaged (${messageOf(error)})`;
    }
  }

  /** The ends of several files, as one block. */
  #fragmentAt(index: number): Uint8Array {
    if (this.#fragment?.index !== index) {
      const table = this.#number(this.#fragments + Math.floor(index / 512) * 8);
      const reader = new Metadata(this, table, (index % 512) * 16);
      const start = reader.uint64();
      this.#fragment = { index, bytes: this.#data(start, reader.uint32(), this.#blockSize) };
    }
    return this.#fragment.bytes;
  }

  #data(at: number, word: number, limit: number): Uint8Array {
    const stored = word % PLAIN;
    if (stored > 2 * MAX_BLOCK || at + stored > this.#bytes.length)
      throw new RangeError('a block outside of the image');
    const bytes = this.#bytes.subarray(at, at + stored);
    this.charge(stored + limit);
    const plain = Math.floor(word / PLAIN) % 2 === 1;
    return plain ? bytes : this.#unpack(bytes, limit);
  }

  /** A block of metadata, and where the next one stands. */
  metadata(at: number): { bytes: Uint8Array; next: number } {
    const known = this.#metadata.get(at);
    if (known) return known;
    if (at + 2 > this.#bytes.length) throw new RangeError('metadata outside of the image');
    this.charge(METADATA_WORK);
    const header = this.#view.getUint16(at, true);
    const stored = header % 0x8000;
    const bytes = this.#data(at + 2, header < 0x8000 ? stored : stored + PLAIN, METADATA);
    const block = { bytes, next: at + 2 + stored };
    if (this.#metadata.size >= KEPT_BLOCKS) this.#metadata.clear();
    this.#metadata.set(at, block);
    return block;
  }

  #number(at: number): number {
    return Number(this.#view.getBigUint64(at, true));
  }
}

/** Reads metadata from a place on, through as many of its blocks as it takes. */
class Metadata {
  #image: SquashImage;
  #block: { bytes: Uint8Array; next: number };
  #at: number;

  constructor(image: SquashImage, block: number, offset: number) {
    this.#image = image;
    this.#block = image.metadata(block);
    this.#at = offset;
    if (offset > METADATA) throw new RangeError('metadata outside of its block');
  }

  take(count: number): Uint8Array {
    this.#image.charge(count);
    const here = this.#here(count);
    if (here.length === count) return here;
    const out = new Uint8Array(count);
    out.set(here);
    for (let length = here.length; length < count;) {
      if (this.#block.bytes.length === 0) throw new RangeError('an empty block of metadata');
      this.#block = this.#image.metadata(this.#block.next);
      this.#at = 0;
      const more = this.#here(count - length);
      out.set(more, length);
      length += more.length;
    }
    return out;
  }

  #here(count: number): Uint8Array {
    const bytes = this.#block.bytes.subarray(this.#at, this.#at + count);
    this.#at += bytes.length;
    return bytes;
  }

  uint16(): number {
    const [a = 0, b = 0] = this.take(2);
    return a | (b << 8);
  }

  uint32(): number {
    return uint32(this.take(4), 0);
  }

  uint64(): number {
    return this.uint32() + this.uint32() * 2 ** 32;
  }
}

/** The way back from a compressor, by its number. @throws {NotRead} */
function unpackerOf(compressor: number): (bytes: Uint8Array, limit: number) => Uint8Array {
  switch (compressor) {
    case 1:
      return (bytes, limit) => {
        const { bytes: out, error } = inflateZlib(bytes, 0, limit, limit);
        if (error !== undefined) throw new RangeError(error);
        return out;
      };
    case 2:
      return (bytes, limit) => decoded(unlzma, bytes, limit);
    case 4:
      return (bytes, limit) => decoded(unxz, bytes, limit);
    case 5:
      return (bytes, limit) => {
        const out = new Uint8Array(limit);
        return out.subarray(0, lz4Block(bytes, out, 0));
      };
    case 6:
      return (bytes, limit) => decoded(unzstd, bytes, limit);
    default:
      throw new NotRead(
        `it is compressed in a way that is not read (${compressor === 3 ? 'lzo' : compressor})`,
      );
  }
}

function decoded(decoder: Decoder, bytes: Uint8Array, limit: number): Uint8Array {
  const decoding = new PushDecoder(decoder);
  const pieces: Uint8Array[] = [];
  let length = 0;
  const take = (out: Iterable<Uint8Array>): void => {
    for (const piece of out) {
      length += piece.length;
      if (length > limit) throw new RangeError('a block that unpacks to too much');
      pieces.push(piece);
    }
  };
  take(decoding.push(bytes));
  take(decoding.end());
  if (decoding.problem) throw new RangeError(decoding.problem.code);
  return concat(pieces);
}
