/** What a running scan tells the page: a snapshot at most four times a second, however many workers there are. */
import { addCounts, type FoundCounts, type FoundNote } from '../engine/scan/found-so-far.ts';
import type { OpenedArchive } from '../engine/image/model.ts';
import type { LaneListener } from '../engine/scan/scan-in-lanes.ts';
import type { LayerProgress, LayerScan } from '../engine/scan/scan-layer.ts';

/** How far a scan is. */
export interface ScanProgress {
  /** Stored bytes read, by layer index. */
  read: number[];
  done: boolean[];
  /** Detections so far, by severity. */
  found: FoundCounts;
  /** The last of them, newest first, without their values. */
  latest: readonly FoundNote[];
  files: number;
  assembling: boolean;
  /** Bytes read of a file that is compressed as a whole; 0 for any other. */
  unwrapped: number;
}

const EVERY = 250; // milliseconds: what laying out the page leaves behind is collected late
const MOST_LATEST = 8;

/** Gathers what the lanes report, and tells `tell` of it. */
export class ProgressGatherer implements LaneListener {
  #layers: LayerProgress[] = [];
  #sizes: number[] = [];
  #read: number[] = [];
  #done: boolean[] = [];
  #latest: FoundNote[] = [];
  #unwrapped = 0;
  #assembling = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tell: (progress: ScanProgress) => void;

  constructor(tell: (progress: ScanProgress) => void) {
    this.#tell = tell;
  }

  opened({ layers }: OpenedArchive): void {
    this.#sizes = layers.map(({ size }) => size);
    this.#read = layers.map(() => 0);
    this.#done = layers.map(() => false);
    this.#soon();
  }

  /** Bytes read of an archive that is compressed as a whole, before anyone knows its layers. */
  readonly unwrapping = (progress: LayerProgress): void => {
    this.#unwrapped = progress.read;
    this.#note(progress);
  };

  progress(progress: LayerProgress): void {
    this.#read[progress.layer] = progress.read;
    this.#note(progress);
  }

  layerDone({ layer }: LayerScan): void {
    this.#done[layer] = true;
    this.#read[layer] = this.#sizes[layer] ?? 0;
    this.#soon();
  }

  /** All layers are read; told at once. */
  assembling(): void {
    this.#assembling = true;
    clearTimeout(this.#timer);
    this.#now();
  }

  #note(progress: LayerProgress): void {
    this.#layers[progress.layer] = progress;
    if (progress.latest.length > 0)
      this.#latest = [...[...progress.latest].reverse(), ...this.#latest].slice(0, MOST_LATEST);
    this.#soon();
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => this.#now(), EVERY);
  }

  #now(): void {
    this.#timer = undefined;
    const found: FoundCounts = {};
    let files = 0;
    for (const layer of this.#layers.filter(Boolean)) {
      addCounts(found, layer.found);
      files += layer.files;
    }
    this.#tell({
      read: this.#read,
      done: this.#done,
      found,
      latest: this.#latest,
      files,
      assembling: this.#assembling,
      unwrapped: this.#unwrapped,
    });
  }
}
