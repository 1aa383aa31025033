/** Compressed zstd blocks (RFC 8878, 3.1.1.3): literals, then sequences of copies from the window. */
import { lastBit, low } from './zstd-bits.ts';
import { buildFse, type FseTable, readFse, rleTable } from './zstd-fse.ts';
import { type HuffmanTable, readHuffman } from './zstd-huffman.ts';
import type { ZstdWindow } from './zstd-window.ts';

const MAX_BLOCK = 128 * 1024;

// Sections 3.1.1.3.2.1.1 and .2: extra bits of each length code.
const LITERAL_BITS = new Uint8Array([
  ...new Array<number>(16).fill(0),
  ...[1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
]);
const MATCH_BITS = new Uint8Array([
  ...new Array<number>(32).fill(0),
  ...[1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
]);
const LITERAL_BASE = baselines(LITERAL_BITS, 0);
const MATCH_BASE = baselines(MATCH_BITS, 3);

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

/** Keeps what one frame's blocks share: tables, the Huffman tree, the last offsets. */
export class BlockDecoder {
  #window: ZstdWindow;
  #huffman: HuffmanTable | undefined;
  #literalTable: FseTable | undefined;
  #offsetTable: FseTable | undefined;
  #matchTable: FseTable | undefined;
  #offsets = [1, 4, 8];
  #literals = new Uint8Array(MAX_BLOCK);

  constructor(window: ZstdWindow) {
    this.#window = window;
  }

  /** Decodes a block and gives its bytes. @throws {RangeError} on damage. */
  decode(block: Uint8Array): Uint8Array {
    this.#window.begin(MAX_BLOCK);
    const { end, count } = this.#readLiterals(block);
    this.#sequences(block.subarray(end), this.#literals.subarray(0, count));
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
        this.#literals.fill(byteAt(block, headerBytes), 0, count);
        return { end: headerBytes + 1, count };
      }
      const end = headerBytes + count;
      if (end > block.length) throw new RangeError('literals cut short');
      this.#literals.set(block.subarray(headerBytes, end));
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
    if (format === 0) decodeStream(table, data, this.#literals, 0, count);
    else decodeFour(table, data, this.#literals, count);
    return { end, count };
  }

  #sequences(data: Uint8Array, literals: Uint8Array): void {
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
      window.bytes.set(literals, window.end);
      window.end += literals.length;
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
    const ll = (this.#literalTable = table(modes >> 6, LITERAL_DEFAULT, this.#literalTable, 9, 35));
    const of = (this.#offsetTable = table(
      (modes >> 4) & 3,
      OFFSET_DEFAULT,
      this.#offsetTable,
      8,
      31,
    ));
    const ml = (this.#matchTable = table((modes >> 2) & 3, MATCH_DEFAULT, this.#matchTable, 9, 52));
    this.#execute(data.subarray(at), count, literals, ll, of, ml);
  }

  #execute(
    data: Uint8Array,
    count: number,
    literals: Uint8Array,
    ll: FseTable,
    of: FseTable,
    ml: FseTable,
  ): void {
    const window = this.#window;
    const out = window.bytes;
    const limit = window.end + MAX_BLOCK;
    const literalEnd = literals.length;
    const { symbol: llSymbol, bits: llBits, base: llBase } = ll;
    const { symbol: ofSymbol, bits: ofBits, base: ofBase } = of;
    const { symbol: mlSymbol, bits: mlBits, base: mlBase } = ml;
    let end = window.end;
    let first = this.#offsets[0] as number;
    let second = this.#offsets[1] as number;
    let third = this.#offsets[2] as number;
    let literal = 0;
    let bit = lastBit(data);
    bit -= ll.log;
    let llState = bitsAt(data, bit, ll.log);
    bit -= of.log;
    let ofState = bitsAt(data, bit, of.log);
    bit -= ml.log;
    let mlState = bitsAt(data, bit, ml.log);
    for (let i = 0; i < count; i++) {
      const ofCode = ofSymbol[ofState] as number;
      const llCode = llSymbol[llState] as number;
      const mlCode = mlSymbol[mlState] as number;
      let offset: number;
      if (ofCode > 24) {
        bit -= ofCode - 16;
        offset = 2 ** ofCode + bitsAt(data, bit, ofCode - 16) * 65536;
        bit -= 16;
        offset += bitsAt(data, bit, 16);
      } else {
        bit -= ofCode;
        offset = (1 << ofCode) + bitsAt(data, bit, ofCode);
      }
      let length = MATCH_BASE[mlCode] as number;
      if (mlCode > 31) {
        const extra = MATCH_BITS[mlCode] as number;
        bit -= extra;
        length += bitsAt(data, bit, extra);
      }
      let run = LITERAL_BASE[llCode] as number;
      if (llCode > 15) {
        const extra = LITERAL_BITS[llCode] as number;
        bit -= extra;
        run += bitsAt(data, bit, extra);
      }
      if (i + 1 < count) {
        let n = llBits[llState] as number;
        bit -= n;
        llState = (llBase[llState] as number) + bitsAt(data, bit, n);
        n = mlBits[mlState] as number;
        bit -= n;
        mlState = (mlBase[mlState] as number) + bitsAt(data, bit, n);
        n = ofBits[ofState] as number;
        bit -= n;
        ofState = (ofBase[ofState] as number) + bitsAt(data, bit, n);
      }
      if (bit < 0) throw new RangeError('sequences cut short');

      if (offset > 3) {
        offset -= 3;
        third = second;
        second = first;
        first = offset;
      } else {
        const index = offset + (run === 0 ? 1 : 0);
        if (index === 1) offset = first;
        else {
          offset = index === 2 ? second : index === 3 ? third : first - 1;
          if (index !== 2) third = second;
          second = first;
          first = offset;
        }
      }
      if (literal + run > literalEnd || end + run + length > limit) {
        throw new RangeError('a sequence too long');
      }
      if (run > 48) {
        out.set(literals.subarray(literal, literal + run), end);
        end += run;
        literal += run;
      } else
        for (const stop = literal + run; literal < stop;)
          out[end++] = literals[literal++] as number;
      let from = end - offset;
      if (from < 0 || offset === 0) throw new RangeError('a copy from before the start');
      if (length > 96 && offset >= length) {
        out.copyWithin(end, from, from + length);
        end += length;
      } else for (const stop = end + length; end < stop;) out[end++] = out[from++] as number;
    }
    if (bit !== 0) throw new RangeError('bits left over');
    const rest = literalEnd - literal;
    if (end + rest > limit) throw new RangeError('a block too large');
    out.set(literals.subarray(literal), end);
    window.end = end + rest;
    this.#offsets = [first, second, third];
  }
}

/** The `n` bits, at most 25, from bit `at` on; those before the front of the data are zeros. */
function bitsAt(data: Uint8Array, at: number, n: number): number {
  if (at >= 0) {
    const i = at >> 3;
    const word =
      (data[i] as number) |
      ((data[i + 1] as number) << 8) |
      ((data[i + 2] as number) << 16) |
      ((data[i + 3] as number) << 24);
    return (word >>> (at & 7)) & ((1 << n) - 1);
  }
  return at < -n ? 0 : (low(data, at + n) << -at) & ((1 << n) - 1);
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

/** The least length of each code: where the range of the one before ends. */
function baselines(bits: Uint8Array, first: number): Uint32Array {
  let next = first;
  return Uint32Array.from(bits, (extra) => {
    const base = next;
    next += 2 ** extra;
    return base;
  });
}
