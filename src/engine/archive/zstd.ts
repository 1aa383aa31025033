/**
 * Zstandard (RFC 8878): any number of frames, skippable ones among them, windows up to the bound of the
 * zstd program itself, content checksums verified. No browser has it, and of the packages that do some
 * check no checksum and one never returns from damaged input.
 */
import { damageOf, DecodeProblem, type InputBuffer } from './input-buffer.ts';
import { MAX_WINDOW } from './limits.ts';
import { uint32 } from './little-endian.ts';
import { Xxh64 } from './xxh64.ts';
import { BlockDecoder } from './zstd-block.ts';
import type { SequenceEngine } from './zstd-sequences.ts';
import { ScriptSequences } from './zstd-sequences-script.ts';
import { kernelSequences } from './zstd-sequences-wasm.ts';
import { ZstdWindow } from './zstd-window.ts';

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
const MAX_BLOCK = 128 * 1024;

const RAW = 0;
const RLE = 1;
const COMPRESSED = 2;

const { damaged, cutShort } = damageOf('zstd');

/** Decompresses. @throws {DecodeProblem} after everything before the damage has been handed out. */
export function* unzstd(input: InputBuffer): Generator<Uint8Array | undefined, void> {
  for (let frames = 0; ; frames++) {
    const more = yield* input.fill(4);
    if (!more && frames === 0) {
      if (input.available > 0) throw cutShort();
      return;
    }
    const magic = more ? uint32(input.bytes, input.at) : 0;
    if (magic >>> 4 === SKIPPABLE >>> 4) yield* skip(input);
    else if (magic === MAGIC) yield* frame(input);
    else if (frames === 0) throw damaged('no frame');
    else if (yield* input.endsInZeros()) return;
    else {
      throw new DecodeProblem(
        'zstd-trailing-data',
        'Bytes that are no zstd frame stand behind the last one; they were not read.',
      );
    }
  }
}

function* skip(input: InputBuffer): Generator<undefined, void> {
  if (!(yield* input.fill(8))) throw cutShort();
  input.at += 4;
  let left = uint32(input.take(4), 0);
  while (left > 0) {
    if (!(yield* input.fill(1))) throw cutShort();
    const step = Math.min(left, input.available);
    input.at += step;
    left -= step;
  }
}

function* frame(input: InputBuffer): Generator<Uint8Array | undefined, void> {
  const header = yield* frameHeader(input);
  if (header.window > MAX_WINDOW) {
    throw new DecodeProblem(
      'zstd-window',
      `The zstd data need a window of ${Math.round(header.window / 2 ** 20).toLocaleString('en')} MiB, more than the 128 MiB that are allowed.`,
    );
  }
  const engine = takeEngine();
  try {
    yield* blocks(input, header, engine);
  } finally {
    giveBackEngine(engine);
  }
}

const MOST_IDLE = 2;
const LARGEST_IDLE = 16 << 20; // bytes of window
const idle: SequenceEngine[] = [];

function takeEngine(): SequenceEngine {
  const engine = idle.pop() ?? kernelSequences() ?? new ScriptSequences();
  engine.reset();
  return engine;
}

/** Keeps an engine for the next frame: some files have a frame for each file in them. */
function giveBackEngine(engine: SequenceEngine): void {
  if (idle.length < MOST_IDLE && engine.window.length <= LARGEST_IDLE) idle.push(engine);
}

function* blocks(
  input: InputBuffer,
  header: FrameHeader,
  engine: SequenceEngine,
): Generator<Uint8Array | undefined, void> {
  const window = new ZstdWindow(header.window, engine);
  const decoder = new BlockDecoder(window, engine);
  const checksum = header.checksum ? new Xxh64() : undefined;
  let size = 0;
  for (let last = false; !last;) {
    if (!(yield* input.fill(3))) throw cutShort();
    const [a = 0, b = 0, c = 0] = input.take(3);
    last = (a & 1) === 1;
    const type = (a >> 1) & 3;
    const length = ((a | (b << 8) | (c << 16)) >>> 3) & 0x1fffff;
    if (length > MAX_BLOCK && type !== RLE) throw damaged('a block too large');
    if (!(yield* input.fill(type === RLE ? 1 : length))) throw cutShort();
    let out: Uint8Array;
    try {
      if (type === RAW) out = window.append(input.take(length));
      else if (type === RLE) {
        if (length > MAX_BLOCK) throw new RangeError('a block too large');
        out = window.fill(input.take(1)[0] as number, length);
      } else if (type === COMPRESSED) out = decoder.decode(input.take(length));
      else throw new RangeError('a reserved block type');
    } catch (error) {
      throw error instanceof RangeError ? damaged(error.message) : error;
    }
    size += out.length;
    checksum?.update(out);
    if (out.length > 0) yield out;
  }
  if (header.contentSize !== undefined && header.contentSize !== size)
    throw damaged('another size than it claims');
  if (checksum) {
    if (!(yield* input.fill(4))) throw cutShort();
    if (uint32(input.take(4), 0) !== checksum.low()) {
      throw new DecodeProblem(
        'zstd-checksum',
        'The zstd checksum does not match: some of these bytes are damaged.',
      );
    }
  }
}

interface FrameHeader {
  window: number;
  contentSize: number | undefined;
  checksum: boolean;
}

function* frameHeader(input: InputBuffer): Generator<undefined, FrameHeader> {
  if (!(yield* input.fill(5))) throw cutShort();
  input.at += 4;
  const descriptor = input.take(1)[0] as number;
  const single = (descriptor & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3] as number;
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] as number;
  if ((descriptor & 0x08) !== 0) throw damaged('a reserved bit is set');
  if (!(yield* input.fill((single ? 0 : 1) + dictionary + sizeBytes))) throw cutShort();
  let window = 0;
  if (!single) {
    const byte = input.take(1)[0] as number;
    const base = 2 ** (10 + (byte >> 3));
    window = base + (base / 8) * (byte & 7);
  }
  if (input.take(dictionary).some((byte) => byte !== 0)) {
    throw new DecodeProblem(
      'zstd-dictionary',
      'The zstd data need a dictionary, which is not part of them.',
    );
  }
  let contentSize: number | undefined;
  if (sizeBytes > 0) {
    contentSize = 0;
    input
      .take(sizeBytes)
      .forEach((byte, i) => (contentSize = (contentSize ?? 0) + byte * 2 ** (8 * i)));
    if (sizeBytes === 2) contentSize += 256;
  }
  if (single) window = Math.max(contentSize ?? 0, 1024);
  return { window, contentSize, checksum: (descriptor & 4) !== 0 };
}
