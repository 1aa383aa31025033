import { describe, expect, test } from 'vitest';
import { bitOf, classOf, membership } from '../../../src/engine/secrets/format-alphabets.ts';
import { Template } from '../../../src/engine/secrets/format-template.ts';
import { Prefilter } from '../../../src/engine/secrets/prefilter.ts';

describe('a template', () => {
  test('matches runs, choices, checks and UUIDs', () => {
    const { whole, minLength, maxLength, literalLength } = new Template(
      'k{ey|}-{dig:2-4}.{hex:3!}/{=:0-2}',
    );
    expect(whole.exec('key-123.abc/=')?.slice(1)).toEqual(['key-123.', 'abc']);
    expect(whole.test('k-12.abc/')).toBe(true);
    for (const wrong of [
      'key-1.abc/',
      'key-12345.abc/',
      'keyx-12.abc/',
      'key-12.abg/',
      'key-12.abc/===',
    ])
      expect(whole.test(wrong), wrong).toBe(false);
    expect([minLength, maxLength, literalLength]).toEqual([9, 15, 6]);
    const id = '0123abcd-4567-89AB-cdef-0123456789ab';
    expect(new Template('id-{uuid}').whole.test(`id-${id}`)).toBe(true);
  });

  test.each(['{b62:30', '{nothing:3}', 'a}b{', '{b62:}', '{dig:x}'])('%s is malformed', (text) => {
    expect(() => new Template(text).parts).toThrow();
  });

  test('is looked for by its rarest literal, with all its combinations', () => {
    const anchor = (text: string): unknown => new Template(text).anchor;
    expect(anchor('sk-{b62:20-30}T3BlbkFJ{b62:9}')).toMatchObject({
      texts: ['T3BlbkFJ'],
      leadMin: 23,
      leadMax: 33,
      next: { alphabet: 'b62', count: 9 },
    });
    expect(anchor('a{b|cd}e_{f|}x{hex:8}')).toMatchObject({
      texts: ['abe_fx', 'abe_x', 'acde_fx', 'acde_x'],
      leadMax: 0,
    });
    expect(anchor('(name="){HEX:40}')).toMatchObject({ texts: ['name="'], leadMin: -6 });
  });

  test('is looked for by three characters if need be, and by no less', () => {
    expect(new Template('ab_{dig:8}').anchor).toMatchObject({
      texts: ['ab_'],
      next: { alphabet: 'dig', count: 8 },
    });
    expect(() => new Template('ab{dig:8}').anchor).toThrow();
    expect(() => new Template('{hex:32}').anchor).toThrow();
  });

  test('begins where no word goes on, or after an escape', () => {
    const found = (text: string): boolean => {
      const { inside } = new Template('abc_{dig:4}');
      inside.lastIndex = text.indexOf('abc_');
      return inside.test(text);
    };
    for (const text of ['abc_1234', '"abc_1234"', '\\nabc_1234', 'q%3Dabc_1234', '-abc_1234'])
      expect(found(text), text).toBe(true);
    for (const text of ['xabc_1234', '_abc_1234', '\\xabc_1234', 'abc_12345', 'abc_1234x'])
      expect(found(text), text).toBe(false);
  });
});

test('every byte knows the alphabets it belongs to', () => {
  for (const alphabet of ['b62', 'b58', 'bech', '=', 'django', 'crypt'] as const) {
    const all = new Set(Array.from(classOf(alphabet), (character) => character.charCodeAt(0)));
    membership().forEach((bits, byte) => {
      expect((bits & bitOf(alphabet)) !== 0, `${byte} in ${alphabet}`).toBe(all.has(byte));
    });
  }
  expect(classOf('b58')).toHaveLength(58);
  expect(classOf('bech')).toHaveLength(32);
});

test('the prefilter finds what a plain search finds', () => {
  const words = ['ghp_', 'Ghp_', 'aaaa', '://x', '----BEGIN', 'zzzz9', 'abcdabcd'];
  const text = `ghp_ GHP_ aaaaaa zzzz9 abcdabcdabcd ----BEGIN http://x Ghp_${'\x20'.repeat(9)}zzzz`;
  const bytes = new TextEncoder().encode(text);
  for (const exactCase of [true, false]) {
    const found: string[] = [];
    const prefilter = new Prefilter(words.map((word) => ({ text: word, exactCase, target: word })));
    prefilter.scan(bytes, 0, bytes.length, (word, at) => found.push(`${word} ${at}`));
    const expected = words.flatMap((word) =>
      Array.from({ length: text.length }, (_, at) => at)
        .filter((at) => {
          const piece = text.slice(at, at + word.length);
          return exactCase ? piece === word : piece.toLowerCase() === word.toLowerCase();
        })
        .map((at) => `${word} ${at}`),
    );
    expect(found.sort()).toEqual(expected.sort());
  }
});
