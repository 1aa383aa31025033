/** Proves without a network that a secret signs a token: both stand in the same image, and the sum agrees. */
import type { Confidence, Severity } from '../finding.ts';
import { decodeBase64 } from './encodings.ts';
import { type HashBits, hmac } from './hmac.ts';
import { hasSoundSignature, type Jwt, readJwt } from './jwt.ts';

/** A secret or a token, as a finding has it. */
export interface ProofCandidate {
  /** The rule's ID. */
  rule: string;
  value: string;
}

/** A secret that signs a token; indexes into the candidates given. */
export interface SigningProof {
  secret: number;
  token: number;
  /** Whether the token's own time is over. */
  expired: boolean;
}

const BITS = new Map<string, HashBits>([
  ['HS256', 256],
  ['HS384', 384],
  ['HS512', 512],
]);
const ENCODER = new TextEncoder();
const MOST_TOKENS = 200;
const MOST_SECRETS = 5000;
const LONGEST_SECRET = 1024; // characters
const SHORTEST_SECRET = 4;
const MOST_BYTES = 64 << 20; // summed over all trials: about a second
/** Rules that nothing but a name tells; theirs are tried first. */
const NAMED_ONLY = /^generic-|secret|signing|jwt/;

/** Whether a token's signature was made with this secret, taken as text or as base64 of the key. */
export function provesJwt(secret: string, token: string): boolean {
  const jwt = readJwt(token);
  return jwt !== undefined && signs(secret, jwt);
}

/**
 * Every pair of a secret and a token that it signs; bounded to 200 tokens and 5000 secrets, and by the bytes that it takes.
 * `now` in milliseconds.
 */
export function proveSigningSecrets(
  candidates: readonly ProofCandidate[],
  now = Date.now(),
): SigningProof[] {
  const tokens: { index: number; jwt: Jwt }[] = [];
  const secrets: { index: number; value: string; named: boolean }[] = [];
  candidates.forEach(({ rule, value }, index) => {
    const jwt = readJwt(value);
    if (!jwt) {
      if (value.length >= SHORTEST_SECRET && value.length <= LONGEST_SECRET)
        secrets.push({ index, value, named: NAMED_ONLY.test(rule) });
    } else if (BITS.has(jwt.algorithm) && hasSoundSignature(jwt)) tokens.push({ index, jwt });
  });
  secrets.sort((a, b) => Number(b.named) - Number(a.named));
  const proofs: SigningProof[] = [];
  let budget = MOST_BYTES;
  const tried = tokens.slice(0, MOST_TOKENS).map((token) => {
    const expired = Number(token.jwt.claims?.['exp'] ?? Infinity) * 1000 <= now;
    return { ...token, expired };
  });
  for (const secret of secrets.slice(0, MOST_SECRETS)) {
    for (const token of tried) {
      budget -= 2 * (token.jwt.signed.length + 512);
      if (budget < 0) return proofs;
      if (signs(secret.value, token.jwt))
        proofs.push({ secret: secret.index, token: token.index, expired: token.expired });
    }
  }
  return proofs;
}

/** Those of some texts that sign one of the tokens among the values found; bounded as all proofs are. */
export function provenValues(texts: readonly string[], found: readonly string[]): string[] {
  const tokens = found.filter((value) => readJwt(value) !== undefined);
  if (tokens.length === 0) return [];
  const candidates = [...texts, ...tokens].map((value) => ({ rule: '', value }));
  const proven = new Set(proveSigningSecrets(candidates).map(({ secret }) => secret));
  return texts.filter((_, i) => proven.has(i));
}

/** As much of a finding as a proof changes. */
export interface ProvenFinding {
  rule: string;
  severity: Severity;
  confidence: Confidence;
  secret: { value: string; preview: string };
  why: string[];
  facts: Record<string, string>;
}

/**
 * Writes into an image's findings which secret signs which token. A secret that signs is certain; it is
 * critical where the token is still good, since then whoever issued it still takes what the secret signs.
 */
export function noteSigningSecrets(findings: readonly ProvenFinding[], now = Date.now()): void {
  const candidates = findings.map(({ rule, secret }) => ({ rule, value: secret.value }));
  for (const proof of proveSigningSecrets(candidates, now)) {
    const secret = findings[proof.secret];
    const token = findings[proof.token];
    if (!secret || !token) continue;
    secret.confidence = 'certain';
    // A test's secret signs a test's token.
    const example = secret.severity === 'info' && token.severity === 'info';
    if (!example)
      secret.severity = proof.expired && secret.severity !== 'critical' ? 'high' : 'critical';
    secret.facts['signs'] ??= token.secret.preview;
    secret.why.push(`it signs the token ${token.secret.preview} found in this image`);
    token.facts['signed by'] ??= secret.secret.preview;
    token.why.push(`signed by the secret ${secret.secret.preview} found in this image`);
  }
}

function signs(secret: string, jwt: Jwt): boolean {
  const bits = BITS.get(jwt.algorithm);
  if (bits === undefined || !hasSoundSignature(jwt) || secret.length > LONGEST_SECRET) return false;
  const message = ENCODER.encode(jwt.signed);
  return keysOf(secret).some((key) => {
    const expected = hmac(bits, key, message);
    return expected.every((byte, i) => byte === jwt.signature[i]);
  });
}

/** Libraries take a secret as text, or decode it; frameworks mark the second with `base64:`. */
function keysOf(secret: string): Uint8Array[] {
  const keys: Uint8Array[] = [ENCODER.encode(secret)];
  const decoded = decodeBase64(secret.replace(/^base64:/, ''));
  if (decoded && decoded.length >= 16) keys.push(decoded);
  if (/^(?:[0-9a-f]{2}){16,128}$/i.test(secret))
    keys.push(Uint8Array.from(secret.match(/../g) ?? [], (pair) => parseInt(pair, 16)));
  return keys;
}
