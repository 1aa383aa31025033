/**
 * A name and its value on a line of text, whatever language it is: assignments, calls, JSON, YAML, INI,
 * properties, XML, shell, Dockerfile `ENV`, command-line options. Works on a window around a name.
 */
import { inConnectionString } from './connection-strings.ts';
import { isDigested } from './digest-calls.ts';
import { elementValue, entityValue } from './element-text.ts';
import { fallbackStart } from './fallback-text.ts';
import type { Spelling } from './spelling.ts';
import { statementValue } from './statement-values.ts';
import {
  bareValue,
  closing,
  enclosed,
  exact,
  type Found,
  MAX_VALUE,
  quoted,
  restOfLine,
} from './value-text.ts';

/** A name bound to a value in text. Positions are in the characters of the text given. */
export interface NamedText {
  name: string;
  nameStart: number;
  /** As it stands in the text. */
  value: string;
  valueStart: number;
  /** The value was quoted or fills the rest of its element or line. */
  exact: boolean;
  spelling: Spelling;
  /** It is a field of a connection string. */
  connection?: true;
}

/** What a window shows of its text. */
export interface TextWindow {
  /** Whole lines where they fit; begins with the line of the name, or within it. */
  text: string;
  /** Where the name's own line ends in it. */
  lineEnd: number;
  /** Whether the file has one setting a line, so that a bare value goes on to the line's end. */
  settings: boolean;
  /** Set where a value went on to the window's end, and so may be longer. */
  cut?: boolean;
}

/** Names longer than this many characters, to either side of a position, name nothing. */
export const MAX_NAME = 96;

const XML_ATTRIBUTE =
  /["']\s{1,4}(?:[\w:.-]{1,32}=["'][^"'<>]{0,64}["']\s{1,4})?value\s{0,2}=\s{0,2}(["'])/iy;
const XML_ELEMENT = /["']?(?:\s[^<>]{0,128})?>(?:\s{0,80}<value>)?(<!\[CDATA\[)?/iy;
const XML_VALUE_BEFORE = /\bvalue\s{0,2}=\s{0,2}(["'])([^"'<>]{1,512})\1\s[^<>]{0,96}$/i;
/** Annotations of a type between a name and `=`, as Python, TypeScript, Rust, Kotlin, Go and C write them. */
const TYPE =
  /(?::[ \t]{0,2}(?:"[^"\n]{1,48}"|'[^'\n]{1,48}'|Annotated\[[^\n]{0,160}?\](?=[ \t]{0,4}=(?!=))|&(?:'\w{1,16} )?(?:mut )?\[u8(?:;[ ]?\w{1,8})?\]|[&*]?(?:'\w{1,16} )?[A-Za-z_][\w.]{0,32}[?!]?(?:[[<][\w., |[\]<>&']{0,48}[\]>])?)(?:[ \t]{0,2}\|[ \t]{0,2}(?:None|null|undefined|string)){0,2}|[ \t]{1,4}(?:string|\[\]byte|STRING|As[ \t]{1,4}\w{1,32})|\[\d{0,5}\])[ \t]{0,4}(?==(?!=|[ \t]{0,4}(?:\r?\n|$)))/y;
/** The second of Go's results: `key, err := …`. */
const SECOND_RESULT = /,[ ]?(?:_|err|e|ok)[ ](?=:?=[^=])/y;
const SEPARATOR =
  /\\{0,3}(?:["'`]|\*\*)?(?:\(\)(?=[ \t]{0,4}[=!~]=))?[ \t]{0,4}[\])]?[ \t]{0,16}(?:!\s?|\?\s?)?(\|\|(?=[ ]?["'`])|\?\?(?=[ ]?["'`])|=>|->(?=[ \t]*["'])|<{1,2}-|:=|~=|(?<=[ \t])(?:(?:-[ic]?)?(?:eq|ne)|to)(?=[ \t]+["'])|(?<=[ \t])isEqual\w{0,16}:|\?=|\+=|===?|!==?|=|::?|,)(?:\*\*(?=[ \t]))?[ \t]{0,32}(?:(?<=:[ \t]{1,32})[&!]!?[\w-]{0,64}[ \t]{1,8}(?![|>]))?/y;
const OPENING =
  /(?:(?:new[ ]|&)?(?:[A-Za-z_][\w.:]{0,40}(?:\(\)\.\w{1,24})?!?|\[\]byte)?\([ \t]{0,4}(?:default[ ]?=[ ]?)?|@|<<)?(?:[bBrRuUfFLN$]{1,2}(?=["'])|b?r#{1,3}(?="))?(\\{0,3})("""|'''|["'`]|\*\*(?=[^\s*]{4,64}\*\*))/y;
const FALLBACK =
  /[A-Za-z_][\w.]{0,60}(?:[([]\s{0,4}["'][\w.-]{1,96}["']\s{0,4})?[)\]]?\s{0,4}(?:,\s{0,4}(?:default(?:_value)?\s{0,2}=\s{0,2})?|\bor\s{1,4}|\|\|\s{0,4}|\?\?\s{0,4}|\?:\s{0,4})(["'])(?!-|(?:hex|base64(?:url)?|utf-?8|ascii|latin1|binary|AES)["'])/iy;
/** `${NAME:-default}` of shells and compose files, `${NAME:default}` of Spring. */
const DEFAULT = /:[-=]?([^{}$"'\s]{4,256})\}/y;
const REFERENCE = /["']?\$\{[A-Za-z_][\w.]{0,64}(?=:)/y;
const WORD_SEPARATOR =
  /[ \t]{1,32}(?:--plaintext[ \t]{1,8}|FOR[ \t]{1,8}\S{1,130}[ \t]{0,8}=[ \t]{0,8})?/iy;
const QUOTED = /(\\?["'])/y;
const CALL = /\([ \t]{0,4}(\\?["'`])/y;
/** Methods that take a secret as their only argument: `setPassword("…")`, `.password("…")`. */
const ITEM = String.raw`(?:"[^"\n]{0,64}"|'[^'\n]{0,64}'|[\w.]{1,64})\s{0,8}`;
/** Arguments that are keys and values in turn, and the section before a key. */
const PAIRS_BEFORE = new RegExp(
  String.raw`(?:(?:\bof|pairs|map)\(|set\(\s{0,8}ITEM,)\s{0,8}(?:ITEM,\s{0,8}ITEM,\s{0,8}){0,8}["']$`.replaceAll(
    'ITEM',
    ITEM,
  ),
  'i',
);
const SETTER =
  /(?:^|[.>])(?:set|with|use|add)?_?(?:[A-Z]\w{0,24})?(?:password|passwd|token|secret|api_?key|passphrase)(?:\.(?:equals\w{0,16}|compareTo|contentEquals|eq))?$/i;
const ASKS =
  /(?:^|[.>_])(?:get|read|ask|prompt|find|load|fetch|check|verify|validate|is|has|hash|encrypt|decrypt|parse|create|generate|make|reset|forgot|change)/i;
/** What stands on the next line: a string of its own, behind an opening bracket or nothing. */
const NEXT_LINE = /[ \t]{0,8}[(\\]?[ \t]{0,8}\r?\n[ \t]{0,64}(?:[bBrRuU]{1,2}(?=["']))?(["'])/y;
const BLOCK =
  /[|>][+-]?\d?[ \t]{0,8}(?:#[^\n]{0,64})?\r?\n([ \t]{1,40})([^\s][^\r\n]{3,1024})\r?(?:\n([ \t]{0,40})|$)/y;

/**
 * The named value whose name covers position `at` of the window; undefined where the name names nothing.
 */
export function namedTextAt(window: TextWindow, at: number): NamedText | undefined {
  const { text } = window;
  let start = at;
  while (start > 0 && at - start < MAX_NAME && isNameCode(text.charCodeAt(start - 1))) start--;
  // The letter of an escape is no part of the name behind it: `\nTOKEN=`.
  if (text[start - 1] === '\\' && start < at && 'nrt'.includes(text[start] as string)) start++;
  let end = at;
  while (end < text.length && end - at < MAX_NAME && isNameCode(text.charCodeAt(end))) end++;
  const name = trimName(text.slice(start, end));
  if (name === '' || end - start >= 2 * MAX_NAME) return undefined;
  const stated =
    xmlValue(window, start, end) ??
    fallbackValue(window, start, end) ??
    elementValue(window, start, end) ??
    entityValue(window, start, end) ??
    statementValue(window, start, end);
  if (stated === null) return undefined;
  const found =
    stated ??
    separatedValue(window, start, end) ??
    calledValue(text, name, end) ??
    spacedValue(window, start, end);
  if (!found || found.value.trim() === '') return undefined;
  // In a query the next parameter begins at the ampersand.
  const before = text[start - 1];
  if ((before === '?' || before === '&') && !found.exact) {
    const next = found.value.indexOf('&');
    if (next >= 0) found.value = found.value.slice(0, next);
  }
  return found.value === '' ? undefined : { name, nameStart: start, ...found };
}

/** Whether a byte or character code may stand in a name. */
export function isNameCode(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    isBeside(code)
  );
}

/** A name without the signs that only stand beside it. */
export function trimName(name: string): string {
  let start = 0;
  let end = name.length;
  while (start < end && isBeside(name.charCodeAt(start))) start++;
  while (end > start && isBeside(name.charCodeAt(end - 1))) end--;
  return name.slice(start, end);
}

function isBeside(code: number): boolean {
  return code === 0x2d || code === 0x2e || code === 0x24;
}

/** `<password>value</password>`, `<add key="password" value="…"/>`, `<x value="…" name="password">`. */
function xmlValue(window: TextWindow, start: number, end: number): Found | undefined {
  const { text } = window;
  XML_ATTRIBUTE.lastIndex = end;
  const attribute = XML_ATTRIBUTE.exec(text);
  if (attribute) {
    const from = XML_ATTRIBUTE.lastIndex;
    const to = text.indexOf(attribute[1] as string, from);
    if (to < 0) window.cut = true;
    return to < 0 || to - from > MAX_VALUE ? undefined : exact(text, from, to, 'entities');
  }
  const opened = text.lastIndexOf('<', start);
  if (opened < 0 || start - opened > 640) return undefined;
  const inside = text.slice(opened, start);
  if (inside.includes('>')) return undefined;
  const before = /^<[\w:.-]{1,32}\s/.test(inside) && XML_VALUE_BEFORE.exec(inside);
  if (before) {
    const value = before[2] as string;
    const from = opened + inside.indexOf(value, before.index + 6);
    return exact(text, from, from + value.length, 'entities');
  }
  if (start - opened > 64 || /[\s"']/.test(inside.replace(/ \w+=["']/, ''))) return undefined;
  XML_ELEMENT.lastIndex = end;
  const element = XML_ELEMENT.exec(text);
  if (!element) return undefined;
  const from = XML_ELEMENT.lastIndex;
  const to = text.indexOf('<', from);
  if (to < 0) window.cut = true;
  if (element[1] !== undefined) {
    const closed = text.indexOf(']]>', from);
    return closed < 0 ? undefined : exact(text, from, closed, 'plain');
  }
  if (to < 0 || to - from > MAX_VALUE || text[to + 1] !== '/') return undefined;
  return exact(text, from, to, 'entities');
}

/** The default of an option, the initialiser of a property, the next word of a command's list. */
function fallbackValue(window: TextWindow, start: number, end: number): Found | undefined {
  const found = fallbackStart(window.text, start, end);
  if (!found) return undefined;
  if (found.quote !== '') return quoted(window, found.at, found.quote);
  const word = /[^\s]{1,512}/.exec(window.text.slice(found.at));
  return word ? exact(window.text, found.at, found.at + word[0].length, 'plain') : undefined;
}

/** After `=`, `:`, `=>`, `:=` or a comma. */
function separatedValue(window: TextWindow, start: number, end: number): Found | undefined {
  const { text, settings } = window;
  if (text[start - 1] === '{' && text[start - 2] === '$') return inDefault(text, end);
  let at = end;
  for (const between of [TYPE, SECOND_RESULT]) {
    between.lastIndex = at;
    if (between.test(text)) at = between.lastIndex;
  }
  SEPARATOR.lastIndex = at;
  const separator = SEPARATOR.exec(text);
  if (!separator) return undefined;
  const sign = separator[1] as string;
  const from = SEPARATOR.lastIndex;
  // `sha1(token) == "…"` and `hash("md5", token) == "…"`.
  if (separator[0].includes(')') && isDigested(text, start)) return undefined;
  // In `a:secret:b` the parts of a name stand.
  const named = !(text[start - 1] === ':' && sign === ':');
  REFERENCE.lastIndex = from;
  if (REFERENCE.test(text)) {
    const fallen = inDefault(text, REFERENCE.lastIndex);
    if (fallen) return fallen;
  }
  // get("NAME") or "fallback": what counts is what stands there if nothing is set.
  FALLBACK.lastIndex = from;
  const fallback = FALLBACK.exec(text);
  if (fallback) {
    const to = closing(text, FALLBACK.lastIndex, fallback[1] as string);
    // In `"a": a, "b": b` the next key stands behind the comma.
    const key = /^.[ \t]{0,8}:/.test(text.slice(to, to + 12));
    if (to >= 0 && !key) return exact(text, FALLBACK.lastIndex, to, 'backslashes');
  }
  const literal = enclosed(text, from);
  if (literal) return literal;
  OPENING.lastIndex = from;
  const opening = OPENING.exec(text);
  if (opening) {
    const value = quoted(window, OPENING.lastIndex, `${opening[1]}${opening[2]}`);
    // One string of many is no name, unless they are keys and values in turn.
    if (
      sign === ',' &&
      /["'`]\s{0,8},\s{0,8}["'`]$/.test(text.slice(Math.max(0, start - 20), start)) &&
      !PAIRS_BEFORE.test(text.slice(Math.max(0, start - 240), start))
    )
      return undefined;
    // Behind a comma the next string may be another name.
    if (sign !== ',' || !value) return value;
    const after = value.valueStart + value.value.length;
    return /^["'`][ \t]{0,8}[:=]/.test(text.slice(after, after + 12)) ? undefined : value;
  }
  // A comma binds only between quoted strings: set("PASSWORD", "value").
  if (/^(?:,|->|<+-|~=|.+==|.*[en][qe]|to|is.*)$/.test(sign)) return undefined;
  const rest = nextLine(window, from, sign);
  if (rest) return rest;
  if (!named) return undefined;
  // An item in quotes ends with them: `- "label=value"`.
  const around = text[start - 1] as string;
  const listed = settings || VARIABLE.test(text.slice(start, end));
  if (listed && sign.length === 1 && /["']/.test(around) && text[end] !== around)
    return upToNextVariable(quoted(window, from, around));
  return settings && sign.length === 1 && startsLine(text, start) && !isCommand(window, start, from)
    ? restOfLine(window, from)
    : remarked(text, start, connectionField(text, start, bareValue(text, from, window.lineEnd)));
}

/** `- PGPASSWORD=… psql -h db`: a step of a CI file, whose command has a variable before it. */
function isCommand({ text, lineEnd }: TextWindow, start: number, from: number): boolean {
  const line = text.lastIndexOf('\n', start - 1) + 1;
  return (
    /^[ \t]*-[ \t]+$/.test(text.slice(line, start)) &&
    text[from - 1] === '=' &&
    /^\S+[ \t]+[a-z][\w./-]*[ \t]/.test(text.slice(from, lineEnd))
  );
}

/** `"--set-env-vars", "A=…,B=…"`, `.env: "A=…\nB=…\n"`: commas or line ends part variables in one string. */
function upToNextVariable(found: Found | undefined): Found | undefined {
  const next =
    found?.value.search(/,[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*=|\\n(?:[A-Z][A-Z0-9_]*=|$)/) ?? -1;
  return found && next > 0 ? { ...found, value: found.value.slice(0, next) } : found;
}

function connectionField(text: string, start: number, found: Found | undefined): Found | undefined {
  // A query's parameters end by themselves.
  const connection =
    found && !'?&'.includes(text[start - 1] ?? ' ') && inConnectionString(text, start);
  if (!connection) return found;
  // Fields that a semicolon parts may have blanks in them.
  const from = found.valueStart;
  const parted = /;[ ]?$/.test(text.slice(Math.max(0, start - 2), start));
  const value = parted
    ? (/^[^;"'`<\r\n]{1,256}/.exec(text.slice(from, from + 256))?.[0] ?? '')
    : '';
  const whole = value.length > found.value.length ? value.trimEnd() : found.value;
  return { ...found, value: whole, exact: true, connection };
}

/** A variable of the environment, which code sets as `"NAME=value"`. */
const VARIABLE = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;
/** Before a name in the comments of any language. */
const REMARK = /(?:^|[\s;{}>])(?:\/\/|#|\/?\*|<!--|--)[^"'`]*$/;
/** Letters of both cases among digits, which no word of code or prose is. */
const MIXED = /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[^\s"'`()[\]{}<>,;:=.]{8,64}$/;

/** A value that ends a comment, as a password does that somebody wrote down there. */
function remarked(text: string, start: number, found: Found | undefined): Found | undefined {
  if (!found || found.exact || !MIXED.test(found.value)) return found;
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const end = found.valueStart + found.value.length;
  const last = /^[ \t]{0,8}(?:$|\r?\n|\*\/|-->)/.test(text.slice(end, end + 12));
  return last && REMARK.test(line) ? { ...found, exact: true } : found;
}

/** `:-default}` behind a variable's name. */
function inDefault(text: string, end: number): Found | undefined {
  DEFAULT.lastIndex = end;
  const value = DEFAULT.exec(text)?.[1];
  if (value === undefined) return undefined;
  return exact(text, DEFAULT.lastIndex - 1 - value.length, DEFAULT.lastIndex - 1, 'plain');
}

/** A value on the line after its name: a string of its own, or a YAML block of one line. */
function nextLine(window: TextWindow, from: number, sign: string): Found | undefined {
  const { text } = window;
  NEXT_LINE.lastIndex = from;
  const next = NEXT_LINE.exec(text);
  if (next) return quoted(window, NEXT_LINE.lastIndex, next[1] as string);
  if (sign !== ':') return undefined;
  BLOCK.lastIndex = from;
  const block = BLOCK.exec(text);
  if (!block) return undefined;
  const [whole, indent = '', value = '', following] = block;
  // A block of several lines is no one value, unless it is folded; what is named in it is found by itself.
  const goesOn = following !== undefined && following.length >= indent.length;
  if (goesOn && !whole.startsWith('>')) return undefined;
  const at = from + whole.indexOf(value, whole.indexOf('\n') + 1);
  return exact(text, at, at + value.trimEnd().length, 'plain');
}

/** `setPassword("…")`, `.token('…')`. */
function calledValue(text: string, name: string, end: number): Found | undefined {
  CALL.lastIndex = end;
  const call = CALL.exec(text);
  if (!call || !SETTER.test(name) || ASKS.test(name)) return undefined;
  const from = CALL.lastIndex;
  const to = closing(text, from, call[1] as string);
  if (to < 0 || !/^\\?["'`][ \t]{0,4}\)/.test(text.slice(to, to + 8))) return undefined;
  return exact(text, from, to, 'backslashes');
}

/** `(setq name "…")` of Lisp. */
const DEFINES = /\((?:setq|setf|defvar|defparameter|defconstant|defcustom|define|def)[ \t]{1,8}$/;
/** `mysql-server/root_password password …`: a question of debconf's, its type, its answer. */
const OWNED = /[\w.+-]{1,64}[ \t]{1,8}[\w.+-]{1,64}\/(?:[\w.+-]{1,64}\/)?$/;
const DEBCONF = /[ \t]{1,8}password[ \t]{1,8}/y;

/** `ENV NAME value`, `--password value`, `#define NAME "value"`, `PASSWORD 'value'`, `PASSWORD FOR a = 'value'` of SQL. */
function spacedValue(window: TextWindow, start: number, end: number): Found | undefined {
  const { text, settings } = window;
  // Lisp's names of variables stand between asterisks.
  const mark = /[*+]/.test(text[end] ?? '') && text[start - 1] === text[end] ? 1 : 0;
  WORD_SEPARATOR.lastIndex = end + mark;
  if (!WORD_SEPARATOR.test(text)) return undefined;
  const from = WORD_SEPARATOR.lastIndex;
  const before = text.slice(Math.max(0, start - 64), start - mark);
  const option = /--$/.test(before) || text.startsWith('--', start);
  // Of a command of PowerShell, whose words are strings.
  const parameter = /^-[A-Z]/.test(text.slice(start, start + 2));
  const statement =
    /(?:^|\n)[ \t]{0,8}(?:ENV|ARG|set|#[ \t]{0,4}define)[ \t]{1,8}$|\b(?:setenv|setx|(?<!config[ ])set(?:[ \t]-{1,2}\w{1,12}){1,3})[ \t]{1,8}$/i.test(
      before,
    );
  const setting = settings && startsLine(text, start);
  const header = /(?:header|[a-z]_param)[ \t]{1,4}(?:set[ \t]{1,4})?$/i.test(before);
  const keyword = text[start - 1] === ':' || DEFINES.test(before);
  DEBCONF.lastIndex = end;
  if (OWNED.test(before) && DEBCONF.test(text))
    return bareValue(text, DEBCONF.lastIndex, window.lineEnd);
  const netrc = /\blogin[ \t]{1,4}\S{1,64}[ \t]{1,8}$/.test(before);
  const sql =
    /\b(?:with|encrypted|identified|user|role|login|by|for)\b[^\n]{0,48}$/i.test(before) ||
    /securestring$/i.test(text.slice(start, end));
  if (!option && !parameter && !statement && !setting && !sql && !netrc) {
    const words = header || keyword || startsLine(text, start) || /[{;][ \t]{0,4}$/.test(before);
    const string = words ? quotedToTheEnd(window, from) : undefined;
    return string ?? (header && settings ? bareValue(text, from, window.lineEnd) : undefined);
  }
  QUOTED.lastIndex = from;
  const quote = QUOTED.exec(text)?.[1];
  if (quote !== undefined) return quoted(window, QUOTED.lastIndex, quote);
  if (
    !option &&
    !parameter &&
    !statement &&
    !netrc &&
    !(setting && !/[ \t]\S/.test(text.slice(from, window.lineEnd)))
  )
    return undefined;
  const word = bareValue(text, from, window.lineEnd);
  return word && parameter ? { ...word, exact: !/^[-$@(]/.test(word.value) } : word;
}

/** A string behind a name, as a header, a setting of a Groovy or Ruby file, a value of a Clojure map. */
function quotedToTheEnd(window: TextWindow, from: number): Found | undefined {
  QUOTED.lastIndex = from;
  const quote = QUOTED.exec(window.text)?.[1];
  if (quote === undefined) return undefined;
  const value = quoted(window, QUOTED.lastIndex, quote);
  if (!value) return undefined;
  const after = value.valueStart + value.value.length + quote.length;
  return /^[ \t;,})\]]{0,8}(?:$|\r?\n|[:\w])/.test(window.text.slice(after, after + 12))
    ? value
    : undefined;
}

/** Whether nothing but indentation, a dash or `export` stands before a name on its line. */
function startsLine(text: string, start: number): boolean {
  const line = text.lastIndexOf('\n', start - 1) + 1;
  return /^[ \t]*(?:-[ \t]+)?(?:export[ \t]+|set[ \t]+)?["']?$/.test(text.slice(line, start));
}
