/** Calls: which value goes to which parameter or keyword, in the encodings of every version. */
import { bindCommand } from './command-words.ts';
import { bindScopedDefaults, isTypeScope } from './function-defaults.ts';
import { KEY, notePair } from './pairs.ts';
import type { StackWalk } from './stack-walk.ts';
import {
  BUILD_CLASS_SYMBOL,
  call,
  CALL,
  dottedLabel,
  FUNCTION,
  joinedTexts,
  MAP,
  NULL_SYMBOL,
  type Symbol_,
  UNKNOWN_SYMBOL,
} from './symbols.ts';
import { isCode, isSequence, textOf } from './values.ts';

/** Keywords that tell what holds where nothing else is given. */
const DEFAULT = /^(?:default|default_value|fallback|missing)$/;

/** Calls whose results are no secret, though what they are given may be one. */
const DIGESTS = /hash|digest|sha\d|md5|crypt|checksum|fingerprint|crc/i;

/** Two values that are compared: each is named by the other; `always` says whether by none, too. */
export function bindCompared(
  walk: StackWalk,
  left: Symbol_,
  right: Symbol_,
  always: boolean,
): void {
  for (const [value, other] of [
    [left, right],
    [right, left],
  ] as const) {
    if (other.k === CALL && DIGESTS.test(other.label)) continue;
    if (always || other.label !== '') walk.bind(value, 'comparison', other.label);
  }
}

/** Functions that only compare their first two arguments. */
const COMPARES = /^(?:compare_digest|constant_time_compare|safe_str_cmp|assert_?[eE]quals?)$/;

/** `add_argument("-t", "--token", default="…")`, `config.get("db", "password", fallback="…")`: what is named there. */
function bindDefault(walk: StackWalk, args: readonly Symbol_[], value: Symbol_): void {
  for (const { text } of args) {
    const name = text?.replace(/^-{1,2}/, '');
    if (name !== undefined && KEY.test(name)) walk.bindKeyed(name, value);
  }
}

/** Binds the arguments and gives the result. */
export function bindCall(
  walk: StackWalk,
  callee: Symbol_,
  args: Symbol_[],
  names: readonly string[],
  values: readonly Symbol_[],
): Symbol_ {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as Symbol_;
    if (!value.holds) continue;
    const name = names[i] ?? '?';
    walk.bind(value, 'keyword-argument', name);
    if (DEFAULT.test(name)) bindDefault(walk, args, value);
  }
  if (callee === BUILD_CLASS_SYMBOL) {
    const className = args[1] ?? UNKNOWN_SYMBOL;
    walk.settle(className);
    return UNKNOWN_SYMBOL;
  }
  if (callee.k === FUNCTION && isCode(callee.value)) {
    if (isTypeScope(callee.value)) bindScopedDefaults(walk, callee.value, args);
    // A comprehension is called with its iterable, which is no argument that anybody wrote.
    if (callee.value.name.startsWith('<')) return UNKNOWN_SYMBOL;
  }
  if (COMPARES.test(callee.label) && args.length > 1)
    bindCompared(walk, args[0] as Symbol_, args[1] as Symbol_, false);
  const whole = callee.label === 'join' ? joinedItems(callee, args) : undefined;
  if (whole) return whole;
  if (callee.label === 'append' && args[0]) notePair(walk, args[0]);
  let dotted: string | undefined;
  for (let i = 0; i < args.length; i++) {
    const argument = args[i] as Symbol_;
    if (!argument.holds) continue;
    dotted ??= dottedLabel(callee);
    bindCommand(walk, argument, callee);
    walk.bindArgument(argument, callee.label, i);
    if (dotted !== callee.label && dotted !== '') walk.bindArgument(argument, dotted, i);
    // os.getenv("KEY", "value"), config.set("KEY", "value"): the argument before may be the name.
    const before = i > 0 ? args[i - 1]?.text : undefined;
    if (before !== undefined && KEY.test(before)) walk.bindKeyed(before, argument);
  }
  return call(callee, args, values);
}

/** `"".join(["…", "…"])` of texts that are written out. */
function joinedItems({ of: separator }: Symbol_, [list]: Symbol_[]): Symbol_ | undefined {
  if (separator?.text === undefined) return undefined;
  return joinedTexts(
    (list?.items ?? []).flatMap((item) => item.items ?? [item]),
    separator.text,
  );
}

/** The last values have names, those before are positional. */
function bindNamed(
  walk: StackWalk,
  callee: Symbol_,
  names: readonly string[],
  values: Symbol_[],
): Symbol_ {
  if (names.length === 0) return bindCall(walk, callee, values, names, []);
  const first = Math.max(0, values.length - names.length);
  return bindCall(walk, callee, values.slice(0, first), names, values.slice(first));
}

/** The names in a constant tuple. */
export function constantNames(symbol: Symbol_): readonly string[] {
  const { value } = symbol;
  if (!isSequence(value)) return [];
  const { items } = value;
  for (const name of items) {
    if (typeof name !== 'string') return items.map((other) => textOf(other) ?? '?');
  }
  return items as string[];
}

/** CALL_FUNCTION up to 3.5: `positional | keywords << 8`, keywords as pairs on the stack. */
export function oldCall(walk: StackWalk, argument: number, star: boolean, starStar: boolean): void {
  if (starStar) walk.pop();
  const early = walk.v >= 305; // 3.5 pushes *args before the keyword pairs
  if (star && !early) walk.pop();
  const pairs = walk.popMany(2 * ((argument >> 8) & 255));
  if (star && early) walk.pop();
  const args = walk.popMany(argument & 255);
  const names: string[] = [];
  const values: Symbol_[] = [];
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const key = pairs[i] as Symbol_;
    walk.settle(key);
    names.push(key.text ?? '?');
    values.push(pairs[i + 1] as Symbol_);
  }
  walk.push(bindCall(walk, walk.pop(), args, names, values));
}

/** CALL_FUNCTION from 3.6 on: positional arguments only. */
export function plainCall(walk: StackWalk, argument: number): void {
  const args = walk.popMany(argument);
  walk.push(bindCall(walk, walk.pop(), args, [], []));
}

/** CALL_FUNCTION_KW from 3.6 on: the names are a constant tuple on the top. */
export function namedCall(walk: StackWalk, argument: number): void {
  const names = walk.pop();
  walk.settle(names);
  const values = walk.popMany(argument);
  walk.push(bindNamed(walk, walk.pop(), constantNames(names), values));
}

/** CALL_METHOD: below the arguments lie self (or NULL) and the method. */
export function methodCall(walk: StackWalk, argument: number): void {
  const args = walk.popMany(argument);
  const self = walk.pop();
  const callee = walk.pop();
  // PyPy and CPython push callee then NULL or self; for an unbound one the two are swapped.
  walk.push(bindCall(walk, callee === NULL_SYMBOL ? self : callee, args, [], []));
}

export function namedMethodCall(walk: StackWalk, argument: number): void {
  const names = walk.pop();
  walk.settle(names);
  const values = walk.popMany(argument);
  walk.pop();
  walk.push(bindNamed(walk, walk.pop(), constantNames(names), values));
}

/** CALL of 3.11 and later: callee and NULL (or self), in one order or the other, then the arguments. */
export function newCall(walk: StackWalk, count: number, names: readonly string[]): void {
  const values = walk.popMany(count);
  const second = walk.pop();
  const first = walk.pop();
  if (first === NULL_SYMBOL) walk.push(bindNamed(walk, second, names, values));
  else if (second === NULL_SYMBOL) walk.push(bindNamed(walk, first, names, values));
  // A decorator's function and an assertion's message lie where self does.
  else walk.push(bindNamed(walk, first, names, [second, ...values]));
}

export function callEx(walk: StackWalk, argument: number): void {
  const hasKeywords = walk.v >= 314 || (argument & 1) === 1;
  const keywords = hasKeywords ? walk.pop() : NULL_SYMBOL;
  const args = walk.pop();
  let callee = walk.pop();
  if (walk.v >= 313) {
    callee = walk.pop(); // that was the NULL above it
  } else if (walk.modern && walk.peek(1) === NULL_SYMBOL) walk.pop();
  const names: string[] = [];
  const values: Symbol_[] = [];
  if (keywords.k === MAP) {
    for (let i = 0; i < keywords.list.length; i++) {
      const name = keywords.more[i]?.text;
      if (name === undefined) continue;
      names.push(name);
      values.push(keywords.list[i] as Symbol_);
    }
  }
  walk.push(bindCall(walk, callee, args.items ?? (args.holds ? [args] : []), names, values));
}
