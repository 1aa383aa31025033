/** Compressed zstd blocks (RFC 8878, 3.1.1.3): literals, then sequences of copies from the window. */
import { lastBit, low } from './zstd-bits.ts';
import { buildFse, type FseTable, readFse, rleTable } from './zstd-fse.ts';
import { type HuffmanTable, readHuffman } from './zstd-huffman.ts';
import { MAX_BLOCK, type SequenceEngine } from './zstd-sequences.ts';
import type { ZstdWindow } from './zstd-window.ts';

const LITERAL_DEFAULT = buildFse(
  [
    4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1,
    -1, -1, -1, -1,
  ],
  6,
);
const MATCH_DEFAULT = buildFse(
  [
    1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
  ],
  6,
);
const OFFSET_DEFAULT = buildFse(
  [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1],
  5,
);

/** Keeps what one frame's blocks share: tables and the Huffman tree. */
export class BlockDecoder {
  #window: ZstdWindow;
  #engine: SequenceEngine;
  #huffman: HuffmanTable | undefined;
  #literalTable: FseTable | undefined;
  #offsetTable: FseTable | undefined;
  #matchTable: FseTable | undefined;

  /** The window is the engine's. */
  constructor(window: ZstdWindow, engine: SequenceEngine) {
    this.#window = window;
    this.#engine = engine;
  }

  /** Decodes a block and gives its bytes. @throws {RangeError} on damage. */
  decode(block: Uint8Array): Uint8Array {
    this.#window.begin(MAX_BLOCK);
    const { end, count } = this.#readLiterals(block);
    this.#sequences(block.subarray(end), count);
    return this.#window.block();
  }

  #readLiterals(block: Uint8Array): { end: number; count: number } {
    const first = byteAt(block, 0);
    const type = first & 3;
    const format = (first >> 2) & 3;
    if (type < 2) {
      const headerBytes = format === 1 ? 2 : format === 3 ? 3 : 1;
      let count = first >> 3;
      if (headerBytes === 2) count = (first >> 4) | (byteAt(block, 1) << 4);
      else if (headerBytes === 3)
        count = (first >> 4) | (byteAt(block, 1) << 4) | (byteAt(block, 2) << 12);
      if (count > MAX_BLOCK) throw new RangeError('too many literals');
      if (type === 1) {
        this.#engine.literals.fill(byteAt(block, headerBytes), 0, count);
        return { end: headerBytes + 1, count };
      }
      const end = headerBytes + count;
      if (end > block.length) throw new RangeError('literals cut short');
      this.#engine.literals.set(block.subarray(headerBytes, end));
      return { end, count };
    }
    const headerBytes = format < 2 ? 3 : format + 2;
    const bits = format < 2 ? 10 : format === 2 ? 14 : 18;
    let header = 0;
    for (let i = headerBytes - 1; i >= 0; i--) header = header * 256 + byteAt(block, i);
    header = Math.floor(header / 16);
    const count = header % 2 ** bits;
    const size = Math.floor(header / 2 ** bits) % 2 ** bits;
    const end = headerBytes + size;
    if (count > MAX_BLOCK || end > block.length) throw new RangeError('literals cut short');
    let data = block.subarray(headerBytes, end);
    if (type === 2) {
      const tree = readHuffman(data);
      this.#huffman = tree.table;
      data = data.subarray(tree.end);
    }
    const table = this.#huffman;
    if (!table) throw new RangeError('no Huffman tree');
    if (format === 0) decodeStream(table, data, this.#engine.literals, 0, count);
    else decodeFour(table, data, this.#engine.literals, count);
    return { end, count };
  }

  #sequences(data: Uint8Array, literals: number): void {
    let at = 1;
    let count = byteAt(data, 0);
    if (count >= 255) {
      count = byteAt(data, 1) + (byteAt(data, 2) << 8) + 0x7f00;
      at = 3;
    } else if (count >= 128) {
      count = ((count - 128) << 8) + byteAt(data, 1);
      at = 2;
    }
    const window = this.#window;
    if (count === 0) {
      if (at !== data.length) throw new RangeError('bytes behind the literals');
      window.bytes.set(this.#engine.literals.subarray(0, literals), window.end);
      window.end += literals;
      return;
    }
    const modes = byteAt(data, at++);
    const table = (
      mode: number,
      standard: FseTable,
      before: FseTable | undefined,
      maxLog: number,
      maxSymbol: number,
    ): FseTable => {
      if (mode === 0) return standard;
      if (mode === 1) {
        const symbol = byteAt(data, at++);
        if (symbol > maxSymbol) throw new RangeError('an impossible code');
        return rleTable(symbol);
      }
      if (mode === 2) {
        const read = readFse(data.subarray(at), maxLog, maxSymbol);
        at += read.end;
        return read.table;
      }
      if (!before) throw new RangeError('no table to repeat');
      return before;
    };
    this.#literalTable = table(modes >> 6, LITERAL_DEFAULT, this.#literalTable, 9, 35);
    this.#offsetTable = table((modes >> 4) & 3, OFFSET_DEFAULT, this.#offsetTable, 8, 31);
    this.#matchTable = table((modes >> 2) & 3, MATCH_DEFAULT, this.#matchTable, 9, 52);
    window.end = this.#engine.execute(data.subarray(at), count, literals, window.end, {
      literal: this.#literalTable,
      match: this.#matchTable,
      offset: this.#offsetTable,
    });
  }
}

function byteAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw new RangeError('a block cut short');
  return byte;
}

function decodeFour(table: HuffmanTable, data: Uint8Array, out: Uint8Array, count: number): void {
  const JUMP = 6;
  const each = Math.floor((count + 3) / 4);
  if (data.length < JUMP || each * 3 > count) throw new RangeError('literal streams cut short');
  let at = JUMP;
  for (let i = 0; i < 4; i++) {
    const size = i < 3 ? byteAt(data, 2 * i) | (byteAt(data, 2 * i + 1) << 8) : data.length - at;
    const end = at + size;
    if (end > data.length || size <= 0) throw new RangeError('literal streams cut short');
    decodeStream(table, data.subarray(at, end), out, i * each, i < 3 ? (i + 1) * each : count);
    at = end;
  }
}

function decodeStream(
  table: HuffmanTable,
  data: Uint8Array,
  out: Uint8Array,
  from: number,
  to: number,
): void {
  const { log, symbol, bits } = table;
  const mask = (1 << log) - 1;
  let bit = lastBit(data);
  for (let o = from; o < to; o++) {
    const p = bit - log;
    let index: number;
    if (p >= 0) {
      const i = p >> 3;
      index =
        (((data[i] as number) |
          ((data[i + 1] as number) << 8) |
          ((data[i + 2] as number) << 16)) >>>
          (p & 7)) &
        mask;
    } else index = (low(data, bit) << -p) & mask;
    out[o] = symbol[index] as number;
    bit -= bits[index] as number;
    if (bit < 0) throw new RangeError('literals cut short');
  }
  if (bit !== 0) throw new RangeError('bits left over');
}
