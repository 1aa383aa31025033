/** The image of a report that is looked at, its layers, and what each of them does. */
import type { Report, ReportImage, ReportLayer } from '../engine/report/report.ts';
import type { ScanResult } from '../engine/scan/scan-archive.ts';

/** A layer with its index in the report, which is that in the archive too. */
export interface ShownLayer {
  layer: ReportLayer;
  index: number;
}

/** The image at `index`; the first where an address names one that is not there. */
export function shownImage(report: Report, index: number): ReportImage | undefined {
  return report.images[index] ?? report.images[0];
}

/** The layers of that image, base first. */
export function shownLayers(report: Report, index: number): ShownLayer[] {
  const byDigest = new Map<string, ShownLayer>();
  report.layers.forEach((layer, at) => {
    if (!byDigest.has(layer.digest)) byDigest.set(layer.digest, { layer, index: at });
  });
  return (shownImage(report, index)?.layers ?? []).flatMap((digest) => byDigest.get(digest) ?? []);
}

/** What each row of layer `layer` does in the first image that has it: an `EntryEffect` per row. */
export function effectsOf(result: ScanResult, layer: number): Uint8Array | undefined {
  const { trees, archive } = result;
  const image = archive.images.findIndex(({ layers }) => layers.includes(layer));
  const position = archive.images[image]?.layers.lastIndexOf(layer) ?? -1;
  return trees.fileSystems[image]?.effects[position];
}
