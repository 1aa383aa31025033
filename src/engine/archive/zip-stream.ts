/**
 * A zip read from its front, by its local headers (PKWARE's APPNOTE 6.3, 4.3.7 to 4.3.9): for one that is
 * not held until its directory comes. Where an entry's length stands behind its data, in a data
 * descriptor, that is found by the length it gives, which must be the distance to the entry's start.
 */
import { inflateRaw, InflateRoom } from './inflate.ts';
import type { InputBuffer } from './input-buffer.ts';
import type { MemberEvent, MemberEvents } from './member-events.ts';
import { messageOf } from './problem.ts';
import { LOCAL_LENGTH, type LocalHeader, localHeader, localLength } from './zip.ts';
import { DEFLATED, unpackerOf } from './zip-methods.ts';

const STEP = 64 * 1024; // bytes unpacked at a time
const MOST_AT_ONCE = 1 << 20; // bytes of data that are waited for, and 16 times as many when unpacked
const DESCRIPTOR = 24; // signature, checksum and two lengths of 8 bytes each
const REACH = DESCRIPTOR + 4; // and the signature of what follows

/** The entries of a zip, in the order of their local headers; ends behind its directory. */
export function* zipStreamMembers(input: InputBuffer): MemberEvents {
  const room = new InflateRoom();
  while (yield* input.fill(4)) {
    const signature = input.bytes.subarray(input.at, input.at + 4);
    if (!isMark(signature, 0, 3, 4)) {
      if (isMark(signature, 0, 1, 2) || isMark(signature, 0, 5, 6)) {
        yield* passDirectory(input);
        return;
      }
      yield* strayBytes(input);
      continue;
    }
    if (!(yield* input.fill(LOCAL_LENGTH))) return;
    const length = localLength(input.bytes, input.at);
    if (!(yield* input.fill(length))) return;
    const header = localHeader(input.bytes, input.at);
    input.at += length;
    yield* entry(input, header, room);
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

/** Passes over the directory and the records that end it; a comment is left. */
function* passDirectory(input: InputBuffer): Generator<undefined, void> {
  while (yield* input.fill(4)) {
    const length = yield* recordLength(input);
    if (length < 0 || !(yield* input.fill(length))) return;
    const isLast = isMark(input.bytes, input.at, 5, 6);
    input.at += length;
    if (isLast) return;
  }
}

/** The length of a record of the directory; -1 where none stands. */
function* recordLength(input: InputBuffer): Generator<undefined, number> {
  const isAt = (third: number, fourth: number): boolean =>
    isMark(input.bytes, input.at, third, fourth);
  if (isAt(5, 6)) return 22;
  if (isAt(6, 7)) return 20;
  if (isAt(6, 6)) return 56;
  if (!isAt(1, 2) || !(yield* input.fill(46))) return -1;
  const { bytes, at } = input;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 46);
  return 46 + [28, 30, 32].reduce((sum, field) => sum + view.getUint16(field, true), 0);
}

function* entry(input: InputBuffer, header: LocalHeader, room: InflateRoom): MemberEvents {
  const { name, encrypted, method, known, compressedSize, size } = header;
  const folder = name.endsWith('/') && compressedSize === 0;
  const whole = yield* atOnce(input, header, room);
  if (whole) {
    if (folder) return;
    yield { type: 'member', name, size: whole.length };
    if (whole.length > 0) yield { type: 'data', bytes: whole };
    yield { type: 'end' };
    return;
  }
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

/** The content of a small entry, unpacked in one go; undefined where it is none, or not as it should be. */
function* atOnce(
  input: InputBuffer,
  { encrypted, method, known, compressedSize, size }: LocalHeader,
  room: InflateRoom,
): Generator<undefined, Uint8Array | undefined> {
  if (encrypted || method !== DEFLATED) return undefined;
  const rest = input.bytes.subarray(input.at);
  const data = known
    ? { at: compressedSize, length: 0 }
    : descriptorIn(rest, 0, rest.length - REACH, 0);
  if (!data || data.at > MOST_AT_ONCE || !(yield* input.fill(data.at + data.length)))
    return undefined;
  const stored = input.bytes.subarray(input.at, input.at + data.at);
  const limit = 16 * MOST_AT_ONCE;
  const { bytes, end, error } = inflateRaw(stored, 0, limit, size || undefined, room);
  if (error !== undefined || end !== stored.length || (known && bytes.length < size))
    return undefined;
  input.at += data.at + data.length;
  return bytes;
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
