/** Takes the secrets out of a report, wherever in it they stand: values, commands, messages. */
import { maskSecrets } from '../secrets/preview.ts';
import type { Report } from './report.ts';

/** A copy without secrets; each is replaced by its preview wherever its text occurs. */
export function redact(report: Report): Report {
  const secrets = [...new Set(report.findings.flatMap(({ secret }) => secret.value ?? []))];
  const mask = (text: string): string => maskSecrets(text, secrets);
  return {
    ...report,
    secrets: 'redacted',
    archive: { ...report.archive, name: mask(report.archive.name) },
    layers: report.layers.map((layer) => ({ ...layer, createdBy: mask(layer.createdBy) })),
    findings: report.findings.map((finding) => ({
      ...finding,
      secret: { preview: finding.secret.preview, length: finding.secret.length },
      why: finding.why.map(mask),
      facts: Object.fromEntries(
        Object.entries(finding.facts).map(([key, value]) => [key, mask(value)]),
      ),
    })),
    problems: report.problems.map((problem) => ({ ...problem, message: mask(problem.message) })),
  };
}
