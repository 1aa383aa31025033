/**
 * The .lzma files of before .xz (lzma-file-format.txt of XZ Utils, 1.0): a header of 13 bytes and LZMA; there is
 * no checksum, and nothing marks them but their first bytes.
 */
import { damageOf, DecodeProblem, type InputBuffer } from './input-buffer.ts';
import { MAX_WINDOW } from './limits.ts';
import { Lzma2Decoder } from './lzma2.ts';

const HEADER = 13;
const ZIP_HEADER = 9;
const ENDING = 16; // bytes
const RANGE = 5;
const STEP = 1 << 16; // bytes decoded at a time
const ENOUGH = 64; // bytes of input that take a step further
const MOST_SIZE = 2 ** 38; // as liblzma has it where it tells such files by their header

const { damaged, cutShort } = damageOf('lzma');

/** Whether bytes begin as such a file does, written with the properties that every program has as a default. */
export function startsLikeLzma(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x5d || bytes[1] !== 0 || bytes[13] !== 0) return false;
  const { dictionary, size } = header(bytes);
  const power = 2 ** Math.floor(Math.log2(dictionary));
  const usual = dictionary === power || dictionary === power * 1.5;
  return dictionary >= 4096 && usual && (size === undefined || size < MOST_SIZE);
}

/** Decompresses. @throws {DecodeProblem} after everything before the damage has been handed out. */
export function* unlzma(input: InputBuffer): Generator<Uint8Array | undefined, void> {
  if (!(yield* input.fill(HEADER + RANGE))) throw cutShort();
  const { dictionary, size = Infinity } = header(input.bytes.subarray(input.at));
  if (dictionary > MAX_WINDOW)
    throw new DecodeProblem('lzma-window', 'The lzma data need a dictionary of over 128 MiB.');
  yield* content(input, dictionary, input.take(HEADER)[0] as number, size);
  // The last bytes of the range coder are not always read, nor the marker behind content whose size is known.
  input.at += Math.min(ENDING, (yield* input.fill(ENDING)) ? ENDING : input.available);
  if (!(yield* input.endsInZeros())) {
    throw new DecodeProblem(
      'lzma-trailing-data',
      'Bytes that are no lzma data stand behind the last ones; they were not read.',
    );
  }
}

/**
 * Decompresses an entry of a zip (PKWARE's APPNOTE 6.3, 5.8.8): a version, the length of the properties, and these
 * stand before the LZMA; `size` of the content is as the zip has it, if it has. @throws {DecodeProblem} as above.
 */
export function* unlzmaInZip(
  input: InputBuffer,
  size = Infinity,
): Generator<Uint8Array | undefined, void> {
  if (!(yield* input.fill(ZIP_HEADER + RANGE))) throw cutShort();
  const head = input.take(ZIP_HEADER);
  const dictionary = new DataView(head.buffer, head.byteOffset).getUint32(5, true);
  if (head[2] !== 5 || dictionary > MAX_WINDOW) throw damaged('a header that is not read');
  yield* content(input, dictionary, head[4] as number, size);
}

function* content(
  input: InputBuffer,
  dictionary: number,
  properties: number,
  size: number,
): Generator<Uint8Array | undefined, void> {
  const decoder = new Lzma2Decoder(dictionary);
  try {
    decoder.beginAlone(properties, input.take(RANGE));
    for (let left = size; left > 0;) {
      const more = yield* input.fill(ENOUGH);
      const rest = input.bytes.subarray(input.at);
      const { out, read, ended } = decoder.decodeAlone(rest, Math.min(STEP, left), !more);
      input.at += Math.min(read, rest.length);
      if (out.length > left) throw damaged('more than its header says');
      left -= out.length;
      if (out.length > 0) yield out;
      if (read > rest.length || (!more && !ended && out.length === 0)) throw cutShort();
      if (!ended) continue;
      if (size !== Infinity && left > 0) throw damaged('less than its header says');
      return;
    }
  } catch (error) {
    throw error instanceof RangeError ? damaged(error.message) : error;
  }
}

/** The dictionary's size and that of the content, in bytes; undefined where an end marker tells instead. */
function header(bytes: Uint8Array): { dictionary: number; size: number | undefined } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER);
  const [low, high] = [view.getUint32(5, true), view.getUint32(9, true)];
  const unknown = low === 0xffffffff && high === 0xffffffff;
  return {
    dictionary: view.getUint32(1, true),
    size: unknown ? undefined : high * 2 ** 32 + low,
  };
}
