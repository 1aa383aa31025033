import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const FOLDER = 'dist/assets';
const compressed = (pattern: RegExp): number =>
  readdirSync(FOLDER)
    .filter((name) => pattern.test(name))
    .reduce(
      (sum, name) => sum + gzipSync(readFileSync(`${FOLDER}/${name}`), { level: 9 }).length,
      0,
    );

test('the page stays small: 60 kB of script before a file is dropped, 250 kB in all', () => {
  expect(compressed(/^index-.*\.js$/)).toBeLessThan(60_000);
  expect(compressed(/\.(js|css)$/)).toBeLessThan(250_000);
});
