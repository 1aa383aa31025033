/**
 * Undoes rclone's `obscure`: AES-256 in counter mode under a key that is part of rclone's source, the first
 * 16 bytes being the counter's start, in base64url.
 */
import { bytesText } from '../python/values.ts';
import { Aes, aesCounter } from './aes.ts';
import { decodeBase64 } from './facts/encodings.ts';

/** rclone's own key, the same everywhere: fs/config/obscure/obscure.go. */
const KEY = [
  0x9c935b48, 0x730a554d, 0x6bfd7c63, 0xc886a92b, 0xd390198e, 0xb8128afb, 0xf4de162b, 0x8b95f638,
];
const BLOCK = 16;
const LONGEST = 1024;

let aes: Aes | undefined;

/** The password in an obscured value; undefined where it holds no text. */
export function revealed(obscured: string): string | undefined {
  if (obscured.length > LONGEST || !/^[\w-]{22,}$/.test(obscured)) return undefined;
  const bytes = decodeBase64(obscured);
  if (!bytes || bytes.length <= BLOCK) return undefined;
  aes ??= new Aes(Uint8Array.from(KEY.flatMap((word) => [24, 16, 8, 0].map((by) => word >>> by))));
  const text = bytesText(aesCounter(aes, bytes.subarray(0, BLOCK), bytes.subarray(BLOCK)));
  return /^[\x20-\x7e\u00a1-\uffef]+$/.test(text) ? text : undefined;
}
