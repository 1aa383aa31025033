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
import { type LayersScanner, scanArchive, VERSION } from '../engine/scan/scan-archive.ts';
import { SEVERITIES, type Severity } from '../engine/secrets/finding.ts';
import { joined, openFile } from './file-source.ts';
import { ArgumentError, type Arguments, HELP, readArguments } from './arguments.ts';
import { scanInThreads, servesAsThread, threadsFor } from './layer-threads.ts';
import { ProgressLine } from './progress-line.ts';
import { spool, STANDARD_INPUT } from './standard-input.ts';
import { tierUpLater } from './tier-up.ts';

const RAN = 0;
const FOUND = 1;
const FAILED = 2;

async function main(): Promise<number> {
  const asked = readArguments(process.argv.slice(2), process.stdout.isTTY);
  if (asked === 'help' || asked === 'version') {
    process.stdout.write(asked === 'help' ? HELP : `porthole ${VERSION}\n`);
    return RAN;
  }
  if (asked.output !== undefined && resolve(asked.output) === resolve(asked.archive)) {
    throw new ArgumentError('--output names the archive itself, which would be overwritten');
  }
  const baseline = asked.baseline === undefined ? undefined : readBaseline(asked.baseline);
  const scanned = await scanInput(asked);
  // Redacted before the baseline takes findings away: their secrets stand in commands and messages too.
  const safe = asked.secrets ? scanned : redact(scanned);
  const report = baseline ? withoutKnown(safe, baseline) : safe;
  write(asked, render(asked, report));
  warn(asked, report);
  return asked.failOn !== undefined && reaches(report, asked.failOn) ? FOUND : RAN;
}

async function scanInput({ archive, verify }: Arguments): Promise<Report> {
  if (archive !== STANDARD_INPUT) return scan(archive, basename(archive), verify);
  const { path, remove } = await spool(process.stdin);
  try {
    return await scan(path, 'standard input', verify);
  } finally {
    remove();
  }
}

async function scan(path: string, name: string, verify: boolean): Promise<Report> {
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
    const { report } = await scanArchive(source, name, show, options);
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
    throw error instanceof ArgumentError ? error : new ArgumentError(fileMessage(path, error));
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
    throw new ArgumentError(fileMessage(path, error));
  }
}

const FILE_ERRORS: Record<string, string> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'it may not be opened',
  EPERM: 'it may not be opened',
  EISDIR: 'this is a folder',
  ENOSPC: 'the disk is full',
  EROFS: 'the disk is read-only',
};

/** What went wrong with a file, for a person. */
function fileMessage(path: string, error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  return `${path}: ${FILE_ERRORS[code] ?? messageOf(error)}`;
}

function render(asked: Arguments, report: Report): string {
  switch (asked.format) {
    case 'json':
      return `${JSON.stringify(report, null, 2)}\n`;
    case 'sarif':
      return `${JSON.stringify(toSarif(report), null, 2)}\n`;
    case 'text':
      return toText(report, { colour: colours(asked) });
  }
}

/** Only for a terminal, and not where the person at it does not want them (no-color.org). */
function colours({ output }: Arguments): boolean {
  const { NO_COLOR = '', TERM } = process.env;
  return output === undefined && process.stdout.isTTY && NO_COLOR === '' && TERM !== 'dumb';
}

function write({ output }: Arguments, text: string): void {
  if (output === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(output, text, { mode: 0o600 });
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const message = missing ? `${output}: there is no such folder` : fileMessage(output, error);
    throw new ArgumentError(message);
  }
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
  tierUpLater();
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
