/** One door to every decompressor: a stream of a known compression becomes the bytes inside it. */
import type { Compression } from './compression.ts';
import { gunzip } from './gzip.ts';
import type { Problem } from './problem.ts';
import type { ByteStream } from './read-blob.ts';

/**
 * Decompresses what `open` streams. Damage ends the stream early and is told to `onProblem`;
 * nothing is thrown but errors of the source itself. `again: false` says that `open` works only once.
 */
export async function* decompress(
  open: () => ByteStream,
  compression: Compression,
  onProblem: (problem: Problem) => void,
  again = true,
): AsyncGenerator<Uint8Array, void, undefined> {
  switch (compression) {
    case 'none':
      yield* open();
      return;
    case 'gzip':
      yield* gunzip(
        open,
        ({ problem, trailing }) => {
          if (problem) onProblem(problem);
          if (trailing > 0) {
            onProblem({
              code: 'gzip-trailing-data',
              message: `${trailing.toLocaleString('en')} bytes stand behind the end of the gzip data; they were not read.`,
            });
          }
        },
        again,
      );
      return;
    default:
      onProblem({
        code: `${compression}-unsupported`,
        message: `This is compressed with ${compression}, which this version does not read yet.`,
      });
  }
}
