/** Checksums that token formats carry, so that a real one can be told from a made-up one offline. */
import { crc32 } from '../archive/crc32.ts';

/** Names of the checks, as format rows refer to them. */
export type CheckName =
  'crc32-base62' | 'crc32-hex' | 'crc32-hex-little-endian' | 'crc32-HEX-all' | 'crc32-base64';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ENCODER = new TextEncoder();

/**
 * What the last characters of `token` must be, given all before them; `literal` is the format's fixed
 * start. Each was confirmed against tokens that the providers' own documentation publishes.
 */
export function checksumOf(check: CheckName, body: string, literal: string): string {
  const afterLiteral = body.slice(literal.length);
  switch (check) {
    case 'crc32-base62': {
      let value = crc32(ENCODER.encode(afterLiteral));
      let text = '';
      for (let i = 0; i < 6; i++) {
        text = (BASE62[value % 62] as string) + text;
        value = Math.floor(value / 62);
      }
      return text;
    }
    case 'crc32-hex':
      return hex(crc32(ENCODER.encode(afterLiteral)));
    case 'crc32-hex-little-endian': {
      // Grafana sums the token without its last underscore.
      const value = crc32(ENCODER.encode(body.replace(/_$/, '')));
      return hex(swap(value));
    }
    case 'crc32-HEX-all':
      return hex(crc32(ENCODER.encode(body))).toUpperCase();
    case 'crc32-base64': {
      const value = swap(crc32(ENCODER.encode(afterLiteral)));
      const bytes = [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
      return btoa(String.fromCharCode(...bytes)).slice(0, 6);
    }
  }
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}

function swap(value: number): number {
  return (
    (((value & 255) << 24) |
      ((value & 0xff00) << 8) |
      ((value >>> 8) & 0xff00) |
      (value >>> 24)) >>>
    0
  );
}
