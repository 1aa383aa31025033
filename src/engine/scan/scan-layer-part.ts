/** Scans one part of a large plain layer: see `layer-parts.ts`. */
import { type ByteSource, concat, readBlob } from '../archive/read-blob.ts';
import { BLOCK, checksumHolds, number } from '../archive/tar-fields.ts';
import { tableBuffers } from '../image/entry-table.ts';
import type { Layer } from '../image/model.ts';
import { scanContentRest } from './content-rest.ts';
import { type LayerPart, type LayerPartScan, SMALLEST_REST } from './layer-parts.ts';
import { type LayerProgress, scanLayer, scanLayerStretch } from './scan-layer.ts';

const LOOK_BACK = 64 << 10; // extended headers before an entry that begins behind a part's start
const FIRST_LOOK = 256 << 10; // bytes

/** Scans one part. Damage becomes problems; only errors of reading the file itself are thrown. */
export async function scanLayerPart(
  file: ByteSource,
  part: LayerPart,
  onProgress: (progress: LayerProgress) => void = () => undefined,
  smallest = SMALLEST_REST,
): Promise<LayerPartScan> {
  const { layer, start, end, exact, content } = part;
  if (content) {
    const scan = await scanContentRest(file, layer, content, onProgress);
    return { scan, first: undefined, next: undefined, rest: undefined };
  }
  if (start === 0 && end === Infinity) {
    const scan = await scanLayer(file, layer, onProgress);
    return { scan, first: 0, next: undefined, rest: undefined };
  }
  const first = exact ? start : await findEntry(file, layer, start, Math.min(end, layer.size));
  const { scan, next, rest } = await scanLayerStretch(
    file,
    layer,
    first ?? layer.size,
    first === undefined ? layer.size : end,
    onProgress,
    smallest,
  );
  return { scan, first, next, rest };
}

/** The buffers of a part's scan, to hand over instead of copying. */
export function partBuffers({ scan }: LayerPartScan): ArrayBuffer[] {
  return [scan.table, scan.bytecode].flatMap(tableBuffers);
}

/** The first entry that begins at or behind `start`, as far as headers show; undefined where none is seen. */
async function findEntry(
  file: ByteSource,
  layer: Layer,
  start: number,
  end: number,
): Promise<number | undefined> {
  const from = Math.max(0, start - LOOK_BACK);
  let held = new Uint8Array(0);
  let heldAt = from;
  let groupEnd = -1; // where the entry begins that extended headers before `start` belong to
  for await (const piece of readMore(file, layer.start + from, layer.start + layer.size)) {
    const joined = held.length === 0 ? piece : concat([held, piece]);
    let at = 0;
    for (; at + BLOCK <= joined.length; at += BLOCK) {
      if (!hasMagic(joined, at)) continue;
      const block = joined.subarray(at, at + BLOCK);
      if (!checksumHolds(block)) continue;
      const here = heldAt + at;
      const size = number(block, 124, 12) ?? 0;
      const behind = here + BLOCK + Math.ceil(size / BLOCK) * BLOCK;
      if (here < start) {
        if (isExtended(block)) groupEnd = behind;
        else if (here === groupEnd) groupEnd = -1;
        continue;
      }
      // This entry's extended headers stand before the part: it is the part's before.
      if (here === groupEnd) {
        if (!isExtended(block)) return behind < end ? behind : undefined;
        groupEnd = behind;
        continue;
      }
      return here;
    }
    heldAt += at;
    held = joined.slice(at);
    if (heldAt >= end) return undefined;
  }
  return undefined;
}

/** Reads little at first, since most entries begin soon, and a stream that is left has read ahead. */
async function* readMore(
  file: ByteSource,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = start, length = FIRST_LOOK; at < end; at += length, length *= 4)
    yield* readBlob(file, at, Math.min(end, at + length));
}

/** Whether a block may be a header, by its magic, `ustar`; older tars have none, and are not split. */
function hasMagic(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at + 257] === 0x75 &&
    bytes[at + 258] === 0x73 &&
    bytes[at + 259] === 0x74 &&
    bytes[at + 260] === 0x61 &&
    bytes[at + 261] === 0x72
  );
}

function isExtended(block: Uint8Array): boolean {
  return 'xgLKXN'.includes(String.fromCharCode(block[156] as number));
}
