/** Reads files of a layer again: for the viewer, and to compare bytecode with its source. */
import { decompress } from '../archive/decompress.ts';
import { type ByteSource, readBlob, readBytes } from '../archive/read-blob.ts';
import { layerBytes } from '../image/layer-bytes.ts';
import type { Layer } from '../image/model.ts';

/** A stretch of the uncompressed layer. */
export interface Stretch {
  /** Bytes from the start of the uncompressed layer. */
  offset: number;
  length: number;
}

/** Streams a stretch of a layer; what lies behind damage is left out. */
export async function* streamStretch(
  file: ByteSource,
  layer: Layer,
  { offset, length }: Stretch,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (layer.compression === 'none' && !layer.insideCompressed) {
    const end = layer.start + layer.size;
    const from = Math.min(end, layer.start + offset);
    yield* readBlob(file, from, Math.min(end, from + length));
    return;
  }
  let at = 0;
  const stored = layerBytes(file, layer);
  for await (const chunk of decompress(stored, layer.compression, () => undefined)) {
    const from = Math.max(offset - at, 0);
    const to = Math.min(offset + length - at, chunk.length);
    if (from < to) yield chunk.subarray(from, to);
    at += chunk.length;
    if (at >= offset + length) return;
  }
}

/**
 * Reads stretches of one layer in one go, in the order given. A plain layer is read in place; a
 * compressed one is decompressed again up to the last stretch. What lies behind damage comes back short.
 */
export async function readStretches(
  file: ByteSource,
  layer: Layer,
  stretches: readonly Stretch[],
): Promise<Uint8Array[]> {
  if (layer.compression === 'none' && !layer.insideCompressed) {
    const end = layer.start + layer.size;
    return Promise.all(
      stretches.map(({ offset, length }) =>
        readBytes(
          file,
          Math.min(end, layer.start + offset),
          Math.min(end, layer.start + offset + length),
        ),
      ),
    );
  }
  const out = stretches.map(({ length }) => new Uint8Array(length));
  const filled = stretches.map(() => 0);
  const last = Math.max(0, ...stretches.map(({ offset, length }) => offset + length));
  let at = 0;
  const stored = layerBytes(file, layer);
  for await (const chunk of decompress(stored, layer.compression, () => undefined)) {
    stretches.forEach(({ offset, length }, i) => {
      const from = Math.max(offset, at);
      const to = Math.min(offset + length, at + chunk.length);
      if (from >= to) return;
      (out[i] as Uint8Array).set(chunk.subarray(from - at, to - at), from - offset);
      filled[i] = to - offset;
    });
    at += chunk.length;
    if (at >= last) break;
  }
  return out.map((bytes, i) => bytes.subarray(0, filled[i]));
}
