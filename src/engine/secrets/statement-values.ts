/**
 * Values that a statement binds to a name without a sign between the two: one of several targets
 * (`user, password = "bob", "…"`), the other branch of a condition, what a function only returns, the case of a
 * `match`, an argument beside the name in a comparison.
 */
import { isDrawn } from './entropy.ts';
import type { TextWindow } from './named-text.ts';
import { exact, type Found, quoted } from './value-text.ts';

const MOST = 400; // characters of a statement
const STRING = /[bBrRuU]{0,2}(["'])/y;

/** The value that a statement binds to the name in `[start, end)`; null where it binds none to it, and one to another. */
export function statementValue(
  window: TextWindow,
  start: number,
  end: number,
): Found | null | undefined {
  const { text } = window;
  const target = targetValue(text, start, end);
  if (target !== undefined) return target;
  return (
    otherBranch(window, end) ??
    returnedValue(window, start, end) ??
    caseValue(window, start, end) ??
    comparedValue(window, start, end)
  );
}

/** A part of a tuple, by its place in the text. */
interface Item {
  start: number;
  end: number;
}

const TARGETS = /^[ \t]{0,40}(?:(?:var|let|const|local|my)[ ])?[\w.$@*, ()[\]]{0,200}$/;
const SIGN = /^[\w.$@*, ()[\]]{0,200}?[ \t]{0,4}:?=(?![=>~])/;

/** `user, password = "bob", "…"`, nested and over a list too; the value at the name's own place. */
function targetValue(text: string, start: number, end: number): Found | null | undefined {
  const line = text.lastIndexOf('\n', start - 1) + 1;
  if (start - line > 240) return undefined;
  const before = text.slice(line, start);
  const next = /^[)\]]{0,4}[ ]{0,2}(.)/.exec(text.slice(end, end + 8))?.[1];
  if (!before.includes(',') && next !== ',') return undefined;
  const sign = TARGETS.test(before) && SIGN.exec(text.slice(end, end + 210));
  if (!sign) return undefined;
  const from = end + sign[0].length;
  const indent = /^(?:[ \t]{0,40})(?:(?:var|let|const|local|my)[ ])?/.exec(before)?.[0].length ?? 0;
  const targets = { start: line + indent, end: from - (text[from - 2] === ':' ? 2 : 1) };
  const lineEnd = text.indexOf('\n', from);
  const most = Math.min(text.length, from + MOST, lineEnd < 0 ? text.length : lineEnd);
  // `a, b = both = (…)`: the last sign stands before the values.
  const again = /^[ ]{0,2}[\w.]{1,64}[ ]{0,2}=(?!=)/.exec(text.slice(from, most));
  const values = { start: from + (again?.[0].length ?? 0), end: most };
  const value = pairedWith(text, targets, values, { start, end });
  if (!value) return undefined;
  STRING.lastIndex = value.start;
  const quote = STRING.exec(text)?.[1];
  if (quote === undefined || text[value.end - 1] !== quote)
    return /["']/.test(text.slice(value.start, value.end)) ? undefined : null;
  return exact(text, STRING.lastIndex, value.end - 1, 'backslashes');
}

/** The part of `values` at the place that `name` has among the targets. */
function pairedWith(text: string, targets: Item, values: Item, name: Item): Item | undefined {
  let left = trimmed(text, targets);
  let right = trimmed(text, values);
  for (let depth = 0; depth < 4; depth++) {
    const names = itemsOf(text, unwrapped(text, left));
    const parts = itemsOf(text, unwrapped(text, right));
    const at = names.findIndex((one) => one.start <= name.start && name.end <= one.end);
    const starred = names.findIndex((one) => text[one.start] === '*');
    if (at < 0 || (starred < 0 ? names.length !== parts.length : parts.length < names.length - 1))
      return undefined;
    // What is starred takes what the others leave.
    const index = starred >= 0 && at > starred ? parts.length - (names.length - at) : at;
    const [target, value] = [names[at], parts[index]];
    if (!target || !value) return undefined;
    const inner = text[target.start];
    if (inner !== '(' && inner !== '[') return names.length > 1 ? value : undefined;
    left = target;
    right = value;
  }
  return undefined;
}

function trimmed(text: string, { start, end }: Item): Item {
  while (start < end && /\s/.test(text[start] as string)) start++;
  while (end > start && /[\s;]/.test(text[end - 1] as string)) end--;
  return { start, end };
}

/** Without the brackets around all of it. */
function unwrapped(text: string, item: Item): Item {
  const open = text[item.start];
  if (open !== '(' && open !== '[') return item;
  const inside = { start: item.start + 1, end: item.end - 1 };
  return closes(text, item) ? trimmed(text, inside) : item;
}

function closes(text: string, { start, end }: Item): boolean {
  let depth = 0;
  for (let i = start; i < end; i++) {
    i = behindString(text, i, end);
    if ('([{'.includes(text[i] ?? ' ')) depth++;
    else if (')]}'.includes(text[i] ?? ' ') && --depth === 0) return i === end - 1;
  }
  return false;
}

/** What commas part, outside of brackets and strings; up to a comment. */
function itemsOf(text: string, { start, end }: Item): Item[] {
  const items: Item[] = [];
  let from = start;
  let depth = 0;
  let i = start;
  for (; i < end; i++) {
    i = behindString(text, i, end);
    const c = text[i] ?? ' ';
    if ('([{'.includes(c)) depth++;
    else if (')]}'.includes(c)) depth--;
    else if (c === '#' && depth === 0) break;
    else if (c === ',' && depth === 0) {
      items.push(trimmed(text, { start: from, end: i }));
      from = i + 1;
    }
  }
  const last = trimmed(text, { start: from, end: Math.min(i, end) });
  return last.end > last.start ? [...items, last] : items;
}

/** The closing quote of the string that begins at `at`, or `at` where none does. */
function behindString(text: string, at: number, end: number): number {
  const quote = text[at];
  if (quote !== '"' && quote !== "'") return at;
  for (let i = at + 1; i < end; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === quote) return i;
  }
  return end;
}

const ASSIGNS = /[ \t]{0,4}=[ \t]{0,4}(?=[A-Za-z_(])/y;

/** `TOKEN = os.environ["TOKEN"] if "TOKEN" in os.environ else "…"`. */
function otherBranch(window: TextWindow, end: number): Found | undefined {
  const { text } = window;
  ASSIGNS.lastIndex = end;
  if (!ASSIGNS.test(text)) return undefined;
  const from = ASSIGNS.lastIndex;
  const line = text.slice(from, from + MOST).split('\n', 1)[0] as string;
  const condition = line.indexOf(' if ');
  const other = condition < 0 ? -1 : line.indexOf(' else ', condition);
  if (other < 0 || /[;{}]/.test(line.slice(0, other))) return undefined;
  return stringAt(window, from + other + ' else '.length);
}

const SUBJECT = /\bdef[ ]{1,4}$/;
/** Verbs that give back what is there already. */
const GIVES =
  /^_{0,2}(?:(?:get|load|read|fetch|default|find|provide)_?)?(?!(?:ask|prompt|check|verify|validate|hash|encrypt|decrypt|parse|create|generate|make|reset|forgot|change|set|is|has)_)/i;
const RETURNS =
  /\([^()\n]{0,80}\)(?:[ ]?->[ ]?[\w.[\]]{1,32})?:(?:[ \t]{0,8}(?:#[^\n]{0,120})?\r?\n[ \t]{1,40}(?:"""[^"]{0,300}"""[ \t]{0,8}\r?\n[ \t]{1,40})?|[ ]{1,4})(?:return|yield)[ ]{1,4}(?=[bBrRuU]{0,2}["'])/y;

/** A function of Python that does nothing but return a string. */
function returnedValue(window: TextWindow, start: number, end: number): Found | undefined {
  const { text } = window;
  if (text[end] !== '(' || !SUBJECT.test(text.slice(Math.max(0, start - 8), start)))
    return undefined;
  if (!GIVES.test(text.slice(start, end))) return undefined;
  RETURNS.lastIndex = end;
  return RETURNS.test(text) ? stringAt(window, RETURNS.lastIndex) : undefined;
}

const CASES = /:[ \t]{0,8}\r?\n[ \t]{1,40}case[ ]{1,4}(?:["'][^"'\n]{0,64}["'] \| )?(?=["'])/y;

/** The first case of `match token:`. */
function caseValue(window: TextWindow, start: number, end: number): Found | undefined {
  const { text } = window;
  CASES.lastIndex = end;
  return CASES.test(text) && /\bmatch[ ]{1,4}$/.test(text.slice(Math.max(0, start - 10), start))
    ? stringAt(window, CASES.lastIndex)
    : undefined;
}

const COMPARES =
  /(?:compare_digest|hash_equals|constant_time_compare|safe_str_cmp|timingSafeEqual|secure_compare|isEqual)\(\s{0,8}$/;
const OTHER = /(?:\([^()\n]{0,24}\))?[ ]{0,2},\s{0,16}(?=[bBrRuU]{0,2}["'])/y;
const BEGINS = /\([ ]{0,2}(?=[bBrRuU]{0,2}["'])/y;

/** `compare_digest(token.encode(), b"…")`, and `token.startswith("…")` with what looks drawn at random. */
function comparedValue(window: TextWindow, start: number, end: number): Found | undefined {
  const { text } = window;
  OTHER.lastIndex = end;
  if (OTHER.test(text) && COMPARES.test(text.slice(Math.max(0, start - 40), start)))
    return stringAt(window, OTHER.lastIndex);
  if (!/\.(?:startswith|startsWith|endswith|endsWith)$/.test(text.slice(start, end)))
    return undefined;
  BEGINS.lastIndex = end;
  const found = BEGINS.test(text) ? stringAt(window, BEGINS.lastIndex) : undefined;
  // A token of three parts begins with its header, which all have.
  return found && isDrawn(found.value) && !found.value.startsWith('eyJ') ? found : undefined;
}

function stringAt(window: TextWindow, at: number): Found | undefined {
  STRING.lastIndex = at;
  const quote = STRING.exec(window.text)?.[1];
  return quote === undefined ? undefined : quoted(window, STRING.lastIndex, quote);
}
