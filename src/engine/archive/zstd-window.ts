/** The last bytes of a zstd frame's output, which later blocks copy from. Grows with what is written. */
import type { SequenceEngine } from './zstd-sequences.ts';

const SLACK = 4 << 20; // bytes written between two moves of the window

/** Write with `append`, `fill` and `copy`; `block` gives what a block has added. */
export class ZstdWindow {
  /** Where the next byte goes. */
  end = 0;
  #size: number;
  #engine: SequenceEngine;
  #blockStart = 0;

  /** Keeps the last `size` bytes, in the engine's memory. */
  constructor(size: number, engine: SequenceEngine) {
    this.#size = size;
    this.#engine = engine;
  }

  /** Valid until `begin`. */
  get bytes(): Uint8Array {
    return this.#engine.window;
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
    const most = this.#size + SLACK + length;
    const wanted = Math.max(this.bytes.length * 2, this.end + length);
    if (this.bytes.length < most) this.#engine.grow(Math.min(most, wanted));
    if (this.end + length <= this.bytes.length) return;
    const keep = Math.min(this.end, this.#size);
    this.bytes.copyWithin(0, this.end - keep, this.end);
    this.end = keep;
  }
}
