/**
 * What each operation does to the stack of symbols, for the operations that matter to bindings.
 * All others are walked by their net stack effect. Sources: the `dis` documentation of each version
 * and CPython's Python/bytecodes.c and compile.c.
 */
import {
  callEx,
  constantNames,
  methodCall,
  namedCall,
  namedMethodCall,
  newCall,
  oldCall,
  plainCall,
} from './call-operations.ts';
import {
  addEntry,
  appendAndDrop,
  appendItem,
  buildConstKeyMap,
  buildMap,
  buildMapUnpacked,
  buildSequence,
  buildUnpacked,
  extendList,
  mapAdd,
  matchKeys,
  storeMap,
  unpackEx,
  unpackSequence,
  updateMap,
} from './display-operations.ts';
import { makeFunction, setFunctionAttribute } from './function-defaults.ts';
import { JUMP_OPERATIONS } from './jump-operations.ts';
import type { Opcodes } from './opcodes.ts';
import type { Operation, StackWalk } from './stack-walk.ts';
import {
  attribute,
  binary,
  BUILD_CLASS_SYMBOL,
  constant,
  item,
  MAP,
  named,
  NULL_SYMBOL,
  sequence,
  SEQUENCE,
  subscript,
  type Symbol_,
  text,
  UNKNOWN_SYMBOL,
} from './symbols.ts';
import { bindSum, bindUrl } from './url-parts.ts';

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

function swap(walk: StackWalk, depth: number): void {
  const { stack } = walk;
  const top = stack.length - 1;
  const other = stack.length - depth;
  if (other < 0 || top < 0) return;
  const held = stack[top] as Symbol_;
  stack[top] = stack[other] as Symbol_;
  stack[other] = held;
}

/** Lifts the second to `depth`-th values one up and moves the top down. */
function rotate(walk: StackWalk, depth: number): void {
  const { stack } = walk;
  if (stack.length < depth || depth < 2 || !walk.afford(depth)) return;
  const top = stack[stack.length - 1] as Symbol_;
  for (let i = 1; i < depth; i++) {
    stack[stack.length - i] = stack[stack.length - i - 1] as Symbol_;
  }
  stack[stack.length - depth] = top;
}

function operate(walk: StackWalk): void {
  const right = walk.pop();
  const left = walk.pop();
  walk.push(binary(left, right));
}

function add(walk: StackWalk): void {
  const right = walk.pop();
  const left = walk.pop();
  if (right.holds) bindSum(walk, left, right);
  walk.push(binary(left, right));
}

/** Takes values and gives one that nothing is known of. */
function replace(walk: StackWalk, count: number): void {
  walk.popMany(count);
  walk.push(UNKNOWN_SYMBOL);
}

function loadSubscript(walk: StackWalk): void {
  const key = walk.pop();
  const base = walk.pop();
  // 3.10 takes a pattern's values out of their tuple like this.
  const item =
    base.k === SEQUENCE && typeof key.value === 'number' ? base.list[key.value] : undefined;
  walk.push(item ?? subscript(base, key));
}

function compare(walk: StackWalk): void {
  const right = walk.pop();
  const left = walk.pop();
  walk.bind(left, 'comparison', right.label);
  walk.bind(right, 'comparison', left.label);
  walk.push(UNKNOWN_SYMBOL);
}

function returned(walk: StackWalk, value: Symbol_): void {
  if (!value.holds) return;
  walk.bind(value, 'returned', walk.code.name.startsWith('<') ? '' : walk.code.name);
}

/** The specification of a format is no part of the text. */
function formatted(walk: StackWalk, withSpec: boolean): void {
  if (withSpec) walk.pop();
  walk.push(text([walk.pop()]));
}

function buildString(walk: StackWalk, count: number): void {
  const parts = walk.popMany(count);
  bindUrl(walk, parts);
  walk.push(text(parts));
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

const copyTop: Operation = (walk) => walk.push(walk.peek(1));
const nothing: Operation = () => undefined;
const pop: Operation = (walk) => void walk.pop();
const loadName: Operation = (walk, i) => walk.push(nameSymbol(walk, i));
const loadLocal: Operation = (walk, i) => walk.push(localSymbol(walk, i));
const loadCell: Operation = (walk, i) => walk.push(named(cellAt(walk, i)));
const storeName: Operation = (walk, i) => store(walk, nameAt(walk, i));
const storeLocal: Operation = (walk, i) => store(walk, localAt(walk, i));

const loadTwo: Operation = (walk, argument) => {
  walk.push(localSymbol(walk, argument >> 4));
  walk.push(localSymbol(walk, argument & 15));
};

const table: Record<string, Operation> = {
  NOP: nothing,
  CACHE: nothing,
  RESUME: nothing,
  PRECALL: nothing,
  NOT_TAKEN: nothing,
  MAKE_CELL: nothing,
  COPY_FREE_VARS: nothing,
  TO_BOOL: nothing,
  POP_BLOCK: nothing,
  SET_LINENO: (walk, line) => walk.lineNumbers.push([walk.offset, line]),
  GEN_START: pop,
  RETURN_GENERATOR: (walk) => walk.push(UNKNOWN_SYMBOL),

  LOAD_CONST: (walk, i) => walk.push(walk.constant(i)),
  LOAD_SMALL_INT: (walk, value) => walk.push(constant(value, [], -1, walk.offset)),
  LOAD_COMMON_CONSTANT: (walk, i) => walk.push(named(walk.opcodes.common[i] ?? '')),
  LOAD_ASSERTION_ERROR: (walk) => walk.push(named('AssertionError')),
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
  LOAD_SPECIAL: (walk) => {
    walk.pop();
    walk.push(UNKNOWN_SYMBOL);
    walk.push(NULL_SYMBOL);
  },
  LOAD_BUILD_CLASS: (walk) => walk.push(BUILD_CLASS_SYMBOL),
  PUSH_NULL: (walk) => walk.push(NULL_SYMBOL),
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
  STORE_MAP: storeMap,

  BUILD_TUPLE: buildSequence,
  BUILD_LIST: buildSequence,
  BUILD_SET: buildSequence,
  BUILD_LIST_FROM_ARG: (walk) => {
    walk.push(sequence([]));
    walk.push(walk.stack.splice(-2, 1)[0] ?? UNKNOWN_SYMBOL);
  },
  BUILD_MAP: buildMap,
  BUILD_CONST_KEY_MAP: buildConstKeyMap,
  BUILD_STRING: buildString,
  BUILD_TEMPLATE: operate,
  BUILD_INTERPOLATION: (walk, flags) => {
    if ((flags & 1) === 1) walk.pop();
    walk.settle(walk.pop()); // the expression as it is written
    walk.push(text([walk.pop()]));
  },
  BUILD_TUPLE_UNPACK: buildUnpacked,
  BUILD_TUPLE_UNPACK_WITH_CALL: buildUnpacked,
  BUILD_LIST_UNPACK: buildUnpacked,
  BUILD_SET_UNPACK: buildUnpacked,
  BUILD_MAP_UNPACK: buildMapUnpacked,
  // 3.5 packs the callee's place into the upper bits.
  BUILD_MAP_UNPACK_WITH_CALL: (walk, count) => buildMapUnpacked(walk, count & 255),
  LIST_APPEND: appendItem,
  SET_ADD: appendItem,
  LIST_EXTEND: extendList,
  SET_UPDATE: extendList,
  MAP_ADD: mapAdd,
  DICT_UPDATE: updateMap,
  DICT_MERGE: updateMap,
  LIST_TO_TUPLE: nothing,
  CALL_INTRINSIC_1: (walk, i) => {
    const INTRINSIC_LIST_TO_TUPLE = 6;
    if (i === INTRINSIC_LIST_TO_TUPLE) return;
    walk.pop();
    walk.push(UNKNOWN_SYMBOL);
  },
  UNPACK_SEQUENCE: unpackSequence,
  UNPACK_TUPLE: unpackSequence,
  UNPACK_LIST: unpackSequence,
  UNPACK_EX: unpackEx,
  MATCH_KEYS: matchKeys,
  MATCH_CLASS: (walk) => {
    const names = constantNames(walk.peek(1));
    walk.settle(walk.pop());
    walk.pop();
    const subject = walk.pop();
    if (walk.v === 310) walk.push(UNKNOWN_SYMBOL);
    const values = sequence(names.map((name) => attribute(subject, name)));
    if (walk.v === 310) walk.stack.splice(-1, 0, values);
    else walk.push(values);
  },

  POP_TOP: pop,
  DUP_TOP: copyTop,
  DUP_TOP_TWO: (walk) => walk.stack.push(walk.peek(2), walk.peek(1)),
  DUP_TOPX: (walk, count) => walk.stack.push(...walk.stack.slice(-Math.min(count, 5))),
  COPY: (walk, depth) => walk.push(walk.peek(depth)),
  SWAP: swap,
  ROT_TWO: (walk) => rotate(walk, 2),
  ROT_THREE: (walk) => rotate(walk, 3),
  ROT_FOUR: (walk) => rotate(walk, 4),
  ROT_N: rotate,

  CALL_FUNCTION: (walk, argument) => {
    if (walk.v < 306) oldCall(walk, argument, false, false);
    else plainCall(walk, argument);
  },
  CALL_FUNCTION_VAR: (walk, argument) => oldCall(walk, argument, true, false),
  CALL_FUNCTION_KW: (walk, argument) => {
    if (walk.v < 306) oldCall(walk, argument, false, true);
    else namedCall(walk, argument);
  },
  CALL_FUNCTION_VAR_KW: (walk, argument) => oldCall(walk, argument, true, true),
  CALL_FUNCTION_EX: callEx,
  CALL_METHOD: methodCall,
  CALL_METHOD_KW: namedMethodCall,
  KW_NAMES: (walk, i) => {
    const names = walk.constant(i);
    walk.settle(names);
    walk.keywordNames = constantNames(names);
  },
  CALL: (walk, argument) => {
    const names = walk.keywordNames;
    walk.keywordNames = [];
    newCall(walk, argument, names);
  },
  CALL_KW: (walk, argument) => {
    const names = walk.pop();
    walk.settle(names);
    newCall(walk, argument, constantNames(names));
  },
  MAKE_FUNCTION: (walk, argument) => makeFunction(walk, argument, false),
  MAKE_CLOSURE: (walk, argument) => makeFunction(walk, argument, true),
  SET_FUNCTION_ATTRIBUTE: setFunctionAttribute,
  BUILD_CLASS: (walk) => {
    const [className] = walk.popMany(3);
    if (className) walk.settle(className);
    walk.push(UNKNOWN_SYMBOL);
  },

  COMPARE_OP: compare,
  IS_OP: compare,
  CONTAINS_OP: compare,
  BINARY_SUBSCR: loadSubscript,
  BINARY_OP: (walk, operator) => {
    const ADD = 0;
    const INPLACE_ADD = 13;
    const SUBSCRIPT = 26; // 3.14 and later
    if (operator === SUBSCRIPT) loadSubscript(walk);
    else if (operator === ADD || operator === INPLACE_ADD) add(walk);
    else operate(walk);
  },
  BINARY_ADD: add,
  INPLACE_ADD: add,
  BINARY_SLICE: (walk) => replace(walk, 3),
  BUILD_SLICE: replace,
  'SLICE+0': (walk) => replace(walk, 1),
  'SLICE+1': (walk) => replace(walk, 2),
  'SLICE+2': (walk) => replace(walk, 2),
  'SLICE+3': (walk) => replace(walk, 3),
  FORMAT_VALUE: (walk, flags) => {
    const WITH_SPEC = 4;
    formatted(walk, (flags & WITH_SPEC) !== 0);
  },
  FORMAT_SIMPLE: (walk) => formatted(walk, false),
  FORMAT_WITH_SPEC: (walk) => formatted(walk, true),
  CONVERT_VALUE: nothing,

  PRINT_ITEM: (walk) => walk.bind(walk.pop(), 'argument', 'print'),
  PRINT_ITEM_TO: (walk) => {
    walk.pop();
    walk.bind(walk.pop(), 'argument', 'print');
  },
  RETURN_VALUE: (walk) => {
    returned(walk, walk.pop());
    walk.leave();
  },
  RETURN_CONST: (walk, i) => {
    returned(walk, walk.constant(i));
    walk.leave();
  },
  YIELD_VALUE: (walk) => {
    returned(walk, walk.pop());
    walk.push(UNKNOWN_SYMBOL);
  },
  YIELD_STMT: (walk) => returned(walk, walk.pop()),
  GET_ITER: (walk) => {
    const over = walk.pop();
    walk.push(item(over));
    if (walk.v >= 315) walk.push(NULL_SYMBOL);
  },
  ...JUMP_OPERATIONS,
};

for (const kind of ['BINARY', 'INPLACE']) {
  for (const operator of [
    ...['SUBTRACT', 'MULTIPLY', 'MODULO', 'POWER', 'DIVIDE', 'TRUE_DIVIDE', 'FLOOR_DIVIDE'],
    ...['LSHIFT', 'RSHIFT', 'AND', 'XOR', 'OR', 'MATRIX_MULTIPLY'],
  ]) {
    table[`${kind}_${operator}`] = operate;
  }
}

const byTable = new Map<string, readonly (Operation | undefined)[]>();

/** The operations of a version by opcode number. */
export function operationsFor(opcodes: Opcodes): readonly (Operation | undefined)[] {
  const known = byTable.get(opcodes.table);
  if (known) return known;
  const operations: (Operation | undefined)[] = [];
  for (let n = 0; n < 256; n++) {
    const name = opcodes.names[n];
    const bare = name !== undefined && !(((opcodes.argumentKinds[n] ?? 0) & 1) === 1);
    const drops = bare && (name === 'LIST_APPEND' || name === 'SET_ADD');
    operations.push(drops ? appendAndDrop : name === undefined ? undefined : table[name]);
  }
  byTable.set(opcodes.table, operations);
  return operations;
}
