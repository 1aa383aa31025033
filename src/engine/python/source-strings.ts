/** The string literals of Python source text, unescaped, and joined where the compiler would join them. */

const JOINS = /^(?:[\s()\\+]|#[^\n]*\n)*$/; // what may stand between literals that become one constant
const MAX_JOIN = 400; // characters between them
/** Stands for a character that a literal gives by its name in Unicode, which nothing here knows. */
export const NAMED_CHARACTER = '\uffff';
const PREFIX = /(?<![\w])(?:[rbuft]|br|rb|fr|rf|tr|rt)$/i;

/**
 * All literals, one a line (joined by NUL), with adjacent ones and those added by `+` run together; a
 * constant of the compiled module occurs in it if the source holds it. Reads the text once.
 */
export function sourceStrings(source: string): string {
  const out: string[] = [];
  let end = -1;
  for (let at = 0; at < source.length;) {
    const character = source[at];
    if (character === '#') {
      const newline = source.indexOf('\n', at);
      if (newline < 0) break;
      at = newline;
    } else if (character === '"' || character === "'") {
      const quote = source.startsWith(character.repeat(3), at) ? character.repeat(3) : character;
      const prefix = PREFIX.exec(source.slice(Math.max(0, at - 3), at))?.[0] ?? '';
      const start = at + quote.length;
      const stop = closingQuote(source, start, quote);
      const between = source.slice(end, at - prefix.length);
      const joined = end >= 0 && between.length <= MAX_JOIN && JOINS.test(between);
      const body = source.slice(start, stop);
      out.push(joined ? '' : '\0', /r/i.test(prefix) ? body : unescapeLiteral(body));
      at = Math.min(source.length, stop + quote.length);
      end = at;
    } else at++;
  }
  return out.join('');
}

/** Where a literal ends: its quote, the line's end for a short one, or the text's. */
export function closingQuote(source: string, from: number, quote: string): number {
  for (let at = from; at < source.length; at++) {
    const character = source[at];
    if (character === '\\') at++;
    else if (character === '\n' && quote.length === 1) return at;
    else if (character === quote[0] && source.startsWith(quote, at)) return at;
  }
  return source.length;
}

const SIMPLE: Record<string, string> = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};

/** A literal's text with its escapes resolved. */
export function unescapeLiteral(body: string): string {
  if (!body.includes('\\')) return body;
  return body.replace(
    /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^{}\n]{1,100}\}|[0-7]{1,3}|[\s\S])/g,
    (whole, escape: string) => {
      if (escape.startsWith('N{')) return NAMED_CHARACTER;
      if (/^[xuU]./.test(escape) && escape.length > 1)
        return codePoint(parseInt(escape.slice(1), 16), whole);
      if (/^[0-7]/.test(escape)) return codePoint(parseInt(escape, 8), whole);
      return SIMPLE[escape] ?? whole;
    },
  );
}

function codePoint(value: number, otherwise: string): string {
  return value <= 0x10ffff ? String.fromCodePoint(value) : otherwise;
}
