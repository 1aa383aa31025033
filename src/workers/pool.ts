/**
 * The workers: starting them, giving them layers, largest first, and ending them. To cancel is to
 * terminate: a worker that is busy cannot listen.
 */
import { proxy, type Remote, releaseProxy, transfer, wrap } from 'comlink';
import { tableBuffers } from '../engine/image/entry-table.ts';
import type { Layer, OpenedArchive } from '../engine/image/model.ts';
import type { ScanResult } from '../engine/scan/scan-archive.ts';
import { type Lane, type LaneListener, scanInLanes } from '../engine/scan/scan-in-lanes.ts';
import type { LayerProgress } from '../engine/scan/scan-layer.ts';
import type { PairedOutline } from '../engine/python/source-pairing.ts';
import type { EngineApi } from './engine.api.ts';
import EngineWorker from './engine.worker.ts?worker&inline';

/** What a scan tells while it runs. */
export interface ScanListener extends LaneListener {
  opened(archive: OpenedArchive): void;
  /** Bytes read of an archive that is compressed as a whole, before anyone knows its layers. */
  unwrapping(progress: LayerProgress): void;
  assembling(): void;
}

const MOST_WORKERS = 8;

interface Running {
  worker: Worker;
  api: Remote<EngineApi>;
  failed: Promise<never>;
}

/** A set of workers for one file. `close` ends them all, whatever they do. */
export class EnginePool {
  #workers: Running[] = [];
  #closed = false;
  #end!: (reason: DOMException) => void;
  #ended = new Promise<never>((_, reject) => (this.#end = reject));

  constructor() {
    this.#ended.catch(() => undefined);
  }

  /** Scans a file with up to `limit` workers. Rejects with an AbortError once the pool is closed. */
  async scan(
    file: File,
    listener: ScanListener,
    folder = false,
    limit = defaultWorkers(),
  ): Promise<ScanResult> {
    const startedAt = Date.now();
    const onUnwrap = proxy((progress: LayerProgress) => listener.unwrapping(progress));
    const { archive, scans: done } = await this.#call(0, (api) => api.open(file, folder, onUnwrap));
    listener.opened(archive);
    const lanes = Math.max(1, Math.min(limit, MOST_WORKERS));
    const lane =
      (index: number): Lane =>
      (part, onProgress) =>
        this.#call(index, (api) => api.scanPart(file, part, proxy(onProgress)));
    const scans = done ?? (await scanInLanes(archive.layers, lanes, lane, listener));
    listener.assembling();
    const buffers = scans.flatMap((scan) => (scan ? tableBuffers(scan.table) : []));
    const result = await this.#call(0, (api) =>
      api.assemble(file, archive, transfer(scans, buffers), startedAt),
    );
    this.#endAllBut(1);
    return result;
  }

  /** Bytes of a file in a layer. */
  read(file: File, layer: Layer, offset: number, length: number): Promise<Uint8Array> {
    return this.#call(0, (api) => api.read(file, layer, offset, length));
  }

  /** What stands inside a file that is an archive. */
  readInside(
    file: File,
    layer: Layer,
    offset: number,
    length: number,
    path: string,
  ): Promise<Uint8Array | undefined> {
    return this.#call(0, (api) => api.readInside(file, layer, offset, length, path));
  }

  /** Why a layer's digest is not what the image says; undefined where it is. */
  verify(file: File, layer: Layer): Promise<string | undefined> {
    return this.#call(0, (api) => api.verify(file, layer));
  }

  /** A `.pyc` for the viewer. */
  outline(bytes: Uint8Array, source?: string): Promise<PairedOutline> {
    return this.#call(0, (api) => api.outline(bytes, source));
  }

  /** The instructions of one item of its outline. */
  disassembly(bytes: Uint8Array, item: number): Promise<string[]> {
    return this.#call(0, (api) => api.disassembly(bytes, item));
  }

  /** Ends every worker at once; whatever is waited for rejects. */
  close(): void {
    this.#closed = true;
    this.#endAllBut(0);
    this.#end(cancelled());
  }

  /** A call that ends with the pool: Comlink's own promises stay pending when a worker is terminated. */
  async #call<T>(index: number, call: (api: Remote<EngineApi>) => Promise<T>): Promise<T> {
    const running = await this.#start(index);
    return Promise.race([call(running.api), running.failed, this.#ended]);
  }

  async #start(index: number): Promise<Running> {
    const known = this.#workers[index];
    if (known && !this.#closed) return known;
    if (this.#closed) throw cancelled();
    const worker = new EngineWorker();
    const failed = new Promise<never>((_, reject) => {
      worker.onerror = (event) =>
        reject(new Error(event.message || 'A worker could not be started.'));
    });
    failed.catch(() => undefined);
    const running = { worker, api: wrap<EngineApi>(worker), failed };
    this.#workers[index] = running;
    return running;
  }

  #endAllBut(keep: number): void {
    for (const { worker, api } of this.#workers.splice(keep)) {
      api[releaseProxy]();
      worker.terminate();
    }
  }
}

function cancelled(): DOMException {
  return new DOMException('The scan was cancelled.', 'AbortError');
}

/** One worker for each core. */
function defaultWorkers(): number {
  return navigator.hardwareConcurrency || 2;
}
