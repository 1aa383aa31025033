/**
 * `npm run bench -- FILE [RUNS]`: the scan of a file in Chromium against the same browser's bare reading of
 * it, in turn within one run. The ratio is what counts; machines differ, and so do their moods.
 */
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { findChromium } from '../make/chromium.ts';

const ADDRESS = 'http://localhost:4175/';
const RUNS = 3;

/** Runs in the page: reads the whole file with as many workers as the scan has, and does nothing with it. */
function readBare(workers: number): Promise<number> {
  const input = document.querySelector<HTMLInputElement>('#floor');
  const file = input?.files?.[0];
  if (!file) throw new Error('no file');
  const source = `onmessage = async ({ data: { file, start, end } }) => {
    for (let at = start; at < end; at += 67108864) {
      const reader = file.slice(at, Math.min(end, at + 67108864)).stream().getReader();
      while (!(await reader.read()).done);
    }
    postMessage(0);
  }`;
  const url = URL.createObjectURL(new Blob([source]));
  const share = Math.ceil(file.size / workers);
  const began = performance.now();
  const parts = Array.from({ length: workers }, (_, i) => {
    const worker = new Worker(url);
    return new Promise<void>((done) => {
      worker.onmessage = () => {
        worker.terminate();
        done();
      };
      worker.postMessage({ file, start: i * share, end: Math.min(file.size, (i + 1) * share) });
    });
  });
  return Promise.all(parts).then(() => performance.now() - began);
}

async function floor(page: Page, path: string, workers: number): Promise<number> {
  await page.evaluate(() => {
    const input = document.createElement('input');
    input.type = 'file';
    input.id = 'floor';
    document.body.append(input);
  });
  await page.locator('#floor').setInputFiles(path);
  return page.evaluate(readBare, workers);
}

async function scan(page: Page, path: string): Promise<number> {
  await page.locator('input[type=file]').first().setInputFiles(path);
  await page.waitForFunction(() => performance.getEntriesByName('scan').length > 0, undefined, {
    timeout: 600_000,
  });
  return page.evaluate(() => performance.getEntriesByName('scan')[0]?.duration ?? NaN);
}

async function fresh<T>(browser: Browser, act: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(ADDRESS);
    await page.getByText('requests since it was ready').waitFor();
    return await act(page);
  } finally {
    await context.close();
  }
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}

/** Prints one line a run, and the medians. */
export async function main([file, runs]: string[]): Promise<void> {
  if (file === undefined || !existsSync(file)) {
    console.error('usage: npm run bench -- FILE [RUNS]');
    process.exitCode = 2;
    return;
  }
  const path = resolve(file);
  const megabytes = statSync(path).size / 1e6;
  const workers = cpus().length;
  const server = spawn(
    process.execPath,
    ['node_modules/vite/bin/vite.js', 'preview', '--port', '4175', '--strictPort'],
    { stdio: 'ignore' },
  );
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    while (
      !(await fetch(ADDRESS).then(
        ({ ok }) => ok,
        () => false,
      ))
    )
      await new Promise((wait) => setTimeout(wait, 100));
    const floors: number[] = [];
    const scans: number[] = [];
    const show = (name: string, bare: number, full: number): void => {
      const speed = (ms: number): string =>
        `${(ms / 1000).toFixed(2)} s (${Math.round(megabytes / (ms / 1000))} MB/s)`;
      console.log(
        `${name}: bare reading ${speed(bare)}, scan ${speed(full)}, ratio ${(full / bare).toFixed(2)}`,
      );
    };
    console.log(`${megabytes.toFixed(0)} MB, ${workers} cores, Chromium ${browser.version()}`);
    for (let run = 1; run <= Number(runs ?? RUNS); run++) {
      const bare = await fresh(browser, (page) => floor(page, path, workers));
      const full = await fresh(browser, (page) => scan(page, path));
      floors.push(bare);
      scans.push(full);
      show(`run ${run}`, bare, full);
    }
    show('median', median(floors), median(scans));
  } finally {
    await browser.close();
    server.kill();
  }
}
