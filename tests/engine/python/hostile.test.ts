/** Damaged and hostile bytecode: a partial result, in bounded work. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bindingsOf } from '../../../src/engine/python/bindings.ts';
import { disassemble } from '../../../src/engine/python/disassembly.ts';
import { decodeLines } from '../../../src/engine/python/lines.ts';
import { unmarshal } from '../../../src/engine/python/marshal.ts';
import { outlineOf } from '../../../src/engine/python/outline.ts';
import { decodePyc } from '../../../src/engine/python/pyc.ts';
import { repr } from '../../../src/engine/python/repr.ts';
import { type PythonVersion, versionOfMagic } from '../../../src/engine/python/version.ts';
import { type CodeSpec, marshal, pycOf, type Writable } from '../../make/marshal-writer.ts';

const FOLDER = 'tests/fixtures/pyc';
const FIXTURES = readdirSync(FOLDER).filter((name) => name.startsWith('bindings.'));
const load = (name: string): Uint8Array => new Uint8Array(readFileSync(`${FOLDER}/${name}`));
const version = (magic: number): PythonVersion => {
  const known = versionOfMagic(magic);
  if (!known) throw new Error(`${magic} must be known`);
  return known;
};
const V38 = version(3413);
const V313 = version(3571);

describe('damage', () => {
  test.each(FIXTURES)('every prefix of %s gives what it holds', (name) => {
    const whole = load(name);
    const all = outlineOf(whole).items.length;
    let most = 0;
    const step = name.endsWith('.3.12.pyc') ? 1 : 17;
    for (let length = 0; length < whole.length; length += step) {
      const { items, error } = outlineOf(whole.subarray(0, length));
      expect(error).toBeTruthy();
      most = Math.max(most, items.length);
    }
    expect(most).toBeGreaterThan(all / 2);
  });

  test.each(FIXTURES)('every byte of %s may be another', (name) => {
    const whole = load(name);
    const damaged = whole.slice();
    const most = 40 * whole.length;
    // One version of each layout at every byte, the others here and there.
    const step = /\.(2\.7|3\.8|3\.13)\.pyc$/.test(name) ? 1 : 13;
    for (let at = 0; at < whole.length; at += step) {
      const value = whole[at] as number;
      damaged[at] = [0xff, value ^ 0x80, value ^ 1, 0][at % 4] as number;
      const module = decodePyc(damaged);
      const bindings = module.code ? bindingsOf(module.code, module.version) : [];
      expect(bindings.length).toBeLessThan(most);
      damaged[at] = value;
    }
  });

  test('strings behind the damage are salvaged', () => {
    const whole = load('bindings.3.11.pyc');
    const text = new TextDecoder('latin1').decode(whole);
    const at = text.indexOf('async-default') - 2;
    const damaged = whole.slice();
    damaged.fill(0xff, at - 3, at);
    const module = decodePyc(damaged);
    expect(module.error).toMatch(/at byte \d+/);
    expect(module.salvaged).toContain('async-default');
    const known = outlineOf(damaged).bindings.map(({ value }) => value);
    expect(known).toContain('async-default');
  });
});

/** 60 tuples, each holding the one before it twice: 2^60 leaves if it were expanded. */
function doubled(): Writable {
  const bytes: number[] = [];
  const LEVELS = 60;
  // Outermost first: each opens, its first item is the next, its second a reference to that.
  const write = (level: number): void => {
    bytes.push(0xa9, 2);
    if (level === LEVELS) bytes.push(...marshal('leaf', V38), 0x4e);
    else {
      write(level + 1);
      // The code object before it took the first place.
      bytes.push(0x72, level + 1 + 1, 0, 0, 0);
    }
  };
  write(0);
  return { raw: bytes };
}

function run(code: CodeSpec, at: PythonVersion = V38, magic = 3413): ReturnType<typeof bindingsOf> {
  const file = pycOf(code, at, magic);
  // References are counted from the code object on.
  file[16] = 0xe3;
  const module = decodePyc(file);
  expect(module.error).toBeUndefined();
  if (!module.code) throw new Error('there must be code');
  disassemble(module.code, at);
  outlineOf(file);
  return bindingsOf(module.code, at);
}

describe('shared references are never expanded', () => {
  test('in a constant that is bound to a name', () => {
    const found = run({
      constants: [doubled()],
      names: ['x', 'f'],
      instructions: [
        ['LOAD_CONST', 0],
        ['STORE_NAME', 0],
        ['LOAD_NAME', 1],
        ['LOAD_CONST', 0],
        ['CALL_FUNCTION', 1],
        'RETURN_VALUE',
      ],
    });
    expect(found.map(({ kind, name, value }) => [kind, name, value])).toEqual([
      ['variable', 'x', 'leaf'],
      ['argument', 'f', 'leaf'],
    ]);
  });

  test('in a constant that is a default, a key, or unpacked again and again', () => {
    const inner: CodeSpec = {
      name: 'f',
      arguments: 2,
      locals: ['a', 'b'],
      constants: [null],
      instructions: [['LOAD_CONST', 0], 'RETURN_VALUE'],
    };
    const unpacked = Array.from({ length: 55 }, (): [string, number] => ['UNPACK_SEQUENCE', 2]);
    const found = run({
      constants: [doubled(), inner, 'f'],
      names: ['f'],
      stackSize: 200,
      instructions: [
        ['LOAD_CONST', 0],
        ['LOAD_CONST', 1],
        ['LOAD_CONST', 2],
        ['MAKE_FUNCTION', 1],
        ['STORE_NAME', 0],
        ['LOAD_CONST', 0],
        ...unpacked,
        ['STORE_NAME', 0],
      ],
    });
    expect(found.some(({ kind }) => kind === 'default-argument')).toBe(true);
    expect(found.some(({ kind }) => kind === 'variable')).toBe(true);
    expect(found.length).toBeLessThan(10);
  });

  test('nor written out', () => {
    const { value, error } = unmarshal(
      new Uint8Array(
        // Without the code object in front, references begin at 0.
        (doubled() as { raw: number[] }).raw.map((byte, i, all) =>
          all[i - 1] === 0x72 ? byte - 1 : byte,
        ),
      ),
      V38,
    );
    expect(error).toBeUndefined();
    expect(repr(value ?? null).length).toBeLessThan(20_000);
  });

  test.each(['BUILD_TUPLE', 'BUILD_LIST', 'BUILD_MAP', 'BINARY_ADD'])(
    'in what %s makes of copies',
    (name) => {
      const step: CodeSpec['instructions'] =
        name === 'BINARY_ADD'
          ? ['DUP_TOP', 'BINARY_ADD']
          : ['DUP_TOP', [name, name === 'BUILD_MAP' ? 1 : 2]];
      const found = run({
        constants: ['the text'],
        names: ['x'],
        instructions: [
          ['LOAD_CONST', 0],
          ...Array.from({ length: 1000 }, () => step).flat(),
          ['STORE_NAME', 0],
        ],
      });
      expect(found.filter(({ value }) => value.startsWith('the text'))).toHaveLength(1);
      expect(found[0]?.value.length).toBeLessThan(20_000);
      const kinds = found.flatMap(({ kind, others }) => [kind, ...others.map((o) => o.kind)]);
      expect(kinds).toContain('variable');
    },
  );

  test('in what is added of nothing', () => {
    const found = run({
      constants: [''],
      names: ['x'],
      instructions: [
        ['LOAD_CONST', 0],
        ...Array.from({ length: 1000 }, () => ['DUP_TOP', 'BINARY_ADD'] as const).flat(),
        ['STORE_NAME', 0],
      ],
    });
    expect(found.length).toBeLessThan(10);
  });

  test('in lists and dictionaries that are extended by themselves', () => {
    for (const [make, extend] of [
      ['BUILD_LIST', 'LIST_EXTEND'],
      ['BUILD_MAP', 'DICT_UPDATE'],
      ['BUILD_SET', 'SET_UPDATE'],
    ] as const) {
      const count = make === 'BUILD_MAP' ? 1 : 2;
      const found = run(
        {
          constants: ['the text', 'the key'],
          names: ['x'],
          instructions: [
            ['LOAD_CONST', 1],
            ['LOAD_CONST', 0],
            [make, count],
            ...Array.from({ length: 2000 }, (): CodeSpec['instructions'] => [
              ['COPY', 1],
              [extend, 1],
            ]).flat(),
            ['STORE_NAME', 0],
          ],
        },
        V313,
        3571,
      );
      expect(found.map(({ value }) => value)).toContain('the text');
    }
  });

  test('in alternatives of alternatives', () => {
    const found = run({
      constants: ['the text', 'another'],
      names: ['x'],
      instructions: [
        ['LOAD_CONST', 0],
        ...Array.from({ length: 60 }, (_, i): CodeSpec['instructions'] => [
          'DUP_TOP',
          ['JUMP_IF_TRUE_OR_POP', 2 + i * 8 + 8],
          ['LOAD_CONST', 1],
          ['BUILD_TUPLE', 2],
        ]).flat(),
        ['STORE_NAME', 0],
      ],
    });
    expect(found.length).toBeLessThan(100);
    expect(found.map(({ value }) => value)).toContain('the text');
  });
});

describe('references to what is still open', () => {
  test.each([
    ['a list', [0xdb, 1, 0, 0, 0, 0x72, 0, 0, 0, 0]],
    ['a tuple', [0xa9, 1, 0x72, 0, 0, 0, 0]],
    ['a set', [0xbc, 1, 0, 0, 0, 0x72, 0, 0, 0, 0]],
    ['a dictionary', [0xfb, 0x4e, 0x72, 0, 0, 0, 0, 0x30]],
  ])('%s in itself is legal, and is written with an end', (_, bytes) => {
    const { value, error, end } = unmarshal(new Uint8Array(bytes), V313);
    expect(error).toBeUndefined();
    expect(end).toBe(bytes.length);
    expect(repr(value ?? null).length).toBeLessThan(20_000);
  });

  test('do not lose the code that holds them', () => {
    const found = run({
      constants: ['kept', { raw: [0xdb, 1, 0, 0, 0, 0x72, 1, 0, 0, 0] }],
      names: ['x'],
      instructions: [
        ['LOAD_CONST', 1],
        ['STORE_NAME', 0],
        ['LOAD_CONST', 0],
        ['STORE_NAME', 0],
      ],
    });
    expect(found.map(({ value }) => value)).toEqual(['kept']);
  });
});

describe('bombs', () => {
  test('of depth', () => {
    const head = [...pycOf({ instructions: [] }, V313, 3571).subarray(0, 16)];
    const deep = new Uint8Array([...head, 0x63, ...new Array<number>(20).fill(0)]);
    const nested = new Uint8Array(deep.length + 400_000);
    nested.set(deep);
    for (let i = deep.length; i + 1 < nested.length; i += 2) nested.set([0x29, 1], i);
    const module = decodePyc(nested);
    expect(module.error).toBeTruthy();
    outlineOf(nested);
  });

  test('of counts: nothing is allocated by what a length claims', () => {
    for (const type of '([<>sutaAl') {
      const { error } = unmarshal(
        new Uint8Array([type.charCodeAt(0), 0xff, 0xff, 0xff, 0x7f]),
        V313,
      );
      expect(error).toMatch(/impossible length|end early/);
    }
  });

  test('of references that lead nowhere', () => {
    const { error } = unmarshal(new Uint8Array([0x72, 0xff, 0xff, 0xff, 0x7f]), V313);
    expect(error).toMatch(/reference/);
  });

  test('of the stack: claimed sizes, copies, and jumps that copy', () => {
    const jumps = Array.from({ length: 5000 }, (_, i): CodeSpec['instructions'] => [
      ['LOAD_CONST', 0],
      ['POP_JUMP_IF_FALSE', (i % 100) + 30_000],
      ['LOAD_CONST', 0],
    ]).flat();
    const found = run({
      constants: ['the text'],
      names: ['x'],
      stackSize: 0x7fffffff,
      instructions: [...jumps, ['STORE_NAME', 0]],
    });
    expect(found.length).toBeLessThan(10);
    const pushed = run({
      constants: ['the text', null],
      stackSize: 0x7fffffff,
      names: ['x'],
      instructions: Array.from({ length: 20_000 }, (): CodeSpec['instructions'] => [
        ['LOAD_CONST', 1],
        ['UNPACK_SEQUENCE', 65_000],
      ]).flat(),
    });
    expect(pushed.map(({ value }) => value)).toEqual(['the text']);
  });

  test('of line and exception tables', () => {
    const code: CodeSpec = {
      constants: ['the text'],
      names: ['x'],
      instructions: [
        ['LOAD_CONST', 0],
        ['STORE_NAME', 0],
      ],
      lines: new Array<number>(60_000).fill(0xff),
      exceptions: new Array<number>(60_000).fill(0x7f),
    };
    const module = decodePyc(pycOf(code, V313, 3571));
    if (!module.code) throw new Error('there must be code');
    expect(decodeLines(module.code, V313).starts.length).toBeLessThanOrEqual(60_000);
    expect(bindingsOf(module.code, V313).map(({ value }) => value)).toEqual(['the text']);
    expect(disassemble(module.code, V313)).toHaveLength(2);
  });
});
