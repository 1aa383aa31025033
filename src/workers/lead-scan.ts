/** The whole scan as one worker leads it: layers go to the lanes, their scans come here and become the result. */
import { proxy, type Remote, transfer, wrap } from 'comlink';
import { openArchive, wrapperOf } from '../engine/image/open-archive.ts';
import { assembleScan, type ScanResult } from '../engine/scan/scan-archive.ts';
import { type Lane, scanInLanes } from '../engine/scan/scan-in-lanes.ts';
import { scanLayerPart } from '../engine/scan/scan-layer-part.ts';
import { scanWrapped } from '../engine/scan/scan-wrapped.ts';
import type { EngineApi, ScanListener } from './engine.api.ts';
import { ProgressGatherer } from './scan-progress.ts';

/**
 * Scans `file` with up to `lanes` other workers; with none, here. An archive that is compressed as a whole is scanned
 * here on the way, since its manifest comes last. @throws {ArchiveError} where it cannot be opened.
 */
export async function leadScan(
  file: File,
  folder: boolean,
  lanes: number,
  page: Remote<ScanListener>,
): Promise<ScanResult> {
  const startedAt = Date.now();
  const gatherer = new ProgressGatherer((progress) => void page.progress(progress));
  if ((await wrapperOf(file)) !== 'none') {
    void page.endLanes();
    const { archive, scans } = await scanWrapped(file, file.name, gatherer.unwrapping);
    gatherer.assembling();
    return assembleScan(file, archive, scans, startedAt);
  }
  const archive = await openArchive(file, file.name, folder);
  void page.opened(archive);
  gatherer.opened(archive);
  const scanHere: Lane = (part, onProgress) => scanLayerPart(file, part, onProgress);
  const startLane = (): Lane => {
    const { port1, port2 } = new MessageChannel();
    void page.startLane(transfer(port2, [port2]));
    const api = wrap<EngineApi>(port1);
    return (part, onProgress) => api.scanPart(file, part, proxy(onProgress));
  };
  const lane = lanes < 1 ? () => scanHere : startLane;
  const scans = await scanInLanes(archive.layers, Math.max(1, lanes), lane, gatherer);
  void page.endLanes();
  gatherer.assembling();
  return assembleScan(file, archive, scans, startedAt);
}
