/**
 * The one judge: is this value a secret, which one, how bad, how sure, and why, in words.
 * It looks at the value's own form, at what names it, and at where it stands.
 */
import { EVERY_COPY, notReal, REBUILD } from './advice.ts';
import { article, described } from './article.ts';
import { base64Password, base64Text } from './base64-text.ts';
import { checksumOf } from './checksums.ts';
import { isChosen, isDottedPassword, isJoinedWords, namesAccount } from './chosen-passwords.ts';
import type { Format } from './compiled-formats.ts';
import { contextualFormat, mayBeDrawn, namesProviderKey } from './contextual-formats.ts';
import { entropy, isDrawnBody, isDrawnOfSigns, looksRandom } from './entropy.ts';
import { withFacts } from './facts/facts-of.ts';
import type { FileKind } from './file-kind.ts';
import type { Detection, NamedValue, Rule, Severity } from './finding.ts';
import type { Template } from './format-template.ts';
import { confidenceOf, isWordless } from './generic-confidence.ts';
import { hasSameWords, isLikely, isPath } from './generic-value.ts';
import { isUnread, JENKINS_SECRET, weightOf } from './generic-weight.ts';
import { googleAppPassword } from './google-app-password.ts';
import { isKnownExample } from './known-examples.ts';
import { isLetterToken } from './letter-token.ts';
import { listedKind } from './list-text.ts';
import { isLookAlike } from './look-alikes.ts';
import { AUTHORIZATION } from './name-hits.ts';
import { type NameKind, secretKind } from './names.ts';
import {
  isCiphertext,
  isNotSecret,
  isPasswordHash,
  isSaltedDigest,
  isUuid,
} from './not-secrets.ts';
import { judgeDisputed } from './disputed-place.ts';
import { isDotted, looksLikeCode, placeholderReason } from './placeholders.ts';
import { easePublished } from './published-secrets.ts';
import { accountPair, toldByValue } from './telling-values.ts';
import { hasStructure, isStructure, isSum } from './token-structure.ts';
import type { UrlCredentials } from './url-credentials.ts';
import { judgeWallet } from './wallet.ts';
import { wireguardKey } from './wireguard.ts';
import { isWordPassword } from './word-passwords.ts';

const generic = (kind: string, title: string, what: string): Rule => ({
  id: `generic-${kind}`,
  title,
  provider: '',
  severity: 'high',
  revoke: '',
  steps: [`Change the ${what} where it is used. ${EVERY_COPY}`, REBUILD],
});
const GENERIC: Record<NameKind, Rule> = {
  password: generic('password', 'Password', 'password'),
  token: generic('token', 'Token', 'token'),
  key: generic('key', 'Secret key', 'key'),
  secret: generic('secret', 'Secret value', 'secret'),
  credential: generic('credential', 'Credential', 'credential'),
};
const URL_PASSWORD: Rule = {
  id: 'url-password',
  title: 'Password in a connection string',
  provider: '',
  severity: 'high',
  revoke: '',
  steps: [`Change the password of this account. ${EVERY_COPY}`, REBUILD],
};
const PASSWORD_HASH: Rule = {
  id: 'password-hash',
  title: 'Hash of a password',
  provider: '',
  severity: 'info',
  revoke: '',
  steps: [`Change the password if it may be guessed. ${EVERY_COPY}`, REBUILD],
};
const LESSER: Record<Severity, Severity> = {
  critical: 'high',
  high: 'medium',
  medium: 'low',
  low: 'info',
  info: 'info',
};

/** A match of a self-evident format; `named` is what it is bound to, where that is known. */
export function judgeFormat(
  format: Format,
  value: string,
  file: FileKind,
  named?: NamedValue,
): Detection | undefined {
  const { row, template } = format;
  if (template.maxLength > template.literalLength) {
    const body = withoutLiterals(value, template);
    if (entropy(body) < 2 || placeholderReason(body)) return undefined;
    // Few fixed characters prove little: what follows them must not be words.
    if (!row.check && template.literalLength <= SHORT_LITERAL && !isDrawnBody(body))
      return undefined;
  }
  const why = [`has the form of ${article(row.title)}`];
  const proven = byProof(format, checked(format, value), why);
  if (named?.name) why.push(`bound to the name ${named.name}`);
  const detection: Detection = {
    ...proven,
    severity: ease(proven.severity, file, why),
    value,
    why,
    facts: {},
    ...nameOf(named),
  };
  return withFacts(detection, file);
}

const SHORT_LITERAL = 4;

interface Proof {
  what: string;
  right: boolean;
}

/** What a proof makes of a format's weight, told in `why`. */
function byProof(
  { row, rule }: Format,
  proof: Proof | undefined,
  why: string[],
): Pick<Detection, 'rule' | 'severity' | 'confidence'> {
  if (proof?.right) {
    why.push(`its ${proof.what} is right`);
    return { rule, severity: row.severity, confidence: 'certain' };
  }
  if (!proof || row.lenient) return { rule, severity: row.severity, confidence: 'high' };
  why.push(`its ${proof.what} is wrong, so it cannot be a real one`);
  return { rule: notReal(rule), severity: 'info', confidence: 'low' };
}

/** What a format's check says of a value; undefined where it has none. */
function checked({ row, template }: Format, value: string): Proof | undefined {
  const { check } = row;
  if (!check) return undefined;
  if (isStructure(check)) return { what: 'structure', right: hasStructure(check, value) };
  const [, before = '', written = ''] = template.whole.exec(value) ?? [];
  const first = template.parts[0];
  const literal = first?.kind === 'literal' ? (first.texts[0] ?? '') : '';
  const sum = checksumOf(check, before, literal);
  const right = sum === written || (row.lenient && sum === written.toUpperCase());
  return { what: 'checksum', right };
}

/** What tells how the rest is used; `{noop}` is how Spring marks a password that is not hashed. */
const SCHEME = /^(?:(Bearer|Basic|Token)\s+|\{(?:noop|plain|clear|cleartext)\})(\S+)$/i;

/** A value that something names: a context format, or a generic secret, or nothing. */
export function judgeNamed(named: NamedValue, file: FileKind): Detection | undefined {
  return judgeDisputed(file, (kind) => judgeNamedIn(named, kind));
}

function judgeNamedIn(named: NamedValue, file: FileKind): Detection | undefined {
  const wallet = file.lock ? undefined : judgeWallet(named.value.trim(), named);
  if (wallet) return { ...wallet, severity: ease(wallet.severity, file, wallet.why) };
  const scheme = SCHEME.exec(named.value.trim());
  const value = scheme?.[2] ?? named.value.trim();
  const pair = accountPair(named, value, file);
  const announced =
    named.kind ??
    named.called ??
    secretKind(named.name) ??
    (named.listed && listedKind(named.name)) ??
    (scheme && AUTHORIZATION.test(named.name) ? 'token' : undefined);
  const told = announced ? undefined : toldByValue(named.name, value, file);
  const kind = announced ?? told;
  if (file.lock || !(kind || pair || namesProviderKey(named.name))) return undefined;
  if (value.length < 4 || value.length > 4096) return undefined;
  if (named.kind === undefined && isLookAlike(named.name, value)) return undefined;
  if (isCiphertext(named.name, value, file.path)) return undefined;
  const basic = /^basic$/i.test(scheme?.[1] ?? '') && base64Password(value);
  const login = basic || pair;
  if (login) {
    if (placeholderReason(login.password)) return undefined;
    const coded = `${basic ? 'in base64, ' : ''}as the password of the user ${login.user}`;
    const facts = { ...named.facts, user: login.user };
    const inside: NamedValue = { ...named, kind: 'password', coded, facts };
    const found = judgeGeneric('password', inside, login.password, file);
    return found && (basic ? { ...found, written: value } : found);
  }
  const formed =
    JENKINS_SECRET.test(value) || DROPBOX.test(value) || (kind === 'key' && isDrawnOfSigns(value));
  if (placeholderReason(value) && !formed) return undefined;
  // Padding shows base64; what stands in it may be a placeholder too.
  if (value.endsWith('=') && placeholderReason(base64Text(value) ?? '')) return undefined;
  const wireguard = wireguardKey(named, value);
  if (wireguard) return { ...wireguard, severity: ease('critical', file, wireguard.why) };
  const mailbox =
    kind === 'password' && !file.messages ? googleAppPassword(named, value) : undefined;
  if (mailbox) return { ...mailbox, severity: ease('high', file, mailbox.why) };
  if (named.rule) return judgeRuled(named.rule, named, value, file);
  const found =
    judgeContextual(named, value, file) ??
    (kind ? judgeGeneric(kind, named, value, file, told !== undefined) : undefined);
  return found && easePublished(found);
}

/** A password's hash: it opens nothing by itself, and says that someone has the password. */
export function judgeHash(value: string, where: string, file: FileKind): Detection | undefined {
  if (file.lock || placeholderReason(value.slice(value.lastIndexOf('$') + 1))) return undefined;
  const why = [`the hash of a password, ${where}`, 'it has to be guessed before it opens anything'];
  return { rule: PASSWORD_HASH, severity: 'info', confidence: 'high', value, why, facts: {} };
}

/** A value that its file's format not only names but tells what it opens. */
function judgeRuled(
  rule: Rule,
  named: NamedValue,
  value: string,
  file: FileKind,
): Detection | undefined {
  if (isKnownExample(value) || isPasswordHash(value)) return undefined;
  const why = [`bound to the name ${named.name}`, named.where];
  const severity = ease(file.vendor ? 'low' : rule.severity, file, why);
  const facts = { ...named.facts };
  return { rule, severity, confidence: 'high', value, why, facts, ...nameOf(named) };
}

function judgeContextual(named: NamedValue, value: string, file: FileKind): Detection | undefined {
  const found = contextualFormat(value, named.name, named.context);
  if (!found) return undefined;
  const { format, near } = found;
  const { row, template } = format;
  const proof = checked(format, value);
  const body = withoutLiterals(value, template);
  const random = mayBeDrawn(body, near === undefined);
  // Only the value's own name and a sum that fails say what it was meant to be.
  const meant = near === undefined && isSum(row.check);
  if (!random && !proof?.right && !(proof && meant)) return undefined;
  if (proof && !proof.right && !row.lenient && !meant) return undefined;
  const why = [
    `${described(template)}, the form of ${article(row.title)}`,
    `bound to the name ${named.name}`,
  ];
  if (near !== undefined) why.push(`${row.provider || row.title} is named beside it: ${near}`);
  const proven = byProof(format, proof, why);
  const severity = ease(proven.severity, file, why);
  const facts = { ...named.facts };
  return withFacts({ ...proven, severity, value, why, facts, ...nameOf(named) }, file);
}

function judgeGeneric(
  kind: NameKind,
  named: NamedValue,
  value: string,
  file: FileKind,
  byValue = false,
): Detection | undefined {
  if (isKnownExample(value)) return undefined;
  const told = named.kind !== undefined;
  const signs = kind === 'key' && isDrawnOfSigns(value);
  const random = signs || looksRandom(value) || isLetterToken(value);
  const strong = random && value.length >= 20 && !isUuid(value);
  const words = !told && isWordPassword(kind, named, value, file);
  let chosen = words;
  if (!told && !words) {
    const dotted = kind === 'password' && file.config && !file.code && isDottedPassword(value);
    const code = looksLikeCode(value) && !dotted && !(isDotted(value) && !file.code);
    if (!named.exact && (code || (file.code && !random))) return undefined;
    const joined = file.config && namesAccount(named.name) && isJoinedWords(value);
    const password = kind === 'password' && (joined || dotted || /^\d{6,}$/.test(value));
    if (isNotSecret(value) && !password && !signs) return undefined;
    if (hasSameWords(named.name, value) || (!signs && isPath(value, strong))) return undefined;
    // A lexer's tokens are words and expressions.
    if (named.listed && file.code && kind !== 'password' && !signs && !LISTED.test(value))
      return undefined;
    // Lists of passwords in code are of those that are refused.
    const unread = isUnread(file) || (named.listed && !file.config);
    if (unread && !strong) return undefined;
    // No label in any language is drawn at random.
    if (file.messages && !(random && /\d/.test(value) && isWordless(value))) return undefined;
    const settings = file.config || named.connection;
    chosen = !strong && settings === true && isChosen(named.name, kind, value);
    if (!chosen && !signs && (/\s/.test(value) || !isLikely(kind, named.name, value, file, random)))
      return undefined;
  } else if (isPasswordHash(value)) return undefined;
  if (kind === 'password' && isSaltedDigest(value)) return undefined;
  const why = [`bound to the name ${named.name}`];
  if (named.where) why.push(named.where);
  if (named.coded) why.push(named.coded);
  if (random) why.push(isWordless(value) ? 'looks drawn at random' : 'mixed as passwords are');
  else if (chosen) why.push('looks like a password that a person has chosen');
  const guessed = byValue || (chosen && !namesAccount(named.name) && !/\d/.test(value));
  const base = weightOf({ kind, value, strong, told, guessed }, file, why);
  const severity = ease(base, file, why);
  return {
    rule: GENERIC[kind],
    severity,
    confidence: confidenceOf({ value, random, told }),
    value,
    why,
    facts: { ...named.facts },
    ...nameOf(named),
  };
}

/** What tokens and keys in a list of code are made of. */
const LISTED = /^(?=.*\d)[\w.~+/=:@-]+$/;

/** A token of Dropbox has ten equal letters in its middle, as placeholders do. */
const DROPBOX = /^[A-Za-z0-9]{11}A{10}[\w-]{43}$/;

/** A URL's password. */
export function judgeUrl(url: UrlCredentials, file: FileKind): Detection | undefined {
  return judgeDisputed(file, (kind) => judgeUrlIn(url, kind));
}

function judgeUrlIn(url: UrlCredentials, file: FileKind): Detection | undefined {
  const value = url.decoded;
  if (value.length < 4 || placeholderReason(value) || isKnownExample(value)) return undefined;
  if (
    /^(user(name)?|pass(word|wd)?|pw|pwd|secret|token|xxx+|host|key_?\d+)$/i.test(value) ||
    /^[A-Z]+(?:_[A-Z]+)*_(?:KEY|PASSWORD|SECRET|TOKEN)$/.test(value) ||
    value === url.user
  )
    return undefined;
  // Where a user would stand alone, only a token counts.
  const random = looksRandom(value);
  if ((isUnread(file) || file.lock || url.tokenOnly) && !random) return undefined;
  if (!random && /^[a-z]+$/.test(value) && file.code && !file.config) return undefined;
  const why = [`stands as the password in a ${url.scheme || 'connection'} URL`];
  if (url.user) why.push(`of the user ${url.user}`);
  const example = /^(www\.)?example\.(com|org|net)$|^(host(name)?|server|your.*)$/i.test(url.host);
  const local = /^(localhost|127\.|0\.0\.0\.0|\[::1\])/.test(url.host);
  let severity: Severity = 'high';
  if (example) return undefined;
  if (local) {
    severity = 'medium';
    why.push('the host is the machine itself');
  }
  if (url.tokenOnly && /(^|\.)sentry\.|\.ingest\./.test(url.host)) {
    severity = 'info';
    why.push('a key for reporting errors to Sentry, which programs give to everybody');
  }
  const facts: Record<string, string> = {};
  if (/^[\w[]/.test(url.host)) facts['host'] = url.host;
  if (url.user) facts['user'] = url.user;
  if (!random && (file.vendor || file.test || file.prose)) {
    why.push('where examples stand, most passwords are made up');
    severity = 'info';
  }
  severity = ease(severity, file, why);
  const written = url.password === value ? {} : { written: url.password };
  return {
    rule: URL_PASSWORD,
    severity,
    confidence: confidenceOf({ value, random, told: true }),
    value,
    ...written,
    why,
    facts,
    name: url.user,
  };
}

/** In others' packages and in tests a real form is commonly an example: kept, and said to be so. */
export function ease(severity: Severity, file: FileKind, why: string[]): Severity {
  if (file.test) {
    why.push('stands among tests or examples');
    return file.vendor ? 'info' : LESSER[severity];
  }
  if (file.library) {
    why.push('compiled into an installed library, which everybody has');
    return 'info';
  }
  if (file.vendor && file.prose) {
    why.push('stands in the documentation of an installed package');
    return 'info';
  }
  return severity;
}

function nameOf(named: NamedValue | undefined): { name?: string } {
  return named?.name ? { name: named.name } : {};
}

function withoutLiterals(value: string, template: Template): string {
  let body = value;
  for (const part of template.parts) {
    if (part.kind !== 'literal') continue;
    const text = part.texts.find((one) => one !== '' && body.includes(one));
    if (text !== undefined) body = body.replace(text, '');
  }
  return body;
}
