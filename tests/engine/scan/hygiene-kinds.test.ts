import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PathTree } from '../../../src/engine/image/path-tree.ts';
import { HYGIENE_ROWS } from '../../../src/engine/scan/hygiene-kinds.ts';
import { TellingPaths } from '../../../src/engine/scan/image-hygiene.ts';

const rows = HYGIENE_ROWS.map(({ id, test: pattern }) => ({ id, pattern }));

test.each(rows)('no path of $id is passed over', ({ pattern }) => {
  // What must not follow cannot be drawn: it is left out, and tried.
  const drawn = fc.stringMatching(new RegExp(pattern.source.replace(/\(\?![^)]*\)/g, '')));
  const folder = fc.constantFrom('', 'srv/', 'usr/lib/x/');
  const name = fc.constantFrom('', 'x', 'a/b.txt');
  fc.assert(
    fc.property(folder, drawn, name, (before, middle, after) => {
      const path = `${before}${middle}${after}`.replace(/\/{2,}/g, '/').replace(/^\//, '');
      const bytes = new TextEncoder().encode(path);
      fc.pre(
        new TextDecoder().decode(bytes) === path &&
          !/(^|\/)\.{0,2}(\/|$)/.test(path) &&
          pattern.test(path),
      );
      const tree = new PathTree();
      const node = tree.insert(bytes);
      expect(new TellingPaths(tree).ofTelling(node), path).toBe(path);
    }),
    { numRuns: 1000 },
  );
});
