/** Text written in the escapes of a string literal: `\x67\x68\x70`, `\u0067`, as JavaScript, Python, Java and JSON read them. */
import { charactersOf } from '../archive/plain-text.ts';
import type { Decoded } from './encoded-text.ts';
import type { Trigger } from './prefilter.ts';

const LONGEST = 4096; // bytes of a stretch, to either side
const SHORTEST = 16; // characters that it stands for

/** Whether a byte may stand in a token: letters, digits, and the signs that tokens have. */
export function isTokenByte(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x5f ||
    byte === 0x2d ||
    byte === 0x2e ||
    byte === 0x2b ||
    byte === 0x2f
  );
}

/** Literals by which escapes of tokens are found. One `\x41` alone is not among them: it is in every table. */
export function escapeTriggers(): Omit<Trigger<never>, 'target'>[] {
  const codes = Array.from({ length: 0x7b }, (_, code) => code).filter(isTokenByte);
  const hex = [...new Set(codes.flatMap((code) => bothCases(code.toString(16))))];
  return [
    ...hex.map((code) => ({ text: `\\x${code}`, exactCase: true, after: '\\' })),
    ...['2', '3', '4', '5', '6', '7'].map((digit) => ({ text: `\\u00${digit}`, exactCase: true })),
  ];
}

function bothCases(hex: string): string[] {
  return [hex, hex.toUpperCase()];
}

const ESCAPE = /\\{1,2}(?:x([0-9a-fA-F]{2})|u00([0-9a-fA-F]{2}))/g;

/** Decodes the stretch of token characters and escapes around `at`; undefined where it stands for no token. */
export function decodeEscapes(bytes: Uint8Array, at: number): Decoded | undefined {
  if (bytes[at + 1] === 0x75 && !isTokenByte(hexByte(bytes, at + 4))) return undefined;
  let start = at;
  while (start > 0 && at - start < LONGEST && isStretch(bytes[start - 1] as number)) start--;
  let end = at;
  while (end < bytes.length && end - at < LONGEST && isStretch(bytes[end] as number)) end++;
  const text = charactersOf(bytes, start, end);
  const plain = text.replace(ESCAPE, (_, x?: string, u?: string) =>
    String.fromCharCode(parseInt(x ?? u ?? '0', 16)),
  );
  if (plain.length < SHORTEST) return undefined;
  const out = Uint8Array.from(plain, (character) => character.charCodeAt(0));
  return { start, end, bytes: out, encoding: 'escapes' };
}

function isStretch(byte: number): boolean {
  return byte === 0x5c || isTokenByte(byte);
}

function hexByte(bytes: Uint8Array, at: number): number {
  return parseInt(charactersOf(bytes, at, at + 2), 16);
}
