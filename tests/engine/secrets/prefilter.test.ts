import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Prefilter } from '../../../src/engine/secrets/prefilter.ts';

const TEXTS = ['abc', 'key=', 'token', 'ghp_', '-----BEGIN ', 'xoxb-', '://', '%3a%2f%2f'];
const FILTER = new Prefilter(
  TEXTS.map((text, i) => ({ text, exactCase: i % 2 === 1, target: text })),
);

/** Every place of every text, found one by one. */
function expected(bytes: Uint8Array, from: number, to: number): [string, number][] {
  const found: [string, number][] = [];
  for (const [i, text] of TEXTS.entries()) {
    for (let at = from; at < Math.min(to, bytes.length - text.length); at++) {
      const here = String.fromCharCode(...bytes.subarray(at, at + text.length));
      const same = i % 2 === 1 ? here === text : here.toLowerCase() === text.toLowerCase();
      if (same) found.push([text, at]);
    }
  }
  return found;
}

test('finds every text once, wherever it stands and however the bytes are aligned', () => {
  const piece = fc.oneof(
    fc.constantFrom(...TEXTS, ...TEXTS.map((text) => text.toUpperCase())),
    fc.string({ maxLength: 5 }),
    fc.constantFrom(' ', '\n', '\0'),
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 40 }),
      fc.nat(7),
      fc.nat(20),
      fc.nat(20),
      (pieces, shift, skip, short) => {
        const text = Buffer.from(` ${pieces.join('')} `);
        // At another address each time, as pieces of a stream are.
        const bytes = new Uint8Array(text.length + shift).subarray(shift);
        bytes.set(text);
        const from = Math.min(skip + 1, bytes.length);
        const to = Math.max(from, bytes.length - short);
        const found: [string, number][] = [];
        FILTER.scan(bytes, from, to, (target, at) => found.push([target, at]));
        const order = (a: [string, number], b: [string, number]): number =>
          a[1] - b[1] || (a[0] < b[0] ? -1 : 1);
        expect(found.sort(order)).toEqual(expected(bytes, from, to).sort(order));
      },
    ),
    { numRuns: 3000 },
  );
});
