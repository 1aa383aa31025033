/**
 * gzip (RFC 1952), as layers and archives really have it: many members (eStargz has one per file),
 * zero padding, and bytes after the end.
 *
 * The platform's DecompressionStream is two to three times faster than JavaScript but takes exactly one
 * member, so it goes first, and where it fails fflate's reader starts again and passes over what was
 * already handed out. fflate checks no checksum; that is done here.
 */
import { Gunzip } from 'fflate';
import { crc32 } from './crc32.ts';
import { inflateRaw, MOST_RATIO } from './inflate.ts';
import { DecodeProblem, decodeStream, type InputBuffer } from './input-buffer.ts';
import { uint32 } from './little-endian.ts';
import { messageOf } from './problem.ts';
import { type ByteStream, readStream } from './read-blob.ts';
import { countNonZero } from './tar-fields.ts';

const STEP = 64 * 1024; // compressed bytes inflated at a time; up to 1,032 times as many come out
const TRAILER = 8; // CRC-32 and length of the member, little-endian
const KEPT = 66 * 1024; // a trailer is looked for once the next member's header, of up to 64 KiB, is there
const HEADER = 10; // the shortest header
const AT_ONCE = 1 << 20; // a member of at most so many compressed bytes is inflated in one go
const MOST_AT_ONCE = 16 << 20; // and of so many inflated ones
const WRITE = 64 * 1024; // compressed bytes given to the platform's decoder at once
const ROUND = 4 * WRITE; // what a platform may still look at when it has taken more
const fflateUnexpectedEnd = 0;
const fflateInvalidHeader = 6;

/** How a gzip stream ended. */
export interface GzipEnd {
  /** Set where data are damaged or cut short: what came before has been handed out. */
  problem?: { code: 'gzip-checksum' | 'gzip-damaged' | 'gzip-truncated'; message: string };
  /** Bytes behind the last member that are neither a member nor zeros. */
  trailing: number;
}

/**
 * Inflates a gzip stream. `open` starts the compressed bytes from the front; it is called a second time
 * where the platform's decoder gives up. `native: false` reads once, for a source that cannot be read again.
 */
export async function* gunzip(
  open: () => ByteStream,
  onEnd: (end: GzipEnd) => void,
  native = true,
): AsyncGenerator<Uint8Array, void, undefined> {
  let given = 0;
  if (native) {
    try {
      for await (const piece of nativeGunzip(open())) {
        given += piece.length;
        yield piece;
      }
      onEnd({ trailing: 0 });
      return;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
    }
  }
  let skip = given;
  const end: GzipEnd = { trailing: 0 };
  const decoder = function* (input: InputBuffer): Generator<Uint8Array | undefined, void> {
    yield* memberGunzip(input, (problem) => (end.problem = problem));
    // Behind damage nothing tells what is data and what is not.
    while (!end.problem && (yield* input.fill(1))) {
      end.trailing += countNonZero(input.take(input.available));
    }
  };
  for await (const piece of decodeStream(decoder, open())) {
    if (skip >= piece.length) skip -= piece.length;
    else {
      yield skip > 0 ? piece.subarray(skip) : piece;
      skip = 0;
    }
  }
  onEnd(end);
}

/** The platform's decoder could not go on; not an error of the source or of the caller. */
class DecodeError extends Error {}

async function* nativeGunzip(source: ByteStream): AsyncGenerator<Uint8Array, void, undefined> {
  const decoder = new DecompressionStream('gzip');
  const writer = decoder.writable.getWriter();
  let sourceError: unknown;
  const iterator = source[Symbol.asyncIterator]();
  const copies = new Copies();
  const pump = (async () => {
    try {
      for (;;) {
        const next = await iterator.next();
        if (next.done) break;
        // What comes of one write is all inflated before any of it is read.
        for (let at = 0; at < next.value.length; at += WRITE)
          await writer.write(copies.next(next.value.subarray(at, at + WRITE)));
      }
      await writer.close();
    } catch (error) {
      sourceError = error;
      await writer.abort(error).catch(() => undefined);
      await iterator.return?.().catch(() => undefined);
    }
  })();
  try {
    yield* readStream(decoder.readable);
    await pump;
  } catch (error) {
    await pump;
    // A source that fails by itself (the file changed on disk) must not look like damaged gzip.
    if (isReadError(sourceError)) throw sourceError;
    throw new DecodeError(messageOf(error));
  }
}

/** Copies of what is written, one behind the other, round and round: Node keeps some of it past the write's promise. */
class Copies {
  #buffer = new Uint8Array(ROUND);
  #at = 0;

  next(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    if (this.#at + bytes.length > ROUND) this.#at = 0;
    const copy = this.#buffer.subarray(this.#at, (this.#at += bytes.length));
    copy.set(bytes);
    return copy;
  }
}

function isReadError(error: unknown): boolean {
  return (
    error instanceof DOMException &&
    (error.name === 'NotReadableError' || error.name === 'NotFoundError')
  );
}

/** Inflates every member; what stands behind the last one is left in the input. */
function* memberGunzip(
  input: InputBuffer,
  onProblem: (problem: NonNullable<GzipEnd['problem']>) => void,
): Generator<Uint8Array | undefined, void> {
  if (!(yield* input.fill(1))) return;
  const whole = inflateWhole(input.bytes.subarray(input.at));
  if (whole) {
    input.take(input.available);
    yield whole;
    // Another member may follow, or what is none.
    if (!(yield* input.fill(2))) return;
    if (input.bytes[input.at] !== 0x1f || input.bytes[input.at + 1] !== 0x8b) return;
  }
  const out: Uint8Array[] = [];
  let crc = 0;
  let length = 0;
  let read = 0; // compressed bytes pushed before the window
  let window: Uint8Array = new Uint8Array(0); // the last pushed bytes, with the eight before them
  let problem: GzipEnd['problem'];

  const trailerAt = (at: number): boolean => {
    const i = at - read;
    if (i < 0 || i + TRAILER > window.length) return false;
    return uint32(window, i) === crc && uint32(window, i + 4) === length >>> 0;
  };
  const damaged = (): void => {
    problem ??= {
      code: 'gzip-checksum',
      message: 'The gzip checksum does not match: some of these bytes are damaged.',
    };
  };

  const reader = new Gunzip((piece) => {
    if (piece.length === 0) return;
    crc = crc32(piece, crc);
    length += piece.length;
    out.push(piece);
  });
  reader.onmember = (start) => {
    if (!trailerAt(start - TRAILER)) damaged();
    crc = 0;
    length = 0;
  };

  /** After an error at what may be the end: the member was whole if its trailer stands in the window. */
  const endOfMember = (): number => {
    const first = crc & 255;
    for (let i = window.length - TRAILER; i >= 0; i--) {
      if (window[i] === first && trailerAt(read + i)) return i + TRAILER;
    }
    return -1;
  };

  let unread: Uint8Array | undefined;
  while (!unread && (yield* input.fill(1))) {
    const chunk = input.take(Math.min(STEP, input.available));
    const keep = window.subarray(Math.max(0, window.length - KEPT));
    read += window.length - keep.length;
    const joined = new Uint8Array(keep.length + chunk.length);
    joined.set(keep);
    joined.set(chunk, keep.length);
    window = joined;
    try {
      reader.push(chunk.slice(), false); // it keeps what it cannot use yet
    } catch (error) {
      const end = endOfMember();
      unread = end >= 0 ? window.subarray(end) : chunk;
      if (end < 0 && codeOf(error) === fflateInvalidHeader) damaged();
      else if (end < 0) {
        problem ??= {
          code: 'gzip-damaged',
          message: `The gzip data are damaged after ${read + window.length} compressed bytes; what came before was read.`,
        };
      }
    }
    yield* out.splice(0);
  }
  if (unread) input.giveBack(unread);
  else {
    try {
      reader.push(new Uint8Array(0), true);
      if (endOfMember() < 0) damaged();
    } catch (error) {
      if (endOfMember() < 0) {
        problem ??=
          codeOf(error) === fflateUnexpectedEnd
            ? {
                code: 'gzip-truncated',
                message: 'The gzip data end early; what there is was read.',
              }
            : { code: 'gzip-damaged', message: 'The gzip data are damaged at their end.' };
      }
    }
    yield* out.splice(0);
  }
  if (problem) onProblem(problem);
}

/** Inflates bytes that are one small member and nothing else, as its trailer proves; undefined where they are not. */
function inflateWhole(bytes: Uint8Array): Uint8Array | undefined {
  const compressed = bytes.length - HEADER - TRAILER;
  if (compressed <= 0 || bytes.length > AT_ONCE || bytes[0] !== 0x1f || bytes[1] !== 0x8b)
    return undefined;
  const start = dataAt(bytes);
  const length = uint32(bytes, bytes.length - 4);
  const trailer = bytes.length - TRAILER;
  if (start === undefined || length > Math.min(MOST_AT_ONCE, compressed * MOST_RATIO))
    return undefined;
  const inflated = inflateRaw(bytes, start, length, length);
  // Behind the end of the data there is no other member, and no padding.
  if (inflated.error || inflated.end !== trailer || inflated.bytes.length !== length)
    return undefined;
  return crc32(inflated.bytes) === uint32(bytes, trailer) ? inflated.bytes : undefined;
}

/** Where the data behind a header begin; undefined where the header is none, or is not whole. */
function dataAt(bytes: Uint8Array): number | undefined {
  const flags = bytes[3] as number;
  if (bytes[2] !== 8 || (flags & 0xe0) !== 0) return undefined;
  let at = HEADER;
  if (flags & 4) at += 2 + ((bytes[at] as number) | ((bytes[at + 1] as number) << 8));
  // The file's name, and a comment.
  for (const flag of [8, 16]) if (flags & flag) at = bytes.indexOf(0, at) + 1 || bytes.length;
  if (flags & 2) at += 2;
  return at < bytes.length - TRAILER ? at : undefined;
}

/** Inflates every member. @throws {DecodeProblem} after everything before the damage has been handed out. */
export function* ungzip(input: InputBuffer): Generator<Uint8Array | undefined, void> {
  let problem: GzipEnd['problem'];
  yield* memberGunzip(input, (told) => (problem = told));
  if (problem) throw new DecodeProblem(problem.code, problem.message);
}

function codeOf(error: unknown): number | undefined {
  return (error as { code?: number }).code;
}
