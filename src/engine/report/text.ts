/** A report as lines for a terminal. Control characters of an image's names never reach it. */
import { SEVERITIES } from '../secrets/finding.ts';
import { adviceGroups } from './advice-text.ts';
import { bindingText } from './binding-text.ts';
import type { Finding, Place, Report, ReportImage } from './report.ts';
import { unreadLayers } from './unread-layers.ts';

const WIDTH = 100; // characters of a line of prose; paths and values are never broken
const MOST_PLACES = 20; // of one finding; of what is no secret, fewer
const MOST_FILES = 5;
const MOST_PROBLEMS = 50;
const MOST_PATTERNS = 30;
const LONGEST_COMMAND = 100;
const LONGEST_SECRET = 160; // characters of a secret that are shown as they are
const SHOWN_ENDS = 24; // characters of each end of a longer one

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
    ...report.findings.flatMap((finding) => [...findingLines(finding, report), '']),
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
  for (const { index, createdBy, wholly, messages } of unreadLayers(report)) {
    const by = createdBy === '' ? '' : ` (${short(createdBy)})`;
    const name = index === undefined ? 'a layer' : `layer ${index + 1}`;
    lines.push(`${wholly ? 'NOT READ' : 'NOT WHOLLY READ'}  ${name}${by}: ${messages.join(' ')}`);
  }
  return lines;
}

function findingLines(finding: Finding, report: Report): string[] {
  const { severity, title, secret, confidence, why, facts, category } = finding;
  const lines = [
    `${severity.toUpperCase()}  ${title}  ${shownSecret(secret)}`,
    ...wrapped(`${CONFIDENCE[confidence]}: ${why.join('; ')}`, '  ', '    '),
  ];
  const known = Object.entries(facts).map(([key, value]) => `${key} ${value}`);
  const last = known.length - 1;
  const listed = known.map((fact, i) => (i < last ? `${fact},` : fact));
  if (known.length > 0) lines.push(...wrapped(listed, '  ', '    '));
  const most = category === 'hygiene' ? MOST_FILES : MOST_PLACES;
  lines.push(...placeLines(finding.places.slice(0, most), report));
  const more = finding.places.length - most;
  if (more > 0)
    lines.push(`    and ${counted(more, 'more place')}, all of them in the JSON report`);
  return lines;
}

const CONFIDENCE: Record<Finding['confidence'], string> = {
  certain: 'certain',
  high: 'high confidence',
  medium: 'medium confidence',
  low: 'low confidence',
};

/** A secret on one line; of a long one, as keys are, both ends and its length. */
function shownSecret({ value, preview }: Finding['secret']): string {
  if (value === undefined) return oneLine(preview);
  if (value.length <= LONGEST_SECRET && !/^-----BEGIN /.test(value)) return oneLine(value);
  const mark = /^-----BEGIN [^-]+-----/.exec(value)?.[0] ?? '';
  const end = mark === '' ? -1 : value.indexOf('-----END ');
  const body = value.slice(mark.length, end < 0 ? undefined : end).trim();
  const ends = `${body.slice(0, SHOWN_ENDS)}…${body.slice(-SHOWN_ENDS)}`;
  return `${oneLine(`${mark} ${ends}`.trim())} (${counted(value.length, 'character')})`;
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

/** The places under their layers; a layer's command and the states of its places stand once. */
function placeLines(places: readonly Place[], report: Report): string[] {
  const groups = new Map<string, Place[]>();
  for (const place of places) {
    const head = `  ${layerText(place, report)}: ${stateText(place, report)}`;
    const group = groups.get(head);
    if (group) group.push(place);
    else groups.set(head, [place]);
  }
  return [...groups].flatMap(([head, group]) => [
    head,
    ...group.map((place) => `    ${whereText(place)}`),
  ]);
}

function layerText(place: Place, report: Report): string {
  if (place.layer === null) return 'image configuration';
  const layer = report.layers.find(({ digest }) => digest === place.layer);
  const name = layer ? `layer ${layer.index + 1}` : `layer ${place.layer.slice(0, 19)}`;
  const origin = place.images.some((image) => image.origin === 'base') ? ', of the base image' : '';
  return layer?.createdBy ? `${name} (${short(layer.createdBy)})${origin}` : `${name}${origin}`;
}

/** `present in a:1, a:2; deleted in a:3`, or the state alone where there is but one image. */
function stateText(place: Place, report: Report): string {
  const states = new Map<string, string[]>();
  for (const { id, state } of place.images) {
    const image = report.images.find((one) => one.id === id);
    states.set(state, [...(states.get(state) ?? []), image ? imageName(image) : id.slice(0, 19)]);
  }
  const [only] = states.keys();
  if (report.images.length === 1 && only !== undefined) return only;
  return [...states].map(([state, names]) => `${state} in ${names.join(', ')}`).join('; ');
}

function whereText(place: Place): string {
  const where = place.path ?? keyText(place);
  const line = place.line ?? place.python?.line ?? undefined;
  const position = line === undefined ? where : `${where}:${line}`;
  return place.python ? `${position}  ${bindingText(place.python)}` : position;
}

/** What of an image's configuration a place is. */
function keyText({ kind, key = '' }: Place): string {
  switch (kind) {
    case 'environment':
      return `environment variable ${key}`;
    case 'history':
      return `step ${key} of the history`;
    case 'label':
      return `label ${key}`;
    default:
      return key;
  }
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
  const unread = unreadLayers(report).length;
  const layers = unread > 0 ? `; ${counted(unread, 'layer')} not wholly read` : '';
  return `${counts.length > 0 ? counts.join(', ') : clean}${layers}; ${counted(totals.files, 'file')}, ${counted(totals.bytes, 'byte')} in ${totals.seconds} s`;
}

function imageName({ names, id }: ReportImage): string {
  return names.join(', ') || `untagged ${id.slice(7, 19)}`;
}

function short(command: string): string {
  const line = command.replace(/\s+/g, ' ');
  return line.length > LONGEST_COMMAND ? `${line.slice(0, LONGEST_COMMAND - 1)}…` : line;
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
}

/** Keys have many lines: their ends are written out as in source code. */
function oneLine(value: string): string {
  return value.replaceAll('\r', '\\r').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

/** Breaks prose between its words, or the parts given, where it would run over the width. */
function wrapped(text: string | readonly string[], first: string, next: string): string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of typeof text === 'string' ? text.split(' ') : text) {
    if (!empty && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = next;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}

const COLOURS: Record<string, string> = {
  CRITICAL: '1;31',
  HIGH: '31',
  MEDIUM: '33',
  LOW: '36',
  INFO: '2',
  'NOT READ': '1;31',
  'NOT WHOLLY READ': '1;31',
};

/** A line with its severity coloured; only those begin with one and two spaces. */
function coloured(line: string): string {
  return line.replace(
    /^(?:[A-Z]+|NOT (?:WHOLLY )?READ)(?= {2})/,
    (word) => `\x1b[${COLOURS[word] ?? '0'}m${word}\x1b[0m`,
  );
}

/** Without control characters and marks that turn the direction of text. */
function printable(line: string): string {
  return line.replace(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}
