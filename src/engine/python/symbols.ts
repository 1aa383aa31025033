/** What the walk over bytecode knows of a value on the stack: where it came from, not what it will be. */
import type { BindingKind } from './binding.ts';
import { isSequence, PyBytes, textOf, type Value } from './values.ts';

/** Kinds of symbols; numbers, since every instruction asks for them. */
export const CONSTANT = 0;
export const NAME = 1;
export const ATTRIBUTE = 2;
const SUBSCRIPT = 3;
export const CALL = 4;
export const SEQUENCE = 5;
export const MAP = 6;
const TEXT = 7;
export const BINARY = 8;
export const FUNCTION = 9;
export const EITHER = 10;
export const ITEM = 11;
const NULL = 12;
const BUILD_CLASS = 13;
const UNKNOWN = 14;

/** One name for one constant. */
export interface Fact {
  kind: BindingKind;
  name: string;
  qualname: string;
  /** Of an argument, from 0. */
  position?: number;
  /** The name is but a string beside it: the first of a pair. */
  beside?: true;
}

const NO_SYMBOLS: readonly Symbol_[] = [];
/** Items that one list or dictionary may collect. */
const MAX_ITEMS = 65_536;
const MAX_TEXTS = 4096;
const MAX_JOINED = 64;
const MAX_JOINED_LENGTH = 4096;
const MAX_VISITED = 16_384;

/**
 * A symbolic value. Symbols are shared freely and form a graph that is never expanded; what is asked for
 * often, the label and whether there is any text in it, is settled when the symbol is made.
 */
export class Symbol_ {
  readonly k: number;
  /** What a person would call the expression: its last name. Empty where it has none. */
  readonly label: string;
  /** Whether text flows out of it that a name could be bound to. */
  holds: boolean;
  /** Base, callee, or what it is an item of. */
  readonly of: Symbol_ | undefined;
  /** Items, arguments, values, parts, options. */
  readonly list: Symbol_[];
  /** Keys of a map; values of a call's keywords. */
  readonly more: Symbol_[];
  /** Constants and functions. */
  readonly value: Value | undefined;
  /** Position in the code object's constants; -1 for what is none of them. */
  readonly index: number;
  /** Offset of the instruction that loads a constant. */
  readonly offset: number;
  /** The strings of a constant. */
  texts: readonly string[] = NO_TEXTS;
  /** Names of a constant, nearest first. */
  facts: Fact[] | undefined;
  /** Mark of the last traversal that came by. */
  seen = 0;
  #items: Symbol_[] | undefined;

  constructor(
    k: number,
    label: string,
    holds: boolean,
    of: Symbol_ | undefined,
    list: readonly Symbol_[],
    more: readonly Symbol_[],
    value: Value | undefined,
    index: number,
    offset: number,
  ) {
    this.k = k;
    this.label = label;
    this.holds = holds;
    this.of = of;
    this.list = list as Symbol_[];
    this.more = more as Symbol_[];
    this.value = value;
    this.index = index;
    this.offset = offset;
    this.facts = undefined;
  }

  /** The items of a display or of a constant tuple; undefined where they are not known. */
  get items(): Symbol_[] | undefined {
    if (this.k === SEQUENCE) return this.list;
    if (this.k !== CONSTANT || !isSequence(this.value)) return undefined;
    return (this.#items ??= this.value.items
      .slice(0, MAX_ITEMS)
      .map((value) => constant(value, textsIn(value), this.index, this.offset)));
  }

  /** The text of a constant that is a string, or bytes in Python 2. */
  get text(): string | undefined {
    return this.k === CONSTANT ? textOf(this.value) : undefined;
  }

  /** Adds an item to a display, unless it has grown past all bounds. */
  add(item: Symbol_): void {
    if (this.list.length >= MAX_ITEMS) return;
    this.list.push(item);
    if (item.holds) this.holds = true;
  }

  addEntry(key: Symbol_, value: Symbol_): void {
    if (this.list.length >= MAX_ITEMS) return;
    this.more.push(key);
    this.list.push(value);
    if (value.holds) this.holds = true;
  }
}

const NO_TEXTS: readonly string[] = [];

const plain = (k: number): Symbol_ =>
  new Symbol_(k, '', false, undefined, NO_SYMBOLS, NO_SYMBOLS, undefined, -1, 0);

export const UNKNOWN_SYMBOL = plain(UNKNOWN);
export const NULL_SYMBOL = plain(NULL);
export const BUILD_CLASS_SYMBOL = plain(BUILD_CLASS);

const anyHolds = (symbols: readonly Symbol_[]): boolean => {
  for (const symbol of symbols) if (symbol.holds) return true;
  return false;
};

export function constant(
  value: Value,
  texts: readonly string[],
  index: number,
  offset: number,
): Symbol_ {
  const holds = texts.length > 0;
  const symbol = new Symbol_(
    CONSTANT,
    '',
    holds,
    undefined,
    NO_SYMBOLS,
    NO_SYMBOLS,
    value,
    index,
    offset,
  );
  if (holds) symbol.texts = texts;
  return symbol;
}

export const named = (name: string): Symbol_ =>
  new Symbol_(NAME, name, false, undefined, NO_SYMBOLS, NO_SYMBOLS, undefined, -1, 0);

export const attribute = (base: Symbol_, name: string): Symbol_ =>
  new Symbol_(ATTRIBUTE, name, false, base, NO_SYMBOLS, NO_SYMBOLS, undefined, -1, 0);

export function subscript(base: Symbol_, key: Symbol_): Symbol_ {
  const text = key.text ?? base.label;
  return new Symbol_(SUBSCRIPT, text, false, base, NO_SYMBOLS, NO_SYMBOLS, undefined, -1, 0);
}

/** Something out of a value: a loop's variable, a part of an unpacked tuple. Of a list that is written out it may be each. */
export const item = (of: Symbol_): Symbol_ => {
  const literal = of.holds && (of.k === SEQUENCE || (of.k === CONSTANT && isSequence(of.value)));
  const options = literal ? [of] : NO_SYMBOLS;
  return new Symbol_(ITEM, of.label, literal, of, options, NO_SYMBOLS, undefined, -1, 0);
};

/** Constant texts as one, which stands for all of them; undefined where some are no such, or are too much. */
export const joinedTexts = (
  symbols: readonly Symbol_[],
  separator: string,
): Symbol_ | undefined => {
  if (symbols.length < 2 || symbols.length > MAX_JOINED) return undefined;
  let value = '';
  for (const { text } of symbols) {
    if (text === undefined || value.length > MAX_JOINED_LENGTH) return undefined;
    value += value === '' ? text : separator + text;
  }
  const parts = symbols.flatMap((symbol) => (symbol.list.length > 0 ? symbol.list : [symbol]));
  if (parts.length > MAX_JOINED) return undefined;
  const offset = parts[0]?.offset ?? 0;
  const symbol = new Symbol_(CONSTANT, '', true, undefined, parts, NO_SYMBOLS, value, -1, offset);
  symbol.texts = [value];
  return symbol;
};

const GETTERS = new Set(['get', 'getenv', 'pop', 'getattr', 'setdefault']);

/** Methods whose result is what they are called on, in another form. */
const SAME = new Set(['encode', 'decode', 'strip']);

/** `os.environ.get("TOKEN", "value")`: what is asked for says more than "get", and does not flow on. */
export function call(callee: Symbol_, args: Symbol_[], keywords: readonly Symbol_[]): Symbol_ {
  let label = callee.label;
  let flowing = args;
  if (GETTERS.has(label)) {
    const at = label === 'getattr' ? 1 : 0;
    const key = args[at]?.text;
    if (key !== undefined) {
      label = key;
      flowing = args.slice(at + 1);
    }
  }
  if (SAME.has(label) && callee.of) label = callee.of.label;
  // "…".format(x), "…".encode(): the text is the receiver.
  const receiver = callee.k === ATTRIBUTE && callee.of?.holds === true;
  const holds = receiver || anyHolds(flowing) || anyHolds(keywords);
  return new Symbol_(CALL, label, holds, callee, flowing, keywords, undefined, -1, 0);
}

export const sequence = (items: Symbol_[]): Symbol_ =>
  new Symbol_(SEQUENCE, '', anyHolds(items), undefined, items, NO_SYMBOLS, undefined, -1, 0);

export const map = (keys: Symbol_[], values: Symbol_[]): Symbol_ =>
  new Symbol_(MAP, '', anyHolds(values), undefined, values, keys, undefined, -1, 0);

export function text(parts: Symbol_[]): Symbol_ {
  const label = parts.length === 1 ? (parts[0]?.label ?? '') : '';
  return new Symbol_(TEXT, label, anyHolds(parts), undefined, parts, NO_SYMBOLS, undefined, -1, 0);
}

export const binary = (left: Symbol_, right: Symbol_): Symbol_ =>
  left.holds || right.holds
    ? new Symbol_(BINARY, '', true, undefined, [left, right], NO_SYMBOLS, undefined, -1, 0)
    : UNKNOWN_SYMBOL;

export const functionOf = (code: Value): Symbol_ =>
  new Symbol_(FUNCTION, '', false, undefined, NO_SYMBOLS, NO_SYMBOLS, code, -1, 0);

export function either(options: Symbol_[]): Symbol_ {
  const label = options.find((option) => option.label !== '')?.label ?? '';
  return new Symbol_(
    EITHER,
    label,
    anyHolds(options),
    undefined,
    options,
    NO_SYMBOLS,
    undefined,
    -1,
    0,
  );
}

/** A callee as it is written, with what it is an attribute of: `hmac.new`; empty where that is unknown. */
export function dottedLabel(symbol: Symbol_): string {
  if (symbol.k === NAME) return symbol.label;
  if (symbol.k !== ATTRIBUTE) return '';
  const MAX_PARTS = 20;
  let label = symbol.label;
  let base = symbol.of;
  for (let i = 0; base?.k === ATTRIBUTE && i < MAX_PARTS; base = base.of, i++) {
    label = `${base.label}.${label}`;
  }
  return base?.k === NAME ? `${base.label}.${label}` : '';
}

/** The strings in a constant, containers opened, up to a bound; code objects are not entered. */
export function textsIn(value: Value): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return NO_TEXTS;
  if (value instanceof PyBytes) return [value.text];
  if (!isSequence(value) && value.kind !== 'dict' && value.kind !== 'frozendict') return NO_TEXTS;
  const out: string[] = [];
  const seen = new Set<Value>();
  const stack: Value[] = [value];
  while (stack.length > 0 && out.length < MAX_TEXTS && seen.size < MAX_VISITED) {
    const current = stack.pop() as Value;
    const inner = textOf(current);
    if (inner !== undefined) {
      out.push(inner);
      continue;
    }
    if (typeof current !== 'object' || current === null || seen.has(current)) continue;
    seen.add(current);
    if (isSequence(current)) {
      for (let i = Math.min(current.items.length, MAX_VISITED) - 1; i >= 0; i--) {
        stack.push(current.items[i] as Value);
      }
    } else if (current.kind === 'dict' || current.kind === 'frozendict') {
      for (const [key, entry] of current.entries.slice(0, MAX_VISITED)) stack.push(entry, key);
    }
  }
  return out;
}
