/** The compression methods of zip entries that are read (PKWARE's APPNOTE 6.3, 4.4.5), piece by piece. */
import type { Compression } from './compression.ts';
import { DECODERS } from './decompress.ts';
import { inflatePieces } from './inflate.ts';
import { DecodeProblem, type Decoder, type InputBuffer, PushDecoder } from './input-buffer.ts';
import { unlzmaInZip } from './lzma-alone.ts';

/** Unpacks an entry's data as they come. Both throw where they are damaged. */
export interface Unpacker {
  push(bytes: Uint8Array): Iterable<Uint8Array>;
  /** What comes out once all has gone in. */
  end(): Iterable<Uint8Array>;
}

export const STORED = 0;
export const DEFLATED = 8;
const OTHERS: Record<number, Exclude<Compression, 'none'>> = { 12: 'bzip2', 93: 'zstd', 95: 'xz' };

const LZMA = 14;

/** The way back from a method; undefined for one that is not read. `size` of the content in bytes, if it is known. */
export function unpackerOf(method: number, size?: number): Unpacker | undefined {
  if (method === STORED) return { push: (bytes) => [bytes], end: () => [] };
  if (method === DEFLATED) return decoded(inflateData);
  const other = OTHERS[method];
  if (method === LZMA) return decoded((input) => unlzmaInZip(input, size));
  return other && decoded(DECODERS[other]);
}

function decoded(decode: Decoder): Unpacker {
  const decoder = new PushDecoder(decode);
  const checked = function* (pieces: Iterable<Uint8Array>): Generator<Uint8Array, void> {
    yield* pieces;
    if (decoder.problem) throw decoder.problem;
  };
  return { push: (bytes) => checked(decoder.push(bytes)), end: () => checked(decoder.end()) };
}

/** A piece stays valid while the next is looked at. */
function* inflateData(input: InputBuffer): Generator<Uint8Array | undefined, void> {
  const error = yield* inflatePieces(input);
  if (error) throw new DecodeProblem('zip-damaged', 'invalid DEFLATE data');
}
