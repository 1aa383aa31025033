/**
 * DEFLATE (RFC 1951) and zlib (RFC 1950) over bytes that are at hand, for what lies inside files: entries
 * of zips, git objects. Says where the data ended, which packs of git objects need and no package tells,
 * and gives what came before damage.
 */

/** What came out. */
export interface Inflated {
  bytes: Uint8Array;
  /** Offset behind the data (and behind zlib's checksum). */
  end: number;
  /** Why there is no more: damage, the end of the input, or the limit; undefined where it is whole. */
  error: 'damaged' | 'truncated' | 'limit' | undefined;
}

/** What DEFLATE data unpack to, at most, as often as their own length. */
export const MOST_RATIO = 1032;

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
const FIRST = 4096;
const MOST_FIRST = 1 << 20; // bytes made ready for what a header claims; more once they have come
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
  for (let bits = 1; bits <= MAX_BITS; bits++) {
    left = (left << 1) - (counts[bits] as number);
    if (left < 0) return undefined; // more codes than bits can tell apart
    offsets[bits + 1] = (offsets[bits] as number) + (counts[bits] as number);
    next[bits + 1] = ((next[bits] as number) + (counts[bits] as number)) << 1;
  }
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
  const distances = huffman(new Uint8Array(30).fill(5)) as Huffman;
  fixed = { literals, distances };
  return fixed;
}

class Stop extends Error {
  readonly reason: 'damaged' | 'truncated' | 'limit';
  constructor(reason: 'damaged' | 'truncated' | 'limit') {
    super(reason);
    this.reason = reason;
  }
}

class Inflater {
  #in: Uint8Array;
  #at: number;
  #bits = 0;
  #count = 0;
  #out: Uint8Array;
  #length = 0;
  #limit: number;

  constructor(bytes: Uint8Array, at: number, expected: number, limit: number) {
    this.#in = bytes;
    this.#at = at;
    this.#limit = limit;
    this.#out = new Uint8Array(Math.max(64, Math.min(expected, limit)));
  }

  run(): Inflated {
    let error: Inflated['error'];
    try {
      while (!this.#block());
    } catch (thrown) {
      if (!(thrown instanceof Stop)) throw thrown;
      error = thrown.reason;
    }
    // Whole bytes that were read ahead are given back.
    const end = Math.min(this.#in.length, this.#at - (this.#count >> 3));
    const bytes = this.#out.subarray(0, this.#length);
    // What a header claimed is not held on to.
    return { bytes: 2 * this.#length < this.#out.length ? bytes.slice() : bytes, end, error };
  }

  /** One block; true after the last. */
  #block(): boolean {
    const last = this.#take(1) === 1;
    const type = this.#take(2);
    if (type === 0) this.#stored();
    else if (type === 1) {
      const { literals, distances } = fixedTables();
      this.#codes(literals, distances);
    } else if (type === 2) this.#dynamic();
    else throw new Stop('damaged');
    return last;
  }

  #need(count: number): void {
    while (this.#count < count) {
      if (this.#at >= this.#in.length) throw new Stop('truncated');
      this.#bits |= (this.#in[this.#at++] as number) << this.#count;
      this.#count += 8;
    }
  }

  #take(count: number): number {
    if (count === 0) return 0;
    this.#need(count);
    const value = this.#bits & ((1 << count) - 1);
    this.#bits >>>= count;
    this.#count -= count;
    return value;
  }

  #stored(): void {
    this.#at -= this.#count >> 3;
    this.#bits = 0;
    this.#count = 0;
    if (this.#at + 4 > this.#in.length) throw new Stop('truncated');
    const length = (this.#in[this.#at] as number) | ((this.#in[this.#at + 1] as number) << 8);
    const inverse = (this.#in[this.#at + 2] as number) | ((this.#in[this.#at + 3] as number) << 8);
    if ((length ^ inverse) !== 0xffff) throw new Stop('damaged');
    this.#at += 4;
    const have = Math.min(length, this.#in.length - this.#at);
    this.#room(this.#length, have);
    this.#out.set(this.#in.subarray(this.#at, this.#at + have), this.#length);
    this.#length += have;
    this.#at += have;
    if (have < length) throw new Stop('truncated');
  }

  #dynamic(): void {
    const literalCount = this.#take(5) + 257;
    const distanceCount = this.#take(5) + 1;
    const codeCount = this.#take(4) + 4;
    if (literalCount > 286 || distanceCount > 30) throw new Stop('damaged');
    const codeLengths = new Uint8Array(19);
    for (let i = 0; i < codeCount; i++) codeLengths[CODE_ORDER[i] as number] = this.#take(3);
    const codes = huffman(codeLengths);
    if (!codes) throw new Stop('damaged');
    const lengths = new Uint8Array(literalCount + distanceCount);
    for (let at = 0; at < lengths.length;) {
      const symbol = this.#symbol(codes);
      if (symbol < 16) {
        lengths[at++] = symbol;
        continue;
      }
      if (symbol === 16 && at === 0) throw new Stop('damaged');
      const value = symbol === 16 ? (lengths[at - 1] as number) : 0;
      const repeat =
        symbol === 16 ? 3 + this.#take(2) : symbol === 17 ? 3 + this.#take(3) : 11 + this.#take(7);
      if (at + repeat > lengths.length) throw new Stop('damaged');
      lengths.fill(value, at, at + repeat);
      at += repeat;
    }
    const literals = huffman(lengths.subarray(0, literalCount));
    const distances = huffman(lengths.subarray(literalCount));
    if (!literals || !distances || lengths[256] === 0) throw new Stop('damaged');
    this.#codes(literals, distances);
  }

  #symbol(codes: Huffman): number {
    while (this.#count < MAX_BITS && this.#at < this.#in.length) {
      this.#bits |= (this.#in[this.#at++] as number) << this.#count;
      this.#count += 8;
    }
    const entry = (codes.fast[this.#bits & FAST_MASK] as number) || longCode(codes, this.#bits);
    this.#take(entry & 15);
    return entry >> 4;
  }

  /** A block's literals and copies. Its state stays in variables: with fields it takes twice as long. */
  #codes(literals: Huffman, distances: Huffman): void {
    const input = this.#in;
    let out = this.#out;
    let length = this.#length;
    let at = this.#at;
    let bits = this.#bits;
    let count = this.#count;
    try {
      for (;;) {
        while (count <= MOST_HELD && at < input.length) {
          bits |= (input[at++] as number) << count;
          count += 8;
        }
        let entry = (literals.fast[bits & FAST_MASK] as number) || longCode(literals, bits);
        const symbol = entry >> 4;
        bits >>>= entry & 15;
        count -= entry & 15;
        if (count < 0) throw new Stop('truncated');
        if (symbol < 256) {
          if (length === out.length) out = this.#room(length, 1);
          out[length++] = symbol;
          continue;
        }
        if (symbol === 256) return;
        if (symbol > 285) throw new Stop('damaged');
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
        if (count < 0) throw new Stop('truncated');
        if (far >= 30) throw new Stop('damaged');
        while (count <= MOST_HELD && at < input.length) {
          bits |= (input[at++] as number) << count;
          count += 8;
        }
        const distanceBits = DISTANCE_EXTRA[far] as number;
        const distance = (DISTANCE_BASE[far] as number) + (bits & ((1 << distanceBits) - 1));
        bits >>>= distanceBits;
        count -= distanceBits;
        if (count < 0) throw new Stop('truncated');
        if (distance > length) throw new Stop('damaged');
        if (length + run > out.length) out = this.#room(length, run);
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

  /** The output, of which `used` bytes are written, with room for `count` more. */
  #room(used: number, count: number): Uint8Array {
    const needed = used + count;
    if (needed <= this.#out.length) return this.#out;
    if (needed > this.#limit) throw new Stop('limit');
    const grown = new Uint8Array(Math.min(this.#limit, Math.max(needed, this.#out.length * 2)));
    grown.set(this.#out.subarray(0, used));
    this.#out = grown;
    return grown;
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
  throw new Stop('damaged');
}

/**
 * Inflates raw DEFLATE data that begin at `at`. Never gives more than `limit` bytes; `expected` is what a
 * header claims, and only a first guess. Never throws.
 */
export function inflateRaw(
  bytes: Uint8Array,
  at: number,
  limit: number,
  expected = 4096,
): Inflated {
  const first = Math.min(expected, Math.max(FIRST, 16 * (bytes.length - at)), MOST_FIRST);
  return new Inflater(bytes, at, first, limit).run();
}

/** Whether a zlib header stands at `at`: method 8, a window of at most 32 KiB, no dictionary, its check right. */
export function isZlib(bytes: Uint8Array, at = 0): boolean {
  const method = bytes[at] ?? 0;
  const flags = bytes[at + 1] ?? 0;
  return (
    (method & 15) === 8 &&
    method >> 4 <= 7 &&
    (flags & 0x20) === 0 &&
    (method * 256 + flags) % 31 === 0
  );
}

/** Inflates zlib data at `at`, its checksum verified. Never gives more than `limit` bytes, never throws. */
export function inflateZlib(
  bytes: Uint8Array,
  at: number,
  limit: number,
  expected = 4096,
): Inflated {
  if (!isZlib(bytes, at)) return { bytes: new Uint8Array(0), end: at, error: 'damaged' };
  const inflated = inflateRaw(bytes, at + 2, limit, expected);
  if (inflated.error) return inflated;
  const { end } = inflated;
  if (end + 4 > bytes.length) return { ...inflated, end: bytes.length, error: 'truncated' };
  const view = new DataView(bytes.buffer, bytes.byteOffset + end, 4);
  const right = view.getUint32(0) === adler32(inflated.bytes);
  return { bytes: inflated.bytes, end: end + 4, error: right ? undefined : 'damaged' };
}

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let at = 0; at < bytes.length;) {
    const stop = Math.min(bytes.length, at + 3800); // before the sums pass 2^32
    for (; at < stop; at++) {
      a += bytes[at] as number;
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}
