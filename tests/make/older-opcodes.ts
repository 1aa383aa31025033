/**
 * Opcode rows of the versions that have no interpreter here: 1.5 to 2.6 as differences from 2.7's row, 3.0 to
 * 3.5 from 3.6's, one version from the next (CPython's Lib/opcode.py of each); and the stack effects that
 * 2.7 and PyPy do not tell (CPython's Python/compile.c, `opcode_stack_effect`).
 */

/** One opcode: number, cache units, net stack effect (`a` or `a,b` for a + b·argument), kinds of argument. */
export interface OpcodeRow {
  name: string;
  number: number;
  caches: number;
  effect: string;
  /** Letters: see `ARGUMENT_KINDS` in the engine's opcodes. */
  kinds: string;
}

/** A version's difference from the next later one. */
interface Difference {
  version: string;
  from: string;
  without: string[];
  /** `NAME number effect kinds`, the last two optional. */
  with: string[];
}

const DIFFERENCES: readonly Difference[] = [
  {
    version: '2.6',
    from: '2.7',
    without: [
      ...['BUILD_SET', 'SETUP_WITH', 'SET_ADD', 'MAP_ADD', 'POP_JUMP_IF_FALSE'],
      ...['POP_JUMP_IF_TRUE', 'JUMP_IF_FALSE_OR_POP', 'JUMP_IF_TRUE_OR_POP'],
    ],
    with: [
      'LIST_APPEND 18 -2',
      'BUILD_MAP 104 1 x',
      'LOAD_ATTR 105 0 nx',
      'COMPARE_OP 106 -1 mx',
      'IMPORT_NAME 107 -1 nx',
      'IMPORT_FROM 108 1 nx',
      'JUMP_IF_FALSE 111 0 rx',
      'JUMP_IF_TRUE 112 0 rx',
      'EXTENDED_ARG 143 0 x',
    ],
  },
  { version: '2.5', from: '2.6', without: ['STORE_MAP'], with: [] },
  { version: '2.4', from: '2.5', without: ['WITH_CLEANUP'], with: ['IMPORT_NAME 107 0 nx'] },
  { version: '2.3', from: '2.4', without: ['NOP', 'LIST_APPEND'], with: [] },
  {
    version: '2.2',
    from: '2.3',
    without: ['YIELD_VALUE'],
    with: ['YIELD_STMT 86 -1', 'FOR_LOOP 114 1 rx', 'SET_LINENO 127 0 x'],
  },
  {
    version: '2.1',
    from: '2.2',
    without: [
      ...['BINARY_FLOOR_DIVIDE', 'BINARY_TRUE_DIVIDE', 'INPLACE_FLOOR_DIVIDE'],
      ...['INPLACE_TRUE_DIVIDE', 'GET_ITER', 'YIELD_STMT', 'FOR_ITER'],
    ],
    with: [],
  },
  {
    version: '2.0',
    from: '2.1',
    without: ['CONTINUE_LOOP', 'MAKE_CLOSURE', 'LOAD_CLOSURE', 'LOAD_DEREF', 'STORE_DEREF'],
    with: [],
  },
  {
    version: '1.6',
    from: '2.0',
    without: [
      ...['ROT_FOUR', 'INPLACE_ADD', 'INPLACE_SUBTRACT', 'INPLACE_MULTIPLY', 'INPLACE_DIVIDE'],
      ...['INPLACE_MODULO', 'INPLACE_POWER', 'PRINT_ITEM_TO', 'PRINT_NEWLINE_TO'],
      ...['INPLACE_LSHIFT', 'INPLACE_RSHIFT', 'INPLACE_AND', 'INPLACE_XOR', 'INPLACE_OR'],
      ...['IMPORT_STAR', 'UNPACK_SEQUENCE', 'DUP_TOPX', 'EXTENDED_ARG'],
    ],
    with: [
      'UNPACK_TUPLE 92 -1,1 x',
      'UNPACK_LIST 93 -1,1 x',
      'UNPACK_ARG 94 0,1 x',
      'IMPORT_NAME 107 1 nx',
      'IMPORT_FROM 108 0 nx',
    ],
  },
  {
    version: '1.5',
    from: '1.6',
    without: ['CALL_FUNCTION_VAR', 'CALL_FUNCTION_KW', 'CALL_FUNCTION_VAR_KW'],
    with: [],
  },
  {
    version: '3.5',
    from: '3.6',
    without: [
      ...['SETUP_ANNOTATIONS', 'STORE_ANNOTATION', 'FORMAT_VALUE', 'BUILD_CONST_KEY_MAP'],
      ...['BUILD_STRING', 'BUILD_TUPLE_UNPACK_WITH_CALL', 'CALL_FUNCTION_EX'],
    ],
    with: [
      'MAKE_CLOSURE 134 0 x',
      'CALL_FUNCTION_VAR 140 0 x',
      'CALL_FUNCTION_KW 141 0 x',
      'CALL_FUNCTION_VAR_KW 142 0 x',
    ],
  },
  {
    version: '3.4',
    from: '3.5',
    without: [
      ...['BINARY_MATRIX_MULTIPLY', 'INPLACE_MATRIX_MULTIPLY', 'GET_AITER', 'GET_ANEXT'],
      ...['BEFORE_ASYNC_WITH', 'GET_YIELD_FROM_ITER', 'GET_AWAITABLE', 'WITH_CLEANUP_START'],
      ...['WITH_CLEANUP_FINISH', 'BUILD_LIST_UNPACK', 'BUILD_MAP_UNPACK', 'SETUP_ASYNC_WITH'],
      ...['BUILD_MAP_UNPACK_WITH_CALL', 'BUILD_TUPLE_UNPACK', 'BUILD_SET_UNPACK'],
    ],
    with: ['STORE_MAP 54 -2', 'WITH_CLEANUP 81 -1'],
  },
  {
    version: '3.3',
    from: '3.4',
    without: ['LOAD_CLASSDEREF'],
    with: ['STORE_LOCALS 69 -1'],
  },
  { version: '3.2', from: '3.3', without: ['YIELD_FROM'], with: ['STOP_CODE 0 0'] },
  {
    version: '3.1',
    from: '3.2',
    without: ['DUP_TOP_TWO', 'DELETE_DEREF', 'SETUP_WITH'],
    with: ['ROT_FOUR 5 0', 'DUP_TOPX 99 0,1 x', 'EXTENDED_ARG 143 0 x'],
  },
  {
    version: '3.0',
    from: '3.1',
    without: [
      ...['MAP_ADD', 'POP_JUMP_IF_FALSE', 'POP_JUMP_IF_TRUE', 'JUMP_IF_FALSE_OR_POP'],
      ...['JUMP_IF_TRUE_OR_POP'],
    ],
    with: ['SET_ADD 17 -2', 'LIST_APPEND 18 -2', 'JUMP_IF_FALSE 111 0 rx', 'JUMP_IF_TRUE 112 0 rx'],
  },
];

/** Net effects of the opcodes that the engine does not know by meaning. */
const EFFECTS: Record<string, string> = {
  ...{ STOP_CODE: '0', NOP: '0', UNARY_POSITIVE: '0', UNARY_NEGATIVE: '0', UNARY_NOT: '0' },
  ...{ UNARY_CONVERT: '0', UNARY_INVERT: '0', 'SLICE+0': '0', 'SLICE+1': '-1', 'SLICE+2': '-1' },
  ...{ 'SLICE+3': '-2', 'STORE_SLICE+0': '-2', 'STORE_SLICE+1': '-3', 'STORE_SLICE+2': '-3' },
  ...{ 'STORE_SLICE+3': '-4', 'DELETE_SLICE+0': '-1', 'DELETE_SLICE+1': '-2' },
  ...{ 'DELETE_SLICE+2': '-2', 'DELETE_SLICE+3': '-3', DELETE_SUBSCR: '-2', PRINT_EXPR: '-1' },
  ...{ PRINT_ITEM: '-1', PRINT_NEWLINE: '0', PRINT_ITEM_TO: '-2', PRINT_NEWLINE_TO: '-1' },
  ...{ WITH_CLEANUP: '-1', LOAD_LOCALS: '1', IMPORT_STAR: '-1', EXEC_STMT: '-3', POP_BLOCK: '0' },
  ...{ END_FINALLY: '-3', DELETE_NAME: '0', DELETE_ATTR: '-1', DELETE_GLOBAL: '0' },
  ...{ DELETE_FAST: '0', BUILD_SLICE: '1,-1', SETUP_WITH: '1', YIELD_VALUE: '0' },
};

/** Fills in the effects that 2.7 and PyPy keep to themselves. */
export function addEffects(table: ReadonlyMap<string, OpcodeRow[]>): void {
  for (const row of table.get('2.7') ?? []) row.effect = EFFECTS[row.name] ?? row.effect;
  const cpython = new Map((table.get('3.9') ?? []).map((row) => [row.name, row.effect]));
  for (const row of table.get('pypy3.9') ?? []) row.effect = cpython.get(row.name) ?? row.effect;
}

/** The rows of versions without an interpreter: another version's row, less some opcodes, with others. */
export function olderRows(): {
  version: string;
  like: string;
  without: string;
  rows: OpcodeRow[];
}[] {
  return DIFFERENCES.map(({ version, from, without, with: added }) => ({
    version,
    like: from,
    without: without.join(' '),
    rows: added.map((text): OpcodeRow => {
      const [name = '', number = '', effect = '', kinds = ''] = text.split(' ');
      return { name, number: Number(number), caches: 0, effect, kinds };
    }),
  }));
}
