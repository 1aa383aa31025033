/**
 * A zip read from its front, by its local headers (PKWARE's APPNOTE 6.3, 4.3.7 to 4.3.9): for one that is
 * too large to be held until its directory comes. Where an entry's length stands behind its data, in a data
 * descriptor, that is found by the length it gives, which must be the distance to the entry's start.
 */
import type { InputBuffer } from './input-buffer.ts';
import type { MemberEvent, MemberEvents } from './member-events.ts';
import { messageOf } from './problem.ts';
import { LOCAL_LENGTH, type LocalHeader, localHeader } from './zip.ts';
import { unpackerOf } from './zip-methods.ts';

const STEP = 64 * 1024; // bytes unpacked at a time
const DESCRIPTOR = 24; // signature, checksum and two lengths of 8 bytes each
const REACH = DESCRIPTOR + 4; // and the signature of what follows

/** The entries of a zip, in the order of their local headers; ends before its directory. */
export function* zipStreamMembers(input: InputBuffer): MemberEvents {
  while (yield* input.fill(4)) {
    const signature = input.bytes.subarray(input.at, input.at + 4);
    if (!isMark(signature, 0, 3, 4)) {
      if (isMark(signature, 0, 1, 2) || isMark(signature, 0, 5, 6)) return;
      yield* strayBytes(input);
      continue;
    }
    if (!(yield* input.fill(LOCAL_LENGTH))) return;
    const { nameLength, extraLength } = localHeader(input.bytes, input.at);
    if (!(yield* input.fill(LOCAL_LENGTH + nameLength + extraLength))) return;
    const header = localHeader(input.bytes, input.at);
    input.at += LOCAL_LENGTH + nameLength + extraLength;
    yield* entry(input, header);
  }
}

/** What is no entry, up to the next that is, or the directory. */
function* strayBytes(input: InputBuffer): MemberEvents {
  const bytes = input.bytes.subarray(input.at);
  let end = bytes.indexOf(0x50, 1);
  while (end >= 0 && end + 4 <= bytes.length && !isNext(bytes, end) && !isMark(bytes, end, 5, 6))
    end = bytes.indexOf(0x50, end + 1);
  const offset = input.position;
  yield { type: 'loose', bytes: input.take(end < 0 ? bytes.length : end), offset };
}

function* entry(input: InputBuffer, header: LocalHeader): MemberEvents {
  const { name, encrypted, method, known, compressedSize, size } = header;
  const folder = name.endsWith('/') && compressedSize === 0;
  const unpacker = encrypted ? undefined : unpackerOf(method, known ? size : undefined);
  const data = known ? knownData(input, compressedSize) : describedData(input);
  if (!folder) yield { type: 'member', name, size: known && size > 0 ? size : undefined };
  let error = encrypted
    ? 'it is encrypted'
    : unpacker
      ? undefined
      : `it is compressed in a way that is not read (${method})`;
  let step = data.next();
  for (; !step.done; step = data.next()) {
    const piece = step.value;
    if (!piece) {
      yield undefined;
      continue;
    }
    const offset = input.position - piece.length;
    for (let at = 0; at < piece.length; at += STEP) {
      const bytes = piece.subarray(at, at + STEP);
      if (error === undefined && unpacker) error = yield* unpacked(unpacker.push(bytes));
      if (error !== undefined) yield { type: 'loose', bytes, offset: offset + at };
    }
  }
  if (!step.value) error ??= 'the data end early';
  if (error === undefined && unpacker) error = yield* unpacked(unpacker.end());
  if (folder) return;
  yield error === undefined ? { type: 'end' } : { type: 'end', error };
}

/** Hands on what came out of an entry; why there is no more, as part of a sentence. */
function* unpacked(
  pieces: Iterable<Uint8Array>,
): Generator<MemberEvent | undefined, string | undefined> {
  try {
    for (const bytes of pieces) yield { type: 'data', bytes };
    return undefined;
  } catch (error) {
    return `its data are damaged (${messageOf(error)})`;
  }
}

/** The data of an entry whose length stands in its header; false where they end early. */
function* knownData(
  input: InputBuffer,
  length: number,
): Generator<Uint8Array | undefined, boolean> {
  for (let left = length; left > 0;) {
    if (!(yield* input.fill(1))) return false;
    const bytes = input.take(Math.min(left, input.available));
    left -= bytes.length;
    yield bytes;
  }
  return true;
}

/** The data of an entry whose length stands behind them; its descriptor is passed over. False where none is met. */
function* describedData(input: InputBuffer): Generator<Uint8Array | undefined, boolean> {
  const start = input.position;
  for (let looked = 0; ;) {
    const more = yield* input.fill(looked + REACH + 1);
    const bytes = input.bytes.subarray(input.at);
    const end = more ? bytes.length - REACH : bytes.length;
    const found = descriptorIn(bytes, looked, end, input.position - start);
    if (found) {
      yield input.take(found.at);
      input.at += found.length;
      return true;
    }
    // A descriptor without a signature stands before what is looked for.
    const safe = more ? Math.max(0, end - DESCRIPTOR) : bytes.length;
    if (safe > 0) yield input.take(safe);
    looked = end - safe;
    if (!more) return false;
  }
}

/** Where a descriptor stands, and its length; `before` counts the bytes of the entry's data before `bytes`. */
function descriptorIn(
  bytes: Uint8Array,
  from: number,
  to: number,
  before: number,
): { at: number; length: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const uint32 = (at: number): number =>
    at >= 0 && at + 4 <= bytes.length ? view.getUint32(at, true) : -1;
  const uint64 = (at: number): number => uint32(at) + uint32(at + 4) * 2 ** 32;
  for (let at = bytes.indexOf(0x50, from); at >= 0 && at < to; at = bytes.indexOf(0x50, at + 1)) {
    if (isMark(bytes, at, 7, 8)) {
      const length = before + at;
      // The shorter form first: only what follows tells them apart where a length is 0.
      if (uint32(at + 8) === length && !(uint64(at + 8) === length && isNext(bytes, at + 24)))
        return { at, length: 16 };
      if (uint64(at + 8) === length) return { at, length: 24 };
    } else if (isNext(bytes, at)) {
      if (uint32(at - 8) === before + at - 12) return { at: at - 12, length: 12 };
      if (uint64(at - 16) === before + at - 20) return { at: at - 20, length: 20 };
    }
  }
  return undefined;
}

/** Whether what can follow an entry stands there: another one, or the directory. */
function isNext(bytes: Uint8Array, at: number): boolean {
  return isMark(bytes, at, 3, 4) || isMark(bytes, at, 1, 2);
}

function isMark(bytes: Uint8Array, at: number, third: number, fourth: number): boolean {
  return (
    bytes[at] === 0x50 &&
    bytes[at + 1] === 0x4b &&
    bytes[at + 2] === third &&
    bytes[at + 3] === fourth
  );
}
