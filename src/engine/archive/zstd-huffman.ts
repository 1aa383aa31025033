/** Huffman trees of zstd literals (RFC 8878, 4.2). */
import { lastBit } from './zstd-bits.ts';
import { readFse } from './zstd-fse.ts';

/** A decoding table indexed by the next `log` bits. */
export interface HuffmanTable {
  log: number;
  symbol: Uint8Array;
  bits: Uint8Array;
}

const MAX_LOG = 11;

/** Reads a tree description; `end` is where it ends. @throws {RangeError} on damage. */
export function readHuffman(data: Uint8Array): { table: HuffmanTable; end: number } {
  const header = data[0];
  if (header === undefined) throw new RangeError('a Huffman tree cut short');
  let weights: number[];
  let end: number;
  if (header >= 128) {
    const count = header - 127;
    end = 1 + ((count + 1) >> 1);
    if (end > data.length) throw new RangeError('a Huffman tree cut short');
    weights = Array.from({ length: count }, (_, i) => {
      const byte = data[1 + (i >> 1)] as number;
      return i % 2 === 0 ? byte >> 4 : byte & 15;
    });
  } else {
    end = 1 + header;
    if (end > data.length) throw new RangeError('a Huffman tree cut short');
    weights = compressedWeights(data.subarray(1, end));
  }
  return { table: build(weights), end };
}

function compressedWeights(data: Uint8Array): number[] {
  const { table, end } = readFse(data, 6, 255);
  const stream = data.subarray(end);
  let bit = lastBit(stream);
  const read = (n: number): number => {
    bit -= n;
    let value = 0;
    for (let i = 0; i < n; i++) {
      const at = bit + i;
      if (at >= 0) value |= (((stream[at >> 3] as number) >> (at & 7)) & 1) << i;
    }
    return value;
  };
  const weights: number[] = [];
  const { log, entries } = table;
  let one = entries[read(log)] as number;
  let two = entries[read(log)] as number;
  // Two states take turns until the bits are used up; what they hold then are the last two weights.
  for (;;) {
    weights.push(one & 255);
    if (bit < bitsOf(one)) {
      weights.push(two & 255);
      break;
    }
    one = entries[(one >>> 16) + read(bitsOf(one))] as number;
    weights.push(two & 255);
    if (bit < bitsOf(two)) {
      weights.push(one & 255);
      break;
    }
    two = entries[(two >>> 16) + read(bitsOf(two))] as number;
    if (weights.length > 255) throw new RangeError('too many weights');
  }
  return weights;
}

/** Bits that the state behind an entry is read with. */
function bitsOf(entry: number): number {
  return (entry >>> 8) & 255;
}

function build(weights: number[]): HuffmanTable {
  let sum = 0;
  for (const weight of weights) {
    if (weight > MAX_LOG) throw new RangeError('a weight too large');
    if (weight > 0) sum += 1 << (weight - 1);
  }
  if (sum === 0 || weights.length > 255) throw new RangeError('a Huffman tree without leaves');
  const log = 32 - Math.clz32(sum);
  const rest = (1 << log) - sum;
  if (log > MAX_LOG || (rest & (rest - 1)) !== 0)
    throw new RangeError('a Huffman tree that does not add up');
  weights.push(32 - Math.clz32(rest)); // the last weight follows from the others
  const size = 1 << log;
  const symbol = new Uint8Array(size);
  const bits = new Uint8Array(size);
  let at = 0;
  for (let weight = 1; weight <= log; weight++) {
    for (let s = 0; s < weights.length; s++) {
      if (weights[s] !== weight) continue;
      const span = 1 << (weight - 1);
      symbol.fill(s, at, at + span);
      bits.fill(log + 1 - weight, at, at + span);
      at += span;
    }
  }
  return { log, symbol, bits };
}
