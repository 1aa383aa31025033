/**
 * What each operation does to the stack of symbols, for the operations that matter to bindings.
 * All others are walked by their net stack effect. Sources: the `dis` documentation of each version
 * and CPython's Python/bytecodes.c and compile.c.
 */
import {
  call,
  callEx,
  constantNames,
  namedValues,
  newCall,
  oldCall,
  positional,
} from './call-operations.ts';
import {
  addEntry,
  appendItem,
  buildConstKeyMap,
  buildMap,
  buildMapUnpacked,
  buildSequence,
  buildUnpacked,
  extendList,
  mapAdd,
  unpackEx,
  unpackSequence,
  updateMap,
} from './display-operations.ts';
import { makeFunction, setFunctionAttribute } from './function-defaults.ts';
import type { Operation, StackWalk } from './stack-walk.ts';
import { labelOf, NULL_SYMBOL, type Symbol_, UNKNOWN_SYMBOL } from './symbols.ts';
import { textOf } from './values.ts';

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

const name = (names: readonly string[], index: number): Symbol_ => ({
  k: 'name',
  name: names[index] ?? '?',
});

function localName(walk: StackWalk, index: number): string {
  // From 3.11 on, fast locals, cells and free variables share one array.
  const names =
    walk.v >= 311 && walk.code.localsPlus.length > 0 ? walk.code.localsPlus : walk.code.localNames;
  return names[index] ?? '?';
}

function cellName(walk: StackWalk, index: number): string {
  return walk.code.localsPlus[index] ?? '?';
}

function store(walk: StackWalk, target: string): void {
  const value = walk.pop();
  if (target === '__doc__') walk.bind(value, 'docstring', target);
  else if (!COMPILER_NAMES.has(target)) walk.bind(value, 'variable', target);
  else if (value.k === 'constant') walk.boundConstants.add(value.index);
}

function loadGlobal(walk: StackWalk, argument: number): void {
  if (walk.v < 311 || walk.version.implementation === 'pypy') {
    walk.push(name(walk.code.names, argument));
    return;
  }
  const pushesNull = (argument & 1) === 1;
  if (pushesNull && walk.v < 313) walk.push(NULL_SYMBOL);
  walk.push(name(walk.code.names, argument >> 1));
  if (pushesNull && walk.v >= 313) walk.push(NULL_SYMBOL);
}

function loadAttribute(walk: StackWalk, argument: number): void {
  const base = walk.pop();
  const packed = walk.v >= 312 && walk.version.implementation !== 'pypy';
  walk.push({
    k: 'attribute',
    base,
    name: walk.code.names[packed ? argument >> 1 : argument] ?? '?',
  });
  if (packed && argument & 1) walk.push(NULL_SYMBOL); // the method's self
}

function storeSubscript(walk: StackWalk): void {
  const key = walk.pop();
  const container = walk.pop();
  const value = walk.pop();
  const keyText = key.k === 'constant' ? textOf(key.value) : undefined;
  if (key.k === 'constant') walk.boundConstants.add(key.index);
  if (labelOf(container) === '__annotations__') {
    if (value.k === 'constant') walk.boundConstants.add(value.index);
    return;
  }
  walk.bind(value, 'subscript', keyText ?? labelOf(container));
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
  if (walk.stack.length < depth) return;
  const top = walk.pop();
  walk.stack.splice(walk.stack.length - depth + 1, 0, top);
}

function binary(walk: StackWalk): void {
  const right = walk.pop();
  const left = walk.pop();
  walk.push({ k: 'binary', left, right });
}

function subscript(walk: StackWalk): void {
  const key = walk.pop();
  const base = walk.pop();
  if (key.k === 'constant' && typeof key.value === 'string') walk.boundConstants.add(key.index);
  walk.push({ k: 'subscript', base, key });
}

function compare(walk: StackWalk): void {
  const right = walk.pop();
  const left = walk.pop();
  walk.bind(left, 'comparison', labelOf(right));
  walk.bind(right, 'comparison', labelOf(left));
  walk.push(UNKNOWN_SYMBOL);
}

function returned(walk: StackWalk, value: Symbol_): void {
  walk.bind(value, 'returned', walk.code.name.startsWith('<') ? '' : walk.code.name);
}

/** Jumps up to 3.9 count bytes, later ones 2-byte units. */
const unit = (walk: StackWalk): number =>
  walk.v >= 310 && walk.version.implementation !== 'pypy' ? 2 : 1;
const relative = (walk: StackWalk, argument: number): number =>
  walk.nextOffset + argument * unit(walk);
/** Conditional jumps were absolute up to 3.10. */
const conditional = (walk: StackWalk, argument: number): number =>
  walk.v >= 311 && walk.version.implementation !== 'pypy'
    ? relative(walk, argument)
    : argument * unit(walk);

function popJump(walk: StackWalk, argument: number): void {
  walk.pop();
  walk.jumpTo(conditional(walk, argument));
}

function jumpOrPop(walk: StackWalk, argument: number): void {
  walk.jumpTo(conditional(walk, argument));
  walk.pop();
}

function forIter(walk: StackWalk, argument: number): void {
  const iterator = walk.peek(1);
  if (walk.v < 312) {
    const held = walk.pop();
    walk.jumpTo(relative(walk, argument));
    walk.push(held);
  } else walk.jumpTo(relative(walk, argument), 1);
  walk.push({ k: 'item', of: iterator });
}

const handlerExtras = (walk: StackWalk): number => (walk.v < 300 ? 3 : 6);

const copyTop: Operation = (walk) => walk.push(walk.peek(1));

const table: Record<string, Operation> = {
  NOP: () => undefined,
  RESUME: () => undefined,
  PRECALL: () => undefined,
  NOT_TAKEN: () => undefined,
  MAKE_CELL: () => undefined,
  COPY_FREE_VARS: () => undefined,
  TO_BOOL: () => undefined,
  GEN_START: (walk) => void walk.pop(),
  RETURN_GENERATOR: (walk) => walk.push(UNKNOWN_SYMBOL),

  LOAD_CONST: (walk, i) => walk.push(walk.constant(i)),
  LOAD_SMALL_INT: (walk, value) => walk.push({ k: 'constant', value, line: walk.line, index: -1 }),
  LOAD_COMMON_CONSTANT: (walk) => walk.push(UNKNOWN_SYMBOL),
  LOAD_NAME: (walk, i) => walk.push(name(walk.code.names, i)),
  LOAD_GLOBAL: loadGlobal,
  LOAD_FAST: (walk, i) => walk.push({ k: 'name', name: localName(walk, i) }),
  LOAD_FAST_CHECK: (walk, i) => walk.push({ k: 'name', name: localName(walk, i) }),
  LOAD_FAST_BORROW: (walk, i) => walk.push({ k: 'name', name: localName(walk, i) }),
  LOAD_FAST_AND_CLEAR: (walk, i) => walk.push({ k: 'name', name: localName(walk, i) }),
  LOAD_FAST_LOAD_FAST: loadTwo,
  LOAD_FAST_BORROW_LOAD_FAST_BORROW: loadTwo,
  LOAD_DEREF: (walk, i) => walk.push({ k: 'name', name: cellName(walk, i) }),
  LOAD_CLASSDEREF: (walk, i) => walk.push({ k: 'name', name: cellName(walk, i) }),
  LOAD_CLOSURE: (walk, i) => walk.push({ k: 'name', name: cellName(walk, i) }),
  LOAD_FROM_DICT_OR_DEREF: (walk, i) => {
    walk.pop();
    walk.push({ k: 'name', name: cellName(walk, i) });
  },
  LOAD_FROM_DICT_OR_GLOBALS: (walk, i) => {
    walk.pop();
    walk.push(name(walk.code.names, i));
  },
  LOAD_ATTR: loadAttribute,
  LOAD_METHOD: (walk, i) => {
    const base = walk.pop();
    walk.push({ k: 'attribute', base, name: walk.code.names[i] ?? '?' });
    walk.push(NULL_SYMBOL);
  },
  LOAD_SUPER_ATTR: (walk, i) => {
    walk.popMany(3);
    walk.push({ k: 'attribute', base: UNKNOWN_SYMBOL, name: walk.code.names[i >> 2] ?? '?' });
    if (i & 1) walk.push(NULL_SYMBOL);
  },
  LOAD_BUILD_CLASS: (walk) => walk.push({ k: 'build-class' }),
  PUSH_NULL: (walk) => walk.push(NULL_SYMBOL),
  IMPORT_NAME: (walk, i) => {
    for (const used of walk.popMany(2))
      if (used.k === 'constant') walk.boundConstants.add(used.index);
    walk.push(name(walk.code.names, i));
  },
  IMPORT_FROM: (walk, i) => walk.push(name(walk.code.names, i)),

  STORE_NAME: (walk, i) => store(walk, walk.code.names[i] ?? '?'),
  STORE_GLOBAL: (walk, i) => store(walk, walk.code.names[i] ?? '?'),
  STORE_FAST: (walk, i) => store(walk, localName(walk, i)),
  STORE_FAST_MAYBE_NULL: (walk, i) => store(walk, localName(walk, i)),
  STORE_DEREF: (walk, i) => store(walk, cellName(walk, i)),
  STORE_FAST_LOAD_FAST: (walk, i) => {
    store(walk, localName(walk, i >> 4));
    walk.push({ k: 'name', name: localName(walk, i & 15) });
  },
  STORE_FAST_STORE_FAST: (walk, i) => {
    store(walk, localName(walk, i >> 4));
    store(walk, localName(walk, i & 15));
  },
  STORE_ATTR: (walk, i) => {
    walk.pop();
    walk.bind(walk.pop(), 'attribute', walk.code.names[i] ?? '?');
  },
  STORE_SUBSCR: storeSubscript,
  STORE_ANNOTATION: (walk) => {
    const annotation = walk.pop();
    if (annotation.k === 'constant') walk.boundConstants.add(annotation.index);
  },
  STORE_MAP: (walk) => {
    const key = walk.pop();
    const value = walk.pop();
    addEntry(walk, walk.peek(1), key, value);
  },

  BUILD_TUPLE: buildSequence,
  BUILD_LIST: buildSequence,
  BUILD_SET: buildSequence,
  BUILD_LIST_FROM_ARG: (walk) =>
    walk.push({ k: 'sequence', items: [{ k: 'item', of: walk.pop() }] }),
  BUILD_MAP: buildMap,
  BUILD_CONST_KEY_MAP: buildConstKeyMap,
  BUILD_STRING: (walk, count) => walk.push({ k: 'text', parts: walk.popMany(count) }),
  BUILD_TUPLE_UNPACK: buildUnpacked,
  BUILD_TUPLE_UNPACK_WITH_CALL: buildUnpacked,
  BUILD_LIST_UNPACK: buildUnpacked,
  BUILD_SET_UNPACK: buildUnpacked,
  BUILD_MAP_UNPACK: buildMapUnpacked,
  BUILD_MAP_UNPACK_WITH_CALL: buildMapUnpacked,
  LIST_APPEND: appendItem,
  SET_ADD: appendItem,
  LIST_EXTEND: extendList,
  SET_UPDATE: extendList,
  MAP_ADD: mapAdd,
  DICT_UPDATE: updateMap,
  DICT_MERGE: updateMap,
  LIST_TO_TUPLE: () => undefined,
  CALL_INTRINSIC_1: (walk, i) => {
    const INTRINSIC_LIST_TO_TUPLE = 6;
    if (i === INTRINSIC_LIST_TO_TUPLE) return;
    walk.pop();
    walk.push(UNKNOWN_SYMBOL);
  },
  UNPACK_SEQUENCE: unpackSequence,
  UNPACK_EX: unpackEx,

  POP_TOP: (walk) => void walk.pop(),
  DUP_TOP: copyTop,
  DUP_TOP_TWO: (walk) => walk.stack.push(walk.peek(2), walk.peek(1)),
  DUP_TOPX: (walk, count) => walk.stack.push(...walk.stack.slice(-Math.min(count, 5))),
  COPY: (walk, depth) => walk.push(walk.peek(depth)),
  SWAP: swap,
  ROT_TWO: (walk) => rotate(walk, 2),
  ROT_THREE: (walk) => rotate(walk, 3),
  ROT_FOUR: (walk) => rotate(walk, 4),
  ROT_N: (walk, depth) => rotate(walk, depth),

  CALL_FUNCTION: (walk, argument) => {
    if (walk.v < 306) oldCall(walk, argument, false, false);
    else {
      const args = positional(walk, argument);
      walk.push(call(walk, walk.pop(), args, []));
    }
  },
  CALL_FUNCTION_VAR: (walk, argument) => oldCall(walk, argument, true, false),
  CALL_FUNCTION_KW: (walk, argument) => {
    if (walk.v < 306) {
      oldCall(walk, argument, false, true);
      return;
    }
    const names = walk.pop();
    if (names.k === 'constant') walk.boundConstants.add(names.index);
    const { args, keywords } = namedValues(constantNames(names), positional(walk, argument));
    walk.push(call(walk, walk.pop(), args, keywords));
  },
  CALL_FUNCTION_VAR_KW: (walk, argument) => oldCall(walk, argument, true, true),
  CALL_FUNCTION_EX: callEx,
  CALL_METHOD: (walk, argument) => {
    const args = positional(walk, argument);
    walk.pop(); // self, or NULL
    walk.push(call(walk, walk.pop(), args, []));
  },
  CALL_METHOD_KW: (walk, argument) => {
    const names = walk.pop();
    if (names.k === 'constant') walk.boundConstants.add(names.index);
    const { args, keywords } = namedValues(constantNames(names), positional(walk, argument));
    walk.pop();
    walk.push(call(walk, walk.pop(), args, keywords));
  },
  KW_NAMES: (walk, i) => {
    const names = walk.constant(i);
    walk.boundConstants.add(i);
    walk.keywordNames = constantNames(names);
  },
  CALL: (walk, argument) => {
    const names = walk.keywordNames;
    walk.keywordNames = [];
    newCall(walk, argument, names);
  },
  CALL_KW: (walk, argument) => {
    const names = walk.pop();
    if (names.k === 'constant') walk.boundConstants.add(names.index);
    newCall(walk, argument, constantNames(names));
  },
  MAKE_FUNCTION: (walk, argument) => makeFunction(walk, argument, false),
  MAKE_CLOSURE: (walk, argument) => makeFunction(walk, argument, true),
  SET_FUNCTION_ATTRIBUTE: setFunctionAttribute,
  BUILD_CLASS: (walk) => {
    const [className] = walk.popMany(3);
    if (className?.k === 'constant') walk.boundConstants.add(className.index);
    walk.push(UNKNOWN_SYMBOL);
  },

  COMPARE_OP: compare,
  IS_OP: compare,
  CONTAINS_OP: compare,
  BINARY_SUBSCR: subscript,
  BINARY_OP: (walk, operator) => {
    const SUBSCRIPT = 26; // 3.14 and later
    if (operator === SUBSCRIPT && walk.v >= 314) subscript(walk);
    else binary(walk);
  },
  FORMAT_VALUE: (walk, flags) => {
    const WITH_SPEC = 4;
    if ((flags & WITH_SPEC) !== 0) walk.pop();
    walk.push({ k: 'item', of: walk.pop() });
  },
  FORMAT_SIMPLE: (walk) => walk.push({ k: 'item', of: walk.pop() }),
  FORMAT_WITH_SPEC: (walk) => {
    walk.pop();
    walk.push({ k: 'item', of: walk.pop() });
  },
  CONVERT_VALUE: () => undefined,

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
  RAISE_VARARGS: (walk, count) => {
    walk.popMany(count);
    walk.leave();
  },
  RERAISE: (walk) => walk.leave(),

  JUMP_FORWARD: (walk, argument) => {
    walk.jumpTo(relative(walk, argument));
    walk.leave();
  },
  JUMP_ABSOLUTE: (walk, argument) => {
    walk.jumpTo(argument * unit(walk));
    walk.leave();
  },
  JUMP_BACKWARD: (walk) => walk.leave(),
  JUMP_BACKWARD_NO_INTERRUPT: (walk) => walk.leave(),
  CONTINUE_LOOP: (walk) => walk.leave(),
  BREAK_LOOP: (walk) => walk.leave(),
  POP_JUMP_IF_FALSE: popJump,
  POP_JUMP_IF_TRUE: popJump,
  POP_JUMP_IF_NONE: popJump,
  POP_JUMP_IF_NOT_NONE: popJump,
  POP_JUMP_FORWARD_IF_FALSE: popJump,
  POP_JUMP_FORWARD_IF_TRUE: popJump,
  POP_JUMP_FORWARD_IF_NONE: popJump,
  POP_JUMP_FORWARD_IF_NOT_NONE: popJump,
  JUMP_IF_FALSE_OR_POP: jumpOrPop,
  JUMP_IF_TRUE_OR_POP: jumpOrPop,
  JUMP_IF_NOT_EXC_MATCH: (walk, argument) => {
    walk.popMany(2);
    walk.jumpTo(conditional(walk, argument));
  },
  FOR_ITER: forIter,
  GET_ITER: (walk) => {
    if (walk.v >= 315) walk.push(NULL_SYMBOL);
  },
  SETUP_LOOP: (walk, argument) => walk.jumpTo(relative(walk, argument)),
  SETUP_EXCEPT: (walk, argument) => walk.jumpTo(relative(walk, argument), handlerExtras(walk)),
  SETUP_FINALLY: (walk, argument) => walk.jumpTo(relative(walk, argument), handlerExtras(walk)),
};

function loadTwo(walk: StackWalk, argument: number): void {
  walk.push({ k: 'name', name: localName(walk, argument >> 4) });
  walk.push({ k: 'name', name: localName(walk, argument & 15) });
}

for (const kind of ['BINARY', 'INPLACE']) {
  for (const operator of [
    ...['ADD', 'SUBTRACT', 'MULTIPLY', 'MODULO', 'POWER', 'DIVIDE', 'TRUE_DIVIDE', 'FLOOR_DIVIDE'],
    ...['LSHIFT', 'RSHIFT', 'AND', 'XOR', 'OR', 'MATRIX_MULTIPLY'],
  ]) {
    table[`${kind}_${operator}`] = binary;
  }
}

/** By opcode name. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(Object.entries(table));
