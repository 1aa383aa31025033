import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Binding } from '../../../src/engine/python/binding.ts';
import { bindingsOf } from '../../../src/engine/python/bindings.ts';
import { outlineOf } from '../../../src/engine/python/outline.ts';
import { decodePyc } from '../../../src/engine/python/pyc.ts';

const FOLDER = 'tests/fixtures/pyc';
const FIXTURES = readdirSync(FOLDER).filter((name) => name.startsWith('bindings.'));
const load = (name: string): Uint8Array => new Uint8Array(readFileSync(`${FOLDER}/${name}`));

/** What the fixture's source binds: value → how, name, function, line in `bindings.py`. */
const EXPECTED: Record<
  string,
  [kind: Binding['kind'], name: string, qualname: string, line: number]
> = {
  'module-variable': ['variable', 'PLAIN', '<module>', 4],
  chained: ['variable', 'FIRST', '<module>', 6],
  'unpacked-left': ['variable', 'LEFT', '<module>', 7],
  'unpacked-right': ['variable', 'RIGHT', '<module>', 7],
  subscripted: ['subscript', 'KEY', '<module>', 8],
  'nested-value': ['dict-value', 'inner', '<module>', 9],
  'dict-value': ['dict-value', 'plain', '<module>', 9],
  listed: ['dict-value', 'list', '<module>', 9],
  'positional-default': ['default-argument', 'token', 'positional', 12],
  'keyword-default': ['default-argument', 'password', 'keyword_only', 17],
  'global-variable': ['variable', 'SHARED', 'keyword_only', 19],
  'local-variable': ['variable', 'local', 'keyword_only', 20],
  'call-keyword': ['keyword-argument', 'password', 'keyword_only', 21],
  'first-positional': ['argument', 'send', 'keyword_only', 22],
  'second-positional': ['argument', 'send', 'keyword_only', 22],
  compared: ['comparison', 'local', 'keyword_only', 23],
  'returned-value': ['returned', 'keyword_only', 'keyword_only', 24],
  ':formatted-text@host': ['returned', 'keyword_only', 'keyword_only', 25],
  'async-default': ['default-argument', 'secret', 'coroutine', 28],
  'dict-call': ['keyword-argument', 'one', 'coroutine', 29],
  'decorated-default': ['default-argument', 'key', 'decorated', 33],
  'fallback-value': ['variable', 'value', 'decorated', 34],
  'wrapped-value': ['variable', 'wrapped', 'decorated', 35],
  'closure-default': ['default-argument', 'closure', 'decorated.<locals>.inner', 37],
  'class-variable': ['variable', 'attribute', 'Config', 44],
  'method-default': ['default-argument', 'option', 'Config.__init__', 46],
  'member-attribute': ['attribute', 'member', 'Config.__init__', 47],
  'bytes-attribute': ['attribute', 'raw', 'Config.__init__', 48],
  'lambda-default': ['default-argument', 'argument', '<lambda>', 51],
  'annotated-variable': ['variable', 'ANNOTATED', '<module>', 5],
  'many-first': ['keyword-argument', 'a01', 'many', 55],
  'many-last': ['keyword-argument', 'a17', 'many', 56],
  'before-merge': ['keyword-argument', 'one', 'many', 57],
  'partial-keyword': ['keyword-argument', 'secret', 'many', 58],
  'big-dict': ['dict-value', 'k17', 'many', 60],
  'small-dict': ['dict-value', 'one-entry', 'many', 61],
  'condition-one': ['variable', 'chosen', 'many', 62],
  'condition-two': ['variable', 'chosen', 'many', 62],
  'left-': ['variable', 'total', 'many', 63],
  '-right': ['variable', 'total', 'many', 63],
  'percent-%d': ['variable', 'percent', 'many', 64],
  'shaped-{}': ['variable', 'shaped', 'many', 65],
  'nested-unpacked': ['variable', 'second', 'many', 66],
  'nested-other': ['variable', 'third', 'many', 66],
  'listed-one': ['variable', 'listed', 'many', 67],
  'listed-four': ['variable', 'listed', 'many', 67],
  'deep-attribute': ['attribute', 'deep', 'many', 68],
  'deep-subscript': ['subscript', 'subkey', 'many', 69],
  'default-value': ['argument', 'setdefault', 'many', 70],
  'member-one': ['comparison', 'password', 'many', 71],
  'member-two': ['comparison', 'password', 'many', 71],
  'yielded-value': ['returned', 'many', 'many', 72],
  'tried-value': ['variable', 'final', 'many', 74],
  'finally-argument': ['argument', 'cleanup', 'many', 76],
  'assertion-text': ['argument', 'AssertionError', 'many', 77],
  'url-password': ['url', 'user', 'many', 78],
  'sum-password': ['url', 'user', 'many', 79],
  'class-keyword': ['keyword-argument', 'option', '<module>', 82],
  'mangled-variable': ['variable', '_Child__private', 'Child', 84],
  'annotated-default': ['default-argument', 'inner', 'Child.method', 86],
  'annotated-local': ['variable', 'annotated', 'Child.method', 87],
  'awaited-keyword': ['keyword-argument', 'code', 'Child.method', 88],
  'lambda-keyword': ['default-argument', 'order', '<lambda>', 91],
  'slash-default': ['default-argument', 'first', 'positional_only', 94],
  'walrus-value': ['variable', 'walrus', 'positional_only', 95],
  'matched-literal': ['comparison', 'command', 'matched', 101],
  'matched-key': ['comparison', 'action', 'matched', 103],
  'matched-attribute': ['comparison', 'label', 'matched', 105],
};
/** The version that an example's syntax came with. */
const SINCE: Record<string, number> = {
  ...{ 'slash-default': 308, 'walrus-value': 308 },
  ...{ 'matched-literal': 310, 'matched-key': 310, 'matched-attribute': 310 },
};
/** Evidence beyond the nearest name. */
const FARTHER: Record<string, { kind: Binding['kind']; name: string }> = {
  'nested-value': { kind: 'dict-value', name: 'outer' },
  'big-dict': { kind: 'variable', name: 'big' },
  'default-value': { kind: 'dict-value', name: 'DEFAULT_KEY' },
  'wrapped-value': { kind: 'argument', name: 'Wrapper' },
};
const NOT_IN_PYTHON_2 = new Set([
  'annotated-variable',
  'keyword-default',
  'async-default',
  'dict-call',
  ':formatted-text@host',
  'bytes-attribute',
  ...['url-password', 'sum-password', 'class-keyword', 'mangled-variable', 'annotated-default'],
  ...['annotated-local', 'awaited-keyword', 'lambda-keyword'],
]);

describe.each(FIXTURES)('%s', (name) => {
  const module = decodePyc(load(name));
  const bindings = module.code ? bindingsOf(module.code, module.version) : [];
  const python2 = name.includes('.2.7.');

  test('decodes whole', () => {
    expect(module.error).toBeUndefined();
    expect(name).toContain(`${module.version.major}.${module.version.minor}`);
    expect(module.header.sourceTime).toBe(1677830400);
  });

  test.each(Object.entries(EXPECTED))('%s', (value, [kind, bound, qualname, line]) => {
    if (python2 && NOT_IN_PYTHON_2.has(value)) return;
    if (module.version.major * 100 + module.version.minor < (SINCE[value] ?? 0)) return;
    const found = bindings.filter((binding) => binding.value === value);
    expect(found).toHaveLength(1);
    const name2 = python2 && bound === 'keyword_only' ? 'function' : bound;
    expect(found[0]).toMatchObject({ kind, name: name2 });
    if (FARTHER[value]) expect(found[0]?.others).toContainEqual(FARTHER[value]);
    if (python2) return; // another source, with other lines; and classes have no qualified names there
    expect(found[0]?.qualname).toBe(qualname);
    // A folded container has one line for all of it.
    expect(found[0]?.line).toBe(line);
  });

  test('finds docstrings, and no other kind for them', () => {
    expect(
      bindings.filter(({ value }) => value.endsWith(' docstring')).map(({ kind }) => kind),
    ).toEqual(new Array(python2 ? 2 : 3).fill('docstring'));
  });
});

test('the outline shows signatures with the defaults that the bytecode holds', () => {
  const { items } = outlineOf(load('bindings.3.13.pyc'));
  const signature = (qualname: string): string =>
    items
      .find((item) => item.qualname === qualname)
      ?.parameters.map(({ name, default: value }) =>
        value === undefined ? name : `${name}=${value}`,
      )
      .join(', ') ?? '';
  expect(signature('positional')).toBe("user, token='positional-default', count=3");
  expect(signature('keyword_only')).toBe("*, password='keyword-default', other=None");
  expect(signature('Config.__init__')).toBe("self, option='method-default'");
});

test('code that is not wanted is passed over, and the rest is reported whole', () => {
  const { code, codes, version } = decodePyc(load('bindings.3.12.pyc'));
  if (!code) throw new Error('there must be code');
  const all = bindingsOf(code, version);
  const one = codes.filter(({ constants }) => constants.includes('deep-attribute'));
  const some = bindingsOf(code, version, { wanted: new Set(one) });
  expect(some).toEqual(all.filter(({ line }) => line >= 55 && line <= 79));
  expect(bindingsOf(code, version, { wanted: new Set() })).toEqual([]);
});
