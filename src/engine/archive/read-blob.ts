/** Reading a Blob (in a page, a dropped File; in Node, a file opened as one) as a stream of pieces. */
import { READ_SLICE } from './limits.ts';

/**
 * What is read of a Blob: all that the engine asks of a file. A Blob is one; where the platform's own are
 * not enough (Node 20 counts a file's bytes modulo 2^32), another can stand in.
 */
export interface ByteSource {
  /** Bytes. */
  readonly size: number;
  slice(start: number, end: number): ByteSource;
  stream(): ReadableStream<Uint8Array>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Bytes as they come, front to back. A piece is valid until the next is asked for: its buffer may be used again. */
export type ByteStream = AsyncIterable<Uint8Array>;

const PIECE = 1 << 20; // bytes handed on at once, at most

/**
 * Streams the bytes `[start, end)` of a blob, in bounded slices. A slice's stream is read, not its
 * `arrayBuffer()`: in Chromium that is two to four times faster. Not into a buffer of one's own (BYOB), which
 * takes less memory: where two workers read one file, Chromium leaves one read in some scans without an answer.
 */
export async function* readBlob(
  blob: ByteSource,
  start = 0,
  end = blob.size,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = start; at < end; at += READ_SLICE) {
    // Bytes in memory come in one piece.
    for await (const piece of readStream(blob.slice(at, Math.min(end, at + READ_SLICE)).stream()))
      for (let cut = 0; cut < piece.length; cut += PIECE) yield piece.subarray(cut, cut + PIECE);
  }
}

const { port1: NOWHERE, port2: nobody } = new MessageChannel();
const ENOUGH = 1 << 20; // bytes that are given back together: messages take memory too
let spent: ArrayBuffer[] = [];
let spentBytes = 0;
nobody.close(); // not the sending end: Chromium takes nothing from that once it is closed

/** Gives a piece's memory back before long: left to the collector, the pieces of a stream take 150 MB more. */
function releasePiece({ buffer, byteLength }: Uint8Array): void {
  if (!(buffer instanceof ArrayBuffer) || buffer.byteLength !== byteLength) return;
  spent.push(buffer);
  spentBytes += byteLength;
  if (spentBytes < ENOUGH) return;
  release(spent);
  spent = [];
  spentBytes = 0;
}

/** Gives memory back at once: what is sent to a closed port is gone. */
export function release(buffers: ArrayBuffer[]): void {
  NOWHERE.postMessage(null, buffers);
}

/**
 * Iterates a ReadableStream, whose pieces are its reader's alone, and cancels it when the reader stops early (Safari
 * lacks the iterator).
 */
export async function* readStream(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  let finished = false;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(unreadable);
      if (done) break;
      if (value.length > 0) {
        yield value;
        releasePiece(value);
      }
    }
    finished = true;
  } finally {
    if (!finished) await reader.cancel().catch(() => undefined);
    reader.releaseLock();
  }
}

/** Chromium calls a file that can no longer be read a network error. */
function unreadable(error: unknown): never {
  if (error instanceof TypeError && /network/i.test(error.message))
    throw new DOMException('The file was moved or changed while it was open.', 'NotReadableError');
  throw error;
}

/** The bytes `[start, end)` of a blob at once, for small pieces. */
export async function readBytes(blob: ByteSource, start: number, end: number): Promise<Uint8Array> {
  return new Uint8Array(await blob.slice(start, end).arrayBuffer());
}

/** Joins the pieces of a stream, stopping (and returning what there is) past `limit` bytes. */
export async function collect(
  stream: ByteStream,
  limit: number,
): Promise<{ bytes: Uint8Array; whole: boolean }> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  let whole = true;
  for await (const piece of stream) {
    if (length + piece.length > limit) {
      pieces.push(piece.slice(0, limit - length));
      length = limit;
      whole = false;
      break;
    }
    pieces.push(piece.slice());
    length += piece.length;
  }
  return { bytes: concat(pieces, length), whole };
}

/** One array from several. */
export function concat(
  pieces: readonly Uint8Array[],
  length = pieces.reduce((sum, p) => sum + p.length, 0),
): Uint8Array {
  const only = pieces[0];
  if (pieces.length === 1 && only) return only;
  const out = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

/** The first bytes of a stream (fewer where it is shorter), and the whole stream to be read from its front. */
export async function peek(
  source: ByteStream,
  length: number,
): Promise<{ head: Uint8Array; stream: AsyncGenerator<Uint8Array, void, undefined> }> {
  const iterator = source[Symbol.asyncIterator]();
  const pieces: Uint8Array[] = [];
  let have = 0;
  while (have < length) {
    const next = await iterator.next();
    if (next.done) break;
    have += next.value.length;
    // A piece that another must follow does not stay valid.
    pieces.push(have < length ? next.value.slice() : next.value);
  }
  const head = concat(pieces).slice(0, Math.max(length, 0));
  const stream = (async function* () {
    try {
      yield* pieces;
      for (;;) {
        const next = await iterator.next();
        if (next.done) return;
        yield next.value;
      }
    } finally {
      await iterator.return?.();
    }
  })();
  return { head, stream };
}
