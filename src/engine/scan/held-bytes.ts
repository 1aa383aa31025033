/** The bytes of one file that is held as a whole while they come; its buffer goes from file to file. */
import { release } from '../archive/read-blob.ts';

const KEPT = 2 << 20; // bytes of buffer that the next file may use again
const NOTHING = new Uint8Array(0);

/** Reused from file to file. */
export class HeldBytes {
  #bytes: Uint8Array = NOTHING;
  #buffer: Uint8Array<ArrayBuffer> = NOTHING;

  get length(): number {
    return this.#bytes.length;
  }

  /** Holds what has come in one piece, as it is: it must stay valid until more is held, or it is taken. */
  set(bytes: Uint8Array): void {
    this.#bytes = bytes;
  }

  /** Copies more behind what is held; `expected` bytes will there be in all, as far as is known, and `most` at most. */
  append(bytes: Uint8Array, expected: number, most: number): void {
    const have = this.#bytes.length;
    const length = have + bytes.length;
    if (length > this.#buffer.length) {
      const room = Math.min(most, Math.max(expected, this.#buffer.length * 2));
      const grown = new Uint8Array(Math.max(length, room));
      grown.set(this.#bytes);
      this.#giveBack();
      this.#buffer = grown;
    } else if (this.#bytes.buffer !== this.#buffer.buffer) this.#buffer.set(this.#bytes);
    this.#buffer.set(bytes, have);
    this.#bytes = this.#buffer.subarray(0, length);
  }

  /** What is held, which is so no longer; valid until more is. */
  take(): Uint8Array {
    const bytes = this.#bytes;
    this.#bytes = NOTHING;
    return bytes;
  }

  /** Says that what was taken is done with: a large buffer is for one large file, not for the rest of the layer. */
  done(): void {
    if (this.#buffer.length > KEPT) this.#giveBack();
  }

  #giveBack(): void {
    if (this.#buffer.length > KEPT) release([this.#buffer.buffer]);
    this.#buffer = NOTHING;
  }
}
