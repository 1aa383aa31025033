/** What browser tests share: opening the page, and giving it files. */
import { expect, type Page } from '@playwright/test';

/** A file held in memory, to be dropped or picked. */
export interface TestFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** A file for the page. */
export function testFile(name: string, bytes: Uint8Array | string): TestFile {
  return { name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) };
}

/** Opens the page and waits until all that a scan needs has been loaded. */
export async function openPage(page: Page, fragment = ''): Promise<void> {
  await page.goto(`./${fragment}`);
  await expect(page.getByText('0 requests since it was ready')).toBeVisible();
}

/** Picks a file by the first screen's or the header's file input. */
export async function pick(page: Page, file: TestFile | string): Promise<void> {
  await page.locator('input[type=file]').first().setInputFiles(file);
}

/** Drops a file anywhere on the page. */
export async function drop(page: Page, file: TestFile): Promise<void> {
  await page.locator('main').drop({ files: file });
}
