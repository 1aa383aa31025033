/**
 * What a path of a layer means where symbolic links stand in its folders: those of the layer itself, and of the
 * layers below it in the first image that has it.
 */
import { EntryKind } from '../archive/tar.ts';
import { linkBytesOf } from '../image/entry-table.ts';
import type { FileSystem } from '../image/file-system.ts';
import { followPath, pathParts } from '../image/linked-path.ts';
import type { OpenedArchive } from '../image/model.ts';
import type { PathTree } from '../image/path-tree.ts';
import type { LayerScan } from './scan-layer.ts';

/** Paths as they are once all images are merged. */
export class RealPaths {
  #archive: OpenedArchive;
  #scans: readonly (LayerScan | undefined)[];
  #tree: PathTree;
  #fileSystems: readonly FileSystem[];
  #places = new Map<number, readonly [image: number, position: number]>();
  /** By layer: the rows of what stands at a node where any layer has a link. */
  #rows: Map<number, number>[] | undefined;

  constructor(
    archive: OpenedArchive,
    scans: readonly (LayerScan | undefined)[],
    tree: PathTree,
    fileSystems: readonly FileSystem[],
  ) {
    this.#archive = archive;
    this.#scans = scans;
    this.#tree = tree;
    this.#fileSystems = fileSystems;
  }

  /** The nodes where a layer's rows landed, -1 for markers; undefined where no image has the layer. */
  nodesOf(layer: number): Int32Array | undefined {
    const [image, position] = this.#placeOf(layer);
    return this.#fileSystems[image]?.placed[position];
  }

  /** The node that a path means in a layer; -1 where there is none. */
  resolve(layer: number, path: Uint8Array): number {
    return followPath(this.#tree, pathParts(path).reverse(), {
      child: (parent, name) => this.#tree.child(parent, name),
      target: (child, last) => (last ? undefined : this.#linkTarget(layer, child)),
    });
  }

  #linkTarget(layer: number, node: number): Uint8Array | undefined {
    const [image, position] = this.#placeOf(layer);
    const layers = this.#archive.images[image]?.layers ?? [];
    const rows = (this.#rows ??= this.#linkRows());
    for (let at = position; at >= 0; at--) {
      const below = layers[at] as number;
      const row = rows[below]?.get(node);
      const table = row === undefined ? undefined : this.#scans[below]?.table;
      if (!table || row === undefined) continue;
      return table.kind[row] === EntryKind.symlink ? linkBytesOf(table, row) : undefined;
    }
    return undefined;
  }

  #linkRows(): Map<number, number>[] {
    const links = new Set<number>();
    const each = (take: (layer: number, row: number, node: number, kind: number) => void): void => {
      this.#scans.forEach((scan, layer) => {
        const nodes = this.nodesOf(layer);
        scan?.table.kind.forEach((kind, row) => take(layer, row, nodes?.[row] ?? -1, kind));
      });
    };
    each((_, __, node, kind) => {
      if (kind === EntryKind.symlink && node >= 0) links.add(node);
    });
    const rows = this.#scans.map(() => new Map<number, number>());
    each((layer, row, node) => {
      if (links.has(node)) rows[layer]?.set(node, row);
    });
    return rows;
  }

  /** The first image that has a layer, and where. */
  #placeOf(layer: number): readonly [image: number, position: number] {
    const known = this.#places.get(layer);
    if (known) return known;
    const image = this.#archive.images.findIndex(({ layers }) => layers.includes(layer));
    const place = [image, this.#archive.images[image]?.layers.lastIndexOf(layer) ?? -1] as const;
    this.#places.set(layer, place);
    return place;
  }
}
