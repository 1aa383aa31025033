/** Default arguments: the values a function is made with, matched to its parameters' names. */
import { repr } from './repr.ts';
import type { StackWalk } from './stack-walk.ts';
import { itemsOf, labelOf, type Symbol_, UNKNOWN_SYMBOL } from './symbols.ts';
import { type CodeObject, isCode, textOf } from './values.ts';

const DEFAULTS = 1;
const KEYWORD_DEFAULTS = 2;
const ANNOTATIONS = 4;
const CLOSURE = 8;

/** MAKE_FUNCTION and MAKE_CLOSURE in the forms of every version. */
export function makeFunction(walk: StackWalk, argument: number, closure: boolean): void {
  if (walk.v >= 303 && (walk.v < 311 || walk.version.implementation === 'pypy')) {
    const qualname = walk.pop();
    if (qualname.k === 'constant') walk.boundConstants.add(qualname.index);
  }
  const made = walk.pop();
  const code = made.k === 'constant' && isCode(made.value) ? made.value : undefined;
  if (walk.v < 306) oldDefaults(walk, argument, code, closure);
  else if (walk.v < 313 || walk.version.implementation === 'pypy') {
    if (argument & CLOSURE) walk.pop();
    if (argument & ANNOTATIONS) ignore(walk, walk.pop());
    if (argument & KEYWORD_DEFAULTS) bindKeywordDefaults(walk, code, walk.pop());
    if (argument & DEFAULTS) bindDefaults(walk, code, itemsOf(walk.pop()) ?? []);
  }
  walk.push(code ? { k: 'function', code } : UNKNOWN_SYMBOL);
}

/** SET_FUNCTION_ATTRIBUTE, 3.13 and later: takes the value below the function. */
export function setFunctionAttribute(walk: StackWalk, argument: number): void {
  const made = walk.pop();
  const value = walk.pop();
  const code = made.k === 'function' ? made.code : undefined;
  if (argument === DEFAULTS) bindDefaults(walk, code, itemsOf(value) ?? []);
  else if (argument === KEYWORD_DEFAULTS) bindKeywordDefaults(walk, code, value);
  else if (argument === ANNOTATIONS) ignore(walk, value);
  walk.push(made);
}

/** Up to 3.5: `positional | keyword pairs << 8 | annotations << 16`, each value on the stack. */
function oldDefaults(
  walk: StackWalk,
  argument: number,
  code: CodeObject | undefined,
  closure: boolean,
): void {
  const positional = argument & 255;
  const keywords = (argument >> 8) & 255;
  const annotations = (argument >> 16) & 0x7fff;
  if (closure) walk.pop();
  // Up to 3.3 the keyword pairs lie below the positional defaults, from 3.4 on above them.
  const order =
    walk.v >= 304
      ? ['annotations', 'keywords', 'positional']
      : ['annotations', 'positional', 'keywords'];
  for (const part of order) {
    if (part === 'annotations') walk.popMany(annotations);
    else if (part === 'positional') bindDefaults(walk, code, walk.popMany(positional));
    else {
      const pairs = walk.popMany(2 * keywords);
      for (let i = 0; i + 1 < pairs.length; i += 2) {
        const key = pairs[i] as Symbol_;
        bindOne(
          walk,
          code,
          key.k === 'constant' ? (textOf(key.value) ?? '?') : '?',
          pairs[i + 1] as Symbol_,
        );
      }
    }
  }
}

/** The values belong to the last positional parameters. */
function bindDefaults(
  walk: StackWalk,
  code: CodeObject | undefined,
  values: readonly Symbol_[],
): void {
  const first = (code?.argCount ?? 0) - values.length;
  values.forEach((value, i) => bindOne(walk, code, code?.localNames[first + i] ?? '?', value));
}

function bindKeywordDefaults(walk: StackWalk, code: CodeObject | undefined, map: Symbol_): void {
  if (map.k !== 'map') return;
  for (const [key, value] of map.entries) {
    bindOne(walk, code, key.k === 'constant' ? (textOf(key.value) ?? '?') : '?', value);
  }
}

function bindOne(
  walk: StackWalk,
  code: CodeObject | undefined,
  name: string,
  value: Symbol_,
): void {
  walk.bind(value, 'default-argument', name, code?.qualname ?? walk.code.qualname);
  if (!code) return;
  const values = walk.defaults.get(code) ?? new Map<string, string>();
  walk.defaults.set(code, values);
  values.set(name, value.k === 'constant' ? repr(value.value) : labelOf(value) || '…');
}

/** Annotations bind nothing, though they are constants that are loaded. */
function ignore(walk: StackWalk, symbol: Symbol_): void {
  if (symbol.k === 'constant') walk.boundConstants.add(symbol.index);
  for (const item of itemsOf(symbol) ?? []) {
    if (item.k === 'constant') walk.boundConstants.add(item.index);
  }
}
