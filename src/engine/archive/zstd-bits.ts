/** zstd's bit streams are read from their end towards their front. */

/** The number of bits below a stream's end marker, the highest bit set of its last byte. */
export function lastBit(data: Uint8Array): number {
  const last = data[data.length - 1] ?? 0;
  if (last === 0) throw new RangeError('a bit stream without its end');
  return data.length * 8 - 1 - Math.clz32(last) + 24;
}

/** The lowest `bits` bits, at most 25. */
export function low(data: Uint8Array, bits: number): number {
  const word =
    (data[0] ?? 0) | ((data[1] ?? 0) << 8) | ((data[2] ?? 0) << 16) | ((data[3] ?? 0) << 24);
  return word & ((1 << bits) - 1);
}
