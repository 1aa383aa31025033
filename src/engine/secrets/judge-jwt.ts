/** Judges JSON Web Tokens that stand by themselves in text: any header that names an algorithm will do. */
import { EVERY_COPY, REBUILD } from './advice.ts';
import { factsOfJwt, readJwt } from './facts/jwt.ts';
import type { FileKind } from './file-kind.ts';
import type { Detection, NamedValue, Rule } from './finding.ts';
import { ease } from './judge.ts';
import { isEverybodys } from './judge-key.ts';

/** First characters of a header in base64: a brace, a quote, and the first letter of a member's name. */
export const JWT_STARTS: readonly string[] = [
  ...Array.from('hijklmnopqrstuvwxyz0123456', (letter) => `eyJ${letter}`),
  'eyAi',
];
/** What may follow them: the upper bits of a small letter or a digit. */
export const JWT_SECONDS = 'YZabcdeMNO';
/** The longest token that is read, in characters. */
export const LONGEST_JWT = 8192;

const REVOKE: Record<string, string> = {
  Auth0: 'https://manage.auth0.com/',
  GitHub: 'https://github.com/settings/apps',
  'monday.com': 'https://monday.com/',
  Supabase: 'https://supabase.com/dashboard/project/_/settings/api-keys',
};

/**
 * The token that stands at the start of `text`, which ends where characters of tokens end. Sentences may
 * end in a dot that is not the token's.
 */
export function jwtAtStart(text: string): string | undefined {
  const parts = text.split('.', 8);
  while (parts.length > 3 && parts.at(-1) === '') parts.pop();
  if (parts.length !== 3 && parts.length !== 5) return undefined;
  const token = parts.join('.');
  return readJwt(token) ? token : undefined;
}

/** A token, or undefined for what only looks like one; `now` in milliseconds. */
export function judgeJwt(
  value: string,
  file: FileKind,
  named?: NamedValue,
  now = Date.now(),
): Detection | undefined {
  const jwt = readJwt(value);
  if (!jwt) return undefined;
  const told = factsOfJwt(jwt, now);
  const provider = told.facts['provider'] ?? '';
  const why = ['decodes as a JSON web token', ...told.why];
  if (named?.name) why.push(`bound to the name ${named.name}`);
  const base = told.severity ?? 'high';
  const lesser = (base === 'high' || base === 'medium') && isEverybodys(file, why);
  const severity = ease(lesser ? 'low' : base, file, why);
  return {
    rule: ruleOf(jwt.encrypted, provider),
    severity,
    confidence: told.confidence ?? 'high',
    value,
    why,
    facts: told.facts,
    ...(named?.name && { name: named.name }),
  };
}

function ruleOf(encrypted: boolean, provider: string): Rule {
  const what = encrypted ? 'Encrypted JSON web token' : 'JSON web token';
  const revoke = REVOKE[provider] ?? '';
  return {
    id: encrypted ? 'jwe' : 'jwt',
    title: provider ? `${what} (${provider})` : what,
    provider,
    severity: 'high',
    revoke,
    steps: [
      `End the session or delete the key that this token belongs to; where its issuer cannot, change the key that signs it. ${EVERY_COPY}`,
      REBUILD,
    ],
  };
}
