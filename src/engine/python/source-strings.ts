/** The string literals of Python source text, unescaped, and joined where the compiler would join them. */

const LITERAL =
  /#[^\n]*|([A-Za-z]{0,3})("""[\s\S]*?(?:(?<!\\)|(?<=\\\\))"""|'''[\s\S]*?(?:(?<!\\)|(?<=\\\\))'''|"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*')/g;
const PREFIX = /^([rbuft]|br|rb|fr|rf|tr|rt)?$/i;
const JOINS = /^[\s()\\+]*$/; // what may stand between literals that become one constant

/**
 * All literals, one a line (joined by NUL), with adjacent ones and those added by `+` run together; a
 * constant of the compiled module occurs in it if the source holds it.
 */
export function sourceStrings(source: string): string {
  let out = '';
  let end = -1;
  for (const match of source.matchAll(LITERAL)) {
    const [whole, prefix = '', quoted] = match;
    if (quoted === undefined || !PREFIX.test(prefix)) continue;
    const quote = quoted.startsWith('"""') || quoted.startsWith("'''") ? 3 : 1;
    const body = quoted.slice(quote, -quote);
    const joined = end >= 0 && JOINS.test(source.slice(end, match.index));
    out += (joined ? '' : '\0') + (/r/i.test(prefix) ? body : unescape_(body));
    end = match.index + whole.length;
  }
  return out;
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

function unescape_(body: string): string {
  if (!body.includes('\\')) return body;
  return body.replace(
    /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|[\s\S])/g,
    (whole, escape: string) => {
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
