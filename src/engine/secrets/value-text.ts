/**
 * How a value is written behind its name: in quotes of any language, between brackets, as a bare word, as the rest
 * of its line.
 */
import type { NamedText, TextWindow } from './named-text.ts';
import type { Spelling } from './spelling.ts';

/** Values longer than this many characters are not read. */
export const MAX_VALUE = 4096;

/** A value without its name. */
export type Found = Omit<NamedText, 'name' | 'nameStart'>;

const SCHEME = /^(?:Bearer|Basic|Token)$/i;
/** `%q(…)` of Ruby, `q{…}` of Perl, `~s(…)` of Elixir, `R"(…)"` of C++, `[[…]]` of Lua, `$$…$$` of PostgreSQL. */
const ENCLOSED =
  /(?:(?:%[qQ]?|\bqq?[ ]?|~[sS]|R")(?:\(([^()\s]{4,512})\)|\{([^{}\s]{4,512})\}|\[([^[\]\s]{4,512})\]|<([^<>\s]{4,512})>|([|/!~])((?:(?!\5)\S){4,512})\5)|\[\[([^[\]\s]{4,512})\]\]|\$\$([^$\s]{4,512})\$\$)/y;

/** A literal that no quotation marks enclose. */
export function enclosed(text: string, from: number): Found | undefined {
  ENCLOSED.lastIndex = from;
  const match = ENCLOSED.exec(text);
  const [whole = '', ...groups] = match ?? [];
  // The last group holds the value; before it may stand the sign that encloses it.
  const value = groups.filter(Boolean).at(-1);
  if (value === undefined) return undefined;
  const at = from + whole.lastIndexOf(value);
  return exact(text, at, at + value.length, 'plain');
}

/** Up to the line's end, without a comment. */
export function restOfLine({ text, lineEnd }: TextWindow, from: number): Found | undefined {
  const line = text.slice(from, Math.min(lineEnd, from + MAX_VALUE));
  if (line.startsWith('#') || line.startsWith('//')) return undefined;
  // A comment, or the end of a block that stands on one line.
  const comment = line.search(/[ \t](?:[#;](?:[ \t]|$)|\}[;,]?[ \t]*$)/);
  const value = (comment < 0 ? line : line.slice(0, comment)).trimEnd();
  // Flow collections, anchors and tags of YAML, and brackets of anything else, are no plain value.
  if (/^(?:[[&*!|>]|\{(?!\w{4,9}\}\S))/.test(value)) return bareValue(text, from, lineEnd);
  const scheme = /^(?:Bearer|Basic|Token)[ \t]/i.test(value);
  return value === ''
    ? undefined
    : { ...exact(text, from, from + value.length, 'plain'), exact: !scheme || !/ .* /.test(value) };
}

/** A word, up to blanks, quotes, commas or semicolons. */
export function bareValue(text: string, from: number, lineEnd: number): Found | undefined {
  if (text[from] === '#') return undefined; // a comment
  if (text[from] === '{' && /\s|"/.test(text[from + 1] ?? ' ')) return undefined; // an object
  const end = Math.min(lineEnd, from + MAX_VALUE);
  let to = wordEnd(text, from, end);
  // Authorization: Bearer …
  if (to - from < 8 && text[to] === ' ' && SCHEME.test(text.slice(from, to)))
    to = wordEnd(text, to + 1, end);
  // Within a string of JSON or code a line ends so, and an element with its tag.
  const escape = text.slice(from, to).search(/(?:\\{1,2}r)?\\{1,2}n|<\/\w/);
  if (escape > 0) to = from + escape;
  while (to > from && ')]}>\\'.includes(text[to - 1] as string)) to--;
  return to > from
    ? { value: text.slice(from, to), valueStart: from, exact: false, spelling: 'plain' }
    : undefined;
}

function wordEnd(text: string, from: number, end: number): number {
  let to = from;
  while (to < end && !' \t\r\n"\'`,;'.includes(text[to] as string)) to++;
  return to;
}

/** What goes on from `from` to the closing `quote`; the window is cut where that lies behind its end. */
export function quoted(window: TextWindow, from: number, quote: string): Found | undefined {
  const { text, settings } = window;
  // YAML and SQL double a single quote; others escape it.
  const doubled = quote === "'" && settings;
  const to = doubled ? closingDoubled(text, from) : closing(text, from, quote);
  if (to < 0) {
    // A string that its line does not close is none.
    const ended = quote.length === 1 && quote !== '`' && text.includes('\n', from);
    if (!ended) window.cut = true;
    return undefined;
  }
  return exact(text, from, to, doubled ? 'doubled-quotes' : 'backslashes');
}

/** Where the closing quote stands, or -1. */
export function closing(text: string, from: number, quote: string): number {
  const escaped = quote.startsWith('\\');
  for (let i = from; i < text.length && i - from <= MAX_VALUE; i++) {
    if (text.startsWith(quote, i)) return i;
    if (text[i] === '\n' && quote.length === 1 && quote !== '`') return -1;
    if (text[i] === '\\' && !escaped) i++;
  }
  return -1;
}

function closingDoubled(text: string, from: number): number {
  for (let i = from; i < text.length && i - from <= MAX_VALUE; i++) {
    if (text[i] === '\n') return -1;
    if (text[i] !== "'") continue;
    if (text[i + 1] !== "'") return i;
    i++;
  }
  return -1;
}

/** A value that is known from end to end. */
export function exact(text: string, from: number, to: number, spelling: Spelling): Found {
  return { value: text.slice(from, to), valueStart: from, exact: true, spelling };
}
