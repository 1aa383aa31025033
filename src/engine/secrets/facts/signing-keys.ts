/** Proves without a network that a private key signed a token (RFC 7518, section 3; RFC 8037): both stand in the same image. */
import { readAsn1Key } from '../keys/asn1-key.ts';
import { ecPoint } from '../keys/curves.ts';
import { signedByEdwards } from '../keys/edwards-curves.ts';
import { jwkAt } from '../keys/jwk.ts';
import type { Signer } from '../keys/key-content.ts';
import { invert, modulo, toBytes, toNumber } from '../keys/prime-field.ts';
import { privateKeyAt } from '../private-key.ts';
import { decodeBase64 } from './encodings.ts';
import { hasSoundSignature, type Jwt, readJwt } from './jwt.ts';
import { HASHES, type RsaPadding, signedByRsa } from './rsa-signature.ts';
import type { ProvenFinding } from './signing-secrets.ts';

/** The curve of each algorithm, and the order of its group (SEC 2). */
const CURVES: Record<string, { curve: string; order: bigint }> = {
  ES256: {
    curve: 'P-256',
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  },
  ES256K: {
    curve: 'secp256k1',
    order: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
  },
  ES384: {
    curve: 'P-384',
    order:
      0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  },
  ES512: {
    curve: 'P-521',
    order:
      0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
  },
};
const PADDINGS: Record<string, RsaPadding> = { RS: 'PKCS #1', PS: 'PSS' };
const MOST_TOKENS = 50;
const MOST_KEYS = 20;

/** Writes into an image's findings which key signed which token; `now` in milliseconds. */
export function noteSigningKeys(findings: readonly ProvenFinding[], now = Date.now()): void {
  const tokens = findings
    .flatMap((finding) => {
      const jwt = readJwt(finding.secret.value);
      return jwt && /^(?:[ERP]S|Ed)/.test(jwt.algorithm) && hasSoundSignature(jwt)
        ? [{ finding, jwt }]
        : [];
    })
    .slice(0, MOST_TOKENS);
  if (tokens.length === 0) return;
  const keys = findings.filter(({ rule }) => rule.startsWith('private-key')).slice(0, MOST_KEYS);
  for (const key of keys) {
    const signer = signerOf(key.secret.value);
    if (!signer) continue;
    for (const { finding, jwt } of tokens) {
      if (!signed(signer, jwt)) continue;
      const expired = Number(jwt.claims?.['exp'] ?? Infinity) * 1000 <= now;
      // A test's key signs a test's token.
      const example = key.severity === 'info' && finding.severity === 'info';
      if (!expired && !example) key.severity = 'critical';
      key.facts['signs'] ??= finding.secret.preview;
      key.why.push(`it signs the token ${finding.secret.preview} found in this image`);
      finding.facts['signed by'] ??= `the private key ${key.facts['SPKI SHA-256'] ?? ''}`.trim();
      finding.why.push('signed by a private key found in this image');
    }
  }
}

/** The key in a finding's value: armour, a JSON Web Key, or DER in base64. */
function signerOf(value: string): Signer | undefined {
  if (value.startsWith('-----')) return privateKeyAt(value, 0)?.signer;
  const member = value.search(/["']kty/);
  if (member >= 0) return jwkAt(value, member)?.signer;
  const bytes = decodeBase64(value);
  return bytes && readAsn1Key(bytes)?.signer;
}

/** Whether a key made a token's signature. */
function signed(signer: Signer, { algorithm, signature, signed: text }: Jwt): boolean {
  const message = new TextEncoder().encode(text);
  if (signer.kind !== 'RSA' && signer.kind !== 'EC')
    return (
      (algorithm === 'EdDSA' || algorithm === signer.kind) &&
      signedByEdwards(signer.kind, signer.secret, message, signature)
    );
  const hash = HASHES[algorithm.slice(2, 5)];
  if (!hash) return false;
  const digest = hash.digest(message);
  if (signer.kind === 'EC') {
    const named = CURVES[algorithm];
    return named?.curve === signer.curve && signedByEc(signer, signature, digest, named.order);
  }
  const padding = PADDINGS[algorithm.slice(0, 2)];
  return padding !== undefined && signedByRsa(signer, padding, signature, hash, digest);
}

/**
 * With the private number at hand one multiplication will do: the point that the signature is checked by is the
 * generator times the sum of both factors.
 */
function signedByEc(
  { curve, secret }: Signer & { kind: 'EC' },
  signature: Uint8Array,
  digest: Uint8Array,
  order: bigint,
): boolean {
  const half = signature.length / 2;
  const [r, s] = [toNumber(signature.subarray(0, half)), toNumber(signature.subarray(half))];
  if (r === 0n || s === 0n || r >= order || s >= order) return false;
  const inverse = invert(s, order);
  const factor = modulo((toNumber(digest) + r * toNumber(secret)) * inverse, order);
  const point = factor === 0n ? undefined : ecPoint(curve, toBytes(factor, half));
  return point !== undefined && modulo(toNumber(point.subarray(1, 1 + half)), order) === r;
}
