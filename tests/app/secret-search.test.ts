/** Looking for many secrets at once, against looking for each. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteSearch, TextSearch } from '../../src/app/secret-search.ts';

const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'é'), maxLength: 40 });
const wanted = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'é'), maxLength: 7 }));

/** A text with what a search finds in it as `shown` writes it. */
function replaced(search: TextSearch, text: string, shown: (found: string) => string): string {
  let out = '';
  let at = 0;
  for (const { from, to } of search.find(text)) {
    out += text.slice(at, from) + shown(text.slice(from, to));
    at = to;
  }
  return out + text.slice(at);
}

/** Which of the bytes belong to one of the needles. */
function covered(bytes: Uint8Array, needles: readonly Uint8Array[]): boolean[] {
  const marks = Array.from(bytes, () => false);
  for (const needle of needles)
    for (let at = 0; at + needle.length <= bytes.length; at++)
      if (needle.every((byte, i) => bytes[at + i] === byte))
        marks.fill(true, at, at + needle.length);
  return marks;
}

describe('secrets are found', () => {
  test('in texts, from left to right, and the longest of several', () => {
    const search = new TextSearch(['abcd', 'abcdef', 'xyz', 'a$&b']);
    expect(replaced(search, '1 abcdefabcd xyz a$&b', (text) => `<${text.length}>`)).toBe(
      '1 <6><4> xyz <4>',
    );
  });

  test('in any text: none that is whole is left', () => {
    fc.assert(
      fc.property(letters, wanted, (text, texts) => {
        const left = replaced(new TextSearch(texts), text, () => '|').split('|');
        for (const one of texts.filter(({ length }) => length >= 4))
          expect(left.some((part) => part.includes(one))).toBe(false);
      }),
    );
  });

  test('in any bytes, wherever they stand', () => {
    fc.assert(
      fc.property(letters, wanted, (text, texts) => {
        for (const bytes of [new TextEncoder().encode(text), Buffer.from(text, 'utf16le')]) {
          const long = texts.filter(({ length }) => length >= 4);
          const needles = long.flatMap((one) => [
            Buffer.from(one),
            Buffer.from(one, 'utf16le'),
            Buffer.from(one, 'utf16le').swap16(),
          ]);
          const marks = Array.from(bytes, () => false);
          for (const { from, to } of new ByteSearch(texts).stretches(bytes))
            marks.fill(true, from, to);
          expect(marks).toEqual(covered(bytes, needles));
        }
      }),
    );
  });

  test('line by line where a key has other line ends', () => {
    const key = '-----BEGIN KEY-----\nAAAABBBBCCCC\nDDDD\n-----END KEY-----\n';
    const bytes = Buffer.from(key.replaceAll('\n', '\r\n'));
    const found = new ByteSearch([key]).stretches(bytes).map(({ from, to }) => to - from);
    expect(found).toEqual([19, 12, 17]);
  });
});
