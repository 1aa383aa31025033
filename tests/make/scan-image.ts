/** The report of an image that is made for it, and what is in it, for tests. */
import type { Report } from '../../src/engine/report/report.ts';
import { readMember } from '../../src/engine/scan/read-member.ts';
import { scanArchive } from '../../src/engine/scan/scan-archive.ts';
import { imageArchive, type ImageInput, type LayerInput } from './image-writer.ts';
import { inPieces } from './pieces.ts';
import type { TarInput } from './tar-writer.ts';

/** Scans an image of these layers. */
export async function scanLayers(
  layers: LayerInput[],
  more: Partial<ImageInput> = {},
): Promise<Report> {
  const bytes = imageArchive([{ tags: ['a:1'], layers, ...more }]);
  return (await scanArchive(new Blob([bytes]), 'image.tar')).report;
}

/** Scans an image of one layer with these entries. */
export async function scanEntries(entries: TarInput[]): Promise<Report> {
  return scanLayers([{ createdBy: 'COPY . /', entries }]);
}

/** Scans an image that holds one file. */
export async function scanFile(name: string, content: Uint8Array | string): Promise<Report> {
  return scanEntries([{ name, content }]);
}

/** Paths at which a secret was found, sorted. */
export function pathsOf(report: Report, value: string): string[] {
  const found = report.findings.find(({ secret }) => secret.value === value);
  return (found?.places ?? []).map(({ path }) => path ?? '').sort();
}

/** What the viewer would show at a path inside a file's content. */
export async function memberOf(content: Uint8Array, path: string): Promise<Buffer> {
  return Buffer.from((await readMember(inPieces(content, 10_000), content.length, path)) ?? []);
}
