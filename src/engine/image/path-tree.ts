/**
 * Every path of every layer as one tree of numbered nodes in typed arrays: a path is looked up by its
 * bytes, so names that are not UTF-8 stay what they are, and no string is made for a file nobody looks at.
 */
import { MAX_PATHS } from '../archive/limits.ts';
import { utf8Text } from '../archive/plain-text.ts';
import { GrowingBytes } from './entry-table.ts';
import { type SortedChildren, sortChildren } from './sorted-children.ts';

/** The columns of a tree, to send elsewhere; node 0 is the root. */
export interface PathTreeColumns extends SortedChildren {
  count: number;
  parent: Int32Array;
  nameStart: Uint32Array;
  nameEnd: Uint32Array;
  names: Uint8Array;
}

/** Nodes are numbers; a child has a higher number than its parent. */
export class PathTree {
  count = 1;
  parent = new Int32Array(1024).fill(-1, 0, 1);
  firstChild = new Int32Array(1024).fill(-1, 0, 1);
  nextSibling = new Int32Array(1024).fill(-1, 0, 1);
  #nameStart = new Uint32Array(1024);
  #nameEnd = new Uint32Array(1024);
  #hashes = new Uint32Array(1024);
  #names = new GrowingBytes();
  #table = new Int32Array(4096).fill(-1);
  #most: number;
  #seed: number;
  #factor: number;

  constructor(most = MAX_PATHS) {
    this.#most = most;
    const [seed = 0, factor = 0] = crypto.getRandomValues(new Int32Array(2));
    this.#seed = seed;
    this.#factor = factor | 0x01000101; // odd, and with bits that carry each byte far
  }

  /** Whether there was no room for a path. */
  full = false;

  /** The node of a path, made where it is new, or -1 where there is no room. Leading, doubled and single-dot parts are dropped. */
  insert(path: Uint8Array): number {
    return this.#walk(path, true);
  }

  /** The node of a path, or -1. */
  find(path: Uint8Array): number {
    return this.#walk(path, false);
  }

  /** The child of `parent` by its name, or -1. */
  child(parent: number, name: Uint8Array): number {
    return this.#lookUp(
      parent,
      name,
      0,
      name.length,
      hash(this.#seed, this.#factor, parent, name, 0, name.length),
    );
  }

  /** The child of `parent` by its name, made where it is new, or -1 where there is no room. */
  insertChild(parent: number, name: Uint8Array): number {
    if (parent < 0) return -1;
    const h = hash(this.#seed, this.#factor, parent, name, 0, name.length);
    const found = this.#lookUp(parent, name, 0, name.length, h);
    return found >= 0 ? found : this.#add(parent, name, 0, name.length, h);
  }

  /** A node's own name. */
  name(node: number): Uint8Array {
    return this.#names.bytes.subarray(this.#nameStart[node], this.#nameEnd[node]);
  }

  /** A node's path as text, without a leading slash; the root is empty. */
  path(node: number): string {
    const parts: string[] = [];
    for (let at = node; at > 0; at = this.parent[at] as number) {
      parts.push(utf8Text(this.name(at)));
    }
    return parts.reverse().join('/');
  }

  columns(): PathTreeColumns {
    const n = this.count;
    const columns = {
      count: n,
      parent: this.parent.slice(0, n),
      nameStart: this.#nameStart.slice(0, n),
      nameEnd: this.#nameEnd.slice(0, n),
      names: this.#names.finish(),
    };
    return { ...columns, ...sortChildren(columns) };
  }

  #walk(path: Uint8Array, make: boolean): number {
    let node = 0;
    let start = 0;
    const end = path.length;
    while (start <= end && node >= 0) {
      let stop = start;
      while (stop < end && path[stop] !== 0x2f) stop++;
      const length = stop - start;
      if (length === 2 && path[start] === 0x2e && path[start + 1] === 0x2e) {
        node = Math.max(0, this.parent[node] as number);
      } else if (length > 0 && !(length === 1 && path[start] === 0x2e)) {
        const h = hash(this.#seed, this.#factor, node, path, start, stop);
        const found = this.#lookUp(node, path, start, stop, h);
        node = found < 0 && make ? this.#add(node, path, start, stop, h) : found;
      }
      start = stop + 1;
    }
    return node;
  }

  #lookUp(parent: number, bytes: Uint8Array, start: number, end: number, h: number): number {
    const mask = this.#table.length - 1;
    const names = this.#names.bytes;
    for (let slot = h & mask; ; slot = (slot + 1) & mask) {
      const node = this.#table[slot] as number;
      if (node < 0) return -1;
      if (this.#hashes[node] !== h || this.parent[node] !== parent) continue;
      const at = this.#nameStart[node] as number;
      if ((this.#nameEnd[node] as number) - at !== end - start) continue;
      let i = 0;
      while (i < end - start && names[at + i] === bytes[start + i]) i++;
      if (i === end - start) return node;
    }
  }

  #add(parent: number, bytes: Uint8Array, start: number, end: number, h: number): number {
    if (this.count === this.#most) {
      this.full = true;
      return -1;
    }
    if (this.count === this.parent.length) this.#growNodes();
    if (this.count * 2 > this.#table.length) this.#growTable();
    const node = this.count++;
    this.parent[node] = parent;
    this.firstChild[node] = -1;
    this.nextSibling[node] = this.firstChild[parent] as number;
    this.firstChild[parent] = node;
    this.#hashes[node] = h;
    this.#nameStart[node] = this.#names.length;
    this.#nameEnd[node] = this.#names.append(bytes.subarray(start, end));
    this.#enter(node, h);
    return node;
  }

  #enter(node: number, h: number): void {
    const mask = this.#table.length - 1;
    let slot = h & mask;
    while ((this.#table[slot] as number) >= 0) slot = (slot + 1) & mask;
    this.#table[slot] = node;
  }

  #growNodes(): void {
    const n = this.parent.length * 2;
    const int = (from: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
      const to = new Int32Array(n);
      to.set(from);
      return to;
    };
    const uint = (from: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> => {
      const to = new Uint32Array(n);
      to.set(from);
      return to;
    };
    this.parent = int(this.parent);
    this.firstChild = int(this.firstChild);
    this.nextSibling = int(this.nextSibling);
    this.#nameStart = uint(this.#nameStart);
    this.#nameEnd = uint(this.#nameEnd);
    this.#hashes = uint(this.#hashes);
  }

  #growTable(): void {
    this.#table = new Int32Array(this.#table.length * 2).fill(-1);
    for (let node = 1; node < this.count; node++) this.#enter(node, this.#hashes[node] as number);
  }
}

/**
 * FNV-1a over the parent's number and the name, with a start and a factor that nobody who writes an archive can
 * know: with known ones names are found in minutes that all come to one hash, and each costs a walk over the others.
 */
function hash(
  seed: number,
  factor: number,
  parent: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  let h = Math.imul(parent ^ seed, 0x9e3779b1);
  for (let i = start; i < end; i++) h = Math.imul(h ^ (bytes[i] as number), factor);
  h ^= h >>> 15;
  h = Math.imul(h, 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0;
}
