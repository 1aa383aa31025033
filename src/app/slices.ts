/** Long work in short slices, so that the page's thread is never held for longer than a part of a frame. */

const SLICE = 6; // milliseconds; a frame has 16

/**
 * One work at a time: starting another drops the one under way. The first slice runs at once, so that what is
 * short is done when `start` returns.
 */
export class SlicedWork {
  #latest = 0;
  #running = false;

  /** Whether work has been started that is not done. */
  get running(): boolean {
    return this.#running;
  }

  /** Runs `work`, which yields often. */
  start(work: Iterator<void>): void {
    const number = ++this.#latest;
    this.#running = true;
    const channel = new MessageChannel();
    const slice = (): void => {
      if (number !== this.#latest) return;
      const until = performance.now() + SLICE;
      while (performance.now() < until) {
        if (work.next().done) {
          this.#running = false;
          return;
        }
      }
      // Behind the next frame, which may have something to show by then.
      requestAnimationFrame(() => channel.port2.postMessage(0));
    };
    channel.port1.onmessage = slice;
    slice();
  }
}
