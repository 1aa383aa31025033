/** Versions without an interpreter here, on code that is assembled by hand. */
import { describe, expect, test } from 'vitest';
import { bindingsOf } from '../../../src/engine/python/bindings.ts';
import { disassemble } from '../../../src/engine/python/disassembly.ts';
import { decodePyc } from '../../../src/engine/python/pyc.ts';
import { versionOfMagic } from '../../../src/engine/python/version.ts';
import { type CodeSpec, pycOf } from '../../make/marshal-writer.ts';

const MAGIC: Record<string, number> = {
  ...{ '1.5': 20121, '1.6': 50428, '2.0': 50823, '2.1': 60202, '2.2': 60717, '2.3': 62011 },
  ...{ '2.4': 62061, '2.5': 62131, '2.6': 62161, '3.0': 3131, '3.1': 3151, '3.2': 3180 },
  ...{ '3.3': 3230, '3.4': 3310, '3.5': 3351 },
};

function decoded(name: string, code: CodeSpec): ReturnType<typeof decodePyc> {
  const magic = MAGIC[name] as number;
  const version = versionOfMagic(magic);
  if (!version) throw new Error(`${name} must be known`);
  const module = decodePyc(pycOf(code, version, magic));
  expect(module.error).toBeUndefined();
  expect(`${module.version.major}.${module.version.minor}`).toBe(name);
  return module;
}

function bound(name: string, code: CodeSpec): string[] {
  const module = decoded(name, code);
  const bindings = module.code ? bindingsOf(module.code, module.version) : [];
  return bindings.map((b) => `${b.kind} ${b.name}=${b.value}`);
}

describe.each(Object.keys(MAGIC))('Python %s', (name) => {
  const python3 = name.startsWith('3');
  const tail = ['LOAD_CONST', 0] as [string, number];

  test('names variables, attributes, subscripts and arguments', () => {
    const found = bound(name, {
      constants: [null, 'in a variable', 'in an attribute', 'under a key', 'THE_KEY', 'given'],
      names: ['variable', 'thing', 'attribute', 'call'],
      instructions: [
        ['LOAD_CONST', 1],
        ['STORE_NAME', 0],
        ['LOAD_CONST', 2],
        ['LOAD_NAME', 1],
        ['STORE_ATTR', 2],
        ['LOAD_CONST', 3],
        ['LOAD_NAME', 1],
        ['LOAD_CONST', 4],
        'STORE_SUBSCR',
        ['LOAD_NAME', 3],
        ['LOAD_CONST', 4],
        ['LOAD_CONST', 5],
        ['CALL_FUNCTION', 1 << 8],
        'POP_TOP',
        tail,
        'RETURN_VALUE',
      ],
    });
    expect(found).toContain('variable variable=in a variable');
    expect(found).toContain('attribute attribute=in an attribute');
    expect(found).toContain('subscript THE_KEY=under a key');
    expect(found).toContain('keyword-argument THE_KEY=given');
  });

  test('matches defaults to parameters', () => {
    const inner: CodeSpec = {
      name: 'login',
      arguments: 2,
      locals: ['user', 'token'],
      constants: [null],
      instructions: [tail, 'RETURN_VALUE'],
    };
    const qualified = ['3.3', '3.4', '3.5'].includes(name);
    const found = bound(name, {
      constants: [null, 'the default', inner, 'login'],
      names: ['login'],
      instructions: [
        ['LOAD_CONST', 1],
        ['LOAD_CONST', 2],
        ...(qualified ? ([['LOAD_CONST', 3]] as [string, number][]) : []),
        ['MAKE_FUNCTION', 1],
        ['STORE_NAME', 0],
        tail,
        'RETURN_VALUE',
      ],
    });
    expect(found).toContain('default-argument token=the default');
  });

  test('reads dictionary displays in the form of the version', () => {
    const old = name < '2.6';
    const fill: CodeSpec['instructions'] = old
      ? ['DUP_TOP', ['LOAD_CONST', 1], 'ROT_TWO', ['LOAD_CONST', 2], 'STORE_SUBSCR']
      : [['LOAD_CONST', 1], ['LOAD_CONST', 2], 'STORE_MAP'];
    const found = bound(name, {
      constants: [null, 'the value', 'the_key'],
      names: ['table'],
      instructions:
        name === '3.5'
          ? [
              ['LOAD_CONST', 2],
              ['LOAD_CONST', 1],
              ['BUILD_MAP', 1],
              ['STORE_NAME', 0],
            ]
          : [['BUILD_MAP', 0], ...fill, ['STORE_NAME', 0]],
    });
    expect(found).toContain('dict-value the_key=the value');
  });

  test('joins the values of an `or` where the jumps meet', () => {
    const pops = python3 ? name !== '3.0' : false;
    const body: CodeSpec['instructions'] = pops
      ? [
          ['LOAD_NAME', 0],
          ['JUMP_IF_TRUE_OR_POP', 9],
          ['LOAD_CONST', 1],
          ['STORE_NAME', 1],
        ]
      : [['LOAD_NAME', 0], ['JUMP_IF_TRUE', 4], 'POP_TOP', ['LOAD_CONST', 1], ['STORE_NAME', 1]];
    const found = bound(name, {
      constants: [null, 'the fallback'],
      names: ['given', 'chosen'],
      instructions: [...body, tail, 'RETURN_VALUE'],
    });
    expect(found).toContain('variable chosen=the fallback');
  });

  test('shows its own opcodes', () => {
    const module = decoded(name, {
      constants: [null],
      names: ['a', 'b'],
      instructions: [
        ['LOAD_NAME', 0],
        ['LOAD_ATTR', 1],
        ['LOAD_CONST', 0],
        ['COMPARE_OP', 2],
        'RETURN_VALUE',
      ],
    });
    const rows = module.code ? disassemble(module.code, module.version) : [];
    expect(rows.map(({ offset, opname, text }) => [offset, opname, text])).toEqual([
      [0, 'LOAD_NAME', 'a'],
      [3, 'LOAD_ATTR', 'b'],
      [6, 'LOAD_CONST', 'None'],
      [9, 'COMPARE_OP', '=='],
      [12, 'RETURN_VALUE', ''],
    ]);
  });
});

test('SET_LINENO gives the lines of code that has no table', () => {
  const module = decoded('2.2', {
    constants: [null, 'on line seven'],
    names: ['x'],
    instructions: [
      ['SET_LINENO', 3],
      ['LOAD_CONST', 0],
      'POP_TOP',
      ['SET_LINENO', 7],
      ['LOAD_CONST', 1],
      ['STORE_NAME', 0],
    ],
  });
  const [binding] = module.code ? bindingsOf(module.code, module.version) : [];
  expect(binding).toMatchObject({ value: 'on line seven', line: 7 });
});

test('keyword-only defaults lie below the positional ones up to 3.3, and above them from 3.4 on', () => {
  const inner: CodeSpec = {
    name: 'f',
    arguments: 1,
    keywordOnly: 1,
    locals: ['first', 'second'],
    constants: [null],
    instructions: [['LOAD_CONST', 0], 'RETURN_VALUE'],
  };
  const push = (index: number): [string, number] => ['LOAD_CONST', index];
  for (const name of ['3.1', '3.3', '3.4', '3.5']) {
    const pair = [push(2), push(3)];
    const positional = [push(1)];
    const early = name < '3.4';
    const found = bound(name, {
      constants: [null, 'of the first', 'second', 'of the second', inner, 'f'],
      names: ['f'],
      instructions: [
        ...(early ? [...pair, ...positional] : [...positional, ...pair]),
        push(4),
        ...(name >= '3.3' ? [push(5)] : []),
        ['MAKE_FUNCTION', 1 | (1 << 8)],
        ['STORE_NAME', 0],
      ],
    });
    expect(found).toContain('default-argument first=of the first');
    expect(found).toContain('default-argument second=of the second');
  }
});
