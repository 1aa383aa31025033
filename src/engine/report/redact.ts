/** Takes the secrets out of a report, wherever in it they stand: values, commands, messages. */
import { maskSecrets } from '../secrets/preview.ts';
import type { Finding, PythonPlace, Report } from './report.ts';

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

/** A copy without secrets; each is replaced by its preview wherever its text occurs. */
export function redact(report: Report): Report {
  const secrets = spellings(report.findings);
  const mask = (text: string): string => maskSecrets(text, secrets);
  return {
    ...report,
    secrets: 'redacted',
    archive: { ...report.archive, name: mask(report.archive.name) },
    images: report.images.map((image) => ({
      ...image,
      names: image.names.map(mask),
      ...(image.dockerignore && {
        dockerignore: { ...image.dockerignore, text: mask(image.dockerignore.text) },
      }),
    })),
    layers: report.layers.map((layer) => ({ ...layer, createdBy: mask(layer.createdBy) })),
    findings: report.findings.map((finding) => ({
      ...finding,
      secret: { preview: mask(finding.secret.preview), length: finding.secret.length },
      why: finding.why.map(mask),
      facts: Object.fromEntries(
        Object.entries(finding.facts).map(([key, value]) => [key, mask(value)]),
      ),
      places: finding.places.map((place) => ({
        ...place,
        ...(place.path !== undefined && { path: mask(place.path) }),
        ...(place.key !== undefined && { key: mask(place.key) }),
        ...(place.python && { python: maskPython(place.python, mask) }),
      })),
    })),
    problems: report.problems.map((problem) => ({
      ...problem,
      message: mask(problem.message),
      ...(problem.path !== undefined && { path: mask(problem.path) }),
    })),
  };
}

function maskPython(python: PythonPlace, mask: (text: string) => string): PythonPlace {
  const { name, qualname, sourcePath } = python;
  return {
    ...python,
    name: mask(name),
    qualname: mask(qualname),
    ...(sourcePath !== undefined && { sourcePath: mask(sourcePath) }),
  };
}
