/** Tokens and passwords of letters alone: told from names of things, which are made of words. */

const SHORTEST = 16;
const HUMP = /[A-Z]?[a-z]{2,}|[A-Z]{3,}(?![a-z])/g;
/** Share of the letters that may stand in what could be a word: names have nearly all there. */
const MOST_IN_WORDS = 0.6;
const LEAST_OF_A_CASE = 0.2;
const LEAST_SWITCHES = 0.3;

/** Whether a value is letters of both cases in an order that no name of 35,000 in real programs has. */
export function isLetterToken(value: string): boolean {
  if (value.length < SHORTEST || !/^[A-Za-z]+$/.test(value)) return false;
  const upper = value.replace(/[a-z]/g, '').length;
  const rarer = Math.min(upper, value.length - upper);
  const switches = value.match(/[a-z](?=[A-Z])|[A-Z](?=[a-z])/g)?.length ?? 0;
  if (rarer < value.length * LEAST_OF_A_CASE || switches < value.length * LEAST_SWITCHES)
    return false;
  return lettersInWords(value) < value.length * MOST_IN_WORDS;
}

const SHORTEST_PASSWORD = 10;
const MOST_IN_PASSWORD = 0.35;

/** Whether a value is too short for a token, and letters that are no word's: `QzVhTkwMxr`. */
export function isLetterPassword(value: string): boolean {
  if (!/^[A-Za-z]+$/.test(value) || value.length < SHORTEST_PASSWORD || value.length >= SHORTEST)
    return false;
  return lettersInWords(value) < value.length * MOST_IN_PASSWORD;
}

/** Whether a value is letters and digits that are no word's, in whatever order: what is set as a secret may be so. */
export function isWordlessToken(value: string): boolean {
  if (!/^[A-Za-z0-9]+$/.test(value) || value.length < SHORTEST || new Set(value).size < 8)
    return false;
  return lettersInWords(value) < value.length * MOST_IN_PASSWORD;
}

/** How many letters of a value stand in what could be a word. */
export function lettersInWords(value: string): number {
  let letters = 0;
  for (const [hump] of value.matchAll(HUMP)) {
    const word = hump.length >= 3 && /[aeiouy]/i.test(hump) && !/[^aeiouy]{4,}/i.test(hump);
    if (word) letters += hump.length;
  }
  return letters;
}
