/** Numbers, lengths and texts as marshal writes them (CPython's Python/marshal.c), read one after the other. */
import { asciiText, charactersOf } from '../archive/plain-text.ts';
import { PyBytes, UNKNOWN, type Value } from './values.ts';

/** Damage in the data: what is read ends early, or claims what cannot be. */
export class MarshalError extends Error {}

const MAX_LONG_DIGITS = 4096; // 15 bits each: past that nobody needs the number itself
const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Reads from `at` on. Every method throws a `MarshalError` where the data end early. */
export class MarshalInput {
  protected readonly bytes: Uint8Array;
  /** Offset of what is read next. */
  protected at: number;

  constructor(bytes: Uint8Array, start: number) {
    this.bytes = bytes;
    this.at = start;
  }

  protected take(length: number): number {
    const at = this.at;
    if (length > this.bytes.length - at) throw new MarshalError('the data end early');
    this.at = at + length;
    return at;
  }

  protected view(length: number): DataView {
    const at = this.take(length);
    return new DataView(this.bytes.buffer, this.bytes.byteOffset + at, length);
  }

  byte(): number {
    if (this.at >= this.bytes.length) throw new MarshalError('the data end early');
    return this.bytes[this.at++] as number;
  }

  int16(): number {
    const at = this.take(2);
    const bytes = this.bytes;
    return (((bytes[at] as number) | ((bytes[at + 1] as number) << 8)) << 16) >> 16;
  }

  int32(): number {
    const at = this.take(4);
    const bytes = this.bytes;
    return (
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)
    );
  }

  /** A count or length; every item has at least one byte, so more than what is left is damage. */
  count(): number {
    const count = this.int32();
    if (count < 0 || count > this.bytes.length - this.at) {
      throw new MarshalError(`impossible length ${count}`);
    }
    return count;
  }

  sized(length: number): PyBytes {
    const at = this.take(length);
    return new PyBytes(this.bytes, at, at + length);
  }

  ascii(length: number): string {
    const at = this.take(length);
    const end = at + length;
    return asciiText(this.bytes, at, end) ?? charactersOf(this.bytes, at, end);
  }

  utf8(length: number): string {
    const at = this.take(length);
    const end = at + length;
    return asciiText(this.bytes, at, end) ?? utf8(this.bytes.subarray(at, end));
  }

  numberText(): number {
    return Number(this.ascii(this.byte()));
  }

  long(): Value {
    const signed = this.int32();
    const digits = Math.abs(signed);
    const at = this.take(digits * 2);
    if (digits > MAX_LONG_DIGITS) return UNKNOWN;
    // Digits of 15 bits, least first; as bits they are one number in base 2.
    let bits = '';
    for (let i = digits - 1; i >= 0; i--) {
      const digit =
        (this.bytes[at + i * 2] as number) | ((this.bytes[at + i * 2 + 1] as number) << 8);
      bits += (digit & 0x7fff).toString(2).padStart(15, '0');
    }
    const value = bits === '' ? 0n : BigInt(`0b${bits}`);
    return narrow(signed < 0 ? -value : value);
  }

  int64(): Value {
    return narrow(this.view(8).getBigInt64(0, true));
  }

  double(): number {
    return this.view(8).getFloat64(0, true);
  }
}

function narrow(value: bigint): Value {
  return value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : value;
}

/** UTF-8 as Python writes it: lone surrogates are allowed and kept. */
function utf8(bytes: Uint8Array): string {
  return bytes.includes(0xed) ? withSurrogates(bytes) : UTF8.decode(bytes);
}

function withSurrogates(bytes: Uint8Array): string {
  let text = '';
  let from = 0;
  for (let i = 0; i + 2 < bytes.length; i++) {
    if (bytes[i] !== 0xed || ((bytes[i + 1] as number) & 0xe0) !== 0xa0) continue;
    text += UTF8.decode(bytes.subarray(from, i));
    text += String.fromCharCode(
      0xd000 | (((bytes[i + 1] as number) & 0x3f) << 6) | ((bytes[i + 2] as number) & 0x3f),
    );
    i += 2;
    from = i + 1;
  }
  return text + UTF8.decode(bytes.subarray(from));
}
