/** Default arguments and annotations: the values a function is made with, matched to its parameters' names. */
import { TYPE_SCOPE } from './code-index.ts';
import type { StackWalk } from './stack-walk.ts';
import { functionOf, MAP, type Symbol_, UNKNOWN_SYMBOL } from './symbols.ts';
import { type CodeObject, isCode } from './values.ts';

const DEFAULTS = 1;
const KEYWORD_DEFAULTS = 2;
const ANNOTATIONS = 4;
const CLOSURE = 8;

/** MAKE_FUNCTION and MAKE_CLOSURE in the forms of every version. */
export function makeFunction(walk: StackWalk, argument: number, closure: boolean): void {
  if (walk.v >= 303 && !walk.modern) walk.settle(walk.pop()); // its qualified name
  const made = walk.pop();
  const code = isCode(made.value) ? made.value : undefined;
  if (walk.v < 306) oldDefaults(walk, argument, code, closure);
  else if (walk.v < 313 || !walk.modern) {
    if (argument & CLOSURE) walk.pop();
    if (argument & ANNOTATIONS) annotate(walk, code, walk.pop());
    if (argument & KEYWORD_DEFAULTS) bindKeywordDefaults(walk, code, walk.pop());
    if (argument & DEFAULTS) bindDefaults(walk, code, walk.pop());
  }
  walk.push(code ? functionOf(code) : UNKNOWN_SYMBOL);
}

/** SET_FUNCTION_ATTRIBUTE, 3.13 and later: takes the value below the function. */
export function setFunctionAttribute(walk: StackWalk, argument: number): void {
  const made = walk.pop();
  const value = walk.pop();
  const code = isCode(made.value) ? made.value : undefined;
  if (argument === DEFAULTS) bindDefaults(walk, code, value);
  else if (argument === KEYWORD_DEFAULTS) bindKeywordDefaults(walk, code, value);
  else if (argument === ANNOTATIONS) annotate(walk, code, value);
  walk.push(made);
}

/** Up to 3.5: `positional | keyword pairs << 8 | annotations << 16`, each value on the stack. */
function oldDefaults(
  walk: StackWalk,
  argument: number,
  code: CodeObject | undefined,
  closure: boolean,
): void {
  const positional = walk.v < 300 ? argument & 0xffff : argument & 255;
  const keywords = walk.v < 300 ? 0 : (argument >> 8) & 255;
  const annotations = walk.v < 300 ? 0 : (argument >> 16) & 0x7fff;
  // MAKE_CLOSURE: the cells, in a tuple from 2.5 on, one by one before.
  if (closure) walk.popMany(walk.v >= 205 ? 1 : (code?.freeNames.length ?? 0));
  walk.popMany(annotations);
  // Up to 3.3 the keyword pairs lie below the positional defaults, from 3.4 on above them.
  if (walk.v >= 304) {
    bindPairs(walk, code, keywords);
    bindItems(walk, code, walk.popMany(positional));
  } else {
    bindItems(walk, code, walk.popMany(positional));
    bindPairs(walk, code, keywords);
  }
}

function bindPairs(walk: StackWalk, code: CodeObject | undefined, count: number): void {
  const pairs = walk.popMany(2 * count);
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const key = pairs[i] as Symbol_;
    walk.settle(key);
    bindOne(walk, code, key.text ?? '?', pairs[i + 1] as Symbol_);
  }
}

function bindDefaults(walk: StackWalk, code: CodeObject | undefined, values: Symbol_): void {
  bindItems(walk, code, values.items ?? []);
}

/** The values belong to the last positional parameters. */
function bindItems(
  walk: StackWalk,
  code: CodeObject | undefined,
  values: readonly Symbol_[],
): void {
  if (!walk.afford(values.length)) return;
  const first = (code?.argCount ?? 0) - values.length;
  for (let i = 0; i < values.length; i++) {
    bindOne(walk, code, code?.localNames[first + i] ?? '?', values[i] as Symbol_);
  }
}

function bindKeywordDefaults(walk: StackWalk, code: CodeObject | undefined, map: Symbol_): void {
  if (map.k !== MAP || !walk.afford(map.list.length)) return;
  for (let i = 0; i < map.list.length; i++) {
    bindOne(walk, code, map.more[i]?.text ?? '?', map.list[i] as Symbol_);
  }
}

/** Whether code is the scope of another's type parameters (PEP 695, 3.12 and later). */
export function isTypeScope(code: CodeObject): boolean {
  return code.name.startsWith(TYPE_SCOPE);
}

/** The call of a scope of type parameters: its arguments are the defaults of the function that is made in it. */
export function bindScopedDefaults(
  walk: StackWalk,
  scope: CodeObject,
  values: readonly Symbol_[],
): void {
  const name = scope.name.slice(TYPE_SCOPE.length, -1);
  const code = scope.constants.find(
    (constant): constant is CodeObject => isCode(constant) && constant.name === name,
  );
  // Positional ones come in a tuple, the others in a map.
  for (const value of values) {
    if (value.k === MAP) bindKeywordDefaults(walk, code, value);
    else bindDefaults(walk, code, value);
  }
}

function bindOne(
  walk: StackWalk,
  code: CodeObject | undefined,
  name: string,
  value: Symbol_,
): void {
  walk.bind(value, 'default-argument', name, code?.qualname ?? walk.code.qualname);
  if (!code || !walk.collects) return;
  const values = walk.defaults.get(code) ?? new Map<string, Symbol_>();
  walk.defaults.set(code, values);
  values.set(name, value);
}

/** Annotations bind nothing, though they are constants that are loaded. 3.6 to 3.9 a map, then a tuple. */
function annotate(walk: StackWalk, code: CodeObject | undefined, symbol: Symbol_): void {
  walk.settle(symbol);
  const items = symbol.items ?? symbol.list;
  if (!walk.afford(items.length)) return;
  for (const item of items) {
    walk.settle(item);
    item.facts = undefined; // up to 3.9 they came in a dictionary that nobody wrote
  }
  if (!code || !walk.collects) return;
  const found = new Map<string, Symbol_>();
  if (symbol.k === MAP) {
    symbol.list.forEach((value, i) => found.set(symbol.more[i]?.text ?? '?', value));
  } else {
    for (let i = 0; i + 1 < items.length; i += 2) {
      found.set(items[i]?.text ?? '?', items[i + 1] as Symbol_);
    }
  }
  walk.annotations.set(code, found);
}
