/**
 * Whether a name, as bytes, has in it any of the words that make it worth asking what it announces: nearly all have
 * none, and need not become text. An automaton over all words at once (Aho and Corasick, 1975), a step for each letter.
 */
import { CALLED_WORDS } from './called-secrets.ts';
import { CONTEXTUAL } from './compiled-formats.ts';
import { KEY_BEFORE, WORDS_OF_SECRETS } from './names.ts';

/** It may announce a secret: by what it says, by a call of that name, by a row of the formats. */
export const MAY_ANNOUNCE = 1;
/** It may make a whole name of half a one: `client` of `key`. */
export const MAY_COMPLETE = 2;

/** What calls are called that take secrets, and many others besides: these count by what they are called on. */
const COMMON = new Set(
  'basic new newcipher encode decode sign verify encrypt digest hexdigest init'.split(' '),
);
/** On what, and other parts of libraries' names. */
const LIBRARIES = ['hmac', 'fernet', 'aes', 'twilio', 'twilioclient', 'jwt'];

const LETTERS = 32; // of the automaton: a to z, one for all digits; signs are passed over
const DIGIT = 27;
const SIGN = 0;
const CLASS = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code).toLowerCase();
  if (/[a-z]/.test(character)) return character.charCodeAt(0) & 31;
  return /\d/.test(character) ? DIGIT : SIGN;
});
const LAST_ASCII = 127;
const SMALL_S = 0x73;
const CASE = 0x20;

interface Automaton {
  /** `LETTERS` numbers for each state: which comes next. */
  next: Uint16Array;
  /** What the words say that end in each state. */
  says: Uint8Array;
}

function automaton(words: Iterable<readonly [word: string, says: number]>): Automaton {
  const next: number[] = new Array<number>(LETTERS).fill(0);
  const says: number[] = [0];
  for (const [word, what] of words) {
    let state = 0;
    for (const character of word) {
      const letter = CLASS[character.charCodeAt(0)] ?? SIGN;
      if (letter === SIGN) continue;
      const edge = state * LETTERS + letter;
      if (next[edge] === 0) {
        next[edge] = says.length;
        says.push(0);
        for (let i = 0; i < LETTERS; i++) next.push(0);
      }
      state = next[edge] as number;
    }
    (says[state] as number) |= what;
  }
  // Where a word breaks off, the longest end of it that begins another goes on.
  const fallback: number[] = says.map(() => 0);
  const queue = [0];
  for (let at = 0; at < queue.length; at++) {
    const state = queue[at] as number;
    const shorter = fallback[state] as number;
    (says[state] as number) |= says[shorter] as number;
    for (let letter = 1; letter < LETTERS; letter++) {
      const edge = state * LETTERS + letter;
      const other = state === 0 ? 0 : (next[shorter * LETTERS + letter] as number);
      const child = next[edge] as number;
      if (child === 0) next[edge] = other;
      else {
        fallback[child] = other;
        queue.push(child);
      }
    }
  }
  return { next: Uint16Array.from(next), says: Uint8Array.from(says) };
}

function* allWords(): Generator<readonly [string, number]> {
  for (const word of [...WORDS_OF_SECRETS, ...LIBRARIES]) yield [word, MAY_ANNOUNCE];
  for (const called of CALLED_WORDS)
    if (!COMMON.has(called.toLowerCase())) yield [called, MAY_ANNOUNCE];
  for (const { row } of CONTEXTUAL) {
    for (const name of row.names ?? []) yield [name, MAY_ANNOUNCE];
    for (const word of row.context ?? []) yield [word, MAY_COMPLETE];
  }
  for (const word of KEY_BEFORE) yield [word, MAY_COMPLETE];
}

const WORDS = automaton(allWords());

/** What a name in `[start, end)` may do, in bits. Signs in it are passed over: a word may be written with some inside. */
export function wordsSay(bytes: Uint8Array, start: number, end: number): number {
  const { next, says } = WORDS;
  let state = 0;
  let all = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte > LAST_ASCII) return MAY_ANNOUNCE | MAY_COMPLETE;
    const letter = CLASS[byte] as number;
    if (letter === SIGN) continue;
    state = next[state * LETTERS + letter] as number;
    const what = says[state] as number;
    if ((what & ~all) !== 0 && endsWord(bytes, at, end)) all |= what;
  }
  return all;
}

/** Whether a word may end with the letter at `last`, or with a plural's behind it: the next begins another. */
function endsWord(bytes: Uint8Array, last: number, end: number): boolean {
  const after = last + 1;
  if (after === end) return true;
  const next = bytes[after] as number;
  if ((next | CASE) === SMALL_S) return true;
  if (isLower(next)) return false;
  // `HTTPServer`: of capitals the last begins the next word.
  const capitals = isUpper(next) && isUpper(bytes[last] as number);
  return !capitals || (after + 1 < end && isLower(bytes[after + 1] as number));
}

function isLower(byte: number): boolean {
  return byte >= 0x61 && byte <= 0x7a;
}

function isUpper(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a;
}
