/** Comparing with an earlier report: what it already knew is left out. */
import type { Place, Report } from './report.ts';

/** A copy without the findings that `baseline` has, place for place; a new place keeps its finding. */
export function withoutKnown(report: Report, baseline: Report): Report {
  const known = new Map(baseline.findings.map((finding) => [finding.id, finding]));
  const findings = report.findings.flatMap((finding) => {
    const before = known.get(finding.id);
    if (!before) return [finding];
    const places = newPlaces(finding.places, before.places);
    return places.length > 0 ? [{ ...finding, places }] : [];
  });
  const bySeverity: Report['totals']['bySeverity'] = {};
  for (const { severity } of findings) bySeverity[severity] = (bySeverity[severity] ?? 0) + 1;
  return { ...report, findings, totals: { ...report.totals, bySeverity } };
}

/**
 * The places of a secret where it did not stand before. A step of the history is known by its number alone, which a
 * step before it moves: as many steps as held the secret before are known, those with the same number first.
 */
function newPlaces(places: readonly Place[], before: readonly Place[]): Place[] {
  const seen = new Set(before.map(placeKey));
  const there = new Set(places.map(placeKey));
  let moved = before.filter((place) => isStep(place) && !there.has(placeKey(place))).length;
  return places.filter((place) => !seen.has(placeKey(place)) && !(isStep(place) && moved-- > 0));
}

function isStep({ kind }: Place): boolean {
  return kind === 'history';
}

/** Where a place is, whatever layer holds it: digests change with every build. */
function placeKey({ kind, path, key, python }: Place): string {
  return [kind, path, key, python?.qualname, python?.name].join('\0');
}
