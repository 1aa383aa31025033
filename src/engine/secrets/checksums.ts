/** Checksums that token formats carry, so that a real one can be told from a made-up one offline. */
import { crc32 } from '../archive/crc32.ts';
import { Sha256 } from '../archive/sha256.ts';
import { baseDigits } from './base-encodings.ts';

/** Names of the checksums, as format rows refer to them. */
export type ChecksumName =
  | 'crc32-base62'
  | 'crc32-hex'
  | 'crc32-hex-little-endian'
  | 'crc32-HEX-all'
  | 'crc32-base64'
  | 'crc32-base36-all'
  | 'sha256-base32';

const ENCODER = new TextEncoder();
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * What must follow `body`, all of the token before its checksum; `literal` is the format's fixed start.
 * Each was confirmed against tokens that the providers' own documentation publishes.
 */
export function checksumOf(check: ChecksumName, body: string, literal: string): string {
  const afterLiteral = body.slice(literal.length);
  switch (check) {
    case 'crc32-base62':
      return baseDigits(crc32(ENCODER.encode(afterLiteral)), BASE62).padStart(6, '0');
    case 'crc32-hex':
      // Zuplo has an underscore before the sum, which is not summed.
      return hex(crc32(ENCODER.encode(afterLiteral.replace(/_$/, ''))));
    case 'crc32-hex-little-endian':
      // Grafana sums the token without its last underscore.
      return hex(swap(crc32(ENCODER.encode(body.replace(/_$/, '')))));
    case 'crc32-HEX-all':
      return hex(crc32(ENCODER.encode(body))).toUpperCase();
    case 'crc32-base64': {
      const value = swap(crc32(ENCODER.encode(afterLiteral)));
      const bytes = [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
      return btoa(String.fromCharCode(...bytes)).slice(0, 6);
    }
    case 'crc32-base36-all':
      return crc32(ENCODER.encode(body)).toString(36).padStart(7, '0');
    case 'sha256-base32': {
      const digest = new Sha256().update(ENCODER.encode(body)).digest();
      // 40 bits are eight digits.
      const bits = digest.slice(0, 5).reduce((value, byte) => value * 256 + byte, 0);
      return baseDigits(bits, BASE32).padStart(8, 'A');
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
