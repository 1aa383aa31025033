/** Recovery phrases of wallets (BIP 39): 12 to 24 words of a list, of which the last bits are the first of a SHA-256 over the others. */
import { Sha256 } from '../../archive/sha256.ts';
import { BIP39_PREFIXES } from './bip39-prefixes.ts';

const PHRASE = /^[a-z]{3,8}(?: [a-z]{3,8}){11,23}$/;
const BITS = 11; // of a word

let numbers: Map<string, number> | undefined;

function wordNumbers(): Map<string, number> {
  if (numbers) return numbers;
  numbers = new Map();
  let word = '`'; // before `a`
  for (const [rest] of BIP39_PREFIXES.matchAll(/[A-Z][a-z_]*/g)) {
    const at = 4 - rest.length;
    const letter = word.charCodeAt(at) + rest.charCodeAt(0) - 64;
    word = word.slice(0, at) + String.fromCharCode(letter) + rest.slice(1);
    numbers.set(word.replace('_', ''), numbers.size);
  }
  return numbers;
}

/** Whether a text has the look of a phrase: cheap, before any word is looked up. */
export function looksLikeMnemonic(text: string): boolean {
  return text.length >= 47 && text.length < 216 && PHRASE.test(text);
}

/** The phrase's words, where all are of the list and the checksum is right. */
export function readMnemonic(text: string): string[] | undefined {
  if (!looksLikeMnemonic(text)) return undefined;
  const words = text.split(' ');
  if (words.length % 3 !== 0) return undefined;
  const known = wordNumbers();
  let bits = '';
  for (const word of words) {
    const number = known.get(word.slice(0, 4));
    if (number === undefined) return undefined;
    bits += number.toString(2).padStart(BITS, '0');
  }
  const check = words.length / 3;
  const entropy = Uint8Array.from(bits.slice(0, -check).match(/.{8}/g) ?? [], (byte) =>
    parseInt(byte, 2),
  );
  const sum = (new Sha256().update(entropy).digest()[0] as number).toString(2).padStart(8, '0');
  return bits.endsWith(sum.slice(0, check)) ? words : undefined;
}
