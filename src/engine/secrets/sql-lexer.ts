/**
 * The words of SQL, of every dialect at once: identifiers in double quotes, backquotes or brackets, strings
 * with doubled quotes or backslashes, comments of both kinds.
 */

/** One token. `from` and `to` bound what stands within its quotes. */
export interface SqlToken {
  kind: 'word' | 'quoted' | 'string' | 'number' | 'sign';
  start: number;
  end: number;
  from: number;
  to: number;
}

const SKIPPED = /(?:\s+|--[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*\*\/)+/y;
const WORD = /[A-Za-z_\u0080-\u00ff][\w$\u0080-\u00ff]*/y;
const NUMBER = /[-+]?(?:0x[0-9a-fA-F]+|[\d.]+(?:[eE][-+]?\d+)?)/y;
const CLOSING: Record<string, string> = { '"': '"', '`': '`', '[': ']', "'": "'" };
/** Before a string: national, escaped, binary, of a character set. */
const PREFIX = /^(?:n|e|b|x|u&|_\w+)$/i;

/** Reads tokens one after the other; each character of the text is one byte. */
export class SqlLexer {
  readonly text: string;
  at: number;
  /** Whether a backslash escapes in strings, as in MySQL. */
  backslashes: boolean;

  constructor(text: string, at: number, backslashes: boolean) {
    this.text = text;
    this.at = at;
    this.backslashes = backslashes;
  }

  /** The next token; undefined at the text's end, and where a quote is not closed in it. */
  next(): SqlToken | undefined {
    const { text } = this;
    SKIPPED.lastIndex = this.at;
    if (SKIPPED.test(text)) this.at = SKIPPED.lastIndex;
    const start = this.at;
    const character = text[start];
    if (character === undefined) return undefined;
    if (CLOSING[character] !== undefined) return this.#enclosed(start, start, this.backslashes);
    WORD.lastIndex = start;
    const word = WORD.exec(text)?.[0];
    if (word !== undefined) {
      const end = start + word.length;
      if (text[end] === "'" && PREFIX.test(word))
        return this.#enclosed(start, end, this.backslashes || /^e$/i.test(word));
      return this.#token('word', start, end, start, end);
    }
    NUMBER.lastIndex = start;
    const number = NUMBER.exec(text)?.[0];
    if (number !== undefined && /\d/.test(number))
      return this.#token('number', start, start + number.length, start, start + number.length);
    return this.#token('sign', start, start + 1, start, start + 1);
  }

  /** A token's text, as it stands within its quotes. */
  inner({ from, to }: SqlToken): string {
    return this.text.slice(from, to);
  }

  /** Whether the next token is one of these words or signs, which is then passed over. */
  takes(...words: string[]): boolean {
    const before = this.at;
    const token = this.next();
    if (token && (token.kind === 'word' || token.kind === 'sign')) {
      if (words.includes(this.inner(token).toUpperCase())) return true;
    }
    this.at = before;
    return false;
  }

  /** A name of a table or column, of which only the last part counts: `public.users`. */
  name(): string | undefined {
    for (;;) {
      const token = this.next();
      if (!token || (token.kind !== 'word' && token.kind !== 'quoted')) return undefined;
      if (this.text[this.at] !== '.') return this.inner(token);
      this.at++;
    }
  }

  #enclosed(start: number, open: number, backslashes: boolean): SqlToken | undefined {
    const { text } = this;
    const opening = text[open] as string;
    const closing = CLOSING[opening] as string;
    const kind = opening === "'" ? 'string' : 'quoted';
    for (let end = open + 1; ; end++) {
      const close = text.indexOf(closing, end);
      if (close < 0) return undefined;
      if (backslashes && opening !== '[' && isEscaped(text, close, open + 1)) end = close;
      else if (text[close + 1] === closing && closing !== ']') end = close + 1;
      else return this.#token(kind, start, close + 1, open + 1, close);
    }
  }

  #token(kind: SqlToken['kind'], start: number, end: number, from: number, to: number): SqlToken {
    this.at = end;
    return { kind, start, end, from, to };
  }
}

/** Whether an odd number of backslashes stands before a position. */
function isEscaped(text: string, at: number, least: number): boolean {
  let i = at;
  while (i > least && text[i - 1] === '\\') i--;
  return (at - i) % 2 === 1;
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', 0: '\0', Z: '\x1a' };

/** What a string stands for. */
export function sqlText(raw: string, backslashes: boolean): string {
  const text = raw.includes("''") ? raw.replaceAll("''", "'") : raw;
  if (!backslashes || !text.includes('\\')) return text;
  return text.replace(/\\(.)/gs, (_, escaped: string) => ESCAPES[escaped] ?? escaped);
}
