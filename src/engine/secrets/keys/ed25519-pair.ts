/** Pairs of Ed25519 keys as Solana's programs write them: 32 secret bytes and the 32 of the public key, as numbers or in base58. */
import { decodeBase58, encodeBase58 } from '../base-encodings.ts';
import { curvePublic } from './edwards-curves.ts';

const NUMBERS = /^\s{0,8}\[\s{0,16}\d{1,3}(?:\s{0,16},\s{0,16}\d{1,3}){63}\s{0,16}\]\s{0,8}$/;
const BASE58 = /^[1-9A-HJ-NP-Za-km-z]{86,88}$/;

/** The address (the public key in base58), where both halves belong together: that proves the pair. */
export function readEd25519Pair(text: string): string | undefined {
  let bytes: Uint8Array | undefined;
  if (BASE58.test(text)) bytes = decodeBase58(text);
  else if (NUMBERS.test(text)) bytes = Uint8Array.from(text.match(/\d+/g) ?? [], Number);
  if (bytes?.length !== 64) return undefined;
  const open = bytes.subarray(32);
  const made = curvePublic('Ed25519', bytes.subarray(0, 32));
  return made?.every((byte, i) => byte === open[i]) ? encodeBase58(open) : undefined;
}
