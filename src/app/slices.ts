/** Long work in short slices, so that the page's thread is never held for longer than a part of a frame. */

const SLICE = 6; // milliseconds; a frame has 16

/**
 * One work at a time: starting another drops the one under way. The first slice runs at once, so that what is
 * short is done when `start` returns.
 */
export class SlicedWork {
  #work: Iterator<void> | undefined;

  /** Whether work has been started that is not done. */
  get running(): boolean {
    return this.#work !== undefined;
  }

  /** Runs `work`, which yields often. */
  start(work: Iterator<void>): void {
    this.#work = work;
    this.#slice(work);
  }

  /** Does what is left of the work at once. */
  finish(): void {
    while (this.#work && !this.#work.next().done);
    this.#work = undefined;
  }

  #slice(work: Iterator<void>): void {
    if (this.#work !== work) return;
    const until = performance.now() + SLICE;
    do {
      if (!work.next().done) continue;
      this.#work = undefined;
      return;
    } while (performance.now() < until);
    // Behind the next frame, which may have something to show by then.
    requestAnimationFrame(() => setTimeout(() => this.#slice(work)));
  }
}
