/**
 * Hits of the prefilter on parts of names: cheap tests on bytes that leave only names which announce a
 * secret and have something bound to them. Most hits end here, before any text is decoded.
 */
import { asciiText, charactersOf } from '../archive/plain-text.ts';
import { ACCOUNT_MAP_TRIGGERS, namesAccountMap } from './account-maps.ts';
import { byteSet } from './byte-set.ts';
import { namesProviderKey } from './contextual-formats.ts';
import { isAmong, listedKind } from './list-text.ts';
import { isNameCode, MAX_NAME, trimName } from './named-text.ts';
import { remembered, secretKind } from './names.ts';
import { mayBeTold } from './telling-values.ts';
import { namesPhrase } from './wallet.ts';

/** A name in bytes. */
export interface NameHit {
  name: string;
  start: number;
  end: number;
}

/** Where the name around `at` ends, within the longest that is read. */
export function nameEndAt(bytes: Uint8Array, at: number): number {
  const most = Math.min(bytes.length, at + MAX_NAME);
  let end = at;
  while (end < most && isNameCode(bytes[end] as number)) end++;
  return end;
}

/** The name around `at` that ends at `end`, if it announces a secret and something may be bound to it. */
export function nameHit(bytes: Uint8Array, at: number, end: number): NameHit | undefined {
  const least = Math.max(0, at - MAX_NAME);
  let start = at;
  while (start > least && isNameCode(bytes[start - 1] as number)) start--;
  // A digest of a Secret, as charts of Helm write it.
  if (
    bytes[start - 1] === 0x2f &&
    charactersOf(bytes, Math.max(0, start - 9), start - 1) === 'checksum'
  )
    return undefined;
  if (start < at && bytes[start - 1] === 0x5c && isEscape(bytes[start] as number)) start++;
  if (!mayBind(bytes, start, end)) return undefined;
  const name = trimName(asciiText(bytes, start, end) ?? '');
  return announces(name) ? { name, start, end } : undefined;
}

/** Whether a name announces a secret, or may where its value looks like one. */
const announces = remembered(
  (name) =>
    secretKind(name) !== undefined ||
    listedKind(name) !== undefined ||
    AUTHORIZATION.test(name) ||
    mayBeTold(name) ||
    namesAccountMap(name) ||
    namesProviderKey(name) ||
    namesPhrase(name),
);

/** The letter of an escape, as in `\n`: no part of the name behind it. */
export function isEscape(byte: number): boolean {
  return byte === 0x6e || byte === 0x72 || byte === 0x74;
}

/** Headers whose value begins with a scheme and goes on with a token. */
export const AUTHORIZATION = /authorization$/i;

const BINDING = byteSet('=:,>({[|?!~');
const QUOTES = byteSet('"\'`\\*');
const SPACES = byteSet(' \t\r');
const FAR = 40;
const LONGEST_PATH = 96; // bytes before its last part

/** Whether a sign that binds, or a word where one may follow, stands behind a name. */
function mayBind(bytes: Uint8Array, start: number, end: number): boolean {
  let i = end;
  const most = Math.min(bytes.length, end + FAR);
  while (i < most && QUOTES[bytes[i] as number]) i++;
  const quoted = i > end;
  while (i < most && SPACES[bytes[i] as number]) i++;
  if (i >= bytes.length) return false;
  const next = bytes[i] as number;
  if (BINDING[next] || next === 0x5d || next === 0x29 || next === 0x2b) return true;
  if (next === 0x7d) return isElement(bytes, start);
  // Quotes as a page's attributes have them.
  if (next === 0x26) return bytes[i + 1] === 0x71 || bytes[i + 1] === 0x23;
  // A type of Basic, and a question of debconf's.
  if (next === 0x41 && bytes[i + 1] === 0x73 && i > end) return true;
  if (next === 0x70 && bytes[start - 1] === 0x2f && bytes[i + 8] === 0x20) return true;
  if (next === 0x3c || (next === 0x2f && quoted)) return true; // a tag ends
  if (next === 0x2d)
    return (
      bytes[i + 1] === 0x3e ||
      bytes[start - 1] === 0x2d ||
      isCompared(bytes, start, i) ||
      // rootpw --plaintext
      (bytes[i + 1] === 0x2d && bytes[i + 2] === 0x70 && beginsLine(bytes, start))
    );
  // A length in Redis's protocol, and one as PHP serialises.
  if (next === 0x0a && bytes[i + 1] === 0x24) return true;
  if (next === 0x3b) return quoted && bytes[i + 1] === 0x73 && bytes[i + 2] === 0x3a;
  if (next === 0x0a) return quoted || bytes[start] === 0x2d || isPairName(bytes, start);
  // A word behind spaces: an option, a statement, a type, an attribute, a setting.
  if (i === end) return false;
  if (quoted)
    return (
      next === 0x76 || // value=
      next === 0x56 ||
      QUOTES[next] === 1 ||
      bytes[start - 2] === 0x3d || // name="…" type="…" value=
      isCompared(bytes, start, i)
    );
  if (QUOTES[next]) return true;
  return (
    bytes[start - 1] === 0x2d ||
    bytes[start] === 0x2d ||
    (next === 0x73 && bytes[i + 1] === 0x74) || // a Go string
    (next === 0x62 && bytes[i + 1] === 0x79) || // by lazy
    (next === 0x67 && bytes[i + 1] === 0x65) || // get() =
    isAmong(bytes, end) ||
    isCompared(bytes, start, i) ||
    followsHeader(bytes, start) ||
    beginsLine(bytes, start) ||
    followsLogin(bytes, start)
  );
}

/** Whether a name stands between braces behind a variable, as an element of a hash does: `$h->{name}`. */
function isElement(bytes: Uint8Array, start: number): boolean {
  const quoted = QUOTES[bytes[start - 1] as number] === 1 ? 1 : 0;
  const before = bytes[start - 2 - quoted] as number;
  return (
    bytes[start - 1 - quoted] === 0x7b &&
    (before === 0x3e || before === 0x7d || isNameCode(before)) &&
    before !== 0x24
  );
}

/** Words that compare what stands before them, as Perl's and PowerShell's `eq` and Objective-C's `isEqual`. */
const COMPARES = /^(?:-[ic]?(?:eq|ne)|eq|ne|to|isE)/;

/** Whether a name is compared with what stands behind it, at `next`, or before it. */
function isCompared(bytes: Uint8Array, start: number, next: number): boolean {
  return (
    COMPARES.test(charactersOf(bytes, next, Math.min(bytes.length, next + 4))) ||
    /[=!]= ?$/.test(charactersOf(bytes, Math.max(0, start - 3), start))
  );
}

/** Where the path begins whose last part is a name, as stores of parameters have it: `/prod/db/password`. */
function behindPath(bytes: Uint8Array, start: number): number {
  if (bytes[start - 1] !== 0x2f) return start;
  let at = start;
  const least = Math.max(0, start - LONGEST_PATH);
  while (at > least && (bytes[at - 1] === 0x2f || isNameCode(bytes[at - 1] as number))) at--;
  return at;
}

/** `name: X` at the end of a line, its value on the next. */
function isPairName(bytes: Uint8Array, start: number): boolean {
  let i = behindPath(bytes, start) - 1;
  const from = i;
  while (i > 0 && from - i < 5 && (SPACES[bytes[i] as number] || QUOTES[bytes[i] as number])) i--;
  return bytes[i] === 0x3a || bytes[i] === 0x3d;
}

/** Whether a name is its line's first word, or its second behind `ENV`, `ARG`, `set` or `#define` and options. */
function beginsLine(bytes: Uint8Array, start: number): boolean {
  let words = 0;
  for (let i = start - 1; i >= Math.max(0, start - 24); i--) {
    const byte = bytes[i] as number;
    if (byte === 0x0a) return true;
    if (!SPACES[byte]) {
      if (SPACES[bytes[i + 1] as number]) words++;
      if (words > 1) return SET.test(charactersOf(bytes, Math.max(0, start - 24), start));
    } else if (words === 1 && bytes[i + 1] === 0x2d) words--;
  }
  return start < 24;
}

/** Behind other words on its line: `fish -c 'set -gx NAME …'`, `: 1700000000:0;setenv NAME …`. */
const SET = /\bset(?:env|x|(?: -{1,2}\w{1,12}){1,3}) $/;

/** Whether `set-header` or the like stands before a name. */
function followsHeader(bytes: Uint8Array, start: number): boolean {
  return (
    bytes[start - 1] === 0x20 &&
    bytes[start - 2] === 0x72 &&
    bytes[start - 3] === 0x65 &&
    bytes[start - 4] === 0x64
  );
}

/** Whether a netrc's `login` stands before a name on its line. */
function followsLogin(bytes: Uint8Array, start: number): boolean {
  if (bytes[start] !== 0x70) return false;
  for (let i = start - 2; i > Math.max(4, start - 72); i--) {
    if (bytes[i] === 0x0a) return false;
    if (
      bytes[i] === 0x20 &&
      bytes[i - 1] === 0x6e &&
      bytes[i - 5] === 0x6c &&
      bytes[i - 2] === 0x69
    )
      return true;
  }
  return false;
}

/** Whether a tag or a bar stands behind a name, and perhaps a colon: it may be one cell, its value in the next. */
export function endsCell(bytes: Uint8Array, end: number): boolean {
  let i = end;
  const most = Math.min(bytes.length, end + FAR);
  while (i < most && (SPACES[bytes[i] as number] || bytes[i] === 0x3a || bytes[i] === 0x2a)) i++;
  return bytes[i] === 0x7c || (bytes[i] === 0x3c && bytes[i + 1] !== 0x2d);
}

/** In binary data only `NAME=value`, `"name": "value"`, `Name: value` and `<name>value` are read. */
export function bindsInBinary(bytes: Uint8Array, end: number): boolean {
  const byte = bytes[end];
  const next = bytes[end + 1];
  return (
    byte === 0x3d ||
    byte === 0x3e ||
    (byte === 0x22 && next === 0x3a) ||
    (byte === 0x3a && next === 0x20)
  );
}

/** Parts of names that announce a secret; what follows them is then read as a name. */
const NAME_PARTS = (
  'passw passph passcode _pass dbpass rootpass adminpass smtppass mailpass userpass controlpass sshpass requirepass storepass keypass ' +
  'pass= pass: pass" pass\' pass> {pass} {pw} pwd} "pw" \'pw\' .pw" _pw= pat= _pat _salt _pwd pwd= pwd: pwd" pwd> _pw: _pw" _pw\' bindpw rootpw authtok psk= masterauth ' +
  'secret token credential _creds _key -key .key apikey accesskey accountkey privatekey secretkey authkey masterkey ' +
  'jwtkey validationkey encryptkey enckey webhookkey cryptokey stripekey openaikey twiliokey sendgridkey symmetrickey fernetkey decryptionkey ' +
  'jwt_sign jwt.sign jwt-sign jwtsign signingkey encryptionkey licensekey servicekey sharedkey appkey clientkey storagekey cipherkey aeskey hmackey ' +
  'sessionkey cookiekey deploykey presharedkey pepper _auth= _auth: _auth" _auth\' -auth: -auth" basicauth basic_auth basic-auth ' +
  'auth_users auth-users bearer _jwt mnemonic seedphrase seed_phrase seed-phrase recovery_phrase recoveryphrase authorization ' +
  'securestring kennwort senha contrasena motdepasse .pw= -pw= _psw otp_seed erlang_cookie erlang-cookie secure-cookie _basic= _basic: ' +
  '_login= _login: alarm_code _pin= _pin: reporter_id writekey accounts: accounts" de_passe de-passe haslo wachtwoord parola heslo jelszo salasana losenord ' +
  'adgangskode lozinka sifre clear-text= npmauthident'
).split(' ');
/** The same, with a space in them. */
const SPACED_PARTS = [
  '_pw =',
  '_pw :',
  '_pw ',
  '_auth ',
  ' pw:',
  ' pw =',
  'pass =',
  'pass :',
  'pwd =',
  'pwd :',
  'psk =',
  '_login =',
];
/** Names too short, or too common within others, to be looked for but where they are whole and bound to a value. */
const WHOLE = 'auth jwt signing hmac salt pw creds pin key'.split(' ');
const WHOLE_PARTS = WHOLE.flatMap((name) => [
  `\n${name}=`,
  `\n${name} `,
  ` ${name} = "`,
  ` ${name} = '`,
  // In a section a key is read by the section's name; registries and hashes have an `auth` and a salt of their own.
  ...(name === 'key' ? [] : [` ${name}: `, `\n${name}: `, `{${name}: `]),
  ...(/^(?:key|auth|salt)$/.test(name) ? [] : [`"${name}": "`, `"${name}":"`]),
]);

/** Whether a file's first bytes are such a name: no line ends before it. */
export function beginsWithWhole(bytes: Uint8Array): boolean {
  const end = nameEndAt(bytes, 0);
  return end < 8 && WHOLE.includes(charactersOf(bytes, 0, end).toLowerCase());
}

/** What the prefilter looks for; case does not matter. */
export const NAME_TRIGGERS: readonly string[] = [
  ...NAME_PARTS,
  ...SPACED_PARTS,
  ...WHOLE_PARTS,
  ...ACCOUNT_MAP_TRIGGERS,
];
