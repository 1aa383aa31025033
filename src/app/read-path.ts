/** Reads files of the archive by their path, inside other files too. */
import { EntryKind } from '../engine/archive/tar.ts';
import { type EntryTable, linkBytesOf, nameBytesOf } from '../engine/image/entry-table.ts';
import type { Session } from './session.svelte.ts';

const MARK = '!/';
const MOST_HOPS = 10; // a hard link to a hard link

/** Where a file's content is recorded. */
export interface FileRow {
  layer: number;
  /** Row in the layer's table. */
  row: number;
}

/** The file at a path of one layer; undefined where the layer has none. */
export async function readPath(
  session: Session,
  layer: number,
  whole: string,
): Promise<Uint8Array | undefined> {
  const table = session.result?.trees.tables[layer];
  if (!table) return undefined;
  const mark = whole.indexOf(MARK);
  const wanted = new TextEncoder().encode(mark < 0 ? whole : whole.slice(0, mark));
  const row = rowNamed(table, wanted);
  if (row < 0) return undefined;
  const file = linkedFile(session, { layer, row });
  const content = session.result?.trees.tables[file.layer];
  if (!content) return undefined;
  const offset = content.dataOffset[file.row] as number;
  const stored = content.stored[file.row] as number;
  return mark < 0
    ? session.read(file.layer, offset, stored)
    : session.readInside(file.layer, offset, stored, whole);
}

/** The file that a hard link is a name of, in its layer or below; what is no link, or leads nowhere, stays. */
export function linkedFile(session: Session, start: FileRow): FileRow {
  const tables = session.result?.trees.tables;
  let file = start;
  for (let hops = 0; hops < MOST_HOPS; hops++) {
    const table = tables?.[file.layer];
    if (table?.kind[file.row] !== EntryKind.hardLink) return file;
    const target = linkBytesOf(table, file.row);
    const found = layersBelow(session, file.layer)
      .map((layer): FileRow => ({
        layer,
        row: tables?.[layer] ? rowNamed(tables[layer], target) : -1,
      }))
      .find(({ row }) => row >= 0);
    if (!found) return file;
    file = found;
  }
  return file;
}

/** The last row of a table with a name, however it begins (`/a`, `./a`); -1 where there is none. */
function rowNamed(table: EntryTable, path: Uint8Array): number {
  const wanted = withoutRoot(path);
  for (let row = table.count - 1; row >= 0; row--) {
    const name = nameBytesOf(table, row);
    const at = name.length - wanted.length;
    if (at < 0 || at > 2 || !wanted.every((byte, i) => name[at + i] === byte)) continue;
    if (at === 0 || name[at - 1] === 0x2f) return row;
  }
  return -1;
}

function withoutRoot(path: Uint8Array): Uint8Array {
  const start = path[0] === 0x2e && path[1] === 0x2f ? 2 : path[0] === 0x2f ? 1 : 0;
  return path.subarray(start);
}

/** A layer and those below it, in the first image that has it. */
function layersBelow(session: Session, layer: number): number[] {
  const image = session.archive?.images.find(({ layers }) => layers.includes(layer));
  return image?.layers.slice(0, image.layers.lastIndexOf(layer) + 1).reverse() ?? [];
}

/** The file as an image has it at a layer: the latest of the layers up to that one that has it. */
export async function readBelow(
  session: Session,
  layer: number,
  path: string,
): Promise<string | undefined> {
  for (const candidate of layersBelow(session, layer)) {
    const bytes = await readPath(session, candidate, path);
    if (bytes) return new TextDecoder().decode(bytes);
  }
  return undefined;
}
