/** How random a value looks. */
import { lettersInWords } from './letter-token.ts';
import { readsLikeWords } from './placeholders.ts';

/** Shannon entropy in bits per character of the value's own distribution. */
export function entropy(value: string): number {
  const counts = new Map<number, number>();
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  let bits = 0;
  for (const count of counts.values()) {
    const share = count / value.length;
    bits -= share * Math.log2(share);
  }
  return bits;
}

/** How many of the four classes of characters occur: lower, upper, digits, signs. */
export function characterClasses(value: string): number {
  return (
    Number(/[a-z]/.test(value)) +
    Number(/[A-Z]/.test(value)) +
    Number(/\d/.test(value)) +
    Number(/[^A-Za-z0-9]/.test(value))
  );
}

const LONG = 32;

/**
 * Whether a value looks drawn at random: enough different characters for its length, and letters and
 * digits mixed, which words and identifiers are not.
 */
export function looksRandom(value: string): boolean {
  if (value.length < 16) return false;
  const digits = (value.match(/\d/g) ?? []).length;
  if (/^[0-9a-f]+$/i.test(value)) return digits > 0 && digits < value.length && entropy(value) >= 3;
  if (/^\d+$/.test(value)) return false;
  if (entropy(value) < 3.2) return false;
  if (isWordlessMix(value)) return true;
  if (digits >= 2) {
    const switches = value.match(/[a-z][A-Z0-9]|[A-Z0-9][a-z]|\d[A-Z]|[A-Z]\d/g)?.length ?? 0;
    return switches >= value.length / 8;
  }
  // Without digits it takes letters of both cases in no order that a name would have.
  const pairs = value.match(/[a-z][A-Z0-9]|[A-Z0-9][a-z]/g)?.length ?? 0;
  if (pairs >= value.length / 3) return true;
  const switches = value.match(/[a-z](?=[A-Z])|[A-Z](?=[a-z])/g)?.length ?? 0;
  return value.length >= LONG && switches >= value.length / 3;
}

const MOST_OF_WORDLESS = 0.35; // of its letters, that could be words: one name in two thousand has so few

/** Whether letters of both cases, and digits, are in an order that hardly a word has. */
function isWordlessMix(value: string): boolean {
  if (!/^[A-Za-z0-9]+$/.test(value)) return false;
  const switches = value.match(/[a-z](?=[A-Z])|[A-Z](?=[a-z])/g)?.length ?? 0;
  if (switches < value.length / 5) return false;
  return lettersInWords(value) < value.length * MOST_OF_WORDLESS;
}

const SHORTEST_DRAWN = 20;

/** Whether a value is long enough, and looks random enough, to be a key whatever names it. */
export function isDrawn(value: string): boolean {
  return value.length >= SHORTEST_DRAWN && looksRandom(value);
}

export const LONG_OF_SIGNS = 48;
const LEAST_SIGNS = 6; // that differ
const MOST_IN_WORDS = 0.4; // of its characters, by chance

/** Whether a value is drawn from letters, digits and signs of all sorts, as WordPress draws its keys and salts. */
export function isDrawnOfSigns(value: string): boolean {
  return (
    value.length >= LONG_OF_SIGNS &&
    /\d/.test(value) &&
    new Set(value.replace(/\w/g, '')).size >= LEAST_SIGNS &&
    lettersInWords(value) < value.length * MOST_IN_WORDS
  );
}

const NO_NAME = 30; // characters, without a sign between them, that no name is made of

/** Whether a token's free part is drawn from its alphabet, rather than written as words. */
export function isDrawnBody(body: string): boolean {
  if (body.length < 12) return true;
  if (entropy(body) < 2.8) return false;
  if (body.length >= NO_NAME && /^[A-Za-z0-9]+$/.test(body)) return true;
  // Letters in capitals without a space are seldom words, though they may have vowels where words do.
  if (/^[A-Z]{16}$/.test(body)) return !/YOUR|ACCESS|SECRET|TOKEN|KEY/.test(body);
  if (readsLikeWords(body)) return false;
  // Letters of one case may come without a digit among them.
  if (!/[a-z]/.test(body)) return true;
  const switches = body.match(/[a-z][A-Z0-9]|[A-Z0-9][a-z]|\d[A-Z]|[A-Z]\d/g)?.length ?? 0;
  return switches >= body.length / 10;
}
