/**
 * Templates of secret formats, such as `ghp_{b62:30}{b62:6!}`: the prefilter's literals, the matcher and
 * the test examples all come from the template, so that a row cannot drift from its tests.
 *
 * `{b62:30}` is 30 characters of an alphabet, `{b64:20-40}` 20 to 40; `!` marks the run that a check
 * fills. `{live|test}` is one of several literals, one of which may be empty. `{uuid}` is a UUID, `{number64}`
 * the base64 that a number of four digits or more begins with. A group in round brackets at the start must stand before the value, and is no part of it.
 */
import { ALPHABETS, type Alphabet } from './format-alphabets.ts';

/** A piece of a template. */
export type TemplatePart =
  | { kind: 'literal'; texts: readonly string[] }
  | { kind: 'run'; alphabet: Alphabet; min: number; max: number; check: boolean };

/** Where a template is looked for: the literals of which one must stand, and how far in. */
export interface Anchor {
  texts: readonly string[];
  /** Characters of the match before the anchor, at least and at most. */
  leadMin: number;
  leadMax: number;
  /** What stands before it, where that is part of the match. */
  previous: Alphabet | undefined;
  /** What must follow, for a quick look at the bytes: so many characters of an alphabet. */
  next: { alphabet: Alphabet; count: number } | undefined;
}

const NAMED: Readonly<Record<string, string>> = {
  '{uuid}': '{hexa:8}-{hexa:4}-{hexa:4}-{hexa:4}-{hexa:12}',
  '{number64}': '{M|N|O}{D|T|j|z}{A|E|I|M|Q|U|Y|c|g|k}{0|1|2|3|4|5|w|x|y|z}{mno:1}',
};
const MOST_ANCHORS = 1200; // the base64 of three digits begins in so many ways
const LONGEST_ANCHOR = 48;
const LOOK_AHEAD = 64; // bytes looked at before anything is decoded
const WORD = '0-9A-Za-z';
/** A token does not begin in the middle of a word, but for one that ends an escape. */
const ESCAPE_BEFORE = '(?<=\\\\[nrt]|%[0-9A-Fa-f]{2})';
const WORD_BEFORE = `(?:(?<![${WORD}_])|${ESCAPE_BEFORE})`;

/** A parsed template; its matchers are made when first asked for. */
export class Template {
  readonly #contextText: string;
  readonly #text: string;
  #context: readonly TemplatePart[] | undefined;
  #parts: readonly TemplatePart[] | undefined;
  #maxLength: number | undefined;
  #whole: RegExp | undefined;
  #inside: RegExp | undefined;
  #anchor: Anchor | undefined;

  constructor(text: string) {
    const close = text.startsWith('(') ? text.indexOf(')') : -1;
    this.#contextText = text.slice(1, Math.max(close, 1));
    this.#text = text.slice(close + 1);
  }

  /** The pieces; throws where the template is malformed, since rows are code. */
  get parts(): readonly TemplatePart[] {
    return (this.#parts ??= parse(this.#text));
  }

  /** What must stand before the value, with no part in it. */
  get context(): readonly TemplatePart[] {
    return (this.#context ??= parse(this.#contextText));
  }

  /** Shortest possible match in characters. */
  get minLength(): number {
    return sum(this.parts, shortest);
  }

  /** Longest possible match in characters. */
  get maxLength(): number {
    return (this.#maxLength ??= sum(this.parts, longest));
  }

  /** Matches a whole value; its two groups are what stands before a check, and what a check fills. */
  get whole(): RegExp {
    if (!this.#whole) {
      const at = this.parts.findIndex((part) => part.kind === 'run' && part.check);
      const pattern = (parts: readonly TemplatePart[]): string => parts.map(partPattern).join('');
      const { parts } = this;
      this.#whole = new RegExp(
        at < 0
          ? `^${pattern(parts)}$`
          : `^(${pattern(parts.slice(0, at))})(${pattern(parts.slice(at, at + 1))})${pattern(parts.slice(at + 1))}$`,
      );
    }
    return this.#whole;
  }

  /** Matches inside text, with what may not stand directly before and after; sticky where `anchor` fixes the start. */
  get inside(): RegExp {
    if (!this.#inside) {
      const { leadMin, leadMax } = this.anchor;
      const body = this.parts.map(partPattern).join('');
      this.#inside = new RegExp(
        `${this.#before()}${body}${this.#after()}`,
        leadMin === leadMax ? 'y' : 'g',
      );
    }
    return this.#inside;
  }

  /** The literal that is looked for; throws where there is none long enough. */
  get anchor(): Anchor {
    return (this.#anchor ??= anchorOf(
      [...this.context, ...this.parts],
      sum(this.context, longest),
    ));
  }

  /** The literals' characters, longest alternatives counted: how specific the template is. */
  get literalLength(): number {
    return sum(this.parts, (part) => (part.kind === 'literal' ? longest(part) : 0));
  }

  #before(): string {
    if (this.context.length > 0) return `(?<=${this.context.map(partPattern).join('')})`;
    const first = this.parts[0];
    if (first?.kind === 'run')
      return `(?:(?<![\\\\${ALPHABETS[first.alphabet]}])|${ESCAPE_BEFORE})`;
    return first?.texts.some((text) => /^\w/.test(text)) ? WORD_BEFORE : '';
  }

  /** Nor does it end where its own alphabet, or a word, goes on. */
  #after(): string {
    const last = this.parts.at(-1);
    if (last?.kind !== 'run') return '';
    const other = last.min === 0 ? this.parts.at(-2) : undefined;
    const before = other?.kind === 'run' ? ALPHABETS[other.alphabet] : '';
    return `(?![${WORD}${ALPHABETS[last.alphabet]}${before}])`;
  }
}

function parse(template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  const text = template.replace(/\{[a-z]+\d*\}/g, (name) => NAMED[name] ?? name);
  for (let at = 0; at < text.length;) {
    const open = text.indexOf('{', at);
    if (open !== at) {
      const end = open < 0 ? text.length : open;
      parts.push({ kind: 'literal', texts: [text.slice(at, end)] });
      at = end;
      continue;
    }
    const close = text.indexOf('}', at);
    if (close < 0) throw new Error(`unclosed at ${at}: ${text}`);
    parts.push(parsePiece(text.slice(at + 1, close)));
    at = close + 1;
  }
  return parts;
}

/** What stands between braces: `live|test`, `b62:30`, `b64:20-40`, `hex:8!`. */
function parsePiece(piece: string): TemplatePart {
  if (piece.includes('|')) return { kind: 'literal', texts: piece.split('|') };
  const colon = piece.lastIndexOf(':');
  const alphabet = piece.slice(0, colon);
  const check = piece.endsWith('!');
  const counts = piece.slice(colon + 1, check ? -1 : undefined).split('-');
  const min = parseInt(counts[0] ?? '', 10);
  const max = parseInt(counts.at(-1) ?? '', 10);
  if (!(alphabet in ALPHABETS) || !(min <= max)) throw new Error(`malformed: {${piece}}`);
  return { kind: 'run', alphabet: alphabet as Alphabet, min, max, check };
}

function partPattern(part: TemplatePart): string {
  if (part.kind === 'literal') {
    const texts = part.texts.map((text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
    return texts.length === 1 ? (texts[0] as string) : `(?:${texts.join('|')})`;
  }
  const count = part.min === part.max ? `${part.min}` : `${part.min},${part.max}`;
  return `[${ALPHABETS[part.alphabet]}]{${count}}`;
}

function anchorOf(parts: readonly TemplatePart[], contextLength: number): Anchor {
  let best: Anchor | undefined;
  let bestScore = 0;
  let leadMin = 0 - contextLength;
  let leadMax = 0 - contextLength;
  for (let i = 0; i < parts.length;) {
    const part = parts[i] as TemplatePart;
    if (part.kind === 'run') {
      leadMin += part.min;
      leadMax += part.max;
      i++;
      continue;
    }
    // Neighbouring literals are one, in all their combinations.
    let texts: readonly string[] = [''];
    let end = i;
    for (; end < parts.length; end++) {
      const piece = parts[end] as TemplatePart;
      if (piece.kind === 'run' || texts.length * piece.texts.length > MOST_ANCHORS) break;
      texts = texts.flatMap((text) => piece.texts.map((more) => text + more));
    }
    const next = parts[end];
    const before = parts[i - 1];
    const run = next?.kind === 'run' && next.min > 0 ? next : undefined;
    const anchor = { texts, leadMin, leadMax };
    const shortestText = Math.min(...texts.map((text) => text.length));
    const spelled = shortestText === 3 && run !== undefined;
    // Three characters are worth least, since they select together with each that may follow.
    const score = spelled ? 1 : shortestText < 4 ? 0 : Math.min(...texts.map(rarity));
    if (score > bestScore) {
      const whole = texts.every((text) => text.length <= LONGEST_ANCHOR);
      const count = run ? Math.min(run.min, LOOK_AHEAD) : 0;
      best = {
        ...anchor,
        texts: texts.map((text) => text.slice(0, LONGEST_ANCHOR)),
        previous: before?.kind === 'run' ? before.alphabet : undefined,
        next: whole && run ? { alphabet: run.alphabet, count } : undefined,
      };
      bestScore = score;
    }
    leadMin += shortestText;
    leadMax += Math.max(...texts.map((text) => text.length));
    i = end;
  }
  if (!best) throw new Error('no literal is long enough to look for');
  return best;
}

/** Longer is better, and signs and digits are rarer than letters. */
function rarity(text: string): number {
  let score = 4 + Math.min(text.length, 12);
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < A) score++;
  return score;
}

const A = 0x41;

function sum(parts: readonly TemplatePart[], length: (part: TemplatePart) => number): number {
  return parts.reduce((total, part) => total + length(part), 0);
}

function shortest(part: TemplatePart): number {
  return part.kind === 'run' ? part.min : Math.min(...part.texts.map((text) => text.length));
}

function longest(part: TemplatePart): number {
  return part.kind === 'run' ? part.max : Math.max(...part.texts.map((text) => text.length));
}
