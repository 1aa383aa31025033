/** Calls: which value goes to which parameter or keyword, in the encodings of every version. */
import type { StackWalk } from './stack-walk.ts';
import {
  constantText,
  dottedLabel,
  itemsOf,
  labelOf,
  NULL_SYMBOL,
  type Symbol_,
  UNKNOWN_SYMBOL,
} from './symbols.ts';
import { isSequence, textOf } from './values.ts';

export function call(
  walk: StackWalk,
  callee: Symbol_,
  args: Symbol_[],
  keywords: [string, Symbol_][],
): Symbol_ {
  for (const [keyword, value] of keywords) walk.bind(value, 'keyword-argument', keyword);
  if (callee.k === 'build-class') {
    const className = args[1];
    if (className?.k === 'constant') walk.boundConstants.add(className.index);
    return { k: 'call', callee: className ?? UNKNOWN_SYMBOL, args: [], keywords: [] };
  }
  const label = labelOf(callee);
  const dotted = dottedLabel(callee);
  args.forEach((argument, i) => {
    walk.bind(argument, 'argument', label);
    if (dotted !== label && dotted !== '') walk.bind(argument, 'argument', dotted);
    // os.getenv("KEY", "value"), config.set("KEY", "value"): the argument before may be the name.
    const key = i > 0 ? constantText(args[i - 1]) : undefined;
    if (key !== undefined && /^[A-Za-z_][\w.-]{1,63}$/.test(key))
      walk.bind(argument, 'argument', key);
  });
  return { k: 'call', callee, args, keywords };
}

export function positional(walk: StackWalk, count: number): Symbol_[] {
  return walk.popMany(count);
}

export function namedValues(
  names: readonly string[],
  values: Symbol_[],
): { args: Symbol_[]; keywords: [string, Symbol_][] } {
  const first = Math.max(0, values.length - names.length);
  return {
    args: values.slice(0, first),
    keywords: values.slice(first).map((value, i) => [names[i] ?? '?', value]),
  };
}

export function constantNames(symbol: Symbol_): string[] {
  const value = symbol.k === 'constant' ? symbol.value : undefined;
  return isSequence(value) ? value.items.map((item) => textOf(item) ?? '?') : [];
}

/** CALL_FUNCTION up to 3.5: `positional | keywords << 8`, keywords as pairs on the stack. */
export function oldCall(walk: StackWalk, argument: number, star: boolean, starStar: boolean): void {
  if (starStar) walk.pop();
  const early = walk.v >= 305; // 3.5 pushes *args before the keyword pairs
  if (star && !early) walk.pop();
  const pairs = walk.popMany(2 * ((argument >> 8) & 255));
  if (star && early) walk.pop();
  const args = positional(walk, argument & 255);
  const keywords: [string, Symbol_][] = [];
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const key = pairs[i] as Symbol_;
    if (key.k === 'constant') walk.boundConstants.add(key.index);
    keywords.push([constantLabel(key), pairs[i + 1] as Symbol_]);
  }
  walk.push(call(walk, walk.pop(), args, keywords));
}

function constantLabel(symbol: Symbol_): string {
  return (symbol.k === 'constant' ? textOf(symbol.value) : undefined) ?? '?';
}

/** CALL of 3.11 and later: callee and NULL (or self), in one order or the other, then the arguments. */
export function newCall(walk: StackWalk, count: number, names: readonly string[]): void {
  const { args, keywords } = namedValues(names, positional(walk, count));
  const second = walk.pop();
  const first = walk.pop();
  walk.push(call(walk, first.k === 'null' ? second : first, args, keywords));
}

export function callEx(walk: StackWalk, argument: number): void {
  const hasKeywords = walk.v >= 314 || (argument & 1) === 1;
  const keywordMap = hasKeywords ? walk.pop() : NULL_SYMBOL;
  const args = walk.pop();
  let callee = walk.pop();
  if (walk.v >= 313)
    callee = walk.pop(); // that was the NULL above it
  else if (walk.v >= 311 && walk.peek(1).k === 'null') walk.pop();
  const keywords: [string, Symbol_][] = [];
  if (keywordMap.k === 'map') {
    for (const [key, value] of keywordMap.entries) keywords.push([constantLabel(key), value]);
  }
  walk.push(call(walk, callee, itemsOf(args) ?? [], keywords));
}
