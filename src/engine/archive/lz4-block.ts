/** A block of LZ4 (github.com/lz4/lz4, doc/lz4_Block_format.md): literals and copies, no checksum. */

const SHORTEST_COPY = 4;

/**
 * Decodes a block into `out` from `from` on, and says where it ended. Copies may reach back to where `out` begins.
 * @throws {RangeError} on damage, or where there is not enough room.
 */
export function lz4Block(block: Uint8Array, out: Uint8Array, from: number): number {
  let at = 0;
  let to = from;
  const length = (nibble: number): number => {
    let value = nibble;
    for (let byte = nibble === 15 ? 255 : 0; byte === 255; value += byte) {
      if (at >= block.length) throw new RangeError('a length without an end');
      byte = block[at++] as number;
    }
    return value;
  };
  while (at < block.length) {
    const token = block[at++] as number;
    const literals = length(token >> 4);
    if (at + literals > block.length || to + literals > out.length)
      throw new RangeError('more literals than there is room for');
    out.set(block.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    if (at === block.length) return to;
    if (at + 2 > block.length) throw new RangeError('a copy from nowhere');
    const distance = (block[at] as number) | ((block[at + 1] as number) << 8);
    at += 2;
    const copied = length(token & 15) + SHORTEST_COPY;
    if (distance === 0 || distance > to) throw new RangeError('a copy from before the start');
    if (to + copied > out.length) throw new RangeError('more than there is room for');
    if (distance >= copied) out.copyWithin(to, to - distance, to - distance + copied);
    else for (let i = 0; i < copied; i++) out[to + i] = out[to + i - distance] as number;
    to += copied;
  }
  throw new RangeError('no last literals');
}
