/** Displays: dictionaries, lists, tuples and sets as they are built, extended and taken apart. */
import type { StackWalk } from './stack-walk.ts';
import { itemsOf, type Symbol_, UNKNOWN_SYMBOL } from './symbols.ts';

export function buildMap(walk: StackWalk, argument: number): void {
  // Up to 3.4 the argument is only a size, and STORE_MAP fills the dictionary.
  const count = walk.v < 305 ? 0 : argument;
  const values = walk.popMany(2 * count);
  const entries: [Symbol_, Symbol_][] = [];
  for (let i = 0; i + 1 < values.length; i += 2) {
    entries.push([values[i] as Symbol_, values[i + 1] as Symbol_]);
  }
  pushMap(walk, entries);
}

function pushMap(walk: StackWalk, entries: [Symbol_, Symbol_][]): void {
  const map = { k: 'map' as const, entries };
  walk.bindEntries(map);
  walk.push(map);
}

export function addEntry(walk: StackWalk, map: Symbol_, key: Symbol_, value: Symbol_): void {
  if (map.k !== 'map') {
    walk.bindEntries({ k: 'map', entries: [[key, value]] });
    return;
  }
  map.entries.push([key, value]);
  walk.bindEntries({ k: 'map', entries: [[key, value]] });
}

export function mapAdd(walk: StackWalk, argument: number): void {
  const top = walk.pop();
  const below = walk.pop();
  const [key, value] = walk.v >= 308 ? [below, top] : [top, below];
  addEntry(walk, walk.peek(argument), key, value);
}

export function buildConstKeyMap(walk: StackWalk, argument: number): void {
  const keys = walk.pop();
  if (keys.k === 'constant') walk.boundConstants.add(keys.index);
  const values = walk.popMany(argument);
  const names = itemsOf(keys) ?? [];
  pushMap(
    walk,
    values.map((value, i) => [names[i] ?? UNKNOWN_SYMBOL, value]),
  );
}

export function updateMap(walk: StackWalk, argument: number): void {
  const from = walk.pop();
  const map = walk.peek(argument);
  if (map.k === 'map' && from.k === 'map') map.entries.push(...from.entries);
}

export function extendList(walk: StackWalk, argument: number): void {
  const from = walk.pop();
  const sequence = walk.peek(argument);
  const items = itemsOf(from);
  if (sequence.k === 'sequence')
    sequence.items.push(...(items ?? [{ k: 'item', of: from } as const]));
}

export function appendItem(walk: StackWalk, argument: number): void {
  const item = walk.pop();
  const sequence = walk.peek(argument);
  if (sequence.k === 'sequence') sequence.items.push(item);
}

export function buildSequence(walk: StackWalk, argument: number): void {
  walk.push({ k: 'sequence', items: walk.popMany(argument) });
}

/** BUILD_*_UNPACK (3.5 to 3.8): several iterables become one. */
export function buildUnpacked(walk: StackWalk, argument: number): void {
  const parts = walk.popMany(argument);
  walk.push({
    k: 'sequence',
    items: parts.flatMap((part) => itemsOf(part) ?? [{ k: 'item', of: part } as const]),
  });
}

export function buildMapUnpacked(walk: StackWalk, argument: number): void {
  const parts = walk.popMany(argument);
  walk.push({ k: 'map', entries: parts.flatMap((part) => (part.k === 'map' ? part.entries : [])) });
}

export function unpackSequence(walk: StackWalk, argument: number): void {
  const from = walk.pop();
  const items = itemsOf(from);
  const count = Math.min(argument, 4096);
  for (let i = count - 1; i >= 0; i--) {
    walk.push(items?.length === count ? (items[i] as Symbol_) : { k: 'item', of: from });
  }
}

export function unpackEx(walk: StackWalk, argument: number): void {
  const from = walk.pop();
  const count = Math.min((argument & 255) + (argument >> 8) + 1, 4096);
  for (let i = 0; i < count; i++) walk.push({ k: 'item', of: from });
}
