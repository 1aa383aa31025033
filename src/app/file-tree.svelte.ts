/** The file tree as rows to show: a view of the columns that the scan made, without an object per file. */
import type { ScanResult } from '../engine/scan/scan-archive.ts';
import { EntryKind } from '../engine/archive/tar.ts';
import type { EntryTable } from '../engine/image/entry-table.ts';
import { type Severity, SEVERITIES } from '../engine/secrets/finding.ts';
import { compareBytes, contains } from './name-bytes.ts';
import { effectsOf } from './shown-image.ts';
import { SlicedWork } from './slices.ts';

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
const ENCODER = new TextEncoder();
const NONE = 255;
const STATES: readonly FileState[] = ['same', 'added', 'changed', 'deleted', 'attributes'];
const EFFECT_STATE: readonly number[] = [0, 1, 2, 3, 0, 4]; // by EntryEffect

const OFTEN = 2048; // nodes between two looks at the clock

/**
 * Rebuilt for each scope; opening, closing and filtering only recompute the list of visible nodes. Whatever
 * goes over all nodes does so in slices.
 */
export class FileTree {
  /** Nodes to show, in order. */
  visible = $state.raw<Int32Array>(new Int32Array(0));
  /** How many files the scope has. */
  files = $state(0);
  /** Whether all of the above is there. */
  built = $state(false);

  #result: ScanResult;
  #scope: TreeScope;
  #there: Uint8Array;
  #directory: Uint8Array;
  #state: Uint8Array;
  #size: Float64Array;
  #mark: Uint8Array;
  #expanded: Uint8Array;
  #rows: Int32Array; // of the layer, where the scope is one
  #matching: Uint8Array | undefined;
  #work = new SlicedWork();

  constructor(result: ScanResult, scope: TreeScope) {
    this.#result = result;
    this.#scope = scope;
    const n = result.trees.tree.count;
    this.#there = new Uint8Array(n);
    this.#directory = new Uint8Array(n);
    this.#state = new Uint8Array(n);
    this.#size = new Float64Array(n);
    this.#mark = new Uint8Array(n).fill(NONE);
    this.#expanded = new Uint8Array(n);
    this.#rows = new Int32Array('layer' in scope ? n : 0).fill(-1);
    this.#work.start(this.#build());
  }

  *#build(): Generator<void, void, undefined> {
    if ('layer' in this.#scope) yield* this.#fillLayer(this.#scope.layer);
    else yield* this.#fillImage(this.#scope.image);
    yield* this.#sumUp();
    this.#expanded[0] = 1;
    yield* this.#markFindings();
    yield* this.#list();
    this.built = true;
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
      depth: this.#depthOf(node) - 1,
      directory: this.#directory[node] === 1,
      expanded: this.#expanded[node] === 1,
      link: this.#link(node),
      size: this.#size[node] as number,
      state: STATES[this.#state[node] as number] as FileState,
      severity: SEVERITIES[this.#mark[node] as number],
    };
  }

  #depthOf(node: number): number {
    let depth = 0;
    for (let at = node; at > 0; at = this.parentOf(at)) depth++;
    return depth;
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
      node = this.#childNamed(node, ENCODER.encode(part));
      if (node < 0 || !this.#there[node]) return -1;
    }
    return node;
  }

  /** Children are sorted, and a folder may have 100,000. */
  #childNamed(node: number, name: Uint8Array): number {
    const { childStart, children } = this.#result.trees.tree;
    let low = childStart[node] as number;
    let high = childStart[node + 1] as number;
    while (low < high) {
      const middle = (low + high) >> 1;
      const child = children[middle] as number;
      const order = compareBytes(this.#nameBytes(child), name);
      if (order === 0) return child;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return -1;
  }

  #nameBytes(node: number): Uint8Array {
    const { names, nameStart, nameEnd } = this.#result.trees.tree;
    return names.subarray(nameStart[node], nameEnd[node]);
  }

  toggle(node: number, open = this.#expanded[node] !== 1): void {
    if (this.#directory[node] !== 1 || this.isExpanded(node) === open) return;
    const at = this.visible.indexOf(node);
    if (this.#work.running || this.#matching || at < 0) {
      this.#expanded[node] = open ? 1 : 0;
      this.#work.start(this.#list());
      return;
    }
    // Only what is below it comes or goes.
    const old = this.#expanded[node] === 1 ? this.#countBelow(at) : 0;
    this.#expanded[node] = open ? 1 : 0;
    const below: number[] = [];
    if (open) for (const child of this.#walk(node)) below.push(child);
    const visible = new Int32Array(this.visible.length - old + below.length);
    visible.set(this.visible.subarray(0, at + 1));
    visible.set(below, at + 1);
    visible.set(this.visible.subarray(at + 1 + old), at + 1 + below.length);
    this.visible = visible;
  }

  /** How many rows behind `at` are below the folder there. */
  #countBelow(at: number): number {
    const depth = this.#depthOf(this.visible[at] as number);
    let end = at + 1;
    while (end < this.visible.length && this.#depthOf(this.visible[end] as number) > depth) end++;
    return end - at - 1;
  }

  isExpanded(node: number): boolean {
    return this.#expanded[node] === 1;
  }

  parentOf(node: number): number {
    return this.#result.trees.tree.parent[node] as number;
  }

  expandAll(): void {
    this.#expanded.set(this.#directory);
    this.#work.start(this.#list());
  }

  collapseAll(): void {
    this.#expanded.fill(0);
    this.#expanded[0] = 1;
    this.#work.start(this.#list());
  }

  /** Opens all folders above a node, which is among the visible ones then. */
  reveal(node: number): void {
    this.#work.finish();
    for (let at = this.parentOf(node); at >= 0; at = this.parentOf(at)) this.#expanded[at] = 1;
    if (this.visible.includes(node)) return;
    this.#work.start(this.#list());
    this.#work.finish();
  }

  /** Shows only paths with `query` in their names, and the folders above them; empty shows all. */
  filter(query: string): void {
    const needle = ENCODER.encode(query.trim().toLowerCase());
    if (!this.built || (needle.length === 0 && !this.#matching && !this.#work.running)) return;
    this.#work.start(this.#filter(needle));
  }

  *#filter(needle: Uint8Array): Generator<void, void, undefined> {
    if (needle.length === 0) this.#matching = undefined;
    else {
      const { tree } = this.#result.trees;
      const matching = new Uint8Array(tree.count);
      for (let node = tree.count - 1; node > 0; node--) {
        if (node % OFTEN === 0) yield;
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
    yield* this.#list();
  }

  /** Recomputes the visible nodes. */
  *#list(): Generator<void, void, undefined> {
    let out = new Int32Array(1024);
    let count = 0;
    for (const node of this.#walk(0)) {
      if (count === out.length) {
        const grown = new Int32Array(count * 2);
        grown.set(out);
        out = grown;
      }
      out[count++] = node;
      if (count % OFTEN === 0) yield;
    }
    this.visible = out.subarray(0, count);
  }

  /** What is shown below a folder, in order: folders before files, each by name. */
  *#walk(top: number): Generator<number, void, undefined> {
    const { childStart, children } = this.#result.trees.tree;
    const stack: number[] = [];
    const pushChildren = (node: number): void => {
      const from = childStart[node] as number;
      const to = childStart[node + 1] as number;
      for (const directories of [0, 1]) {
        for (let i = to - 1; i >= from; i--) {
          const child = children[i] as number;
          if (this.#directory[child] === directories && this.#isShown(child)) stack.push(child);
        }
      }
    };
    pushChildren(top);
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      yield node;
      if (this.#expanded[node] || this.#matching) pushChildren(node);
    }
  }

  #isShown(node: number): boolean {
    return this.#there[node] === 1 && (this.#matching ? this.#matching[node] === 1 : true);
  }

  *#fillLayer(layer: number): Generator<void, void, undefined> {
    const { trees } = this.#result;
    const nodes = trees.nodes[layer];
    const table = trees.tables[layer];
    if (!nodes || !table) return;
    const effects = effectsOf(this.#result, layer);
    for (let row = 0; row < table.count; row++) {
      if (row % OFTEN === 0) yield;
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

  *#fillImage(image: number): Generator<void, void, undefined> {
    const { trees, archive } = this.#result;
    const fs = trees.fileSystems[image];
    const layers = archive.images[image]?.layers ?? [];
    if (!fs) return;
    for (let node = 1; node < trees.tree.count; node++) {
      if (node % OFTEN === 0) yield;
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
  *#markFindings(): Generator<void, void, undefined> {
    const { report } = this.#result;
    const digest = 'layer' in this.#scope ? report.layers[this.#scope.layer]?.digest : undefined;
    const image = 'image' in this.#scope ? report.images[this.#scope.image]?.id : undefined;
    for (const finding of report.findings) {
      const rank = SEVERITIES.indexOf(finding.severity);
      for (const place of finding.places) {
        yield;
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
  *#sumUp(): Generator<void, void, undefined> {
    const { parent } = this.#result.trees.tree;
    this.#there[0] = 1;
    this.#directory[0] = 1;
    let files = 0;
    for (let node = this.#there.length - 1; node > 0; node--) {
      if (node % OFTEN === 0) yield;
      if (!this.#there[node]) continue;
      if (!this.#directory[node]) files++;
      const up = parent[node] as number;
      if (!this.#there[up]) {
        this.#there[up] = 1;
        this.#directory[up] = 1;
      }
      this.#directory[up] = 1;
      this.#size[up] = (this.#size[up] as number) + (this.#size[node] as number);
    }
    this.files = files;
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

/** `.wh..wh..opq` stands for "nothing of the layers below": it is no file. */
function isOpaqueMarker(table: EntryTable, row: number): boolean {
  const end = table.nameEnds[row] as number;
  const marker = '.wh..wh..opq';
  if (end < marker.length || table.nameBytes[end - 1] !== 0x71) return false;
  return DECODER.decode(table.nameBytes.subarray(end - marker.length, end)) === marker;
}
