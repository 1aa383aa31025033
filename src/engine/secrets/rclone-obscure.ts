/**
 * Undoes rclone's `obscure`: AES-256 in counter mode under a key that is part of rclone's source, the first
 * 16 bytes being the counter's start, in base64url. AES after FIPS 197; only encryption of a block is needed.
 */
import { bytesText } from '../python/values.ts';

/** rclone's own key, the same everywhere: fs/config/obscure/obscure.go. */
const KEY = [
  0x9c935b48, 0x730a554d, 0x6bfd7c63, 0xc886a92b, 0xd390198e, 0xb8128afb, 0xf4de162b, 0x8b95f638,
];
const ROUNDS = 14;
const BLOCK = 16;
const LONGEST = 1024;

/** Doubles in the field of AES. */
const double = (a: number): number => ((a << 1) ^ (a & 0x80 ? 0x11b : 0)) & 0xff;

const SBOX = sbox();

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

function schedule(): Uint8Array {
  const words = [...KEY];
  let round = 1;
  for (let i = 8; i < 4 * (ROUNDS + 1); i++) {
    let word = words[i - 1] as number;
    if (i % 8 === 0) {
      word = substituted((word << 8) | (word >>> 24)) ^ (round << 24);
      round = double(round);
    } else if (i % 8 === 4) word = substituted(word);
    words.push((words[i - 8] as number) ^ word);
  }
  return new Uint8Array(words.flatMap((word) => [word >>> 24, word >>> 16, word >>> 8, word]));
}

let keys: Uint8Array | undefined;

/** One block, encrypted. */
function encrypted(block: Uint8Array): Uint8Array {
  keys ??= schedule();
  let state = block.map((byte, i) => byte ^ ((keys as Uint8Array)[i] as number));
  for (let round = 1; round <= ROUNDS; round++) {
    const next = new Uint8Array(BLOCK);
    for (let column = 0; column < 4; column++) {
      const [a, b, c, d] = [0, 1, 2, 3].map(
        (row) => SBOX[state[((column + row) % 4) * 4 + row] as number] as number,
      ) as [number, number, number, number];
      const all = a ^ b ^ c ^ d;
      const mixed =
        round === ROUNDS
          ? [a, b, c, d]
          : [
              a ^ all ^ double(a ^ b),
              b ^ all ^ double(b ^ c),
              c ^ all ^ double(c ^ d),
              d ^ all ^ double(d ^ a),
            ];
      next.set(mixed, column * 4);
    }
    state = next.map((byte, i) => byte ^ ((keys as Uint8Array)[round * BLOCK + i] as number));
  }
  return state;
}

/** The password in an obscured value; undefined where it holds no text. */
export function revealed(obscured: string): string | undefined {
  if (obscured.length > LONGEST || !/^[\w-]{22,}$/.test(obscured)) return undefined;
  let bytes: Uint8Array;
  try {
    const binary = atob(obscured.replaceAll('-', '+').replaceAll('_', '/'));
    bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
  const counter = bytes.slice(0, BLOCK);
  const plain = bytes.slice(BLOCK);
  if (plain.length === 0) return undefined;
  for (let at = 0; at < plain.length; at += BLOCK) {
    const stream = encrypted(counter);
    for (let i = 0; i < BLOCK && at + i < plain.length; i++)
      plain[at + i] = (plain[at + i] as number) ^ (stream[i] as number);
    for (let i = BLOCK - 1; i >= 0; i--) {
      counter[i] = ((counter[i] as number) + 1) & 0xff;
      if (counter[i] !== 0) break;
    }
  }
  const text = bytesText(plain);
  return /^[\x20-\x7e\u00a1-\uffef]+$/.test(text) ? text : undefined;
}
