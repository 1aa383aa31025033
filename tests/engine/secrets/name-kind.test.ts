import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kindOfName, NAME_PATTERNS, nameKind } from '../../../src/engine/secrets/name-kind.ts';

test('a name has the kind of its extension only where no pattern says more', () => {
  const sources = Object.values(NAME_PATTERNS).map(({ source }) => source);
  const words = new Set(sources.flatMap((source) => source.match(/[a-z\d]+/gi) ?? []));
  const more = ['old', 'orig', 'dpkg-old', 'bak2', '~', 'Main', '311', '1', 'fr_CA', ''];
  const word = fc.constantFrom(...words, ...more);
  const between = fc.constantFrom('', '.', '_', '-', 's', 's.');
  const part = fc.tuple(between, word).map((two) => two.join(''));
  const name = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(name, (one) => {
      for (const spelt of [one, one.toUpperCase()])
        expect(nameKind(spelt), spelt).toEqual(kindOfName(spelt));
    }),
    { numRuns: 50_000 },
  );
});
