/**
 * Templates of secret formats: `ghp_{base62:30}{check:6}` is the literal `ghp_`, 30 characters of base62
 * and six that a checksum fills. The prefilter's literal, the matcher and the test examples all come
 * from the template, so that a row cannot drift from its tests.
 */

/** Alphabets by name, as the inside of a character class. */
const ALPHABETS = {
  base62: '0-9A-Za-z',
  base64: '0-9A-Za-z+/',
  base64url: '0-9A-Za-z_-',
  base58: '1-9A-HJ-NP-Za-km-z',
  base32: 'A-Z2-7',
  hex: '0-9a-f',
  HEX: '0-9A-F',
  digit: '0-9',
  upper: 'A-Z0-9',
  lower: 'a-z0-9',
  alpha: 'A-Za-z',
} as const;
export type Alphabet = keyof typeof ALPHABETS;

/** A piece of a template. */
export type TemplatePart =
  | { kind: 'literal'; text: string }
  | { kind: 'run'; alphabet: Alphabet; min: number; max: number; check: boolean };

/** A parsed template. */
export interface Template {
  parts: TemplatePart[];
  /** Matches a whole value. */
  whole: RegExp;
  /** Matches inside text, with what may not stand directly before and after. */
  inside: RegExp;
  /** The longest literal piece, and how many characters may stand before it at most. */
  literal: string;
  literalAt: number;
  /** Longest possible match in characters. */
  maxLength: number;
}

const PIECE = /\{(?:(check):)?(\w+):(\d+)(?:-(\d+))?\}|([^{]+)/gy;

/** Parses a template; throws on one that is malformed, since rows are code. */
export function parseTemplate(template: string): Template {
  const parts: TemplatePart[] = [];
  PIECE.lastIndex = 0;
  while (PIECE.lastIndex < template.length) {
    const at = PIECE.lastIndex;
    const match = PIECE.exec(template);
    if (!match) throw new Error(`malformed template at ${at}: ${template}`);
    const [, check, alphabet, min, max, text] = match;
    if (text !== undefined) parts.push({ kind: 'literal', text });
    else if (alphabet !== undefined && alphabet in ALPHABETS) {
      parts.push({
        kind: 'run',
        alphabet: alphabet as Alphabet,
        min: Number(min),
        max: Number(max ?? min),
        check: check !== undefined,
      });
    } else throw new Error(`unknown alphabet ${alphabet}: ${template}`);
  }
  const body = parts.map(partPattern).join('');
  const first = parts[0] as TemplatePart;
  const last = parts.at(-1) as TemplatePart;
  const { literal, literalAt } = longestLiteral(parts);
  return {
    parts,
    whole: new RegExp(`^${body}$`),
    inside: new RegExp(`${before(first)}${body}${after(last)}`, 'g'),
    literal,
    literalAt,
    maxLength: parts.reduce(
      (sum, part) => sum + (part.kind === 'literal' ? part.text.length : part.max),
      0,
    ),
  };
}

function partPattern(part: TemplatePart): string {
  if (part.kind === 'literal') return part.text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  const count = part.min === part.max ? `${part.min}` : `${part.min},${part.max}`;
  return `[${ALPHABETS[part.alphabet]}]{${count}}`;
}

/** A token does not begin in the middle of a word. */
function before(first: TemplatePart): string {
  if (first.kind === 'run') return `(?<![${ALPHABETS[first.alphabet]}])`;
  return /^[0-9A-Za-z]/.test(first.text) ? '(?<![0-9A-Za-z])' : '';
}

/** Nor does it end where its own alphabet goes on. */
function after(last: TemplatePart): string {
  if (last.kind === 'literal') return '';
  return `(?![${ALPHABETS[last.alphabet]}])`;
}

function longestLiteral(parts: readonly TemplatePart[]): { literal: string; literalAt: number } {
  let literal = '';
  let literalAt = 0;
  let at = 0;
  for (const part of parts) {
    if (part.kind === 'literal') {
      if (part.text.length > literal.length) {
        literal = part.text;
        literalAt = at;
      }
      at += part.text.length;
    } else at += part.max;
  }
  return { literal, literalAt };
}

/** The characters of an alphabet, spelled out. */
export function alphabetCharacters(alphabet: Alphabet): string {
  return ALPHABETS[alphabet].replace(/(\w)-(\w)/g, (_, from: string, to: string) => {
    let run = '';
    for (let c = from.charCodeAt(0); c <= to.charCodeAt(0); c++) run += String.fromCharCode(c);
    return run;
  });
}
