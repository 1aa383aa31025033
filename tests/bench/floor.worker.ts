/** The floor of the benchmark: reads what the scan reads, decompresses it with the same decoders, and no more. */
import { decompress } from '../../src/engine/archive/decompress.ts';
import { type ByteSource, readBlob } from '../../src/engine/archive/read-blob.ts';
import type { Compression } from '../../src/engine/archive/compression.ts';

/** A stretch of the file, and how it is compressed. */
interface Stretch {
  file: ByteSource;
  start: number;
  end: number;
  compression: Compression;
}

onmessage = async ({ data }: MessageEvent<Stretch>): Promise<void> => {
  const { file, start, end, compression } = data;
  let bytes = 0;
  for await (const piece of decompress(readBlob(file, start, end), compression, () => undefined))
    bytes += piece.length;
  postMessage(bytes);
};
