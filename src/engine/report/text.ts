/** A report as lines for a terminal. Control characters of an image's names never reach it. */
import { SEVERITIES } from '../secrets/finding.ts';
import type { Finding, Place, Report } from './report.ts';

/** The whole report as text, ending in a newline. */
export function toText(report: Report): string {
  const lines: string[] = [];
  const { archive, totals } = report;
  lines.push(
    `${archive.name}: ${archive.form}, ${report.images.length} image(s), ${report.layers.length} layer(s)`,
  );
  for (const image of report.images) {
    lines.push(
      `  ${image.names.join(', ') || 'untagged'}  ${image.platform}  ${image.id.slice(0, 19)}`,
    );
  }
  lines.push('');
  for (const finding of report.findings) lines.push(...findingLines(finding, report), '');
  for (const problem of report.problems) {
    lines.push(`problem: ${problem.message}${problem.path ? ` (${problem.path})` : ''}`);
  }
  const counts = SEVERITIES.flatMap((severity) => {
    const count = totals.bySeverity[severity];
    return count ? [`${count} ${severity}`] : [];
  });
  const clean =
    report.problems.length > 0 ? 'nothing found in what could be read' : 'no secrets found';
  const found = counts.length > 0 ? counts.join(', ') : clean;
  lines.push(`${found}; ${totals.files} files, ${totals.bytes} bytes in ${totals.seconds} s`);
  return `${lines.map(printable).join('\n')}\n`;
}

function findingLines(finding: Finding, report: Report): string[] {
  const value = oneLine(finding.secret.value ?? finding.secret.preview);
  return [
    `${finding.severity.toUpperCase()}  ${finding.title}  ${value}  (confidence ${finding.confidence})`,
    ...finding.why.map((why) => `    ${why}`),
    ...finding.places.map((place) => `  at ${placeText(place, report)}`),
    ...finding.advice.steps.map((step) => `  do ${step}`),
  ];
}

function placeText(place: Place, report: Report): string {
  const states = place.images.map(({ id, state }) => {
    const name = report.images.find((image) => image.id === id)?.names[0] ?? id.slice(0, 19);
    return `${state} in ${name}`;
  });
  const where = place.path ?? `${place.kind} ${place.key ?? ''}`;
  const line = place.line ? `:${place.line}` : '';
  const layer = report.layers.find(({ digest }) => digest === place.layer);
  const by = layer?.createdBy ? ` (layer ${layer.index + 1}: ${layer.createdBy})` : '';
  const python = place.python
    ? `, ${place.python.binding} ${place.python.name} in ${place.python.qualname}, source ${place.python.source}`
    : '';
  return `${where}${line}${by}${python}: ${states.join(', ')}`;
}

/** Keys have many lines: their ends are written out as in source code. */
function oneLine(value: string): string {
  return value.replaceAll('\r', '\\r').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

/** Without control characters and marks that turn the direction of text. */
function printable(line: string): string {
  return line.replace(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}
