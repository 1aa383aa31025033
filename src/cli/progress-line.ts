/** One line of progress on a terminal; nothing anywhere else. */
import type { OpenedArchive } from '../engine/image/model.ts';
import type { LayerProgress } from '../engine/scan/scan-layer.ts';

const EVERY = 100; // milliseconds

/** Rewrites itself in place. */
export class ProgressLine {
  #stream: NodeJS.WriteStream;
  #shown = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  show(progress: LayerProgress, archive: OpenedArchive): void {
    const now = Date.now();
    if (!this.#stream.isTTY || now - this.#shown < EVERY) return;
    this.#shown = now;
    const layer = archive.layers[progress.layer];
    const percent = layer && layer.size > 0 ? Math.floor((100 * progress.read) / layer.size) : 100;
    this.#stream.write(
      `\r\x1b[Klayer ${progress.layer + 1} of ${archive.layers.length}: ${percent} %`,
    );
  }

  clear(): void {
    if (this.#shown > 0) this.#stream.write('\r\x1b[K');
  }
}
