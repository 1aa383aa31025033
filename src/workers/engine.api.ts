/** What a worker does for the page, and for another worker: the contract of `engine.worker.ts`, types only. */
import type { Layer, OpenedArchive } from '../engine/image/model.ts';
import type { PairedOutline } from '../engine/python/source-pairing.ts';
import type { Finding } from '../engine/report/report.ts';
import type { ScanResult } from '../engine/scan/scan-archive.ts';
import type { LayerPart, LayerPartScan } from '../engine/scan/layer-parts.ts';
import type { LayerProgress } from '../engine/scan/scan-layer.ts';
import type { ScanProgress } from './scan-progress.ts';

/** What a scan asks of the page, and tells it. */
export interface ScanListener {
  opened(archive: OpenedArchive): void;
  progress(progress: ScanProgress): void;
  /** Starts another worker, which answers at the other end of `port`. */
  startLane(port: MessagePort): void;
  /** They are no longer needed. */
  endLanes(): void;
  /** Some of the findings; the result that comes after the last of them has none itself. */
  findings(part: Finding[]): void;
}

/** Files are sent as handles: no byte of them is copied between the page and a worker. */
export interface EngineApi {
  /** Answers another worker's calls too. */
  answer(port: MessagePort): void;
  /**
   * Scans an archive with up to `lanes` other workers, which send what they find to this one: the page's own
   * thread has the result to receive and nothing else.
   */
  scan(file: File, folder: boolean, lanes: number, listener: ScanListener): Promise<ScanResult>;
  /** Scans a layer, or one part of a large one; `onProgress` counts the part's bytes. */
  scanPart(
    file: File,
    part: LayerPart,
    onProgress: (progress: LayerProgress) => void,
  ): Promise<LayerPartScan>;
  /** Bytes of a layer's content; what cannot be read comes back short. */
  read(file: File, layer: Layer, offset: number, length: number): Promise<Uint8Array>;
  /** What stands at `path`, `a.zip!/b`, in a file of a layer that is an archive; undefined where nothing does. */
  readInside(
    file: File,
    layer: Layer,
    offset: number,
    length: number,
    path: string,
  ): Promise<Uint8Array | undefined>;
  /** A `.pyc`, beside the text of its source where there is one. */
  outline(bytes: Uint8Array, source?: string): Promise<PairedOutline>;
  /** The instructions of an outline's item, a line each, as `dis` prints them. */
  disassembly(bytes: Uint8Array, item: number): Promise<string[]>;
  /** Why a layer's digest is not what the image says; undefined where it is. */
  verify(file: File, layer: Layer): Promise<string | undefined>;
}
