/** The alphabets of which secrets are made, by short names as templates use them. */

/** Each as the inside of a character class. */
export const ALPHABETS = {
  b62: '0-9A-Za-z',
  b62dot: '0-9A-Za-z._',
  b62p: '0-9A-Za-z%',
  b64: '0-9A-Za-z+/',
  b64p: '0-9A-Za-z+/%',
  b64u: '0-9A-Za-z_-',
  b64any: '0-9A-Za-z+/_=-',
  b58: '1-9A-HJ-NP-Za-km-z',
  b32: 'A-Z2-7',
  lb32: 'a-z2-7',
  hex: '0-9a-f',
  HEX: '0-9A-F',
  hexa: '0-9A-Fa-f',
  dig: '0-9',
  u36: 'A-Z0-9',
  l36: 'a-z0-9',
  alpha: 'A-Za-z',
  bech: '02-9ac-hj-np-z',
  BECH: '02-9AC-HJ-NP-Z',
  crypt: '0-9A-Za-z./',
  salt: '0-9A-Za-z./=$',
  django: 'a-z0-9!@#$%^&*(_=+)-',
  entra: '0-9A-Za-z._~-',
  month: 'A-L',
  mno: 'MNO',
  b64digits: '0-5w-zADEIMNOQTUYcgjk',
  slug: '0-9A-Za-z-',
  host: '0-9A-Za-z.-',
  user: '0-9A-Za-z.@_-',
  query: '0-9A-Za-z%&=:.,;_+-',
  lines: '0-9A-Fa-f\\s',
  '=': '=',
} as const;
/** An alphabet's name. */
export type Alphabet = keyof typeof ALPHABETS;

const NAMES = Object.keys(ALPHABETS) as Alphabet[];
const spelled = new Map<Alphabet, string>();

/** The characters of an alphabet, spelled out. */
export function classOf(alphabet: Alphabet): string {
  let text = spelled.get(alphabet);
  if (text === undefined) {
    text = ALPHABETS[alphabet]
      .replace('\\s', '\n')
      .replace(/(\w)-(\w)/g, (_, from: string, to: string) => {
        let run = '';
        for (let c = from.charCodeAt(0); c <= to.charCodeAt(0); c++) run += String.fromCharCode(c);
        return run;
      });
    spelled.set(alphabet, text);
  }
  return text;
}

let members: Uint32Array | undefined;

/** For every byte the alphabets it belongs to, a bit for each: a quick look before anything is decoded. */
export function membership(): Uint32Array {
  if (!members) {
    members = new Uint32Array(256);
    for (const [bit, name] of NAMES.entries()) {
      for (const character of classOf(name)) {
        const code = character.charCodeAt(0);
        members[code] = (members[code] as number) | (1 << bit);
      }
    }
  }
  return members;
}

/** The bit of an alphabet in `membership`. */
export function bitOf(alphabet: Alphabet): number {
  return 1 << NAMES.indexOf(alphabet);
}
