/** A quick walk over bytecode sees what decoding sees, and leaves whatever is out of order to it. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodePyc, skimPyc } from '../../../src/engine/python/pyc.ts';
import type { StringSink } from '../../../src/engine/python/skim.ts';
import { textsIn } from '../../../src/engine/python/symbols.ts';

const FOLDER = 'tests/fixtures/pyc';
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.pyc'));
const load = (name: string): Uint8Array => new Uint8Array(readFileSync(`${FOLDER}/${name}`));

const NOBODY: StringSink = { string: () => undefined, constant: () => undefined };

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
    },
    constant(start, end) {
      expect(places.has(start)).toBe(true);
      constants.push(text(start, end));
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
  expect(skimPyc(bytes, NOBODY)).toEqual(expected);
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
