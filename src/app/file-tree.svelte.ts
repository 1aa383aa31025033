/** The file tree as rows to show: a view of the columns that the scan made, without an object per file. */
import type { ScanResult } from '../engine/scan/scan-archive.ts';
import { EntryKind } from '../engine/archive/tar.ts';
import type { EntryTable } from '../engine/image/entry-table.ts';
import { type Severity, SEVERITIES } from '../engine/secrets/finding.ts';
import { effectsOf } from './shown-image.ts';

/** How a path stands to the layers below, or to the image. */
export type FileState = 'same' | 'added' | 'changed' | 'deleted' | 'attributes';

/** One row, made when it is drawn. */
export interface FileRow {
  node: number;
  name: string;
  depth: number;
  directory: boolean;
  expanded: boolean;
  link: string;
  /** Bytes; of a directory, all below it. */
  size: number;
  state: FileState;
  /** The worst finding in it or below it. */
  severity: Severity | undefined;
}

/** Which files are shown: one layer's own, or all of an image. */
export type TreeScope = { image: number } | { layer: number };

const DECODER = new TextDecoder();
const NONE = 255;
const STATES: readonly FileState[] = ['same', 'added', 'changed', 'deleted', 'attributes'];
const EFFECT_STATE: readonly number[] = [0, 1, 2, 3, 0, 4]; // by EntryEffect

/** Rebuilt for each scope; opening, closing and filtering only recompute the list of visible nodes. */
export class FileTree {
  /** Nodes to show, in order. */
  visible = $state.raw<Int32Array>(new Int32Array(0));
  /** How many files the scope has. */
  files = 0;

  #result: ScanResult;
  #scope: TreeScope;
  #children: Int32Array[];
  #there: Uint8Array;
  #directory: Uint8Array;
  #state: Uint8Array;
  #size: Float64Array;
  #mark: Uint8Array;
  #depth: Uint16Array;
  #expanded: Uint8Array;
  #rows: Int32Array; // of the layer, where the scope is one
  #matching: Uint8Array | undefined;

  constructor(result: ScanResult, scope: TreeScope) {
    this.#result = result;
    this.#scope = scope;
    const n = result.trees.tree.count;
    this.#there = new Uint8Array(n);
    this.#directory = new Uint8Array(n);
    this.#state = new Uint8Array(n);
    this.#size = new Float64Array(n);
    this.#mark = new Uint8Array(n).fill(NONE);
    this.#depth = new Uint16Array(n);
    this.#expanded = new Uint8Array(n);
    this.#rows = new Int32Array(n).fill(-1);
    if ('layer' in scope) this.#fillLayer(scope.layer);
    else this.#fillImage(scope.image);
    this.#sumUp();
    this.#children = this.#sortChildren();
    this.#expanded[0] = 1;
    this.#markFindings();
    this.refresh();
  }

  /** Where a node's content is: the layer's index and the row, or undefined for a directory without one. */
  entryOf(node: number): { layer: number; row: number } | undefined {
    const { trees, archive } = this.#result;
    if ('layer' in this.#scope) {
      const row = this.#rows[node] as number;
      return row < 0 ? undefined : { layer: this.#scope.layer, row };
    }
    const fs = trees.fileSystems[this.#scope.image];
    const layers = archive.images[this.#scope.image]?.layers;
    if (!fs || !layers) return undefined;
    const gone = (fs.layer[node] ?? -1) < 0;
    const position = (gone ? fs.lastLayer : fs.layer)[node] ?? -1;
    const row = (gone ? fs.lastRow : fs.row)[node] ?? -1;
    const layer = layers[position];
    return layer === undefined || row < 0 ? undefined : { layer, row };
  }

  row(node: number): FileRow {
    return {
      node,
      name: this.name(node),
      depth: (this.#depth[node] as number) - 1,
      directory: this.#directory[node] === 1,
      expanded: this.#expanded[node] === 1,
      link: this.#link(node),
      size: this.#size[node] as number,
      state: STATES[this.#state[node] as number] as FileState,
      severity: SEVERITIES[this.#mark[node] as number],
    };
  }

  name(node: number): string {
    return DECODER.decode(this.#nameBytes(node));
  }

  path(node: number): string {
    const parts: string[] = [];
    for (let at = node; at > 0; at = this.#result.trees.tree.parent[at] as number)
      parts.push(this.name(at));
    return parts.reverse().join('/');
  }

  /** The node of a path in this scope, or -1. */
  find(path: string): number {
    let node = 0;
    for (const part of path.split('/').filter(Boolean)) {
      node = this.#childNamed(node, new TextEncoder().encode(part));
      if (node < 0) return -1;
    }
    return node;
  }

  /** Children are sorted, folders first: both halves are searched, since a folder may have 100,000. */
  #childNamed(node: number, name: Uint8Array): number {
    const children = this.#children[node] ?? new Int32Array(0);
    const search = (from: number, to: number, before: (child: number) => boolean): number => {
      let low = from;
      let high = to;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (before(children[middle] as number)) low = middle + 1;
        else high = middle;
      }
      return low;
    };
    const files = search(0, children.length, (child) => this.#directory[child] === 1);
    const smaller = (child: number): boolean => compareBytes(this.#nameBytes(child), name) < 0;
    for (const [from, to] of [
      [0, files],
      [files, children.length],
    ] as const) {
      const child = children[search(from, to, smaller)];
      if (child !== undefined && compareBytes(this.#nameBytes(child), name) === 0) return child;
    }
    return -1;
  }

  #nameBytes(node: number): Uint8Array {
    const { names, nameStart, nameEnd } = this.#result.trees.tree;
    return names.subarray(nameStart[node], nameEnd[node]);
  }

  toggle(node: number, open = this.#expanded[node] !== 1): void {
    if (this.#directory[node] !== 1) return;
    this.#expanded[node] = open ? 1 : 0;
    this.refresh();
  }

  isExpanded(node: number): boolean {
    return this.#expanded[node] === 1;
  }

  parentOf(node: number): number {
    return this.#result.trees.tree.parent[node] as number;
  }

  expandAll(): void {
    for (let node = 0; node < this.#there.length; node++)
      this.#expanded[node] = this.#directory[node] as number;
    this.refresh();
  }

  collapseAll(): void {
    this.#expanded.fill(0);
    this.#expanded[0] = 1;
    this.refresh();
  }

  /** Opens all folders above a node. */
  reveal(node: number): void {
    for (let at = this.parentOf(node); at >= 0; at = this.parentOf(at)) this.#expanded[at] = 1;
    this.refresh();
  }

  /** Shows only paths with `query` in their names, and the folders above them; empty shows all. */
  filter(query: string): void {
    const needle = new TextEncoder().encode(query.trim().toLowerCase());
    if (needle.length === 0) this.#matching = undefined;
    else {
      const { tree } = this.#result.trees;
      const matching = new Uint8Array(tree.count);
      for (let node = tree.count - 1; node > 0; node--) {
        if (!this.#there[node]) continue;
        if (
          matching[node] ||
          contains(tree.names, tree.nameStart[node] as number, tree.nameEnd[node] as number, needle)
        ) {
          matching[node] = 1;
          matching[tree.parent[node] as number] = 1;
        }
      }
      this.#matching = matching;
    }
    this.refresh();
  }

  /** Recomputes the visible nodes. */
  refresh(): void {
    const out = new Int32Array(this.#there.length);
    let count = 0;
    const stack: number[] = [];
    const pushChildren = (node: number): void => {
      const children = this.#children[node];
      if (!children) return;
      for (let i = children.length - 1; i >= 0; i--) stack.push(children[i] as number);
    };
    pushChildren(0);
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (this.#matching && !this.#matching[node]) continue;
      out[count++] = node;
      if (this.#expanded[node] || this.#matching) pushChildren(node);
    }
    this.visible = out.slice(0, count);
  }

  #fillLayer(layer: number): void {
    const { trees } = this.#result;
    const nodes = trees.nodes[layer];
    const table = trees.tables[layer];
    if (!nodes || !table) return;
    const effects = effectsOf(this.#result, layer);
    for (let row = 0; row < table.count; row++) {
      const node = nodes[row] as number;
      if (node <= 0) continue;
      const kind = table.kind[row];
      const opaque = isOpaqueMarker(table, row);
      this.#there[node] = 1;
      if (opaque) {
        this.#directory[node] = 1;
        continue;
      }
      this.#rows[node] = row;
      this.#directory[node] = kind === EntryKind.directory ? 1 : 0;
      this.#state[node] = EFFECT_STATE[effects?.[row] ?? 0] ?? 0;
      this.#size[node] = kind === EntryKind.file ? (table.size[row] as number) : 0;
    }
  }

  #fillImage(image: number): void {
    const { trees, archive } = this.#result;
    const fs = trees.fileSystems[image];
    const layers = archive.images[image]?.layers ?? [];
    if (!fs) return;
    for (let node = 1; node < trees.tree.count; node++) {
      const here = fs.layer[node] ?? -1;
      const gone = here < 0 && (fs.removedBy[node] ?? -1) >= 0;
      if (here < 0 && !gone) continue;
      const position = gone ? (fs.lastLayer[node] as number) : here;
      const row = (gone ? fs.lastRow : fs.row)[node] as number;
      const table = trees.tables[layers[position] as number];
      const kind = row < 0 ? EntryKind.directory : table?.kind[row];
      this.#there[node] = 1;
      this.#directory[node] = kind === EntryKind.directory ? 1 : 0;
      this.#state[node] = gone ? 3 : 0;
      if (kind === EntryKind.file && row >= 0 && !gone) this.#size[node] = table?.size[row] ?? 0;
    }
  }

  /** Findings mark the node they stand at and all folders above it, which start open. */
  #markFindings(): void {
    const { report } = this.#result;
    const digest = 'layer' in this.#scope ? report.layers[this.#scope.layer]?.digest : undefined;
    const image = 'image' in this.#scope ? report.images[this.#scope.image]?.id : undefined;
    for (const finding of report.findings) {
      const rank = SEVERITIES.indexOf(finding.severity);
      for (const place of finding.places) {
        if (place.path === undefined) continue;
        if (digest !== undefined && place.layer !== digest) continue;
        if (image !== undefined && !place.images.some(({ id }) => id === image)) continue;
        const node = this.find(place.path.split('!/')[0] as string);
        if (node <= 0) continue;
        for (let at = node; at > 0; at = this.parentOf(at)) {
          this.#mark[at] = Math.min(rank, this.#mark[at] as number);
          if (at !== node) this.#expanded[at] = 1;
        }
      }
    }
  }

  /** A child has a higher number than its parent, so one pass from the end sums everything up. */
  #sumUp(): void {
    const { parent } = this.#result.trees.tree;
    this.#there[0] = 1;
    this.#directory[0] = 1;
    for (let node = this.#there.length - 1; node > 0; node--) {
      if (!this.#there[node]) continue;
      if (!this.#directory[node]) this.files++;
      const up = parent[node] as number;
      if (!this.#there[up]) {
        this.#there[up] = 1;
        this.#directory[up] = 1;
      }
      this.#directory[up] = 1;
      this.#size[up] = (this.#size[up] as number) + (this.#size[node] as number);
    }
    for (let node = 1; node < this.#there.length; node++) {
      this.#depth[node] = (this.#depth[parent[node] as number] as number) + 1;
    }
  }

  #sortChildren(): Int32Array[] {
    const { parent } = this.#result.trees.tree;
    const lists: number[][] = [];
    for (let node = 1; node < this.#there.length; node++) {
      if (!this.#there[node]) continue;
      const up = parent[node] as number;
      (lists[up] ??= []).push(node);
    }
    const compare = (a: number, b: number): number =>
      (this.#directory[b] as number) - (this.#directory[a] as number) || this.#compareNames(a, b);
    return lists.map((list) => Int32Array.from(list.sort(compare)));
  }

  /** Without a view for each name: this runs millions of times while a tree is sorted. */
  #compareNames(a: number, b: number): number {
    const { names, nameStart, nameEnd } = this.#result.trees.tree;
    let i = nameStart[a] as number;
    let j = nameStart[b] as number;
    const iEnd = nameEnd[a] as number;
    const jEnd = nameEnd[b] as number;
    for (; i < iEnd && j < jEnd; i++, j++) {
      const difference = (names[i] as number) - (names[j] as number);
      if (difference !== 0) return difference;
    }
    return iEnd - i - (jEnd - j);
  }

  #link(node: number): string {
    const entry = this.#directory[node] ? undefined : this.entryOf(node);
    if (!entry) return '';
    const table = this.#result.trees.tables[entry.layer];
    const kind = table?.kind[entry.row];
    if (!table || (kind !== EntryKind.symlink && kind !== EntryKind.hardLink)) return '';
    const start = entry.row === 0 ? 0 : (table.linkEnds[entry.row - 1] as number);
    return DECODER.decode(table.linkBytes.subarray(start, table.linkEnds[entry.row]));
  }
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** `.wh..wh..opq` stands for "nothing of the layers below": it is no file. */
function isOpaqueMarker(table: EntryTable, row: number): boolean {
  const end = table.nameEnds[row] as number;
  const marker = '.wh..wh..opq';
  if (end < marker.length || table.nameBytes[end - 1] !== 0x71) return false;
  return DECODER.decode(table.nameBytes.subarray(end - marker.length, end)) === marker;
}

function contains(bytes: Uint8Array, start: number, end: number, needle: Uint8Array): boolean {
  const first = needle[0] as number;
  for (let i = start; i + needle.length <= end; i++) {
    if (lower(bytes[i] as number) !== first) continue;
    let j = 1;
    while (j < needle.length && lower(bytes[i + j] as number) === needle[j]) j++;
    if (j === needle.length) return true;
  }
  return false;
}

function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
}
