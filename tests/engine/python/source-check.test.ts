import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodePyc, type PycHeader } from '../../../src/engine/python/pyc.ts';
import { siphash } from '../../../src/engine/python/siphash.ts';
import { compareWithSource, sourcePaths } from '../../../src/engine/python/source-check.ts';
import { namesMissingFrom } from '../../../src/engine/python/source-names.ts';
import { sourceStrings } from '../../../src/engine/python/source-strings.ts';
import { versionOfMagic } from '../../../src/engine/python/version.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('bytecode against source', () => {
  const source = bytes('token = None\nname = "value"\n');
  const header: PycHeader = {
    length: 16,
    sourceTime: 100,
    sourceSize: source.length,
    sourceHash: undefined,
    checked: undefined,
  };
  const version = versionOfMagic(3495);
  if (!version) throw new Error('3.11 must be known');

  test('same, where the source holds the constant and the size agrees', () => {
    expect(compareWithSource(header, version, 'value', { bytes: source, mtime: 999 })).toBe('same');
  });

  test('differs, where the constant is not in the source', () => {
    expect(compareWithSource(header, version, 'another', { bytes: source, mtime: 999 })).toBe(
      'differs',
    );
  });

  test('nobody knows, where the constant is not in a source of the same size and time', () => {
    expect(compareWithSource(header, version, 'another', { bytes: source, mtime: 100 })).toBe(
      'unknown',
    );
  });

  test('differs, where the size says that it was another text', () => {
    expect(
      compareWithSource({ ...header, sourceSize: 5 }, version, 'value', {
        bytes: source,
        mtime: 100,
      }),
    ).toBe('differs');
  });

  const latin = (text: string): Uint8Array => Buffer.from(text, 'latin1');
  test.each<[string, Uint8Array, string]>([
    ['lines that end as on Windows', bytes('a = """one\r\ntwo"""\r\n'), 'one\ntwo'],
    ['Latin-1 by its cookie', latin('# coding: latin-1\na = "caf\xe9 1"\n'), 'caf\xe9 1'],
    [
      'a cookie in the second line',
      latin('#!/bin/python\n# -*- coding: koi8-r -*-\na = "\xc4"'),
      '\u0434',
    ],
    ['a comment between literals', bytes('a = ("one"  # first\n  "two")\n'), 'onetwo'],
    ['a literal that is repeated', bytes('a = "ab" * 3\n'), 'ababab'],
    ['a character by its name', bytes('a = "x\\N{BULLET}y"\n'), 'x\u2022y'],
    [
      'a docstring without its indentation',
      bytes('def f():\n    """One.\n\n    Two.\n    """\n'),
      'One.\n\nTwo.\n',
    ],
    ['braces of an f-string', bytes('a = f"{{x}} {b}"\n'), '{x} '],
  ])('a source holds a constant that it writes with %s', (_, text, constant) => {
    const same = { ...header, sourceSize: text.length };
    expect(compareWithSource(same, version, constant, { bytes: text, mtime: 999 })).toBe('same');
    const other = `${constant}z`;
    expect(compareWithSource(same, version, other, { bytes: text, mtime: 999 })).toBe('differs');
  });

  test('goes by the hash, where there is one', () => {
    // importlib.util.source_hash of CPython 3.11 (SipHash-1-3) and 3.8 (SipHash-2-4) for these bytes
    const text = bytes('x = 1\n');
    const hashed: PycHeader = {
      ...header,
      sourceTime: undefined,
      sourceSize: undefined,
      sourceHash: HASH_311,
      checked: false,
    };
    expect(compareWithSource(hashed, version, 'x', { bytes: text, mtime: 0 })).toBe('same');
    expect(compareWithSource(hashed, version, 'x', { bytes: bytes('x = 2\n'), mtime: 0 })).toBe(
      'differs',
    );
  });

  test('SipHash agrees with its reference', () => {
    expect(siphash(1, BigInt(3495) | 0x0a0d0000n, bytes('x = 1\n'))).toBe(HASH_311);
    expect(siphash(2, BigInt(3413) | 0x0a0d0000n, bytes('x = 1\n'))).toBe(HASH_38);
  });
});

test('string literals are unescaped and joined as the compiler joins them', () => {
  const held = sourceStrings(String.raw`a = "one" 'two'  # "no"
b = ("left"
     "right")
c = "a\x62c\n" + r"\d"
d = '''tri"ple'''`);
  for (const text of ['onetwo', 'leftright', 'abc\n\\d', 'tri"ple']) expect(held).toContain(text);
  expect(held).not.toContain('no');
});

test('text made to be read again and again is read once', () => {
  const started = performance.now();
  sourceStrings(`'''${"\\'''".repeat(500_000)}`);
  sourceStrings(`"${'\\"'.repeat(500_000)}`);
  sourceStrings('"" '.repeat(300_000));
  expect(performance.now() - started).toBeLessThan(5000);
});

test('a source is looked for beside the cache, beside the file, and where it was compiled', () => {
  expect(sourcePaths('a/__pycache__/m.cpython-311.opt-1.pyc', '/app/a/m.py')).toEqual([
    'a/m.py',
    'app/a/m.py',
  ]);
  expect(sourcePaths('a/m.pyc', 'm.py')).toEqual(['a/m.py']);
  for (const tag of ['cpython-311', 'cpython-39.opt-2', 'cpython-312-pytest-8.3.4', 'pypy39'])
    expect(sourcePaths(`a/__pycache__/web.conf.${tag}.pyc`, '')).toEqual(['a/web.conf.py']);
  expect(sourcePaths('a/web.conf.pyc', '')).toEqual(['a/web.conf.py']);
  expect(sourcePaths('a/m.cpython-311.pyc', '')).toEqual(['a/m.cpython-311.py', 'a/m.py']);
});

const HASH_311 = '4c0372aa93f75252';
const HASH_38 = '1506f08f32bf3ff3';

test('names that the compiler makes, or writes otherwise than the source, are not missing from it', () => {
  const { code } = decodePyc(new Uint8Array(readFileSync('tests/fixtures/pyc/generics.3.13.pyc')));
  if (!code) throw new Error('the fixture must decode');
  const source = readFileSync('tests/make/python/generics.py', 'utf8');
  expect(namesMissingFrom(code, source)).toEqual([]);
  const changed = source
    .replaceAll('\uff57\uff49\uff44\uff54\uff48', 'size')
    .replace('__label', '__mark');
  expect(namesMissingFrom(code, changed).sort()).toEqual(['width']);
  expect(namesMissingFrom(code, changed.replaceAll('__label', '__mark')).sort()).toEqual([
    '_Shelf__label',
    'width',
  ]);
});
