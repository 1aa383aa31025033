/**
 * A quick look at bytecode before its names are worked out: most modules hold nothing that could be a
 * secret, and of the others most code need not be walked.
 */
import { charactersOf } from '../archive/plain-text.ts';
import type { Binding } from '../python/binding.ts';
import type { StringSink } from '../python/skim.ts';
import { type CodeIndex, type CodeSelection, selectCode } from '../python/code-index.ts';
import { bytesText } from '../python/values.ts';
import { MAY_ANNOUNCE, MAY_COMPLETE, wordsSay } from './announcing-words.ts';
import { bareTokens } from './bare-tokens.ts';
import { isCalledWithSecret } from './called-secrets.ts';
import { COMMANDS } from './command-syntax.ts';
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
import { prefilter, type Target } from './triggers.ts';
import { alignedWords } from './prefilter.ts';
import { mayBeTold } from './telling-values.ts';
import { mayHoldUser, urlCredentials } from './url-credentials.ts';
import { LONGEST_WORDS, mayBeWords, SHORTEST_WORDS } from './word-passwords.ts';

const URL_REACH = 400;
const SHORTEST = 4;
const LONGEST = 4096;
const LONGEST_NAME = 80;
const SHORTEST_INSIDE = 8; // of a text that holds more than a secret
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
const LONGEST_PHRASE = 256; // of words that are a secret together
const PHRASE_WORDS = 7; // of a password
const WALLET_WORDS = 12; // of a recovery phrase, at least

/** Programs that are given secrets; the words of a command may be a list. */
const PROGRAMS = new Set(Object.keys(COMMANDS).map((start) => start.split(' ', 1)[0]));

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
/** What kinds of characters a text has, how many words, and how long the longest of them is. */
interface Words {
  kinds: number;
  words: number;
  longest: number;
}

function glance(bytes: Uint8Array, start: number, end: number): Words {
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

/** What a string may be: a name that announces a secret, by itself or beside others, a secret, or what holds one. */
const ANNOUNCES = 1;
const HALF = 2;
const CANDIDATE = 4;
const HOLDS = 8;

/** What is worth looking at in one `.pyc`: tell it of every string, then ask. */
export class BytecodeLook implements StringSink {
  #bytes: Uint8Array;
  #own: boolean;
  #words: Uint32Array;
  /** Texts of which one stands in every constant that holds a secret inside it. */
  #inside = new Set<string>();
  /** `HOLDS` once the constant that is being looked at has one of them. */
  #held = 0;
  /** Where strings begin and end that may make half a name whole. */
  #completing: number[] = [];
  /** Whether some name is one behind which half a name announces a secret; undefined until it is asked. */
  #anyCompletes: boolean | undefined;

  /** `bytes` are the file's; `own` says that it is no package's, so that words may be a password. */
  constructor(bytes: Uint8Array, own: boolean) {
    this.#bytes = bytes;
    this.#own = own;
    this.#words = alignedWords(bytes);
  }

  /** What a string in `[start, end)` may be as a name. */
  string(start: number, end: number): number {
    if (end - start > LONGEST_NAME) return 0;
    const bytes = this.#bytes;
    const says = wordsSay(bytes, start, end);
    if ((says & MAY_COMPLETE) !== 0) this.#completing.push(start, end);
    // In an application's own code a name may be a secret's that only its value tells.
    if ((says & MAY_ANNOUNCE) === 0 && !this.#own) return 0;
    const name = bytesText(bytes, start, end);
    if (MANY_WORDS.test(name)) return 0;
    if (this.#announces(name) || TAKES_KEYS.test(name) || PROGRAMS.has(name)) return ANNOUNCES;
    return HALF_A_NAME.test(name) ? HALF : 0;
  }

  /** What a string in `[start, end)` may be as a constant. */
  constant(start: number, end: number): number {
    if (end - start < SHORTEST) return 0;
    this.#held = 0;
    const candidate = this.#mayBeSecret(start, end) ? CANDIDATE : 0;
    const look = lookAtStart(this.#bytes, start, end);
    if (look) this.#note(start, start + look.from + look.count);
    if (endsAddress(this.#bytes, start, end)) this.#note(start, end);
    return candidate | this.#held;
  }

  /** Looks for what a constant holds inside; returns whether it may be a secret as a whole. */
  #mayBeSecret(start: number, end: number): boolean {
    const length = end - start;
    if (length > LONGEST_PHRASE) {
      this.#scan(start, end);
      const run = hasRun(this.#bytes, start, end);
      if (run) this.#seeRuns(start, end);
      return run;
    }
    const words = glance(this.#bytes, start, end);
    const plain = (words.kinds & TELLING) === 0 && length < SHORTEST_RUN;
    if (!plain && length >= SHORTEST_INSIDE) this.#scan(start, end);
    if (words.longest >= SHORTEST_RUN) this.#seeRuns(start, end);
    if (words.words >= WALLET_WORDS && words.kinds === LOWER) {
      if (looksLikeMnemonic(charactersOf(this.#bytes, start, end))) this.#note(start, end);
    }
    return isCandidate(words, length, this.#own);
  }

  #scan(start: number, end: number): void {
    prefilter().scan(this.#bytes, start, end, this.#onHit, end, this.#words);
  }

  readonly #note = (start: number, end: number): void => {
    this.#held = HOLDS;
    addTo(this.#inside, charactersOf(this.#bytes, start, end));
  };

  readonly #onHit = (target: Target, at: number): void =>
    noteHit(this.#bytes, target, at, this.#note);

  /** A run of base64, and a key that proves itself, need no name. */
  #seeRuns(start: number, end: number): void {
    const text = this.#bytes.subarray(start, end);
    const note = (at: number, length: number): void => this.#note(start + at, start + at + length);
    decodeRuns(
      text,
      0,
      text.length,
      false,
      ({ start: at }) => note(at, SHORTEST_RUN),
      (from, to) => bareTokens(text, from, to, (_, at, length) => note(at, length)),
    );
  }

  #announces(name: string): boolean {
    return announces(name) || (this.#own && mayBeTold(name));
  }

  /** The code objects that may bind a secret to a name, or hold one inside a constant. */
  select(index: CodeIndex): CodeSelection | undefined {
    return selectCode(
      index,
      (bits) =>
        (bits & HOLDS) !== 0 ||
        ((bits & CANDIDATE) !== 0 &&
          ((bits & ANNOUNCES) !== 0 || ((bits & HALF) !== 0 && this.#completes()))),
    );
  }

  /** Whether some name is one behind which half a name announces a secret: `client` before `key`. */
  #completes(): boolean {
    if (this.#anyCompletes !== undefined) return this.#anyCompletes;
    const places = this.#completing;
    let any = false;
    for (let i = 0; i < places.length && !any; i += 2) {
      const name = bytesText(this.#bytes, places[i], places[i + 1]);
      any = IDENTIFIER.test(name) && announcesBefore(name);
    }
    return (this.#anyCompletes = any);
  }

  /** Whether a binding may be a secret, or hold one. */
  readonly keeps = ({ value, kind, name, others, index }: Binding): boolean =>
    (index < 0 && (kind === 'url' || kind === 'argument')) || // put together from pieces
    this.#holdsInside(value) ||
    ((this.#announces(name) || others.some((other) => announces(other.name))) &&
      mayBeSecret(value, this.#own));

  #holdsInside(text: string): boolean {
    for (const inside of this.#inside) if (text.includes(inside)) return true;
    return false;
  }
}

/** Whether some word of a text has `SHORTEST_RUN` characters: what ends one there rules out all that begins before. */
function hasRun(bytes: Uint8Array, start: number, end: number): boolean {
  let sure = start;
  for (let from = start; from + SHORTEST_RUN <= end;) {
    const next = from + SHORTEST_RUN;
    let at = next - 1;
    while (at >= sure && (bytes[at] as number) > SPACE) at--;
    if (at < sure) return true;
    sure = next;
    from = at + 1;
  }
  return false;
}

/** Whether a string may be a secret, by a glance at its characters; most are none. */
function isCandidate({ kinds, words, longest }: Words, length: number, own: boolean): boolean {
  // A scheme and its token are two words; of a longer text only a long word may be a secret.
  // Words of salts are few and full of signs.
  if (words > 2)
    return (
      longest >= SHORTEST_RUN ||
      length === GROUPED ||
      (own && words <= PHRASE_WORDS && length <= LONGEST_WORDS) ||
      (length >= LONG_OF_SIGNS && length <= LONGEST_SALT && (kinds & TELLING) !== 0)
    );
  return (
    (kinds & TELLING) !== 0 ||
    (kinds & MIXED) === MIXED ||
    length === UNGROUPED ||
    (own && kinds === LOWER && longest >= SHORTEST_WORDS)
  );
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
  if (end - start > LONGEST_NAME || !(own || (wordsSay(bytes, start, end) & MAY_ANNOUNCE) !== 0))
    return false;
  const text = bytesText(bytes, start, end);
  const lastAt = text.lastIndexOf('/') + 1;
  return (
    text.includes('{') ||
    announces(text) ||
    (lastAt > 0 && announces(text.slice(lastAt))) ||
    (own && mayBeTold(text))
  );
}

/** Whether a text of some file's may hold a secret inside it; of a compiled class, other than right at its start. */
export function holdsInside(bytes: Uint8Array): boolean {
  let holds = false;
  const note = (): void => {
    holds = true;
  };
  prefilter().scan(bytes, 0, bytes.length, (target, at) => noteHit(bytes, target, at, note));
  return holds;
}

/** Notes the stretch at a hit of the prefilter that may be a secret's part inside a longer text. */
function noteHit(
  bytes: Uint8Array,
  target: Target,
  at: number,
  note: (from: number, to: number) => void,
): void {
  switch (target.kind) {
    case 'format': {
      const { look } = target;
      if (isLikely(bytes, at, look)) note(at, at + look.from + look.count);
      break;
    }
    case 'url':
      if (mayHoldUser(bytes, at) && urlCredentials(charactersOf(bytes, at, at + URL_REACH), 0))
        note(at, at + URL_START);
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
