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

/** Bytes of the decoders for rare formats (lzma, lz4, asar, xz's filters), which are in the workers' one bundle. */
const RARE_DECODERS = 3_000;

test('the page stays small: 60 kB of script before a file is dropped, 250 kB in all but rare decoders', () => {
  expect(compressed(/^index-.*\.js$/)).toBeLessThan(60_000);
  // The sample is an image, no script.
  expect(compressed(/^(?!_virtual_sample-image).*\.js$/)).toBeLessThan(250_000 + RARE_DECODERS);
});
