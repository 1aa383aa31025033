/**
 * Public keys from private ones on curves in Weierstrass's form: a few milliseconds a key, and only for keys that do
 * not hold their public half; after some thousands of keys no more. Numbers from SEC 2 and RFC 5639.
 */
import { invert, mayMultiply, modulo, toBytes, toNumber } from './prime-field.ts';

interface Curve {
  /** Size of the field in bytes. */
  size: number;
  p: bigint;
  /** The equation's coefficient a. */
  a: bigint;
  x: bigint;
  y: bigint;
}

const P192 = 2n ** 192n - 2n ** 64n - 1n;
const P224 = 2n ** 224n - 2n ** 96n + 1n;
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
  'P-192': {
    size: 24,
    p: P192,
    a: P192 - 3n,
    x: 0x188da80eb03090f67cbf20eb43a18800f4ff0afd82ff1012n,
    y: 0x7192b95ffc8da78631011ed6b24cdd573f977a11e794811n,
  },
  'P-224': {
    size: 28,
    p: P224,
    a: P224 - 3n,
    x: 0xb70e0cbd6bb4bf7f321390b94a03c1d356c21122343280d6115c1d21n,
    y: 0xbd376388b5f723fb4c22dfe6cd4375a05a07476444d5819985007e34n,
  },
  brainpoolP256r1: {
    size: 32,
    p: 0xa9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377n,
    a: 0x7d5a0975fc2c3057eef67530417affe7fb8055c126dc5c6ce94a4b44f330b5d9n,
    x: 0x8bd2aeb9cb7e57cb2c4b482ffc81b7afb9de27e1e3bd23c23a4453bd9ace3262n,
    y: 0x547ef835c3dac4fd97f8461a14611dc9c27745132ded8e545c1d54c72f046997n,
  },
  brainpoolP384r1: {
    size: 48,
    p: 0x8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b412b1da197fb71123acd3a729901d1a71874700133107ec53n,
    a: 0x7bc382c63d8c150c3c72080ace05afa0c2bea28e4fb22787139165efba91f90f8aa5814a503ad4eb04a8c7dd22ce2826n,
    x: 0x1d1c64f068cf45ffa2a63a81b7c13f6b8847a3e77ef14fe3db7fcafe0cbd10e8e826e03436d646aaef87b2e247d4af1en,
    y: 0x8abe1d7520f9c2a45cb1eb8e95cfd55262b70b29feec5864e19c054ff99129280e4646217791811142820341263c5315n,
  },
  brainpoolP512r1: {
    size: 64,
    p: 0xaadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca703308717d4d9b009bc66842aecda12ae6a380e62881ff2f2d82c68528aa6056583a48f3n,
    a: 0x7830a3318b603b89e2327145ac234cc594cbdd8d3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94can,
    x: 0x81aee4bdd82ed9645a21322e9c4c6a9385ed9f70b5d916c1b43b62eef4d0098eff3b1f78e2d0d48d50d1687b93b97d5f7c6d5047406a5e688b352209bcb9f822n,
    y: 0x7dde385d566332ecc0eabfa9cf7822fdf209f70024a57b1aa000c55b881f8111b2dcde494a5f485e5bca4bd88a2763aed1ca2b2fa8f0540678cd1e0f3ad80892n,
  },
};

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
  const mod = (n: bigint): bigint => modulo(n, p);
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
