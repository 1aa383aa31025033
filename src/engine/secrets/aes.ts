/** AES (FIPS 197) with keys of 128, 192 and 256 bits, and the modes in which programs store passwords (SP 800-38A, 38D). */
import { unchained, unpadded } from './block-chaining.ts';

const BLOCK = 16;

/** Doubles in the field of AES. */
const double = (a: number): number => ((a << 1) ^ (a & 0x80 ? 0x11b : 0)) & 0xff;

const SBOX = sbox();
const INVERSE = Uint8Array.from({ length: 256 }, (_, byte) => SBOX.indexOf(byte));

function sbox(): Uint8Array {
  const box = new Uint8Array(256);
  let p = 1;
  let q = 1; // always the inverse of p
  do {
    p = p ^ double(p);
    q ^= q << 1;
    q ^= q << 2;
    q = (q ^ (q << 4)) & 0xff;
    if (q & 0x80) q ^= 0x09;
    const turned = q ^ turn(q, 1) ^ turn(q, 2) ^ turn(q, 3) ^ turn(q, 4);
    box[p] = turned ^ 0x63;
  } while (p !== 1);
  box[0] = 0x63;
  return box;
}

function turn(byte: number, by: number): number {
  return ((byte << by) | (byte >> (8 - by))) & 0xff;
}

function substituted(word: number): number {
  const at = (shift: number): number => (SBOX[(word >>> shift) & 0xff] as number) << shift;
  return at(24) | at(16) | at(8) | at(0);
}

/** The cipher under one key. Not constant in time: there is nobody to hide from. */
export class Aes {
  readonly #keys: Uint8Array;
  readonly #rounds: number;

  /** `key` is of 16, 24 or 32 bytes. */
  constructor(key: Uint8Array) {
    const words = key.length / 4;
    this.#rounds = words + 6;
    const schedule = Array.from({ length: words }, (_, i) =>
      key.subarray(4 * i, 4 * i + 4).reduce((word, byte) => (word << 8) | byte, 0),
    );
    let round = 1;
    for (let i = words; i < 4 * (this.#rounds + 1); i++) {
      let word = schedule[i - 1] as number;
      if (i % words === 0) {
        word = substituted((word << 8) | (word >>> 24)) ^ (round << 24);
        round = double(round);
      } else if (words > 6 && i % words === 4) word = substituted(word);
      schedule.push((schedule[i - words] as number) ^ word);
    }
    this.#keys = new Uint8Array(
      schedule.flatMap((word) => [word >>> 24, word >>> 16, word >>> 8, word]),
    );
  }

  /** One block of 16 bytes, encrypted. */
  encrypt(block: Uint8Array): Uint8Array {
    let state = this.#keyed(block, 0);
    for (let round = 1; round <= this.#rounds; round++) {
      const next = new Uint8Array(BLOCK);
      for (let at = 0; at < BLOCK; at++)
        next[at] = SBOX[state[(at + 4 * (at % 4)) % BLOCK] as number] as number;
      state = this.#keyed(round === this.#rounds ? next : mixed(next), round);
    }
    return state;
  }

  /** One block of 16 bytes, decrypted. */
  decrypt(block: Uint8Array): Uint8Array {
    let state = this.#keyed(block, this.#rounds);
    for (let round = this.#rounds - 1; round >= 0; round--) {
      const next = new Uint8Array(BLOCK);
      for (let at = 0; at < BLOCK; at++)
        next[(at + 4 * (at % 4)) % BLOCK] = INVERSE[state[at] as number] as number;
      state = this.#keyed(next, round);
      // Mixing four times is the identity, so that three undo one.
      if (round > 0) state = mixed(mixed(mixed(state)));
    }
    return state;
  }

  #keyed(state: Uint8Array, round: number): Uint8Array {
    return state.map((byte, i) => byte ^ (this.#keys[round * BLOCK + i] as number));
  }
}

function mixed(state: Uint8Array): Uint8Array {
  const out = new Uint8Array(BLOCK);
  for (let at = 0; at < BLOCK; at += 4) {
    const [a = 0, b = 0, c = 0, d = 0] = state.subarray(at, at + 4);
    const all = a ^ b ^ c ^ d;
    out[at] = a ^ all ^ double(a ^ b);
    out[at + 1] = b ^ all ^ double(b ^ c);
    out[at + 2] = c ^ all ^ double(c ^ d);
    out[at + 3] = d ^ all ^ double(d ^ a);
  }
  return out;
}

/** Counter mode from `counter` on, of which the last `width` bytes count; its own inverse. */
export function aesCounter(
  aes: Aes,
  counter: Uint8Array,
  bytes: Uint8Array,
  width = BLOCK,
): Uint8Array {
  const next = counter.slice();
  const out = bytes.slice();
  for (let at = 0; at < out.length; at += BLOCK) {
    const stream = aes.encrypt(next);
    for (let i = 0; i < BLOCK && at + i < out.length; i++)
      out[at + i] = (out[at + i] as number) ^ (stream[i] as number);
    for (let i = BLOCK - 1; i >= BLOCK - width; i--) {
      next[i] = ((next[i] as number) + 1) & 0xff;
      if (next[i] !== 0) break;
    }
  }
  return out;
}

/** Cipher block chaining, undone, its padding taken off; undefined where that is off. */
export function aesUnchain(aes: Aes, start: Uint8Array, bytes: Uint8Array): Uint8Array | undefined {
  return unchained(BLOCK, (block) => aes.decrypt(block), start, bytes);
}

/** Block by block, undone, its padding taken off; undefined where that is off. */
export function aesBlocks(aes: Aes, bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length === 0 || bytes.length % BLOCK !== 0) return undefined;
  const out = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at += BLOCK)
    out.set(aes.decrypt(bytes.subarray(at, at + BLOCK)), at);
  return unpadded(BLOCK, out);
}

/**
 * Galois/counter mode, undone: `nonce` of any length but 12 bytes, a tag of 16 bytes behind the text. Undefined
 * where the tag is wrong.
 */
export function aesGcm(
  aes: Aes,
  nonce: Uint8Array,
  sealed: Uint8Array,
  additional: Uint8Array,
): Uint8Array | undefined {
  if (sealed.length < BLOCK || nonce.length === 12) return undefined;
  const subkey = toNumber(aes.encrypt(new Uint8Array(BLOCK)));
  const text = sealed.subarray(0, -BLOCK);
  const first = ghash(subkey, new Uint8Array(0), nonce);
  const sum = ghash(subkey, additional, text);
  const mask = aes.encrypt(first);
  const tag = sealed.subarray(-BLOCK);
  if (!tag.every((byte, i) => byte === ((sum[i] as number) ^ (mask[i] as number))))
    return undefined;
  const counter = first.slice();
  for (let i = BLOCK - 1; i >= BLOCK - 4; i--) {
    counter[i] = ((counter[i] as number) + 1) & 0xff;
    if (counter[i] !== 0) break;
  }
  return aesCounter(aes, counter, text, 4);
}

const REDUCTION = 0xe1n << 120n;

/** The sum of SP 800-38D over two texts and their lengths in bits. */
function ghash(subkey: bigint, additional: Uint8Array, text: Uint8Array): Uint8Array {
  const lengths = new Uint8Array(BLOCK);
  const view = new DataView(lengths.buffer);
  view.setUint32(4, additional.length * 8);
  view.setUint32(12, text.length * 8);
  let sum = 0n;
  for (const part of [additional, text, lengths]) {
    for (let at = 0; at < part.length; at += BLOCK) {
      const block = new Uint8Array(BLOCK);
      block.set(part.subarray(at, at + BLOCK));
      sum = product(sum ^ toNumber(block), subkey);
    }
  }
  return Uint8Array.from({ length: BLOCK }, (_, i) => Number((sum >> BigInt(120 - 8 * i)) & 0xffn));
}

function product(a: bigint, b: bigint): bigint {
  let sum = 0n;
  let factor = b;
  for (let bit = 127n; bit >= 0n; bit--) {
    if ((a >> bit) & 1n) sum ^= factor;
    factor = factor & 1n ? (factor >> 1n) ^ REDUCTION : factor >> 1n;
  }
  return sum;
}

function toNumber(bytes: Uint8Array): bigint {
  return bytes.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
}
