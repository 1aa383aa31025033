/** Arithmetic in prime fields, in plain integers: what public keys are worked out with. Not constant in time: there is nobody to hide from. */
import { toHex } from '../../archive/sha256.ts';

/** Multiplications left to this program: a hostile archive must not buy hours with kilobytes of keys. */
let left = 2000;

/** Whether one more key may be worked out; counts it. */
export function mayMultiply(): boolean {
  return left > 0 && left-- > 0;
}

/** The least non-negative rest. */
export function modulo(value: bigint, p: bigint): bigint {
  return ((value % p) + p) % p;
}

/** `base` to the power of `exponent`, which is not negative. */
export function power(base: bigint, exponent: bigint, p: bigint): bigint {
  let result = 1n;
  let square = modulo(base, p);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % p;
    square = (square * square) % p;
  }
  return result;
}

/** By the extended algorithm of Euclid; `p` is prime. */
export function invert(value: bigint, p: bigint): bigint {
  let [low, high] = [modulo(value, p), p];
  let [lowTimes, highTimes] = [1n, 0n];
  while (low > 1n) {
    const quotient = high / low;
    [low, high] = [high - quotient * low, low];
    [lowTimes, highTimes] = [highTimes - quotient * lowTimes, lowTimes];
  }
  return modulo(lowTimes, p);
}

/** Big-endian bytes as a number. */
export function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x0${toHex(bytes)}`);
}

/** Big-endian bytes of a number that fits. */
export function toBytes(value: bigint, size: number): Uint8Array {
  const hex = value.toString(16).padStart(size * 2, '0');
  return Uint8Array.from({ length: size }, (_, i) => parseInt(hex.slice(i * 2, i * 2 + 2), 16));
}
