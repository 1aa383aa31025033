/**
 * DEFLATE (RFC 1951) and zlib (RFC 1950), as they stream by or at hand as a whole. Says where the data ended, which packs
 * of git objects need and no package tells, and gives what came before damage.
 */
import { CUT_SHORT, DAMAGED, ENDED, type InflateEngine, LEAST_INPUT } from './inflate-engine.ts';
import { ScriptInflater } from './inflate-script.ts';
import { kernelInflater } from './inflate-wasm.ts';
import type { InputBuffer } from './input-buffer.ts';

/** What came out. */
export interface Inflated {
  bytes: Uint8Array;
  /** Offset behind the data (and behind zlib's checksum). */
  end: number;
  /** Why there is no more: damage, the end of the input, or the limit; undefined where it is whole. */
  error: 'damaged' | 'truncated' | 'limit' | undefined;
}

/** Room that contents are unpacked to, one after the other: each is valid until the next is. */
export class InflateRoom {
  #bytes = new Uint8Array(0);

  /** As many bytes as asked for, or more. */
  take(length: number): Uint8Array<ArrayBuffer> {
    if (length > this.#bytes.length)
      this.#bytes = new Uint8Array(Math.max(length, 2 * this.#bytes.length));
    return this.#bytes;
  }
}

const FIRST = 4096;
const MOST_FIRST = 1 << 20; // bytes made ready for what a header claims; more once they have come

const MOST_IDLE = 4;
const idle: InflateEngine[] = [];

/** An engine for new data, to be given back. */
function takeEngine(): InflateEngine {
  const engine = idle.pop() ?? kernelInflater() ?? new ScriptInflater();
  engine.reset();
  return engine;
}

/** Gives an engine back, whose output is then no longer valid. */
function giveBackEngine(engine: InflateEngine): void {
  if (idle.length < MOST_IDLE) idle.push(engine);
}

/**
 * Inflates the data that begin at the input's position, and leaves the input right behind them. Returns why there
 * is no more, undefined where they are whole. A piece is valid until the next is asked for; `onPiece` may look at each.
 */
export function* inflateStream(
  input: InputBuffer,
  onPiece?: (engine: InflateEngine) => void,
): Generator<Uint8Array | undefined, 'damaged' | 'truncated' | undefined> {
  const engine = takeEngine();
  try {
    for (;;) {
      const last = !(yield* input.fill(LEAST_INPUT));
      const state = engine.run(input.bytes.subarray(input.at), last);
      input.at += engine.used;
      const { output } = engine;
      if (output.length > 0) {
        onPiece?.(engine);
        yield output;
      }
      if (state === ENDED) return undefined;
      if (state === DAMAGED) return 'damaged';
      if (state === CUT_SHORT) return 'truncated';
    }
  } finally {
    giveBackEngine(engine);
  }
}

/** As `inflateStream`; a piece stays valid while the next is looked at. */
export function* inflatePieces(
  input: InputBuffer,
): Generator<Uint8Array | undefined, 'damaged' | 'truncated' | undefined> {
  let [room, other] = [new InflateRoom(), new InflateRoom()];
  const pieces = inflateStream(input);
  for (;;) {
    const { done, value } = pieces.next();
    if (done) return value;
    if (!value) {
      yield undefined;
      continue;
    }
    const copy = room.take(value.length).subarray(0, value.length);
    copy.set(value);
    yield copy;
    [room, other] = [other, room];
  }
}

/**
 * Inflates raw DEFLATE data that begin at `at`, into `room` if there is one. Never gives more than `limit` bytes;
 * `expected` is what a header claims, and only a first guess. Never throws.
 */
export function inflateRaw(
  bytes: Uint8Array,
  at: number,
  limit: number,
  expected = FIRST,
  room?: InflateRoom,
): Inflated {
  const engine = takeEngine();
  const most = Math.max(0, limit);
  const first = Math.min(expected, Math.max(FIRST, 16 * (bytes.length - at)), MOST_FIRST, most);
  let out = room?.take(first) ?? new Uint8Array(first);
  let length = 0;
  let end = at;
  let error: Inflated['error'];
  for (let done = false; !done;) {
    const state = engine.run(bytes.subarray(end), true);
    end += engine.used;
    let { output } = engine;
    done = state === ENDED || state === DAMAGED || state === CUT_SHORT;
    if (state === DAMAGED) error = 'damaged';
    else if (state === CUT_SHORT) error = 'truncated';
    if (length + output.length > most) {
      output = output.subarray(0, most - length);
      error = 'limit';
      done = true;
    }
    if (length + output.length > out.length) {
      const needed = done ? length + output.length : Math.max(length + output.length, length * 2);
      const grown = new Uint8Array(Math.min(most, needed));
      grown.set(out.subarray(0, length));
      out = grown;
    }
    out.set(output, length);
    length += output.length;
  }
  giveBackEngine(engine);
  const inflated = out.subarray(0, length);
  // What a header claimed is not held on to.
  return { bytes: !room && 2 * length < out.length ? inflated.slice() : inflated, end, error };
}

/** Whether a zlib header stands at `at`: method 8, a window of at most 32 KiB, no dictionary, its check right. */
export function isZlib(bytes: Uint8Array, at = 0): boolean {
  const method = bytes[at] ?? 0;
  const flags = bytes[at + 1] ?? 0;
  return (
    (method & 15) === 8 &&
    method >> 4 <= 7 &&
    (flags & 0x20) === 0 &&
    (method * 256 + flags) % 31 === 0
  );
}

/** Inflates zlib data at `at`, its checksum verified. Never gives more than `limit` bytes, never throws. */
export function inflateZlib(
  bytes: Uint8Array,
  at: number,
  limit: number,
  expected = FIRST,
): Inflated {
  if (!isZlib(bytes, at)) return { bytes: new Uint8Array(0), end: at, error: 'damaged' };
  const inflated = inflateRaw(bytes, at + 2, limit, expected);
  if (inflated.error) return inflated;
  const { end } = inflated;
  if (end + 4 > bytes.length) return { ...inflated, end: bytes.length, error: 'truncated' };
  const view = new DataView(bytes.buffer, bytes.byteOffset + end, 4);
  const right = view.getUint32(0) === adler32(inflated.bytes);
  return { bytes: inflated.bytes, end: end + 4, error: right ? undefined : 'damaged' };
}

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let at = 0; at < bytes.length;) {
    const stop = Math.min(bytes.length, at + 3800); // before the sums pass 2^32
    for (; at < stop; at++) {
      a += bytes[at] as number;
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}
