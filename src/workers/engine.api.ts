/** What a worker does for the page: the contract of `engine.worker.ts`, types only. */
import type { Layer, OpenedArchive } from '../engine/image/model.ts';
import type { ModuleOutline } from '../engine/python/outline.ts';
import type { ScanResult } from '../engine/scan/scan-archive.ts';
import type { LayerProgress, LayerScan } from '../engine/scan/scan-layer.ts';

/** Files are sent as handles: no byte of them is copied between the page and a worker. */
export interface EngineApi {
  open(file: File): Promise<OpenedArchive>;
  scanLayer(
    file: File,
    layer: Layer,
    onProgress: (progress: LayerProgress) => void,
  ): Promise<LayerScan>;
  assemble(
    file: File,
    archive: OpenedArchive,
    scans: (LayerScan | undefined)[],
    startedAt: number,
  ): Promise<ScanResult>;
  /** Bytes of a layer's content; what cannot be read comes back short. */
  read(file: File, layer: Layer, offset: number, length: number): Promise<Uint8Array>;
  outline(bytes: Uint8Array): Promise<ModuleOutline>;
}
