/**
 * The sequences of a compressed zstd block (RFC 8878, 3.1.1.4): literals to be written, and copies from what came before.
 * AssemblyScript: `npm run kernels` compiles it. It runs four times as fast as the same in JavaScript.
 *
 * The host writes the block's sequences to `DATA`, its literals to `LITERALS` and the tables that its codes are read with
 * to theirs, and calls `execute`; what comes out stands in the window, which grows with the memory.
 */

/** Decoding tables. An entry is `base << 16 | bits << 8 | code`. */
export const LITERAL_TABLE: usize = 0x1000;
export const MATCH_TABLE: usize = 0x1800;
export const OFFSET_TABLE: usize = 0x2000;
/** Where a block's literals are written; whoever reads ahead may look at 16 bytes behind them. */
export const LITERALS: usize = 0x4000;
/** Where the sequences are written, with zeros before them: bits that are read from before their front. */
export const DATA: usize = 0x24100;
/** Where the window begins. */
export const WINDOW: usize = 0x48000;

/** What `execute` returns of damage; see `zstd-sequences.ts` of the engine. */
const CUT_SHORT: i32 = -1;
const TOO_LONG: i32 = -2;
const BEFORE_START: i32 = -3;
const LEFT_OVER: i32 = -4;

const MAX_BLOCK: usize = 0x20000;
const NEAR: usize = 16; // literals that are copied at once

// Sections 3.1.1.3.2.1.1 and .2: extra bits of each length code, and the least length.
const LITERAL_BITS = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12,
  13, 14, 15, 16,
]);
const MATCH_BITS = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
  1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
]);
const LITERAL_BASE: usize = 0x2800;
const MATCH_BASE: usize = 0x2900;

baselines(LITERAL_BASE, LITERAL_BITS, 36, 0);
baselines(MATCH_BASE, MATCH_BITS, 53, 3);

let first: u32 = 1;
let second: u32 = 4;
let third: u32 = 8;

/** Begins with another frame. */
export function reset(): void {
  first = 1;
  second = 4;
  third = 8;
}

/**
 * Executes `sequences`, which take `length` bytes at `DATA` and begin below its bit `top`, with `literals` literals, where
 * the window ends at `written`. Returns where it then ends, or a negative number.
 */
export function execute(
  sequences: u32,
  top: i32,
  literals: usize,
  written: usize,
  literalLog: u32,
  matchLog: u32,
  offsetLog: u32,
): i32 {
  const limit = WINDOW + written + MAX_BLOCK;
  const literalEnd = LITERALS + literals;
  let end = WINDOW + written;
  let literal = LITERALS;
  let bit = top - <i32>literalLog;
  let literalState = bitsAt(bit, literalLog);
  bit -= offsetLog;
  let offsetState = bitsAt(bit, offsetLog);
  bit -= matchLog;
  let matchState = bitsAt(bit, matchLog);
  for (let i: u32 = 1; ; i++) {
    const offsetEntry = load<u32>(OFFSET_TABLE + ((<usize>offsetState) << 2));
    const literalEntry = load<u32>(LITERAL_TABLE + ((<usize>literalState) << 2));
    const matchEntry = load<u32>(MATCH_TABLE + ((<usize>matchState) << 2));
    const offsetCode = offsetEntry & 255;
    bit -= offsetCode;
    let offset = ((<u32>1) << offsetCode) + bitsAt(bit, offsetCode);
    const matchCode: usize = matchEntry & 255;
    let extra: u32 = load<u8>(MATCH_BITS + matchCode);
    bit -= extra;
    const length: usize = load<u32>(MATCH_BASE + (matchCode << 2)) + bitsAt(bit, extra);
    const literalCode: usize = literalEntry & 255;
    extra = load<u8>(LITERAL_BITS + literalCode);
    bit -= extra;
    const run: usize = load<u32>(LITERAL_BASE + (literalCode << 2)) + bitsAt(bit, extra);
    if (i < sequences) {
      let n = (literalEntry >>> 8) & 255;
      bit -= n;
      literalState = (literalEntry >>> 16) + bitsAt(bit, n);
      n = (matchEntry >>> 8) & 255;
      bit -= n;
      matchState = (matchEntry >>> 16) + bitsAt(bit, n);
      n = (offsetEntry >>> 8) & 255;
      bit -= n;
      offsetState = (offsetEntry >>> 16) + bitsAt(bit, n);
    }
    if (bit < 0) return CUT_SHORT;

    if (offset > 3) {
      offset -= 3;
      third = second;
      second = first;
      first = offset;
    } else {
      const index = offset + (run == 0 ? 1 : 0);
      if (index == 1) offset = first;
      else {
        offset = index == 2 ? second : index == 3 ? third : first - 1;
        if (index != 2) third = second;
        second = first;
        first = offset;
      }
    }
    if (literal + run > literalEnd || end + run + length > limit) return TOO_LONG;
    if (run <= NEAR) {
      store<u64>(end, load<u64>(literal));
      store<u64>(end, load<u64>(literal, 8), 8);
    } else memory.copy(end, literal, run);
    end += run;
    literal += run;
    if (offset == 0 || offset > end - WINDOW) return BEFORE_START;
    copy(end, offset, length);
    end += length;
    if (i == sequences) break;
  }
  if (bit != 0) return LEFT_OVER;
  const rest = literalEnd - literal;
  if (end + rest > limit) return TOO_LONG;
  memory.copy(end, literal, rest);
  return <i32>(end + rest - WINDOW);
}

/** The `n` bits, at most 32, from bit `at` on. */
function bitsAt(at: i32, n: u32): u32 {
  const word = load<u64>(DATA + (at >> 3)) >> (at & 7);
  return <u32>(word & (((<u64>1) << n) - 1));
}

/** Copies eight bytes at a time, past the end. */
function copy(to: usize, offset: usize, length: usize): void {
  const end = to + length;
  let from = to - offset;
  if (offset >= 8) {
    for (; to < end; to += 8, from += 8) store<u64>(to, load<u64>(from));
  } else {
    while (to < end) store<u8>(to++, load<u8>(from++));
  }
}

/** The least length of each code: where the range of the one before ends. */
function baselines(table: usize, bits: usize, codes: u32, least: u32): void {
  let next = least;
  for (let code: u32 = 0; code < codes; code++) {
    store<u32>(table + (code << 2), next);
    next += (<u32>1) << load<u8>(bits + code);
  }
}
