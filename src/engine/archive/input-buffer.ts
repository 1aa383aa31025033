/** A stream's bytes made contiguous as far as a decoder asks for them. */
import type { ByteStream } from './read-blob.ts';

/** Read ahead with `fill`, then look at `bytes` from `at` on, or `take`. */
export class InputBuffer {
  bytes: Uint8Array = new Uint8Array(0);
  /** Position of the next byte in `bytes`. */
  at = 0;
  /** What `bytes` is the front of; used again by each `fill`. */
  #room: Uint8Array = new Uint8Array(0);
  /** Bytes of the stream before `bytes[0]`. */
  #before = 0;
  #iterator: AsyncIterator<Uint8Array>;
  #ended = false;

  constructor(source: ByteStream) {
    this.#iterator = source[Symbol.asyncIterator]();
  }

  get available(): number {
    return this.bytes.length - this.at;
  }

  /** Bytes taken from the stream so far. */
  get position(): number {
    return this.#before + this.at;
  }

  /** Makes `count` bytes available; false where the stream ends before, with all that is left available. */
  async fill(count: number): Promise<boolean> {
    if (this.available >= count) return true;
    if (this.#ended) return false;
    let length = this.available;
    this.#room.copyWithin(0, this.at, this.bytes.length);
    this.#before += this.at;
    this.at = 0;
    while (length < count && !this.#ended) {
      const next = await this.#iterator.next();
      if (next.done) this.#ended = true;
      else {
        if (length + next.value.length > this.#room.length) this.#grow(length, next.value.length);
        this.#room.set(next.value, length);
        length += next.value.length;
      }
    }
    this.bytes = this.#room.subarray(0, length);
    return length >= count;
  }

  #grow(used: number, more: number): void {
    const grown = new Uint8Array(Math.max(used + more, this.#room.length * 2));
    grown.set(this.#room.subarray(0, used));
    this.#room = grown;
  }

  /** The next `count` available bytes; they stay valid until the next `fill`. */
  take(count: number): Uint8Array {
    const taken = this.bytes.subarray(this.at, this.at + count);
    this.at += count;
    return taken;
  }

  /** Ends the source; for a decoder that stops early. */
  async close(): Promise<void> {
    await this.#iterator.return?.();
  }
}

/** Damage in compressed data; `message` is a full sentence. */
export class DecodeProblem extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
