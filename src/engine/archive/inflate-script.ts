/**
 * DEFLATE (RFC 1951) in JavaScript, for browsers that allow no WebAssembly: the same as `src/kernels/inflate.ts`, at two
 * fifths of its speed.
 */
import { crc32 } from './crc32.ts';
import {
  CUT_SHORT,
  DAMAGED,
  ENDED,
  FULL,
  type InflateEngine,
  NEEDS_INPUT,
} from './inflate-engine.ts';

const WINDOW = 1 << 15;
const ROOM = 1 << 17; // bytes of output at a time
const LONGEST_COPY = 258;
/** Bytes that a symbol and its copy may take, and the tables before a block. */
const SYMBOL = 16;
const TABLES = 640;

const LENGTH_BASE = new Uint16Array(29);
const LENGTH_EXTRA = new Uint8Array(29);
const DISTANCE_BASE = new Uint16Array(30);
const DISTANCE_EXTRA = new Uint8Array(30);
for (let i = 0, base = 3; i < 28; i++) {
  LENGTH_EXTRA[i] = i < 8 ? 0 : (i >> 2) - 1;
  LENGTH_BASE[i] = base;
  base += 1 << (LENGTH_EXTRA[i] as number);
}
LENGTH_BASE[28] = 258;
for (let i = 0, base = 1; i < 30; i++) {
  DISTANCE_EXTRA[i] = i < 4 ? 0 : (i >> 1) - 1;
  DISTANCE_BASE[i] = base;
  base += 1 << (DISTANCE_EXTRA[i] as number);
}
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const MAX_BITS = 15;
const FAST_BITS = 10;
const FAST_MASK = (1 << FAST_BITS) - 1;
const MOST_HELD = 24; // bits, before another byte is taken
const SHORT_RUN = 24; // bytes that are sooner copied one by one

/**
 * A decoding table: entries of the first FAST_BITS bits, `symbol << 4 | length`; a longer code's entry
 * has length 0 and is found bit by bit through `counts` and `symbols`.
 */
interface Huffman {
  fast: Uint16Array;
  counts: Uint16Array;
  symbols: Uint16Array;
}

/** Ten bits in the other order. */
const REVERSED = new Uint16Array(1 << FAST_BITS);
for (let i = 1; i < REVERSED.length; i++)
  REVERSED[i] = ((REVERSED[i >> 1] as number) >> 1) | ((i & 1) << (FAST_BITS - 1));
const offsets = new Uint16Array(MAX_BITS + 2);
const next = new Uint16Array(MAX_BITS + 2);

function huffman(lengths: Uint8Array): Huffman | undefined {
  const counts = new Uint16Array(MAX_BITS + 1);
  for (const length of lengths) counts[length] = (counts[length] as number) + 1;
  counts[0] = 0;
  offsets[1] = 0;
  next[1] = 0;
  let left = 1;
  let used = 0;
  for (let bits = 1; bits <= MAX_BITS; bits++) {
    left = (left << 1) - (counts[bits] as number);
    used += counts[bits] as number;
    if (left < 0) return undefined; // more codes than bits can tell apart
    offsets[bits + 1] = (offsets[bits] as number) + (counts[bits] as number);
    next[bits + 1] = ((next[bits] as number) + (counts[bits] as number)) << 1;
  }
  // Only none, or one code of one bit, may be incomplete.
  if (left > 0 && used > 0 && !(used === 1 && counts[1] === 1)) return undefined;
  const symbols = new Uint16Array(lengths.length);
  const fast = new Uint16Array(1 << FAST_BITS);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol] as number;
    if (length === 0) continue;
    const code = next[length] as number;
    next[length] = code + 1;
    symbols[offsets[length] as number] = symbol;
    offsets[length] = (offsets[length] as number) + 1;
    if (length > FAST_BITS) continue;
    const entry = (symbol << 4) | length;
    const step = 1 << length;
    for (let at = (REVERSED[code] as number) >> (FAST_BITS - length); at < fast.length; at += step)
      fast[at] = entry;
  }
  return { fast, counts, symbols };
}

let fixed: { literals: Huffman; distances: Huffman } | undefined;
function fixedTables(): { literals: Huffman; distances: Huffman } {
  if (fixed) return fixed;
  const lengths = new Uint8Array(288).fill(8).fill(9, 144, 256).fill(7, 256, 280);
  const literals = huffman(lengths) as Huffman;
  const distances = huffman(new Uint8Array(32).fill(5)) as Huffman;
  fixed = { literals, distances };
  return fixed;
}

/** Ends a run, and says how. */
class Stop extends Error {
  readonly state: number;
  constructor(state: number) {
    super();
    this.state = state;
  }
}

/** An engine without WebAssembly. */
export class ScriptInflater implements InflateEngine {
  used = 0;
  output: Uint8Array = new Uint8Array(0);
  #bytes: Uint8Array = new Uint8Array(0);
  #last = false;
  #at = 0;
  #bits = 0;
  #count = 0;
  /** What came out last, and behind it what comes out now. */
  #out = new Uint8Array(WINDOW + ROOM);
  #length = WINDOW;
  /** Bytes before the output that have come out. */
  #reach = 0;
  #final = false;
  #stored = 0; // bytes to come of a stored block
  #codes: { literals: Huffman; distances: Huffman } | undefined;

  reset(): void {
    this.#bits = 0;
    this.#count = 0;
    this.#length = WINDOW;
    this.#reach = 0;
    this.#final = false;
    this.#stored = 0;
    this.#codes = undefined;
  }

  run(bytes: Uint8Array, last: boolean): number {
    this.#bytes = bytes;
    this.#last = last;
    this.#at = 0;
    this.#slide();
    let state = ENDED;
    try {
      for (;;) this.#block();
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      ({ state } = error);
    }
    this.#giveBack();
    this.used = this.#at;
    this.output = this.#out.subarray(WINDOW, this.#length);
    return state;
  }

  crc(before: number): number {
    return crc32(this.output, before);
  }

  #slide(): void {
    const made = this.#length;
    this.#reach = Math.min(WINDOW, this.#reach + made - WINDOW);
    this.#out.copyWithin(WINDOW - this.#reach, made - this.#reach, made);
    this.#length = WINDOW;
  }

  /** Whole bytes that were read ahead are read again. */
  #giveBack(): void {
    this.#at -= this.#count >> 3;
    this.#count &= 7;
    this.#bits &= (1 << this.#count) - 1;
  }

  /** Goes on with the block at hand, or begins the next. */
  #block(): void {
    if (this.#stored > 0) this.#copyStored();
    else if (this.#codes) this.#decode(this.#codes);
    else this.#header();
  }

  #header(): void {
    this.#giveBack();
    if (this.#final) {
      this.#count = 0;
      this.#bits = 0;
      throw new Stop(ENDED);
    }
    if (!this.#last && this.#bytes.length - this.#at < TABLES) throw new Stop(NEEDS_INPUT);
    this.#final = this.#take(1) === 1;
    const type = this.#take(2);
    if (type === 0) this.#beginStored();
    else if (type === 1) this.#codes = fixedTables();
    else if (type === 2) this.#codes = this.#tables();
    else throw new Stop(DAMAGED);
  }

  #take(count: number): number {
    while (this.#count < count) {
      if (this.#at >= this.#bytes.length) throw new Stop(CUT_SHORT);
      this.#bits |= (this.#bytes[this.#at++] as number) << this.#count;
      this.#count += 8;
    }
    const value = this.#bits & ((1 << count) - 1);
    this.#bits >>>= count;
    this.#count -= count;
    return value;
  }

  #beginStored(): void {
    this.#take(this.#count & 7);
    this.#giveBack();
    const bytes = this.#bytes;
    if (this.#at + 4 > bytes.length) throw new Stop(CUT_SHORT);
    const length = (bytes[this.#at] as number) | ((bytes[this.#at + 1] as number) << 8);
    const inverse = (bytes[this.#at + 2] as number) | ((bytes[this.#at + 3] as number) << 8);
    if ((length ^ inverse) !== 0xffff) throw new Stop(DAMAGED);
    this.#at += 4;
    this.#stored = length;
  }

  #copyStored(): void {
    const room = this.#out.length - this.#length;
    const length = Math.min(this.#stored, this.#bytes.length - this.#at, room);
    this.#out.set(this.#bytes.subarray(this.#at, this.#at + length), this.#length);
    this.#at += length;
    this.#length += length;
    this.#stored -= length;
    if (this.#stored === 0) return;
    if (length === room) throw new Stop(FULL);
    throw new Stop(this.#last ? CUT_SHORT : NEEDS_INPUT);
  }

  #tables(): { literals: Huffman; distances: Huffman } {
    const literalCount = this.#take(5) + 257;
    const distanceCount = this.#take(5) + 1;
    const codeCount = this.#take(4) + 4;
    if (literalCount > 286 || distanceCount > 30) throw new Stop(DAMAGED);
    const codeLengths = new Uint8Array(19);
    for (let i = 0; i < codeCount; i++) codeLengths[CODE_ORDER[i] as number] = this.#take(3);
    const codes = huffman(codeLengths);
    if (!codes) throw new Stop(DAMAGED);
    const lengths = new Uint8Array(literalCount + distanceCount);
    for (let at = 0; at < lengths.length;) {
      const symbol = this.#symbol(codes);
      if (symbol < 16) {
        lengths[at++] = symbol;
        continue;
      }
      if (symbol === 16 && at === 0) throw new Stop(DAMAGED);
      const value = symbol === 16 ? (lengths[at - 1] as number) : 0;
      const repeat =
        symbol === 16 ? 3 + this.#take(2) : symbol === 17 ? 3 + this.#take(3) : 11 + this.#take(7);
      if (at + repeat > lengths.length) throw new Stop(DAMAGED);
      lengths.fill(value, at, at + repeat);
      at += repeat;
    }
    const literals = huffman(lengths.subarray(0, literalCount));
    const distances = huffman(lengths.subarray(literalCount));
    if (!literals || !distances || lengths[256] === 0) throw new Stop(DAMAGED);
    return { literals, distances };
  }

  #symbol(codes: Huffman): number {
    while (this.#count < MAX_BITS && this.#at < this.#bytes.length) {
      this.#bits |= (this.#bytes[this.#at++] as number) << this.#count;
      this.#count += 8;
    }
    const entry = (codes.fast[this.#bits & FAST_MASK] as number) || longCode(codes, this.#bits);
    this.#take(entry & 15);
    return entry >> 4;
  }

  /** A block's literals and copies. Its state stays in variables: with fields it takes twice as long. */
  #decode({ literals, distances }: { literals: Huffman; distances: Huffman }): void {
    const input = this.#bytes;
    const out = this.#out;
    const enough = this.#last ? Infinity : input.length - SYMBOL;
    const full = out.length - LONGEST_COPY;
    const first = WINDOW - this.#reach;
    let length = this.#length;
    let at = this.#at;
    let bits = this.#bits;
    let count = this.#count;
    try {
      for (;;) {
        if (at > enough) throw new Stop(NEEDS_INPUT);
        if (length > full) throw new Stop(FULL);
        while (count <= MOST_HELD && at < input.length) {
          bits |= (input[at++] as number) << count;
          count += 8;
        }
        let entry = (literals.fast[bits & FAST_MASK] as number) || longCode(literals, bits);
        const symbol = entry >> 4;
        bits >>>= entry & 15;
        count -= entry & 15;
        if (count < 0) throw new Stop(CUT_SHORT);
        if (symbol < 256) {
          out[length++] = symbol;
          continue;
        }
        if (symbol === 256) {
          this.#codes = undefined;
          return;
        }
        if (symbol > 285) throw new Stop(DAMAGED);
        const lengthBits = LENGTH_EXTRA[symbol - 257] as number;
        const run = (LENGTH_BASE[symbol - 257] as number) + (bits & ((1 << lengthBits) - 1));
        bits >>>= lengthBits;
        count -= lengthBits;
        while (count <= MOST_HELD && at < input.length) {
          bits |= (input[at++] as number) << count;
          count += 8;
        }
        entry = (distances.fast[bits & FAST_MASK] as number) || longCode(distances, bits);
        const far = entry >> 4;
        bits >>>= entry & 15;
        count -= entry & 15;
        if (count < 0) throw new Stop(CUT_SHORT);
        if (far >= 30) throw new Stop(DAMAGED);
        while (count <= MOST_HELD && at < input.length) {
          bits |= (input[at++] as number) << count;
          count += 8;
        }
        const distanceBits = DISTANCE_EXTRA[far] as number;
        const distance = (DISTANCE_BASE[far] as number) + (bits & ((1 << distanceBits) - 1));
        bits >>>= distanceBits;
        count -= distanceBits;
        if (count < 0) throw new Stop(CUT_SHORT);
        if (distance > length - first) throw new Stop(DAMAGED);
        let from = length - distance;
        if (distance >= run && run > SHORT_RUN) {
          out.copyWithin(length, from, from + run);
          length += run;
        } else for (const end = length + run; length < end;) out[length++] = out[from++] as number;
      }
    } finally {
      this.#at = at;
      this.#bits = bits;
      this.#count = Math.max(0, count);
      this.#length = length;
    }
  }
}

/** The code that `bits` begin with, where it is longer than the table's: `symbol << 4 | length`. */
function longCode({ counts, symbols }: Huffman, bits: number): number {
  let code = 0;
  let first = 0;
  let index = 0;
  for (let length = 1; length <= MAX_BITS; length++) {
    code |= (bits >> (length - 1)) & 1;
    const count = counts[length] as number;
    if (code - first < count) return ((symbols[index + code - first] as number) << 4) | length;
    index += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  throw new Stop(DAMAGED);
}
