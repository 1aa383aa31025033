/** How smoothly the file tree of a scanned archive opens, filters and scrolls: the times between frames. */
import type { Page } from '@playwright/test';

/** The 95th percentile of the time between two frames, in milliseconds, while a person does one thing. */
export interface TreeFrames {
  /** Showing the tree, opening folders one by one, then all of them. */
  open: number;
  /** Typing into the filter, and taking it back. */
  filter: number;
  /** Scrolling through all rows, forth and back. */
  scroll: number;
  /** The longest time between two frames of all these. */
  longest: number;
}

const KEYS_APART = 120; // milliseconds: a fast typist
const QUERIES = ['readme', 'test_', 'zz', '.json'];

/** Measures in a page whose scan is done. */
export async function measureTree(page: Page): Promise<TreeFrames> {
  await page.evaluate(() => {
    const seen = window as unknown as { frames: number[] };
    seen.frames = [];
    let last = performance.now();
    const next = (now: number): void => {
      seen.frames.push(now - last);
      last = now;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  const opening = await framesOf(page, async () => {
    await page.evaluate(() => (location.hash = '#/files'));
    await page.getByRole('tree').waitFor();
    await page.waitForTimeout(500);
    await page.getByRole('tree').focus();
    for (let folder = 0; folder < 10; folder++) {
      await page.keyboard.press('ArrowRight');
      await page.waitForTimeout(KEYS_APART);
      await page.keyboard.press('ArrowDown');
      await page.waitForTimeout(KEYS_APART);
    }
    await page.getByRole('button', { name: 'Open all' }).click();
    await page.waitForTimeout(500);
  });
  const scrolling = await framesOf(page, () => page.evaluate(scrollThrough));
  const filtering = await framesOf(page, async () => {
    const box = page.getByRole('searchbox', { name: 'Filter files by name' });
    for (const query of QUERIES) {
      await box.pressSequentially(query, { delay: KEYS_APART });
      await page.waitForTimeout(300);
      for (let i = 0; i < query.length; i++) await box.press('Backspace', { delay: KEYS_APART });
    }
  });
  return {
    open: percentile95(opening),
    filter: percentile95(filtering),
    scroll: percentile95(scrolling),
    longest: Math.max(...opening, ...scrolling, ...filtering),
  };
}

async function framesOf(page: Page, act: () => Promise<unknown>): Promise<number[]> {
  await page.evaluate(() => (window as unknown as { frames: number[] }).frames.splice(0));
  await act();
  return page.evaluate(() => (window as unknown as { frames: number[] }).frames.splice(0));
}

/** Runs in the page: slowly, fast, and in leaps. */
async function scrollThrough(): Promise<void> {
  const box = document.querySelector('[role=tree]');
  if (!box) throw new Error('no tree');
  const frame = (): Promise<number> => new Promise((done) => requestAnimationFrame(done));
  for (const step of [24, 200, 4000, 100_000, -100_000, -4000]) {
    for (let i = 0; i < 60; i++) {
      box.scrollTop += step;
      await frame();
    }
  }
}

function percentile95(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? NaN;
}
