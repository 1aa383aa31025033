/** Finds the source of each `.pyc` with detections, as the image has it at that layer, and compares them. */
import type { ByteSource } from '../archive/read-blob.ts';
import { MAX_WHOLE_FILE } from '../archive/limits.ts';
import { EntryKind } from '../archive/tar.ts';
import { linkBytesOf } from '../image/entry-table.ts';
import type { FileSystem, StackedLayer } from '../image/file-system.ts';
import type { Layer, OpenedArchive } from '../image/model.ts';
import type { PathTree } from '../image/path-tree.ts';
import { compareWithSource, sourcePaths } from '../python/source-check.ts';
import type { SourceComparison } from './compare-in-archive.ts';
import type { OnLayer } from './file-trees.ts';
import { readStretches } from './read-file.ts';
import type { LayerDetection, LayerScan } from './scan-layer.ts';

/** A file as an image has it. */
export interface LocatedFile {
  /** Layer's index. */
  layer: number;
  row: number;
  path: string;
}

/**
 * Gathers, while images are merged, where each source stands; then reads them and compares. The first
 * image that has the layer decides.
 */
export class SourceComparer {
  #archive: OpenedArchive;
  #scans: readonly (LayerScan | undefined)[];
  #located = new Map<LayerDetection, LocatedFile | undefined>();

  constructor(archive: OpenedArchive, scans: readonly (LayerScan | undefined)[]) {
    this.#archive = archive;
    this.#scans = scans;
  }

  /** To be called after each layer of each image. */
  watch(tree: PathTree, stacked: readonly (StackedLayer | undefined)[]): OnLayer {
    return (image, position, fs) => {
      const layers = this.#archive.images[image]?.layers ?? [];
      const index = layers[position] as number;
      const nodes = stacked[index]?.nodes;
      for (const detection of this.#scans[index]?.detections ?? []) {
        if (!detection.bytecode || detection.comparison || this.#located.has(detection) || !nodes)
          continue;
        const path = tree.path(nodes[detection.row] as number);
        const compiledFrom = detection.bytecode.compiledFrom.fileName;
        this.#located.set(
          detection,
          locateFile(tree, fs, layers, stacked, sourcePaths(path, compiledFrom)),
        );
      }
    };
  }

  /** Reads the sources found and compares each detection with its own. */
  async compare(file: ByteSource): Promise<Map<LayerDetection, SourceComparison>> {
    const result = new Map<LayerDetection, SourceComparison>();
    const byLayer = new Map<number, Map<number, LayerDetection[]>>();
    for (const [detection, located] of this.#located) {
      if (!located) {
        result.set(detection, { verdict: 'missing' });
        continue;
      }
      const rows = byLayer.get(located.layer) ?? new Map<number, LayerDetection[]>();
      byLayer.set(located.layer, rows);
      rows.set(located.row, [...(rows.get(located.row) ?? []), detection]);
    }
    for (const [index, rows] of byLayer) {
      const table = this.#scans[index]?.table;
      if (!table) continue;
      const wanted = [...rows].map(([row, detections]) => ({
        row,
        detections,
        offset: table.dataOffset[row] as number,
        length: table.stored[row] as number,
      }));
      const readable = wanted.filter(({ length }) => length <= MAX_WHOLE_FILE);
      const texts = await readStretches(file, this.#archive.layers[index] as Layer, readable);
      for (const { detections } of wanted) {
        for (const detection of detections) {
          result.set(detection, { verdict: 'unknown', ...this.#path(detection) });
        }
      }
      readable.forEach(({ row, detections, length }, i) => {
        const bytes = texts[i] as Uint8Array;
        if (bytes.length < length) return;
        const source = { bytes, mtime: table.mtime[row] as number };
        for (const detection of detections) {
          const { compiledFrom, constant } = detection.bytecode as NonNullable<
            LayerDetection['bytecode']
          >;
          const verdict = compareWithSource(
            compiledFrom.header,
            compiledFrom.version,
            constant,
            source,
          );
          result.set(detection, { verdict, ...this.#path(detection) });
        }
      });
    }
    return result;
  }

  #path(detection: LayerDetection): { path?: string } {
    const path = this.#located.get(detection)?.path;
    return path === undefined ? {} : { path };
  }
}

/** The first of these paths at which the image has a file, links followed. */
export function locateFile(
  tree: PathTree,
  fs: FileSystem,
  layers: readonly number[],
  stacked: readonly (StackedLayer | undefined)[],
  paths: readonly string[],
): LocatedFile | undefined {
  const encoder = new TextEncoder();
  for (const path of paths) {
    let node = tree.find(encoder.encode(path));
    for (let hops = 0; node > 0 && hops < 8; hops++) {
      const row = fs.row[node] as number;
      const layer = layers[fs.layer[node] as number];
      const table = layer === undefined ? undefined : stacked[layer]?.table;
      if (row < 0 || layer === undefined || !table) break;
      const kind = table.kind[row];
      if (kind === EntryKind.file) return { layer, row, path };
      const target = linkBytesOf(table, row);
      if (kind === EntryKind.hardLink) node = tree.find(target);
      else if (kind === EntryKind.symlink) {
        const folder = target[0] === 0x2f ? '' : `${tree.path(tree.parent[node] as number)}/`;
        node = tree.find(encoder.encode(folder + new TextDecoder().decode(target)));
      } else break;
    }
  }
  return undefined;
}
