/** bzip2 (Julian Seward's format, as its manual and the reference decoder describe it), any number of streams. */
import { damageOf, DecodeProblem, type InputBuffer } from './input-buffer.ts';

const BLOCK_UNIT = 100_000;
const MOST_BLOCK_INPUT = 2_400_000; // 900,000 symbols of at most 20 bits, and the tables
const FIRST_SYMBOLS = 1 << 14; // room made before they come: many files are small
const GROUP = 50;
const MAX_BITS = 20;

const TABLE = new Int32Array(256);
for (let n = 0; n < 256; n++) {
  let c = n << 24;
  for (let k = 0; k < 8; k++) c = c & 0x80000000 ? (c << 1) ^ 0x04c11db7 : c << 1;
  TABLE[n] = c;
}

const { damaged, cutShort } = damageOf('bzip2');

/** Decompresses. @throws {DecodeProblem} after everything before the damage has been handed out. */
export function* unbzip2(input: InputBuffer): Generator<Uint8Array | undefined, void> {
  for (let streams = 0; ; streams++) {
    if (!(yield* input.fill(4)) && streams === 0) throw cutShort();
    const [b, z, h, level = 0] = input.bytes.subarray(input.at, input.at + 4);
    if (b !== 0x42 || z !== 0x5a || h !== 0x68 || level < 0x31 || level > 0x39) {
      if (streams === 0) throw damaged('no stream');
      if (yield* input.endsInZeros()) return;
      throw new DecodeProblem(
        'bzip2-trailing-data',
        'Bytes that are no bzip2 stream stand behind the last one; they were not read.',
      );
    }
    input.at += 4;
    yield* stream(input, (level - 0x30) * BLOCK_UNIT);
  }
}

function* stream(input: InputBuffer, blockSize: number): Generator<Uint8Array | undefined, void> {
  let combined = 0;
  let bit = 0; // bits of the first byte that are used already
  for (;;) {
    yield* input.fill(MOST_BLOCK_INPUT);
    const reader = new BitReader(input.bytes, input.at, bit);
    const high = reader.bits(24);
    const low = reader.bits(24);
    if (high === 0x177245 && low === 0x385090) {
      const want = reader.bits(32);
      reader.end();
      if (want !== combined)
        throw new DecodeProblem(
          'bzip2-checksum',
          'The bzip2 checksum does not match: some of these bytes are damaged.',
        );
      input.at = reader.nextByte;
      return;
    }
    if (high !== 0x314159 || low !== 0x265359)
      throw reader.overrun ? cutShort() : damaged('no block');
    const { out, checksum } = block(reader, blockSize);
    combined = ((combined << 1) | (combined >>> 31)) ^ checksum;
    input.at = reader.byte;
    bit = reader.bit;
    yield out;
  }
}

class BitReader {
  byte: number;
  bit: number;
  overrun = false;
  #bytes: Uint8Array;

  constructor(bytes: Uint8Array, at: number, bit: number) {
    this.#bytes = bytes;
    this.byte = at;
    this.bit = bit;
  }

  one(): number {
    const value = ((this.#bytes[this.byte] ?? 0) >> (7 - this.bit)) & 1;
    if (++this.bit === 8) {
      this.bit = 0;
      this.byte++;
    }
    return value;
  }

  bits(count: number): number {
    if (this.byte * 8 + this.bit + count > this.#bytes.length * 8) this.overrun = true;
    let value = 0;
    for (let left = count; left > 0;) {
      const take = Math.min(left, 8 - this.bit);
      const here = ((this.#bytes[this.byte] ?? 0) >> (8 - this.bit - take)) & ((1 << take) - 1);
      value = (value << take) | here;
      this.bit += take;
      left -= take;
      if (this.bit === 8) {
        this.bit = 0;
        this.byte++;
      }
    }
    return value;
  }

  /** The next byte's position, the rest of this one's bits dropped. */
  get nextByte(): number {
    return this.bit === 0 ? this.byte : this.byte + 1;
  }

  end(): void {
    if (this.overrun || this.byte > this.#bytes.length) throw cutShort();
  }
}

function block(reader: BitReader, blockSize: number): { out: Uint8Array; checksum: number } {
  const checksum = reader.bits(32);
  if (reader.one() === 1) throw damaged('a randomised block, which nothing writes any more');
  const origin = reader.bits(24);
  const symbols = usedBytes(reader);
  const { tables, selectors } = readTables(reader, symbols.length + 2);
  const { transformed, counts, length } = readSymbols(
    reader,
    symbols,
    tables,
    selectors,
    blockSize,
  );
  reader.end();
  if (origin >= length) throw damaged('an impossible origin');
  const out = inverse(transformed, counts, length, origin);
  let crc = -1;
  for (const byte of out) crc = (crc << 8) ^ (TABLE[((crc >>> 24) ^ byte) & 255] as number);
  if (~crc !== checksum)
    throw new DecodeProblem(
      'bzip2-checksum',
      'The bzip2 checksum does not match: some of these bytes are damaged.',
    );
  return { out, checksum };
}

function usedBytes(reader: BitReader): number[] {
  const groups = reader.bits(16);
  const used: number[] = [];
  for (let i = 0; i < 16; i++) {
    if (((groups >> (15 - i)) & 1) === 0) continue;
    const members = reader.bits(16);
    for (let j = 0; j < 16; j++) if ((members >> (15 - j)) & 1) used.push(i * 16 + j);
  }
  if (used.length === 0) throw reader.overrun ? cutShort() : damaged('no symbols');
  return used;
}

interface Huffman {
  limit: Int32Array;
  base: Int32Array;
  symbol: Uint16Array;
  shortest: number;
}

function readTables(reader: BitReader, size: number): { tables: Huffman[]; selectors: Uint8Array } {
  const count = reader.bits(3);
  const many = reader.bits(15);
  if (count < 2 || count > 6 || many < 1) throw reader.overrun ? cutShort() : damaged('no tables');
  const order = Array.from({ length: count }, (_, i) => i);
  const selectors = new Uint8Array(many);
  for (let i = 0; i < many; i++) {
    let j = 0;
    while (reader.one() === 1) if (++j >= count) throw damaged('an impossible selector');
    const [chosen = 0] = order.splice(j, 1);
    order.unshift(chosen);
    selectors[i] = chosen;
  }
  const tables = order.map(() => {
    const lengths = new Uint8Array(size);
    let length = reader.bits(5);
    for (let i = 0; i < size; i++) {
      for (;;) {
        if (length < 1 || length > MAX_BITS)
          throw reader.overrun ? cutShort() : damaged('an impossible code length');
        if (reader.one() === 0) break;
        length += reader.one() === 0 ? 1 : -1;
      }
      lengths[i] = length;
    }
    return huffman(lengths);
  });
  return { tables, selectors };
}

function huffman(lengths: Uint8Array): Huffman {
  const limit = new Int32Array(MAX_BITS + 2).fill(-1);
  const base = new Int32Array(MAX_BITS + 2);
  const symbol = new Uint16Array(lengths.length);
  let code = 0;
  let at = 0;
  let shortest = MAX_BITS;
  for (let length = 1; length <= MAX_BITS; length++) {
    const start = at;
    base[length] = at - code;
    for (let s = 0; s < lengths.length; s++) if (lengths[s] === length) symbol[at++] = s;
    code += at - start;
    if (at > start) {
      limit[length] = code - 1;
      shortest = Math.min(shortest, length);
    }
    code <<= 1;
  }
  return { limit, base, symbol, shortest };
}

function readSymbols(
  reader: BitReader,
  symbols: number[],
  tables: Huffman[],
  selectors: Uint8Array,
  blockSize: number,
): { transformed: Uint32Array; counts: Int32Array; length: number } {
  const front = Uint8Array.from(symbols);
  let transformed = new Uint32Array(Math.min(blockSize, FIRST_SYMBOLS));
  const room = (needed: number): void => {
    if (needed <= transformed.length) return;
    const grown = new Uint32Array(Math.min(blockSize, Math.max(needed, transformed.length * 2)));
    grown.set(transformed);
    transformed = grown;
  };
  const counts = new Int32Array(256);
  const end = symbols.length + 1;
  let length = 0;
  let run = 0;
  let weight = 1;
  let group = -1;
  let left = 0;
  let table = tables[0] as Huffman;
  for (;;) {
    if (left === 0) {
      group++;
      if (group >= selectors.length) throw damaged('no selector left');
      table = tables[selectors[group] as number] as Huffman;
      left = GROUP;
    }
    left--;
    let bits = table.shortest;
    let code = reader.bits(bits);
    while (code > (table.limit[bits] as number)) {
      if (++bits > MAX_BITS) throw reader.overrun ? cutShort() : damaged('an impossible code');
      code = (code << 1) | reader.one();
    }
    const symbol = table.symbol[code + (table.base[bits] as number)];
    if (symbol === undefined) throw damaged('an impossible code');
    if (symbol < 2) {
      run += weight << symbol;
      weight <<= 1;
      if (run > blockSize) throw reader.overrun ? cutShort() : damaged('a run too long');
      continue;
    }
    if (run > 0) {
      const byte = front[0] as number;
      if (length + run > blockSize) throw damaged('a block too large');
      room(length + run);
      counts[byte] = (counts[byte] as number) + run;
      transformed.fill(byte, length, length + run);
      length += run;
      run = 0;
      weight = 1;
    }
    if (symbol === end) return { transformed, counts, length };
    if (length >= blockSize) throw damaged('a block too large');
    if (length === transformed.length) room(length + 1);
    const index = symbol - 1;
    const byte = front[index] as number;
    front.copyWithin(1, 0, index);
    front[0] = byte;
    counts[byte] = (counts[byte] as number) + 1;
    transformed[length++] = byte;
    if (reader.overrun) throw cutShort();
  }
}

/** Undoes the Burrows-Wheeler transform, and the runs of four and a count that stand before it. */
function inverse(t: Uint32Array, counts: Int32Array, length: number, origin: number): Uint8Array {
  const starts = new Int32Array(256);
  for (let i = 0, sum = 0; i < 256; i++) {
    starts[i] = sum;
    sum += counts[i] as number;
  }
  for (let i = 0; i < length; i++) {
    const byte = (t[i] as number) & 255;
    const to = starts[byte] as number;
    starts[byte] = to + 1;
    t[to] = (t[to] as number) | (i << 8);
  }
  let out = new Uint8Array(length + (length >> 2) + 1024);
  let size = 0;
  let at = (t[origin] as number) >>> 8;
  let before = -1;
  let same = 0;
  for (let i = 0; i < length; i++) {
    const entry = t[at] as number;
    const byte = entry & 255;
    at = entry >>> 8;
    if (size + 256 > out.length) {
      const grown = new Uint8Array(out.length * 2);
      grown.set(out);
      out = grown;
    }
    if (same === 4) {
      out.fill(before, size, size + byte);
      size += byte;
      same = 0;
      before = -1;
      continue;
    }
    same = byte === before ? same + 1 : 1;
    before = byte;
    out[size++] = byte;
  }
  return out.subarray(0, size);
}
