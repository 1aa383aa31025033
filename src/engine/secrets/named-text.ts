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
  while (to < text.length && to - from < MAX_VALUE && !/[\s"'`,;]/.test(text[to] as string)) to++;
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
