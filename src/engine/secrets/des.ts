/** DES (FIPS 46-3), one block at a time: old programs keep passwords under it. Tables from the standard, counted from 1. */
import { unchained } from './block-chaining.ts';

const INITIAL = [58, 60, 62, 64, 57, 59, 61, 63].flatMap((first) =>
  Array.from({ length: 8 }, (_, i) => first - 8 * i),
);
const FINAL = INITIAL.map((_, i) => INITIAL.indexOf(i + 1) + 1);
const EXPANSION = Array.from(
  { length: 48 },
  (_, i) => ((4 * Math.floor(i / 6) + (i % 6) + 31) % 32) + 1,
);
const PERMUTATION = [
  16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13,
  30, 6, 22, 11, 4, 25,
];
const CHOICE_1 = [
  57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60,
  52, 44, 36, 63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21,
  13, 5, 28, 20, 12, 4,
];
const CHOICE_2 = [
  14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2, 41, 52,
  31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
];
const SHIFTS = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1];
/** The eight boxes, a row of 16 hex digits after the other. */
const BOXES = [
  'e4d12fb83a6c59070f74e2d1a6cb953841e8d62bfc973a50fc8249175b3ea06d',
  'f18e6b34972dc05a3d47f28ec01a69b50e7ba4d158c6932fd8a13f42b67c05e9',
  'a09e63f51dc7b428d709346a285ecbf1d6498f30b12c5ae71ad069874fe3b52c',
  '7de3069a1285bc4fd8b56f03472c1ae9a690cb7df13e52843f06a1d8945bc72e',
  '2c417ab6853fd0e9eb2c47d150fa3986421bad78f9c5630eb8c71e2d6f09a453',
  'c1af92680d34e75baf427c9561de0b389ef528c3704a1db6432c95fabe17608d',
  '4b2ef08d3c975a61d0b7491ae35c2f8614bdc37eaf6805926bd814a7950fe23c',
  'd2846fb1a93e50c71fd8a374c56b0e927b419ce206adf35821e74a8dfc90356b',
].map((box) => Array.from(box, (digit) => parseInt(digit, 16)));

type Bits = readonly number[];

const chosen = (bits: Bits, table: Bits): number[] =>
  table.map((place) => bits[place - 1] as number);

function toBits(bytes: Uint8Array): number[] {
  return Array.from(bytes).flatMap((byte) =>
    [7, 6, 5, 4, 3, 2, 1, 0].map((by) => (byte >> by) & 1),
  );
}

/** One block of 8 bytes, decrypted under a key of 8 bytes. */
export function desDecrypt(key: Uint8Array, block: Uint8Array): Uint8Array {
  return crypted(schedule(key).reverse(), block);
}

/**
 * Triple DES in cipher block chaining (SP 800-67) under a key of 24 bytes, undone, its padding taken off; undefined
 * where that is off.
 */
export function tripleDesUnchain(
  key: Uint8Array,
  start: Uint8Array,
  bytes: Uint8Array,
): Uint8Array | undefined {
  const [first = [], second = [], third = []] = [0, 8, 16].map((at) =>
    schedule(key.subarray(at, at + 8)),
  );
  const steps = [third.reverse(), second, first.reverse()];
  const decrypt = (block: Uint8Array): Uint8Array =>
    steps.reduce((half, keys) => crypted(keys, half), block);
  return unchained(8, decrypt, start, bytes);
}

/** One block through all rounds, with their keys in order; in reverse order that decrypts. */
function crypted(keys: readonly Bits[], block: Uint8Array): Uint8Array {
  const start = chosen(toBits(block), INITIAL);
  let [left, right] = [start.slice(0, 32), start.slice(32)];
  for (const round of keys) {
    const mixed = substituted(chosen(right, EXPANSION).map((bit, i) => bit ^ (round[i] as number)));
    const next = chosen(mixed, PERMUTATION).map((bit, i) => bit ^ (left[i] as number));
    [left, right] = [right, next];
  }
  const bits = chosen([...right, ...left], FINAL);
  return Uint8Array.from({ length: 8 }, (_, i) =>
    bits.slice(8 * i, 8 * i + 8).reduce((byte, bit) => byte * 2 + bit, 0),
  );
}

function schedule(key: Uint8Array): number[][] {
  let bits = chosen(toBits(key), CHOICE_1);
  return SHIFTS.map((by) => {
    const [c, d] = [bits.slice(0, 28), bits.slice(28)];
    bits = [...c.slice(by), ...c.slice(0, by), ...d.slice(by), ...d.slice(0, by)];
    return chosen(bits, CHOICE_2);
  });
}

function substituted(bits: Bits): number[] {
  return BOXES.flatMap((box, i) => {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = bits.slice(6 * i, 6 * i + 6);
    const value = box[(2 * a + f) * 16 + 8 * b + 4 * c + 2 * d + e] as number;
    return [3, 2, 1, 0].map((by) => (value >> by) & 1);
  });
}
