/**
 * A quick look at bytecode before its names are worked out: most modules hold nothing that could be a
 * secret, and of the others most code need not be walked.
 */
import { charactersOf } from '../archive/plain-text.ts';
import type { Binding } from '../python/binding.ts';
import type { StringSink } from '../python/skim.ts';
import { bytesText, type CodeObject, isCode } from '../python/values.ts';
import { bareTokens } from './bare-tokens.ts';
import { isCalledWithSecret } from './called-secrets.ts';
import { fitsProvider, namesProviderKey } from './contextual-formats.ts';
import { decodeRuns } from './encoded-text.ts';
import { characterClasses, isDrawnOfSigns, LONG_OF_SIGNS, looksRandom } from './entropy.ts';
import { isLikely, lookAtStart } from './format-triggers.ts';
import { isAppPassword } from './google-app-password.ts';
import { looksLikeMnemonic } from './keys/mnemonic.ts';
import { isLetterPassword, isLetterToken } from './letter-token.ts';
import { listedKind } from './list-text.ts';
import { AUTHORIZATION, nameEndAt } from './name-hits.ts';
import { precedesKey, remembered, secretKind } from './names.ts';
import { isNotSecret } from './not-secrets.ts';
import { readsLikeWords } from './placeholders.ts';
import { PREFILTER } from './triggers.ts';
import { mayBeTold } from './telling-values.ts';
import { urlCredentials } from './url-credentials.ts';
import { LONGEST_WORDS, mayBeWords, SHORTEST_WORDS } from './word-passwords.ts';

const URL_REACH = 400;
const SHORTEST = 4;
const LONGEST = 4096;
const LONGEST_NAME = 80;
const SHORTEST_RUN = 40; // of base64
const MOST_INSIDE = 64; // texts that are looked for one by one
const URL_START = 4; // `://` and what follows
const LEAST = 6; // of what any other text goes on for
const SCHEME = /^\s{0,8}[A-Za-z][\w-]{1,15}\s{1,4}(?=\S+\s{0,8}$)/;
const RUN = /[A-Za-z0-9+/_=-]{40}/;
/** Words that announce a secret only beside others, as an attribute's name does behind its object's. */
const HALF_A_NAME = /(?:key|salt)s?\d{0,3}$/i;
/** Modules and classes whose functions take a key and are called something that many are. */
const TAKES_KEYS = /(?:hmac|fernet|^aes|^twilio(?:client)?)$/i;
/** More words than a key has that names its value. */
const MANY_WORDS = /\S(?:\s+\S+){4}/;
const IDENTIFIER = /^[\w.-]+$/;
const SEPARATORS = new Set(Array.from('=:"\'>', (character) => character.charCodeAt(0)));
const SPACE = 0x20;
const AT = 0x40;
const COLON = 0x3a;
const UNGROUPED = 16; // letters of an app password of Google's
const LONGEST_SALT = 128; // drawn of signs, with blanks among them
const GROUPED = 19; // and the spaces between its groups
const PHRASE_WORDS = 7; // of a password
const WALLET_WORDS = 12; // of a recovery phrase, at least

const LOWER = 1;
const UPPER = 2;
const MIXED = LOWER | UPPER;
const TELLING = 4; // digits, signs, and what is not ASCII
const KIND = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if (/[a-z]/.test(character)) return LOWER;
  if (/[A-Z]/.test(character)) return UPPER;
  return /[\s_]/.test(character) && byte < 0x80 ? 0 : TELLING;
});
/** Two or three letters of each word that announces a secret, and of each call that takes one: the rarest in it. */
const MARKS = (
  'pas pw psk sen ken pat jwt rer ecr cre key alt uth hma rne cur dby tco mys pdo ogi lie ftp nne aes thu ali gne ' +
  'epp e_b p_b p_o uel kie gnw ssl kit ipe nai w_f lio tla gol edi wst psw asl two ola esl lsz asa gsk zin ifr eed rla'
).split(' ');
const LAST_ASCII = 127;
const MARK_BITS = 5; // of a letter, of either case
const MARK_MASK = (1 << (3 * MARK_BITS)) - 1;
/** Which three letters are such, by their bits. */
const IS_MARK = new Uint8Array(MARK_MASK + 1);
for (const [first = '', second = '', third = ''] of MARKS) {
  const marked = (letter: number): number =>
    (((codeOf(first) << MARK_BITS) | codeOf(second)) << MARK_BITS) | letter;
  if (third !== '') IS_MARK[marked(codeOf(third))] = 1;
  else IS_MARK.fill(1, marked(0), marked(31) + 1);
}

function codeOf(letter: string): number {
  return letter.charCodeAt(0) & 31;
}

/** Whether a name may announce a secret: most have none of the marks. */
function mayAnnounce(bytes: Uint8Array, start: number, end: number): boolean {
  let letters = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    letters = ((letters << MARK_BITS) | (byte & 31)) & MARK_MASK;
    if (IS_MARK[letters] === 1 || byte > LAST_ASCII) return true;
  }
  return IS_MARK[(letters << MARK_BITS) & MARK_MASK] === 1;
}

/** Whether a word has a mark. */
export function isMarked(word: string): boolean {
  const bytes = new TextEncoder().encode(word);
  return mayAnnounce(bytes, 0, bytes.length);
}

/** What kinds of characters a text has, how many words, and how long the longest of them is. */
function wordsIn(
  bytes: Uint8Array,
  start: number,
  end: number,
): { kinds: number; words: number; longest: number } {
  let kinds = 0;
  let words = 0;
  let word = 0;
  let longest = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    kinds |= KIND[byte] as number;
    if (byte > SPACE) {
      if (word++ === 0) words++;
      if (word > longest) longest = word;
    } else word = 0;
  }
  return { kinds, words, longest };
}

/** Where strings begin and end. */
class Stretches {
  #ends: number[] = [];

  add(start: number, end: number): void {
    this.#ends.push(start, end);
  }

  some(test: (start: number, end: number) => boolean): boolean {
    for (let i = 0; i < this.#ends.length; i += 2)
      if (test(this.#ends[i] as number, this.#ends[i + 1] as number)) return true;
    return false;
  }
}

/** What is worth looking at in one `.pyc`: tell it of every string, then ask. */
export class BytecodeLook implements StringSink {
  #bytes: Uint8Array;
  #own: boolean;
  /** Texts of which one stands in every constant that holds a secret inside it. */
  #inside: Set<string>;
  /** The module's names and keys that announce a secret. */
  #announcing = new Set<string>();
  /** A bit for each length that these have, modulo 32: most other names have another. */
  #lengths = 0;
  /** Those that do so only beside another. */
  #half = new Set<string>();
  #strings = new Stretches();
  #constants = new Stretches();

  /** `bytes` are the file's; `own` says that it is no package's, so that words may be a password. */
  constructor(bytes: Uint8Array, own: boolean) {
    this.#bytes = bytes;
    this.#own = own;
    this.#inside = textsInside(bytes);
  }

  /** Takes note of a string that stands in `[start, end)`. */
  string(start: number, end: number): void {
    this.#strings.add(start, end);
    if (end - start <= LONGEST_NAME) this.#seeName(start, end);
    if (end - start >= SHORTEST_RUN) this.#seeLong(start, end);
    const look = lookAtStart(this.#bytes, start, end);
    if (look) addTo(this.#inside, charactersOf(this.#bytes, start, start + look.from + look.count));
    if (endsAddress(this.#bytes, start, end))
      addTo(this.#inside, charactersOf(this.#bytes, start, end));
  }

  /** Takes note that it is a constant, and not only a name. */
  constant(start: number, end: number): void {
    if (end - start >= SHORTEST) this.#constants.add(start, end);
  }

  #seeName(start: number, end: number): void {
    const bytes = this.#bytes;
    // In an application's own code a name may be a secret's that only its value tells.
    if (!this.#own && !mayAnnounce(bytes, start, end)) return;
    const name = bytesText(bytes, start, end);
    if (MANY_WORDS.test(name)) return;
    if (this.#announces(name) || TAKES_KEYS.test(name)) this.#noteAnnouncing(name);
    else if (HALF_A_NAME.test(name)) this.#half.add(name);
  }

  #noteAnnouncing(name: string): void {
    this.#announcing.add(name);
    this.#lengths |= 1 << name.length;
  }

  #announces(name: string): boolean {
    return announces(name) || (this.#own && mayBeTold(name));
  }

  /** A run of base64, a recovery phrase or a key that proves itself: they need no name. */
  #seeLong(start: number, end: number): void {
    const bytes = this.#bytes;
    const { kinds, words, longest } = wordsIn(bytes, start, end);
    if (words >= WALLET_WORDS && kinds === LOWER) {
      const phrase = charactersOf(bytes, start, end);
      if (looksLikeMnemonic(phrase)) addTo(this.#inside, phrase);
    }
    if (longest < SHORTEST_RUN) return;
    const text = bytes.subarray(start, end);
    const add = (at: number, length: number): void =>
      addTo(this.#inside, charactersOf(text, at, at + length));
    decodeRuns(
      text,
      0,
      text.length,
      false,
      ({ start }) => add(start, SHORTEST_RUN),
      (start, end) => bareTokens(text, start, end, (_, at, length) => add(at, length)),
    );
  }

  /** Whether anything seen may be a secret. Ask once all has been seen. */
  isWorthDecoding(): boolean {
    if (this.#half.size > 0 && this.#strings.some((start, end) => this.#completes(start, end)))
      for (const name of this.#half) this.#noteAnnouncing(name);
    if (this.#inside.size > 0) return true;
    if (this.#announcing.size === 0) return false;
    return this.#constants.some(
      (start, end) =>
        this.#isCandidate(start, end) && mayBeSecret(bytesText(this.#bytes, start, end), this.#own),
    );
  }

  /** Whether a name is one behind which half a name announces a secret: `client` before `key`. */
  #completes(start: number, end: number): boolean {
    if (end - start > LONGEST_NAME) return false;
    const name = bytesText(this.#bytes, start, end);
    return IDENTIFIER.test(name) && announcesBefore(name);
  }

  /** Whether a string may be a secret, by a glance at its characters; most are none. */
  #isCandidate(start: number, end: number): boolean {
    const length = end - start;
    const { kinds, words, longest } = wordsIn(this.#bytes, start, end);
    // A scheme and its token are two words; of a longer text only a long word may be a secret.
    // Words of salts are few and full of signs.
    if (words > 2)
      return (
        longest >= SHORTEST_RUN ||
        length === GROUPED ||
        (this.#own && words <= PHRASE_WORDS && length <= LONGEST_WORDS) ||
        (length >= LONG_OF_SIGNS && length <= LONGEST_SALT && (kinds & TELLING) !== 0)
      );
    return (
      (kinds & TELLING) !== 0 ||
      (kinds & MIXED) === MIXED ||
      length === UNGROUPED ||
      (this.#own && kinds === LOWER && longest >= SHORTEST_WORDS)
    );
  }

  /** Whether code, with its constants' strings, may bind a secret to a name, or hold one inside a constant. */
  readonly wants = (code: CodeObject, texts: readonly (readonly string[])[]): boolean => {
    if (texts.some((strings) => strings.some((text) => this.#holdsInside(text)))) return true;
    const may = (text: string): boolean => mayBeSecret(text, this.#own);
    return this.#mentions(code, texts) && texts.some((strings) => strings.some(may));
  };

  /** Whether a binding may be a secret, or hold one. */
  readonly keeps = ({ value, kind, name, others, index }: Binding): boolean =>
    (index < 0 && (kind === 'url' || kind === 'argument')) || // put together from pieces
    this.#announces(name) ||
    others.some((other) => announces(other.name)) ||
    this.#holdsInside(value);

  #holdsInside(text: string): boolean {
    for (const inside of this.#inside) if (text.includes(inside)) return true;
    return false;
  }

  /** Whether some name, of what code may bind its constants to, announces a secret. */
  #mentions(code: CodeObject, texts: readonly (readonly string[])[]): boolean {
    const announcing = this.#announcing;
    const lengths = this.#lengths;
    const has = (name: string): boolean =>
      ((lengths >>> name.length) & 1) !== 0 && announcing.has(name);
    const { names, localNames, localsPlus, cellNames, freeNames } = code;
    if (has(code.name) || names.some(has) || localNames.some(has) || localsPlus.some(has))
      return true;
    // Keywords and keys are constants; a default's name is the function's that it belongs to.
    if (cellNames.some(has) || freeNames.some(has) || texts.some((strings) => strings.some(has)))
      return true;
    return code.constants.some(
      (constant) => isCode(constant) && (has(constant.name) || constant.localNames.some(has)),
    );
  }
}

/** Whether a text is the end of an address's password, and the host is another: `:password@`. */
function endsAddress(bytes: Uint8Array, start: number, end: number): boolean {
  const last = bytes[end - 1] === AT;
  if (end - start <= SHORTEST || !(last || bytes[start] === COLON)) return false;
  const text = bytes.subarray(start, end);
  return text.includes(AT) && !text.some((byte) => byte <= SPACE);
}

/** Whether a name, or what a call of that name takes, is a secret's. */
const announces = remembered(
  (name) =>
    secretKind(name) !== undefined ||
    listedKind(name) !== undefined ||
    AUTHORIZATION.test(name) ||
    namesProviderKey(name) ||
    isCalledWithSecret(name.slice(name.lastIndexOf('.') + 1)),
);

/** Whether half a name behind this one announces a secret. */
const announcesBefore = remembered((name) => precedesKey(name) || namesProviderKey(`${name}.key`));

/**
 * Whether a text of a compiled class, in `[start, end)`, may name a secret: a member's or a variable's name, a
 * type with its packages, a key, or a setting with what holds where it is not set. `own` says that its file is no package's.
 */
export function mayName(bytes: Uint8Array, start: number, end: number, own: boolean): boolean {
  if (end - start > LONGEST_NAME || !(own || mayAnnounce(bytes, start, end))) return false;
  const text = bytesText(bytes, start, end);
  const last = text.slice(text.lastIndexOf('/') + 1);
  return text.includes('{') || announces(text) || announces(last) || (own && mayBeTold(text));
}

/** Whether a text of some file's may hold a secret inside it; of a compiled class, other than right at its start. */
export function holdsInside(bytes: Uint8Array): boolean {
  return textsInside(bytes).size > 0;
}

/** What stands in the bytes that may be a secret's part inside a longer text. */
function textsInside(bytes: Uint8Array): Set<string> {
  const found = new Set<string>();
  const note = (from: number, to: number): void => addTo(found, charactersOf(bytes, from, to));
  PREFILTER.scan(bytes, 0, bytes.length, (target, at) => {
    switch (target.kind) {
      case 'format': {
        const { look } = target;
        if (isLikely(bytes, at, look)) note(at, at + look.from + look.count);
        break;
      }
      case 'url':
        if (urlCredentials(charactersOf(bytes, at, at + URL_REACH), 0)) note(at, at + URL_START);
        break;
      case 'name': {
        const end = nameEndAt(bytes, at);
        if (isSetTo(bytes, end)) note(at, end + 1);
        break;
      }
      case 'module':
      case 'signing':
        break;
      default:
        note(at, at + LEAST);
    }
  });
  return found;
}

/** Adds a text; where there are too many, any text will do. */
function addTo(inside: Set<string>, text: string): void {
  if (inside.size < MOST_INSIDE) inside.add(text);
  else inside.clear();
  if (inside.size === 0) inside.add('');
}

function isSetTo(bytes: Uint8Array, nameEnd: number): boolean {
  let at = nameEnd;
  while (at < nameEnd + 4 && bytes[at] === SPACE) at++;
  return SEPARATORS.has(bytes[at] ?? 0);
}

/**
 * Whether a constant may be a secret as a whole, once something names it: the judge takes no others. `own` says that
 * its file is no package's.
 */
export function mayBeSecret(whole: string, own: boolean): boolean {
  // `Bearer …`: what counts is what stands behind the scheme.
  const trimmed = whole.trim();
  const text = trimmed.length < 512 ? trimmed.replace(SCHEME, '') : trimmed;
  if (text.length < SHORTEST) return false;
  if (text.length > LONGEST) return RUN.test(text);
  if (isAppPassword(text)) return true;
  // Words, names and sentences are none; a run of base64 in a longer text may hold one.
  if (/\s/.test(text))
    return (
      (own && mayBeWords(text)) ||
      (text.length >= 40 && (RUN.test(text) || looksLikeMnemonic(text) || isDrawnOfSigns(text)))
    );
  // A token behind its scheme, an option with its value, a setting with what holds where it is not set.
  if (text.length < trimmed.length || PARTLY.test(text)) return true;
  return mayBeWhole(text) || (own && mayBeWords(text));
}

const PARTLY = /^[-$#{]|=.|^\w+:/;

/** Whether a text has the form of a generic secret or a provider's. */
const mayBeWhole = remembered((text) => {
  if (/^\d{6,}$/.test(text) || isLetterToken(text) || isLetterPassword(text)) return true;
  if (isNotSecret(text)) return fitsProvider(text);
  if (looksRandom(text)) return true;
  const mixed = text.length >= 8 && /\d|\W/.test(text) && characterClasses(text) >= 2;
  const drawn = mixed || (text.length >= 16 && /[a-z][A-Z]/.test(text));
  return (drawn && !readsLikeWords(text)) || fitsProvider(text);
});
