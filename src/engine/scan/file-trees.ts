/** The file systems of an archive's images, as columns that a page can show without another pass. */
import { type EntryTable, tableBuffers } from '../image/entry-table.ts';
import {
  type FileSystem,
  mergeLayers,
  type StackedLayer,
  stackLayer,
} from '../image/file-system.ts';
import type { OpenedArchive } from '../image/model.ts';
import { PathTree, type PathTreeColumns } from '../image/path-tree.ts';
import type { LayerScan } from './scan-layer.ts';

/** Every path of every layer, and what each image makes of them. */
export interface FileTrees {
  tree: PathTreeColumns;
  /** By layer index; undefined where the layer could not be read. */
  tables: (EntryTable | undefined)[];
  /** By layer index: the tree node of each row, -1 for a marker that means nothing. */
  nodes: (Int32Array | undefined)[];
  /** By image index. */
  fileSystems: FileSystem[];
}

/** The buffers of all columns, to hand over instead of copying. */
export function treeBuffers(trees: FileTrees): ArrayBuffer[] {
  const columns: unknown[] = [...trees.nodes];
  const { parent, nameStart, nameEnd, names, childStart, children } = trees.tree;
  columns.push(parent, nameStart, nameEnd, names, childStart, children);
  for (const fs of trees.fileSystems) {
    columns.push(
      ...fs.effects,
      ...fs.placed,
      fs.layer,
      fs.row,
      fs.removedBy,
      fs.lastLayer,
      fs.lastRow,
    );
  }
  const buffers = columns.flatMap((column) => (ArrayBuffer.isView(column) ? [column.buffer] : []));
  const tables = trees.tables.flatMap((table) => (table ? tableBuffers(table) : []));
  return [...new Set([...buffers, ...tables])] as ArrayBuffer[];
}

/** Called after each layer of an image has been applied. */
export type OnLayer = (image: number, position: number, fs: FileSystem) => void;

/** Builds the tree of all paths and merges each image. */
export function buildTrees(
  archive: OpenedArchive,
  scans: readonly (LayerScan | undefined)[],
  onLayer: (tree: PathTree, stacked: readonly (StackedLayer | undefined)[]) => OnLayer,
): { trees: FileTrees; tree: PathTree } {
  const tree = new PathTree();
  const stacked = archive.layers.map((layer) => {
    const table = scans[layer.index]?.table;
    return table && stackLayer(tree, table);
  });
  const told = onLayer(tree, stacked);
  const fileSystems = archive.images.map((image, i) =>
    mergeLayers(
      tree,
      image.layers.map((layer) => stacked[layer] ?? EMPTY),
      (position, fs) => told(i, position, fs),
    ),
  );
  return {
    tree,
    trees: {
      tree: tree.columns(),
      tables: stacked.map((layer) => layer?.table),
      nodes: stacked.map((layer) => layer?.nodes),
      fileSystems,
    },
  };
}

const EMPTY: StackedLayer = {
  table: {
    count: 0,
    nameBytes: new Uint8Array(0),
    nameEnds: new Uint32Array(0),
    linkBytes: new Uint8Array(0),
    linkEnds: new Uint32Array(0),
    kind: new Uint8Array(0),
    mode: new Uint16Array(0),
    uid: new Uint32Array(0),
    gid: new Uint32Array(0),
    size: new Float64Array(0),
    mtime: new Float64Array(0),
    dataOffset: new Float64Array(0),
    stored: new Float64Array(0),
  },
  nodes: new Int32Array(0),
  whiteouts: [],
  opaques: [],
};
