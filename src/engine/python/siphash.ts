/** SipHash (Aumasson and Bernstein), as hash-based `.pyc` files carry it (PEP 552). */

const MASK = (1n << 64n) - 1n;

const rotate = (x: bigint, bits: bigint): bigint => ((x << bits) | (x >> (64n - bits))) & MASK;

/**
 * SipHash-1-3 (`rounds` 1, Python 3.11 and later) or SipHash-2-4 (`rounds` 2) of `bytes` with the key
 * (`key`, 0), as little-endian hex.
 */
export function siphash(rounds: 1 | 2, key: bigint, bytes: Uint8Array): string {
  let v0 = 0x736f6d6570736575n ^ key;
  let v1 = 0x646f72616e646f6dn;
  let v2 = 0x6c7967656e657261n ^ key;
  let v3 = 0x7465646279746573n;
  const round = (): void => {
    v0 = (v0 + v1) & MASK;
    v1 = rotate(v1, 13n) ^ v0;
    v0 = rotate(v0, 32n);
    v2 = (v2 + v3) & MASK;
    v3 = rotate(v3, 16n) ^ v2;
    v0 = (v0 + v3) & MASK;
    v3 = rotate(v3, 21n) ^ v0;
    v2 = (v2 + v1) & MASK;
    v1 = rotate(v1, 17n) ^ v2;
    v2 = rotate(v2, 32n);
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length - (bytes.length % 8);
  const mix = (word: bigint): void => {
    v3 ^= word;
    for (let i = 0; i < rounds; i++) round();
    v0 ^= word;
  };
  for (let at = 0; at < whole; at += 8) mix(view.getBigUint64(at, true));
  let last = BigInt(bytes.length & 255) << 56n;
  for (let i = whole; i < bytes.length; i++)
    last |= BigInt(bytes[i] as number) << BigInt(8 * (i - whole));
  mix(last);
  v2 ^= 0xffn;
  for (let i = 0; i < rounds + 2; i++) round();
  const hash = v0 ^ v1 ^ v2 ^ v3;
  let hex = '';
  for (let i = 0n; i < 8n; i++) hex += ((hash >> (8n * i)) & 255n).toString(16).padStart(2, '0');
  return hex;
}
