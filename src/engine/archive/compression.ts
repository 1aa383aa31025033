/** Which compression a file or layer has, by its first bytes and never by its name or media type. */
import { startsLikeLz4 } from './lz4.ts';
import { startsLikeLzma } from './lzma-alone.ts';

/** A compression as the report names it. */
export type Compression = 'none' | 'gzip' | 'zstd' | 'xz' | 'bzip2' | 'lzma' | 'lz4';

/** How many bytes `sniffCompression` wants to see. */
export const SNIFF_LENGTH = 14;

/** Recognises a compression by its magic number; anything else is `none`. */
export function sniffCompression(start: Uint8Array): Compression {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = start;
  if (a === 0x1f && b === 0x8b && c === 8) return 'gzip';
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return 'zstd';
  // A zstd file may begin with skippable frames, 0x184D2A50 to 0x184D2A5F (RFC 8878, 3.1.2).
  if ((a & 0xf0) === 0x50 && b === 0x2a && c === 0x4d && d === 0x18) return 'zstd';
  if (a === 0xfd && b === 0x37 && c === 0x7a && d === 0x58 && e === 0x5a && f === 0) return 'xz';
  if (a === 0x42 && b === 0x5a && c === 0x68 && d >= 0x31 && d <= 0x39) {
    const pi = e === 0x31 && f === 0x41; // first block: the digits of pi
    const empty = e === 0x17 && f === 0x72; // no block: those of its square root
    if (pi || empty) return 'bzip2';
  }
  if (d === 0x18 && startsLikeLz4(start)) return 'lz4';
  if (a === 0x5d && startsLikeLzma(start)) return 'lzma';
  return 'none';
}
