/** `npm run --silent scan -- ARCHIVE`: the page's scan, in Node. Exit status as in the report's contract. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { messageOf } from '../engine/archive/problem.ts';
import type { ByteSource } from '../engine/archive/read-blob.ts';
import { folderArchive } from '../engine/image/folder-archive.ts';
import { withoutKnown } from '../engine/report/baseline.ts';
import { readReport } from '../engine/report/read-report.ts';
import { redact } from '../engine/report/redact.ts';
import type { Report } from '../engine/report/report.ts';
import { toSarif } from '../engine/report/sarif.ts';
import { toText } from '../engine/report/text.ts';
import { unreadLayers } from '../engine/report/unread-layers.ts';
import { type LayersScanner, scanArchive } from '../engine/scan/scan-archive.ts';
import { SEVERITIES, type Severity } from '../engine/secrets/finding.ts';
import { joined, openFile } from './file-source.ts';
import { ArgumentError, type Arguments, readArguments, USAGE } from './arguments.ts';
import { scanInThreads, servesAsThread, threadsFor } from './layer-threads.ts';
import { ProgressLine } from './progress-line.ts';

const RAN = 0;
const FOUND = 1;
const FAILED = 2;

async function main(): Promise<number> {
  const asked = readArguments(process.argv.slice(2), process.stdout.isTTY);
  if (asked === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return RAN;
  }
  if (asked.output !== undefined && resolve(asked.output) === resolve(asked.archive)) {
    throw new ArgumentError('--output names the archive itself, which would be overwritten');
  }
  const baseline = asked.baseline === undefined ? undefined : readBaseline(asked.baseline);
  const scanned = await scan(asked.archive, asked.verify);
  // Redacted before the baseline takes findings away: their secrets stand in commands and messages too.
  const safe = asked.secrets ? scanned : redact(scanned);
  const report = baseline ? withoutKnown(safe, baseline) : safe;
  write(asked, render(asked, report));
  warn(asked, report);
  return asked.failOn !== undefined && reaches(report, asked.failOn) ? FOUND : RAN;
}

async function scan(path: string, verify: boolean): Promise<Report> {
  const { source, folder } = openPath(path);
  const line = new ProgressLine(process.stderr);
  try {
    const show: Parameters<typeof scanArchive>[2] = (progress, archive) =>
      line.show(progress, archive);
    const threads = folder || verify ? 1 : threadsFor(source.size);
    const scanLayers: LayersScanner | undefined =
      threads > 1
        ? (archive, onProgress) => scanInThreads(path, archive, threads, onProgress)
        : undefined;
    const options = { folder, verify, scanLayers };
    const { report } = await scanArchive(source, basename(path), show, options);
    return report;
  } finally {
    line.clear();
  }
}

/** A file, or a folder that holds an unpacked layout. */
function openPath(path: string): { source: ByteSource; folder: boolean } {
  let folder = false;
  try {
    const found = statSync(path);
    folder = found.isDirectory();
    if (!folder && !found.isFile()) throw new ArgumentError(`${path}: this is no file`);
  } catch (error) {
    throw error instanceof ArgumentError
      ? error
      : new ArgumentError(`${path}: there is no such file`);
  }
  if (!folder) return { source: openFile(path), folder };
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  const files = entries.flatMap((entry) => {
    const full = join(entry.parentPath, entry.name);
    const name = relative(path, full).split(sep).join('/');
    return entry.isFile() ? [{ path: name, content: openFile(full) }] : [];
  });
  if (!files.some((file) => file.path === 'index.json' || file.path === 'manifest.json')) {
    throw new ArgumentError(
      `${path}: this folder is no image layout: it has no index.json and no manifest.json`,
    );
  }
  return { source: joined(folderArchive(files)), folder };
}

function readBaseline(path: string): Report {
  try {
    return readReport(readFileSync(path));
  } catch (error) {
    throw new ArgumentError(`${path}: ${messageOf(error)}`);
  }
}

function render(asked: Arguments, report: Report): string {
  switch (asked.format) {
    case 'json':
      return `${JSON.stringify(report, null, 2)}\n`;
    case 'sarif':
      return `${JSON.stringify(toSarif(report), null, 2)}\n`;
    case 'text':
      return toText(report);
  }
}

function write(asked: Arguments, text: string): void {
  if (asked.output !== undefined) writeFileSync(asked.output, text, { mode: 0o600 });
  else process.stdout.write(text);
}

/** Text says it by itself; other formats are read by programs, and who started them must know. */
function warn({ format, output }: Arguments, report: Report): void {
  const unread = unreadLayers(report).length;
  if (unread === 0 || (format === 'text' && output === undefined)) return;
  process.stderr.write(
    `porthole: ${unread} of ${report.layers.length} layers could not be read, or not wholly: see problems in the report\n`,
  );
}

function reaches(report: Report, least: Severity): boolean {
  const limit = SEVERITIES.indexOf(least);
  return report.findings.some(({ severity }) => SEVERITIES.indexOf(severity) <= limit);
}

if (!servesAsThread()) {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough (head) is no failure; a full disk is.
    if (error.code !== 'EPIPE') process.stderr.write(`porthole: ${error.message}\n`);
    process.exit(error.code === 'EPIPE' ? RAN : FAILED);
  });

  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(`porthole: ${messageOf(error).split('\n')[0]}\n`);
    process.exitCode = FAILED;
  }
}
