/** The outline, its disassembly, and its pairing with source text. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { rowText } from '../../../src/engine/python/disassembly.ts';
import { disassemblyOf, outlineOf } from '../../../src/engine/python/outline.ts';
import { pairWithSource } from '../../../src/engine/python/source-pairing.ts';

const FOLDER = 'tests/fixtures/pyc';
const load = (version: string): Uint8Array =>
  new Uint8Array(readFileSync(`${FOLDER}/bindings.${version}.pyc`));
const SOURCE = readFileSync('tests/make/python/bindings.py', 'utf8');
const PYTHON3 = readdirSync(FOLDER)
  .map((name) => /^bindings\.(.*3\.\d+)\.pyc$/.exec(name)?.[1] ?? '')
  .filter(Boolean);

describe.each(PYTHON3)('outline of %s', (version) => {
  const outline = outlineOf(load(version));
  const item = (qualname: string): (typeof outline.items)[number] | undefined =>
    outline.items.find((candidate) => candidate.qualname === qualname);

  test('has every class and function, each before what is nested in it', () => {
    const names = outline.items.map(({ qualname }) => qualname);
    expect(names[0]).toBe('<module>');
    for (const name of [
      'decorated',
      'decorated.<locals>.inner',
      'Config.__init__',
      'Child.method',
    ]) {
      expect(names).toContain(name);
    }
    expect(names.indexOf('decorated')).toBeLessThan(names.indexOf('decorated.<locals>.inner'));
    expect(item('Child')?.kind).toBe('class');
    expect(item('coroutine')?.async).toBe(true);
    expect(item('many')?.flags).toContain('GENERATOR');
  });

  test('has docstrings, also of classes and the module', () => {
    expect(item('<module>')?.docstring).toBe('Module docstring');
    expect(item('positional')?.docstring).toBe('Function docstring');
    expect(item('Child')?.docstring).toBe('Class docstring');
    expect(item('keyword_only')?.docstring).toBeUndefined();
  });

  test('says of each constant what it is bound to, and where', () => {
    const constants = item('many')?.constants ?? [];
    const deep = constants.find(({ text }) => text === "'deep-attribute'");
    expect(deep).toMatchObject({ line: 68, names: [{ kind: 'attribute', name: 'deep' }] });
  });

  test('has annotations where the code holds them', () => {
    const method = item('Child.method');
    const inner = method?.parameters.find(({ name }) => name === 'inner');
    expect(inner?.default).toBe("'annotated-default'");
    if (!['3.14', '3.15'].includes(version)) {
      expect(inner?.annotation).toBe('str');
      expect(method?.returns).toBe("'Result'");
    }
    expect(method?.parameters.map(({ name }) => name)).toEqual([
      'self',
      '*rest',
      'inner',
      '**more',
    ]);
  });

  test('is disassembled on demand', () => {
    const at = outline.items.findIndex(({ qualname }) => qualname === 'Config.__init__');
    const rows = disassemblyOf(load(version), at);
    expect(rows.find(({ text }) => text === "'member-attribute'")).toMatchObject({ line: 47 });
    expect(rows.map(rowText).join('\n')).toMatch(/STORE_ATTR +\d+ \(member\)/);
    expect(disassemblyOf(load(version), 9999)).toEqual([]);
  });
});

test('rows look as `dis` prints them', () => {
  const { items } = outlineOf(load('3.13'));
  const at = items.findIndex(({ qualname }) => qualname === 'keyword_only');
  const text = disassemblyOf(load('3.13'), at).map(rowText);
  expect(text.some((row) => /LOAD_CONST +\d+ \('call-keyword'\)$/.test(row))).toBe(true);
  expect(text.some((row) => /^ +22 +\d+ LOAD_GLOBAL +\d+ \(send \+ NULL\)$/.test(row))).toBe(true);
  expect(text.some((row) => / L\d+: /.test(row))).toBe(true);
});

describe('bytecode beside its source', () => {
  const { items } = outlineOf(load('3.13'));
  const pairs = pairWithSource(items, SOURCE);
  const pairOf = (qualname: string): (typeof pairs)[number] | undefined =>
    pairs.find(({ item }) => items[item]?.qualname === qualname);

  test('every function of the source is found, and none differs', () => {
    const missing = items.filter(
      ({ kind, qualname }, i) =>
        (kind === 'function' || kind === 'class') &&
        !/^(positional_only|matched)$/.test(qualname) &&
        !pairs.some(({ item }) => item === i),
    );
    expect(missing.map(({ qualname }) => qualname)).toEqual([]);
    const differing = pairs.filter(({ differs }) => differs);
    expect(differing.map(({ signature }) => signature)).toEqual([]);
  });

  test('lines and signatures are those of the source', () => {
    expect(pairOf('positional')).toMatchObject({
      firstLine: 12,
      lastLine: 14,
      signature: 'def positional(user, token="positional-default", count=3)',
    });
    expect(pairOf('coroutine')?.signature).toBe('async def coroutine(secret="async-default")');
    expect(pairOf('Child.method')).toMatchObject({ firstLine: 86, lastLine: 88 });
    expect(pairOf('decorated.<locals>.inner')?.firstLine).toBe(37);
  });

  test('a default that was taken out of the source is marked', () => {
    const cleaned = SOURCE.replace('token="positional-default"', 'token=None').replace(
      '*, password="keyword-default", other=None',
      '*, password=get("PASSWORD"), other=None, added=1',
    );
    const changed = pairWithSource(items, cleaned);
    const find = (name: string): (typeof changed)[number] | undefined =>
      changed.find(({ item }) => items[item]?.qualname === name);
    expect(find('positional')?.parameters).toEqual([
      { name: 'user', bytecode: undefined, source: undefined, differs: false },
      { name: 'token', bytecode: "'positional-default'", source: 'None', differs: true },
      { name: 'count', bytecode: '3', source: '3', differs: false },
    ]);
    const marked = find('keyword_only')?.parameters.filter(({ differs }) => differs);
    expect(marked?.map(({ name }) => name)).toEqual(['password', 'added']);
  });

  test('literals are compared by what they say, not how they are written', () => {
    const source = `def positional(
        user,  # a comment, with a comma
        token=("positional" '-default'),
        count = 0x3,
    ): pass`;
    const [pair] = pairWithSource(items, source);
    expect(pair?.differs).toBe(false);
    expect(pair).toMatchObject({ firstLine: 1, lastLine: 5 });
  });

  test('any text is taken, in one pass', () => {
    const hostile = [
      'def '.repeat(50_000),
      'class A(\n'.repeat(20_000),
      `def f(a=${'('.repeat(100_000)}`,
      `def f(a="${'\\'.repeat(100_001)}`,
      '"""'.repeat(33_333),
      Array.from({ length: 3000 }, (_, i) => `${' '.repeat(i)}def f():`)
        .join('\n')
        .slice(0, 1e6),
    ];
    for (const source of hostile) expect(pairWithSource(items, source).length).toBeLessThan(100);
  });
});

test.each(['3.12', '3.13', '3.14'])(
  "%s: defaults beside type parameters are the source's",
  (version) => {
    const { items } = outlineOf(
      new Uint8Array(readFileSync(`${FOLDER}/type-parameters.${version}.pyc`)),
    );
    const pairings = pairWithSource(
      items,
      readFileSync('tests/make/python/type_parameters.py', 'utf8'),
    );
    const functions = pairings.filter(({ parameters }) => parameters.length > 0);
    const held = functions.map(({ item, parameters, differs }) => [
      items[item]?.qualname,
      differs,
      parameters.flatMap(({ bytecode }) => bytecode?.match(/[a-z]+ [a-z]+/) ?? []).map(String),
    ]);
    expect(held).toEqual([
      ['opened', false, ['generic positional', 'generic keyword']],
      ['closed', false, ['keyword alone']],
      ['Client.fetch', false, ['generic method']],
      ['called', false, []],
    ]);
  },
);
