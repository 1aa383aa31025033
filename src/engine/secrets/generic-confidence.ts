/**
 * How sure it is that a value is a secret of which only its name or its place tells. The scale, the same in
 * every carrier: an environment variable, a file of settings, a state of Terraform, bytecode.
 *
 * | what the value is    | its name says so | its file's or URL's own syntax says so |
 * |----------------------|------------------|----------------------------------------|
 * | drawn at random      | high             | high                                   |
 * | letters and digits   | medium           | high                                   |
 * | words, or digits     | low              | medium                                 |
 * | UUIDs, 16 hex digits | low              | medium                                 |
 *
 * `certain` is never given here: it takes a checksum or a structure that proves the value.
 */
import { characterClasses } from './entropy.ts';
import type { Confidence } from './finding.ts';
import { lettersInWords } from './letter-token.ts';
import { isShortHex, isUuid } from './not-secrets.ts';

/** What is known of a value when it is decided how sure it is. */
export interface Believed {
  value: string;
  /** It looks drawn at random. */
  random: boolean;
  /** The syntax of the file, the command or the URL says that this is a secret; no name has to. */
  told: boolean;
}

const MOST_IN_WORDS = 0.6; // of the characters of what is drawn at random
const LEAST_NUMBERS = 3; // in it, where it is not known by its letters
const STEPS: readonly Confidence[] = ['low', 'medium', 'high'];

/** The confidence on that scale. */
export function confidenceOf({ value, random, told }: Believed): Confidence {
  const named = isUuid(value) || isShortHex(value);
  const form = named ? 0 : random && isWordless(value) ? 2 : isFormed(value) ? 1 : 0;
  const step = form + (told ? 1 : 0);
  return STEPS[Math.min(2, step)] as Confidence;
}

/**
 * Whether what looks random is no pair of words with a number behind them, which has as many changes of case and
 * digits as a short token.
 */
export function isWordless(value: string): boolean {
  const numbers = value.match(/\d+/g)?.length ?? 0;
  return numbers >= LEAST_NUMBERS || lettersInWords(value) < value.length * MOST_IN_WORDS;
}

/** Mixed as passwords are: more than words, less than drawn at random. */
function isFormed(value: string): boolean {
  return value.length >= 6 && /\d/.test(value) && characterClasses(value) >= 2;
}
