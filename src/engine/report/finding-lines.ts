/**
 * Findings as lines of text. Those of one kind stand under one heading, with what holds of all of them said
 * once; each takes a line, under its layer and its file, and where a file has many, their lines are listed.
 */
import { bindingText } from './binding-text.ts';
import type { Finding, FindingCategory, Place, Report, ReportLayer } from './report.ts';
import { counted, imageName, wrapped } from './text-lines.ts';

const MOST_PLACES = 20; // of one finding; of what is no secret, fewer
const MOST_FILES = 5;
const MOST_IN_FILE = 8; // findings of one kind in one file that have lines of their own
const SHORT_FACTS = 40; // characters of facts that stand on their finding's line
const LONGEST_SECRET = 160; // characters of a secret that are shown as they are
const SHOWN_ENDS = 24; // characters of each end of a longer one

/** The layers in which something was found, or in the steps of the history that made them. */
export function layersWithFindings({ findings, layers }: Report): ReportLayer[] {
  const places = findings.flatMap((finding) => finding.places);
  const digests = new Set(places.flatMap(({ layer, stepLayer }) => [layer, stepLayer]));
  return layers.filter(({ digest }) => digests.has(digest));
}

/** All findings, in groups with an empty line behind each. */
export function findingLines(report: Report): string[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of report.findings)
    listFor(groups, `${finding.severity} ${finding.confidence} ${finding.title}`).push(finding);
  return [...groups.values()].flatMap((group) => [...groupLines(group, report), '']);
}

/** A group has at least one finding. */
function groupLines(group: readonly Finding[], report: Report): string[] {
  const [first, ...more] = group as [Finding, ...Finding[]];
  const { severity, title, confidence } = first;
  const shared = first.why.filter((why) => more.every((one) => one.why.includes(why)));
  const head = more.length > 0 ? counted(group.length, 'finding') : shownSecret(first.secret);
  const lines = [
    `${severity.toUpperCase()}  ${title}  ${head}`,
    ...wrapped([CONFIDENCE[confidence], ...said(shared)].join(': '), '  ', '    '),
  ];
  if (more.length === 0)
    return [...lines, ...factLines(first, '  '), ...placesOf(first, report, '  ')];
  const alike = new Map<string, Finding[]>();
  for (const finding of group) {
    const [place, ...others] = finding.places;
    if (place && others.length === 0) listFor(alike, headOf(place, report)).push(finding);
    else lines.push(...ownLines(finding, shared, report));
  }
  for (const [layer, findings] of alike) {
    const byFile = new Map<string, Finding[]>();
    for (const one of findings) listFor(byFile, pathOf(one.places[0] as Place)).push(one);
    lines.push(`  ${layer}:`);
    for (const [path, inFile] of byFile) {
      inFile.sort((a, b) => lineIn(a) - lineIn(b));
      lines.push(...fileLines(path, inFile, shared));
    }
  }
  return lines;
}

/** A finding of a group that stands in several places. */
function ownLines(finding: Finding, shared: readonly string[], report: Report): string[] {
  const own = [shownSecret(finding.secret), ...said(ownReasons(finding, shared))].join('  ');
  return [`  ${own}`, ...factLines(finding, '    '), ...placesOf(finding, report, '    ')];
}

/** Findings of a group that stand in one file, each in one place. */
function fileLines(
  path: string,
  findings: readonly Finding[],
  shared: readonly string[],
): string[] {
  const folds = findings.length > MOST_IN_FILE;
  const whole = folds ? findings.slice(0, MOST_FILES) : findings;
  const single = findings.length === 1;
  const lines = whole.flatMap((finding) => {
    const place = finding.places[0] as Place;
    const line = lineOf(place);
    const where = single ? positionOf(place) : `  ${line === undefined ? '-' : `:${line}`}`;
    const parts = [
      where,
      shownSecret(finding.secret),
      ...(place.python ? [bindingText(place.python, finding.category)] : []),
      ...said(ownReasons(finding, shared)),
    ];
    const facts = factLines(finding, '        ');
    const [fact = ''] = facts;
    if (facts.length === 1 && fact.trim().length <= SHORT_FACTS)
      return [`    ${[...parts, fact.trim()].join('  ')}`];
    return [`    ${parts.join('  ')}`, ...facts];
  });
  if (folds) {
    const rest = findings.slice(whole.length);
    const numbers = rest.flatMap(({ places }) => lineOf(places[0] as Place) ?? []);
    const at = numbers.length > 0 ? `, lines ${ranges(numbers)}` : '';
    lines.push(...wrapped(`and ${rest.length} more${at}`, '      ', '        '));
  }
  return single ? lines : [`    ${path}`, ...lines];
}

function ownReasons({ why }: Finding, shared: readonly string[]): string[] {
  return why.filter((one) => !shared.includes(one));
}

/** Reasons as one part of a line, if there are any. */
function said(reasons: readonly string[]): string[] {
  return reasons.length > 0 ? [reasons.join('; ')] : [];
}

function factLines({ facts }: Finding, indent: string): string[] {
  const known = Object.entries(facts).map(([key, value]) => `${key} ${value}`);
  const last = known.length - 1;
  const listed = known.map((fact, i) => (i < last ? `${fact},` : fact));
  return known.length > 0 ? wrapped(listed, indent, `${indent}  `) : [];
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

/** A finding's places under their layers; the lines of one file that hold it stand together. */
function placesOf({ places, category }: Finding, report: Report, indent: string): string[] {
  const most = category === 'hygiene' ? MOST_FILES : MOST_PLACES;
  const byLayer = new Map<string, Place[]>();
  for (const place of places.slice(0, most)) listFor(byLayer, headOf(place, report)).push(place);
  const lines = [...byLayer].flatMap(([head, group]) => {
    const texts = placeTexts(group, category);
    if (texts.length === 1) return [`${indent}${head}: ${texts[0]}`];
    return [`${indent}${head}:`, ...texts.map((text) => `${indent}  ${text}`)];
  });
  const more = places.length - most;
  if (more > 0)
    lines.push(`${indent}  and ${counted(more, 'more place')}, all of them in the JSON report`);
  return lines;
}

/** `a.py:1, 5`, and those of bytecode each for itself. */
function placeTexts(places: readonly Place[], category: FindingCategory): string[] {
  const byFile = new Map<string, number[]>();
  const texts: string[] = [];
  for (const place of places) {
    const line = lineOf(place);
    if (place.python) texts.push(`${positionOf(place)}  ${bindingText(place.python, category)}`);
    else if (line === undefined) texts.push(pathOf(place));
    else listFor(byFile, pathOf(place)).push(line);
  }
  const inText = [...byFile].map(([path, lines]) => `${path}:${ranges(lines)}`);
  return [...inText, ...new Set(texts)];
}

/** `layer 3, present`. */
function headOf(place: Place, report: Report): string {
  return `${layerText(place, report)}, ${stateText(place, report)}`;
}

function layerText(place: Place, report: Report): string {
  const { stepLayer } = place;
  if (place.layer === null)
    return stepLayer === undefined
      ? 'image configuration'
      : `image configuration, of the step that made ${layerName(stepLayer, report)}`;
  const name = layerName(place.layer, report);
  const origin = place.images.some((image) => image.origin === 'base') ? ' of the base image' : '';
  return `${name}${origin}`;
}

function layerName(digest: string, { layers }: Report): string {
  const layer = layers.find((one) => one.digest === digest);
  return layer ? `layer ${layer.index + 1}` : `layer ${digest.slice(0, 19)}`;
}

/** `present in a:1, a:2; deleted in a:3`, or the state alone where there is but one image. */
function stateText(place: Place, report: Report): string {
  const states = new Map<string, string[]>();
  for (const { id, state } of place.images) {
    const image = report.images.find((one) => one.id === id);
    listFor(states, state).push(image ? imageName(image) : id.slice(0, 19));
  }
  const [only] = states.keys();
  if (report.images.length === 1 && only !== undefined) return only;
  return [...states].map(([state, names]) => `${state} in ${names.join(', ')}`).join('; ');
}

function lineOf({ line, python }: Place): number | undefined {
  return line ?? python?.line ?? undefined;
}

function lineIn({ places: [place] }: Finding): number {
  return (place && lineOf(place)) ?? 0;
}

function positionOf(place: Place): string {
  const line = lineOf(place);
  return line === undefined ? pathOf(place) : `${pathOf(place)}:${line}`;
}

/** A file's path, or what of an image's configuration a place is. */
function pathOf({ path, kind, key = '' }: Place): string {
  if (path !== undefined) return path;
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

/** `1, 5-7, 9`. */
function ranges(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && number === last[1] + 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}

/** Keys have many lines: their ends are written out as in source code. */
function oneLine(value: string): string {
  return value.replaceAll('\r', '\\r').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

function listFor<Value>(lists: Map<string, Value[]>, key: string): Value[] {
  let list = lists.get(key);
  if (!list) lists.set(key, (list = []));
  return list;
}
