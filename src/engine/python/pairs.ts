/** Pairs of a name and what it names among the items of a list: `[("X-Api-Key", "…")]`, as `dict` and `update` take them. */
import type { StackWalk } from './stack-walk.ts';
import { CONSTANT, SEQUENCE, type Symbol_ } from './symbols.ts';
import { isSequence, textOf, type Value } from './values.ts';

/** A string that may be a name. */
export const KEY = /^[A-Za-z_][\w.-]{1,63}$/;
const MOST_PAIRS = 4096;
const DEEPEST = 4;

/** Takes note of an item of a list that is a pair. */
export function notePair(walk: StackWalk, symbol: Symbol_): void {
  if (symbol.k === CONSTANT) {
    if (symbol.index >= 0 && pairOf(symbol.value)) walk.paired.add(symbol.index);
  } else if (symbol.k === SEQUENCE && symbol.list.length === 2) {
    const [key, value] = symbol.list as [Symbol_, Symbol_];
    if (value.holds && key.text !== undefined && KEY.test(key.text))
      walk.bindBeside(key.text, value);
  }
}

/** Of a constant the values that stand in pairs, with their names; `flat` says that it is one itself. */
export function pairedTexts(
  value: Value | undefined,
  flat: boolean,
): Map<string, string> | undefined {
  if (!isSequence(value)) return undefined;
  let found: Map<string, string> | undefined;
  const pending: [value: Value, depth: number][] = flat ? [[value, 1]] : enter(value, 1);
  for (let looked = 0; pending.length > 0 && looked < MOST_PAIRS; looked++) {
    const [item, depth] = pending.pop() as [Value, number];
    const pair = pairOf(item);
    if (pair) (found ??= new Map<string, string>()).set(pair.text, pair.name);
    else if (depth < DEEPEST) for (const inner of enter(item, depth + 1)) pending.push(inner);
  }
  return found;
}

function enter(value: Value, depth: number): [Value, number][] {
  if (!isSequence(value)) return [];
  return value.items.slice(0, MOST_PAIRS).map((item) => [item, depth]);
}

function pairOf(value: Value | undefined): { name: string; text: string } | undefined {
  if (!isSequence(value) || value.items.length !== 2) return undefined;
  const name = textOf(value.items[0]);
  const text = textOf(value.items[1]);
  if (name === undefined || text === undefined || !KEY.test(name)) return undefined;
  return { name, text };
}
