/** Compressed archives in a real browser, whose own decoders differ from Node's. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { compressedImage } from '../make/compressed-image.ts';
import { imageArchive } from '../make/image-writer.ts';
import { join } from '../make/tar-writer.ts';
import { drop, openPage, testFile } from './pages.ts';

const fixture = (name: string): Uint8Array => readFileSync(`tests/fixtures/compressed/${name}`);
const plain = compressedImage();
const WRAPPED: Record<string, () => Uint8Array> = {
  'image.tar.gz': () => gzipSync(plain),
  'members.tar.gz': () =>
    join([gzipSync(plain.subarray(0, 3000)), gzipSync(plain.subarray(3000)), new Uint8Array(512)]),
  'image.tar.zst': () => fixture('image.tar.zst'),
  'image.tar.xz': () => fixture('image.tar.xz'),
  'image.tar.bz2': () => fixture('image.tar.bz2'),
};

for (const [name, bytes] of Object.entries(WRAPPED)) {
  test(`${name} opens, and a file in it can be read again`, async ({ page }) => {
    await openPage(page);
    await drop(page, testFile(name, bytes()));
    await page.getByRole('link', { name: 'Files' }).click();
    await page.getByRole('searchbox', { name: 'Filter files by name' }).fill('marker');
    await page.getByRole('treeitem', { name: 'marker.txt' }).click();
    await expect(page.getByText('found inside the wrapper')).toBeVisible();
    await page.getByRole('link', { name: 'Layers' }).click();
    await page.getByRole('button', { name: 'Verify digests' }).click();
    await expect(page.getByText('right', { exact: true })).toHaveCount(2);
  });
}

const compiles = (): boolean => {
  try {
    new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
    return true;
  } catch {
    return false;
  }
};

test('the policy allows WebAssembly', async ({ page }) => {
  await openPage(page);
  expect(await page.evaluate(compiles)).toBe(true);
});

for (const name of ['image.tar.gz', 'image.tar.zst'])
  test(`${name} opens where a policy allows no WebAssembly`, async ({ page }) => {
    await page.route(/\/$/, async (route) => {
      const response = await route.fetch();
      // As a host may have it, or the browser itself.
      const policy = { 'content-security-policy': "script-src 'self'; worker-src 'self' blob:" };
      await route.fulfill({ response, headers: { ...response.headers(), ...policy } });
    });
    await openPage(page);
    expect(await page.evaluate(compiles)).toBe(false);
    await drop(page, testFile(name, (WRAPPED[name] as () => Uint8Array)()));
    await page.getByRole('link', { name: 'Files' }).click();
    await expect(page.getByRole('treeitem', { name: 'app/' })).toBeVisible();
  });

test('a dropped folder with an OCI layout opens', async ({ page, context }, info) => {
  const layout = info.outputPath('layout');
  mkdirSync(layout, { recursive: true });
  const packed = info.outputPath('oci.tar');
  writeFileSync(
    packed,
    imageArchive(
      [
        {
          tags: ['folder:1'],
          layers: [{ createdBy: 'COPY', entries: [{ name: 'app/marker.txt', content: 'x' }] }],
        },
      ],
      'oci',
    ),
  );
  spawnSync('tar', ['-xf', packed, '-C', layout]);
  await openPage(page);
  const session = await context.newCDPSession(page);
  const data = { items: [], files: [layout], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
  }
  await page.getByRole('link', { name: 'Files' }).click();
  await page.getByRole('treeitem', { name: 'app/' }).click();
  await expect(page.getByRole('treeitem', { name: 'marker.txt' })).toBeVisible();
  await expect(page.getByText('1 image')).toBeVisible();
});

test('a damaged wrapper says so', async ({ page }) => {
  await openPage(page);
  await drop(page, testFile('cut.tar.zst', fixture('image.tar.zst').subarray(0, 20)));
  await expect(page.getByRole('alert')).toContainText('zstd');
});
