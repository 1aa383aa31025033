/** `npm run --silent scan -- ARCHIVE`: the page's scan, in Node. Exit status as in the report's contract. */
import { openAsBlob, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { messageOf } from '../engine/archive/problem.ts';
import { withoutKnown } from '../engine/report/baseline.ts';
import { readReport } from '../engine/report/read-report.ts';
import { redact } from '../engine/report/redact.ts';
import type { Report } from '../engine/report/report.ts';
import { toSarif } from '../engine/report/sarif.ts';
import { toText } from '../engine/report/text.ts';
import { scanArchive } from '../engine/scan/scan-archive.ts';
import { SEVERITIES, type Severity } from '../engine/secrets/finding.ts';
import { ArgumentError, type Arguments, readArguments, USAGE } from './arguments.ts';
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
  const baseline = asked.baseline === undefined ? undefined : readBaseline(asked.baseline);
  const scanned = await scan(asked.archive);
  const report = baseline ? withoutKnown(scanned, baseline) : scanned;
  write(asked, render(asked, report));
  return asked.failOn !== undefined && reaches(report, asked.failOn) ? FOUND : RAN;
}

async function scan(path: string): Promise<Report> {
  const file = await openFile(path);
  const line = new ProgressLine(process.stderr);
  try {
    const { report } = await scanArchive(file, basename(path), (progress, archive) => {
      line.show(progress, archive);
    });
    return report;
  } finally {
    line.clear();
  }
}

async function openFile(path: string): Promise<Blob> {
  let isFile = false;
  try {
    isFile = statSync(path).isFile();
  } catch {
    throw new ArgumentError(`${path}: there is no such file`);
  }
  if (!isFile) throw new ArgumentError(`${path}: this is not a file`);
  return openAsBlob(path);
}

function readBaseline(path: string): Report {
  try {
    return readReport(readFileSync(path));
  } catch (error) {
    throw new ArgumentError(`${path}: ${messageOf(error)}`);
  }
}

function render(asked: Arguments, full: Report): string {
  const report = asked.secrets ? full : redact(full);
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

function reaches(report: Report, least: Severity): boolean {
  const limit = SEVERITIES.indexOf(least);
  return report.findings.some(({ severity }) => SEVERITIES.indexOf(severity) <= limit);
}

// openAsBlob is stable in all but name; its warning would be noise on standard error.
process.removeAllListeners('warning');
try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`porthole: ${messageOf(error).split('\n')[0]}\n`);
  process.exitCode = FAILED;
}
