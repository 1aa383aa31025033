/** Saving the report as a file, with or without the secrets in it. */
import { redact } from '../engine/report/redact.ts';
import type { Report } from '../engine/report/report.ts';

/** Hands the report to the browser as a download. Without secrets unless the person chose otherwise. */
export function exportReport(report: Report, withSecrets: boolean): void {
  const chosen = withSecrets ? report : redact(report);
  const blob = new Blob([`${JSON.stringify(chosen, null, 2)}\n`], { type: 'application/json' });
  save(blob, `${report.archive.name.replace(/\.(tar|json)$/, '')}.porthole.json`);
}

/** Saves bytes under a name that no file system trips over. */
export function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name.replace(/[^\w.-]+/g, '_').slice(-120) || 'file';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
