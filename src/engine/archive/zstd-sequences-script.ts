/** Sequences of zstd in JavaScript: where there is no WebAssembly. The same as `src/kernels/zstd-sequences.ts`. */
import { lastBit, low } from './zstd-bits.ts';
import { DAMAGE, MAX_BLOCK, type SequenceEngine, type SequenceTables } from './zstd-sequences.ts';

const START = 1 << 18;
const [CUT_SHORT, TOO_LONG, BEFORE_START, LEFT_OVER] = DAMAGE;

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

/** The engine without WebAssembly. */
export class ScriptSequences implements SequenceEngine {
  literals = new Uint8Array(MAX_BLOCK);
  window = new Uint8Array(START);
  #offsets = [1, 4, 8];

  reset(): void {
    this.#offsets = [1, 4, 8];
  }

  grow(length: number): void {
    if (length <= this.window.length) return;
    const grown = new Uint8Array(length);
    grown.set(this.window);
    this.window = grown;
  }

  execute(
    data: Uint8Array,
    count: number,
    literalEnd: number,
    written: number,
    { literal: ll, match: ml, offset: of }: SequenceTables,
  ): number {
    const { literals } = this;
    const out = this.window;
    const limit = written + MAX_BLOCK;
    let end = written;
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
      const ofEntry = of.entries[ofState] as number;
      const llEntry = ll.entries[llState] as number;
      const mlEntry = ml.entries[mlState] as number;
      const ofCode = ofEntry & 255;
      const llCode = llEntry & 255;
      const mlCode = mlEntry & 255;
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
        let n = (llEntry >>> 8) & 255;
        bit -= n;
        llState = (llEntry >>> 16) + bitsAt(data, bit, n);
        n = (mlEntry >>> 8) & 255;
        bit -= n;
        mlState = (mlEntry >>> 16) + bitsAt(data, bit, n);
        n = (ofEntry >>> 8) & 255;
        bit -= n;
        ofState = (ofEntry >>> 16) + bitsAt(data, bit, n);
      }
      if (bit < 0) throw new RangeError(CUT_SHORT);

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
        throw new RangeError(TOO_LONG);
      }
      if (run > 48) {
        out.set(literals.subarray(literal, literal + run), end);
        end += run;
        literal += run;
      } else
        for (const stop = literal + run; literal < stop;)
          out[end++] = literals[literal++] as number;
      let from = end - offset;
      if (from < 0 || offset === 0) throw new RangeError(BEFORE_START);
      if (length > 96 && offset >= length) {
        out.copyWithin(end, from, from + length);
        end += length;
      } else for (const stop = end + length; end < stop;) out[end++] = out[from++] as number;
    }
    if (bit !== 0) throw new RangeError(LEFT_OVER);
    const rest = literalEnd - literal;
    if (end + rest > limit) throw new RangeError(TOO_LONG);
    out.set(literals.subarray(literal, literalEnd), end);
    this.#offsets = [first, second, third];
    return end + rest;
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

/** The least length of each code: where the range of the one before ends. */
function baselines(bits: Uint8Array, first: number): Uint32Array {
  let next = first;
  return Uint32Array.from(bits, (extra) => {
    const base = next;
    next += 2 ** extra;
    return base;
  });
}
