/** Bytes as text: the same at any length, whatever the platform's decoder makes of them. */
import { describe, expect, test } from 'vitest';
import { asciiText, charactersOf, utf8Text } from '../../../src/engine/archive/plain-text.ts';

const EVERY = Uint8Array.from({ length: 256 }, (_, byte) => byte);

describe('each byte is the character of its number', () => {
  test.each([1, 7, 8, 96, 97, 256])('in %d bytes at a time', (length) => {
    for (let start = 0; start + length <= 256; start++) {
      const codes = Array.from(charactersOf(EVERY, start, start + length), (character) =>
        character.charCodeAt(0),
      );
      expect(codes).toEqual([...EVERY.subarray(start, start + length)]);
    }
  });
});

test('what is not there is no text', () => {
  expect(charactersOf(EVERY, 254, 300)).toBe('\xfe\xff');
  expect(charactersOf(EVERY, 0, 300)).toHaveLength(256);
});

test.each([0, 1, 31, 32, 33, 96, 97, 5000])(
  'ASCII of %d bytes is read, and nothing else',
  (length) => {
    const text = 'The quick brown fox, 0123456789. '.repeat(200).slice(0, length);
    const bytes = new TextEncoder().encode(`<${text}>`);
    expect(asciiText(bytes, 1, length + 1)).toBe(text);
    expect(asciiText(bytes, 1, length + 1)).toBe(text);
    expect(utf8Text(bytes)).toBe(`<${text}>`);
    bytes[Math.ceil(length / 2)] = 0xe9;
    expect(asciiText(bytes, 0, bytes.length)).toBeUndefined();
    expect(utf8Text(bytes)).toContain('\ufffd');
  },
);

test('UTF-8 is read at any length', () => {
  for (const text of ['hasło', 'пароль '.repeat(40)])
    expect(utf8Text(new TextEncoder().encode(text))).toBe(text);
});
