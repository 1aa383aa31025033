import { readdirSync, readFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const FOLDER = 'dist/assets';
const sizeOf = (pattern: RegExp, compress: (bytes: Uint8Array) => Uint8Array): number =>
  readdirSync(FOLDER)
    .filter((name) => pattern.test(name))
    .reduce((sum, name) => sum + compress(readFileSync(`${FOLDER}/${name}`)).length, 0);

test('the page stays small: 60 kB of script before a file is dropped, 250 kB in all', () => {
  // The least that hosts do, and what most do; the sample is an image, no script.
  expect(sizeOf(/^index-.*\.js$/, (bytes) => gzipSync(bytes, { level: 9 }))).toBeLessThan(60_000);
  expect(sizeOf(/^(?!_virtual_sample-image).*\.js$/, brotliCompressSync)).toBeLessThan(250_000);
});
