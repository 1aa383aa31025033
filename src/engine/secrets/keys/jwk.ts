/** JSON Web Keys (RFC 7517) that hold their private part: `d` of a pair, `k` of a shared key. */
import { decodeBase64, parseObject } from '../facts/encodings.ts';
import { curveSize, ecPoint } from './curves.ts';
import { joinBytes } from './der.ts';
import { type CurveName, curvePublic } from './edwards-curves.ts';
import { type KeyContent, publicFacts, signerOf } from './key-content.ts';
import { bitLength, type PublicKey } from './public-key.ts';

/** How far from its `kty` a key's braces may stand, in characters. */
export const LONGEST_JWK = 4096;
const MEMBER = /["']kty\\?["']\s*:/y;

/**
 * The private JSON Web Key around the `kty` member at `at`: a flat object, in JSON, in JSON inside a string,
 * or in the single quotes of a program.
 */
export function jwkAt(
  text: string,
  at: number,
): (KeyContent & { block: string; start: number }) | undefined {
  MEMBER.lastIndex = at;
  if (!MEMBER.test(text)) return undefined;
  const start = text.lastIndexOf('{', at);
  const end = text.indexOf('}', at);
  if (start < 0 || end < 0 || at - start > LONGEST_JWK || end - at > LONGEST_JWK) return undefined;
  const block = text.slice(start, end + 1);
  const plain = block.replace(/\\+(["nrt])/g, (_, letter: string) => (letter === '"' ? '"' : ' '));
  const key = parseObject(plain) ?? parseObject(plain.replaceAll("'", '"').replace(/,\s*\}$/, '}'));
  const content = key && readJwk(key);
  return content && { ...content, block, start };
}

function readJwk(key: Record<string, unknown>): KeyContent | undefined {
  const bytes = (name: string): Uint8Array | undefined => {
    const value = key[name];
    return typeof value === 'string' ? decodeBase64(value) : undefined;
  };
  const kid = key['kid'];
  const facts: Record<string, string> =
    typeof kid === 'string' && kid ? { 'key ID': kid.slice(0, 200) } : {};
  const content: KeyContent = { kind: 'JWK', encrypted: false, facts, why: [] };
  if (key['kty'] === 'oct') {
    const shared = bytes('k');
    if (!shared || shared.length < 8) return undefined;
    facts['algorithm'] = `shared key, ${shared.length * 8} bits`;
    return content;
  }
  const secret = bytes('d');
  const pair = secret && publicOf(key, bytes, secret);
  if (!pair) return undefined;
  const signer = signerOf(pair, secret);
  return { ...content, facts: { ...facts, ...publicFacts(pair) }, ...(signer && { signer }) };
}

function publicOf(
  key: Record<string, unknown>,
  bytes: (name: string) => Uint8Array | undefined,
  secret: Uint8Array,
): PublicKey | undefined {
  const curve = typeof key['crv'] === 'string' ? key['crv'] : '';
  const [n, e, x, y] = [bytes('n'), bytes('e'), bytes('x'), bytes('y')];
  switch (key['kty']) {
    case 'RSA':
      return n && e && bitLength(n) >= 256 ? { kind: 'RSA', n, e } : undefined;
    case 'EC': {
      if (curveSize(curve) !== secret.length) return undefined;
      const point = x && y ? joinBytes(Uint8Array.of(4), x, y) : ecPoint(curve, secret);
      return point && { kind: 'EC', curve, point };
    }
    case 'OKP': {
      if (!/^(?:Ed25519|Ed448|X25519|X448)$/.test(curve)) return undefined;
      const kind = curve as CurveName;
      const point = x ?? curvePublic(kind, secret);
      return point && { kind, point };
    }
    default:
      return undefined;
  }
}
