/**
 * Passwords as people choose them: words, names with a year, sentences. They look like any other text, so
 * that only what names them, and a file where settings are kept, can tell.
 */
import { ACCOUNTS } from './accounts.ts';
import type { NameKind } from './names.ts';
import { wordsOf } from './names.ts';
import { LABEL, NAMING, OF_MESSAGES } from './naming-words.ts';

/** Words of forms, messages and declarations, which no password is made of. */
export const TALK =
  /\b(?:the|your|you|please|enter|must|should|is|are|not|for|and|with|invalid|incorrect|wrong|forgot(?:ten)?|required|password|passwort|passwords|username|user|login|confirm|new|old|current|change|reset|type|click|here|use|used|to|of|in|le|la|de|das|der|die|il|el|su|votre|ihr)\b/i;
const DECLARED =
  /^(?:(?:none|null|nil|true|false)\W{0,4}|required|optional|string|text|varchar|hidden|enabled?|disabled?|allowed|denied|plaintext|plain|encrypted|unencrypted|readonly|nullable|default|prompt|interactive|keyring|keychain|pinentry|stdin|argon2\w*|bcrypt|scrypt|sha\d*|md5|always|never|nopass|sendpassword|inherit|internal|external|manual|automatic|missing|present|absent|postgres|mysql|redis|guest|anonymous|public|private|basic|digest|trust|peer|ident)$/i;

/** Whether a name says whose password it is: an account, or a variable of the environment. */
export function namesAccount(name: string): boolean {
  const words = wordsOf(name);
  return (
    words.length > 1 && (/^[A-Z][A-Z0-9_]+$/.test(name) || words.some((word) => ACCOUNTS.has(word)))
  );
}

/** Whether a value may be a password that someone chose for what is so named. */
export function isChosen(name: string, kind: NameKind, value: string): boolean {
  if (value.length > 64) return false;
  if (!namesAccount(name)) return kind === 'password' && isOwnChoice(name, value);
  if (kind === 'password') return isChosenPassword(value) || isJoinedWords(value);
  // Secrets of other kinds are names of things more often than words.
  return (
    (kind === 'secret' || kind === 'key') &&
    /^[A-Z][A-Z0-9_]+$/.test(name) &&
    /^[A-Za-z0-9]{12,}$/.test(value) &&
    !DECLARED.test(value)
  );
}

/** Two or more words with signs between, as people choose them, and as things are named. */
export function isJoinedWords(value: string): boolean {
  return (
    /^[a-z]{3,}(?:[_-][a-z]{3,}){1,3}$/.test(value) &&
    value.length >= 12 &&
    !/pass|secret|token|key|cred|user|name|db|database|prod|config|env|file|default/.test(value)
  );
}

/**
 * Whether a value is made of letters of both cases, digits and a sign as people make passwords, whatever they call
 * them: `Word2018_`, `MyWordIs6Word!`. Shortcuts, versions and names have their signs between their words.
 */
export function isMadeUp(value: string): boolean {
  return (
    /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z0-9!@#$^&*?~+_.-]{8,40}$/.test(value) &&
    /[!@#$^&*?~]|[+_.-]$/.test(value)
  );
}

/**
 * Whether a value is letters and digits with dots between, as few names of code are and no file's: `abc.def9.X`. What
 * it is made of must name no part of a program.
 */
export function isDottedPassword(value: string): boolean {
  return (
    /^(?=.*[A-Za-z])(?=.*\d)\w{1,24}(?:\.\w{1,24}){1,4}$/.test(value) &&
    value.length >= 8 &&
    !/^[\d.]+$|\.[a-z]{2,4}$|^v?\d+\./.test(value) &&
    !wordsOf(value).some((word) => NAMING.has(word.replace(/\d+$/, '')))
  );
}

/** A name says no more than that it is a password, so that the value must say more. */
function isOwnChoice(name: string, value: string): boolean {
  if (LABEL.test(value) || wordsOf(name).some((word) => OF_MESSAGES.has(word))) return false;
  // A name of two words in one is a variable's, a type's, a field's.
  return isChosenPassword(value) && !/^[a-z]+(?:[A-Z][a-z]+)+$/.test(value);
}

function isChosenPassword(value: string): boolean {
  if (DECLARED.test(value) || /^(?:[a-z]:)?[\\/]|:\/\//i.test(value)) return false;
  if (/^\d+$/.test(value)) return value.length >= 6;
  const words = value.split(/[ ]/);
  if (/password|passwort|user.?name/i.test(value)) return false;
  if (words.length === 1)
    return /^[\x21-\x7e]{6,}$/.test(value) && !/^[a-z]+([._-][a-z]+)+$/.test(value);
  if (words.length > 8 || TALK.test(value)) return false;
  const lower = words.every((word) => /^[a-z0-9!@#$%^&*?_+-]{1,16}$/.test(word));
  return lower && words.length >= 3 && value.length >= 12
    ? true
    : /\d/.test(value) && /[A-Z]/.test(value) && /[^\w ,.:;'"-]/.test(value);
}
