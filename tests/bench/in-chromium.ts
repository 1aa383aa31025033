/** The page, and the browser's bare reading, in Chromium: times, memory, and how long the page is blocked. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { build } from 'vite';
import type { Compression } from '../../src/engine/archive/compression.ts';
import { partCount } from '../../src/engine/scan/layer-parts.ts';
import { memoryBelow } from './browser-memory.ts';

/** Where a layer lies in its file, in bytes. */
export interface Layer {
  start: number;
  end: number;
  compression: Compression;
}

/** An archive to measure with. */
export interface Case {
  name: string;
  path: string;
  /** Bytes of the file. */
  size: number;
  layers: Layer[];
}

/** One scan, in milliseconds, and the longest block of the page's thread. */
export interface Scan {
  time: number;
  longest: number;
}

const ASK = 100; // milliseconds between questions whether a scan has ended; at every frame they cost the page time
const AFTERWARDS = 1000; // milliseconds in which the page shows what was found; they count for the longest block

/** Runs in the page: the floor, layers handed to workers as the scan hands them. */
async function readBare({
  source,
  layers,
  workers,
}: {
  source: string;
  layers: (Layer & { parts: number })[];
  workers: number;
}): Promise<number> {
  const input = document.querySelector<HTMLInputElement>('#floor');
  const file = input?.files?.[0];
  if (!file) throw new Error('no file');
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const lanes = Array.from({ length: workers }, () => new Worker(url, { type: 'module' }));
  const queue = [...layers]
    .sort((a, b) => b.end - b.start - (a.end - a.start))
    .flatMap(({ parts, ...layer }) => {
      const share = Math.ceil((layer.end - layer.start) / parts);
      return Array.from({ length: parts }, (_, i) => ({
        ...layer,
        start: layer.start + i * share,
        end: Math.min(layer.end, layer.start + (i + 1) * share),
      }));
    });
  const began = performance.now();
  await Promise.all(
    lanes.map(async (worker) => {
      for (let part = queue.shift(); part; part = queue.shift()) {
        const next = part;
        await new Promise((done, failed) => {
          worker.onmessage = done;
          worker.onerror = () => failed(new Error('the floor worker failed'));
          worker.postMessage({ file, ...next });
        });
      }
      worker.terminate();
    }),
  );
  return performance.now() - began;
}

/** Scans a file, and waits until the page shows what was found. */
async function scanIn(page: Page, path: string): Promise<void> {
  await page.locator('input[type=file]').first().setInputFiles(path);
  await page.waitForFunction(() => performance.getEntriesByName('scan').length > 0, undefined, {
    timeout: 1_800_000,
    polling: ASK,
  });
  await page.waitForTimeout(AFTERWARDS);
}

/** Scans, and reads bare, in a fresh page each time. */
export class Bench {
  readonly #browser: Browser;
  readonly #source: string;
  readonly #address: string;

  /** `source` is the floor's worker; the page stands at `address`. */
  constructor(browser: Browser, source: string, address: string) {
    this.#browser = browser;
    this.#source = source;
    this.#address = address;
  }

  /** Milliseconds that the bare reading takes. */
  async floor({ path, layers }: Case, workers: number): Promise<number> {
    return this.#fresh(workers, async (page) => {
      await page.evaluate(() => {
        const input = document.createElement('input');
        input.type = 'file';
        input.id = 'floor';
        document.body.append(input);
      });
      await page.locator('#floor').setInputFiles(path);
      // Plain layers are cut as the scan cuts them; a compressed one is read by one worker.
      const cut = layers.map((layer) => ({
        ...layer,
        parts: layer.compression === 'none' ? partCount(layer.end - layer.start, workers) : 1,
      }));
      return page.evaluate(readBare, { source: this.#source, layers: cut, workers });
    });
  }

  /** Scans; `after` may do more in the page then. */
  async scan(
    { path }: Case,
    workers: number,
    after: (page: Page) => Promise<void> = () => Promise.resolve(),
  ): Promise<Scan> {
    return this.#fresh(workers, async (page) => {
      await page.evaluate(() => {
        const seen = window as unknown as { longest: number };
        seen.longest = 0;
        new PerformanceObserver((list) => {
          for (const { duration } of list.getEntries())
            seen.longest = Math.max(seen.longest, duration);
        }).observe({ entryTypes: ['longtask'] });
      });
      await scanIn(page, path);
      const scan = await page.evaluate(() => ({
        time: performance.getEntriesByName('scan')[0]?.duration ?? NaN,
        longest: (window as unknown as { longest: number }).longest,
      }));
      await after(page);
      return scan;
    });
  }

  /** The peak of a scan's memory, in bytes above an empty page. Of a scan of its own: to look slows it by a fifth. */
  async memory({ path }: Case, workers: number): Promise<number> {
    return this.#fresh(workers, async (page) => {
      const empty = memoryBelow(process.pid);
      let most = empty;
      const sampling = setInterval(() => (most = Math.max(most, memoryBelow(process.pid))), 200);
      await scanIn(page, path);
      clearInterval(sampling);
      return most - empty;
    });
  }

  async #fresh<T>(workers: number, act: (page: Page) => Promise<T>): Promise<T> {
    const context = await this.#browser.newContext();
    try {
      const page = await context.newPage();
      await page.addInitScript((cores) => {
        Object.defineProperty(navigator, 'hardwareConcurrency', { value: cores });
      }, workers);
      await page.goto(this.#address);
      await page.getByText('requests since it was ready').waitFor();
      return await act(page);
    } finally {
      await context.close();
    }
  }
}

/** The floor's worker, built. */
export async function floorSource(): Promise<string> {
  const outDir = resolve('node_modules/.cache/porthole/bench');
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      outDir,
      lib: { entry: 'tests/bench/floor.worker.ts', formats: ['es'], fileName: () => 'floor.js' },
    },
  });
  return readFileSync(join(outDir, 'floor.js'), 'utf8');
}
