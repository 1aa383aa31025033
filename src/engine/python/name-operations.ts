/** Loads and stores: names of every scope, attributes, subscripts, imports. */
import { addEntry } from './display-operations.ts';
import type { Operation, StackWalk } from './stack-walk.ts';
import {
  attribute,
  MAP,
  named,
  NULL_SYMBOL,
  SEQUENCE,
  subscript,
  type Symbol_,
  UNKNOWN_SYMBOL,
} from './symbols.ts';

/** Names that the compiler itself stores; they bind nothing a person wrote. */
const COMPILER_NAMES = new Set([
  '__module__',
  '__qualname__',
  '__static_attributes__',
  '__firstlineno__',
  '__classdictcell__',
  '__annotate_func__',
  '__conditional_annotations__',
]);

const nameAt = (walk: StackWalk, index: number): string => walk.code.names[index] ?? '?';

/** From 3.11 on, fast locals, cells and free variables share one array. */
function localAt(walk: StackWalk, index: number): string {
  const { code } = walk;
  return (walk.modern ? code.localsPlus : code.localNames)[index] ?? '?';
}

const cellAt = (walk: StackWalk, index: number): string => walk.code.localsPlus[index] ?? '?';

function store(walk: StackWalk, target: string): void {
  const value = walk.pop();
  if (!value.holds) return;
  if (target === '__doc__') walk.bind(value, 'docstring', target);
  else if (COMPILER_NAMES.has(target)) walk.settle(value);
  else walk.bind(value, 'variable', target);
}

function loadGlobal(walk: StackWalk, argument: number): void {
  if (!walk.modern) {
    walk.push(nameSymbol(walk, argument));
    return;
  }
  const pushesNull = (argument & 1) === 1;
  if (pushesNull && walk.v < 313) walk.push(NULL_SYMBOL);
  walk.push(nameSymbol(walk, argument >> 1));
  if (pushesNull && walk.v >= 313) walk.push(NULL_SYMBOL);
}

function loadAttribute(walk: StackWalk, argument: number): void {
  const base = walk.pop();
  const packed = walk.v >= 312 && walk.modern;
  walk.push(attribute(base, nameAt(walk, packed ? argument >> 1 : argument)));
  if (packed && argument & 1) walk.push(NULL_SYMBOL); // the method's self
}

function storeSubscript(walk: StackWalk): void {
  const key = walk.pop();
  const container = walk.pop();
  const value = walk.pop();
  if (!value.holds) return;
  if (container.label === '__annotations__') walk.settle(value);
  // Up to 2.5 dictionary displays are filled like this.
  else if (container.k === MAP && walk.v < 206) addEntry(walk, container, key, value);
  else walk.bind(value, 'subscript', key.text ?? (key.label || container.label));
}

export function loadSubscript(walk: StackWalk): void {
  const key = walk.pop();
  const base = walk.pop();
  // 3.10 takes a pattern's values out of their tuple like this.
  const item =
    base.k === SEQUENCE && typeof key.value === 'number' ? base.list[key.value] : undefined;
  walk.push(item ?? subscript(base, key));
}

const MOST_LOCALS = 65_536;

/** One symbol for each name of a code object, made when it is first loaded. */
function nameSymbol(walk: StackWalk, i: number): Symbol_ {
  if (i >= walk.code.names.length) return UNKNOWN_SYMBOL;
  return (walk.nameSymbols[i] ??= named(nameAt(walk, i)));
}

function localSymbol(walk: StackWalk, i: number): Symbol_ {
  if (i >= MOST_LOCALS) return UNKNOWN_SYMBOL;
  return (walk.localSymbols[i] ??= named(localAt(walk, i)));
}

const loadName: Operation = (walk, i) => walk.push(nameSymbol(walk, i));
const loadLocal: Operation = (walk, i) => walk.push(localSymbol(walk, i));
const loadCell: Operation = (walk, i) => walk.push(named(cellAt(walk, i)));
const storeName: Operation = (walk, i) => store(walk, nameAt(walk, i));
const storeLocal: Operation = (walk, i) => store(walk, localAt(walk, i));

const loadTwo: Operation = (walk, argument) => {
  walk.push(localSymbol(walk, argument >> 4));
  walk.push(localSymbol(walk, argument & 15));
};

/** By opcode name. */
export const NAME_OPERATIONS: Record<string, Operation> = {
  LOAD_NAME: loadName,
  LOAD_GLOBAL: loadGlobal,
  LOAD_FAST: loadLocal,
  LOAD_FAST_CHECK: loadLocal,
  LOAD_FAST_BORROW: loadLocal,
  LOAD_FAST_AND_CLEAR: loadLocal,
  LOAD_FAST_LOAD_FAST: loadTwo,
  LOAD_FAST_BORROW_LOAD_FAST_BORROW: loadTwo,
  LOAD_DEREF: loadCell,
  LOAD_CLASSDEREF: loadCell,
  LOAD_CLOSURE: loadCell,
  LOAD_FROM_DICT_OR_DEREF: (walk, i) => {
    walk.pop();
    loadCell(walk, i);
  },
  LOAD_FROM_DICT_OR_GLOBALS: (walk, i) => {
    walk.pop();
    loadName(walk, i);
  },
  LOAD_ATTR: loadAttribute,
  LOAD_METHOD: (walk, i) => {
    walk.push(attribute(walk.pop(), nameAt(walk, i)));
    walk.push(NULL_SYMBOL);
  },
  LOOKUP_METHOD: (walk, i) => {
    walk.push(attribute(walk.pop(), nameAt(walk, i)));
    walk.push(NULL_SYMBOL);
  },
  LOAD_SUPER_ATTR: (walk, i) => {
    walk.popMany(3);
    walk.push(attribute(UNKNOWN_SYMBOL, nameAt(walk, i >> 2)));
    if (i & 1) walk.push(NULL_SYMBOL);
  },
  IMPORT_NAME: (walk, i) => {
    // The list of names, from 2.5 on under it the level.
    const used = walk.v >= 205 ? 2 : walk.v >= 200 ? 1 : 0;
    for (const symbol of walk.popMany(used)) walk.settle(symbol);
    loadName(walk, walk.v >= 315 && walk.modern ? i >> 2 : i); // 3.15: whether it is lazy
  },
  IMPORT_FROM: (walk, i) => {
    if (walk.v >= 200) loadName(walk, i);
  },

  STORE_NAME: storeName,
  STORE_GLOBAL: storeName,
  STORE_FAST: storeLocal,
  STORE_FAST_MAYBE_NULL: storeLocal,
  STORE_DEREF: (walk, i) => store(walk, cellAt(walk, i)),
  STORE_FAST_LOAD_FAST: (walk, i) => {
    storeLocal(walk, i >> 4);
    loadLocal(walk, i & 15);
  },
  STORE_FAST_STORE_FAST: (walk, i) => {
    storeLocal(walk, i >> 4);
    storeLocal(walk, i & 15);
  },
  STORE_ATTR: (walk, i) => {
    walk.pop();
    const value = walk.pop();
    if (value.holds) walk.bind(value, 'attribute', nameAt(walk, i));
  },
  STORE_SUBSCR: storeSubscript,
  STORE_ANNOTATION: (walk) => walk.settle(walk.pop()),
  BINARY_SUBSCR: loadSubscript,
};
