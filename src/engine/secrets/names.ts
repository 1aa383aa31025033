/** What a name says of the value it is bound to: `github_token` names a secret, `token_url` does not. */
import { detached } from '../archive/plain-text.ts';

/** A kind of secret that a name can announce. */
export type NameKind = 'password' | 'token' | 'key' | 'secret' | 'credential';

const OTHER = 0;
const LOWER = 1;
const DIGIT = 2;
const UPPER = 3;
const KINDS = Uint8Array.from({ length: 128 }, (_, code) =>
  code >= 0x61 && code <= 0x7a
    ? LOWER
    : code >= 0x41 && code <= 0x5a
      ? UPPER
      : code >= 0x30 && code <= 0x39
        ? DIGIT
        : OTHER,
);
let lastName = ''; // several questions are put to one name after the other
let lastWords: readonly string[] = [];

/** Splits a name into lower-case words: `accessToken`, `ACCESS_TOKEN`, `access-token` are the same. */
export function wordsOf(name: string): readonly string[] {
  if (name !== lastName) {
    lastWords = splitWords(name);
    lastName = name;
  }
  return lastWords;
}

function splitWords(name: string): string[] {
  const words: string[] = [];
  let start = -1; // of the word at hand
  let before = OTHER;
  for (let at = 0; at < name.length; at++) {
    const kind = KINDS[name.charCodeAt(at)] ?? OTHER;
    if (kind === OTHER) {
      if (start >= 0) words.push(name.slice(start, at).toLowerCase());
      start = -1;
    } else if (start < 0) start = at;
    else if (kind === UPPER && before !== UPPER) {
      words.push(name.slice(start, at).toLowerCase());
      start = at;
    } else if (kind === LOWER && before === UPPER && at - 1 > start) {
      // `HTTPServer`: the last capital begins the next word.
      words.push(name.slice(start, at - 1).toLowerCase());
      start = at - 1;
    }
    before = kind;
  }
  if (start >= 0) words.push(name.slice(start).toLowerCase());
  return words;
}

const PASSWORD = new Set(
  (
    'password passwd pwd passphrase passcode pass passwort pw psk kennwort senha contrasena ' +
    'motdepasse authtok psw passe haslo wachtwoord parola heslo jelszo salasana losenord adgangskode ' +
    'lozinka sifre'
  ).split(' '),
);
/** The same in languages whose letters no program's names are made of. */
export const FOREIGN_PASSWORDS =
  'contraseña hasło lösenord jelszó şifre пароль 密码 密碼 パスワード 비밀번호';
const FOREIGN_PASSWORD = new RegExp(FOREIGN_PASSWORDS.replaceAll(' ', '|'), 'i');
const COMPOUND =
  /(password|passwd|passphrase|^(user|db|ssh|require|root|admin|control|smtp|mail|ftp|my|store|key|sql|redis|ldap|proxy|http|remote|imap|wifi|vpn)pass|(db|bind|root|user|admin)pw|masterauth)$/;
/** Names of statements and commands that take a password. */
const TAKES_PASSWORD =
  /^(?:identified by|database key|convertto-securestring|auth|basicauth|login|clear-text)$/i;
/** Words that make a secret of a key behind them. */
export const KEY_BEFORE: ReadonlySet<string> = new Set(
  (
    'api access secret private signing encryption auth account master service hmac jwt license app ' +
    'application client shared webhook deploy storage crypto cookie session stripe openai anthropic ' +
    'mailgun sendgrid twilio fernet nonce logged hash github gitlab aws azure gcp google datadog ' +
    'sentry algolia cloudflare symmetric decryption cipher aes x admin internal partner vault server fcm maps ' +
    'backup payment sms gateway subscription telemetry crypt meilisearch elastic flask relic ' +
    'preshared validation hashids deterministic'
  ).split(' '),
);
/** Whose `auth` is a password: `REDIS_AUTH`. */
const AUTH_BEFORE = new Set(['x', 'redis', 'http', 'basic', 'admin', 'mongo', 'proxy', 'smtp']);
/** Whose `auth` is a token: `TWILIO_AUTH`. */
const AUTH_TOKEN_BEFORE = new Set(['twilio', 'npm', 'internal', 'service', 'gateway', 'webhook']);
/** Names in one word. */
const GLUED: Partial<Record<NameKind, string>> = {
  key:
    'apikey accesskey secretkey privatekey secretaccesskey authkey accountkey sharedaccesskey encryptionkey masterkey ' +
    'signingkey sharedkey appkey servicekey secretkeybase pepper',
  token: 'apitoken authtoken accesstoken identitytoken token pat jwt bearer',
  secret: 'clientsecret secretstring secret secrets',
  password: 'securestring',
  credential: 'credential credentials creds',
};
const GLUED_KIND = new Map(
  Object.entries(GLUED).flatMap(([kind, names]) =>
    names.split(' ').map((name) => [name, kind as NameKind] as const),
  ),
);
/** The words of which one ends in every name that announces a secret, and is not a foreign one. */
export const WORDS_OF_SECRETS: readonly string[] = [
  ...PASSWORD,
  ...GLUED_KIND.keys(),
  ...'auth key salt seed cookie authorization identifiedby basicauth login'.split(' '),
];
/** A word and the one before it: only together they name a secret. */
const TOGETHER = /^(?:(?:t?otp|[m2]fa) seed|erlang cookie|secure cookie)$/;

/** Words behind the secret's own that make the name mean something else. */
const OTHER_THING = new Set(
  (
    'path file filename dir directory folder url uri urls endpoint name names username id ids field fields label type types kind ' +
    'length len size min max count num number limit regex regexp pattern re prefix suffix header headers format formats expiry ' +
    'expires expiration ttl timeout lifetime age hint placeholder prompt help text message messages title description class cls ' +
    'policy policies error errors exception public pub hash hashes hashed hasher algorithm alg algo encoding arn ref reference ' +
    'version template column attr attribute input param params parameter env lookup store storage provider manager validator ' +
    'validators generator reset change confirm confirmation required enabled allowed index idx offset start end begin pos ' +
    'position map list set dict cache handler callback func function method mode state status flag flags option options ' +
    'strength score rule rules check checker verify verification test tests scope scopes usage source view views form forms ' +
    'page serializer model table query request requests response endpoints host port mount secretname location alias color ' +
    'icon button link html css script widget event action code codes count counter stream string str bytes char chars parser ' +
    'tokenizer spec schema resolver backend middleware decorator module package digest fingerprint checksum signature sig ' +
    'protected commit rev revision sha sha1 sha256 sha512 md5 gitsha mint contract etag cursor group groups role roles owner user users principal domain realm grant auth authentication authorization exchange ' +
    'endpoint info metadata object var variable vars constant keyword keywords word words sep separator ' +
    'helper encryption hashing complexity history expired authenticator plugin file_path age min askpass feedback present missing used verifier invalid incorrect wrong mismatch weak feature tip tooltip caption warning warn shape constructor hasher hashers encoder decoder'
  ).split(' '),
);
/** Words before it that do the same: a parser's token is no token. */
const OTHER_SORT = new Set(
  (
    'page cursor continuation etag scroll checkpoint paging authenticity bos eos pad mask unk sep cls special stop next prev previous last first current num n max min total end start begin ' +
    'lex lexer parse parser syntax comment string number name operator keyword no non not is has use without missing invalid bad ' +
    'empty forgot forgotten reset change show hide toggle enter confirm your public ssh_host sort primary foreign ' +
    'partition map dict lookup row column hot index shortcut translation i18n msg message error field bucket object ' +
    'request action grant pagination unique composite root_key legacy input output unexpected expected'
  ).split(' '),
);

/** Words before a token alone that make it a place in a list, or a page's own; a secret or a key is one behind them. */
const OTHER_TOKEN = new Set('sync resume watch skip delta chunk csrf xsrf'.split(' '));
/** Words further ahead that make one of it nevertheless. */
const OPENS = /^(?:api|auth|access|secret)$/;
/** Words before a key that only checks or finds something. */
const OTHER_KEY = new Set('gpg pgp verify verifying md5 sha1 idempotency dedup'.split(' '));

/** Whether a word makes another thing, or another sort, of what a name would announce. */
export function isOther(word: string): boolean {
  return OTHER_THING.has(word) || OTHER_SORT.has(word) || OTHER_TOKEN.has(word);
}

/** Before a password, in the name of a question. */
const PREDICATE = /^(?:has|is|can|needs?|requires?|without)$/;

/** Whether a name's last words make a key behind it a secret: `client` in `client.key`. */
export function precedesKey(name: string): boolean {
  return wordsOf(name)
    .slice(-2)
    .some((word) => word.length > 1 && KEY_BEFORE.has(word));
}

const MOST_KNOWN = 50_000; // names repeat: most of an image's are asked for thousands of times

/** A question to names that remembers its answers, up to `most` of them. */
export function remembered<T>(ask: (name: string) => T, most = MOST_KNOWN): (name: string) => T {
  const answers = new Map<string, T>();
  return (name) => {
    let answer = answers.get(name);
    if (answer === undefined && !answers.has(name)) {
      answer = ask(name);
      if (answers.size >= most) answers.clear();
      answers.set(detached(name), answer);
    }
    return answer as T;
  };
}

/** The kind of secret a name announces, or undefined where it does not. */
export const secretKind: (name: string) => NameKind | undefined = remembered(announced);

/** Whether a name is that of a call whose argument is a password. */
export function takesSecret(name: string): boolean {
  return TAKES_PASSWORD.test(name);
}

/** Whether a word of a name, as `wordsOf` gives it, means a password. */
export function isPasswordWord(word: string): boolean {
  const plain = word.replace(/\d{1,3}$/, '');
  return isWordForPassword(plain) || COMPOUND.test(plain);
}

/** Whether a word in lower case is one language's for a password, and no more. */
export function isWordForPassword(word: string): boolean {
  return PASSWORD.has(word);
}

/** What programs give to everybody, under names that would be a secret's: what a browser reports by, or sends a form with. */
const PUBLIC =
  /(?:^| )(?:public|publishable|site ?key|(?:pusher|bugsnag|amplitude)(?: app| api)? key|mixpanel(?: project)? token|(?:datadog|dd) client token|request verification token|(?:algolia search|search only)(?: api)? key)(?: |$)/;

/** Whether the words of a name say that what it names is public. */
export function isPublic(words: readonly string[]): boolean {
  return PUBLIC.test(words.join(' '));
}

/** What Rails and GitLab derive their keys from, and encrypt columns with. */
const OF_RAILS = /(?:^| )(?:\w+ key base|encryption primary key)$/;

function announced(name: string): NameKind | undefined {
  if (TAKES_PASSWORD.test(name)) return 'password';
  if (FOREIGN_PASSWORD.test(name)) return 'password';
  const words = wordsOf(name);
  if (isPublic(words)) return undefined;
  if (OF_RAILS.test(words.join(' '))) return 'key';
  for (let i = words.length - 1; i >= 0; i--) {
    const kind = kindOfWord(words, i);
    if (!kind) {
      if (OTHER_THING.has(words[i] as string)) return undefined;
      continue;
    }
    const before = words[i - 1];
    if (before === undefined) return kind;
    return isOtherSort(kind, before, words[i - 2] ?? '') ? undefined : kind;
  }
  return undefined;
}

/** Whether the words before it make another sort of what a kind's own word announces. */
function isOtherSort(kind: NameKind, before: string, ahead: string): boolean {
  if (kind === 'password') return PREDICATE.test(before);
  if (OTHER_SORT.has(before)) return true;
  if (kind === 'token') return OTHER_TOKEN.has(before) && !OPENS.test(ahead);
  return kind === 'key' && OTHER_KEY.has(before);
}

function kindOfWord(words: readonly string[], i: number): NameKind | undefined {
  const word = (words[i] as string).replace(/\d{1,3}$/, '');
  if (isPasswordWord(word)) return 'password';
  const glued = GLUED_KIND.get(word);
  if (glued) return glued;
  if (TOGETHER.test(`${words[i - 1]} ${word}`)) return 'secret';
  if (word === 'auth') {
    const before = words[i - 1] as string;
    if (AUTH_BEFORE.has(before)) return 'password';
    if (AUTH_TOKEN_BEFORE.has(before)) return 'token';
  }
  if (word === 'key' || word === 'salt') {
    for (let j = i - 1; j >= Math.max(0, i - 2); j--)
      if (KEY_BEFORE.has(words[j] as string)) return 'key';
  }
  return undefined;
}
