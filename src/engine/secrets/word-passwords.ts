/**
 * Passwords of plain words, joined by hyphens or underscores, with blanks between them or not at all, as literals
 * under a name that means a password. Identifiers, labels and types look the same: the words they are made of tell them.
 */
import { ACCOUNTS } from './accounts.ts';
import { namesAccount } from './chosen-passwords.ts';
import type { FileKind } from './file-kind.ts';
import type { NamedValue } from './finding.ts';
import { hasSameWords } from './generic-value.ts';
import { type NameKind, isPasswordWord, takesSecret, wordsOf } from './names.ts';
import { isSentence, isShortPhrase, mayBePhrase } from './passphrases.ts';
import { CONTAINED, ENDINGS, halfNames, LABEL, NAMING, OF_MESSAGES } from './naming-words.ts';

/** Characters of the shortest. */
export const SHORTEST_WORDS = 10;
/** Characters of the longest. */
export const LONGEST_WORDS = 64;
const WORDS = /^[a-z]{2,64}(?:[-_][a-z]{2,64}){0,5}$/;
/** Two or more, and a number behind them. */
const NUMBERED = /^[a-z]{3,16}(?:[-_][a-z]{3,16}){1,5}[-_]?\d{1,4}$/;
/** `LisbonPickle`: as passwords are made, and types are named. */
const CAPITALISED = /^[A-Z][a-z]{2,15}[A-Z][a-z]{2,15}$/;
/** The same letters again and again, as a hand on a keyboard writes them. */
const FILLER = /^([a-z]{1,6}?[-_]?)\1{2,}/;
/** What one word alone ends in where it names a quality or a thing; words that are put together are longer. */
const ONE_WORD =
  /^[a-z]{0,11}(?:[ts]ion|ment|ness|ity|i[sz]ed|i[sz]ing|ated|ating|ally|able|ible|ional|ance|ence|ative|ously|ology|graphy|istic|ical)s?$/;

/** Whether a value has the form of plain words. */
export function mayBeWords(value: string): boolean {
  if (value.length < SHORTEST_WORDS || value.length > LONGEST_WORDS) return false;
  return WORDS.test(value) || NUMBERED.test(value) || CAPITALISED.test(value) || mayBePhrase(value);
}

/** Whether a file is the image's own: no package's, and not there to show how a password would look. */
export function mayHoldWords(file: FileKind): boolean {
  const { vendor, packaged, library, lock, prose, test, messages } = file;
  return !(vendor || packaged || library || lock || prose || test || messages);
}

/** Whether a value is words that a person may have chosen as the password which its name announces. */
export function isWordPassword(
  kind: NameKind,
  named: NamedValue,
  value: string,
  file: FileKind,
): boolean {
  const { name } = named;
  if (!mayBeWords(value) || !mayHoldWords(file) || named.listed) return false;
  // A bare word of code is an identifier, and `PASS:` begins a line of a test's report.
  if (!named.exact && (file.code || name === 'PASS')) return false;
  if (name === 'pass' && SCRIPT.test(file.path)) return false;
  const short = mayBePhrase(value) && isShortPhrase(value);
  if (short && kind === 'password' && !file.config && !namesAccount(name)) return false;
  const announced =
    named.called || takesSecret(name) ? isArgument(named) : announces(kind, named, value, file);
  return announced && !hasSameWords(name, value) && !namesThing(value);
}

function isArgument({ name, where, binding }: NamedValue): boolean {
  // In text it is `auth=(…)`; what bytecode calls `auth` is a command's name.
  if (name === 'auth' && binding !== undefined) return false;
  return binding === 'argument' || /\ban argument (?:in|of)\b/.test(where);
}

function announces(kind: NameKind, named: NamedValue, value: string, file: FileKind): boolean {
  // NuGet calls it a `ClearTextPassword`.
  const words = wordsOf(named.name.replace(/(?:clear|plain)_?text/i, ''));
  if (words.some((word) => OF_MESSAGES.has(word))) return false;
  // Two strings side by side under no more than `password` are two of a list.
  if (kind === 'password') {
    const listed = named.beside && words.length === 1 && !VARIABLE.test(named.name);
    return !listed && endsAsPassword(words);
  }
  return (
    signs(kind, named.name, words.join('_'), file) || isSetting(named.name, words, value, file)
  );
}

/** Whether nothing but an account stands behind the word for a password, nor before a plain `pass`. */
function endsAsPassword(words: readonly string[]): boolean {
  const at = words.map(isPasswordWord).lastIndexOf(true);
  const known = (word: string): boolean => ACCOUNTS.has(word) || /^\d{1,3}$/.test(word);
  if (!words.slice(at + 1).every(known)) return false;
  return (
    words[at] !== 'pass' || words.slice(0, at).every((word) => known(word) || SHORT.test(word))
  );
}

/** Scripts of browsers pass over things more often than they log in with a `pass`. */
const SCRIPT = /\.(?:[cm]?[jt]sx?|vue|svelte|html?|map)$/i;

/** What may stand before `pass` beside an account: `user_pass`, `self.pass`. */
const SHORT =
  /^(?:user|self|this|cfg|conf|config|my|key|store|auth|login|api|service|web|svc|cert|ssl)$/;

const SIGNED = /(?:^|_)(?:jwt|session|cookie|signing|nextauth)_(?:\w{1,16}_)?secret$/;
const SIGNED_IN_CODE =
  /(?:^|_)(?:secret_(?:or_)?key|signing_key|encryption_key|jwt_key|pepper|blowfish_secret)$/;
const VARIABLE = /^[A-Z][A-Z0-9_]{1,64}$/;
const VARIABLE_SIGNS = /_SECRET$|(?:^|_)(?:(?:SECRET|SIGNING)_KEY|PEPPER)$/;

/** Whether a name is that of what signs sessions or tokens; other secrets are mostly named by their values. */
function signs(kind: NameKind, name: string, words: string, file: FileKind): boolean {
  if (kind !== 'secret' && kind !== 'key') return false;
  if (SIGNED.test(words) || words.endsWith('secret_key_base')) return true;
  if (VARIABLE.test(name)) return VARIABLE_SIGNS.test(name);
  // In settings of clusters `secretKey` says which of a Secret's keys is meant.
  return file.code && SIGNED_IN_CODE.test(words);
}

/** Whether it is set as a secret or a token, and reads as no name of one that a cluster keeps. */
function isSetting(name: string, words: readonly string[], value: string, file: FileKind): boolean {
  const last = words.at(-1);
  if (file.code || !file.config || !(last === 'secret' || last === 'token')) return false;
  if (/\.ya?ml$/i.test(file.path) && value.includes('-') && !/_secret$/i.test(name)) return false;
  // One run of letters may be any word, unless the name says whose secret it is.
  return /[A-Z_-]/.test(value) || (last === 'secret' && (words.length > 1 || isOfService(file)));
}

/** Whether a file is a service's own, of a line for each setting. */
export function isOfService({ path }: FileKind): boolean {
  return /\.(?:ini|cfg|conf|cnf|properties)$/i.test(path);
}

/** Whether a value is words that name no thing of programs. */
export function readsAsChosen(value: string): boolean {
  return mayBeWords(value) && !namesThing(value);
}

/** Whether words name a thing: a field, a message, a type, a setting. */
function namesThing(value: string): boolean {
  if (mayBePhrase(value)) return isSentence(value);
  if (LABEL.test(value) || FILLER.test(value)) return true;
  const words = value
    .replace(/[-_]?\d+$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/, '-')
    .toLowerCase()
    .split(/[-_]/);
  if (words.length > 1) {
    const singular = words.map((word) => word.replace(/s$/, ''));
    const among = (names: (word: string) => boolean): number =>
      words.filter((word, i) => names(word) || names(singular[i] as string)).length;
    return among((word) => NAMING.has(word)) > 0 || among(halfNames) * 2 >= words.length;
  }
  return CONTAINED.test(value) || ENDINGS.test(value) || ONE_WORD.test(value);
}
