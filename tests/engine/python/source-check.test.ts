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
    expect(compareWithSource(header, version, 'another', { bytes: source, mtime: 100 })).toBe(
      'differs',
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
