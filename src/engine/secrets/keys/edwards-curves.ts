/**
 * Public keys from private ones on Curve25519 and Curve448, for exchanges (RFC 7748) and for signatures (RFC 8032):
 * some milliseconds a key, and for no more than some thousands of keys.
 */
import { sha512 } from '../../archive/sha512.ts';
import { joinBytes } from './der.ts';
import { invert, mayMultiply, modulo, toBytes, toNumber } from './prime-field.ts';
import { shake256 } from './shake256.ts';

/** The algorithms, by their names in RFC 8410. */
export type CurveName = 'Ed25519' | 'Ed448' | 'X25519' | 'X448';

const P25519 = 2n ** 255n - 19n;
const P448 = 2n ** 448n - 2n ** 224n - 1n;

/** A curve in Montgomery's form. */
interface Montgomery {
  p: bigint;
  /** Bytes of a key. */
  size: number;
  /** (A - 2) / 4 of the curve's coefficient A. */
  a24: bigint;
  /** Where the base point stands. */
  u: bigint;
}

/** A curve in Edwards's form: `a`x² + y² = 1 + `d`x²y². */
interface Edwards {
  p: bigint;
  size: number;
  a: bigint;
  d: bigint;
  x: bigint;
  y: bigint;
  /** How many multiples the base point has. */
  order: bigint;
  hash: (seed: Uint8Array) => Uint8Array;
  /** What is hashed before a signature's own parts. */
  domain: Uint8Array;
}

const X25519: Montgomery = { p: P25519, size: 32, a24: 121_665n, u: 9n };
const X448: Montgomery = { p: P448, size: 56, a24: 39_081n, u: 5n };
const ED25519: Edwards = {
  p: P25519,
  size: 32,
  a: -1n,
  d: modulo(-121_665n * invert(121_666n, P25519), P25519),
  x: 0x216936d3cd6e53fec0a4e231fdd6dc5c692cc7609525a7b2c9562d608f25d51an,
  y: modulo(4n * invert(5n, P25519), P25519),
  order: 2n ** 252n + 27742317777372353535851937790883648493n,
  hash: sha512,
  domain: new Uint8Array(),
};
const ED448: Edwards = {
  p: P448,
  size: 57,
  a: 1n,
  d: -39_081n,
  x: 0x4f1970c66bed0ded221d15a622bf36da9e146570470f1767ea6de324a3d3a46412ae1af72ab66511433b80e18b00938e2626a82bc70cc05en,
  y: 0x693f46716eb6bc248876203756c9c7624bea73736ca3984087789c1e05a0c2d73ad3ff1ce67c39c4fdbd132c4ed7c8ad9808795bf230fa14n,
  order: 2n ** 446n - 13818066809895115352007386748515426880336692474882178609894547503885n,
  hash: (seed) => shake256(seed, 114),
  domain: Uint8Array.from('SigEd448\0\0', (letter) => letter.charCodeAt(0)),
};

/** The public key of a private one; undefined for one of another length. */
export function curvePublic(name: CurveName, secret: Uint8Array): Uint8Array | undefined {
  switch (name) {
    case 'X25519':
      return montgomeryPublic(X25519, secret);
    case 'X448':
      return montgomeryPublic(X448, secret);
    case 'Ed25519':
      return edwardsPublic(ED25519, secret);
    case 'Ed448':
      return edwardsPublic(ED448, secret);
  }
}

/**
 * Whether a private key made a signature (RFC 8032, sections 5.1.7 and 5.2.7). With the private number at hand the
 * signature's point is the base point times the difference of both factors.
 */
export function signedByEdwards(
  name: 'Ed25519' | 'Ed448',
  seed: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const curve = name === 'Ed25519' ? ED25519 : ED448;
  const { size, order, hash, domain } = curve;
  const own = signature.length === 2 * size ? edwardsPublic(curve, seed) : undefined;
  if (!own || !mayMultiply()) return false;
  const point = signature.subarray(0, size);
  const factor = littleEndian(hash(joinBytes(domain, point, own, message)));
  const sum = littleEndian(signature.subarray(size));
  const scalar = modulo(sum - factor * clamped(hash(seed).subarray(0, size)), order);
  return sum < order && edwardsMultiple(curve, scalar).every((byte, i) => byte === point[i]);
}

/** Of a 32-byte or 57-byte seed (RFC 8032, sections 5.1.5 and 5.2.5). */
function edwardsPublic(curve: Edwards, seed: Uint8Array): Uint8Array | undefined {
  if (seed.length !== curve.size || !mayMultiply()) return undefined;
  return edwardsMultiple(curve, clamped(curve.hash(seed).subarray(0, curve.size)));
}

/** A multiple of the base point, as keys and signatures write it. */
function edwardsMultiple({ p, size, a, d, x, y }: Edwards, scalar: bigint): Uint8Array {
  const mod = (n: bigint): bigint => modulo(n, p);
  // Projective coordinates: x = X/Z, y = Y/Z; the sum's formulas serve for doubling too.
  type Point = [bigint, bigint, bigint];
  const add = ([x1, y1, z1]: Point, [x2, y2, z2]: Point): Point => {
    const zz = mod(z1 * z2);
    const squared = mod(zz * zz);
    const xx = mod(x1 * x2);
    const yy = mod(y1 * y2);
    const e = mod(d * xx * yy);
    const [f, g] = [mod(squared - e), mod(squared + e)];
    const x3 = mod(zz * f * mod((x1 + y1) * (x2 + y2) - xx - yy));
    return [x3, mod(zz * g * mod(yy - a * xx)), mod(f * g)];
  };
  let result: Point = [0n, 1n, 1n];
  let base: Point = [x, y, 1n];
  for (let rest = scalar; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = add(result, base);
    base = add(base, base);
  }
  const inverse = invert(result[2], p);
  const out = toBytes(mod(result[1] * inverse), size).reverse();
  if ((mod(result[0] * inverse) & 1n) === 1n) out[size - 1] = (out[size - 1] as number) | 0x80;
  return out;
}

/** Of 32 or 56 private bytes (RFC 7748, section 5), as WireGuard and age have it. */
function montgomeryPublic(curve: Montgomery, secret: Uint8Array): Uint8Array | undefined {
  const { p, size, a24, u } = curve;
  if (secret.length !== size || !mayMultiply()) return undefined;
  const mod = (n: bigint): bigint => modulo(n, p);
  const scalar = clamped(secret);
  let [x2, z2, x3, z3] = [1n, 0n, u, 1n];
  for (let bit = BigInt(8 * size - 1); bit >= 0n; bit--) {
    const swap = ((scalar >> bit) & 1n) === 1n;
    if (swap) [x2, x3, z2, z3] = [x3, x2, z3, z2];
    const a = x2 + z2;
    const b = x2 - z2;
    const aa = mod(a * a);
    const bb = mod(b * b);
    const e = aa - bb;
    const da = mod((x3 - z3) * a);
    const cb = mod((x3 + z3) * b);
    [x3, z3] = [mod((da + cb) ** 2n), mod(u * (da - cb) ** 2n)];
    [x2, z2] = [mod(aa * bb), mod(e * (aa + a24 * e))];
    if (swap) [x2, x3, z2, z3] = [x3, x2, z3, z2];
  }
  return toBytes(mod(x2 * invert(z2, p)), size).reverse();
}

/** Little-endian bytes as these curves want them: the low bits off, the highest bit fixed. */
function clamped(bytes: Uint8Array): bigint {
  const number = littleEndian(bytes);
  return bytes.length === 32
    ? (number & ((1n << 254n) - 8n)) | (1n << 254n)
    : (number & ((1n << 447n) - 4n)) | (1n << 447n);
}

function littleEndian(bytes: Uint8Array): bigint {
  return toNumber(bytes.slice().reverse());
}
