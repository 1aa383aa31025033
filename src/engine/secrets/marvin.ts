/**
 * Microsoft's identifiable keys: a fixed word, and a Marvin32 checksum with a seed for each sort of key.
 * The seeds and layouts are published in Microsoft's security-utilities.
 */
import { baseDigits, decodeBase32 } from './base-encodings.ts';
import { decodeBase64 } from './facts/encodings.ts';
import { crc32 } from '../archive/crc32.ts';

const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by));

/** Marvin32 of `bytes`; the seed's halves as in the 64-bit seed's high and low word. */
export function marvin32(bytes: Uint8Array, high: number, low: number): number {
  let p0 = low | 0;
  let p1 = high | 0;
  const block = (word: number): void => {
    p0 = (p0 + word) | 0;
    p1 ^= p0;
    p0 = (rotate(p0, 20) + p1) | 0;
    p1 = rotate(p1, 9) ^ p0;
    p0 = (rotate(p0, 27) + p1) | 0;
    p1 = rotate(p1, 19);
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const whole = bytes.length & ~3;
  for (let at = 0; at < whole; at += 4) block(view.getInt32(at, true));
  let last = 0x80;
  for (let at = bytes.length - 1; at >= whole; at--) last = (last << 8) | (bytes[at] as number);
  block(last);
  block(0);
  return (p0 ^ p1) >>> 0;
}

/** With a seed that is written as eight ASCII characters, `Default0`. */
function seeded(bytes: Uint8Array, seed: string): number {
  const word = (text: string): number =>
    Array.from(text).reduce((value, character) => (value << 8) | character.charCodeAt(0), 0);
  return marvin32(bytes, word(seed.slice(0, 4)), word(seed.slice(4)));
}

/** Whether a base64 key's last four bytes are the checksum of all before, by any of the seeds. */
export function hasMarvinTail(key: string, seeds: readonly string[]): boolean {
  const bytes = decodeBase64(key);
  if (!bytes || bytes.length < 8) return false;
  const body = bytes.subarray(0, -4);
  const tail = new DataView(bytes.buffer).getUint32(bytes.length - 4, true);
  return seeds.some((seed) => seeded(body, seed) === tail);
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A common annotated security key of 84 or 88 characters: the sum of the first 80, in base62 or base64. */
export function isAnnotatedKey(key: string): boolean {
  const bytes = decodeBase64(key.slice(0, 80));
  if (!bytes || (key.length !== 84 && key.length !== 88)) return false;
  const sum = seeded(bytes, 'Default0');
  const little = [sum & 255, (sum >>> 8) & 255, (sum >>> 16) & 255, sum >>> 24];
  const tail = key.slice(80).replace(/=+$/, '');
  if (btoa(String.fromCharCode(...little)).startsWith(tail)) return true;
  const big = little.reduce((value, byte) => value * 256 + byte, 0);
  const digits = baseDigits(big, BASE62).padEnd(6, '0');
  // The last digit stands for two bits only, as base64 of four bytes has it.
  const last = decodeBase64(digits);
  return last !== undefined && btoa(String.fromCharCode(...last)).startsWith(tail);
}

const ENTRA = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~';

/** An Entra client secret ends in the first three digits of its checksum. */
export function isEntraSecret(secret: string): boolean {
  const sum = seeded(new TextEncoder().encode(secret.slice(0, -3)), 'AadPwd00');
  return baseDigits(sum, ENTRA).slice(0, 3) === secret.slice(-3);
}

const PAT_MASKS = [0xe0b9692d, 0x1019f92e]; // of a user's token, of an application's
const PAT_SUM = [22, 8, 7, 2]; // where the sum's bytes stand, lowest first

/** An Azure DevOps token of 52 base32 digits holds the CRC-32 of its other bytes. */
export function isDevOpsToken(token: string): boolean {
  const bytes = decodeBase32(token);
  if (bytes?.length !== 32) return false;
  const sum = crc32(bytes.filter((_, at) => !PAT_SUM.includes(at)));
  const held = PAT_SUM.reduceRight((value, at) => value * 256 + (bytes[at] as number), 0);
  return PAT_MASKS.some((mask) => (sum ^ mask) >>> 0 === held);
}
