/** A layer's stored bytes, wherever they lie: in the file itself, or inside a compressed archive. */
import { unwrap } from '../archive/decompress.ts';
import { type ByteSource, type ByteStream, readBlob } from '../archive/read-blob.ts';
import type { Layer } from './model.ts';

/**
 * Streams a layer as it is stored. In a compressed archive everything before it is decompressed again;
 * damage there has been told of when the archive was read, and only ends the stream here.
 */
export async function* layerBytes(file: ByteSource, layer: Layer): ByteStreamOf {
  if (!layer.insideCompressed) {
    yield* readBlob(file, layer.start, layer.start + layer.size);
    return;
  }
  const { stream } = await unwrap(readBlob(file), () => undefined);
  // A file system that is itself the archive is all there is inside.
  if (layer.blob === '') yield* stream;
  else yield* sliceStream(stream, layer.start, layer.start + layer.size);
}

type ByteStreamOf = AsyncGenerator<Uint8Array, void, undefined>;

async function* sliceStream(stream: ByteStream, start: number, end: number): ByteStreamOf {
  let at = 0;
  for await (const piece of stream) {
    const from = Math.max(start - at, 0);
    const to = Math.min(end - at, piece.length);
    if (from < to) yield piece.subarray(from, to);
    at += piece.length;
    if (at >= end) return;
  }
}
