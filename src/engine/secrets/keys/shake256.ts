/** SHAKE256 (FIPS 202) of short texts, for Ed448's keys: words of 64 bits as big integers, which is slow and short. */

const MASK = 2n ** 64n - 1n;
const RATE = 136; // bytes that are taken in, or given out, between permutations
const ROUNDS = 24;

const turned = (word: bigint, by: number): bigint =>
  ((word << BigInt(by)) | (word >> BigInt(64 - by))) & MASK;

/** Constants of the rounds: bits of the shift register of section 3.2.5. */
const CONSTANTS = Array.from({ length: ROUNDS }, (_, round) => {
  let constant = 0n;
  for (let j = 0; j <= 6; j++) if (registerBit(j + 7 * round)) constant |= 1n << BigInt(2 ** j - 1);
  return constant;
});

function registerBit(step: number): boolean {
  let register = 1;
  for (let i = 0; i < step % 255; i++) {
    register <<= 1;
    if (register & 0x100) register ^= 0x171;
  }
  return (register & 1) === 1;
}

/** `length` bytes of the function of `bytes`. */
export function shake256(bytes: Uint8Array, length: number): Uint8Array {
  const padded = new Uint8Array((Math.floor(bytes.length / RATE) + 1) * RATE);
  padded.set(bytes);
  padded[bytes.length] = 0x1f;
  padded[padded.length - 1] = (padded[padded.length - 1] as number) | 0x80;
  const input = new DataView(padded.buffer);
  let state = new Array<bigint>(25).fill(0n);
  for (let at = 0; at < padded.length; at += RATE) {
    for (let i = 0; i < RATE / 8; i++)
      state[i] = (state[i] as bigint) ^ input.getBigUint64(at + 8 * i, true);
    state = permuted(state);
  }
  const out = new Uint8Array(Math.ceil(length / RATE) * RATE);
  const output = new DataView(out.buffer);
  for (let at = 0; at < length; at += RATE) {
    if (at > 0) state = permuted(state);
    for (let i = 0; i < RATE / 8; i++) output.setBigUint64(at + 8 * i, state[i] as bigint, true);
  }
  return out.subarray(0, length);
}

/** Keccak-f[1600]; the lane at (x, y) is at x + 5y. */
function permuted(state: readonly bigint[]): bigint[] {
  let lanes = [...state];
  const lane = (x: number, y: number): bigint => lanes[(x % 5) + 5 * y] as bigint;
  for (const constant of CONSTANTS) {
    const columns = [0, 1, 2, 3, 4].map((x) =>
      [0, 1, 2, 3, 4].reduce((sum, y) => sum ^ lane(x, y), 0n),
    );
    const column = (x: number): bigint => columns[x % 5] as bigint;
    lanes = lanes.map((word, i) => word ^ column(i + 4) ^ turned(column(i + 1), 1));
    // Each lane but the first is turned, and goes where the last one was.
    const moved = [...lanes];
    let [x, y] = [1, 0];
    for (let t = 0; t < 24; t++) {
      const word = lane(x, y);
      [x, y] = [y, (2 * x + 3 * y) % 5];
      moved[x + 5 * y] = turned(word, (((t + 1) * (t + 2)) / 2) % 64);
    }
    lanes = moved;
    lanes = lanes.map((word, i) => {
      const row = Math.floor(i / 5);
      return word ^ (~lane((i % 5) + 1, row) & MASK & lane((i % 5) + 2, row));
    });
    lanes[0] = (lanes[0] as bigint) ^ constant;
  }
  return lanes;
}
