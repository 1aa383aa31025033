/** Python source text as tokens: tolerant of any text, and linear in its length. */
import { closingQuote, unescapeLiteral } from './source-strings.ts';

/** One token; comments and blanks are left out. */
export interface Token {
  kind: 'name' | 'number' | 'string' | 'operator' | 'newline' | 'indent';
  /** As it is written; of an `indent` the blanks. */
  text: string;
  /** The string that a literal stands for; its text for the others. */
  value: string;
  /** Offset of its first character. */
  start: number;
  /** Lines from 1. */
  line: number;
  endLine: number;
}

const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const NUMBER = /(?:0[xXoObB][\da-fA-F_]+|\d[\d_]*\.?[\d_]*(?:[eE][+-]?\d+)?)[jJlL]?/y;
const PREFIX = /^(?:[bruft]|br|rb|fr|rf|tr|rt|ur)$/i;
const BLANKS = /[ \t\f]*/y;
const TAB = 8;

/** All tokens, up to `most`. Lines that go on inside brackets or behind a backslash are one. */
export function tokenize(source: string, most = 2_000_000): Token[] {
  const out: Token[] = [];
  let line = 1;
  let depth = 0;
  let atStart = true;
  const push = (kind: Token['kind'], start: number, end: number, value?: string): void => {
    const text = source.slice(start, end);
    const first = line;
    if (kind === 'string') for (let i = 0; i < text.length; i++) if (text[i] === '\n') line++;
    out.push({ kind, text, value: value ?? text, start, line: first, endLine: line });
  };
  for (let at = 0; at < source.length && out.length < most;) {
    if (atStart && depth === 0) {
      const end = match(BLANKS, source, at);
      const next = source[end];
      if (next !== '\n' && next !== '\r' && next !== '#' && next !== undefined) {
        out.push(indentToken(source.slice(at, end), at, line));
        atStart = false;
      }
      at = end;
      if (at >= source.length) break;
    }
    const character = source[at] as string;
    if (character === '\n') {
      if (depth === 0 && out.length > 0 && out.at(-1)?.kind !== 'newline')
        push('newline', at, at + 1);
      line++;
      at++;
      atStart = true;
    } else if (character === '#') {
      const newline = source.indexOf('\n', at);
      at = newline < 0 ? source.length : newline;
    } else if (character === '\\' && /[\r\n]/.test(source[at + 1] ?? '')) {
      at += source[at + 1] === '\r' && source[at + 2] === '\n' ? 3 : 2;
      line++;
    } else if (/\s/.test(character)) at++;
    else if (character === '"' || character === "'") at = stringAt(source, at, at, push);
    else {
      let end = match(NAME, source, at);
      if (end > at) {
        const quote = source[end];
        if ((quote === '"' || quote === "'") && PREFIX.test(source.slice(at, end))) {
          at = stringAt(source, at, end, push);
          continue;
        }
        push('name', at, end);
      } else if ((end = match(NUMBER, source, at)) > at) push('number', at, end);
      else {
        end = source.startsWith('...', at) ? at + 3 : at + 1;
        if ('([{'.includes(character)) depth++;
        else if (')]}'.includes(character)) depth = Math.max(0, depth - 1);
        push('operator', at, end);
      }
      at = end;
    }
  }
  return out;
}

function stringAt(
  source: string,
  start: number,
  quoteAt: number,
  push: (kind: 'string', start: number, end: number, value: string) => void,
): number {
  const mark = source[quoteAt] as string;
  const quote = source.startsWith(mark.repeat(3), quoteAt) ? mark.repeat(3) : mark;
  const from = quoteAt + quote.length;
  const stop = closingQuote(source, from, quote);
  const raw = /r/i.test(source.slice(start, quoteAt));
  const body = source.slice(from, stop);
  const closed = source.startsWith(quote, stop);
  const end = closed ? stop + quote.length : stop;
  push('string', start, Math.min(source.length, end), raw ? body : unescapeLiteral(body));
  return Math.max(end, from);
}

function indentToken(blanks: string, start: number, line: number): Token {
  let width = 0;
  for (const blank of blanks)
    width = blank === '\t' ? (Math.floor(width / TAB) + 1) * TAB : width + 1;
  const text = ' '.repeat(width);
  return { kind: 'indent', text, value: text, start, line, endLine: line };
}

function match(pattern: RegExp, source: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(source) ? pattern.lastIndex : at;
}
