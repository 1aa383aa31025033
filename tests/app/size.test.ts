import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { expect, test } from 'vitest';

const FOLDER = 'dist/assets';
const compressedSize = (code: string | Uint8Array): number => gzipSync(code, { level: 9 }).length;
const compressed = (pattern: RegExp): number =>
  readdirSync(FOLDER)
    .filter((name) => pattern.test(name))
    .reduce((sum, name) => sum + compressedSize(readFileSync(`${FOLDER}/${name}`)), 0);

/** What few images hold, or few browsers need; the workers' one bundle has it all. */
const RARE = [
  'archive/inflate-script',
  ...'bzip2 xz xz-filters lzma-alone lzma2 crc64 lz4 lz4-block xxh32 squashfs asar rpm cpio'
    .split(' ')
    .map((name) => `archive/${name}`),
  ...'keystore pkcs12-mac bouncy-castle ethereum-keystore keytab tink'
    .split(' ')
    .map((name) => `secrets/keys/${name}`),
  ...'cisco database-clients file-transfer maven mremoteng vnc windows-policy'
    .split(' ')
    .map((name) => `secrets/stored/${name}`),
  'secrets/structured/property-list',
  'secrets/structured/redis-dump',
  'secrets/application-files',
  'secrets/cloud-init',
  'secrets/counted-text',
  'secrets/document-lines',
  'secrets/service-credentials',
  'scan/spreadsheet-strings',
].map((name) => resolve(`src/engine/${name}.ts`));

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
  return compressedSize(code.map((one) => ('code' in one ? one.code : '')).join('\n'));
}

test('the page stays small: 60 kB of script before a file is dropped, 250 kB in all but rare decoders', async () => {
  expect(compressed(/^index-.*\.js$/)).toBeLessThan(60_000);
  const rare = await rareDecoders();
  expect(rare).toBeGreaterThan(0);
  // The sample is an image, no script.
  expect(compressed(/^(?!_virtual_sample-image).*\.js$/) - rare).toBeLessThan(250_000);
});
