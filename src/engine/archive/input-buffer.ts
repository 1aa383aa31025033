/**
 * A stream's bytes made contiguous as far as a decoder asks for them. A decoder is a generator over such a
 * buffer: what it yields are pieces of output, and `undefined` where it can go on only once more has come.
 * So one decoder serves those who have bytes pushed to them and those who pull them from a source.
 */
import { type ByteStream, concat } from './read-blob.ts';

/** Reads from a buffer, piece by piece; `undefined` asks for more input. */
export type Decoder<T = Uint8Array> = (input: InputBuffer) => Generator<T | undefined, void>;

const EMPTY: Uint8Array = new Uint8Array(0);

/** Read ahead with `fill`, then look at `bytes` from `at` on, or `take`. */
export class InputBuffer {
  bytes: Uint8Array = EMPTY;
  /** Position of the next byte in `bytes`. */
  at = 0;
  /** Bytes of the stream before `bytes[0]`. */
  #before = 0;
  #waiting: Uint8Array[] = [];
  #waitingLength = 0;
  #ended = false;
  /** What `bytes` is the beginning of, where that is this buffer's own and has room behind. */
  #own: Uint8Array | undefined;

  get available(): number {
    return this.bytes.length - this.at;
  }

  /** Bytes taken from the stream so far. */
  get position(): number {
    return this.#before + this.at;
  }

  /** More of the stream; it is not copied, and must not change before it has been read or kept. */
  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#waiting.push(bytes);
    this.#waitingLength += bytes.length;
  }

  /** Says that no more comes. */
  finish(): void {
    this.#ended = true;
  }

  /** Makes `count` bytes available; false where the stream ends before, with all that is left available. */
  *fill(count: number): Generator<undefined, boolean> {
    while (this.available < count) {
      if (this.#waitingLength > 0 && this.available + this.#waitingLength >= count) this.#join();
      else if (this.#ended) {
        this.#join();
        return this.available >= count;
      } else yield undefined;
    }
    return true;
  }

  /** Passes over zeros, with which data may be padded; whether there is nothing else up to the stream's end. */
  *endsInZeros(): Generator<undefined, boolean> {
    while (yield* this.fill(1)) {
      const { bytes } = this;
      while (this.at < bytes.length && bytes[this.at] === 0) this.at++;
      if (this.at < bytes.length) return false;
    }
    return true;
  }

  /** The next `count` available bytes; they stay valid until the next `fill`. */
  take(count: number): Uint8Array {
    const taken = this.bytes.subarray(this.at, this.at + count);
    this.at += count;
    return taken;
  }

  /** Puts back bytes that were taken, in front of all that is still to be read. */
  giveBack(bytes: Uint8Array): void {
    this.#join();
    const rest = this.bytes.subarray(this.at);
    this.#before = this.position - bytes.length;
    this.bytes = joined([bytes, rest]);
    this.#own = undefined;
    this.at = 0;
  }

  /** Takes all that has come from `position` on, as far as it is still held. */
  takeFrom(position: number): Uint8Array {
    this.at = Math.max(0, Math.min(this.at, position - this.#before));
    this.#join();
    return this.take(this.available);
  }

  /** Copies all that is held from `position` on, so that what was pushed may change. */
  keep(position = this.position): void {
    const from = Math.max(0, Math.min(this.at, position - this.#before));
    const end = this.bytes.length + this.#waitingLength;
    // Kept again and again until enough has come, a byte is copied only as the room doubles.
    if (!this.#own || end > this.#own.length || from > end / 2) this.#moveFrom(from);
    const own = this.#own as Uint8Array;
    let at = this.bytes.length;
    for (const piece of this.#waiting) {
      own.set(piece, at);
      at += piece.length;
    }
    this.bytes = own.subarray(0, at);
    this.#waiting = [];
    this.#waitingLength = 0;
  }

  /** Moves what is held to an array of its own, with room for what waits; those that were taken stay as they are. */
  #moveFrom(from: number): void {
    const length = this.bytes.length - from + this.#waitingLength;
    const own = new Uint8Array(this.#own && this.#waitingLength > 0 ? 2 * length : length);
    own.set(this.bytes.subarray(from));
    this.bytes = own.subarray(0, this.bytes.length - from);
    this.#own = own;
    this.#before += from;
    this.at -= from;
  }

  #join(): void {
    if (this.#waitingLength === 0) return;
    this.#before += this.at;
    this.bytes = joined([this.bytes.subarray(this.at), ...this.#waiting]);
    this.#own = undefined;
    this.at = 0;
    this.#waiting = [];
    this.#waitingLength = 0;
  }
}

/** One array from several; where only one is not empty, that one and no copy. */
function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return concat(pieces.filter((piece) => piece.length > 0));
}

/** Runs a decoder over a source that is read as it asks; ends the source where either of them stops. */
export async function* decodeStream(
  decoder: Decoder,
  source: ByteStream,
): AsyncGenerator<Uint8Array, void, undefined> {
  const input = new InputBuffer();
  const pieces = decoder(input);
  const iterator = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const piece = pieces.next();
      if (piece.done) return;
      if (piece.value) {
        yield piece.value;
        continue;
      }
      input.keep();
      const more = await iterator.next();
      if (more.done) input.finish();
      else input.push(more.value);
    }
  } finally {
    await iterator.return?.();
  }
}

/** Runs a decoder over bytes that are pushed to it. Damage ends it, and is kept as `problem`. */
export class PushDecoder<T = Uint8Array> {
  /** Set where the data are damaged, cut short, or need something that is not at hand. */
  problem: DecodeProblem | undefined;
  /** Whether nothing more will come out. */
  finished = false;
  #input = new InputBuffer();
  #pieces: Generator<T | undefined, void>;
  #good = 0; // all of the input before this offset came out, or was meant for the decoder alone

  constructor(decoder: Decoder<T>) {
    this.#pieces = decoder(this.#input);
  }

  /** What comes out once these bytes have gone in; they must not change before it has been read. */
  *push(bytes: Uint8Array): Generator<T, void> {
    this.#input.push(bytes);
    try {
      yield* this.#run();
    } finally {
      this.#input.keep(this.finished ? this.#good : undefined);
    }
  }

  /** What comes out once no more goes in. */
  *end(): Generator<T, void> {
    this.#input.finish();
    yield* this.#run();
  }

  /** Takes what was pushed and not decoded: bytes behind the data's end, or from damage on. */
  rest(): Uint8Array {
    return this.#input.takeFrom(this.problem ? this.#good : Infinity);
  }

  *#run(): Generator<T, void> {
    while (!this.finished) {
      const next = this.#next();
      if (next === undefined) return;
      this.#good = this.#input.position;
      yield next;
    }
  }

  #next(): T | undefined {
    try {
      const { done, value } = this.#pieces.next();
      if (!done) return value;
      this.finished = true;
    } catch (error) {
      this.finished = true;
      if (!(error instanceof DecodeProblem)) throw error;
      this.problem = error;
    }
    return undefined;
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

/** The problems of compressed data of one format, as the reader is told of them. */
export function damageOf(format: string): {
  damaged: (what: string) => DecodeProblem;
  cutShort: () => DecodeProblem;
} {
  return {
    damaged: (what) =>
      new DecodeProblem(
        `${format}-damaged`,
        `The ${format} data are damaged (${what}); what came before was read.`,
      ),
    cutShort: () =>
      new DecodeProblem(
        `${format}-truncated`,
        `The ${format} data end early; what there is was read.`,
      ),
  };
}
