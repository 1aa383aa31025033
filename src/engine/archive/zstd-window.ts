/** The last bytes of a zstd frame's output, which later blocks copy from. Grows with what is written. */

const SLACK = 4 << 20; // bytes written between two moves of the window
const START = 1 << 18;

/** Write with `append`, `fill` and `copy`; `block` gives what a block has added. */
export class ZstdWindow {
  bytes = new Uint8Array(START);
  /** Where the next byte goes. */
  end = 0;
  #size: number;
  #blockStart = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** Makes room for one block of at most `length` bytes, and starts it. */
  begin(length: number): void {
    if (this.end + length > this.bytes.length) this.#room(length);
    this.#blockStart = this.end;
  }

  /** What has been written since `begin`, as a copy. */
  block(): Uint8Array {
    return this.bytes.slice(this.#blockStart, this.end);
  }

  append(bytes: Uint8Array): Uint8Array {
    this.begin(bytes.length);
    this.bytes.set(bytes, this.end);
    this.end += bytes.length;
    return this.block();
  }

  fill(byte: number, length: number): Uint8Array {
    this.begin(length);
    this.bytes.fill(byte, this.end, this.end + length);
    this.end += length;
    return this.block();
  }

  #room(length: number): void {
    const keep = Math.min(this.end, this.#size);
    const most = this.#size + SLACK + length;
    if (this.bytes.length < most) {
      const grown = new Uint8Array(Math.min(most, Math.max(this.bytes.length * 2, keep + length)));
      grown.set(this.bytes.subarray(this.end - keep, this.end));
      this.bytes = grown;
    } else this.bytes.copyWithin(0, this.end - keep, this.end);
    this.end = keep;
  }
}
