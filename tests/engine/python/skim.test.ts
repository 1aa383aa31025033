/** A quick walk over bytecode sees what decoding sees, and leaves whatever is out of order to it. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bindingsOf } from '../../../src/engine/python/bindings.ts';
import {
  CODE,
  type CodeIndex,
  type CodeSelection,
  selectCode,
} from '../../../src/engine/python/code-index.ts';
import {
  decodeParts,
  decodePyc,
  skimPyc,
  type SkimmedPyc,
} from '../../../src/engine/python/pyc.ts';
import type { StringSink } from '../../../src/engine/python/skim.ts';
import { textsIn } from '../../../src/engine/python/symbols.ts';

const FOLDER = 'tests/fixtures/pyc';
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.pyc'));
const load = (name: string): Uint8Array => new Uint8Array(readFileSync(`${FOLDER}/${name}`));

const NOBODY: StringSink = { string: () => 0, constant: () => 0 };

/** The texts that are told of, each once, and those of them that are told to be constants. */
function stringsOf(bytes: Uint8Array): { all: string[]; constants: string[] } {
  const text = (start: number, end: number): string =>
    Buffer.from(bytes.subarray(start, end)).toString();
  const all: string[] = [];
  const constants: string[] = [];
  const places = new Set<number>();
  skimPyc(bytes, {
    string(start, end) {
      expect(places.has(start)).toBe(false);
      places.add(start);
      all.push(text(start, end));
      return 0;
    },
    constant(start, end) {
      expect(places.has(start)).toBe(true);
      constants.push(text(start, end));
      return 0;
    },
  });
  return { all, constants };
}

const sorted = (texts: readonly string[]): string[] =>
  [...new Set(texts)].filter((text) => text !== '').sort();

test.each(FILES)('every name and string of %s is told of, and which are constants', (name) => {
  const bytes = load(name);
  const { codes, code, header, version } = decodePyc(bytes);
  const seen = stringsOf(bytes);
  const names = codes.flatMap((one) => [
    ...one.names,
    ...one.localsPlus,
    ...one.localNames,
    one.name,
  ]);
  const constants = codes.flatMap((one) => one.constants.flatMap(textsIn));
  const missing = [...names, ...constants].filter(
    (text) => text !== '' && !seen.all.includes(text),
  );
  expect(missing).toEqual([]);
  const known = sorted(constants);
  expect(sorted(seen.constants).filter((text) => !known.includes(text))).toEqual([]);
  // A tuple that constants share with names holds none but names.
  const untold = known.filter((text) => !seen.constants.includes(text));
  expect(untold.filter((text) => !names.includes(text))).toEqual([]);
  expect(untold.length).toBeLessThan(known.length / 10);
  const expected = { header, version, fileName: code?.fileName };
  expect(skimPyc(bytes, NOBODY)?.from).toEqual(expected);
});

test('what is cut short, at any byte, is left to the decoder', () => {
  const bytes = load('build.cpython-311.pyc');
  for (let length = 0; length < bytes.length; length++)
    expect(skimPyc(bytes.subarray(0, length), NOBODY)).toBeUndefined();
});

test('what the decoder finds fault with is left to it', () => {
  for (const name of ['bindings.2.7.pyc', 'bindings.3.8.pyc', 'bindings.3.13.pyc']) {
    const bytes = load(name);
    for (let at = 16; at < bytes.length; at += 7) {
      const damaged = bytes.slice();
      damaged[at] = (damaged[at] as number) ^ 0x41;
      if (decodePyc(damaged).error !== undefined)
        expect([name, at, skimPyc(damaged, NOBODY)]).toEqual([name, at, undefined]);
    }
  }
});

test('nesting without end, and counts of what is not there', () => {
  const head = load('bindings.3.12.pyc').subarray(0, 16 + 1);
  const deep = new Uint8Array(1 << 20).fill(0x28);
  const nested = Buffer.concat([head, Buffer.alloc(20), Buffer.from('\x73\0\0\0\0', 'latin1')]);
  for (let at = 0; at < deep.length; at += 5)
    deep.set([0x28, 1, 0, 0, 0], Math.min(at, deep.length - 5));
  expect(skimPyc(new Uint8Array(Buffer.concat([nested, deep])), NOBODY)).toBeUndefined();
  const many = Buffer.from('\x28\xff\xff\xff\x7f', 'latin1');
  expect(skimPyc(new Uint8Array(Buffer.concat([nested, many])), NOBODY)).toBeUndefined();
});

/** What a walk says of every string, so that code objects can be told by their own. */
function indexOf(bytes: Uint8Array): SkimmedPyc {
  const skimmed = skimPyc(bytes, { string: () => 1, constant: () => 2 });
  if (!skimmed) throw new Error('the file is not sound');
  return skimmed;
}

function selectOne(index: CodeIndex, number: number): CodeSelection | undefined {
  for (let code = 0; code < index.count; code++)
    index.set(code, CODE.bits, Number(code === number));
  return selectCode(index, (bits) => bits === 1);
}

test.each(FILES)('any code object of %s can be decoded alone, with what names it', (name) => {
  const bytes = load(name);
  const { from, index } = indexOf(bytes);
  const { code, codes } = decodePyc(bytes);
  if (!code) throw new Error('there must be code');
  expect(index.count).toBe(codes.length);
  const all = bindingsOf(code, from.version);
  let bound = 0;
  for (let number = 0; number < index.count; number++) {
    const selection = selectOne(index, number);
    const parts = selection && decodeParts(bytes, from, selection);
    if (!parts) throw new Error('the part must decode');
    const [one] = parts.wanted;
    expect(parts.wanted.size).toBe(1);
    const same = codes.filter(
      ({ qualname, firstLine, constants }) =>
        qualname === one?.qualname &&
        firstLine === one.firstLine &&
        constants.length === one.constants.length,
    );
    expect(same.length).toBeGreaterThan(0);
    const some = bindingsOf(parts.code, from.version, parts);
    const whole = same.map((each) => bindingsOf(code, from.version, { wanted: new Set([each]) }));
    expect(whole).toContainEqual(some);
    bound += some.length;
  }
  expect(bound).toBe(all.length);
});

test('nothing is selected where nothing is wanted', () => {
  const { index } = indexOf(load('bindings.3.12.pyc'));
  expect(selectCode(index, () => false)).toBeUndefined();
});

const int32 = (value: number): number[] => [...new Uint8Array(Int32Array.of(value).buffer)];
const short = (text: string): number[] => [0x7a, text.length, ...Buffer.from(text)];
const tuple = (...items: number[][]): number[] => [0x28, ...int32(items.length), ...items.flat()];
const raw = (length: number): number[] => [0x73, ...int32(length), ...Buffer.alloc(length)];

/** A code object of 3.12 with these constants, and no instructions. */
function codeWith(name: string, constants: number[]): number[] {
  const numbers = [0, 0, 0, 0, 0].flatMap(int32);
  const names = [tuple(), tuple(), raw(0), short('a.py'), short(name), short(name)].flat();
  return [0x63, ...numbers, ...raw(0), ...constants, ...names, ...int32(1), ...raw(0), ...raw(0)];
}

test('a chain of references into code that is left out is followed only so far', () => {
  const head = load('bindings.3.12.pyc').subarray(0, 16);
  const reference = (index: number): number[] => [0x72, ...int32(index)];
  for (const [length, decodes] of [
    [3, true],
    [5000, false],
  ] as const) {
    // Each tuple holds the one before it, whole or referred to.
    const chain: number[][] = [[0x28 | 0x80, ...int32(1), ...short('end')]];
    for (let i = 1; i < length; i++) chain.push([0x28 | 0x80, ...int32(1), ...reference(i - 1)]);
    const left = codeWith('left', tuple(...chain));
    const wanted = codeWith('wanted', tuple(reference(length - 1)));
    const bytes = Uint8Array.from([...head, ...codeWith('<module>', tuple(left, wanted))]);
    const { from, index } = indexOf(bytes);
    const selection = selectOne(index, 2);
    const parts = selection && decodeParts(bytes, from, selection);
    const [one] = parts?.wanted ?? [];
    expect(one?.name).toBe(decodes ? 'wanted' : undefined);
    if (one) expect(one.constants.flatMap(textsIn)).toEqual(['end']);
    expect(decodePyc(bytes).error).toBeUndefined();
  }
});
