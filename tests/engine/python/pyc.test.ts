/** Headers, magic numbers nobody knows, bare marshal data, other implementations. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bindingsOf } from '../../../src/engine/python/bindings.ts';
import { unmarshal } from '../../../src/engine/python/marshal.ts';
import { outlineOf } from '../../../src/engine/python/outline.ts';
import { decodePyc, type PycModule, salvagedBindings } from '../../../src/engine/python/pyc.ts';
import { isSequence, textOf } from '../../../src/engine/python/values.ts';
import { cpython, versionName, versionOfMagic } from '../../../src/engine/python/version.ts';

const load = (version: string): Uint8Array =>
  new Uint8Array(readFileSync(`tests/fixtures/pyc/bindings.${version}.pyc`));
const HEADER: Record<string, number> = { '2.7': 8, '3.6': 12 };
const headerOf = (version: string): number => HEADER[version] ?? 16;
const values = (module: PycModule): string[] =>
  module.code ? bindingsOf(module.code, module.version).map(({ value }) => value) : [];

const VERSIONS = [
  ...['2.7', '3.6', '3.7', '3.8', '3.9', '3.10', '3.11', '3.12', '3.13', '3.14', '3.15'],
];

describe.each(VERSIONS)('Python %s', (version) => {
  const bytes = load(version);
  const body = bytes.subarray(headerOf(version));
  const expected = values(decodePyc(bytes));

  test.each([0, 8, 12, 16])('decodes behind a header of %i bytes', (length) => {
    const other = new Uint8Array(length + body.length);
    other.set(bytes.subarray(0, Math.min(4, length)));
    other.set(body, length);
    const module = decodePyc(other);
    expect(module.error).toBeUndefined();
    expect(values(module)).toEqual(expected);
    expect(module.guessed).toBe(length === 0);
  });

  test('decodes with a magic number that nobody knows', () => {
    const unknown = bytes.slice();
    unknown.set([0xfe, 0x7e], 0);
    const module = decodePyc(unknown);
    expect(module.error).toBeUndefined();
    expect(module.guessed).toBe(true);
    expect(values(module)).toEqual(expected);
  });

  test('goes by what a container tells of bare data', () => {
    const [major = 0, minor = 0] = version.split('.').map(Number);
    const module = decodePyc(body, cpython(major, minor));
    expect(module.error).toBeUndefined();
    expect(versionName(module.version)).toBe(version);
    expect(module.guessed).toBe(false);
    expect(values(module)).toEqual(expected);
  });

  test('decodes when it was read as Latin-1 and written as UTF-8', () => {
    const mangled = new TextEncoder().encode(
      Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''),
    );
    const module = decodePyc(mangled);
    // Without a byte above 127 at its start a file does not look mangled.
    if ((bytes[0] as number) < 128) {
      expect(module.error === undefined || module.salvaged.length > 0).toBe(true);
      return;
    }
    expect(module.error).toMatch(/UTF-8/);
    expect(values(module)).toEqual(expected);
  });
});

test('a version yet to come is decoded as the newest known, and said not to be released', () => {
  const bytes = load('3.15');
  bytes.set([3710 & 255, 3710 >> 8], 0);
  const module = decodePyc(bytes);
  expect(module.error).toBeUndefined();
  expect(versionName(module.version)).toBe('3.16');
  expect(module.version.released).toBe(false);
  expect(values(module)).toEqual(values(decodePyc(load('3.15'))));
});

test('a table of contents is no code object, and is read all the same', () => {
  // What PyInstaller's archives have: a list of (name, (type, offset, length)).
  const text = (value: string): number[] => [
    0xda,
    value.length,
    ...new TextEncoder().encode(value),
  ];
  const number = (value: number): number[] => [0xe9, value, 0, 0, 0];
  const entry = (name: string): number[] => [
    ...[0xa9, 2, ...text(name)],
    ...[0xa9, 3, ...number(0), ...number(17), ...number(99)],
  ];
  const bytes = [0xdb, 2, 0, 0, 0, ...entry('first'), ...entry('second')];
  const { value, error } = unmarshal(new Uint8Array(bytes), cpython(3, 12));
  expect(error).toBeUndefined();
  const names = isSequence(value)
    ? value.items.map((item) => (isSequence(item) ? textOf(item.items[0]) : undefined))
    : [];
  expect(names).toEqual(['first', 'second']);
});

describe('other implementations are named, and their strings salvaged', () => {
  const strings = ['the first string', 'another, with ümläut', 'x'.repeat(40)];
  const file = (head: number[], one: (bytes: Uint8Array) => number[]): Uint8Array =>
    new Uint8Array([
      ...head,
      ...strings.flatMap((text) => [0, 7, ...one(new TextEncoder().encode(text)), 0]),
    ]);
  const long = (bytes: Uint8Array): number[] => [0x75, bytes.length, 0, 0, 0, ...bytes];

  test.each([
    ['RustPython', file([0xb2, 0x0b, 0x0d, 0x0a], long)],
    ['GraalPy', file([21150 & 255, 21150 >> 8, 0x0d, 0x0a], long)],
    ['Jython', file([0xca, 0xfe, 0xba, 0xbe], (bytes) => [1, 0, bytes.length, ...bytes])],
  ])('%s', (name, bytes) => {
    const module = decodePyc(bytes);
    expect(versionName(module.version)).toBe(name);
    expect(module.code).toBeUndefined();
    expect(module.error).toBeTruthy();
    expect(module.salvaged).toEqual(strings);
    for (const binding of salvagedBindings(module)) expect(binding.kind).toBe('none');
    expect(outlineOf(bytes).bindings.map(({ value }) => value)).toEqual(strings);
  });
});

test('a string whose length is printable comes out without it', () => {
  const token = 'f'.repeat(0x28);
  const bytes = new Uint8Array([
    ...[0xb2, 0x0b, 0x0d, 0x0a, 0xda, 0x28],
    ...new TextEncoder().encode(token),
  ]);
  expect(decodePyc(bytes).salvaged).toEqual([token]);
});

test('a text file is no bytecode', () => {
  const module = decodePyc(new TextEncoder().encode('cookie: this is a text file\n'));
  expect(module.version.implementation).toBe('unknown');
  expect(module.code).toBeUndefined();
  expect(module.error).toBeTruthy();
});

test('every released version is known by its magic number', () => {
  const NUMBERS: Record<string, number> = {
    ...{ '1.5': 20121, '2.0': 50823, '2.7': 62211, '3.0': 3131, '3.5': 3350, '3.8': 3413 },
    ...{ '3.13': 3571, '3.14': 3627, '3.15': 3666, 'PyPy 3.9': 336, RustPython: 2994 },
  };
  for (const [name, magic] of Object.entries(NUMBERS)) {
    const version = versionOfMagic(magic);
    expect(version && versionName(version)).toBe(name);
  }
});
