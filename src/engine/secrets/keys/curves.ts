/**
 * Public keys from private ones on the curves that keys use, in plain integers: a few milliseconds a key,
 * and only for keys that do not hold their public half; after some thousands of keys no more. Not constant
 * in time: there is nobody to hide from. Numbers from SEC 2 and RFC 7748 and 8032.
 */
import { sha512 } from '../../archive/sha512.ts';

interface Curve {
  /** Size of the field in bytes. */
  size: number;
  p: bigint;
  /** The equation's coefficient a. */
  a: bigint;
  x: bigint;
  y: bigint;
}

const P256 = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const P384 = 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n;
const CURVES: Record<string, Curve> = {
  'P-256': {
    size: 32,
    p: P256,
    a: P256 - 3n,
    x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
    y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
  },
  'P-384': {
    size: 48,
    p: P384,
    a: P384 - 3n,
    x: 0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7n,
    y: 0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5fn,
  },
  'P-521': {
    size: 66,
    p: 2n ** 521n - 1n,
    a: 2n ** 521n - 4n,
    x: 0xc6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66n,
    y: 0x11839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650n,
  },
  secp256k1: {
    size: 32,
    p: 2n ** 256n - 2n ** 32n - 977n,
    a: 0n,
    x: 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
    y: 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
  },
};

/** Multiplications left to this program: a hostile archive must not buy hours with kilobytes of keys. */
let left = 2000;

function mayMultiply(): boolean {
  return left > 0 && left-- > 0;
}

/** Size in bytes of a named curve's field, or undefined for curves that are not known here. */
export function curveSize(curve: string): number | undefined {
  return Object.hasOwn(CURVES, curve) ? CURVES[curve]?.size : undefined;
}

/** The uncompressed point (SEC 1) that belongs to a private number, or undefined where none does. */
export function ecPoint(curve: string, secret: Uint8Array): Uint8Array | undefined {
  const known = Object.hasOwn(CURVES, curve) ? CURVES[curve] : undefined;
  if (!known || secret.length > known.size + 1 || !mayMultiply()) return undefined;
  const point = multiply(known, toNumber(secret));
  if (!point) return undefined;
  const out = new Uint8Array(1 + 2 * known.size);
  out[0] = 4;
  out.set(toBytes(point.x, known.size), 1);
  out.set(toBytes(point.y, known.size), 1 + known.size);
  return out;
}

interface Point {
  x: bigint;
  y: bigint;
}

/** The generator times a number, in Jacobian coordinates: one inversion at the end. */
function multiply({ p, a, x, y }: Curve, times: bigint): Point | undefined {
  const mod = (n: bigint): bigint => ((n % p) + p) % p;
  let [rx, ry, rz] = [0n, 1n, 0n];
  for (let bit = BigInt(times.toString(2).length) - 1n; bit >= 0n; bit--) {
    if (rz !== 0n) {
      const yy = mod(ry * ry);
      const s = mod(4n * rx * yy);
      const z4 = mod(rz * rz) ** 2n;
      const m = mod(3n * rx * rx + a * z4);
      rz = mod(2n * ry * rz);
      rx = mod(m * m - 2n * s);
      ry = mod(m * (s - rx) - 8n * yy * yy);
    }
    if (((times >> bit) & 1n) === 0n) continue;
    if (rz === 0n) {
      [rx, ry, rz] = [x, y, 1n];
      continue;
    }
    const zz = mod(rz * rz);
    const h = mod(x * zz - rx);
    const r = mod(y * zz * rz - ry);
    if (h === 0n) return undefined; // only for numbers at the group's edge
    const hh = mod(h * h);
    const hhh = mod(h * hh);
    const v = mod(rx * hh);
    rz = mod(rz * h);
    rx = mod(r * r - hhh - 2n * v);
    ry = mod(r * (v - rx) - hhh * ry);
  }
  if (rz === 0n) return undefined;
  const inverse = invert(rz, p);
  return { x: mod(rx * inverse * inverse), y: mod(ry * inverse * inverse * inverse) };
}

const P25519 = 2n ** 255n - 19n;

/** The Ed25519 public key of a 32-byte seed (RFC 8032 §5.1.5). */
export function ed25519Public(seed: Uint8Array): Uint8Array | undefined {
  if (seed.length !== 32 || !mayMultiply()) return undefined;
  const scalar = clamped(sha512(seed).subarray(0, 32));
  const p = P25519;
  const mod = (n: bigint): bigint => ((n % p) + p) % p;
  const d = mod(-121665n * invert(121666n, p));
  const by = mod(4n * invert(5n, p));
  const bx = 0x216936d3cd6e53fec0a4e231fdd6dc5c692cc7609525a7b2c9562d608f25d51an;
  // Extended coordinates: x = X/Z, y = Y/Z, xy = T/Z; the sum's formulas serve for doubling too.
  type Extended = [bigint, bigint, bigint, bigint];
  const add = ([x1, y1, z1, t1]: Extended, [x2, y2, z2, t2]: Extended): Extended => {
    const a = mod((y1 - x1) * (y2 - x2));
    const b = mod((y1 + x1) * (y2 + x2));
    const c = mod(2n * d * mod(t1 * t2));
    const e = mod(2n * z1 * z2);
    const [f, g, h, i] = [b - a, e - c, e + c, b + a];
    return [mod(f * g), mod(h * i), mod(g * h), mod(f * i)];
  };
  let result: Extended = [0n, 1n, 1n, 0n];
  let base: Extended = [bx, by, 1n, mod(bx * by)];
  for (let rest = scalar; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = add(result, base);
    base = add(base, base);
  }
  const inverse = invert(result[2], p);
  const out = toBytes(mod(result[1] * inverse), 32).reverse();
  if ((mod(result[0] * inverse) & 1n) === 1n) out[31] = (out[31] as number) | 0x80;
  return out;
}

/** The X25519 public key of 32 private bytes (RFC 7748 §5), as WireGuard and age have it. */
export function x25519Public(secret: Uint8Array): Uint8Array | undefined {
  if (secret.length !== 32 || !mayMultiply()) return undefined;
  const p = P25519;
  const mod = (n: bigint): bigint => ((n % p) + p) % p;
  const scalar = clamped(secret);
  let [x2, z2, x3, z3] = [1n, 0n, 9n, 1n];
  for (let bit = 254n; bit >= 0n; bit--) {
    const swap = ((scalar >> bit) & 1n) === 1n;
    if (swap) [x2, x3, z2, z3] = [x3, x2, z3, z2];
    const a = x2 + z2;
    const b = x2 - z2;
    const aa = mod(a * a);
    const bb = mod(b * b);
    const e = aa - bb;
    const da = mod((x3 - z3) * a);
    const cb = mod((x3 + z3) * b);
    [x3, z3] = [mod((da + cb) ** 2n), mod(9n * (da - cb) ** 2n)];
    [x2, z2] = [mod(aa * bb), mod(e * (aa + 121665n * e))];
    if (swap) [x2, x3, z2, z3] = [x3, x2, z3, z2];
  }
  return toBytes(mod(x2 * invert(z2, p)), 32).reverse();
}

/** Little-endian bytes as both of these curves want them: three low bits off, the top bits fixed. */
function clamped(bytes: Uint8Array): bigint {
  const number = toNumber(bytes.slice().reverse());
  return (number & ((1n << 254n) - 8n)) | (1n << 254n);
}

/** By the extended algorithm of Euclid; `p` is prime. */
function invert(value: bigint, p: bigint): bigint {
  let [low, high] = [((value % p) + p) % p, p];
  let [lowTimes, highTimes] = [1n, 0n];
  while (low > 1n) {
    const quotient = high / low;
    [low, high] = [high - quotient * low, low];
    [lowTimes, highTimes] = [highTimes - quotient * lowTimes, lowTimes];
  }
  return ((lowTimes % p) + p) % p;
}

/** Big-endian bytes as a number. */
export function toNumber(bytes: Uint8Array): bigint {
  let hex = '0x0';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return BigInt(hex);
}

function toBytes(value: bigint, size: number): Uint8Array {
  const hex = value.toString(16).padStart(size * 2, '0');
  return Uint8Array.from({ length: size }, (_, i) => parseInt(hex.slice(i * 2, i * 2 + 2), 16));
}
