/** Reads files of the archive by their path, inside other files too. */
import type { Session } from './session.svelte.ts';

const MARK = '!/';

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
  for (let row = table.count - 1; row >= 0; row--) {
    const end = table.nameEnds[row] as number;
    const name = table.nameBytes.subarray(row === 0 ? 0 : table.nameEnds[row - 1], end);
    const at = name.length - wanted.length;
    if (at < 0 || at > 2 || !wanted.every((byte, i) => name[at + i] === byte)) continue;
    if (at > 0 && name[at - 1] !== 0x2f) continue;
    const offset = table.dataOffset[row] as number;
    const stored = table.stored[row] as number;
    return mark < 0
      ? session.read(layer, offset, stored)
      : session.readInside(layer, offset, stored, whole);
  }
  return undefined;
}

/** The file as an image has it at a layer: the latest of the layers up to that one that has it. */
export async function readBelow(
  session: Session,
  layer: number,
  path: string,
): Promise<string | undefined> {
  const image = session.archive?.images.find(({ layers }) => layers.includes(layer));
  const below = image?.layers.slice(0, image.layers.lastIndexOf(layer) + 1).reverse() ?? [];
  for (const candidate of below) {
    const bytes = await readPath(session, candidate, path);
    if (bytes) return new TextDecoder().decode(bytes);
  }
  return undefined;
}
