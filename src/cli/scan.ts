/** `npm run --silent scan -- ARCHIVE`: the page's scan, in Node. Exit status as in the report's contract. */
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { messageOf, type Problem } from '../engine/archive/problem.ts';
import type { ByteSource } from '../engine/archive/read-blob.ts';
import { folderArchive } from '../engine/image/folder-archive.ts';
import { withoutKnown } from '../engine/report/baseline.ts';
import { readReport } from '../engine/report/read-report.ts';
import { redact } from '../engine/report/redact.ts';
import type { Report } from '../engine/report/report.ts';
import { toSarif } from '../engine/report/sarif.ts';
import { toText } from '../engine/report/text.ts';
import { counted } from '../engine/report/text-lines.ts';
import { exchangedLayers, unreadLayers, unreadText } from '../engine/report/unread-layers.ts';
import { type LayersScanner, scanArchive, VERSION } from '../engine/scan/scan-archive.ts';
import { SEVERITIES, type Severity } from '../engine/secrets/finding.ts';
import { ArgumentError, type Arguments, HELP, readArguments } from './arguments.ts';
import { fileMessage, fileTrouble } from './file-message.ts';
import { joined, openFile } from './file-source.ts';
import { scanInThreads, servesAsThread, threadsFor } from './layer-threads.ts';
import { readLayoutFolder } from './layout-folder.ts';
import { ProgressLine } from './progress-line.ts';
import { spool, STANDARD_INPUT } from './standard-input.ts';
import { tierUpLater } from './tier-up.ts';
import { isSameFile, writeReport } from './write-report.ts';

const RAN = 0;
const FOUND = 1;
const FAILED = 2;

async function main(): Promise<number> {
  const asked = readArguments(process.argv.slice(2), process.stdout.isTTY);
  if (asked === 'help' || asked === 'version') {
    process.stdout.write(asked === 'help' ? HELP : `porthole ${VERSION}\n`);
    return RAN;
  }
  if (asked.output !== undefined && isSameFile(asked.output, asked.archive)) {
    throw new ArgumentError('--output names the archive itself, which would be overwritten');
  }
  const baseline = asked.baseline === undefined ? undefined : readBaseline(asked.baseline);
  const scanned = await scanInput(asked);
  // Redacted before the baseline takes findings away: their secrets stand in commands and messages too.
  const safe = asked.secrets ? scanned : redact(scanned);
  const report = baseline ? withoutKnown(safe, baseline) : safe;
  const status = asked.failOn !== undefined && reaches(report, asked.failOn) ? FOUND : RAN;
  // Before a reader of standard output that wants no more can end the program.
  process.exitCode = status;
  const text = render(asked, report);
  if (asked.output === undefined) process.stdout.write(text);
  else writeReport(asked.output, text);
  warn(asked, report);
  return status;
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
  const { source, folder, problems } = openPath(path);
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
    return { ...report, problems: [...problems, ...report.problems] };
  } catch (error) {
    const [lost] = problems;
    if (!lost) throw error;
    const also = `Of the folder, ${lost.path ?? ''} could not be read.`;
    throw new Error(`${messageOf(error)} ${also}`, { cause: error });
  } finally {
    line.clear();
  }
}

/** A file, or a folder that holds an unpacked layout, and what of that could not be opened. */
function openPath(path: string): { source: ByteSource; folder: boolean; problems: Problem[] } {
  try {
    const found = statSync(path);
    if (found.isDirectory()) {
      const { files, problems } = readLayoutFolder(path);
      return { source: joined(folderArchive(files)), folder: true, problems };
    }
    if (!found.isFile()) throw new ArgumentError(`${path}: this is no file`);
    return { source: openFile(path), folder: false, problems: [] };
  } catch (error) {
    throw error instanceof ArgumentError ? error : new ArgumentError(fileMessage(path, error));
  }
}

function readBaseline(path: string): Report {
  try {
    return readReport(readFileSync(path));
  } catch (error) {
    throw new ArgumentError(fileMessage(path, error));
  }
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

/** Text says it by itself; other formats are read by programs, and who started them must know. */
function warn({ format, output }: Arguments, report: Report): void {
  if (format === 'text' && output === undefined) return;
  const say = (what: string, how: string): void => {
    if (what !== '') process.stderr.write(`porthole: ${what} ${how}: see problems in the report\n`);
  };
  const exchanged = exchangedLayers(report).length;
  say(unreadText(unreadLayers(report)), 'could not be read, or not wholly');
  say(exchanged > 0 ? counted(exchanged, 'layer') : '', 'did not verify, by their digests');
}

function reaches(report: Report, least: Severity): boolean {
  const limit = SEVERITIES.indexOf(least);
  return report.findings.some(({ severity }) => SEVERITIES.indexOf(severity) <= limit);
}

if (!servesAsThread()) {
  tierUpLater();
  process.stderr.on('error', () => undefined); // nobody hears what goes wrong there, and the status stays
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough (head) is no failure; a full disk is.
    if (error.code === 'EPIPE') process.exit();
    process.stderr.write(`porthole: standard output: ${fileTrouble(error)}\n`);
    process.exit(FAILED);
  });

  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(`porthole: ${messageOf(error).split('\n')[0]}\n`);
    process.exitCode = FAILED;
  }
}
