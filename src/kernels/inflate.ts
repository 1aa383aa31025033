/**
 * DEFLATE (RFC 1951) and the CRC-32 of what comes out, piece by piece, in memory of fixed places. AssemblyScript:
 * `npm run kernels` compiles it. It runs two and a half times as fast as the same in JavaScript.
 *
 * The host writes compressed bytes to `INPUT`, calls `run`, and finds what came out at `OUTPUT`; the 32 KiB
 * before it are what has come out last, to which the data point back.
 */

/** Where up to `INPUT_SIZE` compressed bytes are written; whoever reads ahead may look at a kilobyte behind them. */
export const INPUT: usize = 0xa000;
export const INPUT_SIZE: usize = 0x10000;
/** Where what comes out begins. */
export const OUTPUT: usize = 0x28000;
const OUTPUT_END: usize = 0x48000;

/** What `run` returns: more input is needed, the output is full, the data have ended, are damaged, or cut short. */
const NEEDS_INPUT: i32 = 0;
const FULL: i32 = 1;
const ENDED: i32 = 2;
const DAMAGED: i32 = 3;
const CUT_SHORT: i32 = 4;
/** Of this file alone: a block is done. */
const BLOCK_DONE: i32 = 5;

const WINDOW: usize = 0x8000;
const LONGEST_COPY: usize = 258;
/** Copies go eight bytes at a time, past their end. */
const ROOM: usize = LONGEST_COPY + 8;
/** Bytes that a symbol and its copy may take, read eight at a time. */
const SYMBOL: usize = 16;
/** Bytes that the tables before a block may take. */
const TABLES: usize = 640;

// Decoding tables. An entry is `value << 16 | kind | extra bits << 4 | bits of the code`.
const LITERALS: usize = 0x1000;
const LITERAL_BITS: u32 = 11;
const DISTANCES: usize = 0x5000;
const DISTANCE_BITS: u32 = 9;
const CODE_BITS: u32 = 7; // of the code that code lengths are written in
const LITERAL: u32 = 0x100;
const LONGER: u32 = 0x200; // the code goes on in a table of its own, at `value`
const END: u32 = 0x400;
const NONE: u32 = 0x800;
const LONGEST_CODE: u32 = 15;

const LENGTHS: usize = 0x6000; // code lengths, a byte each
const COUNTS: usize = 0x6200; // codes by their length
const PLACES: usize = 0x6240; // where the next symbol of a length goes among the sorted
const SORTED: usize = 0x6300; // symbols by their codes' length, two bytes each
const CRC: usize = 0x7000; // eight tables; see src/engine/archive/crc32.ts
const ORDER = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

const HEADER: i32 = 0;
const STORED: i32 = 1;
const CODES: i32 = 2;
const OVER: i32 = 3;

let state: i32 = HEADER;
let final = false; // whether the block at hand is the last
let stored: usize = 0; // bytes to come of a stored block
let bits: u64 = 0;
let count: u32 = 0; // of `bits` that are valid
let inputAt: usize = INPUT;
let outputAt: usize = OUTPUT;
let reach: usize = 0; // bytes before `OUTPUT` that have come out

for (let n: u32 = 0; n < 256; n++) {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  store<u32>(CRC + (n << 2), c);
}
for (let n: u32 = 256; n < 8 * 256; n++) {
  const before = load<u32>(CRC + ((n - 256) << 2));
  store<u32>(CRC + (n << 2), load<u32>(CRC + ((before & 255) << 2)) ^ (before >>> 8));
}

/** Begins with other data. */
export function reset(): void {
  state = HEADER;
  final = false;
  bits = 0;
  count = 0;
  outputAt = OUTPUT;
  reach = 0;
}

/** Bytes of the input that the last `run` has read. */
export function used(): usize {
  return inputAt - INPUT;
}

/** Bytes that the last `run` has written to `OUTPUT`. */
export function made(): usize {
  return outputAt - OUTPUT;
}

/** The CRC-32 of what the last `run` has written, behind bytes whose CRC-32 is `before`. */
export function crc(before: u32): u32 {
  let c = ~before;
  let at = OUTPUT;
  for (; at + 8 <= outputAt; at += 8) {
    const low = load<u32>(at) ^ c;
    const high = load<u32>(at, 4);
    c =
      load<u32>(CRC + 7168 + ((low & 255) << 2)) ^
      load<u32>(CRC + 6144 + (((low >>> 8) & 255) << 2)) ^
      load<u32>(CRC + 5120 + (((low >>> 16) & 255) << 2)) ^
      load<u32>(CRC + 4096 + ((low >>> 24) << 2)) ^
      load<u32>(CRC + 3072 + ((high & 255) << 2)) ^
      load<u32>(CRC + 2048 + (((high >>> 8) & 255) << 2)) ^
      load<u32>(CRC + 1024 + (((high >>> 16) & 255) << 2)) ^
      load<u32>(CRC + ((high >>> 24) << 2));
  }
  for (; at < outputAt; at++) c = load<u32>(CRC + (((c ^ load<u8>(at)) & 255) << 2)) ^ (c >>> 8);
  return ~c;
}

/**
 * Inflates the `length` bytes at `INPUT`, as far as there is room for what comes out. Where more may follow
 * (`last` is false), some are left unread: they must stand in front of what comes next.
 */
export function run(length: usize, last: bool): i32 {
  const end = INPUT + length;
  slide();
  inputAt = INPUT;
  if (last) memory.fill(end, 0, SYMBOL);
  let status = BLOCK_DONE;
  while (status == BLOCK_DONE) {
    if (state == HEADER) status = header(end, last);
    else if (state == STORED) status = copyStored(end, last);
    else if (state == CODES) status = decode(end, last);
    else status = ENDED;
  }
  giveBack();
  return status;
}

/** Moves the window before the place where the next output begins. */
function slide(): void {
  const had = reach + (outputAt - OUTPUT);
  reach = had < WINDOW ? had : WINDOW;
  memory.copy(OUTPUT - reach, outputAt - reach, reach);
  outputAt = OUTPUT;
}

/** Whole bytes that were read ahead are read again. */
function giveBack(): void {
  inputAt -= count >>> 3;
  count &= 7;
  bits &= (1 << count) - 1;
}

function refill(): void {
  bits |= load<u64>(inputAt) << count;
  inputAt += (63 - count) >>> 3;
  count |= 56;
}

function take(n: u32): u32 {
  const value = (<u32>bits) & ((1 << n) - 1);
  bits >>= n;
  count -= n;
  return value;
}

/** What is wrong, if something is: data that end early look damaged too. */
function wrong(end: usize): i32 {
  return inputAt - (count >>> 3) > end ? CUT_SHORT : DAMAGED;
}

function header(end: usize, last: bool): i32 {
  giveBack();
  if (final) {
    state = OVER;
    count = 0;
    bits = 0;
    return ENDED;
  }
  if (!last && end - inputAt < TABLES) return NEEDS_INPUT;
  if (inputAt >= end && count < 3) return last ? CUT_SHORT : NEEDS_INPUT;
  refill();
  final = take(1) == 1;
  const kind = take(2);
  if (kind == 3) return wrong(end);
  if (kind == 0) {
    take(count & 7);
    giveBack();
    if (inputAt + 4 > end) return CUT_SHORT;
    stored = load<u16>(inputAt);
    if ((stored ^ load<u16>(inputAt, 2)) != 0xffff) return DAMAGED;
    inputAt += 4;
    state = STORED;
    return BLOCK_DONE;
  }
  if (!(kind == 1 ? fixedTables() : dynamicTables())) return wrong(end);
  if (inputAt - (count >>> 3) > end) return CUT_SHORT;
  state = CODES;
  return BLOCK_DONE;
}

function copyStored(end: usize, last: bool): i32 {
  let length = stored;
  if (length > end - inputAt) length = end - inputAt;
  if (length > OUTPUT_END - outputAt) length = OUTPUT_END - outputAt;
  memory.copy(outputAt, inputAt, length);
  inputAt += length;
  outputAt += length;
  stored -= length;
  if (stored == 0) {
    state = HEADER;
    return BLOCK_DONE;
  }
  if (outputAt == OUTPUT_END) return FULL;
  return last ? CUT_SHORT : NEEDS_INPUT;
}

/** A block's literals and copies. */
function decode(end: usize, last: bool): i32 {
  const fast = end - SYMBOL; // up to here a whole symbol is there
  const full = OUTPUT_END - ROOM;
  let from = inputAt;
  let to = outputAt;
  let b = bits;
  let c = count;
  let sound = to; // what has come out of bytes that are there
  let status = BLOCK_DONE;
  for (;;) {
    const near = <isize>from > <isize>fast;
    if (near) {
      if (!last) {
        status = NEEDS_INPUT;
        break;
      }
      if (from - (c >>> 3) > end) {
        to = sound;
        status = CUT_SHORT;
        break;
      }
      sound = to;
    }
    if (to > full) {
      status = FULL;
      break;
    }
    b |= load<u64>(from) << c;
    from += (63 - c) >>> 3;
    c |= 56;
    let entry = load<u32>(LITERALS + ((<usize>(b & ((1 << LITERAL_BITS) - 1))) << 2));
    if (entry & LITERAL && !near) {
      // Three literals fit into what has been read.
      b >>= entry & 15;
      c -= entry & 15;
      store<u8>(to++, <u8>(entry >>> 16));
      entry = load<u32>(LITERALS + ((<usize>(b & ((1 << LITERAL_BITS) - 1))) << 2));
      if (entry & LITERAL) {
        b >>= entry & 15;
        c -= entry & 15;
        store<u8>(to++, <u8>(entry >>> 16));
        entry = load<u32>(LITERALS + ((<usize>(b & ((1 << LITERAL_BITS) - 1))) << 2));
        if (entry & LITERAL) {
          b >>= entry & 15;
          c -= entry & 15;
          store<u8>(to++, <u8>(entry >>> 16));
          continue;
        }
      }
      b |= load<u64>(from) << c;
      from += (63 - c) >>> 3;
      c |= 56;
    }
    if (entry & LONGER) {
      b >>= LITERAL_BITS;
      c -= LITERAL_BITS;
      entry = load<u32>(LITERALS + ((<usize>longer(entry, b)) << 2));
    }
    b >>= entry & 15;
    c -= entry & 15;
    if (entry & LITERAL) {
      store<u8>(to++, <u8>(entry >>> 16));
      continue;
    }
    if (entry & (END | NONE)) {
      if (entry & NONE) status = DAMAGED;
      else state = HEADER;
      break;
    }
    let extra = (entry >>> 4) & 15;
    const length: usize = (entry >>> 16) + ((<u32>b) & ((1 << extra) - 1));
    b >>= extra;
    c -= extra;
    entry = load<u32>(DISTANCES + ((<usize>(b & ((1 << DISTANCE_BITS) - 1))) << 2));
    if (entry & LONGER) {
      b >>= DISTANCE_BITS;
      c -= DISTANCE_BITS;
      entry = load<u32>(DISTANCES + ((<usize>longer(entry, b)) << 2));
    }
    b >>= entry & 15;
    c -= entry & 15;
    extra = (entry >>> 4) & 15;
    const distance: usize = (entry >>> 16) + ((<u32>b) & ((1 << extra) - 1));
    b >>= extra;
    c -= extra;
    if (entry & NONE || distance > to - OUTPUT + reach) {
      status = DAMAGED;
      break;
    }
    copy(to, distance, length);
    to += length;
  }
  bits = b;
  count = c;
  inputAt = from;
  outputAt = to;
  if (status != DAMAGED && !(status == BLOCK_DONE && last)) return status;
  // What was read behind the end is no damage.
  if (wrong(end) == DAMAGED) return status;
  outputAt = sound;
  return CUT_SHORT;
}

function copy(to: usize, distance: usize, length: usize): void {
  const end = to + length;
  let from = to - distance;
  if (distance >= 8) {
    for (; to < end; to += 8, from += 8) store<u64>(to, load<u64>(from));
  } else {
    while (to < end) store<u8>(to++, load<u8>(from++));
  }
}

/** The entry of a longer code, of which `b` are the bits that go on. */
function longer(entry: u32, b: u64): u32 {
  return (entry >>> 16) + ((<u32>b) & ((1 << ((entry >>> 4) & 15)) - 1));
}

function fixedTables(): bool {
  memory.fill(LENGTHS, 8, 144);
  memory.fill(LENGTHS + 144, 9, 112);
  memory.fill(LENGTHS + 256, 7, 24);
  memory.fill(LENGTHS + 280, 8, 8);
  memory.fill(LENGTHS + 288, 5, 32);
  return (
    build(LITERALS, LITERAL_BITS, LENGTHS, 288, false) &&
    build(DISTANCES, DISTANCE_BITS, LENGTHS + 288, 32, true)
  );
}

function dynamicTables(): bool {
  const literals = take(5) + 257;
  const distances = take(5) + 1;
  const codes = take(4) + 4;
  if (literals > 286 || distances > 30) return false;
  memory.fill(LENGTHS, 0, 19);
  for (let i: u32 = 0; i < codes; i++) {
    refill();
    store<u8>(LENGTHS + load<u8>(ORDER + i), <u8>take(3));
  }
  if (!build(LITERALS, CODE_BITS, LENGTHS, 19, false)) return false;
  const all = literals + distances;
  for (let i: u32 = 0; i < all;) {
    refill();
    const entry = load<u32>(LITERALS + ((<usize>(bits & ((1 << CODE_BITS) - 1))) << 2));
    if (entry & NONE) return false;
    take(entry & 15);
    const symbol = entry >>> 16;
    if (symbol < 16) {
      store<u8>(LENGTHS + i++, <u8>symbol);
      continue;
    }
    if (symbol == 16 && i == 0) return false;
    const value = symbol == 16 ? load<u8>(LENGTHS + i - 1) : 0;
    const to = i + (symbol == 16 ? 3 + take(2) : symbol == 17 ? 3 + take(3) : 11 + take(7));
    if (to > all) return false;
    while (i < to) store<u8>(LENGTHS + i++, value);
  }
  if (load<u8>(LENGTHS + 256) == 0) return false; // no end
  return (
    build(LITERALS, LITERAL_BITS, LENGTHS, literals, false) &&
    build(DISTANCES, DISTANCE_BITS, LENGTHS + literals, distances, true)
  );
}

/**
 * Builds a table from the code lengths of `symbols` symbols at `lengths`: `root` bits are looked up at once, and
 * longer codes go on in tables behind. False where the lengths are those of no code: only none, or one of one bit, may be
 * incomplete.
 */
function build(table: usize, root: u32, lengths: usize, symbols: u32, distances: bool): bool {
  memory.fill(COUNTS, 0, 64);
  for (let i: u32 = 0; i < symbols; i++) {
    const at = COUNTS + ((<usize>load<u8>(lengths + i)) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  let left: i32 = 1; // codes that are not taken
  let used: u32 = 0;
  for (let length: usize = 1; length <= LONGEST_CODE; length++) {
    const codes = load<u32>(COUNTS + (length << 2));
    left = (left << 1) - codes;
    if (left < 0) return false;
    store<u32>(PLACES + (length << 2), SORTED + (used << 1));
    used += codes;
  }
  if (left > 0 && used > 0 && !(used == 1 && load<u32>(COUNTS + 4) == 1)) return false;
  sort(lengths, symbols);
  let code: u32 = 0; // its first bit is the lowest, as the data have it
  let sorted: usize = SORTED;
  store<u32>(table, NONE | 1);
  for (let length: u32 = 1; length <= root; length++) {
    // One more bit, of which the codes so far say nothing.
    const half: usize = 1 << (length + 1);
    memory.copy(table + half, table, half);
    for (let codes = load<u32>(COUNTS + (length << 2)); codes > 0; codes--) {
      const entry = entryOf(load<u16>(sorted), distances);
      store<u32>(table + (code << 2), entry | length);
      code = codeAfter(code, length);
      sorted += 2;
    }
  }
  const size: u32 = 1 << root;
  let free = size;
  let begun = size; // the first bits of the codes whose table is being filled
  let width: u32 = 0;
  for (let length = root + 1; length <= LONGEST_CODE; length++) {
    const counted = COUNTS + (length << 2);
    for (; load<u32>(counted) > 0; store<u32>(counted, load<u32>(counted) - 1)) {
      const first = code & (size - 1);
      if (first != begun) {
        begun = first;
        if (width > 0) free += 1 << width;
        width = widthOf(length, root);
        store<u32>(table + (first << 2), LONGER | (free << 16) | (width << 4) | root);
      }
      const behind = length - root;
      const entry = entryOf(load<u16>(sorted), distances);
      fill(table + (free << 2), code >>> root, 1 << width, behind, entry | behind);
      code = codeAfter(code, length);
      sorted += 2;
    }
  }
  return true;
}

/** Writes the symbols that have a code to `SORTED`, those with shorter codes first. */
function sort(lengths: usize, symbols: u32): void {
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const length: usize = load<u8>(lengths + symbol);
    if (length == 0) continue;
    const place = PLACES + (length << 2);
    const at: usize = load<u32>(place);
    store<u16>(at, <u16>symbol);
    store<u32>(place, at + 2);
  }
}

/** The code of the same length that follows. */
function codeAfter(code: u32, length: u32): u32 {
  const bit: u32 = 0x80000000 >>> clz(code ^ ((1 << length) - 1)); // the last that is not set
  return (code & (bit - 1)) | bit;
}

/** Writes an entry wherever the bits behind its code's `length` may be what they like. */
function fill(table: usize, code: u32, size: u32, length: u32, entry: u32): void {
  for (let i = code; i < size; i += 1 << length) store<u32>(table + (i << 2), entry);
}

/** How many bits the table for codes longer than `root` must have, whose first has `length`; `COUNTS` are those to come. */
function widthOf(length: u32, root: u32): u32 {
  let width = length - root;
  let room: i32 = 1 << width;
  for (let longer = length; longer < LONGEST_CODE; longer++) {
    room -= load<u32>(COUNTS + ((<usize>longer) << 2));
    if (room <= 0) break;
    room <<= 1;
    width++;
  }
  return width;
}

function entryOf(symbol: u32, distances: bool): u32 {
  return distances ? distanceEntry(symbol) : literalEntry(symbol);
}

/** A literal, the block's end, or a length (RFC 1951, 3.2.5). */
function literalEntry(symbol: u32): u32 {
  if (symbol < 256) return LITERAL | (symbol << 16);
  if (symbol == 256) return END;
  if (symbol < 265) return (symbol - 254) << 16;
  if (symbol == 285) return 258 << 16;
  if (symbol > 285) return NONE;
  const extra = (symbol - 261) >>> 2;
  return ((((4 | ((symbol - 261) & 3)) << extra) + 3) << 16) | (extra << 4);
}

function distanceEntry(symbol: u32): u32 {
  if (symbol > 29) return NONE;
  if (symbol < 4) return (symbol + 1) << 16;
  const extra = (symbol >>> 1) - 1;
  return ((((2 | (symbol & 1)) << extra) + 1) << 16) | (extra << 4);
}
