/**
 * The file system that an image's layers add up to, as the container engines would unpack it:
 * OCI image-spec, layer.md ("Applying Changesets"), and where it is silent what Docker and containerd do.
 */
import { EntryKind } from '../archive/tar.ts';
import { type EntryTable, linkBytesOf, nameBytesOf } from './entry-table.ts';
import { followPath } from './linked-path.ts';
import { LiveChildren } from './live-children.ts';
import { PathTree } from './path-tree.ts';

/** What a layer's entry does to the file system below it. */
export const EntryEffect = {
  none: 0,
  added: 1,
  changed: 2,
  /** A whiteout that removes something. */
  deleted: 3,
  /** A whiteout or entry without effect: nothing below to remove, or a path that cannot be. */
  ignored: 4,
  /** The same content again: only mode, owner, time or the like are others. */
  attributes: 5,
} as const;

/** One layer ready to be stacked. */
export interface StackedLayer {
  table: EntryTable;
  /** The tree node of each row; for a whiteout, the node it removes. */
  nodes: Int32Array;
  /** Rows that are whiteouts of one path. */
  whiteouts: number[];
  /** Rows that are opaque markers; `nodes` has the directory. */
  opaques: number[];
}

/** The state of every path in one image. Positions are those of the image's layers, base first. */
export interface FileSystem {
  /** Per node: position of the layer that holds what stands there now, or -1. */
  layer: Int16Array;
  /** Per node: row in that layer's table, or -1 where the directory is only implied. */
  row: Int32Array;
  /** Per node that is gone: position of the layer that removed it, else -1. */
  removedBy: Int16Array;
  /** Per node that is gone: position and row of what stood there last, else -1. */
  lastLayer: Int16Array;
  lastRow: Int32Array;
  /** Per layer position and row: an `EntryEffect`. */
  effects: Uint8Array[];
  /** Per layer position and row: the node where the entry landed, links in its folders followed; or -1. */
  placed: Int32Array[];
}

const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';

/** Puts a layer's entries into the tree that all layers share, and sorts out its whiteouts. */
export function stackLayer(tree: PathTree, table: EntryTable): StackedLayer {
  const nodes = new Int32Array(table.count);
  const whiteouts: number[] = [];
  const opaques: number[] = [];
  for (let row = 0; row < table.count; row++) {
    const name = nameBytesOf(table, row);
    const slash = lastSlash(name);
    if (startsWith(name, slash + 1, WHITEOUT)) {
      const base = ascii(name.subarray(slash + 1));
      if (base === OPAQUE) {
        nodes[row] = tree.insert(name.subarray(0, Math.max(0, slash)));
        opaques.push(row);
        continue;
      }
      if (base !== WHITEOUT && !isAufsMetadata(base)) {
        const directory = tree.insert(name.subarray(0, Math.max(0, slash)));
        nodes[row] = tree.insertChild(directory, name.subarray(slash + 1 + WHITEOUT.length));
        whiteouts.push(row);
        continue;
      }
      nodes[row] = -1; // a bare `.wh.` is invalid; AUFS metadata are no files
      continue;
    }
    nodes[row] = tree.insert(name);
  }
  return { table, nodes, whiteouts, opaques };
}

/** `.wh..wh.aufs`, `.wh..wh.orph`, `.wh..wh.plnk`; but `.wh..wh..opqX` whites out `.wh..opqX`. */
function isAufsMetadata(base: string): boolean {
  return /^\.wh\.\.wh\.(aufs|orph|plnk)$/.test(base);
}

/**
 * Stacks layers, base first, into the file system of one image. `onLayer` sees the file system as it is
 * after each layer; the object is the same every time.
 */
export function mergeLayers(
  tree: PathTree,
  layers: readonly StackedLayer[],
  onLayer: (position: number, fs: FileSystem) => void = () => undefined,
): FileSystem {
  return new Merge(tree, layers).run(onLayer);
}

interface OwnLinks {
  table: EntryTable;
  rows: Map<number, number>;
}

class Merge {
  readonly fs: FileSystem;
  #tree: PathTree;
  #layers: readonly StackedLayer[];
  #live: LiveChildren;
  /** While markers are read: the rows of their own layer that put or replace a link, by node. */
  #own: OwnLinks | undefined;

  constructor(tree: PathTree, layers: readonly StackedLayer[]) {
    this.#tree = tree;
    this.#layers = layers;
    // Entries below a symlinked directory may add nodes while merging, hence the room to grow.
    const n = tree.count;
    this.fs = {
      layer: new Int16Array(n).fill(-1),
      row: new Int32Array(n).fill(-1),
      removedBy: new Int16Array(n).fill(-1),
      lastLayer: new Int16Array(n).fill(-1),
      lastRow: new Int32Array(n).fill(-1),
      effects: [],
      placed: [],
    };
    this.#live = new LiveChildren(n);
  }

  run(onLayer: (position: number, fs: FileSystem) => void): FileSystem {
    this.fs.layer[0] = 0;
    this.#layers.forEach((layer, position) => {
      this.#apply(layer, position);
      onLayer(position, this.fs);
    });
    return this.fs;
  }

  #apply(layer: StackedLayer, position: number): void {
    const effects = new Uint8Array(layer.table.count);
    this.fs.effects.push(effects);
    const placed = new Int32Array(layer.table.count).fill(-1);
    this.fs.placed.push(placed);
    const marker = new Uint8Array(layer.table.count);
    for (const row of layer.whiteouts) marker[row] = 1;
    for (const row of layer.opaques) marker[row] = 1;
    // The layer below first, whatever the order inside the tar: a layer never hides its own entries.
    this.#own = this.#ownLinks(layer, marker);
    for (const row of layer.opaques) {
      const directory = this.#real(layer.nodes[row] as number);
      const any = directory >= 0 && this.#live.first(directory) >= 0;
      if (any) this.#removeBelow(directory, position);
      effects[row] = any ? EntryEffect.deleted : EntryEffect.ignored;
    }
    for (const row of layer.whiteouts) {
      const node = this.#realParent(layer.nodes[row] as number);
      effects[row] =
        node >= 0 && this.#remove(node, position) ? EntryEffect.deleted : EntryEffect.ignored;
    }
    this.#own = undefined;
    for (let row = 0; row < layer.table.count; row++) {
      if (marker[row]) continue;
      effects[row] = this.#add(layer, row, position, placed);
    }
  }

  /** Engines unpack a layer in its order: a marker in a directory that it puts in a link's place is that directory's. */
  #ownLinks(
    { table, nodes, opaques, whiteouts }: StackedLayer,
    marker: Uint8Array,
  ): OwnLinks | undefined {
    if (opaques.length + whiteouts.length === 0) return undefined;
    const rows = new Map<number, number>();
    for (let row = 0; row < table.count; row++) {
      const node = nodes[row] as number;
      if (marker[row] || node <= 0) continue;
      if (table.kind[row] === EntryKind.symlink || this.#linkTarget(node)) rows.set(node, row);
    }
    return rows.size > 0 ? { table, rows } : undefined;
  }

  #add(layer: StackedLayer, row: number, position: number, placed: Int32Array): number {
    const own = layer.nodes[row] as number;
    if (own < 0) return EntryEffect.ignored;
    const node = own === 0 ? 0 : this.#realParent(own);
    if (node < 0) return EntryEffect.ignored;
    placed[row] = node;
    const fs = this.fs;
    const directory = layer.table.kind[row] === EntryKind.directory;
    const before = fs.layer[node] as number;
    const wasDirectory = before >= 0 && this.#isDirectory(node);
    if (before >= 0 && !(directory && wasDirectory)) this.#removeBelow(node, position);
    for (let p = this.#tree.parent[node] as number; p > 0; p = this.#tree.parent[p] as number) {
      if ((fs.layer[p] as number) >= 0) break;
      this.#live.add(p, this.#tree.parent[p] as number);
      fs.layer[p] = position; // a parent that no layer lists is implied
      fs.row[p] = -1;
      fs.removedBy[p] = -1;
    }
    if (before < 0 && node > 0) this.#live.add(node, this.#tree.parent[node] as number);
    fs.layer[node] = position;
    fs.row[node] = row;
    fs.removedBy[node] = -1;
    return before >= 0 ? EntryEffect.changed : EntryEffect.added;
  }

  #isDirectory(node: number): boolean {
    const row = this.fs.row[node] as number;
    if (row < 0) return true;
    const layer = this.#layers[this.fs.layer[node] as number];
    return layer?.table.kind[row] === EntryKind.directory;
  }

  /** Removes a node and all below it; true where there was one. */
  #remove(node: number, position: number): boolean {
    const there = (this.fs.layer[node] as number) >= 0;
    if (there) this.#removeBelow(node, position);
    if (there) this.#drop(node, position);
    return there;
  }

  #removeBelow(node: number, position: number): void {
    const stack = [node];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      for (let c = this.#live.first(at); c >= 0; c = this.#live.first(at)) {
        this.#drop(c, position);
        stack.push(c);
      }
    }
  }

  #drop(node: number, position: number): void {
    const fs = this.fs;
    this.#live.remove(node, this.#tree.parent[node] as number);
    fs.lastLayer[node] = fs.layer[node] as number;
    fs.lastRow[node] = fs.row[node] as number;
    fs.layer[node] = -1;
    fs.row[node] = -1;
    fs.removedBy[node] = position;
  }

  /** The node that a path means once links in its parent directories are followed; -1 for a dead end. */
  #realParent(node: number): number {
    if (node < 0) return -1;
    const parent = this.#tree.parent[node] as number;
    if (parent <= 0) return node;
    const real = this.#real(parent);
    if (real === parent) return node;
    if (real < 0) return -1;
    const found = this.#tree.insertChild(real, this.#tree.name(node));
    this.#makeRoom();
    return found;
  }

  /** The directory a node stands for, following links of the layers below inside the root. */
  #real(node: number): number {
    let linked = false;
    for (let at = node; at > 0; at = this.#tree.parent[at] as number) {
      if (this.#linkTarget(at)) linked = true;
    }
    if (!linked) return node;

    const pending: Uint8Array[] = []; // parts still to walk, the next one last
    for (let at = node; at > 0; at = this.#tree.parent[at] as number)
      pending.push(this.#tree.name(at).slice());
    return followPath(this.#tree, pending, {
      child: (parent, name) => {
        const child = this.#tree.insertChild(parent, name);
        if (child >= 0) this.#makeRoom();
        return child;
      },
      target: (child) => this.#linkTarget(child),
    });
  }

  #linkTarget(node: number): Uint8Array | undefined {
    const own = this.#own?.rows.get(node);
    if (this.#own && own !== undefined) {
      const { table } = this.#own;
      return table.kind[own] === EntryKind.symlink ? linkBytesOf(table, own) : undefined;
    }
    const row = this.fs.row[node] as number;
    if (row < 0) return undefined;
    const table = this.#layers[this.fs.layer[node] as number]?.table;
    return table?.kind[row] === EntryKind.symlink ? linkBytesOf(table, row) : undefined;
  }

  #makeRoom(): void {
    const fs = this.fs;
    if (this.#tree.count <= fs.layer.length) return;
    const n = this.#tree.count * 2;
    const grow = <T extends Int16Array | Int32Array>(from: T): T => {
      const to = (from instanceof Int16Array ? new Int16Array(n) : new Int32Array(n)) as T;
      to.fill(-1).set(from);
      return to;
    };
    fs.layer = grow(fs.layer);
    fs.row = grow(fs.row);
    fs.removedBy = grow(fs.removedBy);
    fs.lastLayer = grow(fs.lastLayer);
    fs.lastRow = grow(fs.lastRow);
    this.#live.grow(n);
  }
}

function lastSlash(name: Uint8Array): number {
  return name.lastIndexOf(0x2f);
}

function startsWith(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 300));
}
