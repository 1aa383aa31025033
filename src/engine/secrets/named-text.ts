/**
 * A name and its value in text, whatever language it is: assignments, JSON, YAML, INI, properties, XML,
 * shell, Dockerfile `ENV`, command-line options, `.netrc`. Works on one line around a name.
 */

/** A name bound to a value in a line of text. */
export interface NamedText {
  name: string;
  /** Where the name starts in the text. */
  nameStart: number;
  value: string;
  valueStart: number;
  /** The value was quoted or fills the rest of its element. */
  exact: boolean;
}

const NAME_CHARACTER = /[\w.$-]/;
const MAX_NAME = 96;
const MAX_VALUE = 4096;

const XML_ATTRIBUTE =
  /["']\s{1,4}(?:[\w:.-]{1,32}=["'][^"'<>]{0,64}["']\s{1,4})?value\s{0,2}=\s{0,2}["']/y;
const XML_ELEMENT = /["']?(?:\s[^<>]{0,128})?>/y;
const SEPARATOR =
  /\\?["'`]?\s{0,4}[\])]?\s{0,16}(?:!\s?|\?\s?)?(?::\s{0,2}[A-Za-z_][\w.]{0,32}(?:\[[\w., |[\]]{0,48}\])?(?:\s{0,2}\|\s{0,2}None)?\s{0,4}(?==))?(=>|:=|===?|!==?|=|:|,)\s{0,32}/y;
const OPENING =
  /(?:[A-Za-z_][\w.]{0,40}\(\s{0,4})?(?:[bBrRuUfF]{1,2}(?=["']))?(\\?)("""|'''|["'`])/y;
const FALLBACK =
  /[A-Za-z_][\w.]{0,60}(?:[([]\s{0,4}["'][\w.-]{1,96}["']\s{0,4})?[)\]]?\s{0,4}(?:,\s{0,4}(?:default(?:_value)?\s{0,2}=\s{0,2})?|\bor\s{1,4}|\|\|\s{0,4}|\?\?\s{0,4})(["'])/y;
const SCHEME = /^(?:Bearer|Basic|Token)$/i;
const PAIRED =
  /["']?\s{0,4}(?:,\s{0,4}|\r?\n\s{0,40})["']?value["']?\s{0,4}:\s{1,4}(?:(["'])((?:(?!\1)[^\n]){1,512})\1|([^\s"',}{&*!|>][^\s,}]{0,511}))/y;
const WORD_SEPARATOR = /[ \t]{1,8}/y;

/**
 * The named value whose name covers position `at` of `text`; undefined where the name names nothing.
 * `text` is one line, or a bounded window of it.
 */
export function namedTextAt(text: string, at: number): NamedText | undefined {
  let start = at;
  while (start > 0 && at - start < MAX_NAME && NAME_CHARACTER.test(text[start - 1] as string))
    start--;
  let end = at;
  while (end < text.length && end - at < MAX_NAME && NAME_CHARACTER.test(text[end] as string))
    end++;
  const name = text
    .slice(start, end)
    .replace(/^[-.$]+/, '')
    .replace(/[-.$]+$/, '');
  if (name === '' || end - start >= 2 * MAX_NAME) return undefined;
  const found =
    xmlValue(text, start, end) ?? separatedValue(text, end) ?? spacedValue(text, start, end);
  if (!found || found.value === '') return undefined;
  // In a query the next parameter begins at the ampersand; in `a:secret:b` the parts of a name stand.
  const before = text[start - 1];
  if (before === ':' && !found.exact) return undefined;
  if ((before === '?' || before === '&') && !found.exact)
    found.value = found.value.replace(/&.*$/, '');
  return { name, nameStart: start, ...found };
}

/**
 * A pair as Kubernetes and compose files have it: `name: X` and, behind it or on the next line, `value: …`.
 * `at` is in the name; `text` goes on past the line's end.
 */
export function pairedTextAt(text: string, at: number): NamedText | undefined {
  let end = at;
  while (end < text.length && NAME_CHARACTER.test(text[end] as string)) end++;
  let start = at;
  while (start > 0 && NAME_CHARACTER.test(text[start - 1] as string)) start--;
  if (!/name["']?\s{0,4}:\s{0,4}["']?$/.test(text.slice(Math.max(0, start - 24), start)))
    return undefined;
  PAIRED.lastIndex = end;
  const match = PAIRED.exec(text);
  if (!match) return undefined;
  const value = match[2] ?? match[3] ?? '';
  const valueStart = PAIRED.lastIndex - value.length - (match[1] === undefined ? 0 : 1);
  return { name: text.slice(start, end), nameStart: start, value, valueStart, exact: true };
}

type Found = Pick<NamedText, 'value' | 'valueStart' | 'exact'>;

/** `<password>value</password>`, `<add key="password" value="…"/>`. */
function xmlValue(text: string, start: number, end: number): Found | undefined {
  XML_ATTRIBUTE.lastIndex = end;
  if (XML_ATTRIBUTE.test(text)) {
    const from = XML_ATTRIBUTE.lastIndex;
    const to = text.slice(from).search(/["']/);
    return to < 0 ? undefined : exact(text, from, from + to);
  }
  const opened = text.lastIndexOf('<', start);
  if (
    opened < 0 ||
    start - opened > 64 ||
    /[>\s"']/.test(text.slice(opened, start).replace(/ \w+=["']/, ''))
  ) {
    return undefined;
  }
  XML_ELEMENT.lastIndex = end;
  if (!XML_ELEMENT.test(text)) return undefined;
  const from = XML_ELEMENT.lastIndex;
  const to = text.indexOf('<', from);
  if (to < 0) return undefined;
  return text[to + 1] === '/' ? exact(text, from, to) : undefined;
}

/** After `=`, `:`, `=>`, `:=` or a comma. */
function separatedValue(text: string, end: number): Found | undefined {
  SEPARATOR.lastIndex = end;
  const separator = SEPARATOR.exec(text);
  if (!separator) return undefined;
  const from = SEPARATOR.lastIndex;
  // get("NAME") or "fallback": what counts is what stands there if nothing is set.
  FALLBACK.lastIndex = from;
  const fallback = FALLBACK.exec(text);
  if (fallback) {
    const to = closing(text, FALLBACK.lastIndex, fallback[1] as string);
    if (to >= 0) return exact(text, FALLBACK.lastIndex, to);
  }
  OPENING.lastIndex = from;
  const opening = OPENING.exec(text);
  if (opening) {
    const quote = `${opening[1]}${opening[2]}`;
    const to = closing(text, OPENING.lastIndex, quote);
    return to < 0 ? undefined : exact(text, OPENING.lastIndex, to);
  }
  // A comma binds only between quoted strings: set("PASSWORD", "value").
  if (separator[1] === ',' || separator[1]?.includes('==')) return undefined;
  return bareValue(text, from);
}

/** `ENV NAME value`, `--password value`, `password value` of .netrc. */
function spacedValue(text: string, start: number, end: number): Found | undefined {
  WORD_SEPARATOR.lastIndex = end;
  if (!WORD_SEPARATOR.test(text)) return undefined;
  const before = text.slice(Math.max(0, start - 64), start);
  const option = /--$/.test(before) || text.startsWith('--', start);
  const statement = /(^|\n)\s{0,8}(ENV|ARG)\s{1,4}$/i.test(before);
  const netrc =
    /\blogin\s{1,4}\S{1,64}\s{1,8}$/.test(before) && text.slice(start, end) === 'password';
  return option || statement || netrc ? bareValue(text, WORD_SEPARATOR.lastIndex) : undefined;
}

function bareValue(text: string, from: number): Found | undefined {
  if (text[from] === '#') return undefined; // a comment
  let to = from;
  const word = (): void => {
    while (to < text.length && to - from < MAX_VALUE && !/[\s"'`,;]/.test(text[to] as string)) to++;
  };
  word();
  // Authorization: Bearer …
  if (SCHEME.test(text.slice(from, to)) && text[to] === ' ') {
    to++;
    word();
  }
  while (to > from && /[)\]}>\\]/.test(text[to - 1] as string)) to--;
  return to > from ? { value: text.slice(from, to), valueStart: from, exact: false } : undefined;
}

function closing(text: string, from: number, quote: string): number {
  const escaped = quote.startsWith('\\');
  for (let i = from; i < text.length && i - from <= MAX_VALUE; i++) {
    if (text.startsWith(quote, i)) return i;
    if (text[i] === '\n' && quote.length === 1) return -1;
    if (text[i] === '\\' && !escaped) i++;
  }
  return -1;
}

function exact(text: string, from: number, to: number): Found {
  return { value: text.slice(from, to), valueStart: from, exact: true };
}
