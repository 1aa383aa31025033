/** Displays: dictionaries, lists, tuples and sets as they are built, extended and taken apart. */
import type { StackWalk } from './stack-walk.ts';
import { notePair } from './pairs.ts';
import {
  either,
  item,
  ITEM,
  map,
  MAP,
  sequence,
  SEQUENCE,
  subscript,
  type Symbol_,
  UNKNOWN_SYMBOL,
} from './symbols.ts';

const MOST = 4096; // values that one instruction may push
const MOST_ROWS = 64; // of a list that a loop goes over

export function buildMap(walk: StackWalk, argument: number): void {
  // Up to 3.4 the argument is only a size; STORE_MAP or STORE_SUBSCR fills the dictionary.
  const values = walk.popMany(2 * (walk.v < 305 ? 0 : argument));
  const keys: Symbol_[] = [];
  const items: Symbol_[] = [];
  for (let i = 0; i + 1 < values.length; i += 2) {
    keys.push(values[i] as Symbol_);
    items.push(values[i + 1] as Symbol_);
  }
  pushMap(walk, keys, items);
}

function pushMap(walk: StackWalk, keys: Symbol_[], values: Symbol_[]): void {
  for (let i = 0; i < keys.length; i++) walk.bindEntry(keys[i] as Symbol_, values[i] as Symbol_);
  walk.push(map(keys, values));
}

export function addEntry(walk: StackWalk, into: Symbol_, key: Symbol_, value: Symbol_): void {
  walk.bindEntry(key, value);
  if (into.k === MAP) into.addEntry(key, value);
}

export function mapAdd(walk: StackWalk, argument: number): void {
  const top = walk.pop();
  const below = walk.pop();
  if (walk.v >= 308) addEntry(walk, walk.peek(argument), below, top);
  else addEntry(walk, walk.peek(argument), top, below);
}

export function storeMap(walk: StackWalk): void {
  const key = walk.pop();
  const value = walk.pop();
  addEntry(walk, walk.peek(1), key, value);
}

export function buildConstKeyMap(walk: StackWalk, argument: number): void {
  const keys = walk.pop();
  walk.settle(keys);
  const values = walk.popMany(argument);
  const names = keys.items ?? [];
  pushMap(
    walk,
    values.map((_, i) => names[i] ?? UNKNOWN_SYMBOL),
    values,
  );
}

export function updateMap(walk: StackWalk, argument: number): void {
  const from = walk.pop();
  const into = walk.peek(argument);
  if (into.k === MAP && from.k === MAP) copyEntries(walk, from, into);
}

function copyEntries(walk: StackWalk, from: Symbol_, into: Symbol_): void {
  const count = from.list.length;
  if (!walk.afford(count)) return;
  for (let i = 0; i < count; i++) into.addEntry(from.more[i] as Symbol_, from.list[i] as Symbol_);
}

export function extendList(walk: StackWalk, argument: number): void {
  const from = walk.pop();
  const into = walk.peek(argument);
  if (into.k === SEQUENCE) copyItems(walk, from, into);
}

function copyItems(walk: StackWalk, from: Symbol_, into: Symbol_): void {
  // A constant tuple stays whole: its strings share their names anyway.
  const items = from.k === SEQUENCE ? from.list : undefined;
  if (!items) {
    into.add(from);
    return;
  }
  const count = items.length;
  if (!walk.afford(count)) return;
  for (let i = 0; i < count; i++) into.add(items[i] as Symbol_);
}

export function appendItem(walk: StackWalk, argument: number): void {
  const value = walk.pop();
  const into = walk.peek(argument);
  notePair(walk, value);
  if (into.k === SEQUENCE) into.add(value);
}

/** LIST_APPEND and SET_ADD up to 2.6 and in 3.0: without an argument, and the list goes too. */
export function appendAndDrop(walk: StackWalk): void {
  walk.popMany(2);
}

export function buildSequence(walk: StackWalk, argument: number): void {
  const items = walk.popMany(argument);
  for (const one of items) notePair(walk, one);
  walk.push(sequence(items));
}

/** BUILD_*_UNPACK (3.5 to 3.8): several iterables become one. */
export function buildUnpacked(walk: StackWalk, argument: number): void {
  const out = sequence([]);
  for (const part of walk.popMany(argument)) copyItems(walk, part, out);
  walk.push(out);
}

export function buildMapUnpacked(walk: StackWalk, argument: number): void {
  const out = map([], []);
  for (const part of walk.popMany(argument)) if (part.k === MAP) copyEntries(walk, part, out);
  walk.push(out);
}

export function unpackSequence(walk: StackWalk, argument: number): void {
  const from = walk.pop();
  const items = from.items;
  const count = Math.min(argument, MOST);
  walk.afford(count);
  if (items?.length === count) {
    for (let i = count - 1; i >= 0; i--) walk.push(items[i] as Symbol_);
    return;
  }
  const rows = from.k === ITEM ? rowsOf(from.of, count) : [];
  for (let i = count - 1; i >= 0; i--) walk.push(column(walk, rows, i) ?? item(from));
}

/** What a loop over a list that is written out unpacks: its items of `count` parts each. */
function rowsOf(list: Symbol_ | undefined, count: number): Symbol_[][] {
  const items = (list?.items ?? []).slice(0, MOST_ROWS);
  return items
    .flatMap((one) => (one.items?.every((inner) => inner.items) ? one.items : [one]))
    .flatMap((one) => (one.items?.length === count ? [one.items] : []));
}

/** The parts of all rows that one variable takes, one after the other. */
function column(walk: StackWalk, rows: Symbol_[][], i: number): Symbol_ | undefined {
  if (!walk.afford(rows.length)) return undefined;
  const parts = rows.flatMap((row) => (row[i]?.holds ? [row[i]] : []));
  return parts.length > 0 ? either(parts) : undefined;
}

/** `first, *rest = …`: the argument has the counts before and behind the star. */
export function unpackEx(walk: StackWalk, argument: number): void {
  const from = walk.pop();
  const items = from.items;
  const before = argument & 255;
  const behind = argument >> 8;
  const count = Math.min(before + behind + 1, MOST);
  walk.afford(count);
  if (!items || items.length < before + behind) {
    for (let i = 0; i < count; i++) walk.push(item(from));
    return;
  }
  const rest = items.slice(before, items.length - behind);
  walk.afford(rest.length);
  for (let i = 0; i < behind; i++) walk.push(items[items.length - 1 - i] as Symbol_);
  walk.push(sequence(rest));
  for (let i = before - 1; i >= 0; i--) walk.push(items[i] as Symbol_);
}

/** MATCH_KEYS: the subject's values at the keys, as one tuple; up to 3.10 also whether all are there. */
export function matchKeys(walk: StackWalk): void {
  const keys = walk.peek(1);
  const subject = walk.peek(2);
  const values = (keys.items ?? []).map((key) => subscript(subject, key));
  walk.afford(values.length);
  walk.push(sequence(values));
  if (walk.v === 310) walk.push(UNKNOWN_SYMBOL);
}
