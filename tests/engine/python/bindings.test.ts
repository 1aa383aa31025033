import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
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
};
const NOT_IN_PYTHON_2 = new Set([
  'annotated-variable',
  'keyword-default',
  'async-default',
  'dict-call',
  ':formatted-text@host',
  'bytes-attribute',
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
    const found = bindings.filter((binding) => binding.value === value);
    expect(found).toHaveLength(1);
    const name2 = python2 && bound === 'keyword_only' ? 'function' : bound;
    expect(found[0]).toMatchObject({ kind, name: name2 });
    if (python2) return; // another source, with other lines; and classes have no qualified names there
    expect(found[0]?.qualname).toBe(qualname);
    // A folded container has one line for all of it.
    expect(found[0]?.line).toBe(line);
  });

  test('finds docstrings, and no other kind for them', () => {
    expect(
      bindings.filter(({ value }) => value.endsWith(' docstring')).map(({ kind }) => kind),
    ).toEqual(['docstring', 'docstring']);
  });
});

describe('damaged and hostile bytecode', () => {
  const whole = load('bindings.3.11.pyc');

  test('every prefix gives what it holds, without an exception', () => {
    let most = 0;
    for (let length = 0; length < whole.length; length++) {
      const { items } = outlineOf(whole.subarray(0, length));
      most = Math.max(most, items.length);
    }
    expect(most).toBeGreaterThan(1);
  });

  test('any byte may be damaged', () => {
    for (const name of FIXTURES) {
      const bytes = load(name);
      fc.assert(
        fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
          const damaged = bytes.slice();
          damaged[at] = value;
          outlineOf(damaged);
        }),
        { numRuns: 300 },
      );
    }
  });

  test('noise behind a magic number is an error, in words', () => {
    const bytes = new Uint8Array(3000).fill(0x63);
    bytes.set([0xa7, 0x0d, 0x0d, 0x0a]);
    const module = decodePyc(bytes);
    expect(module.error).toBeTruthy();
  });

  test('bombs are bounded: depth, count, shared references, recursion', () => {
    const header = [0xa7, 0x0d, 0x0d, 0x0a, ...new Array<number>(12).fill(0)];
    const deep = new Uint8Array([
      ...header,
      ...new Array<number>(100_000).fill(0x29).flatMap((byte) => [byte, 1]),
    ]);
    const count = new Uint8Array([...header, 0x28, 0xff, 0xff, 0xff, 0x7f]);
    // 60 tuples, each holding the one before it twice: 2^60 leaves if it were expanded.
    const doubling = [...header, 0xa9, 2, 0x4e, 0x4e];
    const shared: number[] = [...header, 0x29, 60];
    for (let i = 0; i < 60; i++)
      shared.push(
        0xa9,
        2,
        ...(i === 0 ? [0x4e, 0x4e] : [0x72, i - 1, 0, 0, 0, 0x72, i - 1, 0, 0, 0]),
      );
    const cyclic = [...header, 0xdb, 1, 0, 0, 0, 0x72, 0, 0, 0, 0];
    for (const bytes of [
      deep,
      count,
      new Uint8Array(doubling),
      new Uint8Array(shared),
      new Uint8Array(cyclic),
    ]) {
      bytes.set([0x63], 0);
      const started = performance.now();
      outlineOf(bytes);
      expect(performance.now() - started).toBeLessThan(5000);
    }
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
