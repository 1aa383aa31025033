/**
 * The public half of a key, and its fingerprints: as OpenSSH prints it (SHA-256 of the key in the wire
 * format of RFC 4253, in base64) and as certificates have it (SHA-256 of the SubjectPublicKeyInfo).
 */
import { Sha256 } from '../../archive/sha256.ts';
import { encodeBase64 } from '../facts/encodings.ts';
import { joinBytes, TAG, writeDer } from './der.ts';

/** A public key. Numbers are big-endian, without a sign byte or with one. */
export type PublicKey =
  | { kind: 'RSA'; n: Uint8Array; e: Uint8Array }
  | { kind: 'DSA'; p: Uint8Array; q: Uint8Array; g: Uint8Array; y: Uint8Array }
  | { kind: 'EC'; curve: string; point: Uint8Array }
  | { kind: 'Ed25519' | 'Ed448' | 'X25519' | 'X448'; point: Uint8Array };

/** Object identifiers of the algorithms, as their contents in hex. */
export const ALGORITHM_OIDS = {
  rsa: '2a864886f70d010101',
  dsa: '2a8648ce380401',
  ec: '2a8648ce3d0201',
} as const;

/** Object identifiers of curves, as their contents in hex. */
export const CURVE_OIDS: Record<string, string> = {
  '2a8648ce3d030107': 'P-256',
  '2b81040022': 'P-384',
  '2b81040023': 'P-521',
  '2b8104000a': 'secp256k1',
  '2b2403030208010107': 'brainpoolP256r1',
  '2b240303020801010b': 'brainpoolP384r1',
  '2b240303020801010d': 'brainpoolP512r1',
  '2a8648ce3d030101': 'P-192',
  '2b81040021': 'P-224',
};
/** Object identifiers of the algorithms that need no curve's name beside them. */
export const EDWARDS_OIDS: Record<string, 'Ed25519' | 'Ed448' | 'X25519' | 'X448'> = {
  '2b6570': 'Ed25519',
  '2b6571': 'Ed448',
  '2b656e': 'X25519',
  '2b656f': 'X448',
};
const SSH_CURVES: Record<string, string> = {
  'P-256': 'nistp256',
  'P-384': 'nistp384',
  'P-521': 'nistp521',
};

/** `RSA, 2048 bits`, `EC, P-256`, `Ed25519`. */
export function describeKey(key: PublicKey): string {
  if (key.kind === 'RSA') return `RSA, ${bitLength(key.n)} bits`;
  if (key.kind === 'DSA') return `DSA, ${bitLength(key.p)} bits`;
  return key.kind === 'EC' ? `EC, ${key.curve}` : key.kind;
}

/** Bits of a big-endian number. */
export function bitLength(number: Uint8Array): number {
  const at = number.findIndex((byte) => byte !== 0);
  return at < 0 ? 0 : (number.length - at) * 8 - Math.clz32(number[at] as number) + 24;
}

/** `SHA256:…` as `ssh-keygen -l` prints it; undefined for keys that SSH has no name for. */
export function sshFingerprint(key: PublicKey): string | undefined {
  const wire = sshWire(key);
  return wire && fingerprintOf(wire);
}

/** The fingerprint of a public key that is in the wire format already. */
export function fingerprintOf(wire: Uint8Array): string {
  return `SHA256:${encodeBase64(new Sha256().update(wire).digest())}`;
}

/** SHA-256 of the SubjectPublicKeyInfo (RFC 5280) in base64 with padding, as public key pins have it. */
export function spkiFingerprint(key: PublicKey): string | undefined {
  const spki = spkiOf(key);
  return spki && `${encodeBase64(new Sha256().update(spki).digest())}=`;
}

function sshWire(key: PublicKey): Uint8Array | undefined {
  switch (key.kind) {
    case 'RSA':
      return joinBytes(name('ssh-rsa'), number(key.e), number(key.n));
    case 'DSA':
      return joinBytes(name('ssh-dss'), number(key.p), number(key.q), number(key.g), number(key.y));
    case 'EC': {
      const curve = SSH_CURVES[key.curve];
      if (curve === undefined) return undefined;
      return joinBytes(name(`ecdsa-sha2-${curve}`), name(curve), field(key.point));
    }
    case 'Ed25519':
      return joinBytes(name('ssh-ed25519'), field(key.point));
    case 'Ed448':
      return joinBytes(name('ssh-ed448'), field(key.point));
    default:
      return undefined;
  }
}

function field(bytes: Uint8Array): Uint8Array {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.length);
  return joinBytes(length, bytes);
}

function name(text: string): Uint8Array {
  return field(new TextEncoder().encode(text));
}

function number(bytes: Uint8Array): Uint8Array {
  return field(signed(bytes));
}

/** The shortest form in which the number is not negative, as SSH and DER both want it. */
function signed(bytes: Uint8Array): Uint8Array {
  const at = bytes.findIndex((byte) => byte !== 0);
  if (at < 0) return Uint8Array.of(0);
  const plain = bytes.subarray(at);
  return (plain[0] as number) >= 0x80 ? joinBytes(Uint8Array.of(0), plain) : plain;
}

function spkiOf(key: PublicKey): Uint8Array | undefined {
  const integer = (bytes: Uint8Array): Uint8Array => writeDer(TAG.integer, signed(bytes));
  const info = (algorithm: Uint8Array[], bits: Uint8Array): Uint8Array =>
    writeDer(
      TAG.sequence,
      writeDer(TAG.sequence, ...algorithm),
      writeDer(TAG.bits, Uint8Array.of(0), bits),
    );
  switch (key.kind) {
    case 'RSA': {
      const pair = writeDer(TAG.sequence, integer(key.n), integer(key.e));
      return info([oid(ALGORITHM_OIDS.rsa), writeDer(TAG.null)], pair);
    }
    case 'DSA': {
      const domain = writeDer(TAG.sequence, integer(key.p), integer(key.q), integer(key.g));
      return info([oid(ALGORITHM_OIDS.dsa), domain], integer(key.y));
    }
    case 'EC': {
      const curve = Object.keys(CURVE_OIDS).find((hex) => CURVE_OIDS[hex] === key.curve);
      return curve === undefined
        ? undefined
        : info([oid(ALGORITHM_OIDS.ec), oid(curve)], key.point);
    }
    default: {
      const own = Object.keys(EDWARDS_OIDS).find((hex) => EDWARDS_OIDS[hex] === key.kind);
      return own === undefined ? undefined : info([oid(own)], key.point);
    }
  }
}

function oid(hex: string): Uint8Array {
  return writeDer(
    TAG.oid,
    Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16)),
  );
}
