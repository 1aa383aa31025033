/** A chunk of its own, so that a page that never meets zstd, xz or bzip2 never runs their decoders. */
import EngineRareWorker from './engine-rare.worker.ts?worker&inline';

/** Starts a worker that reads every compression. */
export function startRareWorker(): Worker {
  return new EngineRareWorker();
}
