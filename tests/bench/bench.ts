/**
 * `npm run bench -- [--part NAME] [--megabytes N] [--runs N] [--only TEXT] [--write] [FILE …]`: scans archives
 * in Chromium against the same browser reading (and decompressing) the same bytes and doing nothing with
 * them, in turn within one run. The ratio is what counts; machines differ, and so do their moods. Parts:
 * `archives` of every sort, `growth` from 100 MB to 4 GB, `formats` twice over, the `tree` of 500,000 files.
 * `--write` puts the tables into `docs/performance.md`.
 */
import { spawnSync } from 'node:child_process';
import { createReadStream, readFileSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { preview, type PreviewServer } from 'vite';
import { openFile } from '../../src/cli/file-source.ts';
import { openArchive } from '../../src/engine/image/open-archive.ts';
import { findChromium } from '../make/chromium.ts';
import {
  ARCHIVES,
  type BenchArchive,
  canMake,
  GROWING,
  makeArchive,
  MANY_FILES,
} from './archives.ts';
import { buildDoubled } from './doubled-formats.ts';
import { Bench, type Case, floorSource, type Scan } from './in-chromium.ts';
import { measureTree, type TreeFrames } from './tree-frames.ts';

const PAGE = 'docs/performance.md';

/** Medians of one archive; times in milliseconds, memory in bytes. */
interface Row {
  name: string;
  size: number;
  floor: number;
  /** With one worker. */
  floorAlone: number;
  scan: number;
  /** With one worker. */
  one: number;
  /** The command line. */
  node: number;
  memory: number;
  longest: number;
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
  const head = `| archive | size | floor | scan | ratio | ${workers} workers against one (floor) | command line | memory | longest task |`;
  const rule = '|---|---|---|---|---|---|---|---|---|';
  const lines = rows.map(({ name, size, floor, floorAlone, scan, one, node, memory, longest }) =>
    [
      '',
      name,
      megabytes(size),
      seconds(floor),
      seconds(scan),
      (scan / floor).toFixed(2),
      `${(one / scan).toFixed(2)} (${(floorAlone / floor).toFixed(2)})`,
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

/** What all parts are measured with. */
interface Setting {
  bench: Bench;
  /** The same with every format twice; built when it is asked for. */
  doubled: () => Promise<Bench>;
  workers: number;
  runs: number;
  megabytes: number;
  only: string;
  folder: string;
  steps: number[];
  files: string[];
}

/** Each part gives what it has to say, as Markdown. */
const PARTS: Record<string, (setting: Setting) => Promise<string>> = {
  archives: measureArchives,
  growth: measureGrowth,
  formats: measureFormats,
  tree: measureTrees,
};

/** Measures, and prints each part as it is done. */
export async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      part: { type: 'string', multiple: true, default: [] },
      megabytes: { type: 'string', default: '1000' },
      steps: { type: 'string', default: '100,500,1000,2000,4000' },
      runs: { type: 'string', default: '3' },
      only: { type: 'string', default: '' },
      folder: { type: 'string', default: join(tmpdir(), 'porthole-bench') },
      write: { type: 'boolean', default: false },
    },
  });
  const names = values.part.length > 0 ? values.part : Object.keys(PARTS);
  const wrong = names.find((name) => !(name in PARTS));
  if (wrong) throw new Error(`${wrong} is no part: ${Object.keys(PARTS).join(', ')}`);
  const servers: PreviewServer[] = [];
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    const source = await floorSource();
    const serve = async (outDir: string): Promise<Bench> => {
      const server = await preview({
        logLevel: 'error',
        build: { outDir },
        preview: { port: 4175 },
      });
      servers.push(server);
      return new Bench(browser, source, server.resolvedUrls?.local[0] ?? '');
    };
    const setting: Setting = {
      bench: await serve('dist'),
      doubled: async () => serve(await buildDoubled()),
      workers: cpus().length,
      runs: Number(values.runs),
      megabytes: Number(values.megabytes),
      only: values.only,
      folder: values.folder,
      steps: values.steps.split(',').map(Number),
      files: positionals,
    };
    for (const name of names) {
      const table = (await PARTS[name]?.(setting)) ?? '';
      console.log(`\n${table}\n`);
      if (values.write) writePart(name, table, setting);
    }
  } finally {
    await browser.close();
    for (const server of servers) await server.close();
  }
}

async function measureArchives(setting: Setting): Promise<string> {
  const { bench, workers, runs, only, megabytes: size, folder, files } = setting;
  const cases: Case[] = [];
  for (const path of files) cases.push(await caseOf(basename(path), resolve(path)));
  for (const archive of files.length > 0 ? [] : ARCHIVES) {
    if (!archive.name.includes(only)) continue;
    if (canMake(archive)) cases.push(await made(archive, size, folder));
    else console.log(`${archive.name}: left out, the machine has no zstd`);
  }
  const rows: Row[] = [];
  for (const one of cases) {
    rows.push(await measure(bench, one, workers, runs));
    console.log(tableOf(rows.slice(-1), workers).split('\n').at(-1));
  }
  return tableOf(rows, workers);
}

/** Time must grow as size does: what a megabyte takes stays the same. */
async function measureGrowth({ bench, workers, runs, steps, folder }: Setting): Promise<string> {
  const lines = [
    '| size | floor | scan | ratio | scan of 100 MB | memory | longest task |',
    '|---|---|---|---|---|---|---|',
  ];
  for (const step of steps) {
    const one = await made(GROWING, step, folder);
    const floors: number[] = [];
    const scans: Scan[] = [];
    const peaks: number[] = [];
    for (let run = 0; run < runs; run++) {
      floors.push(await bench.floor(one, workers));
      scans.push(await bench.scan(one, workers));
      peaks.push(await bench.memory(one, workers));
    }
    const { time, longest } = medians(scans);
    lines.push(
      `| ${[
        megabytes(one.size),
        seconds(median(floors)),
        seconds(time),
        (time / median(floors)).toFixed(2),
        seconds((time * 1e8) / one.size),
        megabytes(median(peaks)),
        `${Math.round(longest)} ms`,
      ].join(' | ')} |`,
    );
    console.log(lines.at(-1));
  }
  return lines.join('\n');
}

/** The whole table of formats twice, the second time with other literals, against the table once. */
async function measureFormats({
  bench,
  doubled,
  workers,
  runs,
  megabytes: size,
  folder,
}: Setting): Promise<string> {
  const twice = await doubled();
  const lines = ['| archive | table once | table twice | costs |', '|---|---|---|---|'];
  for (const archive of ARCHIVES.filter(
    ({ content, layers }) => content === 'text' || (layers === 2 && content === 'binary'),
  )) {
    const one = await made(archive, size, folder);
    const before: number[] = [];
    const after: number[] = [];
    for (let run = 0; run < runs; run++) {
      before.push((await bench.scan(one, workers)).time);
      after.push((await twice.scan(one, workers)).time);
    }
    const costs = (median(after) / median(before) - 1) * 100;
    lines.push(
      `| ${archive.name} | ${seconds(median(before))} | ${seconds(median(after))} | ${costs.toFixed(0)} % |`,
    );
    console.log(lines.at(-1));
  }
  return lines.join('\n');
}

/** 500,000 files: memory, and whether the tree keeps up with a person. */
async function measureTrees({
  bench,
  workers,
  runs,
  megabytes: size,
  folder,
}: Setting): Promise<string> {
  const one = await made(MANY_FILES, size, folder);
  const scans: Scan[] = [];
  const frames: TreeFrames[] = [];
  const peaks: number[] = [];
  for (let run = 0; run < runs; run++) {
    peaks.push(await bench.memory(one, workers));
    scans.push(
      await bench.scan(one, workers, async (page) => {
        frames.push(await measureTree(page));
      }),
    );
  }
  const { longest } = medians(scans);
  const frame = (pick: (one: TreeFrames) => number): string =>
    `${median(frames.map(pick)).toFixed(1)} ms`;
  return [
    '| 500,000 files | memory | longest task | frame while opening (p95) | filtering (p95) | scrolling (p95) | longest frame |',
    '|---|---|---|---|---|---|---|',
    `| ${megabytes(one.size)} | ${megabytes(median(peaks))} | ${Math.round(longest)} ms | ${frame(({ open }) => open)} | ${frame(({ filter }) => filter)} | ${frame(({ scroll }) => scroll)} | ${frame((all) => all.longest)} |`,
  ].join('\n');
}

const made = async (archive: BenchArchive, size: number, folder: string): Promise<Case> =>
  caseOf(archive.name, makeArchive(archive, size, folder));

function medians(scans: readonly Scan[]): Scan {
  return {
    time: median(scans.map(({ time }) => time)),
    longest: median(scans.map(({ longest }) => longest)),
  };
}

async function measure(bench: Bench, one: Case, workers: number, runs: number): Promise<Row> {
  const floors: number[] = [];
  const floorsAlone: number[] = [];
  const scans: Scan[] = [];
  const peaks: number[] = [];
  const alone: number[] = [];
  const node: number[] = [];
  for await (const _ of createReadStream(one.path)); // into the page cache
  for (let run = 0; run < runs; run++) {
    floors.push(await bench.floor(one, workers));
    floorsAlone.push(await bench.floor(one, 1));
    scans.push(await bench.scan(one, workers));
    peaks.push(await bench.memory(one, workers));
    alone.push((await bench.scan(one, 1)).time);
    node.push(scanInNode(one.path));
  }
  const { time, longest } = medians(scans);
  return {
    name: one.name,
    size: one.size,
    floor: median(floors),
    floorAlone: median(floorsAlone),
    scan: time,
    one: median(alone),
    node: median(node),
    memory: median(peaks),
    longest,
  };
}

/** Puts a part's table in its place on the page; the others stay as they are. */
function writePart(part: string, table: string, { workers, runs }: Setting): void {
  const [start, end] = [`<!-- bench:${part} -->`, '<!-- bench:end -->'];
  const page = readFileSync(PAGE, 'utf8');
  const from = page.indexOf(start) + start.length;
  const to = page.indexOf(end, from);
  if (from < start.length || to < 0) throw new Error(`${PAGE} has no place for ${part}`);
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = Math.round(totalmem() / 2 ** 30);
  const often = runs === 1 ? 'one run' : `${runs} runs`;
  const machine = `${workers} cores of ${model}, ${memory} GiB, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}, ${often}.`;
  writeFileSync(PAGE, `${page.slice(0, from)}\n\n${machine}\n\n${table}\n\n${page.slice(to)}`);
  console.log(`written to ${PAGE}`);
}
