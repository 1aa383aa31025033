/** One door to every decompressor: a stream of a known compression becomes the bytes inside it. */
import { unbzip2 } from './bzip2.ts';
import { type Compression, sniffCompression, SNIFF_LENGTH } from './compression.ts';
import { gunzip, ungzip } from './gzip.ts';
import { DecodeProblem, type Decoder, decodeStream } from './input-buffer.ts';
import { MAX_WRAPPERS } from './limits.ts';
import { unlz4 } from './lz4.ts';
import { unlzma } from './lzma-alone.ts';
import type { Problem } from './problem.ts';
import { type ByteStream, peek } from './read-blob.ts';
import { unxz } from './xz.ts';
import { unzstd } from './zstd.ts';

/** The decoder of each compression. */
export const DECODERS: Record<Exclude<Compression, 'none'>, Decoder> = {
  gzip: ungzip,
  zstd: unzstd,
  xz: unxz,
  bzip2: unbzip2,
  lzma: unlzma,
  lz4: unlz4,
};

/**
 * Decompresses a stream. Damage ends it early and is told to `onProblem`; nothing is thrown but errors of the
 * source itself.
 */
export async function* decompress(
  source: ByteStream,
  compression: Compression,
  onProblem: (problem: Problem) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    switch (compression) {
      case 'none':
        yield* source;
        break;
      case 'gzip':
        yield* gunzip(source, ({ problem, trailing }) => {
          if (problem) onProblem(problem);
          if (trailing > 0) {
            onProblem({
              code: 'gzip-trailing-data',
              message: `${trailing.toLocaleString('en')} bytes stand behind the end of the gzip data; they were not read.`,
            });
          }
        });
        break;
      default:
        yield* decodeStream(DECODERS[compression], source);
    }
  } catch (error) {
    if (!(error instanceof DecodeProblem)) throw error;
    onProblem({ code: error.code, message: error.message });
  }
}

/** A stream with its compressions taken off, and which they were, outermost first. */
export interface Unwrapped {
  stream: ByteStream;
  wrappers: Compression[];
}

/** Takes off every compression around a stream, by its bytes, up to the bound on how many there may be. */
export async function unwrap(
  source: ByteStream,
  onProblem: (problem: Problem) => void,
): Promise<Unwrapped> {
  const wrappers: Compression[] = [];
  for (let inner = source; ;) {
    const { head, stream } = await peek(inner, SNIFF_LENGTH);
    const compression = sniffCompression(head);
    if (compression === 'none' || wrappers.length === MAX_WRAPPERS) return { stream, wrappers };
    wrappers.push(compression);
    inner = decompress(stream, compression, onProblem);
  }
}
