/** Finds the source of each `.pyc` with detections, as the image has it at that layer, and compares them. */
import { type ByteSource, concat } from '../archive/read-blob.ts';
import { MAX_WHOLE_FILE } from '../archive/limits.ts';
import { utf8Text } from '../archive/plain-text.ts';
import { EntryKind } from '../archive/tar.ts';
import { linkBytesOf } from '../image/entry-table.ts';
import type { FileSystem, StackedLayer } from '../image/file-system.ts';
import type { Layer, OpenedArchive } from '../image/model.ts';
import type { PathTree } from '../image/path-tree.ts';
import { compareWithSource, stemLengths } from '../python/source-check.ts';
import type { SourceComparison } from './compare-in-archive.ts';
import type { OnLayer } from './file-trees.ts';
import { readStretches } from './read-file.ts';
import type { LayerDetection, LayerScan } from './scan-layer.ts';

/** A file as an image has it. */
export interface LocatedFile {
  /** Layer's index. */
  layer: number;
  row: number;
  /** Where it is looked up; a link there may lead to it. */
  node: number;
}

/**
 * Gathers, while images are merged, where each source stands; then reads them and compares. The first
 * image that has the layer decides.
 */
export class SourceComparer {
  #archive: OpenedArchive;
  #scans: readonly (LayerScan | undefined)[];
  #located = new Map<LayerDetection, (LocatedFile & { path: string }) | undefined>();

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
        const node = nodes[detection.row] as number;
        const { fileName } = detection.bytecode.compiledFrom;
        const source = locateSource(tree, fs, layers, stacked, node, fileName);
        this.#located.set(detection, source && { ...source, path: tree.path(source.node) });
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

const ENCODER = new TextEncoder();
const EXTENSION = ENCODER.encode('.py');
const LONGEST_NAME = 4096; // bytes; no file system has longer ones

/** The source of the `.pyc` at a node as the image has it, at the first of its `sourcePaths` that is a file. */
export function locateSource(
  tree: PathTree,
  fs: FileSystem,
  layers: readonly number[],
  stacked: readonly (StackedLayer | undefined)[],
  pyc: number,
  compiledFrom: string,
): LocatedFile | undefined {
  let located: LocatedFile | undefined;
  for (const node of pyc > 0 ? nodesBeside(tree, pyc) : [])
    located ??= locateFile(tree, fs, layers, stacked, node);
  if (located || !compiledFrom.startsWith('/') || !compiledFrom.endsWith('.py')) return located;
  return locateFile(tree, fs, layers, stacked, tree.find(ENCODER.encode(compiledFrom)));
}

function nodesBeside(tree: PathTree, pyc: number): number[] {
  const name = tree.name(pyc);
  if (name.length > LONGEST_NAME) return [];
  const folder = tree.parent[pyc] as number;
  const inCache = utf8Text(tree.name(folder)) === '__pycache__';
  const beside = inCache ? (tree.parent[folder] as number) : folder;
  // Its bytes as characters: names need not be UTF-8.
  const lengths = stemLengths(String.fromCharCode(...name), inCache);
  return lengths.map((length) => tree.child(beside, concat([name.subarray(0, length), EXTENSION])));
}

/** The file that the image has at a node, links followed. */
function locateFile(
  tree: PathTree,
  fs: FileSystem,
  layers: readonly number[],
  stacked: readonly (StackedLayer | undefined)[],
  node: number,
): LocatedFile | undefined {
  let at = node;
  for (let hops = 0; at > 0 && hops < 8; hops++) {
    const row = fs.row[at] as number;
    const layer = layers[fs.layer[at] as number];
    const table = layer === undefined ? undefined : stacked[layer]?.table;
    if (row < 0 || layer === undefined || !table) return undefined;
    const kind = table.kind[row];
    if (kind === EntryKind.file) return { layer, row, node };
    const target = linkBytesOf(table, row);
    if (kind === EntryKind.hardLink) at = tree.find(target);
    else if (kind === EntryKind.symlink) {
      const folder = target[0] === 0x2f ? '' : `${tree.path(tree.parent[at] as number)}/`;
      at = tree.find(ENCODER.encode(folder + new TextDecoder().decode(target)));
    } else return undefined;
  }
  return undefined;
}
