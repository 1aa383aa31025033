/**
 * JSON Web Tokens (RFC 7519, signed as in RFC 7515, encrypted as in RFC 7516): what their readable parts
 * say of who issued them, for whom, for what and until when.
 */
import { decodeBase64, decodeJson, isObject } from './encodings.ts';
import { issuerOf } from './jwt-issuers.ts';
import { FactsBuilder, type TokenFacts } from './token-facts.ts';

/** A token's parts. `claims` is undefined where they are encrypted. */
export interface Jwt {
  header: Record<string, unknown>;
  claims?: Record<string, unknown>;
  /** The signature's algorithm; of an encrypted token, the key's. */
  algorithm: string;
  /** What is signed: the first two parts as they stand. */
  signed: string;
  /** Empty where there is none. */
  signature: Uint8Array;
  encrypted: boolean;
}

/** Bytes of signatures whose length the algorithm fixes. */
const SIGNATURE_BYTES: Record<string, number> = {
  HS256: 32,
  HS384: 48,
  HS512: 64,
  ES256: 64,
  ES256K: 64,
  ES384: 96,
  ES512: 132,
  Ed25519: 64,
  Ed448: 114,
};
const LONGEST_JWT = 8192;
const PARTS = /^(eyJ[\w-]{4,}|eyA[\w-]{4,})\.([\w-]*)\.([\w-]*)(?:\.([\w-]+)\.([\w-]+))?$/;

/** Reads a token; undefined unless its header is JSON that names an algorithm. */
export function readJwt(text: string): Jwt | undefined {
  const match = text.length <= LONGEST_JWT ? PARTS.exec(text) : null;
  if (!match) return undefined;
  const [, head = '', second = '', third = '', , fifth] = match;
  const header = decodeJson(head);
  const algorithm = header?.['alg'];
  if (!header || (typeof algorithm !== 'string' && typeof header['enc'] !== 'string'))
    return undefined;
  const encrypted = fifth !== undefined;
  if (encrypted !== (typeof header['enc'] === 'string')) return undefined;
  const jwt = {
    header,
    algorithm: typeof algorithm === 'string' ? algorithm : '',
    signed: `${head}.${second}`,
    encrypted,
  };
  if (encrypted) return { ...jwt, signature: new Uint8Array() };
  const signature = third === '' ? new Uint8Array() : decodeBase64(third);
  const claims = decodeJson(second);
  if (!signature || !claims) return undefined;
  return { ...jwt, claims, signature };
}

/** Whether the signature has the length that its algorithm gives. */
export function hasSoundSignature({ algorithm, signature }: Jwt): boolean {
  const length = SIGNATURE_BYTES[algorithm];
  if (length !== undefined) return signature.length === length;
  if (algorithm === 'EdDSA') return signature.length === 64 || signature.length === 114;
  return /^[RP]S(?:256|384|512)$/.test(algorithm) && signature.length >= 128;
}

/** The facts of a token given as text; `now` in milliseconds. */
export function tellJwt(text: string, now: number): TokenFacts | undefined {
  const jwt = readJwt(text);
  return jwt && factsOfJwt(jwt, now);
}

/** The facts of a token that has been read. */
export function factsOfJwt(jwt: Jwt, now: number): TokenFacts {
  const told = new FactsBuilder().fact('algorithm', jwt.algorithm);
  const { claims } = jwt;
  if (!claims) {
    told.fact('encryption', jwt.header['enc']).fact('key ID', jwt.header['kid']).weighs('medium');
    return told.because('its claims are encrypted').proven();
  }
  const issuer = issuerOf(jwt.header, claims);
  told.fact('issuer', claims['iss']).fact('user', claims['email'] ?? claims['sub']);
  told
    .fact('audience', claims['aud'])
    .fact('scope', scopeOf(claims))
    .fact('key ID', jwt.header['kid']);
  told.fact('provider', issuer.provider).date('issued', claims['iat']);
  for (const [key, value] of Object.entries(issuer.facts)) told.fact(key, value);
  told.expires(claims['exp'], now);
  if (claims['exp'] === undefined) {
    if (issuer.expires !== undefined) told.expires(issuer.expires, now);
    else told.fact('expires', 'never').because('never expires');
  }
  told.weighs(issuer.severity ?? (names(claims) ? 'high' : 'medium'));
  told.why.push(...issuer.why);
  return judgeSignature(jwt, told);
}

/** Unsigned and published ones open nothing; a signature of the right length proves the form. */
function judgeSignature(jwt: Jwt, told: FactsBuilder): FactsBuilder {
  if (jwt.signature.length === 0 || /^none$/i.test(jwt.algorithm)) {
    told.severity = 'info';
    return told.because('carries no signature');
  }
  if (isExample(jwt.claims ?? {})) {
    told.severity = 'info';
    return told.because('says what the example of the documentation says');
  }
  return hasSoundSignature(jwt) ? told.proven() : told;
}

/** The example that most documentation repeats. */
function isExample(claims: Record<string, unknown>): boolean {
  return (
    claims['sub'] === '1234567890' && (claims['exp'] === undefined || claims['name'] === 'John Doe')
  );
}

/** Whether the claims name anyone: a token that names nobody is often a licence or a state. */
function names(claims: Record<string, unknown>): boolean {
  return [
    'iss',
    'sub',
    'aud',
    'scope',
    'scp',
    'role',
    'roles',
    'client_id',
    'user_id',
    'uid',
    'email',
  ].some((name) => claims[name] !== undefined);
}

function scopeOf(claims: Record<string, unknown>): unknown {
  const access = claims['realm_access'];
  const roles = isObject(access) ? access['roles'] : undefined;
  return (
    claims['scope'] ??
    claims['scp'] ??
    claims['role'] ??
    claims['roles'] ??
    claims['permissions'] ??
    roles
  );
}
