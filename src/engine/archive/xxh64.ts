/** XXH64 (xxhash.com, specification 0.1.1), streaming: zstd frames end with its low word. */
import { kernelStripes } from './xxh64-wasm.ts';

/**
 * Takes whole stripes of 32 bytes, `[from, to)` of `bytes`, into the running state: low and high words of each of four
 * lanes.
 */
export type Stripes = (lanes: Int32Array, bytes: Uint8Array, from: number, to: number) => void;

const P1 = [0x85ebca87, 0x9e3779b1] as const; // low, high
const P2 = [0x27d4eb4f, 0xc2b2ae3d] as const;
const P3 = [0x9e3779f9, 0x165667b1] as const;
const P4 = [0xc2b2ae63, 0x85ebca77] as const;
const P5 = [0x165667c5, 0x27d4eb2f] as const;

let fastest: Stripes | undefined;

/** A running sum. */
export class Xxh64 {
  #stripes: Stripes;
  #lanes = new Int32Array(8);
  #block = new Uint8Array(32);
  #filled = 0;
  #length = 0;

  constructor(stripes = (fastest ??= kernelStripes() ?? scriptStripes)) {
    this.#stripes = stripes;
    const lanes = this.#lanes;
    // Seed 0: P1 + P2, P2, 0, -P1.
    const low = P1[0] + P2[0];
    lanes[0] = low;
    lanes[1] = P1[1] + P2[1] + (low > 0xffffffff ? 1 : 0);
    lanes[2] = P2[0];
    lanes[3] = P2[1];
    lanes[6] = -P1[0];
    lanes[7] = ~P1[1];
  }

  update(bytes: Uint8Array): void {
    this.#length += bytes.length;
    let at = 0;
    if (this.#filled > 0) {
      const take = Math.min(32 - this.#filled, bytes.length);
      this.#block.set(bytes.subarray(0, take), this.#filled);
      this.#filled += take;
      at = take;
      if (this.#filled < 32) return;
      this.#stripes(this.#lanes, this.#block, 0, 32);
      this.#filled = 0;
    }
    const whole = at + ((bytes.length - at) & ~31);
    this.#stripes(this.#lanes, bytes, at, whole);
    this.#block.set(bytes.subarray(whole));
    this.#filled = bytes.length - whole;
  }

  /** The low 32 bits of the hash, unsigned. */
  low(): number {
    let h: bigint;
    const mask = (1n << 64n) - 1n;
    const big = ([low, high]: readonly [number, number]): bigint =>
      (BigInt(high) << 32n) | BigInt(low);
    const [p1, p2, p3, p4, p5] = [big(P1), big(P2), big(P3), big(P4), big(P5)];
    const rotate = (x: bigint, bits: bigint): bigint => ((x << bits) | (x >> (64n - bits))) & mask;
    const round = (accumulator: bigint, input: bigint): bigint =>
      (rotate((accumulator + input * p2) & mask, 31n) * p1) & mask;
    if (this.#length >= 32) {
      const lanes = [0, 1, 2, 3].map((i) =>
        big([(this.#lanes[2 * i] as number) >>> 0, (this.#lanes[2 * i + 1] as number) >>> 0]),
      );
      const [a = 0n, b = 0n, c = 0n, d = 0n] = lanes;
      h = (rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n)) & mask;
      for (const lane of lanes) h = ((h ^ round(0n, lane)) * p1 + p4) & mask;
    } else h = p5;
    h = (h + BigInt(this.#length)) & mask;
    const view = new DataView(this.#block.buffer);
    let at = 0;
    for (; at + 8 <= this.#filled; at += 8) {
      h = (rotate(h ^ round(0n, view.getBigUint64(at, true)), 27n) * p1 + p4) & mask;
    }
    if (at + 4 <= this.#filled) {
      h = (rotate(h ^ ((BigInt(view.getUint32(at, true)) * p1) & mask), 23n) * p2 + p3) & mask;
      at += 4;
    }
    for (; at < this.#filled; at++) {
      h = (rotate(h ^ ((BigInt(this.#block[at] as number) * p5) & mask), 11n) * p1) & mask;
    }
    h = ((h ^ (h >> 33n)) * p2) & mask;
    h = ((h ^ (h >> 29n)) * p3) & mask;
    return Number((h ^ (h >> 32n)) & 0xffffffffn);
  }
}

/** The steps in JavaScript, in 32-bit halves: lane = rotate(lane + input * P2, 31) * P1. */
export const scriptStripes: Stripes = (lanes, b, from, to) => {
  for (let at = from; at < to; at += 32) {
    for (let lane = 0; lane < 8; lane += 2) {
      const i = at + lane * 4;
      const inLow =
        (b[i] as number) |
        ((b[i + 1] as number) << 8) |
        ((b[i + 2] as number) << 16) |
        ((b[i + 3] as number) << 24);
      const inHigh =
        (b[i + 4] as number) |
        ((b[i + 5] as number) << 8) |
        ((b[i + 6] as number) << 16) |
        ((b[i + 7] as number) << 24);
      // input * P2, low 64 bits
      const productLow = Math.imul(inLow, P2[0]);
      const productHigh =
        mulHigh(inLow, P2[0]) + Math.imul(inLow, P2[1]) + Math.imul(inHigh, P2[0]);
      const sumLow = ((lanes[lane] as number) >>> 0) + (productLow >>> 0);
      const sumHigh =
        ((lanes[lane + 1] as number) + productHigh + (sumLow > 0xffffffff ? 1 : 0)) | 0;
      const low32 = sumLow | 0;
      // rotated left by 31
      const low = (low32 << 31) | (sumHigh >>> 1);
      const high = (sumHigh << 31) | (low32 >>> 1);
      lanes[lane] = Math.imul(low, P1[0]);
      lanes[lane + 1] = mulHigh(low, P1[0]) + Math.imul(low, P1[1]) + Math.imul(high, P1[0]);
    }
  }
};

/** The high 32 bits of the product of two unsigned 32-bit numbers. */
function mulHigh(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  const carry = a0 * b1 + (middle & 0xffff);
  return (a1 * b1 + Math.floor(middle / 65536) + Math.floor(carry / 65536)) | 0;
}
