/** Hands layers to several workers: the largest first, large plain ones and the largest files in them in parts. */
import type { Layer } from '../image/model.ts';
import { addCounts } from './found-so-far.ts';
import { type LayerPart, type LayerPartScan, PartsOfLayer, partsOf } from './layer-parts.ts';
import type { LayerProgress, LayerScan } from './scan-layer.ts';

/** One worker: scans a part at a time. */
export type Lane = (
  part: LayerPart,
  onProgress: (progress: LayerProgress) => void,
) => Promise<LayerPartScan>;

/** What is told while layers are scanned. */
export interface LaneListener {
  /** What has been read of a layer, all its parts together. */
  progress(progress: LayerProgress): void;
  layerDone(scan: LayerScan): void;
}

/** Scans all layers with up to `lanes` workers, each made by `lane`, and no more than there are parts; by layer index. */
export async function scanInLanes(
  layers: readonly Layer[],
  lanes: number,
  lane: () => Lane,
  listener: LaneListener,
): Promise<LayerScan[]> {
  const scans: LayerScan[] = [];
  const gathered = new Map<number, PartsOfLayer>();
  const bySize = [...layers].sort((a, b) => b.size - a.size);
  const queue = bySize.flatMap((layer) => {
    const parts = partsOf(layer, lanes);
    gathered.set(layer.index, new PartsOfLayer(parts, lanes));
    return parts;
  });
  const progress = new PartProgress(listener);
  let busyLanes = 0;
  const waiting: (() => void)[] = [];
  const run = async (scanPart: Lane): Promise<void> => {
    for (;;) {
      const part = queue.shift();
      if (!part && busyLanes === 0) return;
      if (!part) {
        // What another lane scans may leave something to do.
        await new Promise<void>((resolve) => waiting.push(resolve));
        continue;
      }
      busyLanes++;
      const scanned = await scanPart(part, (read) => progress.add(part, read));
      busyLanes--;
      const { scan, again = [] } = gathered.get(part.layer.index)?.add(part, scanned) ?? {};
      queue.unshift(...again);
      for (const wake of waiting.splice(0)) wake();
      if (!scan) continue;
      scans[scan.layer] = scan;
      listener.layerDone(scan);
    }
  };
  const busy = Math.max(1, Math.min(lanes, queue.length));
  await Promise.all(Array.from({ length: busy }, () => run(lane())));
  return scans;
}

/** Adds up what is read of a layer's parts. */
class PartProgress {
  #read = new Map<LayerPart, LayerProgress>();
  #listener: LaneListener;

  constructor(listener: LaneListener) {
    this.#listener = listener;
  }

  add(part: LayerPart, progress: LayerProgress): void {
    const { layer } = progress;
    // A stretch that is scanned again counts once.
    for (const other of this.#read.keys())
      if (other.layer.index === layer && other.end === part.end && !part.content)
        this.#read.delete(other);
    this.#read.set(part, progress);
    const sum: LayerProgress = { layer, read: 0, files: 0, found: {}, latest: progress.latest };
    for (const [other, { read, files, found }] of this.#read) {
      if (other.layer.index !== layer) continue;
      sum.read += read;
      sum.files += files;
      addCounts(sum.found, found);
    }
    this.#listener.progress({ ...sum, read: Math.min(sum.read, part.layer.size) });
  }
}
