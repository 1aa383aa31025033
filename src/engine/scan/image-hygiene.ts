/**
 * What an image ships that it does not need to: repositories, environment files, bytecode, tests, caches;
 * and the `.dockerignore` that would have kept out exactly those that a COPY or ADD brought.
 */
import { utf8Text } from '../archive/plain-text.ts';
import { EntryKind } from '../archive/tar.ts';
import { baseLayers } from '../image/base-layers.ts';
import { type EntryTable, nameBytesOf } from '../image/entry-table.ts';
import type { OpenedArchive } from '../image/model.ts';
import type { PathTree } from '../image/path-tree.ts';
import {
  type ContextCopy,
  contextCopy,
  type ContextFile,
  contextPaths,
  type DockerIgnore,
  dockerIgnore,
} from './dockerignore.ts';
import {
  HYGIENE_ROWS,
  type HygieneKind,
  type HygieneRow,
  MAY_BE_NEEDLESS,
  needlessKind,
} from './hygiene-kinds.ts';
import type { LayerScan } from './scan-layer.ts';

/** A file that was not needed. */
export interface NeedlessFile {
  /** Layer's index, and row in its table. */
  layer: number;
  row: number;
  path: string;
  /** Bytes. */
  size: number;
}

/** All of one kind. */
export interface Needless {
  kind: HygieneKind;
  files: NeedlessFile[];
}

const MOST_FILES = 1000; // of one kind that are named

/** What the images of an archive ship without need, in layers built on top of their bases. */
export function needlessFiles(
  archive: OpenedArchive,
  scans: readonly (LayerScan | undefined)[],
  tree: PathTree,
  nodes: readonly (Int32Array | undefined)[],
): { needless: Needless[]; ignores: (DockerIgnore | undefined)[] } {
  const byLayer = new Map<number, LayerFiles>();
  const built = archive.images.map((image) => image.layers.slice(baseLayers(image).count));
  for (const layer of new Set(built.flat())) {
    const rows = nodes[layer];
    const table = scans[layer]?.table;
    if (rows && table) byLayer.set(layer, filesOf(layer, table, tree, rows));
  }
  const all = [...byLayer.values()].flatMap(({ needless }) => needless);
  const needless = HYGIENE_ROWS.flatMap((kind): Needless[] => {
    const files = all.filter((file) => file.kind === kind);
    return files.length > 0 ? [{ kind, files }] : [];
  });
  const ignores = archive.images.map((image, i) => {
    const copies = [...new Set(built[i])].flatMap((layer) => {
      const copy = contextCopy(archive.layers[layer]?.createdBy ?? '');
      const files = byLayer.get(layer);
      return copy && files ? [{ copy, ...files }] : [];
    });
    const name = image.names[0] ?? 'this image';
    return dockerIgnore(name, contextFiles(copies), neededPaths(copies, tree));
  });
  return { needless, ignores };
}

/** The files of a layer that look like those of some kind. */
function filesOf(layer: number, table: EntryTable, tree: PathTree, rows: Int32Array): LayerFiles {
  const paths = new TellingPaths(tree);
  const files: LayerFiles = { needless: [], needed: [] };
  for (let row = 0; row < table.count; row++) {
    const node = rows[row] as number;
    if (table.kind[row] !== EntryKind.file || node < 0) continue;
    const path = paths.ofTelling(node);
    if (path === undefined || isWhiteout(nameBytesOf(table, row))) continue;
    const kind = needlessKind(path);
    if (kind) files.needless.push({ kind, layer, row, path, size: table.size[row] as number });
    else files.needed.push(node);
  }
  return files;
}

/** A file that only takes another away. */
function isWhiteout(name: Uint8Array): boolean {
  const at = name.lastIndexOf(0x2f) + 1;
  return (
    name[at] === 0x2e && name[at + 1] === 0x77 && name[at + 2] === 0x68 && name[at + 3] === 0x2e
  );
}

/** How many files of one kind a finding names; all are counted. */
export const MOST_NEEDLESS_PLACES = MOST_FILES;

interface LayerFiles {
  needless: (NeedlessFile & { kind: HygieneRow })[];
  /** The nodes of those that are needed after all. */
  needed: number[];
}

/** The files that came from the context, in one layer. */
interface CopiedFiles extends LayerFiles {
  copy: ContextCopy;
}

/** The paths of a tree that `MAY_BE_NEEDLESS` matches; no other is put together. */
export class TellingPaths {
  #tree: PathTree;
  // Files come by folders.
  #folder = -1;
  #path = '';
  #telling = false;

  constructor(tree: PathTree) {
    this.#tree = tree;
  }

  /** The path of a node, if it tells something. */
  ofTelling(node: number): string | undefined {
    const folder = this.#tree.parent[node] as number;
    if (folder !== this.#folder) {
      this.#folder = folder;
      this.#path = folder > 0 ? `${this.#tree.path(folder)}/` : '';
      this.#telling = MAY_BE_NEEDLESS.test(this.#path);
    }
    const name = utf8Text(this.#tree.name(node));
    return this.#telling || MAY_BE_NEEDLESS.test(name) ? this.#path + name : undefined;
  }
}

/** What came from the context and was not needed, as far as a pattern keeps it out. */
function contextFiles(copies: readonly CopiedFiles[]): ContextFile[] {
  return copies.flatMap(({ copy, needless }) =>
    needless.flatMap(({ path, size, kind }): ContextFile[] => {
      // Only what a file was called in the context can keep it out.
      const named = contextPaths(copy, path).find((candidate) => kind.test.test(candidate));
      const pattern = named === undefined ? undefined : kind.ignore?.(named);
      return named === undefined || pattern === undefined ? [] : [{ path: named, size, pattern }];
    }),
  );
}

/** The paths in the context of what looks needless and is not. */
function* neededPaths(copies: readonly CopiedFiles[], tree: PathTree): Generator<string> {
  for (const { copy, needed } of copies)
    for (const node of needed) yield contextPaths(copy, tree.path(node))[0] as string;
}
