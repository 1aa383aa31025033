/** Private keys in DER: RSA (PKCS #1, RFC 8017), EC (SEC 1, RFC 5915), DSA as OpenSSL writes it, and PKCS #8 (RFC 5958), encrypted or not. */
import { curveSize, ecPoint } from './curves.ts';
import { derChildren, type DerNode, derSequence, oidKey, readDer, TAG } from './der.ts';
import { curvePublic } from './edwards-curves.ts';
import { type KeyContent, publicFacts, signerOf } from './key-content.ts';
import { decryptWith } from './password-decryption.ts';
import { readPasswordEncryption, tellEncryption } from './password-encryption.ts';
import { mayMultiply, power, toBytes, toNumber } from './prime-field.ts';
import { ALGORITHM_OIDS, bitLength, CURVE_OIDS, EDWARDS_OIDS } from './public-key.ts';

/** Algorithms of PKCS #8 that have no fingerprint here, by the contents of their identifiers. */
const OTHER_OIDS: Record<string, string> = {
  '2a864886f70d01010a': 'RSA-PSS',
  '2a864886f70d010301': 'Diffie-Hellman',
  '608648016503040311': 'ML-DSA-44',
  '608648016503040312': 'ML-DSA-65',
  '608648016503040313': 'ML-DSA-87',
  '608648016503040401': 'ML-KEM-512',
  '608648016503040402': 'ML-KEM-768',
  '608648016503040403': 'ML-KEM-1024',
};
const LONGEST_DSA = 4096; // bits
const SHORT_RSA = 1024; // bits; nothing that checks keys takes less

/** An unencrypted key in any of the forms; undefined where the bytes are none of them. */
export function readAsn1Key(bytes: Uint8Array): KeyContent | undefined {
  const nodes = derSequence(bytes);
  return nodes && (readPkcs8(nodes) ?? readDsa(nodes) ?? readRsa(nodes) ?? readEc(nodes, ''));
}

/** An encrypted PKCS #8 key: which encryption, and a body. */
export function readEncryptedPkcs8(bytes: Uint8Array): KeyContent | undefined {
  const [algorithm, body, more] = derSequence(bytes) ?? [];
  if (algorithm?.tag !== TAG.sequence || body?.tag !== TAG.octets || more) return undefined;
  if (body.bytes.length < 16 || oidKey(derChildren(algorithm.bytes)?.[0]) === '') return undefined;
  const scheme = readPasswordEncryption(algorithm);
  const told = scheme ? tellEncryption(scheme) : { facts: {}, why: [] };
  return { kind: 'PKCS #8', encrypted: true, ...told };
}

/** The key that an encrypted one opens to under a password, if that is right. */
export function openEncryptedPkcs8(bytes: Uint8Array, password: string): KeyContent | undefined {
  const [algorithm, body] = derSequence(bytes) ?? [];
  const scheme = algorithm && readPasswordEncryption(algorithm);
  const plain = scheme && body && decryptWith(scheme, body.bytes, password);
  return plain && readAsn1Key(plain);
}

function integers(nodes: readonly DerNode[], count: number): Uint8Array[] | undefined {
  const first = nodes.slice(0, count);
  return first.length === count &&
    first.every(({ tag, bytes }) => tag === TAG.integer && bytes.length > 0)
    ? first.map(({ bytes }) => bytes)
    : undefined;
}

function readRsa(nodes: readonly DerNode[]): KeyContent | undefined {
  const [version, n, e, , p, q] = integers(nodes, 6) ?? [];
  if (!version || !n || !e || !p || !q || version.length !== 1 || (version[0] as number) > 1)
    return undefined;
  const bits = bitLength(n);
  if (bits < 256 || bits > 16_384) return undefined;
  const why: string[] = [];
  const facts = publicFacts({ kind: 'RSA', n, e });
  // Keys of more than two primes are rare, and not checked.
  if (version[0] === 0 && toNumber(p) * toNumber(q) !== toNumber(n)) {
    facts['sound'] = 'no';
    why.push('its numbers do not belong together, so that it opens nothing');
  }
  if (bits < SHORT_RSA) why.push(`too short for anything that is in use: ${bits} bits`);
  return { kind: 'RSA', encrypted: false, facts, why, signer: { kind: 'RSA', n, e } };
}

function readDsa(nodes: readonly DerNode[]): KeyContent | undefined {
  const [version, p, q, g, y] = nodes.length === 6 ? (integers(nodes, 6) ?? []) : [];
  if (!version || !p || !q || !g || !y || bitLength(p) < 512) return undefined;
  return {
    kind: 'DSA',
    encrypted: false,
    facts: publicFacts({ kind: 'DSA', p, q, g, y }),
    why: [],
  };
}

/** SEC 1: version 1, the number, the curve in [0] and the point in [1], both of which may be left out. */
function readEc(nodes: readonly DerNode[], outerCurve: string): KeyContent | undefined {
  const [version, secret, ...more] = nodes;
  if (version?.tag !== TAG.integer || version.bytes.length !== 1 || version.bytes[0] !== 1)
    return undefined;
  if (secret?.tag !== TAG.octets || secret.bytes.length < 16 || secret.bytes.length > 72)
    return undefined;
  const inner = (tag: number): DerNode | undefined => {
    const node = more.find((one) => one.tag === tag);
    return node && readDer(node.bytes);
  };
  const curve = CURVE_OIDS[oidKey(inner(0xa0))] ?? outerCurve;
  const held = inner(0xa1);
  const point = held?.tag === TAG.bits ? held.bytes.subarray(1) : ecPoint(curve, secret.bytes);
  const content: KeyContent = { kind: 'EC', encrypted: false, facts: { algorithm: 'EC' }, why: [] };
  if (curve === '' || !point)
    return { ...content, facts: { algorithm: curve ? `EC, ${curve}` : 'EC' } };
  return {
    ...content,
    facts: publicFacts({ kind: 'EC', curve, point: uncompressed(curve, point, secret.bytes) }),
    signer: { kind: 'EC', curve, secret: secret.bytes },
  };
}

/** SSH and certificates commonly have both coordinates: a point with one is worked out again. */
function uncompressed(curve: string, point: Uint8Array, secret: Uint8Array): Uint8Array {
  const size = curveSize(curve);
  if (size === undefined || point.length === 1 + 2 * size) return point;
  return ecPoint(curve, secret) ?? point;
}

/** PKCS #8: version, algorithm, the key in an octet string, and perhaps attributes and the public key. */
function readPkcs8(nodes: readonly DerNode[]): KeyContent | undefined {
  const [version, algorithm, body, ...more] = nodes;
  if (version?.tag !== TAG.integer || algorithm?.tag !== TAG.sequence || body?.tag !== TAG.octets)
    return undefined;
  const [oid, parameters] = derChildren(algorithm.bytes) ?? [];
  const name = oidKey(oid);
  if (name === '' || body.bytes.length < 16) return undefined;
  const told = (content: KeyContent | undefined): KeyContent | undefined =>
    content && { ...content, kind: 'PKCS #8' };
  if (name === ALGORITHM_OIDS.rsa) return told(readRsa(derSequence(body.bytes) ?? []));
  if (name === ALGORITHM_OIDS.ec)
    return told(readEc(derSequence(body.bytes) ?? [], CURVE_OIDS[oidKey(parameters)] ?? ''));
  const facts = { algorithm: OTHER_OIDS[name] ?? 'unknown' };
  const plain: KeyContent = { kind: 'PKCS #8', encrypted: false, facts, why: [] };
  if (name === ALGORITHM_OIDS.dsa) return { ...plain, facts: dsaFacts(parameters, body.bytes) };
  const edwards = EDWARDS_OIDS[name];
  if (!edwards) return plain;
  const seed = readDer(body.bytes);
  if (seed?.tag !== TAG.octets) return undefined;
  const held = more.find(({ tag }) => tag === 0x81)?.bytes.subarray(1);
  const point = held ?? curvePublic(edwards, seed.bytes);
  if (!point) return { ...plain, facts: { algorithm: edwards } };
  const pair = { kind: edwards, point };
  const signer = signerOf(pair, seed.bytes);
  return { ...plain, facts: publicFacts(pair), ...(signer && { signer }) };
}

/** DSA: the three numbers of the domain beside the algorithm, the secret one in the body, the public one to be worked out. */
function dsaFacts(parameters: DerNode | undefined, body: Uint8Array): Record<string, string> {
  const domain = parameters?.tag === TAG.sequence ? derChildren(parameters.bytes) : undefined;
  const [p, q, g] = integers(domain ?? [], 3) ?? [];
  const secret = readDer(body);
  if (!p || !q || !g || secret?.tag !== TAG.integer) return { algorithm: 'DSA' };
  const bits = bitLength(p);
  const [modulus, exponent] = [toNumber(p), toNumber(secret.bytes)];
  if (bits > LONGEST_DSA || exponent >= modulus || modulus === 0n || !mayMultiply())
    return { algorithm: `DSA, ${bits} bits` };
  const y = toBytes(power(toNumber(g), exponent, modulus), Math.ceil(bits / 8));
  return publicFacts({ kind: 'DSA', p, q, g, y });
}
