/** A report as lines for a terminal. Control characters of an image's names never reach it. */
import { SEVERITIES } from '../secrets/finding.ts';
import { adviceGroups } from './advice-text.ts';
import { findingLines, layersWithFindings } from './finding-lines.ts';
import type { Finding, Report, ReportImage } from './report.ts';
import { counted, imageName, short, wrapped } from './text-lines.ts';
import { exchangedLayers, unreadLayers, unreadText } from './unread-layers.ts';

const MOST_PROBLEMS = 50;
const MOST_PATTERNS = 30;

/** How a report is written. */
export interface TextOptions {
  /** Whether severities are coloured with the escape sequences of ECMA-48. */
  colour?: boolean;
}

/** The whole report as text, ending in a newline. */
export function toText(report: Report, { colour = false }: TextOptions = {}): string {
  const lines = [
    ...headLines(report),
    '',
    ...findingLines(report),
    ...adviceLines(report.findings),
    ...ignoreLines(report.images),
    ...problemLines(report),
    ...ledgerLines(report),
    summaryLine(report),
  ].map(printable);
  return `${(colour ? lines.map(coloured) : lines).join('\n')}\n`;
}

function headLines(report: Report): string[] {
  const { archive, images, layers } = report;
  const lines = [
    `${archive.name}: ${archive.form}, ${counted(images.length, 'image')}, ${counted(layers.length, 'layer')}`,
  ];
  for (const image of images)
    lines.push(`  ${imageName(image)}  ${image.platform}  ${image.id.slice(0, 19)}`);
  lines.push(summaryLine(report));
  for (const { index, createdBy } of layersWithFindings(report))
    lines.push(`  layer ${index + 1}  ${short(createdBy) || '(no command)'}`);
  for (const { archive: whole, index, createdBy, wholly, messages } of unreadLayers(report)) {
    const what = wholly ? 'NOT READ' : 'NOT WHOLLY READ';
    const name = whole ? 'the archive' : layerName(index, createdBy);
    lines.push(`${what}  ${name}: ${messages.join(' ')}`);
  }
  for (const { index, createdBy, message } of exchangedLayers(report))
    lines.push(`NOT AS NAMED  ${layerName(index, createdBy)}: ${message}`);
  return lines;
}

function layerName(index: number | undefined, createdBy: string): string {
  const by = createdBy === '' ? '' : ` (${short(createdBy)})`;
  return `${index === undefined ? 'a layer' : `layer ${index + 1}`}${by}`;
}

function adviceLines(findings: readonly Finding[]): string[] {
  const groups = adviceGroups(findings);
  if (groups.length === 0) return [];
  const lines = groups.flatMap(({ heading, steps }) => [
    ...wrapped(heading, '  ', '  '),
    ...steps.flatMap((step) => wrapped(step, '    > ', '      ')),
  ]);
  return ['What to do:', ...lines, ''];
}

/** What would have kept needless files out of the images; the same lines stand once. */
function ignoreLines(images: readonly ReportImage[]): string[] {
  const byPatterns = new Map<string, ReportImage[]>();
  for (const image of images) {
    if (!image.dockerignore) continue;
    const patterns = image.dockerignore.text.replace(/^#.*\n/gm, '');
    byPatterns.set(patterns, [...(byPatterns.get(patterns) ?? []), image]);
  }
  return [...byPatterns].flatMap(([text, those]) => {
    const patterns = text.split('\n').filter((pattern) => pattern !== '');
    const kept = those.map((image) => {
      const { files = 0, bytes = 0 } = image.dockerignore ?? {};
      return `${counted(files, 'file')} (${counted(bytes, 'byte')}) out of ${imageName(image)}`;
    });
    const more = patterns.length - MOST_PATTERNS;
    return [
      `.dockerignore that would have kept ${kept.join(', ')}:`,
      ...patterns.slice(0, MOST_PATTERNS).map((pattern) => `    ${pattern}`),
      ...(more > 0
        ? [`    and ${counted(more, 'more line')}, all of them in the JSON report`]
        : []),
      '',
    ];
  });
}

function problemLines({ problems }: Report): string[] {
  const lines = problems
    .slice(0, MOST_PROBLEMS)
    .map(({ message, path }) => `problem: ${message}${path ? ` (${path})` : ''}`);
  const more = problems.length - MOST_PROBLEMS;
  if (more > 0) lines.push(`and ${counted(more, 'more problem')}, all of them in the JSON report`);
  return lines;
}

function ledgerLines({ totals }: Report): string[] {
  const text = (what: string, { files, bytes }: { files: number; bytes: number }): string =>
    `${what} ${files.toLocaleString('en')} (${counted(bytes, 'byte')})`;
  const scanned = Object.entries(totals.scanned ?? {}).filter(([, { files }]) => files > 0);
  const skipped = Object.entries(totals.notScanned ?? {}).map(
    ([why, { files, bytes }]) =>
      `not scanned as what it is: ${why}: ${counted(files, 'file')}, ${counted(bytes, 'byte')}`,
  );
  const parts = scanned.map(([what, amount]) => text(SCANNED[what] ?? what, amount)).join(', ');
  return [...(parts === '' ? [] : wrapped(`files scanned: ${parts}`, '', '  ')), ...skipped];
}

const SCANNED: Record<string, string> = { nested: 'files inside others' };

function summaryLine(report: Report): string {
  const { totals, problems } = report;
  const counts = SEVERITIES.flatMap((severity) => {
    const count = totals.bySeverity[severity];
    return count ? [`${count} ${severity}`] : [];
  });
  const clean = problems.length > 0 ? 'nothing found in what could be read' : 'no secrets found';
  const unread = unreadText(unreadLayers(report));
  const exchanged = exchangedLayers(report).length;
  const layers = [
    ...(unread === '' ? [] : [`; ${unread} not wholly read`]),
    ...(exchanged > 0 ? [`; ${counted(exchanged, 'layer')} not as named`] : []),
  ].join('');
  return `${counts.length > 0 ? counts.join(', ') : clean}${layers}; ${counted(totals.files, 'file')}, ${counted(totals.bytes, 'byte')} in ${totals.seconds} s`;
}

const COLOURS: Record<string, string> = {
  CRITICAL: '1;31',
  HIGH: '31',
  MEDIUM: '33',
  LOW: '36',
  INFO: '2',
  'NOT READ': '1;31',
  'NOT WHOLLY READ': '1;31',
  'NOT AS NAMED': '1;31',
};

/** A line with its severity coloured; only those begin with one and two spaces. */
function coloured(line: string): string {
  return line.replace(
    /^(?:[A-Z]+|NOT (?:WHOLLY )?READ|NOT AS NAMED)(?= {2})/,
    (word) => `\x1b[${COLOURS[word] ?? '0'}m${word}\x1b[0m`,
  );
}

/** Without control characters and marks that turn the direction of text. */
function printable(line: string): string {
  return line.replace(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}
