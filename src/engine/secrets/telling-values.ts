/**
 * Names that are a secret's only beside a value that looks like one: `DATA_KEY`, `SALT` and `SIGNING` with a value that
 * is drawn at random, `ALARM_PIN` with digits, `GRAFANA_AUTH` with a user and a password.
 */
import { base64Text } from './base64-text.ts';
import { isMadeUp } from './chosen-passwords.ts';
import { characterClasses, isDrawn } from './entropy.ts';
import type { FileKind } from './file-kind.ts';
import type { NamedValue } from './finding.ts';
import type { NameKind } from './names.ts';
import { isOther, isPublic, remembered, wordsOf } from './names.ts';
import { isNotSecret, isUuid } from './not-secrets.ts';
import { placeholderReason } from './placeholders.ts';
import { mayHoldWords, readsAsChosen } from './word-passwords.ts';

/** What a value of such a name may be. */
type Telling = 'drawn' | 'hex' | 'number' | 'account';

const WHOLE = /^(?:key|salt|signing|hmac)$/;
/** What is found by a key, and opens nothing: a digest is its key. */
const FOUND_BY =
  /^(?:site|item|order|product|queue|log|lock|route|routing|commit|git|content|asset|bundle|socket|write|gpg|pgp|encrypted|s3|config|etag|idempotency|image|build|dedup|dedupe|deduplication)$/;
const NUMBER = /(?:^|admin |user |door |card |security )pin$|^alarm (?:code|pin)$/;
const ACCOUNT =
  /(?:^| )(?:auth|basic(?:auth)?|htpasswd|login|creds|credentials?|userpass|userpwd|auth (?:users?|ident))$/;
/** A user and a password; a digest and a reference look so too. */
const PAIR = /^(?!sha\d|md5:|env:|plugin:)([A-Za-z][\w.@+-]{1,31}):([^\s:/,"'][^\s:,"']{5,63})$/;
const USUAL = /^(?:admin|root|ops|user|svc|app|service|monitor|stats|deploy|ci$|api$)/i;

/** A variable of the environment whose other words would make another sort of token of it: `LEGACY_TOKEN`. */
const VARIABLE = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_(?:TOKEN|SECRET|PASSWORD)$/;
const OF_PAGES = /\b(?:csrf|xsrf|next|prev(?:ious)?|continuation|cursor|bos|eos|pad|mask|unk)\b/;
/** What lists are read on with, and programs are let in with as well. */
const OF_LISTS = /(?:^| )(?:(?:sync|delta|watch|resume|skip|chunk) token|sync key)$/;
const LONG_HEX = /^(?:[0-9a-f]{32,128}|[0-9A-F]{32,128})$/;

const SECTIONS = /\.(?:json|ya?ml|toml|ini|cfg|conf)$/i;
const ENCODED = /^[\w+/.~-]+={0,2}$/;
/** Of a public key, as images that verify what they download have it; and a part of a UUID. */
const FINGERPRINT = /^[0-9A-F]{40}$|^(?=.*-)[0-9A-Fa-f-]+$/;

const told = remembered((name): Telling | undefined => {
  const words = wordsOf(name);
  const joined = words.join(' ');
  if (NUMBER.test(joined)) return 'number';
  if (WHOLE.test(joined)) return 'drawn';
  if (ACCOUNT.test(joined)) return 'account';
  if (isPublic(words)) return undefined;
  if (VARIABLE.test(name) && !OF_PAGES.test(joined)) return 'drawn';
  if (OF_LISTS.test(joined) && !OF_PAGES.test(joined)) return 'hex';
  if (words.at(-1) !== 'key') return undefined;
  return words.some(
    (word) => !/^(?:user|stream)$/.test(word) && (isOther(word) || FOUND_BY.test(word)),
  )
    ? undefined
    : 'drawn';
});

/** Whether a name may be a secret's if its value looks like one. */
export function mayBeTold(name: string): boolean {
  return told(name) !== undefined;
}

/** What a value says that it is, under a name that does not say it alone. */
export function toldByValue(name: string, value: string, file: FileKind): NameKind | undefined {
  const what = told(name);
  if (what === undefined || !mayHoldWords(file)) return undefined;
  if (what === 'account') return undefined;
  if (what === 'number' && file.config && /^\d{6,12}$/.test(value)) return 'password';
  if (what === 'hex') {
    // In JSON it is what a program was answered as often as what it was set.
    const set = file.config && !/\.json$/i.test(file.path);
    return set && LONG_HEX.test(value) && isDrawn(value) ? 'token' : undefined;
  }
  // A section's name says what its key is.
  if (/^key$/i.test(name) && SECTIONS.test(file.path)) return undefined;
  // A digest of SHA-1, by which a program finds something.
  if (/^key$/i.test(name) && !file.config && /^[0-9a-f]{40}$/.test(value)) return undefined;
  const drawn = isDrawn(value) && !isUuid(value) && ENCODED.test(value) && !FINGERPRINT.test(value);
  return drawn || (file.config && isMadeUp(value)) ? 'key' : undefined;
}

/** Whether a name says that its value is what someone logs in with: a user and a password, or several. */
export function namesAccounts(name: string): boolean {
  return told(name) === 'account';
}

/** The password of a value that is a user and a password, `listed` where others stand beside it; undefined for any other. */
export function accountPair(
  { name, listed }: NamedValue,
  value: string,
  file: FileKind,
): { user: string; password: string } | undefined {
  if (!namesAccounts(name) || !mayHoldWords(file)) return undefined;
  // Neo4j parts them with a slash; what Yarn is given may be in base64.
  const login = /^NEO4J_AUTH$/i.test(name)
    ? value.replace('/', ':')
    : /ident$/i.test(name) && !value.includes(':')
      ? (base64Text(value) ?? '')
      : value;
  const [, user = '', password = ''] = PAIR.exec(login) ?? [];
  if (user === '' || placeholderReason(password)) return undefined;
  const mixed = /\d/.test(password) && characterClasses(password) > 1 && !isNotSecret(password);
  return mixed || (((listed && file.config) || USUAL.test(user)) && readsAsChosen(password))
    ? { user, password }
    : undefined;
}
