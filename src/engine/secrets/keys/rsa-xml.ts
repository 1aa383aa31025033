/** RSA keys in .NET's XML (RSA.ToXmlString, after RFC 3275 with the private numbers added), in base64. */
import { decodeBase64 } from '../facts/encodings.ts';
import { toNumber } from './prime-field.ts';
import { type KeyContent, publicFacts } from './key-content.ts';
import { bitLength } from './public-key.ts';

/** What such a key begins with. */
export const RSA_XML = '<RSAKeyValue>';
const END = '</RSAKeyValue>';
const LONGEST = 8192; // characters: keys of 16,384 bits
const MEMBER = /<(Modulus|Exponent|P|Q|D)>([A-Za-z0-9+/=\s]{1,4096})<\/\1>/g;

/** The private key whose first tag stands at `at`; undefined where it is public, or not whole. */
export function rsaXmlAt(text: string, at: number): (KeyContent & { block: string }) | undefined {
  const end = text.indexOf(END, at);
  if (!text.startsWith(RSA_XML, at) || end < 0 || end - at > LONGEST) return undefined;
  const block = text.slice(at, end + END.length);
  const numbers = new Map<string, Uint8Array>();
  for (const [, name = '', value = ''] of block.matchAll(MEMBER)) {
    const bytes = decodeBase64(value.replace(/\s/g, ''));
    if (bytes) numbers.set(name, bytes);
  }
  const [n, e, p, q] = ['Modulus', 'Exponent', 'P', 'Q'].map((name) => numbers.get(name));
  if (!n || !e || !numbers.has('D') || bitLength(n) < 256) return undefined;
  const facts = publicFacts({ kind: 'RSA', n, e });
  const why: string[] = [];
  if (p && q && toNumber(p) * toNumber(q) !== toNumber(n)) {
    facts['sound'] = 'no';
    why.push('its numbers do not belong together, so that it opens nothing');
  }
  return { kind: 'XML', encrypted: false, facts, why, block };
}
