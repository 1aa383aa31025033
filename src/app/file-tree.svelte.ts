/** The file tree as rows to show: a view of the columns that the scan made, without an object per file. */
import type { ScanResult } from '../engine/scan/scan-archive.ts';
import { EntryKind } from '../engine/archive/tar.ts';
import type { EntryTable } from '../engine/image/entry-table.ts';
import { type Severity, SEVERITIES } from '../engine/secrets/finding.ts';
import { compareBytes, nameMatcher } from './name-bytes.ts';
import { effectsOf } from './shown-image.ts';
import { SlicedWork } from './slices.ts';

/** How a path stands to the layers below, or to the image. */
export type FileState = 'same' | 'added' | 'changed' | 'deleted' | 'attributes';

/** One row, made when it is drawn. */
export interface FileRow {
  node: number;
  name: string;
  depth: number;
  /** Its place among those shown in its folder, from 1, and how many they are. */
  position: number;
  siblings: number;
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

const DECODER = new TextDecoder('utf-8', { ignoreBOM: true }); // a name may begin with one
const ENCODER = new TextEncoder();
const NONE = 255;
const STATES: readonly FileState[] = ['same', 'added', 'changed', 'deleted', 'attributes'];
const EFFECT_STATE: readonly number[] = [0, 1, 2, 3, 0, 4]; // by EntryEffect

/** How a node stands to the filter: not at all, by what is below it, or by its own name alone. */
const Match = { none: 0, below: 1, alone: 2 } as const;

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
  /** Whether every folder has been opened at once, and not closed since. */
  allOpen = $state(false);

  #result: ScanResult;
  #scope: TreeScope;
  #there: Uint8Array;
  #directory: Uint8Array;
  #state: Uint8Array;
  #size: Float64Array;
  #mark: Uint8Array;
  #unfiltered: Uint8Array;
  /** Which folders are open; a filter has its own. */
  #expanded: Uint8Array;
  #positions: Int32Array;
  /** By folder, while `#positions` holds for what is shown in it. */
  #counts = new Map<number, number>();
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
    this.#unfiltered = new Uint8Array(n);
    this.#expanded = this.#unfiltered;
    this.#positions = new Int32Array(n);
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
      siblings: this.#countIn(this.parentOf(node)),
      position: this.#positions[node] as number,
      directory: this.#directory[node] === 1,
      expanded: this.#expanded[node] === 1,
      link: this.#link(node),
      size: this.#size[node] as number,
      state: STATES[this.#state[node] as number] as FileState,
      severity: SEVERITIES[this.#mark[node] as number],
    };
  }

  /** How many rows a folder shows of its own; each then has its position. */
  #countIn(folder: number): number {
    let count = this.#counts.get(folder);
    if (count === undefined) {
      count = 0;
      for (const node of this.#shownIn(folder)) this.#positions[node] = ++count;
      this.#counts.set(folder, count);
    }
    return count;
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
      const folder = node;
      node = this.#childNamed(folder, ENCODER.encode(part));
      if (node < 0 && part.includes('\ufffd')) node = this.#childRead(folder, part);
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

  /** A child whose name reads so, though its bytes are no UTF-8. */
  #childRead(folder: number, name: string): number {
    const { childStart, children } = this.#result.trees.tree;
    return (
      children
        .subarray(childStart[folder], childStart[folder + 1])
        .find((child) => this.name(child) === name) ?? -1
    );
  }

  #nameBytes(node: number): Uint8Array {
    const { names, nameStart, nameEnd } = this.#result.trees.tree;
    return names.subarray(nameStart[node], nameEnd[node]);
  }

  toggle(node: number, open = this.#expanded[node] !== 1): void {
    if (this.#directory[node] !== 1 || this.isExpanded(node) === open) return;
    const at = this.visible.indexOf(node);
    if (this.#work.running || at < 0) {
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
    this.allOpen = true;
    this.#work.start(this.#list());
  }

  collapseAll(): void {
    this.#expanded.fill(0);
    this.#expanded[0] = 1;
    this.allOpen = false;
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
    const wanted = query.trim();
    if (!this.built || (wanted === '' && !this.#matching && !this.#work.running)) return;
    this.#work.start(this.#filter(wanted));
  }

  *#filter(query: string): Generator<void, void, undefined> {
    let matching: Uint8Array | undefined;
    let expanded = this.#unfiltered;
    if (query !== '') {
      const { tree } = this.#result.trees;
      const matches = nameMatcher(query);
      matching = new Uint8Array(tree.count);
      matching[0] = Match.below;
      expanded = new Uint8Array(tree.count);
      for (let node = tree.count - 1; node > 0; node--) {
        if (node % OFTEN === 0) yield;
        if (!this.#there[node]) continue;
        const below = matching[node] === Match.below;
        if (below) expanded[node] = 1;
        else if (matches(tree.names, tree.nameStart[node] as number, tree.nameEnd[node] as number))
          matching[node] = Match.alone;
        else continue;
        matching[tree.parent[node] as number] = Match.below;
      }
      expanded[0] = 1;
    }
    this.#matching = matching;
    this.#expanded = expanded;
    this.#counts.clear();
    this.allOpen = false;
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
    const stack = [...this.#shownIn(top)].reverse();
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      yield node;
      if (!this.#expanded[node]) continue;
      const from = stack.length;
      for (const child of this.#shownIn(node)) stack.push(child);
      for (let low = from, high = stack.length - 1; low < high; low++, high--)
        [stack[low], stack[high]] = [stack[high] as number, stack[low] as number];
    }
  }

  /** What is shown in a folder: where a filter has found nothing below it, but itself, that is all. */
  *#shownIn(folder: number): Generator<number, void, undefined> {
    const { childStart, children } = this.#result.trees.tree;
    const matching = this.#matching?.[folder] === Match.below ? this.#matching : undefined;
    const to = childStart[folder + 1] as number;
    for (const directories of [1, 0]) {
      for (let i = childStart[folder] as number; i < to; i++) {
        const child = children[i] as number;
        if (this.#directory[child] !== directories || !this.#there[child]) continue;
        if (!matching || matching[child] !== Match.none) yield child;
      }
    }
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
