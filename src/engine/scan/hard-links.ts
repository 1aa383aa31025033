/** The names of files: a hard link is one more name of a file of its own layer, or of one below. */
import { EntryKind } from '../archive/tar.ts';
import { linkBytesOf } from '../image/entry-table.ts';
import type { OpenedArchive } from '../image/model.ts';
import type { FileSystem } from '../image/file-system.ts';
import type { PathTree } from '../image/path-tree.ts';
import { RealPaths } from './real-paths.ts';
import type { LayerScan } from './scan-layer.ts';

/** A row of a layer's table. */
export interface LayerRow {
  /** Index of the layer in its archive. */
  layer: number;
  row: number;
}

const MOST_NAMES = 100; // of one file; git's programs have 130
const MOST_HOPS = 100; // a link to a link to a link

/** Finds all names of a file. Layers without links cost one look at their table. */
export class HardLinks {
  #archive: OpenedArchive;
  #scans: readonly (LayerScan | undefined)[];
  #paths: RealPaths;
  #nodes: readonly (Int32Array | undefined)[];
  #links = new Map<number, Map<number, number[]>>();
  #files = new Map<number, Set<number>>();

  constructor(
    archive: OpenedArchive,
    scans: readonly (LayerScan | undefined)[],
    tree: PathTree,
    nodes: readonly (Int32Array | undefined)[],
    fileSystems: readonly FileSystem[],
  ) {
    this.#archive = archive;
    this.#scans = scans;
    this.#nodes = nodes;
    this.#paths = new RealPaths(archive, scans, tree, fileSystems);
  }

  /** The rows that are names of the file in a row, that one first. */
  namesOf(layer: number, row: number): LayerRow[] {
    const names: LayerRow[] = [{ layer, row }];
    const node = this.#paths.nodesOf(layer)?.[row] ?? -1;
    if (node < 0) return names;
    for (const link of this.#linksOf(layer).get(node) ?? []) names.push({ layer, row: link });
    for (const above of this.#layersAbove(layer, node)) {
      for (const link of this.#linksOf(above).get(node) ?? [])
        names.push({ layer: above, row: link });
    }
    return names.slice(0, MOST_NAMES);
  }

  /** The layers stacked on one in any image, up to the first that has the path itself. */
  #layersAbove(layer: number, node: number): Set<number> {
    const found = new Set<number>();
    for (const image of this.#archive.images) {
      const position = image.layers.lastIndexOf(layer);
      if (position < 0) continue;
      const layers = image.layers.slice(position + 1);
      while (layers.length > 0 && this.#linksOf(layers.at(-1) ?? -1).size === 0) layers.pop();
      for (const above of layers) {
        if (this.#filesOf(above).has(node)) break;
        found.add(above);
      }
    }
    return found;
  }

  /** The rows of a layer's hard links, by the node of the file that they name. */
  #linksOf(layer: number): Map<number, number[]> {
    const known = this.#links.get(layer);
    if (known) return known;
    const links = new Map<number, number[]>();
    this.#links.set(layer, links);
    const table = this.#scans[layer]?.table;
    const nodes = this.#paths.nodesOf(layer);
    if (!table || !nodes) return links;
    const targets = new Map<number, number>();
    for (let row = 0; row < table.count; row++) {
      if (table.kind[row] !== EntryKind.hardLink || (nodes[row] as number) < 0) continue;
      let target = this.#paths.resolve(layer, linkBytesOf(table, row));
      for (let hops = 0; hops < MOST_HOPS; hops++) {
        const next = targets.get(target);
        if (next === undefined) break;
        target = next;
      }
      if (target < 0 || target === nodes[row]) continue;
      targets.set(nodes[row] as number, target);
      const rows = links.get(target);
      if (rows) rows.push(row);
      else links.set(target, [row]);
    }
    return links;
  }

  /** The nodes of what a layer has that is no link, and of what its markers remove. */
  #filesOf(layer: number): Set<number> {
    const known = this.#files.get(layer);
    if (known) return known;
    const named = new Set<number>();
    const table = this.#scans[layer]?.table;
    const nodes = this.#nodes[layer];
    this.#paths.nodesOf(layer)?.forEach((node, row) => {
      if (table?.kind[row] !== EntryKind.hardLink)
        named.add(node < 0 ? (nodes?.[row] ?? -1) : node);
    });
    this.#files.set(layer, named);
    return named;
  }
}
