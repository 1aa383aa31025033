/** What a worker does for the page: the contract of `engine.worker.ts`, types only. */
import type { Layer, OpenedArchive } from '../engine/image/model.ts';
import type { PairedOutline } from '../engine/python/source-pairing.ts';
import type { ScanResult } from '../engine/scan/scan-archive.ts';
import type { LayerPart, LayerPartScan } from '../engine/scan/layer-parts.ts';
import type { LayerProgress, LayerScan } from '../engine/scan/scan-layer.ts';

/** Files are sent as handles: no byte of them is copied between the page and a worker. */
export interface EngineApi {
  /**
   * Opens an archive. One that is compressed as a whole is scanned on the way, since its manifest comes
   * last; `onProgress` then counts the file's own bytes.
   */
  open(
    file: File,
    folder: boolean,
    onProgress: (progress: LayerProgress) => void,
  ): Promise<{ archive: OpenedArchive; scans: (LayerScan | undefined)[] | undefined }>;
  /** Scans a layer, or one part of a large one; `onProgress` counts the part's bytes. */
  scanPart(
    file: File,
    part: LayerPart,
    onProgress: (progress: LayerProgress) => void,
  ): Promise<LayerPartScan>;
  assemble(
    file: File,
    archive: OpenedArchive,
    scans: (LayerScan | undefined)[],
    startedAt: number,
  ): Promise<ScanResult>;
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
