/** Comparing with an earlier report: what it already knew is left out. */
import type { Report } from './report.ts';

/** A copy without the findings that `baseline` has, place for place; a new place keeps its finding. */
export function withoutKnown(report: Report, baseline: Report): Report {
  const known = new Map(baseline.findings.map((finding) => [finding.id, finding]));
  const findings = report.findings.flatMap((finding) => {
    const before = known.get(finding.id);
    if (!before) return [finding];
    const seen = new Set(before.places.map(placeKey));
    const places = finding.places.filter((place) => !seen.has(placeKey(place)));
    return places.length > 0 ? [{ ...finding, places }] : [];
  });
  const bySeverity: Report['totals']['bySeverity'] = {};
  for (const { severity } of findings) bySeverity[severity] = (bySeverity[severity] ?? 0) + 1;
  return { ...report, findings, totals: { ...report.totals, bySeverity } };
}

/** Where a place is, whatever layer holds it: digests change with every build. */
function placeKey(place: Report['findings'][number]['places'][number]): string {
  return [place.kind, place.path, place.key, place.python?.qualname, place.python?.name].join('\0');
}
