/**
 * gzip (RFC 1952), as layers and archives really have it: many members (eStargz has one per file), zero padding, and bytes
 * after the end. The platform's DecompressionStream takes exactly one member, gives up at what stands behind it, and is
 * slower.
 */
import { inflateStream } from './inflate.ts';
import { DecodeProblem, decodeStream, type InputBuffer } from './input-buffer.ts';
import { uint32 } from './little-endian.ts';
import type { ByteStream } from './read-blob.ts';
import { countNonZero } from './tar-fields.ts';

const HEADER = 10; // the shortest
const TRAILER = 8; // CRC-32 and length of the member, little-endian
const DEFLATE = 8;
/** Flags of a header. */
const HEADER_CRC = 2;
const EXTRA = 4;
const NAME = 8;
const COMMENT = 16;
const RESERVED = 0xe0;

/** How a gzip stream ended. */
export interface GzipEnd {
  /** Set where data are damaged or cut short: what came before has been handed out. */
  problem?: { code: 'gzip-checksum' | 'gzip-damaged' | 'gzip-truncated'; message: string };
  /** Bytes behind the last member that are neither a member nor zeros. */
  trailing: number;
}

/** Inflates a gzip stream, and says how it ended. */
export async function* gunzip(
  source: ByteStream,
  onEnd: (end: GzipEnd) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const end: GzipEnd = { trailing: 0 };
  const decoder = function* (input: InputBuffer): Generator<Uint8Array | undefined, void> {
    yield* members(input, (problem) => (end.problem ??= problem));
    // Behind damage nothing tells what is data and what is not.
    while (!end.problem && (yield* input.fill(1))) {
      end.trailing += countNonZero(input.take(input.available));
    }
  };
  yield* decodeStream(decoder, source);
  onEnd(end);
}

/**
 * Inflates every member, those behind zeros too; its pieces are copies, which may be kept. @throws {DecodeProblem}
 * after everything before the damage has been handed out.
 */
export function* ungzip(input: InputBuffer): Generator<Uint8Array | undefined, void> {
  let problem: GzipEnd['problem'];
  do {
    for (const piece of members(input, (told) => (problem ??= told))) yield piece?.slice();
    if (problem) throw new DecodeProblem(problem.code, problem.message);
  } while (!(yield* input.endsInZeros()) && (yield* startsMember(input)));
}

type OnProblem = (problem: NonNullable<GzipEnd['problem']>) => void;

/** Inflates every member; what stands behind the last one is left in the input. */
function* members(
  input: InputBuffer,
  onProblem: OnProblem,
): Generator<Uint8Array | undefined, void> {
  while (yield* startsMember(input)) {
    let crc = 0;
    let length = 0;
    let error = yield* passHeader(input);
    error ??= yield* inflateStream(input, (engine) => {
      crc = engine.crc(crc);
      length += engine.output.length;
    });
    if (error === 'damaged') {
      const at = input.position.toLocaleString('en');
      const message = `The gzip data are damaged after ${at} compressed bytes; what came before was read.`;
      onProblem({ code: 'gzip-damaged', message });
      return;
    }
    if (error === 'truncated' || !(yield* input.fill(TRAILER))) {
      const message = 'The gzip data end early; what there is was read.';
      onProblem({ code: 'gzip-truncated', message });
      return;
    }
    const trailer = input.take(TRAILER);
    if (uint32(trailer, 0) === crc && uint32(trailer, 4) === length >>> 0) continue;
    const message = 'The gzip checksum does not match: some of these bytes are damaged.';
    onProblem({ code: 'gzip-checksum', message });
  }
}

function* startsMember(input: InputBuffer): Generator<undefined, boolean> {
  if (!(yield* input.fill(3))) return false;
  const { bytes, at } = input;
  return bytes[at] === 0x1f && bytes[at + 1] === 0x8b && bytes[at + 2] === DEFLATE;
}

/** Passes over a header; why it cannot be, if it cannot. */
function* passHeader(
  input: InputBuffer,
): Generator<undefined, 'damaged' | 'truncated' | undefined> {
  if (!(yield* input.fill(HEADER))) return 'truncated';
  const flags = input.bytes[input.at + 3] as number;
  if (flags & RESERVED) return 'damaged';
  input.at += HEADER;
  if (flags & EXTRA) {
    if (!(yield* input.fill(2))) return 'truncated';
    const length = (input.bytes[input.at] as number) | ((input.bytes[input.at + 1] as number) << 8);
    if (!(yield* input.fill(2 + length))) return 'truncated';
    input.at += 2 + length;
  }
  for (const text of [NAME, COMMENT])
    if (flags & text && !(yield* passText(input))) return 'truncated';
  if (flags & HEADER_CRC) {
    if (!(yield* input.fill(2))) return 'truncated';
    input.at += 2;
  }
  return undefined;
}

/** Passes over a text and the NUL that ends it; false where there is none. */
function* passText(input: InputBuffer): Generator<undefined, boolean> {
  while (yield* input.fill(1)) {
    const end = input.bytes.indexOf(0, input.at);
    input.at = end < 0 ? input.bytes.length : end + 1;
    if (end >= 0) return true;
  }
  return false;
}
