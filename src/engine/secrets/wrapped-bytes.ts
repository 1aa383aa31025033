/** What comes out of base64 or hex and is no text yet: compressed data, UTF-16. */
import { sniffCompression } from '../archive/compression.ts';
import { DECODERS } from '../archive/decompress.ts';
import { inflateZlib, isZlib } from '../archive/inflate.ts';
import { PushDecoder } from '../archive/input-buffer.ts';
import { concat } from '../archive/read-blob.ts';
import { utf16Text } from './utf16.ts';

/** Bytes with what was around them taken off. */
export interface UnwrappedBytes {
  bytes: Uint8Array;
  /** What was taken off: `gzip`, `zlib`, `UTF-16`. */
  wrapper: string;
  /** Whether they go on past what may be unpacked, or are damaged or cut short. */
  partial: boolean;
}

const LEAST = 4; // bytes that come out of what is really compressed

/** Takes off what is around bytes; at most `room` come out. Undefined where they are not wrapped. Never throws. */
export function unwrapBytes(bytes: Uint8Array, room: number): UnwrappedBytes | undefined {
  const text = utf16Text(bytes);
  if (text) return { bytes: text, wrapper: 'UTF-16', partial: false };
  const compression = sniffCompression(bytes);
  if (compression !== 'none') {
    const { pieces, partial } = decompressed(new PushDecoder(DECODERS[compression]), bytes, room);
    return pieces.length === 0
      ? undefined
      : { bytes: concat(pieces), wrapper: compression, partial };
  }
  if (!isZlib(bytes)) return undefined;
  const { bytes: inflated, error } = inflateZlib(bytes, 0, room);
  // Two bytes are a header of zlib by chance, too.
  if (inflated.length < LEAST || (error === 'damaged' && inflated.length < bytes.length))
    return undefined;
  return { bytes: inflated, wrapper: 'zlib', partial: error !== undefined };
}

function decompressed(
  decoder: PushDecoder,
  bytes: Uint8Array,
  room: number,
): { pieces: Uint8Array[]; partial: boolean } {
  const pieces: Uint8Array[] = [];
  let left = room;
  for (const run of [decoder.push(bytes), decoder.end()]) {
    for (const piece of run) {
      pieces.push(piece.slice(0, left));
      left -= piece.length;
      if (left < 0) return { pieces, partial: true };
    }
  }
  return { pieces, partial: decoder.problem !== undefined };
}
