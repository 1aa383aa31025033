/** Takes the secrets out of a report, wherever in it they stand: values, commands, messages. */
import { maskOf } from '../secrets/preview.ts';
import type { Finding, Place, PythonPlace, Report, ReportImage, ReportTotals } from './report.ts';

/** Every way in which the secrets of findings may be written: as they are, encoded, on one line. */
export function spellings(findings: readonly Finding[]): string[] {
  const all = new Set<string>();
  for (const { secret } of findings) {
    for (const text of [secret.value, secret.written]) {
      if (text === undefined) continue;
      all.add(text);
      all.add(text.trim().replace(/\s+/g, ' '));
      all.add(JSON.stringify(text).slice(1, -1));
    }
  }
  return [...all];
}

type Mask = (text: string) => string;

/**
 * A copy without secrets; each is replaced by its preview wherever its text occurs. What stays as it is are digests,
 * numbers, and words of this program's own (kinds, codes, titles, advice).
 */
export function redact(report: Report): Report {
  const mask = maskOf(spellings(report.findings));
  return {
    ...report,
    secrets: 'redacted',
    archive: { ...report.archive, name: mask(report.archive.name) },
    images: report.images.map((image) => maskImage(image, mask)),
    layers: report.layers.map((layer) => ({
      ...layer,
      createdBy: mask(layer.createdBy),
      blob: mask(layer.blob),
    })),
    findings: report.findings.map((finding) => maskFinding(finding, mask)),
    problems: report.problems.map((problem) => ({
      ...problem,
      message: mask(problem.message),
      ...(problem.path !== undefined && { path: mask(problem.path) }),
    })),
    totals: maskTotals(report.totals, mask),
  };
}

function maskImage(image: ReportImage, mask: Mask): ReportImage {
  const { names, platform, created, baseName, dockerignore } = image;
  return {
    ...image,
    names: names.map(mask),
    platform: mask(platform),
    created: created === null ? null : mask(created),
    ...(baseName !== undefined && { baseName: mask(baseName) }),
    ...(dockerignore && { dockerignore: { ...dockerignore, text: mask(dockerignore.text) } }),
  };
}

function maskFinding(finding: Finding, mask: Mask): Finding {
  const { secret, why, facts, places } = finding;
  return {
    ...finding,
    secret: { preview: mask(secret.preview), length: secret.length },
    why: why.map(mask),
    facts: Object.fromEntries(Object.entries(facts).map(([key, fact]) => [key, mask(fact)])),
    places: places.map((place) => maskPlace(place, mask)),
  };
}

function maskPlace(place: Place, mask: Mask): Place {
  const { path, key, python } = place;
  return {
    ...place,
    ...(path !== undefined && { path: mask(path) }),
    ...(key !== undefined && { key: mask(key) }),
    ...(python && { python: maskPython(python, mask) }),
  };
}

function maskPython(python: PythonPlace, mask: Mask): PythonPlace {
  const { name, qualname, sourcePath } = python;
  return {
    ...python,
    name: mask(name),
    qualname: mask(qualname),
    ...(sourcePath !== undefined && { sourcePath: mask(sourcePath) }),
  };
}

/** Why something was not scanned may quote it. */
function maskTotals(totals: ReportTotals, mask: Mask): ReportTotals {
  if (!totals.notScanned) return totals;
  const notScanned: NonNullable<ReportTotals['notScanned']> = {};
  for (const [reason, { files, bytes }] of Object.entries(totals.notScanned)) {
    const known = (notScanned[mask(reason)] ??= { files: 0, bytes: 0 });
    known.files += files;
    known.bytes += bytes;
  }
  return { ...totals, notScanned };
}
