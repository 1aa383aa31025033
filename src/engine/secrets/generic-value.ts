/** Whether a value may be the secret that its name announces, by its characters alone. */
import { isMadeUp } from './chosen-passwords.ts';
import { characterClasses, entropy } from './entropy.ts';
import type { FileKind } from './file-kind.ts';
import { isLetterPassword, isLetterToken, isWordlessToken } from './letter-token.ts';
import type { NameKind } from './names.ts';
import { isIdentifier, isUuid } from './not-secrets.ts';
import { readsLikeWords } from './placeholders.ts';
import { isOfService, mayHoldWords } from './word-passwords.ts';

/** A variable of the environment whose token may well be a UUID, as Consul's and Postmark's are. */
const VARIABLE = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_TOKEN$/;

/** Whether it may be one of this kind; `random` says that it looks drawn at random. */
export function isLikely(
  kind: NameKind,
  name: string,
  value: string,
  file: FileKind,
  random: boolean,
): boolean {
  if (readsLikeWords(value) && !isLetterToken(value)) return false;
  if (isUuid(value)) return kind !== 'credential' && (kind !== 'token' || VARIABLE.test(name));
  // What a service calls a secret is its peers' password.
  const shared = kind === 'secret' && /^secret$/i.test(name) && isOfService(file);
  if (kind === 'password' || shared) {
    if (name === 'PASS' && !file.config) return false; // the result of a test
    if (isLetterPassword(value)) return mayHoldWords(file);
    if (value.length < 6 || characterClasses(value) < 2 || !/\d|[^\w]/.test(value)) return false;
    return !file.code || file.config || value.length >= 8;
  }
  if (random) return true;
  if (file.config && !file.code && mayHoldWords(file) && isWordlessToken(value)) return true;
  if (isIdentifier(value)) return false;
  if (isMadeUp(value)) return true;
  const digits = (value.match(/\d/g) ?? []).length;
  return value.length >= 12 && digits >= 2 && characterClasses(value) >= 2 && entropy(value) >= 3;
}

/** A path or an address; what is drawn at random may begin with a slash too. */
export function isPath(value: string, strong: boolean): boolean {
  if (/^[a-z][a-z0-9+.-]{1,16}:\/\//i.test(value)) return true;
  if (/^[A-Za-z0-9+/]{38,128}={1,2}$/.test(value)) return false; // base64
  return /^(~|\.{1,2})?\/|^[A-Za-z]:\\/.test(value) && !(strong && !/[._-]|\/.*\/.*\//.test(value));
}

/** Whether a value only says its name again: the name of a message, a field, a constant. */
export function hasSameWords(name: string, value: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const [a, b] = [plain(name).replace(/\d+$/, ''), plain(value).replace(/\d+$/, '')];
  if (b === '') return false;
  return a.endsWith(b) || (a.length >= 6 && b.includes(a));
}
