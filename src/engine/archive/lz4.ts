/**
 * LZ4 frames (github.com/lz4/lz4, doc/lz4_Frame_format.md 1.6.4), any number of them in a row, the legacy ones of
 * the Linux kernel's images among them. Checksums of headers, blocks and contents are verified.
 */
import { damageOf, DecodeProblem, type InputBuffer } from './input-buffer.ts';
import { uint32 } from './little-endian.ts';
import { lz4Block } from './lz4-block.ts';
import { Xxh32, xxh32 } from './xxh32.ts';

const FRAME = 0x184d2204;
const LEGACY = 0x184c2102;
const LEGACY_BLOCK = 8 << 20;
const WINDOW = 64 * 1024;

const { damaged, cutShort } = damageOf('lz4');

/** Whether bytes begin as a frame does, of either kind. */
export function startsLikeLz4([a, b, c, d]: Uint8Array): boolean {
  return (
    d === 0x18 && ((a === 4 && b === 0x22 && c === 0x4d) || (a === 2 && b === 0x21 && c === 0x4c))
  );
}

/** Decompresses. @throws {DecodeProblem} after everything before the damage has been handed out. */
export function* unlz4(input: InputBuffer): Generator<Uint8Array | undefined, void> {
  for (let frames = 0; ; frames++) {
    if (!(yield* input.fill(4))) {
      if (frames === 0 || input.available > 0) throw cutShort();
      return;
    }
    const magic = uint32(input.bytes, input.at);
    if (magic === FRAME) yield* frame(input);
    else if (magic === LEGACY) yield* legacyFrame(input);
    else if (magic >>> 4 === 0x184d2a5 && frames > 0) yield* skippable(input);
    else if (frames === 0) throw damaged('no frame');
    else {
      throw new DecodeProblem(
        'lz4-trailing-data',
        'Bytes that are no lz4 frame stand behind the last one; they were not read.',
      );
    }
  }
}

function* frame(input: InputBuffer): Generator<Uint8Array | undefined, void> {
  if (!(yield* input.fill(7))) throw cutShort();
  const flags = input.bytes[input.at + 4] as number;
  const length = 6 + (flags & 8 ? 8 : 0) + (flags & 1 ? 4 : 0);
  if (!(yield* input.fill(length + 1))) throw cutShort();
  const header = input.take(length + 1);
  const size = ((header[5] as number) >> 4) & 7;
  if (flags >> 6 !== 1 || size < 4) throw damaged('a header of another version');
  if (((xxh32(header.subarray(4, length)) >>> 8) & 255) !== header[length])
    throw damaged('a header checksum');
  if (flags & 1)
    throw new DecodeProblem(
      'lz4-dictionary',
      'The lz4 data need a dictionary, which is elsewhere.',
    );
  const blocks = new Blocks(1 << (8 + 2 * size), (flags & 0x20) === 0);
  const sum = flags & 4 ? new Xxh32() : undefined;
  for (;;) {
    if (!(yield* input.fill(4))) throw cutShort();
    const word = uint32(input.take(4), 0);
    if (word === 0) break;
    const stored = word % 2 ** 31;
    if (stored > blocks.size) throw damaged('a block too large');
    const trailer = flags & 0x10 ? 4 : 0;
    if (!(yield* input.fill(stored + trailer))) throw cutShort();
    const block = input.take(stored);
    if (trailer > 0 && uint32(input.take(4), 0) !== xxh32(block)) throw mismatch();
    const out = blocks.decode(block, word >= 2 ** 31);
    sum?.update(out);
    if (out.length > 0) yield out;
  }
  if (!sum) return;
  if (!(yield* input.fill(4))) throw cutShort();
  if (uint32(input.take(4), 0) !== sum.digest()) throw mismatch();
}

/** A frame of lz4's first years: blocks up to the end, or another frame. */
function* legacyFrame(input: InputBuffer): Generator<Uint8Array | undefined, void> {
  input.at += 4;
  const blocks = new Blocks(LEGACY_BLOCK, false);
  while (yield* input.fill(4)) {
    const stored = uint32(input.bytes, input.at);
    // What is too large for a block is what comes next: a frame, or bytes that are none.
    if (stored > LEGACY_BLOCK + LEGACY_BLOCK / 128) return;
    if (!(yield* input.fill(4 + stored))) throw cutShort();
    input.at += 4;
    yield blocks.decode(input.take(stored), false);
  }
  if (input.available > 0) throw cutShort();
}

function* skippable(input: InputBuffer): Generator<undefined, void> {
  if (!(yield* input.fill(8))) throw cutShort();
  let left = uint32(input.bytes, input.at + 4);
  input.at += 8;
  while (left > 0) {
    if (!(yield* input.fill(1))) throw cutShort();
    left -= input.take(Math.min(left, input.available)).length;
  }
}

/** Decodes blocks one after the other, with a window over those before where they depend on one another. */
class Blocks {
  /** The most bytes that a block unpacks to. */
  readonly size: number;
  #linked: boolean;
  #out = new Uint8Array(WINDOW);
  #end = 0; // of the blocks before, in the buffer

  constructor(size: number, linked: boolean) {
    this.size = size;
    this.#linked = linked;
  }

  /** What a block unpacks to; valid until the next. */
  decode(block: Uint8Array, plain: boolean): Uint8Array {
    // A block says nothing of its size; one of n bytes unpacks to at most 255 n.
    this.#room(plain ? block.length : Math.min(this.size, block.length * 255));
    const from = this.#end;
    const end = plain ? this.#copy(block, from) : this.#unpack(block, from);
    if (this.#linked) this.#end = end;
    return this.#out.slice(from, end);
  }

  #copy(block: Uint8Array, from: number): number {
    this.#out.set(block, from);
    return from + block.length;
  }

  #unpack(block: Uint8Array, from: number): number {
    try {
      return lz4Block(block, this.#out.subarray(0, from + this.size), from);
    } catch (error) {
      throw error instanceof RangeError ? damaged(error.message) : error;
    }
  }

  /** Makes room for a block of `size` bytes, in time that goes with what came out and not with how many blocks. */
  #room(size: number): void {
    if (this.#end + size <= this.#out.length) return;
    if (this.#end >= 2 * WINDOW) {
      this.#out.copyWithin(0, this.#end - WINDOW, this.#end);
      this.#end = WINDOW;
    }
    const need = this.#end + size;
    if (need <= this.#out.length) return;
    const most = 2 * WINDOW + this.size;
    const grown = new Uint8Array(Math.max(need, Math.min(2 * this.#out.length, most)));
    grown.set(this.#out.subarray(0, this.#end));
    this.#out = grown;
  }
}

const mismatch = (): DecodeProblem =>
  new DecodeProblem(
    'lz4-checksum',
    'The lz4 checksum does not match: some of these bytes are damaged.',
  );
