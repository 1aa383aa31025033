import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Finding } from '../../src/engine/report/report.ts';
import { addPart, findingParts } from '../../src/workers/finding-parts.ts';

test('findings arrive as they were, in parts of bounded size', () => {
  const counts = fc.array(fc.oneof(fc.nat(3), fc.nat(1700)), { maxLength: 12 });
  fc.assert(
    fc.property(counts, (places) => {
      const findings = places.map(
        (count, i) =>
          ({
            id: `f${i}`,
            places: Array.from({ length: count }, (_, at) => ({ path: `${i}/${at}` })),
          }) as Finding,
      );
      const before = structuredClone(findings);
      const received: Finding[] = [];
      for (const part of findingParts(findings)) {
        const size = part.reduce((sum, finding) => sum + Math.max(1, finding.places.length), 0);
        expect(size).toBeLessThanOrEqual(500);
        addPart(received, structuredClone(part));
      }
      expect(received).toEqual(before);
    }),
  );
});
