/** age's identities (age-encryption.org/v1) and WireGuard's private keys: 32 bytes each, and the public key that follows from them. */
import { decodeBase64, encodeBase64 } from '../facts/encodings.ts';
import { FactsBuilder, type TokenFacts } from '../facts/token-facts.ts';
import { curvePublic } from './edwards-curves.ts';

const CHARSET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'; // BIP 173
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** An age identity: its recipient, which is what others encrypt to. */
export function readAge(value: string): TokenFacts | undefined {
  if (!/^AGE-SECRET-KEY-1[A-Z0-9]{58}$/.test(value)) return undefined;
  const secret = decodeBech32(value.toLowerCase());
  const recipient = secret && curvePublic('X25519', secret);
  if (!recipient) return undefined;
  const told = new FactsBuilder().fact('recipient', encodeBech32('age', recipient));
  return told.because('its checksum is right').proven();
}

/** A WireGuard private key: 32 bytes that are clamped as the curve wants them, and its public key. */
export function readWireguard(value: string): TokenFacts | undefined {
  const bytes = /^[A-Za-z0-9+/]{43}=$/.test(value) ? decodeBase64(value) : undefined;
  if (!bytes || ((bytes[0] as number) & 7) !== 0 || (bytes[31] as number) >> 6 !== 1)
    return undefined;
  const key = curvePublic('X25519', bytes);
  return key && new FactsBuilder().fact('public key', `${encodeBase64(key)}=`);
}

/** The data of a bech32 text whose checksum is right. */
function decodeBech32(text: string): Uint8Array | undefined {
  const at = text.lastIndexOf('1');
  const words = Array.from(text.slice(at + 1), (letter) => CHARSET.indexOf(letter));
  if (words.includes(-1) || polymod([...expanded(text.slice(0, at)), ...words]) !== 1)
    return undefined;
  return Uint8Array.from(regroup(words.slice(0, -6), 5, 8, false));
}

function encodeBech32(prefix: string, bytes: Uint8Array): string {
  const words = regroup(Array.from(bytes), 8, 5, true);
  const sum = polymod([...expanded(prefix), ...words, 0, 0, 0, 0, 0, 0]) ^ 1;
  const check = Array.from({ length: 6 }, (_, i) => (sum >>> (5 * (5 - i))) & 31);
  return `${prefix}1${[...words, ...check].map((word) => CHARSET[word] as string).join('')}`;
}

function expanded(prefix: string): number[] {
  const codes = Array.from(prefix, (letter) => letter.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

function polymod(values: readonly number[]): number {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    GENERATORS.forEach((generator, i) => {
      if ((top >> i) & 1) sum ^= generator;
    });
  }
  return sum >>> 0;
}

function regroup(words: readonly number[], from: number, to: number, pad: boolean): number[] {
  const out: number[] = [];
  let held = 0;
  let bits = 0;
  for (const word of words) {
    held = ((held << from) | word) & 0xfff;
    bits += from;
    while (bits >= to) {
      bits -= to;
      out.push((held >>> bits) & ((1 << to) - 1));
    }
  }
  if (pad && bits > 0) out.push((held << (to - bits)) & ((1 << to) - 1));
  return out;
}
