/** The holes of a sparse file, which is scanned without them: where what is found stands in the file itself. */

/** Filled as the file comes by, front to back. */
export class Holes {
  /** Bytes of all holes so far. */
  behind = 0;
  /** Stored bytes before each hole, and bytes of all holes up to its end. */
  #holes: { stored: number; behind: number }[] = [];

  get any(): boolean {
    return this.#holes.length > 0;
  }

  /** A hole of so many bytes behind so many that are stored. */
  add(stored: number, bytes: number): void {
    this.behind += bytes;
    this.#holes.push({ stored, behind: this.behind });
  }

  /** The offset in the file of a stored byte. */
  offsetOf(stored: number): number {
    let [low, high] = [0, this.#holes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#holes[middle]?.stored ?? 0) <= stored) low = middle + 1;
      else high = middle;
    }
    return stored + (this.#holes[low - 1]?.behind ?? 0);
  }
}
