/** Scans an archive's layers in threads of Node, one a core, as the page does in its workers. */
import { availableParallelism } from 'node:os';
import {
  isMainThread,
  parentPort,
  type Transferable,
  Worker,
  workerData,
} from 'node:worker_threads';
import { messageOf } from '../engine/archive/problem.ts';
import type { OpenedArchive } from '../engine/image/model.ts';
import { type Lane, scanInLanes } from '../engine/scan/scan-in-lanes.ts';
import type { LayerPart, LayerPartScan } from '../engine/scan/layer-parts.ts';
import { partBuffers, scanLayerPart } from '../engine/scan/scan-layer-part.ts';
import type { LayerProgress, LayerScan } from '../engine/scan/scan-layer.ts';
import { openFile } from './file-source.ts';

type Answer = { progress: LayerProgress } | { scanned: LayerPartScan } | { failed: string };

const MOST_THREADS = 8;
const WORTH_A_THREAD = 32 << 20; // bytes; a thread takes as long to start as these to scan

/** How many threads an archive of that many bytes is worth. */
export function threadsFor(bytes: number): number {
  return Math.max(
    1,
    Math.min(MOST_THREADS, availableParallelism(), Math.floor(bytes / WORTH_A_THREAD)),
  );
}

/** Scans all layers of the archive at `path`. Rejects where the file cannot be read. */
export async function scanInThreads(
  path: string,
  archive: OpenedArchive,
  threads: number,
  onProgress: (progress: LayerProgress) => void,
): Promise<LayerScan[]> {
  const workers: Worker[] = [];
  const lane = (): Lane => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { path } });
    workers.push(worker);
    return (part, onPart) => ask(worker, part, onPart);
  };
  try {
    return await scanInLanes(archive.layers, threads, lane, {
      progress: onProgress,
      layerDone: () => undefined,
    });
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function ask(
  worker: Worker,
  part: LayerPart,
  onProgress: (progress: LayerProgress) => void,
): Promise<LayerPartScan> {
  return new Promise((resolve, reject) => {
    const onMessage = (answer: Answer): void => {
      if ('progress' in answer) {
        onProgress(answer.progress);
        return;
      }
      worker.off('message', onMessage);
      worker.off('error', reject);
      if ('scanned' in answer) resolve(answer.scanned);
      else reject(new Error(answer.failed));
    };
    worker.on('message', onMessage);
    worker.on('error', reject);
    worker.postMessage(part);
  });
}

/** What a thread does: a part comes, its scan goes back. */
function serve(path: string): void {
  const file = openFile(path);
  const port = parentPort;
  const send = (answer: Answer, transfer: Transferable[] = []): void =>
    port?.postMessage(answer, transfer);
  port?.on('message', (part: LayerPart) => {
    scanLayerPart(file, part, (progress) => send({ progress })).then(
      (scanned) => send({ scanned }, partBuffers(scanned)),
      (error: unknown) => send({ failed: messageOf(error) }),
    );
  });
}

/** In a thread of this program: serves, and says so. */
export function servesAsThread(): boolean {
  const data = workerData as { path?: unknown } | null;
  if (isMainThread || typeof data?.path !== 'string') return false;
  serve(data.path);
  return true;
}
