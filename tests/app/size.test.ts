import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'vite';
import { expect, test } from 'vitest';

const FOLDER = 'dist/assets';
const sizeOf = (pattern: RegExp, compress: (bytes: Uint8Array) => Uint8Array): number =>
  readdirSync(FOLDER)
    .filter((name) => pattern.test(name))
    .reduce((sum, name) => sum + compress(readFileSync(`${FOLDER}/${name}`)).length, 0);

/**
 * Archives, serialised data and stores of passwords that few images hold, and what few browsers need; the workers' one
 * bundle has it all.
 */
const RARE = Object.entries({
  archive:
    'inflate-script zstd-sequences-script bzip2 xz xz-filters lzma-alone lzma2 crc64 lz4 lz4-block xxh32 squashfs asar rpm cpio pyinstaller self-extracting',
  python: 'pyz',
  'secrets/structured': 'pickle pickle-opcodes property-list redis-dump serialised',
  'secrets/stored':
    'cisco database-clients file-transfer jenkins maven mremoteng vnc windows-policy',
  secrets: 'aes block-chaining des marvin rclone-obscure',
}).flatMap(([folder, names]) =>
  names.split(' ').map((name) => resolve(`src/engine/${folder}/${name}.ts`)),
);

/** Bytes of the rare decoders by themselves, without what others use too. */
async function rareDecoders(): Promise<number> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: true,
      lib: { entry: RARE, formats: ['es'] },
      rolldownOptions: {
        external: (id, importer) =>
          importer !== undefined && !RARE.includes(resolve(importer, '..', id)),
      },
    },
  });
  const outputs = Array.isArray(built) ? built : [built];
  const code = outputs.flatMap((one) => ('output' in one ? one.output : []));
  const text = code.map((one) => ('code' in one ? one.code : '')).join('\n');
  return brotliCompressSync(text).length;
}

test('the page stays small: 60 kB of script before a file is dropped, 250 kB in all but rare decoders', async () => {
  // The least that hosts do, and what most do; the sample is an image, no script.
  expect(sizeOf(/^index-.*\.js$/, (bytes) => gzipSync(bytes, { level: 9 }))).toBeLessThan(60_000);
  const rare = await rareDecoders();
  expect(rare).toBeGreaterThan(0);
  const all = sizeOf(/^(?!_virtual_sample-image).*\.js$/, brotliCompressSync);
  expect(all - rare).toBeLessThan(250_000);
});
