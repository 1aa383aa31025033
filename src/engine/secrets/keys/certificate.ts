/** The public key in an X.509 certificate (RFC 5280), which tells what the private key beside it opens. */
import { derChildren, type DerNode, derSequence, oidKey, TAG } from './der.ts';
import { ALGORITHM_OIDS, CURVE_OIDS, EDWARDS_OIDS, type PublicKey } from './public-key.ts';

const VERSION = 0xa0; // the tag of the field that only certificates of version 1 leave out
const KEY_FIELD = 5; // after serial number, algorithm, issuer, validity and subject

/** The key that a certificate in DER certifies; undefined for algorithms that are not known here. */
export function certifiedKey(certificate: Uint8Array): PublicKey | undefined {
  const body = derSequence(certificate)?.[0];
  const fields = (body?.tag === TAG.sequence && derChildren(body.bytes)) || [];
  const info = fields[fields[0]?.tag === VERSION ? KEY_FIELD + 1 : KEY_FIELD];
  const [algorithm, bits] = (info?.tag === TAG.sequence && derChildren(info.bytes)) || [];
  if (!algorithm || bits?.tag !== TAG.bits) return undefined;
  const [name, parameters] = derChildren(algorithm.bytes) ?? [];
  return keyOf(oidKey(name), parameters, bits.bytes.subarray(1));
}

function keyOf(
  name: string,
  parameters: DerNode | undefined,
  point: Uint8Array,
): PublicKey | undefined {
  switch (name) {
    case ALGORITHM_OIDS.rsa: {
      const [n, e] = derSequence(point) ?? [];
      return n && e && { kind: 'RSA', n: n.bytes, e: e.bytes };
    }
    case ALGORITHM_OIDS.dsa: {
      const [p, q, g] = (parameters && derChildren(parameters.bytes)) ?? [];
      const y = derChildren(point)?.[0];
      return p && q && g && y && { kind: 'DSA', p: p.bytes, q: q.bytes, g: g.bytes, y: y.bytes };
    }
    case ALGORITHM_OIDS.ec: {
      const curve = CURVE_OIDS[oidKey(parameters)];
      return curve === undefined ? undefined : { kind: 'EC', curve, point };
    }
    default: {
      const kind = EDWARDS_OIDS[name];
      return kind && { kind, point };
    }
  }
}
