/** The main job in a real browser: a file goes in, findings come out, the report goes out and comes back. */
import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { strToU8, zipSync } from 'fflate';
import type { Report } from '../../src/engine/report/report.ts';
import { imageArchive } from '../make/image-writer.ts';
import { noise } from '../make/pieces.ts';
import { sampleImage } from '../make/sample.ts';
import { constructedToken } from '../make/sample-source.ts';
import { tar } from '../make/tar-writer.ts';
import { drop, openPage, pick, testFile } from './pages.ts';

const TITLE = 'GitHub personal access token (classic, no prefix)';

test('the sample is one click away, and shows the incident', async ({ page }) => {
  await openPage(page);
  await page.getByRole('button', { name: 'Scan the sample image' }).click();
  await expect(page.getByRole('heading', { name: '1 secret, and it is critical.' })).toBeVisible();
  const finding = page.getByRole('link', { name: TITLE });
  await expect(finding).toContainText('access_token');
  await expect(finding).toContainText('_fetch_github_file');
  await expect(finding).toContainText('bytecode differs from its source');
  await finding.click();
  const details = page.getByRole('region', { name: 'Details' });
  await expect(details.getByText('COPY . /app')).toBeVisible();
  await expect(details.getByText('build.cpython-311.pyc holds')).toBeVisible();
  await expect(details.getByText('access_token=None,')).toBeVisible();
  await expect(details.getByText('v3.0.0b35 present')).toBeVisible();
  await expect(details.getByText('v3.0.0b110 deleted, recoverable')).toBeVisible();
  expect(page.url()).toMatch(/#\/findings\/[0-9a-f]{20}$/);
});

test('a secret stays masked until it is asked for, and is never in the address', async ({
  page,
}) => {
  const token = constructedToken();
  await openPage(page);
  await drop(page, testFile('sample.tar', await sampleImage()));
  await page.getByRole('link', { name: TITLE }).click();
  await expect(page.getByText('build.py says')).toBeVisible();
  expect(await page.content()).not.toContain(token);
  await page.getByRole('button', { name: 'build.cpython-311.pyc' }).click();
  const details = page.getByRole('region', { name: 'Details' });
  await expect(details.getByText('def _fetch_github_file(', { exact: false })).toBeVisible();
  expect(await page.content()).not.toContain(token);
  await details.getByRole('button', { name: 'Hex' }).click();
  await expect(details.getByText('••').first()).toBeVisible();
  await details.getByRole('button', { name: 'Bytecode' }).click();
  await details.getByRole('button', { name: 'Reveal 1 secret' }).click();
  await expect(details.getByText(token).first()).toBeVisible();
  expect(page.url()).not.toContain(token);
});

test('a file inside an archive of a layer is found, and opens by its path', async ({ page }) => {
  const token = constructedToken();
  const zip = zipSync({ 'pkg/.env': strToU8(`GITHUB_TOKEN=${token}\n`) });
  const entries = [
    { name: 'app/dist/pkg.whl', content: zip },
    { name: 'app/.git/HEAD', content: 'ref: refs/heads/main\n' },
  ];
  const archive = imageArchive([
    { tags: ['a:1'], layers: [{ createdBy: 'COPY . /app', entries }] },
  ]);
  await openPage(page);
  await drop(page, testFile('image.tar', archive));
  await page.getByRole('link', { name: TITLE }).click();
  await page.getByRole('button', { name: 'app/dist/pkg.whl!/pkg/.env' }).click();
  const details = page.getByRole('region', { name: 'Details' });
  await expect(details.getByText('GITHUB_TOKEN=', { exact: false })).toBeVisible();
  expect(await page.content()).not.toContain(token);
  await details.getByRole('button', { name: 'Reveal 1 secret' }).click();
  await expect(details.getByText(token).first()).toBeVisible();

  await page.getByRole('link', { name: 'Image', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'A .dockerignore for it' })).toBeVisible();
  await expect(page.getByText('**/.git')).toBeVisible();
});

test('bytecode is shown beside its source, with its instructions', async ({ page }) => {
  await openPage(page);
  await pick(page, testFile('sample.tar', await sampleImage()));
  await page.getByRole('link', { name: TITLE }).click();
  await page.getByRole('button', { name: 'build.cpython-311.pyc' }).click();
  const bytecode = page.getByRole('region', { name: 'Bytecode' });
  await expect(bytecode.getByText('1 signature of this bytecode differs')).toBeVisible();
  const row = bytecode.getByRole('row', { name: /access_token.*None/ });
  await expect(row).toBeVisible();
  await bytecode.getByText('Instructions').first().click();
  await expect(bytecode.getByText('STORE_NAME').first()).toBeVisible();
  expect(await page.content()).not.toContain(constructedToken());
});

test('the report is exported without secrets, and opens again', async ({ page }) => {
  await openPage(page);
  await pick(page, testFile('sample.tar', await sampleImage()));
  await page.getByRole('button', { name: 'Export' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save JSON' }).click();
  const text = readFileSync(await (await download).path(), 'utf8');
  expect(text).not.toContain(constructedToken());
  const report = JSON.parse(text) as Report;
  expect(report.findings[0]).toMatchObject({
    severity: 'critical',
    places: [{ python: { source: 'differs' } }],
  });

  await page.reload();
  await drop(page, testFile('report.json', text));
  await expect(page.getByRole('heading', { name: '1 secret, and it is critical.' })).toBeVisible();
  await page.getByRole('link', { name: TITLE }).click();
  await expect(page.getByText('40 characters, not in this report')).toBeVisible();
  await expect(page.getByText('v3.0.0b110 deleted, recoverable')).toBeVisible();
});

test('files: the tree opens, filters, and shows text; deleted ones are marked', async ({
  page,
}) => {
  await openPage(page);
  await pick(page, testFile('sample.tar', await sampleImage()));
  await page.getByRole('combobox').selectOption({ index: 1 });
  await page.getByRole('link', { name: 'Files' }).click();
  await expect(page.getByRole('treeitem', { name: 'build.cpython-311.pyc' })).toContainText(
    'deleted',
  );
  await page.getByRole('searchbox', { name: 'Filter files by name' }).fill('os-rel');
  await page.getByRole('treeitem', { name: 'os-release' }).click();
  await expect(page.getByText('PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"')).toBeVisible();
  await page.goBack();
  await expect(page.getByText('PRETTY_NAME', { exact: false })).toBeHidden();
});

test('the keyboard reaches the tree', async ({ page }) => {
  await openPage(page);
  await pick(page, testFile('sample.tar', await sampleImage()));
  await page.getByRole('link', { name: 'Files' }).click();
  const tree = page.getByRole('tree', { name: 'Files' });
  await tree.focus();
  await page.keyboard.press('Home');
  await expect(page.getByRole('treeitem', { name: 'app/' })).toHaveAttribute(
    'aria-expanded',
    'true',
  );
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('treeitem', { name: 'app/' })).toHaveAttribute(
    'aria-expanded',
    'false',
  );
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('End');
  await expect(tree).toHaveAttribute('aria-activedescendant', /^node-\d+$/);
});

test('Cancel stops a scan at once and leaves a page that works', async ({ page }) => {
  const big = imageArchive([
    {
      tags: ['big:1'],
      layers: [{ createdBy: 'COPY', entries: [{ name: 'noise', content: noise(40_000_000) }] }],
    },
  ]);
  await openPage(page);
  await pick(page, testFile('big.tar', big));
  await page.getByRole('button', { name: 'Cancel' }).click({ timeout: 5000 });
  await expect(page.getByRole('button', { name: 'Choose a file' })).toBeVisible();
  await pick(page, testFile('sample.tar', await sampleImage()));
  await expect(page.getByRole('heading', { name: '1 secret, and it is critical.' })).toBeVisible();
});

for (const [what, file, message] of [
  [
    'a file that is no archive',
    testFile('photo.jpg', new Uint8Array([0xff, 0xd8, ...noise(5000)])),
    /not an image archive/,
  ],
  ['an empty file', testFile('empty.tar', ''), /This file is empty/],
  ['JSON that is no report', testFile('x.json', '{"a": 1}'), /not a findings report/],
] as const) {
  test(`${what} gets a clear message, and the next file works`, async ({ page }) => {
    await openPage(page);
    await drop(page, file);
    await expect(page.getByRole('alert')).toContainText(message);
    await drop(page, testFile('sample.tar', await sampleImage()));
    await expect(
      page.getByRole('heading', { name: '1 secret, and it is critical.' }),
    ).toBeVisible();
  });
}

test('a wrong file leaves what is shown as it is', async ({ page }) => {
  await openPage(page);
  await pick(page, testFile('sample.tar', await sampleImage()));
  await page.getByRole('link', { name: TITLE }).click();
  const { href } = new URL(page.url());
  for (const [name, bytes, message] of [
    ['photo.png', new Uint8Array([0x89, ...noise(5000)]), /not an image archive/],
    ['x.json', '{"a": 1}', /not a findings report/],
    ['x.tar.gz', new Uint8Array([0x1f, 0x8b, 8, 0, ...noise(5000)]), /./],
  ] as const) {
    await drop(page, testFile(name, bytes));
    await expect(page.getByRole('alert')).toContainText(message);
    await expect(page.getByText('build.py says')).toBeVisible();
    expect(page.url()).toBe(href);
    await page.getByRole('button', { name: 'Dismiss' }).click();
  }
  await page.getByRole('link', { name: 'Porthole' }).click();
  await expect(page.getByRole('heading', { name: '1 secret, and it is critical.' })).toBeVisible();
  const file = testFile('clean.tar', imageArchive([{ tags: ['a:1'], layers: [] }]));
  await page.locator('main').drop({ files: [file, file] });
  await expect(
    page.getByText(/clean.tar is, and the 1 other that came with it is not/),
  ).toBeVisible();
  await expect(page.getByRole('heading', { name: 'No secrets found.' })).toBeVisible();
});

test('to include the secrets is decided each time, for the archive that is shown', async ({
  page,
}) => {
  await openPage(page);
  await pick(page, testFile('sample.tar', await sampleImage()));
  await page.getByRole('link', { name: TITLE }).click();
  const dialog = page.getByRole('dialog');
  const choice = dialog.getByRole('checkbox');
  for (const leave of ['Escape', 'file']) {
    await page.getByRole('button', { name: 'Export' }).click();
    await expect(choice).not.toBeChecked();
    await choice.check();
    if (leave === 'Escape') await page.keyboard.press('Escape');
    else await dialog.drop({ files: testFile('sample.tar', await sampleImage()) });
    await expect(dialog).toBeHidden();
    // One key closes one thing.
    if (leave === 'Escape')
      await expect(page.getByRole('region', { name: 'Details' })).toBeVisible();
  }
});

test('a link to a finding holds when the page is opened again', async ({ page }) => {
  await openPage(page);
  await pick(page, testFile('sample.tar', await sampleImage()));
  await page.getByRole('link', { name: TITLE }).click();
  await page.reload();
  await openPage(page, new URL(page.url()).hash);
  await pick(page, testFile('sample.tar', await sampleImage()));
  await expect(page.getByText('build.py says')).toBeVisible();
  await page.goto('./#/files?layer=0&path=no/such');
  await expect(page.getByText('file that is not here: no/such')).toBeVisible();
  await page.goto('./#/files?layer=98');
  await expect(page.getByText('names layer 99')).toBeVisible();
});

test('a report that has findings and images twice is shown', async ({ page }) => {
  await openPage(page);
  await pick(page, testFile('sample.tar', await sampleImage()));
  await page.getByRole('button', { name: 'Export' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save JSON' }).click();
  const report = JSON.parse(readFileSync(await (await download).path(), 'utf8')) as Report;
  const { findings, images } = report;
  const twice = { ...report, findings: [...findings, ...findings], images: [...images, ...images] };
  await pick(page, testFile('report.json', JSON.stringify(twice)));
  await page.getByRole('link', { name: TITLE }).first().click();
  await expect(page.getByRole('heading', { name: 'What to do' })).toBeVisible();
});

test('a tar whose first name begins like JSON is a tar', async ({ page }) => {
  await openPage(page);
  await drop(page, testFile('x.tar', tar([{ name: '{a}', content: 'x' }])));
  await page.getByRole('link', { name: 'Files' }).click();
  await expect(page.getByRole('treeitem', { name: '{a}' })).toBeVisible();
});

test('a truncated archive shows what is there, and lists the problem', async ({ page }) => {
  const bytes = imageArchive(
    [
      {
        tags: ['cut:1'],
        layers: [
          {
            createdBy: 'COPY',
            entries: [
              { name: 'app/.env', content: `API_TOKEN=${constructedToken()}` },
              { name: 'noise', content: noise(200_000) },
            ],
            compression: 'gzip',
          },
        ],
      },
    ],
    'legacy',
  );
  await openPage(page);
  await drop(page, testFile('cut.tar', bytes.subarray(0, 120_000)));
  await page.getByRole('link', { name: /problem/ }).click();
  await expect(page.getByText(/ends early/).first()).toBeVisible();
});

test('gzip layers of several members are read whole, which browsers’ own decoder refuses', async ({
  page,
}) => {
  const { gzipSync } = await import('node:zlib');
  const { join } = await import('../make/tar-writer.ts');
  const plain = tar([
    { name: 'a', content: noise(3000) },
    { name: 'app/.env', content: `API_TOKEN=${constructedToken()}` },
  ]);
  const bytes = join([
    gzipSync(plain.subarray(0, 1000)),
    gzipSync(plain.subarray(1000)),
    new Uint8Array(100),
  ]);
  await openPage(page);
  await drop(
    page,
    testFile(
      'members.tar',
      imageArchive([{ tags: ['m:1'], layers: [{ createdBy: 'COPY', bytes }] }]),
    ),
  );
  await expect(page.getByRole('link', { name: 'Token' })).toContainText('app/.env');
});

for (const scheme of ['light', 'dark'] as const) {
  test(`nothing is out of reach for assistive technology, ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await openPage(page);
    const check = async (): Promise<void> => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    };
    await check();
    await pick(page, testFile('sample.tar', await sampleImage()));
    await page.getByRole('link', { name: TITLE }).click();
    await expect(page.getByText('build.py says')).toBeVisible();
    await check();
    await page.getByRole('button', { name: 'build.cpython-311.pyc' }).click();
    await expect(page.getByRole('button', { name: 'Hex' })).toBeVisible();
    await check();
  });
}

test('at 390 pixels nothing is wider than the screen', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openPage(page);
  const fits = async (): Promise<void> => {
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      390,
    );
  };
  await fits();
  await pick(page, testFile('sample.tar', await sampleImage()));
  await page.getByRole('link', { name: TITLE }).click();
  await expect(page.getByRole('heading', { name: 'What to do' })).toBeVisible();
  await fits();
  await page.getByRole('button', { name: 'Close the details' }).click();
  for (const name of ['Files', 'Layers', 'Image']) {
    await page.getByRole('link', { name, exact: true }).click();
    await fits();
  }
});

test('a tree of 200,000 files opens and scrolls with only its visible rows in the page', async ({
  page,
}) => {
  test.slow();
  const entries = Array.from({ length: 200_000 }, (_, i) => ({
    name: `data/${Math.floor(i / 500)}/file-${i}`,
    content: '',
  }));
  await openPage(page);
  await pick(
    page,
    testFile(
      'many.tar',
      imageArchive([
        { tags: ['many:1'], layers: [{ createdBy: 'COPY', entries, compression: 'gzip' }] },
      ]),
    ),
  );
  await page.getByRole('link', { name: 'Files' }).click({ timeout: 60_000 });
  await expect(page.getByText('200,000 files').first()).toBeVisible();
  await page.getByRole('button', { name: 'Open all' }).click();
  const tree = page.getByRole('tree', { name: 'Files' });
  const last = page.getByRole('treeitem', { name: 'file-49999', exact: false }).first();
  // Folders open in slices, so that the end moves for a while.
  await expect(async () => {
    await tree.evaluate((element) => (element.scrollTop = element.scrollHeight));
    await expect(last).toBeVisible({ timeout: 1000 });
  }).toPass();
  expect(await page.getByRole('treeitem').count()).toBeLessThan(120);
});
