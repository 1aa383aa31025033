/** The compression methods of zip entries that are read (PKWARE's APPNOTE 6.3, 4.4.5), piece by piece. */
import { Inflate } from 'fflate';
import type { Compression } from './compression.ts';
import { DECODERS } from './decompress.ts';
import { type Decoder, PushDecoder } from './input-buffer.ts';
import { concat } from './read-blob.ts';

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
const LZMA_PROPERTIES = 5; // bytes, behind a version and their own length of two bytes each

/** The way back from a method; undefined for one that is not read. `size` of the content in bytes, if it is known. */
export function unpackerOf(method: number, size?: number): Unpacker | undefined {
  if (method === STORED) return { push: (bytes) => [bytes], end: () => [] };
  if (method === DEFLATED) {
    const out: Uint8Array[] = [];
    const inflate = new Inflate((piece) => {
      if (piece.length > 0) out.push(piece);
    });
    return {
      push(bytes) {
        inflate.push(bytes);
        return out.splice(0);
      },
      end: () => [],
    };
  }
  const other = OTHERS[method];
  if (method === LZMA) return unpackLzma(decoded(DECODERS.lzma), size);
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

/** LZMA as zips have it (APPNOTE 5.8.8) has a header other than that of .lzma files, without the content's length. */
function unpackLzma(lzma: Unpacker, size: number | undefined): Unpacker {
  const head = new Uint8Array(4 + LZMA_PROPERTIES);
  let filled = 0;
  return {
    *push(bytes) {
      const taken = Math.min(head.length - filled, bytes.length);
      head.set(bytes.subarray(0, taken), filled);
      filled += taken;
      if (taken > 0 && filled === head.length) {
        const properties =
          head[2] === LZMA_PROPERTIES ? head.subarray(4) : new Uint8Array(5).fill(0xff);
        const length = new Uint8Array(8).fill(0xff);
        if (size !== undefined) new DataView(length.buffer).setBigUint64(0, BigInt(size), true);
        yield* lzma.push(concat([properties, length]));
      }
      if (taken < bytes.length) yield* lzma.push(bytes.subarray(taken));
    },
    end: () => lzma.end(),
  };
}
