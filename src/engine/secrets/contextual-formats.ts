/**
 * Finds the format of a value that has no shape of its own, by what names it. Hundreds of formats are
 * 32 hex digits: they are kept by length, and told apart by the words of the names.
 */
import { CONTEXTUAL, type Format } from './compiled-formats.ts';
import { entropy, looksRandom } from './entropy.ts';
import { lettersInWords } from './letter-token.ts';
import { isPublic, remembered, wordsOf } from './names.ts';

/** A format, and the name that speaks for it; no `near` where it is the value's own. */
export interface Contextual {
  format: Format;
  near: string | undefined;
}

const LONGEST = 4096;
/** A word of fewer letters is too common inside others. */
const LEAST_INSIDE = 6;

let byLength: (readonly Format[])[] | undefined;

function formatsOfLength(length: number): readonly Format[] {
  if (!byLength) {
    const lists: Format[][] = [];
    for (const format of CONTEXTUAL) {
      const { minLength, maxLength } = format.template;
      for (let n = minLength; n <= Math.min(maxLength, LONGEST); n++)
        (lists[n] ??= []).push(format);
    }
    byLength = lists;
  }
  return byLength[length] ?? [];
}

/** Whether a value has a form that some provider gives out, which a name must say. */
export function fitsProvider(value: string): boolean {
  return formatsOfLength(value.length).some(({ template }) => template.whole.test(value));
}

/** A name's words, singly and where two or three of them stand together. */
interface Names {
  text: string;
  words: ReadonlySet<string>;
  glued: string;
}

const MOST_NAMES = 2000; // remembered: of all values of a file the path and often the function are the same
const namesOf = remembered((text: string): Names => {
  const words = wordsOf(text);
  const all = new Set(words);
  for (let i = 0; i + 1 < words.length; i++) {
    const pair = `${words[i]}${words[i + 1]}`;
    all.add(pair);
    const third = words[i + 2];
    if (third !== undefined) all.add(pair + third);
  }
  return { text, words: all, glued: words.join('') };
}, MOST_NAMES);

/** Whether one of a format's words is named; those with `=` or `==` count only in the value's own name, or as all of it. */
function isNamed(context: readonly string[], names: Names, own: boolean): boolean {
  return context.some((word) => {
    if (word.startsWith('==')) return own && names.glued === word.slice(2);
    if (word.startsWith('=')) return own && names.words.has(word.slice(1));
    return names.words.has(word) || (word.length >= LEAST_INSIDE && names.glued.includes(word));
  });
}

const SHORT_BODY = 20;
/** Bits per character of a short one with digits, and of any whose form is all that it shows. */
const MIXED = 2.5;
const LEAST_ENTROPY = 2;
const MOST_NUMBERS = 1;
const MADE_OF_WORDS = 0.8;

/**
 * Whether a value's free part may have been drawn. Beside the provider's name it must look random; where the
 * value's own name says whose it is, its exact form is enough, unless it is made of words.
 */
export function mayBeDrawn(body: string, own: boolean): boolean {
  const words = isMadeOfWords(body);
  const digits = /\d/.test(body);
  if (words && !digits) return false;
  const mixed = digits && entropy(body) >= MIXED;
  if (body.length >= SHORT_BODY ? looksRandom(body) : mixed) return true;
  return own && !words && entropy(body) >= LEAST_ENTROPY;
}

/** Nearly all its letters stand in what could be words, with a number behind them or between. */
function isMadeOfWords(body: string): boolean {
  const numbers = body.match(/\d+/g)?.length ?? 0;
  const letters = body.replace(/[^A-Za-z]/g, '').length;
  return numbers <= MOST_NUMBERS && lettersInWords(body) >= letters * MADE_OF_WORDS;
}

let ends: readonly string[] | undefined;

/** Whether a name is one by which a row's values are known though it announces no secret: `CC_TEST_REPORTER_ID`. */
function namesRow(words: readonly string[]): boolean {
  ends ??= CONTEXTUAL.flatMap(({ row }) => row.names ?? []);
  const glued = words.join('');
  return ends.some((end) => glued.endsWith(end));
}

let providers: ReadonlySet<string> | undefined;

/**
 * Whether a name says no more than whose key it is: `SNYK_KEY`, `deepgram-key`, or a name that a row gives. Only a
 * value of a form that this provider gives out is then a secret.
 */
export function namesProviderKey(name: string): boolean {
  const words = wordsOf(name);
  if (namesRow(words)) return true;
  if (!/[_.-]key$/i.test(name)) return false;
  if (isPublic(words)) return false;
  providers ??= new Set(
    CONTEXTUAL.flatMap(({ row }) => row.context ?? []).map((word) => word.replace(/^=+/, '')),
  );
  const before = words.slice(-3, -1); // the last is the key
  return providers.has(before.at(-1) ?? '') || providers.has(before.join(''));
}

/**
 * The format of a whole value bound to `name`, with farther names in `around`, nearest first. The value's
 * own name speaks before any other; of several formats the most specific is meant.
 */
export function contextualFormat(
  value: string,
  name: string,
  around: readonly string[],
): Contextual | undefined {
  const formats = formatsOfLength(value.length);
  if (formats.length === 0) return undefined;
  const own = namesOf(name);
  let fitting: Format[] | undefined;
  for (const near of [undefined, ...around]) {
    const names = near === undefined ? own : namesOf(near);
    if (near !== undefined && names.words.size === 0) continue;
    fitting ??= formats.filter(
      ({ row, template }) =>
        (!row.key || row.key.some((word) => own.words.has(word))) && template.whole.test(value),
    );
    let best: Format | undefined;
    // Of forty characters of base64 not one in 10^24 is hex throughout: what stands near is another thing's.
    const digest = near !== undefined && DIGEST.test(value);
    for (const format of fitting) {
      const context = format.row.context as readonly string[];
      if (digest && !takesHex(format)) continue;
      if (isNamed(context, names, near === undefined) && (!best || isBetter(format, best)))
        best = format;
    }
    if (best) return { format: best, near };
  }
  return undefined;
}

const DIGEST = /^(?:[0-9a-f]{32,128}|[0-9A-F]{32,128})$/;

/** Whether a format is made of hex digits, rather than of letters among which they may stand. */
function takesHex({ template }: Format): boolean {
  return template.parts.some((part) => part.kind === 'run' && /^hex/i.test(part.alphabet));
}

/** More is fixed, or more is asked of the name. */
function isBetter(format: Format, than: Format): boolean {
  const asked = Number(format.row.key !== undefined) - Number(than.row.key !== undefined);
  return asked > 0 || (asked === 0 && format.specificity > than.specificity);
}
