/**
 * Values that everybody has seen: those of the OAuth and HTTP authentication standards (RFC 2617, 5849, 6749,
 * 6750), of providers' manuals, of Oracle's first database and of wallets' test networks. Known by their CRC-32, so that none stands here.
 */
import { crc32 } from '../archive/crc32.ts';

const EXAMPLES = new Set([
  0x00a04dfa, 0x07931460, 0x0f945a27, 0x0fc657b9, 0x146e0aa1, 0x1bbf5538, 0x269d4cea, 0x2bdd531a,
  0x421558d5, 0x43bab07e, 0x494bda51, 0x5809ab0c, 0x67475bcc, 0x6af2cb86, 0x7089d761, 0x758f5e45,
  0x76c23ba3, 0x779eb5f1, 0x7a77589d, 0x80f5baf0, 0x9e49269d, 0xa8b108b3, 0xbcd80667, 0xd43b7b44,
  0xd75ab5af, 0xe0318833,
]);
const LONGEST = 256;
const ENCODER = new TextEncoder();
const BYTES = new Uint8Array(3 * LONGEST);

/** Whether a value is an example out of a published text. */
export function isKnownExample(value: string): boolean {
  if (value.length > LONGEST) return false;
  const { written } = ENCODER.encodeInto(value, BYTES);
  return EXAMPLES.has(crc32(BYTES.subarray(0, written)));
}
