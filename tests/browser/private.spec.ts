/** Private by construction: no request during a scan, none to anywhere else, and all of it works offline. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { imageArchive } from '../make/image-writer.ts';
import { sampleImage } from '../make/sample.ts';
import { constructedToken } from '../make/sample-source.ts';
import { openPage, pick, testFile } from './pages.ts';

const FOUND = '1 secret, and it is critical.';
const CANARY = 'http://localhost:4174';

test('a scan makes no request at all', async ({ page }) => {
  const requests: string[] = [];
  await openPage(page);
  page.on('request', (request) => {
    if (!/^(blob|data):/.test(request.url())) requests.push(request.url());
  });
  await pick(page, testFile('sample.tar', await sampleImage()));
  await expect(page.getByRole('heading', { name: FOUND })).toBeVisible();
  for (const name of ['Files', 'Layers', 'Image'])
    await page.getByRole('link', { name, exact: true }).click();
  expect(requests).toEqual([]);
  await expect(page.getByText('0 requests since it was ready')).toBeVisible();
});

test('page and worker cannot reach another server', async ({ page, request }) => {
  await openPage(page);
  const outcomes = await page.evaluate(async (canary) => {
    const attempt = async (act: () => Promise<unknown>): Promise<string> => {
      try {
        await act();
        return 'went through';
      } catch {
        return 'blocked';
      }
    };
    const source = `fetch('${canary}/worker').then(() => postMessage('went through'), () => postMessage('blocked'))`;
    const worker = new Worker(URL.createObjectURL(new Blob([source])));
    const fromWorker = new Promise<string>(
      (resolve) => (worker.onmessage = (event) => resolve(String(event.data))),
    );
    const image = new Image();
    const fromImage = new Promise<string>((resolve) => {
      image.onload = () => resolve('went through');
      image.onerror = () => resolve('blocked');
    });
    image.src = `${canary}/image`;
    navigator.sendBeacon(`${canary}/beacon`, 'x');
    return [await attempt(() => fetch(`${canary}/page`)), await fromWorker, await fromImage];
  }, CANARY);
  expect(outcomes).toEqual(['blocked', 'blocked', 'blocked']);
  expect(await (await request.get(`${CANARY}/heard`)).text()).toBe('0');
});

test('the policy stands first in the page, and the workers are inside its scripts', () => {
  const html = readFileSync('dist/index.html', 'utf8');
  expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.indexOf('<script'));
  expect(html).toContain('connect-src &#39;none&#39;');
  expect(html).not.toMatch(/(src|href)="\//);
  expect(readFileSync('dist/_headers', 'utf8')).toContain("frame-ancestors 'none'");
});

test('reloaded without a network, the page opens and scans', async ({ page, context }) => {
  await openPage(page);
  await expect(page.getByText('works offline')).toBeVisible();
  await context.setOffline(true);
  await page.reload();
  await pick(page, testFile('sample.tar', await sampleImage()));
  await expect(page.getByRole('heading', { name: FOUND })).toBeVisible();
  await context.setOffline(false);
});

test('an update takes the files of this page alone, past the browser’s cache', async ({ page }) => {
  await page.goto('./icon.svg');
  await page.evaluate(async () => {
    for (const name of ['porthole /some/path/ old', 'porthole /other/ old'])
      await caches.open(name);
  });
  await openPage(page);
  await expect(page.getByText('works offline')).toBeVisible();
  const names = await page.evaluate(() => caches.keys());
  expect(names).toEqual([
    'porthole /other/ old',
    expect.stringMatching(/^porthole \/some\/path\/ [0-9a-f]{16}$/),
  ]);
  expect(readFileSync('dist/sw.js', 'utf8')).toMatch(/cache:\s*[`"']reload/);
});

test('a secret is masked in every file of the image, in UTF-16 too, and in names', async ({
  page,
}) => {
  const token = constructedToken();
  const spaced = token.replace(/./g, '$&\0');
  const entries = [
    { name: 'app/.env', content: `GITHUB_TOKEN=${token}\n` },
    { name: 'app/wide.bin', content: Buffer.from(`\0\ufeffGITHUB_TOKEN=${token}`, 'utf16le') },
    { name: `app/${token}/some.bin`, content: `\0${spaced} ${token}` },
  ];
  const layers = [{ createdBy: 'COPY . /app', entries }];
  await openPage(page);
  await pick(page, testFile('image.tar', imageArchive([{ tags: ['a:1'], layers }])));
  await page.getByRole('link', { name: 'Files', exact: true }).click();
  await page.getByRole('button', { name: 'Open all' }).click();
  const details = page.getByRole('region', { name: 'Details' });
  const hex = Buffer.from(token.slice(0, 8)).toString('hex');
  for (const name of ['wide.bin', 'some.bin']) {
    await page.getByRole('treeitem', { name }).click();
    await expect(details.getByText('••').first()).toBeVisible();
    const text = (await details.innerText()).replace(/[\s·]/g, '');
    expect(text).not.toContain(token.slice(0, 8));
    expect(text.replaceAll('00', '')).not.toContain(hex);
    await expect(details.getByRole('button', { name: /Reveal 1 secret/ })).toBeVisible();
    expect(await page.content()).not.toContain(token);
    expect(page.url()).not.toContain(token);
  }
  // The address says less than is shown; Back finds it all the same.
  await page.getByRole('treeitem', { name: 'wide.bin' }).click();
  await page.goBack();
  await expect(details.getByRole('heading', { name: /some\.bin/ })).toBeVisible();
});

test('the page can be installed', async ({ page, request, baseURL }) => {
  await openPage(page);
  const href = await page.locator('link[rel=manifest]').getAttribute('href');
  const manifest = (await (await request.get(new URL(href ?? '', baseURL).href)).json()) as {
    icons: { src: string }[];
    start_url: string;
  };
  expect(manifest.start_url).toBe('./');
  for (const icon of manifest.icons) {
    expect((await request.get(new URL(icon.src, baseURL).href)).ok()).toBe(true);
  }
});

test('works where storage is refused', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'indexedDB', {
      get: () => {
        throw new DOMException('no', 'SecurityError');
      },
    });
    Object.defineProperty(navigator, 'serviceWorker', {
      value: {
        register: () => Promise.reject(new Error('no')),
        ready: new Promise(() => undefined),
      },
    });
  });
  await openPage(page);
  await pick(page, testFile('sample.tar', await sampleImage()));
  await expect(page.getByRole('heading', { name: FOUND })).toBeVisible();
});
