/**
 * The one judge: is this value a secret, which one, how bad, how sure, and why, in words.
 * It looks at the value's own form, at what names it, and at where it stands.
 */
import { EVERY_COPY, REBUILD } from './advice.ts';
import { checksumOf } from './checksums.ts';
import { characterClasses, entropy, looksRandom } from './entropy.ts';
import { factsOfPair, notePair } from './facts/aws.ts';
import { withFacts } from './facts/facts-of.ts';
import type { FileKind } from './file-kind.ts';
import type { Confidence, Detection, NamedValue, Rule, Severity } from './finding.ts';
import { FORMATS, type FormatRow } from './formats.ts';
import { parseTemplate, type Template } from './format-template.ts';
import { hasContext, type NameKind, secretKind } from './names.ts';
import { looksLikeCode, placeholderReason, readsLikeWords } from './placeholders.ts';
import type { UrlCredentials } from './url-credentials.ts';
import { wireguardKey } from './wireguard.ts';

/** A format ready to be matched. */
export interface Format {
  row: FormatRow;
  template: Template;
  rule: Rule;
}

function ruleOf(row: FormatRow): Rule {
  const where = row.revoke ? ` at ${row.revoke.replace(/^https:\/\//, '')}` : '';
  const steps = [`Revoke it${where}. ${EVERY_COPY}`, REBUILD];
  if (row.step) steps.splice(1, 0, row.step);
  return {
    id: row.id,
    title: row.title,
    provider: row.provider,
    severity: row.severity,
    revoke: row.revoke,
    steps,
  };
}

/** Every format of the table, compiled. */
export const COMPILED: readonly Format[] = FORMATS.map((row) => ({
  row,
  template: parseTemplate(row.template),
  rule: ruleOf(row),
}));

/** Formats that only a name makes safe: they match whole values. */
const CONTEXTUAL = COMPILED.filter(({ row }) => row.context);
/** Formats that are recognised by themselves. */
export const SELF_EVIDENT: readonly Format[] = COMPILED.filter(({ row }) => !row.context);

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
  const { row, template, rule } = format;
  const body = withoutLiterals(value, template);
  if (entropy(body) < 2 || placeholderReason(body)) return undefined;
  const why = [`has the form of ${article(row.title)}`];
  let confidence: Confidence = 'high';
  let severity = row.severity;
  if (row.check) {
    const check = template.parts.at(-1);
    const length = check?.kind === 'run' ? check.max : 0;
    const literal = template.parts[0]?.kind === 'literal' ? template.parts[0].text : '';
    if (checksumOf(row.check, value.slice(0, -length), literal) === value.slice(-length)) {
      confidence = 'certain';
      why.push('its checksum is right');
    } else {
      confidence = 'low';
      severity = 'info';
      why.push('its checksum is wrong, so it cannot be a real one');
    }
  }
  if (named?.name) why.push(`bound to the name ${named.name}`);
  const eased = ease(severity, file, why);
  const detection = { rule, severity: eased, confidence, value, why, facts: {}, ...nameOf(named) };
  return withFacts(detection, file);
}

/** A value that something names: a context format, or a generic secret, or nothing. */
export function judgeNamed(named: NamedValue, file: FileKind): Detection | undefined {
  const scheme = /^(?:Bearer|Basic|Token)\s+(\S+)$/i.exec(named.value.trim());
  const kind =
    secretKind(named.name) ?? (scheme && /authorization$/i.test(named.name) ? 'token' : undefined);
  if (!kind || file.lock) return undefined;
  const value = scheme?.[1] ?? named.value.trim();
  if (value.length < 4 || value.length > 4096) return undefined;
  if (placeholderReason(value)) return undefined;
  const wireguard = wireguardKey(named, value);
  if (wireguard) return { ...wireguard, severity: ease('critical', file, wireguard.why) };
  return judgeContextual(named, value, file) ?? judgeGeneric(kind, named, value, file);
}

function judgeContextual(named: NamedValue, value: string, file: FileKind): Detection | undefined {
  for (const { row, template, rule } of CONTEXTUAL) {
    if (!template.whole.test(value) || !looksRandom(value)) continue;
    const context = row.context as readonly string[];
    const inName = hasContext(context, [named.name]);
    const near = inName ? undefined : named.context.find((text) => hasContext(context, [text]));
    if (!inName && near === undefined) continue;
    const why = [
      `${described(template)}, the form of ${article(row.title)}`,
      `bound to the name ${named.name}`,
    ];
    if (near) why.push(`${row.provider} is named beside it: ${near}`);
    const confidence: Confidence = 'high';
    const severity = ease(row.severity, file, why);
    const detection = { rule, severity, confidence, value, why, facts: {}, ...nameOf(named) };
    return withFacts(detection, file);
  }
  return undefined;
}

function judgeGeneric(
  kind: NameKind,
  named: NamedValue,
  value: string,
  file: FileKind,
): Detection | undefined {
  if (!named.exact && (looksLikeCode(value) || (file.code && !looksRandom(value))))
    return undefined;
  if (
    /\s/.test(value) ||
    readsLikeWords(value) ||
    value.startsWith('/') ||
    /^https?:/.test(value)
  ) {
    return undefined;
  }
  if (file.prose || hasSameWords(named.name, value) || isNotSecret(value)) return undefined;
  const random = looksRandom(value);
  const strong = random && value.length >= 20;
  if ((file.vendor || file.test) && !strong) return undefined;
  if (kind === 'password') {
    if (value.length < 6 || characterClasses(value) < 2 || !/\d|[^\w]/.test(value))
      return undefined;
    if (file.code && !file.config && value.length < 8) return undefined;
  } else if (!random) {
    const digits = (value.match(/\d/g) ?? []).length;
    if (value.length < 12 || digits < 2 || characterClasses(value) < 2 || entropy(value) < 3)
      return undefined;
  }
  const why = [`bound to the name ${named.name}`];
  if (random) why.push('looks drawn at random');
  if (named.where) why.push(named.where);
  let base: Severity = strong || kind === 'password' ? 'high' : 'medium';
  if (file.packaged || (file.vendor && !file.config)) {
    why.push('stands in the code of an installed package, which everybody has');
    base = 'low';
  }
  const severity = ease(base, file, why);
  return {
    rule: GENERIC[kind],
    severity,
    confidence: random ? 'medium' : 'low',
    value,
    why,
    facts: {},
    ...nameOf(named),
  };
}

/** A URL's password. */
export function judgeUrl(url: UrlCredentials, file: FileKind): Detection | undefined {
  const value = url.decoded;
  if (value.length < 4 || placeholderReason(value) || file.lock || file.prose) return undefined;
  if (
    /^(user(name)?|pass(word|wd)?|pw|pwd|secret|token|xxx+|host)$/i.test(value) ||
    value === url.user
  )
    return undefined;
  if ((file.vendor || file.test || url.user === '') && !looksRandom(value)) return undefined;
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
  const facts: Record<string, string> = {};
  if (url.host && !url.host.startsWith('{')) facts['host'] = url.host;
  if (url.user) facts['user'] = url.user;
  severity = ease(severity, file, why);
  const written = url.password === value ? {} : { written: url.password };
  return {
    rule: URL_PASSWORD,
    severity,
    confidence: 'medium',
    value,
    ...written,
    why,
    facts,
    name: url.user,
  };
}

/** Formats of which one half has a form and the other only stands beside it. */
const PAIRS: Record<string, { format: Format; pattern: RegExp }> = {
  'aws-akia': {
    format: COMPILED.find(({ row }) => row.id === 'aws-secret') as Format,
    pattern: /(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g,
  },
};

/** The other halves of a detection in the text around it, with where they stand in that text. */
export function judgePairs(
  detection: Detection,
  around: string,
  file: FileKind,
): { detection: Detection; start: number }[] {
  const pair = PAIRS[detection.rule.id];
  if (!pair) return [];
  const found = [...around.matchAll(pair.pattern)]
    .filter(
      ([value]) => looksRandom(value) && characterClasses(value) >= 3 && !placeholderReason(value),
    )
    .map((match) => {
      const { rule, row } = pair.format;
      const why = [
        `has the form of ${article(row.title)}`,
        `stands beside the ${detection.rule.title} ${detection.value}`,
      ];
      const severity = ease(rule.severity, file, why);
      const paired: Detection = {
        rule,
        severity,
        confidence: 'high',
        value: match[0],
        why,
        facts: factsOfPair(detection),
      };
      return { detection: paired, start: match.index };
    });
  notePair(detection, found.length);
  return found;
}

/** In others' packages and in tests a real form is commonly an example: kept, and said to be so. */
export function ease(severity: Severity, file: FileKind, why: string[]): Severity {
  if (file.test) {
    why.push('stands among tests or examples');
    return file.vendor ? 'info' : LESSER[severity];
  }
  if (file.vendor && file.prose) {
    why.push('stands in the documentation of an installed package');
    return 'info';
  }
  return severity;
}

function article(title: string): string {
  return /^[AEIO]|^(npm|xAI)/.test(title) ? `an ${title}` : `a ${title}`;
}

function nameOf(named: NamedValue | undefined): { name?: string } {
  return named?.name ? { name: named.name } : {};
}

function withoutLiterals(value: string, template: Template): string {
  let body = value;
  for (const part of template.parts)
    if (part.kind === 'literal') body = body.replace(part.text, '');
  return body;
}

function described(template: Template): string {
  const part = template.parts.find((piece) => piece.kind === 'run');
  if (!part || template.parts.length > 1) return 'a value of a known form';
  const alphabet = part.alphabet === 'hex' ? 'hex digits' : `${part.alphabet} characters`;
  return `${part.max} ${alphabet}`;
}

function hasSameWords(name: string, value: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  return plain(name).endsWith(plain(value));
}

/** Digests, UUIDs of things, public keys, versions, dates, numbers: random, and no secret. */
function isNotSecret(value: string): boolean {
  return (
    /^(sha\d+|md5)[:-]/i.test(value) ||
    /^(ssh-(rsa|ed25519|dss)|ecdsa-)/.test(value) ||
    /^-----BEGIN (PUBLIC|CERTIFICATE)/.test(value) ||
    /^[\d.,:+-]+$/.test(value) ||
    /^0x[0-9a-f]{40}$/i.test(value) || // an Ethereum address
    /^Ag[A-Za-z0-9+/]{300,}={0,2}$/.test(value) || // sealed for a cluster
    /^[a-z]+([._@-][a-z]+)+[._@-]?(v?\d+(\.\d+)*)?$/.test(value) || // names joined by signs
    /^arn:|^prod\/|^projects\//.test(value) ||
    /^v?\d+\.\d+/.test(value) ||
    /^\$(2[aby]|5|6|argon2\w*|pbkdf2\w*)\$/.test(value) ||
    /^pbkdf2_sha\d+\$/.test(value) ||
    /\.(py|js|ts|json|ya?ml|pem|key|crt|txt|html?|com|org|net|io|conf|cfg|xml|toml)$/i.test(value)
  );
}
