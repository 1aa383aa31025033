/**
 * Several values under one name: lists and tuples of code, arrays of JSON, TOML and YAML, YAML's block lists,
 * and the values of a map. Works on the text behind a name.
 */
import { charactersOf } from '../archive/plain-text.ts';
import { byteSet } from './byte-set.ts';
import type { NamedText } from './named-text.ts';
import { type NameKind, secretKind } from './names.ts';

/** One of the values; `key` names it where they are a map's. Positions are in the characters of the text. */
export interface ListedText extends Pick<NamedText, 'value' | 'valueStart' | 'spelling'> {
  key: string | undefined;
}

/** Bytes behind a name in which a list is read. */
export const LIST_REACH = 4096;
const MOST_ITEMS = 64;
const PLURAL = /(key|token|password|passphrase|secret|credential)s(?![a-z])/i;
const SEPARATOR =
  /["'`]?[ \t]{0,4}\]?[ \t]{0,8}(?::[ \t]{0,4}[A-Za-z_][\w.]{0,24}(?:[[<][\w., |[\]<>]{0,48}[\]>])?[ \t]{0,4}(?==))?(?:=>|:=|=|:)[ \t]{0,16}/y;
const OPENING =
  /(?:new[ ])?(?:\[\]string|String\[\]|string\[\]|array|(?:frozenset|set|tuple|list)\(\s{0,8}(?=[[{])|(?:Arrays\.asList|List\.of|Set\.of|frozenset|set|tuple|list)(?=\())?[ \t]{0,4}([[({])\s{0,80}/y;
const BLOCK_ITEM =
  /\r?\n[ \t]{0,40}-[ \t]{1,8}(?:"((?:[^"\\\n]|\\.){1,512})"|'([^'\n]{1,512})'|([^\s"'{[&*!|>#-][^\r\n#]{0,511}))(?=[ \t]{0,40}(?:#[^\n]{0,200})?(?:\r?\n|$))/y;
const BETWEEN = /(?:[\s,]|#[^\n]{0,200}\n|\/\/[^\n]{0,200}\n){0,64}/y;
const BLANKS = /(?:\s|#[^\n]{0,200}\n|\/\/[^\n]{0,200}\n){0,64}/y;
const STRING = /(?:[bBrRuU]{1,2}(?=["']))?(["'])((?:(?!\1)[^\\\n]|\\.){0,512})\1/y;
const ENTRY = /(?:([A-Za-z_][\w.-]{0,64})|["']([\w.@ -]{1,64})["'])[ \t]{0,4}(?:=>|:|=)[ \t]{0,8}/y;
const BARE = /[^\s,[\]{}"'#:&*!|>][^\s,[\]{}"'#]{3,511}(?=\s{0,40}[,\]])/y;

const MEMBERSHIP = /[ ]{1,2}(?:not[ ])?in[ ]{1,2}([[({])\s{0,80}/y;

/** Whether a name is looked for among several values: `token in ("…", "…")`. */
export function isAmong(bytes: Uint8Array, end: number): boolean {
  if (bytes[end] !== 0x20) return false;
  const near = charactersOf(bytes, end, Math.min(bytes.length, end + 12));
  MEMBERSHIP.lastIndex = 0;
  return MEMBERSHIP.test(near);
}

/** The values among which a name that ends where the text begins is looked for. */
export function amongTexts(text: string): ListedText[] {
  MEMBERSHIP.lastIndex = 0;
  const bracket = MEMBERSHIP.exec(text)?.[1];
  return bracket ? inBrackets(text, MEMBERSHIP.lastIndex, bracket, false) : [];
}

/** The kind of what a plural's name lists: `api_keys`, `TOKENS`. */
export function listedKind(name: string): NameKind | undefined {
  return PLURAL.test(name) ? secretKind(name.replace(PLURAL, '$1')) : undefined;
}

/** Whether a list may begin behind a name that ends at `end`: cheap, before any text is decoded. */
export function mayList(bytes: Uint8Array, end: number): boolean {
  const most = Math.min(bytes.length, end + 80);
  let bound = false;
  let last = 0;
  for (let i = end; i < most; i++) {
    const byte = bytes[i] as number;
    if (byte === 0x20 || byte === 0x09 || byte === 0x0d) continue;
    if (!bound) {
      bound = byte === 0x3d || byte === 0x3a; // = :
      if (!bound && !BEFORE_SIGN[byte]) return false;
    } else if (byte === 0x5b) return true;
    else if (byte === 0x7b || byte === 0x28) return BEFORE_BRACKET[last] === 1;
    else if (byte === 0x0a) return SIGNS[last] === 1;
    else if (!IN_TYPE[byte]) return false;
    last = byte;
  }
  return false;
}

const SIGNS = byteSet('=:>');
const BEFORE_SIGN = byteSet('"\'`]');
/** A sign, a type's end, or the last letter of a word that `OPENING` and account maps know. */
const BEFORE_BRACKET = byteSet('=:>]yptfegw');
const IN_TYPE = byteSet('=:<>]|,._0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ');

/** The values behind a name that ends at `end`; none where no list stands there. `bare` for files of settings. */
export function listedTexts(text: string, end: number, bare: boolean): ListedText[] {
  SEPARATOR.lastIndex = end;
  if (!SEPARATOR.test(text)) return [];
  const from = SEPARATOR.lastIndex;
  const next = text[from];
  if (next === '\n' || next === '\r') return bare ? blockList(text, from) : [];
  OPENING.lastIndex = from;
  const opening = OPENING.exec(text);
  const bracket = opening?.[1];
  return bracket ? inBrackets(text, OPENING.lastIndex, bracket, bare && bracket === '[') : [];
}

function blockList(text: string, from: number): ListedText[] {
  const items: ListedText[] = [];
  BLOCK_ITEM.lastIndex = from;
  for (let item = BLOCK_ITEM.exec(text); item; item = BLOCK_ITEM.exec(text)) {
    const value = item[1] ?? item[2] ?? (item[3] ?? '').trimEnd();
    // A line with a name of its own is read by that.
    if (item[3] === undefined || !/:(?:\s|$)/.test(value)) {
      const valueStart = item.index + item[0].lastIndexOf(value);
      const spelling = item[1] === undefined ? 'plain' : 'backslashes';
      items.push({ key: undefined, value, valueStart, spelling });
    }
    if (items.length === MOST_ITEMS) break;
    BLOCK_ITEM.lastIndex = item.index + item[0].length;
  }
  return items;
}

function inBrackets(text: string, from: number, bracket: string, bare: boolean): ListedText[] {
  const close = bracket === '[' ? ']' : bracket === '{' ? '}' : ',';
  const items: ListedText[] = [];
  for (let at = from; items.length < MOST_ITEMS;) {
    at = behind(BETWEEN, text, at);
    const entered = behind(ENTRY, text, at);
    const key = entered > at ? ENTRY_NAME.exec(text.slice(at, entered))?.[1] : undefined;
    STRING.lastIndex = entered;
    const string = STRING.exec(text);
    const value = string ? string[2] : bare ? wordAt(text, entered) : undefined;
    if (value === undefined) break;
    const valueStart = string ? STRING.lastIndex - 1 - value.length : entered;
    at = string ? STRING.lastIndex : entered + value.length;
    // Strings without a comma between them are one, and one in parentheses is no tuple.
    const next = behind(BLANKS, text, at);
    const after = text[next];
    // HCL needs no commas between lines.
    const lines = key !== undefined && text.slice(at, next).includes('\n');
    if (
      !lines &&
      after !== ',' &&
      (items.length === 0 ? after !== close : after === '"' || after === "'")
    )
      return [];
    items.push({ key, value, valueStart, spelling: string ? 'backslashes' : 'plain' });
  }
  return items;
}

const ENTRY_NAME = /^["']?([^"':=]*[^"':= ])/;

/** Where a match of a sticky expression ends, or the place it was looked for. */
function behind(expression: RegExp, text: string, at: number): number {
  expression.lastIndex = at;
  return expression.test(text) ? expression.lastIndex : at;
}

function wordAt(text: string, at: number): string | undefined {
  BARE.lastIndex = at;
  return BARE.exec(text)?.[0];
}

/** A list in one value, each perhaps behind its owner's name: `API_KEYS=ann:…,bob:…`. */
const ITEMS = /(?<![^,;\s])(?:([A-Za-z][\w.-]{0,31}):)?([^\s,;:]{8,512})(?![^,;\s])/g;

/** The values that a variable lists in one, where they stand in it, and whose each is. */
export function itemsOf(list: string): { owner: string | undefined; value: string; at: number }[] {
  return Array.from(list.matchAll(ITEMS), ({ 0: whole, 1: owner, 2: value = '', index }) => ({
    owner,
    value,
    at: index + whole.length - value.length,
  }));
}

/** Whether a name is that of a variable of the environment, as such lists are kept in. */
export function isVariable(name: string): boolean {
  return /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(name);
}
