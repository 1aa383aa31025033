/**
 * What each operation does to the stack of symbols, for the operations that matter to bindings.
 * All others are walked by their net stack effect. Sources: the `dis` documentation of each version
 * and CPython's Python/bytecodes.c and compile.c.
 */
import {
  bindCompared,
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
import { loadSubscript, NAME_OPERATIONS } from './name-operations.ts';
import type { Opcodes } from './opcodes.ts';
import type { Operation, StackWalk } from './stack-walk.ts';
import {
  attribute,
  binary,
  BUILD_CLASS_SYMBOL,
  constant,
  item,
  joinedTexts,
  named,
  NULL_SYMBOL,
  sequence,
  type Symbol_,
  text,
  textsIn,
  UNKNOWN_SYMBOL,
} from './symbols.ts';
import type { Value } from './values.ts';
import { bindSum, bindUrl } from './url-parts.ts';

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
  const whole = joinedTexts([left, right], '');
  if (!whole && right.holds) bindSum(walk, left, right);
  walk.push(whole ?? binary(left, right));
}

/** A part of a value goes by the value's name. */
function slice(walk: StackWalk, bounds: number): void {
  walk.popMany(bounds);
  walk.push(item(walk.pop()));
}

function compare(walk: StackWalk): void {
  const right = walk.pop();
  bindCompared(walk, walk.pop(), right, true);
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

const copyTop: Operation = (walk) => walk.push(walk.peek(1));
const nothing: Operation = () => undefined;
const pop: Operation = (walk) => void walk.pop();

/** The constants among those that LOAD_COMMON_CONSTANT has; its others are built-in functions and classes. */
const COMMON_VALUES = new Map<string, Value>([
  ['None', null],
  ["''", ''],
  ['True', true],
  ['False', false],
  ['-1', -1],
]);

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
  LOAD_COMMON_CONSTANT: (walk, i) => {
    const name = walk.opcodes.common[i] ?? '';
    const value = COMMON_VALUES.get(name);
    if (value === undefined) walk.push(named(name));
    else walk.push(constant(value, textsIn(value), -1, walk.offset));
  },
  LOAD_ASSERTION_ERROR: (walk) => walk.push(named('AssertionError')),
  LOAD_SPECIAL: (walk) => {
    walk.pop();
    walk.push(UNKNOWN_SYMBOL);
    walk.push(NULL_SYMBOL);
  },
  LOAD_BUILD_CLASS: (walk) => walk.push(BUILD_CLASS_SYMBOL),
  PUSH_NULL: (walk) => walk.push(NULL_SYMBOL),
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
  BINARY_SLICE: (walk) => slice(walk, 2),
  BUILD_SLICE: (walk, count) => {
    walk.popMany(count);
    walk.push(UNKNOWN_SYMBOL);
  },
  'SLICE+0': (walk) => slice(walk, 0),
  'SLICE+1': (walk) => slice(walk, 1),
  'SLICE+2': (walk) => slice(walk, 1),
  'SLICE+3': (walk) => slice(walk, 2),
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
  ...NAME_OPERATIONS,
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
