/**
 * A layer's entries in columns: typed arrays and one buffer of names instead of an object per file, so
 * that 200,000 of them cross from a worker to the page in a few milliseconds.
 */
import type { TarHeader } from '../archive/tar.ts';

/** The columns; row `i` is the layer's i-th tar entry, whiteouts included. */
export interface EntryTable {
  count: number;
  /** Names, one after the other; row `i` is `nameBytes[nameEnds[i-1] .. nameEnds[i]]`. */
  nameBytes: Uint8Array;
  nameEnds: Uint32Array;
  /** Targets of links, laid out like the names. */
  linkBytes: Uint8Array;
  linkEnds: Uint32Array;
  /** An `EntryKind`. */
  kind: Uint8Array;
  mode: Uint16Array;
  uid: Uint32Array;
  gid: Uint32Array;
  /** Bytes of content. */
  size: Float64Array;
  /** Seconds since 1970. */
  mtime: Float64Array;
  /** Where the content starts, in bytes from the start of the uncompressed layer. */
  dataOffset: Float64Array;
  /** Bytes of content stored there; less than `size` for a sparse file. */
  stored: Float64Array;
}

/** Grows the columns entry by entry. */
export class EntryTableBuilder {
  #count = 0;
  #names = new GrowingBytes();
  #links = new GrowingBytes();
  #capacity = 1024;
  #nameEnds = new Uint32Array(1024);
  #linkEnds = new Uint32Array(1024);
  #kind = new Uint8Array(1024);
  #mode = new Uint16Array(1024);
  #uid = new Uint32Array(1024);
  #gid = new Uint32Array(1024);
  #numbers = new Float64Array(4 * 1024); // size, mtime, dataOffset, stored of each row

  /** Entries so far. */
  get count(): number {
    return this.#count;
  }

  /** Adds an entry and returns its row. */
  add(header: TarHeader): number {
    const row = this.#count++;
    if (row === this.#capacity) this.#grow();
    this.#nameEnds[row] = this.#names.append(header.name);
    this.#linkEnds[row] = this.#links.append(header.link);
    this.#kind[row] = header.kind;
    this.#mode[row] = header.mode;
    this.#uid[row] = header.uid;
    this.#gid[row] = header.gid;
    this.#numbers[row * 4] = header.size;
    this.#numbers[row * 4 + 1] = header.mtime;
    this.#numbers[row * 4 + 2] = header.dataOffset;
    this.#numbers[row * 4 + 3] = header.stored;
    return row;
  }

  /** The finished columns, trimmed to size. */
  finish(): EntryTable {
    const n = this.#count;
    const column = (at: number): Float64Array => {
      const out = new Float64Array(n);
      for (let i = 0; i < n; i++) out[i] = this.#numbers[i * 4 + at] as number;
      return out;
    };
    return {
      count: n,
      nameBytes: this.#names.finish(),
      nameEnds: this.#nameEnds.slice(0, n),
      linkBytes: this.#links.finish(),
      linkEnds: this.#linkEnds.slice(0, n),
      kind: this.#kind.slice(0, n),
      mode: this.#mode.slice(0, n),
      uid: this.#uid.slice(0, n),
      gid: this.#gid.slice(0, n),
      size: column(0),
      mtime: column(1),
      dataOffset: column(2),
      stored: column(3),
    };
  }

  #grow(): void {
    const n = this.#capacity * 2;
    const grown = <T extends { set(from: T): void }>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    this.#nameEnds = grown(new Uint32Array(n), this.#nameEnds);
    this.#linkEnds = grown(new Uint32Array(n), this.#linkEnds);
    this.#kind = grown(new Uint8Array(n), this.#kind);
    this.#mode = grown(new Uint16Array(n), this.#mode);
    this.#uid = grown(new Uint32Array(n), this.#uid);
    this.#gid = grown(new Uint32Array(n), this.#gid);
    this.#numbers = grown(new Float64Array(n * 4), this.#numbers);
    this.#capacity = n;
  }
}

/** The buffers of a table's columns, to hand over instead of copying. */
export function tableBuffers(table: object): ArrayBuffer[] {
  return Object.values(table)
    .filter((column) => ArrayBuffer.isView(column))
    .map((column) => column.buffer as ArrayBuffer);
}

/** A row's name as it stands in the tar, as bytes. */
export function nameBytesOf(table: EntryTable, row: number): Uint8Array {
  const start = row === 0 ? 0 : (table.nameEnds[row - 1] as number);
  return table.nameBytes.subarray(start, table.nameEnds[row]);
}

/** A row's link target as bytes; empty where it is no link. */
export function linkBytesOf(table: EntryTable, row: number): Uint8Array {
  const start = row === 0 ? 0 : (table.linkEnds[row - 1] as number);
  return table.linkBytes.subarray(start, table.linkEnds[row]);
}

/** Bytes that grow by doubling. */
export class GrowingBytes {
  #bytes = new Uint8Array(16 * 1024);
  #length = 0;

  /** Bytes so far. */
  get length(): number {
    return this.#length;
  }

  /** The buffer behind, longer than `length`; valid until the next `append`. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Appends and returns the new length. */
  append(bytes: Uint8Array): number {
    const end = this.#length + bytes.length;
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(end, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    // A name is short: to call the platform's copying costs more than to copy.
    for (let i = 0; i < bytes.length; i++) this.#bytes[this.#length + i] = bytes[i] as number;
    this.#length = end;
    return end;
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}
