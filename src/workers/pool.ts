/**
 * The workers: one that leads, is asked by the page and puts the scan together, and a lane for each core that
 * it hands layers to. To cancel is to terminate: a worker that is busy cannot listen.
 */
import { proxy, type Remote, releaseProxy, transfer, wrap } from 'comlink';
import type { Layer, OpenedArchive } from '../engine/image/model.ts';
import type { Finding } from '../engine/report/report.ts';
import type { ScanResult } from '../engine/scan/scan-archive.ts';
import type { PairedOutline } from '../engine/python/source-pairing.ts';
import type { EngineApi, ScanListener } from './engine.api.ts';
import EngineWorker from './engine.worker.ts?worker&inline';
import { addPart } from './finding-parts.ts';
import type { ScanProgress } from './scan-progress.ts';

export type { ScanProgress };

/** What a scan tells while it runs. */
export interface PoolListener {
  opened(archive: OpenedArchive): void;
  progress(progress: ScanProgress): void;
}

const MOST_LANES = 8;
/** Lanes that are started before it is known how many there is work for. */
const FIRST_LANES = 2;
/** Bytes that a lane takes as long to start as to scan: below these, the worker that leads scans by itself. */
const WORTH_A_LANE = 8 << 20;

interface Running {
  worker: Worker;
  api: Remote<EngineApi>;
}

/** A set of workers for one file. `close` ends them all, whatever they do. */
export class EnginePool {
  #lanes: Running[] = [];
  /** Of them, those that nobody has asked for yet. */
  #idle: Running[] = [];
  #closed = false;
  /** Whether one of its workers has failed, so that it is of no more use. */
  failed = false;
  #end!: (reason: Error) => void;
  #ended = new Promise<never>((_, reject) => (this.#end = reject));
  #lead: Running;

  /** Starts the worker that leads. */
  constructor() {
    this.#ended.catch(() => undefined);
    this.#lead = this.#start();
  }

  /** Scans a file with up to `limit` lanes. Rejects with an AbortError once the pool is closed. */
  async scan(
    file: File,
    listener: PoolListener,
    folder = false,
    limit = defaultLanes(),
  ): Promise<ScanResult> {
    const findings: Finding[] = [];
    const page: ScanListener = {
      opened: (archive) => listener.opened(archive),
      progress: (progress) => listener.progress(progress),
      startLane: (port) => this.#startLane(port),
      endLanes: () => this.#endLanes(),
      findings: (part) => addPart(findings, part),
    };
    const lanes = Math.min(limit, MOST_LANES, Math.floor(file.size / WORTH_A_LANE));
    this.#idle = Array.from({ length: Math.min(lanes, FIRST_LANES) }, () => this.#start());
    this.#lanes = [...this.#idle];
    const result = await this.#call((api) => api.scan(file, folder, lanes, proxy(page)));
    result.report.findings = findings;
    return result;
  }

  /** Bytes of a file in a layer. */
  read(file: File, layer: Layer, offset: number, length: number): Promise<Uint8Array> {
    return this.#call((api) => api.read(file, layer, offset, length));
  }

  /** What stands inside a file that is an archive. */
  readInside(
    file: File,
    layer: Layer,
    offset: number,
    length: number,
    path: string,
  ): Promise<Uint8Array | undefined> {
    return this.#call((api) => api.readInside(file, layer, offset, length, path));
  }

  /** Why a layer's digest is not what the image says; undefined where it is. */
  verify(file: File, layer: Layer): Promise<string | undefined> {
    return this.#call((api) => api.verify(file, layer));
  }

  /** A `.pyc` for the viewer. */
  outline(bytes: Uint8Array, source?: string): Promise<PairedOutline> {
    return this.#call((api) => api.outline(bytes, source));
  }

  /** The instructions of one item of its outline. */
  disassembly(bytes: Uint8Array, item: number): Promise<string[]> {
    return this.#call((api) => api.disassembly(bytes, item));
  }

  /** Ends every worker at once; whatever is waited for rejects. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#endLanes();
    end(this.#lead);
    this.#end(cancelled());
  }

  /** A call that ends with the pool: Comlink's own promises stay pending when a worker is terminated. */
  async #call<T>(call: (api: Remote<EngineApi>) => Promise<T>): Promise<T> {
    if (this.#closed) throw cancelled();
    return Promise.race([call(this.#lead.api), this.#ended]);
  }

  #startLane(port: MessagePort): void {
    if (this.#closed) return;
    let lane = this.#idle.pop();
    if (!lane) this.#lanes.push((lane = this.#start()));
    void lane.api.answer(transfer(port, [port]));
  }

  #endLanes(): void {
    this.#idle = [];
    for (const lane of this.#lanes.splice(0)) end(lane);
  }

  #start(): Running {
    const worker = new EngineWorker();
    worker.onerror = (event) => {
      this.failed = true;
      this.#end(new Error(event.message || 'A worker could not be started.'));
    };
    return { worker, api: wrap<EngineApi>(worker) };
  }
}

function end({ worker, api }: Running): void {
  api[releaseProxy]();
  worker.terminate();
}

function cancelled(): DOMException {
  return new DOMException('The scan was cancelled.', 'AbortError');
}

/** One lane for each core; the worker that leads has little to do while they are busy. */
function defaultLanes(): number {
  return navigator.hardwareConcurrency || 2;
}
