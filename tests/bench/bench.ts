/**
 * `npm run bench -- [--megabytes N] [--runs N] [--only TEXT] [--write] [FILE …]`: scans archives in Chromium
 * against the same browser reading (and decompressing) the same bytes and doing nothing with them, in turn
 * within one run. The ratio is what counts; machines differ, and so do their moods. `--write` puts the table
 * into `docs/performance.md`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, chromium, type Page } from '@playwright/test';
import { build } from 'vite';
import { openFile } from '../../src/cli/file-source.ts';
import type { Compression } from '../../src/engine/archive/compression.ts';
import { openArchive } from '../../src/engine/image/open-archive.ts';
import { findChromium } from '../make/chromium.ts';
import { ARCHIVES, canMake, makeArchive } from './archives.ts';
import { memoryBelow } from './browser-memory.ts';

const ADDRESS = 'http://localhost:4175/';
const START = '<!-- bench:start -->';
const END = '<!-- bench:end -->';
const PAGE = 'docs/performance.md';

interface Layer {
  start: number;
  end: number;
  compression: Compression;
}
interface Case {
  name: string;
  path: string;
  /** Bytes of the file. */
  size: number;
  layers: Layer[];
}
/** Medians of one archive; times in milliseconds, memory in bytes. */
interface Row {
  name: string;
  size: number;
  floor: number;
  scan: number;
  /** With one worker. */
  one: number;
  /** The command line. */
  node: number;
  memory: number;
  longest: number;
}

/** Runs in the page: the floor, layers handed to workers as the scan hands them. */
async function readBare({
  source,
  layers,
  workers,
}: {
  source: string;
  layers: Layer[];
  workers: number;
}): Promise<number> {
  const input = document.querySelector<HTMLInputElement>('#floor');
  const file = input?.files?.[0];
  if (!file) throw new Error('no file');
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const lanes = Array.from({ length: workers }, () => new Worker(url, { type: 'module' }));
  // Plain layers are cut as the scan cuts them; a compressed one is read by one worker.
  const PART = 64 << 20;
  const queue = [...layers]
    .sort((a, b) => b.end - b.start - (a.end - a.start))
    .flatMap((layer) => {
      if (layer.compression !== 'none' || workers === 1) return [layer];
      const parts = Math.min(workers * 2, Math.floor((layer.end - layer.start) / PART)) || 1;
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

class Bench {
  readonly #browser: Browser;
  readonly #source: string;

  constructor(browser: Browser, source: string) {
    this.#browser = browser;
    this.#source = source;
  }

  async floor({ path, layers }: Case, workers: number): Promise<number> {
    return this.#fresh(workers, async (page) => {
      await page.evaluate(() => {
        const input = document.createElement('input');
        input.type = 'file';
        input.id = 'floor';
        document.body.append(input);
      });
      await page.locator('#floor').setInputFiles(path);
      return page.evaluate(readBare, { source: this.#source, layers, workers });
    });
  }

  async scan(
    { path }: Case,
    workers: number,
  ): Promise<{ time: number; memory: number; longest: number }> {
    return this.#fresh(workers, async (page) => {
      await page.evaluate(() => {
        const seen = window as unknown as { longest: number };
        seen.longest = 0;
        new PerformanceObserver((list) => {
          for (const { duration } of list.getEntries())
            seen.longest = Math.max(seen.longest, duration);
        }).observe({ entryTypes: ['longtask'] });
      });
      const empty = memoryBelow(process.pid);
      let most = empty;
      const sampling = setInterval(() => (most = Math.max(most, memoryBelow(process.pid))), 200);
      await page.locator('input[type=file]').first().setInputFiles(path);
      await page.waitForFunction(() => performance.getEntriesByName('scan').length > 0, undefined, {
        timeout: 1_800_000,
      });
      clearInterval(sampling);
      const { time, longest } = await page.evaluate(() => ({
        time: performance.getEntriesByName('scan')[0]?.duration ?? NaN,
        longest: (window as unknown as { longest: number }).longest,
      }));
      return { time, longest, memory: most - empty };
    });
  }

  async #fresh<T>(workers: number, act: (page: Page) => Promise<T>): Promise<T> {
    const context = await this.#browser.newContext();
    try {
      const page = await context.newPage();
      await page.addInitScript((cores) => {
        Object.defineProperty(navigator, 'hardwareConcurrency', { value: cores });
      }, workers);
      await page.goto(ADDRESS);
      await page.getByText('requests since it was ready').waitFor();
      return await act(page);
    } finally {
      await context.close();
    }
  }
}

function scanInNode(path: string): number {
  const began = performance.now();
  const { status } = spawnSync(
    process.execPath,
    ['src/cli/launch.mjs', path, '--format', 'json', '--output', join(tmpdir(), 'bench.json')],
    { stdio: 'ignore' },
  );
  return status === 0 ? performance.now() - began : NaN;
}

async function caseOf(name: string, path: string): Promise<Case> {
  const { layers } = await openArchive(openFile(path), basename(path));
  return {
    name,
    path,
    size: statSync(path).size,
    layers: layers.map(({ start, size, compression }) => ({
      start,
      end: start + size,
      compression,
    })),
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

function tableOf(rows: readonly Row[], workers: number): string {
  const head = `| archive | size | floor | scan | ratio | ${workers} workers against one | command line | memory | longest task |`;
  const rule = '|---|---|---|---|---|---|---|---|---|';
  const lines = rows.map(({ name, size, floor, scan, one, node, memory, longest }) =>
    [
      '',
      name,
      megabytes(size),
      seconds(floor),
      seconds(scan),
      (scan / floor).toFixed(2),
      (one / scan).toFixed(2),
      seconds(node),
      megabytes(memory),
      `${Math.round(longest)} ms`,
      '',
    ]
      .join(' | ')
      .trim(),
  );
  return [head, rule, ...lines].join('\n');
}

async function floorSource(): Promise<string> {
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

async function ready(): Promise<void> {
  const answers = (): Promise<boolean> =>
    fetch(ADDRESS).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await answers())) await new Promise((wait) => setTimeout(wait, 100));
}

/** Measures, and prints a line for each archive as it is done. */
export async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      megabytes: { type: 'string', default: '1000' },
      runs: { type: 'string', default: '3' },
      only: { type: 'string', default: '' },
      folder: { type: 'string', default: join(tmpdir(), 'porthole-bench') },
      write: { type: 'boolean', default: false },
    },
  });
  const workers = cpus().length;
  const cases: Case[] = [];
  for (const path of positionals) cases.push(await caseOf(basename(path), resolve(path)));
  if (positionals.length === 0) {
    for (const archive of ARCHIVES) {
      if (!archive.name.includes(values.only)) continue;
      if (!canMake(archive)) console.log(`${archive.name}: left out, the machine has no zstd`);
      else {
        const path = makeArchive(archive, Number(values.megabytes), values.folder);
        cases.push(await caseOf(archive.name, path));
      }
    }
  }
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
    await ready();
    const bench = new Bench(browser, await floorSource());
    const rows: Row[] = [];
    for (const one of cases) {
      rows.push(await measure(bench, one, workers, Number(values.runs)));
      console.log(tableOf(rows.slice(-1), workers).split('\n').at(-1));
    }
    const table = tableOf(rows, workers);
    console.log(`\n${table}`);
    if (values.write) writePage(table, workers);
  } finally {
    await browser.close();
    server.kill();
  }
}

async function measure(bench: Bench, one: Case, workers: number, runs: number): Promise<Row> {
  const floors: number[] = [];
  const scans: Awaited<ReturnType<Bench['scan']>>[] = [];
  const alone: number[] = [];
  const node: number[] = [];
  readFileSync(one.path.length > 0 && one.size < 2 ** 31 ? one.path : '/dev/null'); // into the page cache
  for (let run = 0; run < runs; run++) {
    floors.push(await bench.floor(one, workers));
    scans.push(await bench.scan(one, workers));
    alone.push((await bench.scan(one, 1)).time);
    node.push(scanInNode(one.path));
  }
  return {
    name: one.name,
    size: one.size,
    floor: median(floors),
    scan: median(scans.map(({ time }) => time)),
    one: median(alone),
    node: median(node),
    memory: median(scans.map(({ memory }) => memory)),
    longest: median(scans.map(({ longest }) => longest)),
  };
}

function writePage(table: string, workers: number): void {
  const page = readFileSync(PAGE, 'utf8');
  const [before = '', rest = ''] = page.split(START);
  const after = rest.split(END)[1] ?? '';
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = Math.round(totalmem() / 2 ** 30);
  const machine = `${workers} cores of ${model}, ${memory} GiB, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}.`;
  writeFileSync(PAGE, `${before}${START}\n\n${machine}\n\n${table}\n\n${END}${after}`);
  console.log(`written to ${PAGE}`);
}
