/**
 * A zip read from its front, by its local headers (PKWARE's APPNOTE 6.3, 4.3.7 to 4.3.9): for one that is
 * not held until its directory comes. What is deflated says by itself where it ends. Where another entry's length stands
 * behind its data, in a data descriptor, that is found by the length it gives, which must be the distance to the
 * entry's start.
 */
import { inflatePieces, inflateRaw, InflateRoom } from './inflate.ts';
import type { InputBuffer } from './input-buffer.ts';
import type { MemberEvent, MemberEvents } from './member-events.ts';
import { uint16 } from './little-endian.ts';
import { messageOf } from './problem.ts';
import {
  CENTRAL_LENGTH,
  centralLength,
  commentLength,
  END_64_LENGTH,
  END_LENGTH,
  LOCAL_LENGTH,
  LOCATOR_64_LENGTH,
  type LocalHeader,
  localHeader,
  localLength,
  MAX_ENTRIES,
  NO_DIRECTORY,
  TOO_MANY_ENTRIES,
} from './zip.ts';
import { DEFLATED, STORED, unpackerOf } from './zip-methods.ts';

const STEP = 64 * 1024; // bytes unpacked at a time
const MOST_AT_ONCE = 1 << 20; // bytes of data that are waited for, and 16 times as many when unpacked
const DESCRIPTOR = 24; // signature, checksum and two lengths of 8 bytes each
const REACH = DESCRIPTOR + 4; // and the signature of what follows

/** The entries of a zip, in the order of their local headers, and of others that follow behind its directory. */
export function* zipStreamMembers(input: InputBuffer): MemberEvents {
  const room = new InflateRoom();
  const met: Tally = { entries: 0, methods: 0 }; // since the last directory
  while (yield* input.fill(4)) {
    if (isMark(input.bytes, input.at, 3, 4)) {
      if (met.entries === MAX_ENTRIES) {
        yield inPart(TOO_MANY_ENTRIES);
        return;
      }
      if (!(yield* input.fill(LOCAL_LENGTH))) break;
      const length = localLength(input.bytes, input.at);
      if (!(yield* input.fill(length))) break;
      const header = localHeader(input.bytes, input.at);
      input.at += length;
      tally(met, header.method, header.encrypted);
      yield* entry(input, header, room);
      yield* passDescriptor(input);
    } else if (isMark(input.bytes, input.at, 1, 2) || isMark(input.bytes, input.at, 5, 6)) {
      const listed = yield* passDirectory(input);
      if (!listed) yield inPart(NO_DIRECTORY);
      else if (listed.entries > met.entries)
        yield inPart(
          `${listed.entries - met.entries} of the entries of its directory were not met`,
        );
      else if (listed.entries === met.entries && listed.methods !== met.methods)
        yield inPart(
          'its directory and its entries differ in how these are compressed or encrypted',
        );
      met.entries = met.methods = 0;
    } else yield* strayBytes(input);
  }
  if (met.entries > 0) yield inPart(NO_DIRECTORY);
}

/** What a directory and the entries before it must agree in: their number, and the sum of how each is packed. */
interface Tally {
  entries: number;
  methods: number;
}

function tally(to: Tally, method: number, encrypted: boolean): void {
  to.entries++;
  to.methods += method * 2 + Number(encrypted);
}

/** Says that a zip was read in part, and why. */
function inPart(why: string): MemberEvent {
  const message = `This zip was read in part: ${why}.`;
  return { type: 'problem', problem: { code: 'nested-damaged', message } };
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

/** Passes over the directory and the records that end it, but for comments. Returns what it lists, undefined where the input ends in it. */
function* passDirectory(input: InputBuffer): Generator<MemberEvent | undefined, Tally | undefined> {
  const listed: Tally = { entries: 0, methods: 0 };
  for (;;) {
    const isEntry = isMark(input.bytes, input.at, 1, 2);
    if (isEntry && !(yield* input.fill(CENTRAL_LENGTH))) break;
    const length = isEntry ? centralLength(input.bytes, input.at) : endRecordLength(input);
    if (length === 0) return listed;
    if (!(yield* input.fill(length))) break;
    const { bytes, at } = input;
    if (isEntry) tally(listed, uint16(bytes, at + 10), (uint16(bytes, at + 8) & 1) !== 0);
    const comment = isEntry ? commentLength(bytes, at) : 0;
    input.at += length - comment;
    if (comment > 0) {
      const offset = input.position;
      yield { type: 'loose', bytes: input.take(comment), offset };
    }
    if (length === END_LENGTH) return listed;
    if (!(yield* input.fill(4))) break;
  }
  input.at += input.available;
  return undefined;
}

/** The length of a record that ends a directory; 0 where none stands. */
function endRecordLength({ bytes, at }: InputBuffer): number {
  if (isMark(bytes, at, 5, 6)) return END_LENGTH;
  if (isMark(bytes, at, 6, 7)) return LOCATOR_64_LENGTH;
  return isMark(bytes, at, 6, 6) ? END_64_LENGTH : 0;
}

/** Passes over a data descriptor behind an entry whose end was known without it. */
function* passDescriptor(input: InputBuffer): Generator<undefined, void> {
  yield* input.fill(REACH);
  const { bytes, at } = input;
  if (isNext(bytes, at)) return;
  const marked = isMark(bytes, at, 7, 8);
  for (const length of marked ? [16, 24] : [12, 20]) {
    if (!isNext(bytes, at + length)) continue;
    input.at += length;
    return;
  }
}

function* entry(input: InputBuffer, header: LocalHeader, room: InflateRoom): MemberEvents {
  const { name, encrypted, method, known, compressedSize } = header;
  const folder = name.endsWith('/');
  if ((known || folder) && compressedSize === 0 && (yield* isEmpty(input))) {
    if (folder) return;
    yield { type: 'member', name, size: 0 };
    yield { type: 'end' };
  } else if (encrypted || method !== DEFLATED) yield* sizedEntry(input, header);
  else yield* deflatedEntry(input, header, room);
}

/** Whether what follows an entry stands where its data would. */
function* isEmpty(input: InputBuffer): Generator<undefined, boolean> {
  yield* input.fill(REACH);
  const { bytes, at } = input;
  return [0, 12, 16, 20, 24].some((length) => isNext(bytes, at + length));
}

/** An entry that is deflated, which ends where DEFLATE does, whatever its header says. */
function* deflatedEntry(input: InputBuffer, header: LocalHeader, room: InflateRoom): MemberEvents {
  const { name, known, size } = header;
  const whole = yield* atOnce(input, header, room);
  if (whole) {
    if (whole.length === 0 && name.endsWith('/')) return;
    yield { type: 'member', name, size: whole.length };
    if (whole.length > 0) yield { type: 'data', bytes: whole };
    yield { type: 'end' };
    return;
  }
  yield { type: 'member', name, size: known && size > 0 ? size : undefined };
  const pieces = inflatePieces(input);
  let step = pieces.next();
  for (; !step.done; step = pieces.next()) yield step.value && { type: 'data', bytes: step.value };
  if (step.value === undefined) yield { type: 'end' };
  else {
    const error = step.value === 'damaged' ? 'its data are damaged' : 'the data end early';
    yield { type: 'end', error };
  }
}

/** The content of an entry that is deflated, where all of it has come; undefined where it has not, or is damaged. */
function* atOnce(
  input: InputBuffer,
  { known, compressedSize, size }: LocalHeader,
  room: InflateRoom,
): Generator<undefined, Uint8Array | undefined> {
  if (known && compressedSize > MOST_AT_ONCE) return undefined;
  if (known) yield* input.fill(compressedSize);
  const expected = (known && size) || undefined;
  const whole = inflateRaw(input.bytes, input.at, 16 * MOST_AT_ONCE, expected, room);
  if (whole.error !== undefined) return undefined;
  input.at = whole.end;
  return whole.bytes;
}

/** An entry that does not say by itself where it ends. */
function* sizedEntry(input: InputBuffer, header: LocalHeader): MemberEvents {
  const { name, encrypted, method, known, compressedSize, size } = header;
  const unpacker = encrypted ? undefined : unpackerOf(method, known ? size : undefined);
  const data = known ? knownData(input, compressedSize) : describedData(input);
  const exact = known && !encrypted && method === STORED && size === compressedSize;
  yield { type: 'member', name, size: exact && size > 0 ? size : undefined };
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
