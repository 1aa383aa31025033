/** The report of an image that is made for it, for tests. */
import type { Report } from '../../src/engine/report/report.ts';
import { scanArchive } from '../../src/engine/scan/scan-archive.ts';
import { imageArchive, type ImageInput, type LayerInput } from './image-writer.ts';
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
