/** What the keyboard, assistive technology and small screens reach: the focus is never lost, nothing is in the way. */
import { expect, type Page, test } from '@playwright/test';
import { imageArchive } from '../make/image-writer.ts';
import { sampleImage } from '../make/sample.ts';
import { openPage, pick, testFile } from './pages.ts';

const TITLE = 'GitHub personal access token (classic, no prefix)';

async function openSample(page: Page): Promise<void> {
  await openPage(page);
  await pick(page, testFile('sample.tar', await sampleImage()));
  await expect(page.getByRole('heading', { name: '1 secret, and it is critical.' })).toBeVisible();
}

test('the end of a scan is announced once, and the focus goes to what it shows', async ({
  page,
}) => {
  await openSample(page);
  await expect(page.getByRole('status').filter({ hasText: 'Scan finished' })).toHaveText(
    'Scan finished: 4 findings.',
  );
  await expect(page.getByRole('main')).toBeFocused();
});

test('a row that is clicked leaves the focus with the tree, and the arrows go on from it', async ({
  page,
}) => {
  await openSample(page);
  await page.getByRole('link', { name: 'Files' }).click();
  await page.getByRole('treeitem', { name: 'requirements.txt' }).click();
  const tree = page.getByRole('tree', { name: 'Files' });
  await expect(tree).toBeFocused();
  const active = page.locator('[role=treeitem][aria-selected=true]');
  await expect(active).toContainText('requirements.txt');
  await page.keyboard.press('ArrowUp');
  await expect(active).toContainText('Dockerfile');
  await expect(active).toHaveAttribute('aria-setsize', '3');
  await expect(tree).toHaveAttribute(
    'aria-activedescendant',
    (await active.getAttribute('id')) ?? '',
  );
});

test('details over the list have the focus, and give it back', async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 500 });
  await openSample(page);
  const link = page.getByRole('link', { name: TITLE });
  await link.focus();
  await page.keyboard.press('Enter');
  const close = page.getByRole('button', { name: 'Close the details' });
  await expect(close).toBeFocused();
  expect(await link.evaluate((element) => element.closest('[inert]') !== null)).toBe(true);
  await page.getByRole('heading', { name: 'What to do' }).scrollIntoViewIfNeeded();
  await expect(close).toBeInViewport();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('region', { name: 'Details' })).toBeHidden();
  await expect(link).toBeFocused();
});

test('a filter that finds nothing says so', async ({ page }) => {
  const entries = Array.from({ length: 12 }, (_, i) => ({
    name: `app/${i}.env`,
    content: `DB_PASSWORD=${(i + 17) ** 9}xK!${i}\n`,
  }));
  const layers = [{ createdBy: 'COPY . /app', entries }];
  await openPage(page);
  await pick(page, testFile('many.tar', imageArchive([{ tags: ['a:1'], layers }])));
  await page.getByRole('searchbox', { name: 'Filter the findings' }).fill('no such thing');
  await expect(page.getByText('No finding has this')).toBeVisible();
});

test('a phone chooses among images, and a long file name does not widen the page', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openPage(page);
  await pick(page, testFile(`${'long-'.repeat(45)}.tar`, await sampleImage()));
  await page.getByRole('combobox', { name: 'Image' }).selectOption({ index: 1 });
  await page.getByRole('link', { name: 'Image', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'v3.0.0b110' })).toBeVisible();
  for (const width of [390, 1024]) {
    await page.setViewportSize({ width, height: 700 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(width);
  }
});

test('on the smallest screens the page scrolls to the tree', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 256 });
  await openSample(page);
  await page.getByRole('link', { name: 'Files' }).click();
  const box = await page.getByRole('tree', { name: 'Files' }).boundingBox();
  expect(box?.height).toBeGreaterThan(90);
});

test('a file that hangs over the page and goes leaves nothing over it', async ({ page }) => {
  await openSample(page);
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(['x'], 'x'));
    // The element under the file has gone with its event.
    for (const type of ['dragenter', 'dragenter'])
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true }));
  });
  const overlay = page.getByText('Drop the file to open it');
  await expect(overlay).toBeVisible();
  await expect(overlay).toBeHidden();
});

test('on paper a dark page is light, and nothing lies over anything', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await openSample(page);
  await page.getByRole('button', { name: 'Theme: system' }).click();
  await page.getByRole('button', { name: 'Theme: light' }).click();
  await page.emulateMedia({ media: 'print' });
  const ink = await page.evaluate(() => getComputedStyle(document.body).color);
  expect(ink).toBe('rgb(20, 32, 43)');
  const end = await page.getByRole('main').boundingBox();
  const list = await page
    .getByRole('link', { name: 'shipped with the image' })
    .last()
    .boundingBox();
  expect(end && list && list.y + list.height <= end.y + end.height + 1).toBe(true);
});

test('to copy says whether it did', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-write', 'clipboard-read']);
  await openSample(page);
  await page.getByRole('link', { name: 'Image', exact: true }).click();
  const copy = page.getByRole('button', { name: 'Copy', exact: true });
  await copy.click();
  await expect(page.getByText('Copied')).toBeVisible();
  await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await copy.click();
  await expect(page.getByText('Not copied')).toBeVisible();
});
