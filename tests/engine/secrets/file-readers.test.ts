import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FILE_READERS, readerFor } from '../../../src/engine/secrets/file-readers.ts';

const called = FILE_READERS.flatMap(({ path }) => (path ? [path] : []));

test.each(called)('no path that %s matches is passed over', (pattern) => {
  // What a pattern leaves open is filled in at random, below a folder and without one.
  const matching = fc.stringMatching(new RegExp(pattern.source));
  const folder = fc.constantFrom('', '/', 'srv/', 'run/Deep.er/');
  const spelling = fc.constantFrom(...(pattern.flags.includes('i') ? SPELLINGS : [asItIs]));
  fc.assert(
    fc.property(matching, folder, spelling, (end, before, spelt) => {
      const path = before + spelt(end);
      const reader = FILE_READERS.find((one) => one.path?.test(path));
      expect(readerFor(path), path).toBe(reader);
    }),
    { numRuns: 2000 },
  );
});

const asItIs = (text: string): string => text;
const SPELLINGS = [
  asItIs,
  (text: string): string => text.toUpperCase(),
  (text: string): string => text.toLowerCase(),
];
