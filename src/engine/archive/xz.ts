/**
 * The .xz container (tukaani.org/xz/xz-file-format.txt, 1.2.1): any number of streams and blocks with
 * LZMA2, and the filters before it; CRC-32, CRC-64 and SHA-256 checks are verified.
 */
import { crc32 } from './crc32.ts';
import { Crc64 } from './crc64.ts';
import { damageOf, DecodeProblem, type InputBuffer } from './input-buffer.ts';
import { MAX_WINDOW } from './limits.ts';
import { uint32 } from './little-endian.ts';
import { Lzma2Decoder } from './lzma2.ts';
import { Sha256 } from './sha256.ts';
import { type Filter, filterOf } from './xz-filters.ts';

const MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];
const HEADER = 12;
const LZMA2 = 0x21;
const CHECK_SIZES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];
const CHECKS: Record<number, string> = { 1: 'crc32', 4: 'crc64', 10: 'sha256' };

const { damaged, cutShort } = damageOf('xz');

/** Decompresses. @throws {DecodeProblem} after everything before the damage has been handed out. */
export function* unxz(input: InputBuffer): Generator<Uint8Array | undefined, void> {
  for (let streams = 0; ; streams++) {
    // Padding between streams comes in fours.
    while (streams > 0 && (yield* input.fill(4)) && uint32(input.bytes, input.at) === 0)
      input.at += 4;
    if (!(yield* input.fill(HEADER))) {
      if (streams === 0 || input.available > 0) throw cutShort();
      return;
    }
    if (!MAGIC.every((byte, i) => input.bytes[input.at + i] === byte)) {
      if (streams === 0) throw damaged('no stream');
      throw new DecodeProblem(
        'xz-trailing-data',
        'Bytes that are no xz stream stand behind the last one; they were not read.',
      );
    }
    const header = input.take(HEADER);
    if (crc32(header.subarray(6, 8)) !== uint32(header, 8)) throw damaged('a header checksum');
    yield* stream(input, (header[7] as number) & 15);
  }
}

function* stream(input: InputBuffer, check: number): Generator<Uint8Array | undefined, void> {
  for (;;) {
    if (!(yield* input.fill(1))) throw cutShort();
    if (input.bytes[input.at] === 0) break;
    yield* block(input, check);
  }
  yield* skipIndex(input);
  if (!(yield* input.fill(HEADER))) throw cutShort();
  const footer = input.take(HEADER);
  if (footer[10] !== 0x59 || footer[11] !== 0x5a) throw damaged('no footer');
}

function* block(input: InputBuffer, check: number): Generator<Uint8Array | undefined, void> {
  const size = ((input.bytes[input.at] as number) + 1) * 4;
  if (!(yield* input.fill(size))) throw cutShort();
  const header = input.take(size).slice();
  if (crc32(header.subarray(0, size - 4)) !== uint32(header, size - 4))
    throw damaged('a block header checksum');
  const { dictionary, filters } = coders(header);
  const start = input.position;
  const decoder = new Lzma2Decoder(dictionary);
  const sum = checkOf(check);
  const checked = function* (out: Uint8Array): Generator<Uint8Array, void> {
    sum?.update(out);
    if (out.length > 0) yield out;
  };
  for (;;) {
    if (!(yield* input.fill(1))) throw cutShort();
    const need = decoder.headerSize(input.bytes[input.at] as number);
    if (!(yield* input.fill(need))) throw cutShort();
    const chunk = decoder.chunkSize(input.bytes.subarray(input.at, input.at + need));
    if (chunk === 0) {
      input.at += 1;
      break;
    }
    if (!(yield* input.fill(chunk))) throw cutShort();
    let out: Uint8Array;
    try {
      out = decoder.decode(input.take(chunk));
    } catch (error) {
      throw error instanceof RangeError ? damaged(error.message) : error;
    }
    yield* checked(filters.reduce((bytes, filter) => filter.push(bytes), out));
  }
  for (const [i, filter] of filters.entries())
    yield* checked(filters.slice(i + 1).reduce((bytes, next) => next.push(bytes), filter.end()));
  const padding = (4 - ((input.position - start) % 4)) % 4;
  const checkSize = CHECK_SIZES[check] as number;
  if (!(yield* input.fill(padding + checkSize))) throw cutShort();
  input.at += padding;
  const want = input.take(checkSize);
  const have = sum?.digest();
  if (have && !have.every((byte, i) => want[i] === byte)) {
    throw new DecodeProblem(
      'xz-checksum',
      'The xz checksum does not match: some of these bytes are damaged.',
    );
  }
}

/** The dictionary's size, and the filters in the order in which they are undone. */
function coders(header: Uint8Array): { dictionary: number; filters: Filter[] } {
  const flags = header[1] as number;
  let at = 2;
  const number = (): number => {
    let value = 0;
    for (let i = 0; i < 9; i++) {
      const byte = header[at++] ?? 0;
      value += (byte & 127) * 2 ** (7 * i);
      if (byte < 128) break;
    }
    return value;
  };
  if (flags & 0x40) number();
  if (flags & 0x80) number();
  let dictionary = 0;
  const filters: Filter[] = [];
  for (let i = 0; i <= (flags & 3); i++) {
    const id = number();
    const length = number();
    const properties = header.subarray(at, at + length);
    const property = properties[0] ?? 0;
    at += length;
    if (id === LZMA2) {
      if (property > 40) throw damaged('an impossible dictionary');
      dictionary =
        property === 40 ? 2 ** 32 - 1 : (2 | (property & 1)) * 2 ** ((property >> 1) + 11);
      continue;
    }
    const filter = filterOf(id, properties);
    if (!filter) {
      throw new DecodeProblem(
        'xz-filter',
        `The xz data use a filter (0x${id.toString(16)}) for machine code, which is not read.`,
      );
    }
    filters.unshift(filter);
  }
  if (dictionary > MAX_WINDOW) {
    throw new DecodeProblem(
      'xz-window',
      `The xz data need a dictionary of ${Math.round(dictionary / 2 ** 20).toLocaleString('en')} MiB, more than the 128 MiB that are allowed.`,
    );
  }
  return { dictionary, filters };
}

interface Check {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

function checkOf(check: number): Check | undefined {
  switch (CHECKS[check]) {
    case 'crc32': {
      let crc = 0;
      return {
        update: (bytes) => (crc = crc32(bytes, crc)),
        digest: () =>
          new Uint8Array([crc & 255, (crc >>> 8) & 255, (crc >>> 16) & 255, crc >>> 24]),
      };
    }
    case 'crc64':
      return new Crc64();
    case 'sha256':
      return new Sha256();
    default:
      return undefined;
  }
}

/** The index repeats what the blocks said of themselves. */
function* skipIndex(input: InputBuffer): Generator<undefined, void> {
  const start = input.position;
  input.at += 1;
  const number = function* (): Generator<undefined, number> {
    let value = 0;
    for (let i = 0; i < 9; i++) {
      if (!(yield* input.fill(1))) throw cutShort();
      const byte = input.take(1)[0] as number;
      value += (byte & 127) * 2 ** (7 * i);
      if (byte < 128) break;
    }
    return value;
  };
  const records = yield* number();
  for (let i = 0; i < records; i++) {
    yield* number();
    yield* number();
  }
  const padding = (4 - ((input.position - start) % 4)) % 4;
  if (!(yield* input.fill(padding + 4))) throw cutShort();
  input.at += padding + 4;
}
