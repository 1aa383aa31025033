/**
 * zip (PKWARE's APPNOTE 6.3): the central directory from the end, with whatever stands before the archive
 * (a shebang line, an executable) passed over; where there is none that can be read, the local headers
 * from the front. zip64 numbers are read; what is encrypted or compressed in a rare way is named.
 */
import { inflateRaw, type InflateRoom } from './inflate.ts';
import { uint16 } from './little-endian.ts';
import { asciiText } from './plain-text.ts';
import { messageOf } from './problem.ts';
import { concat } from './read-blob.ts';
import { DEFLATED, STORED, unpackerOf } from './zip-methods.ts';

/** One entry. */
export interface ZipEntry {
  /** As it stands in the archive: bytes are read as UTF-8, else Latin-1. */
  name: string;
  /** Bytes when unpacked, as the directory claims. */
  size: number;
  compressedSize: number;
  method: number;
  encrypted: boolean;
  /** Offset of the entry's local header in the bytes given. */
  headerOffset: number;
  /** Offset of the entry's data in the bytes given. */
  dataOffset: number;
}

/** A zip's entries, and why there may be more. */
export interface ZipDirectory {
  entries: ZipEntry[];
  /** Where the central directory stands, `[from, to)`, but for its entries' comments; empty where none can be read. */
  directory: [from: number, to: number][];
  error: string | undefined;
}

/** What an entry holds. */
export interface ZipContent {
  bytes: Uint8Array;
  /** Why there is no more, as part of a sentence. */
  error: string | undefined;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
/** Bytes of the records behind the directory: without its comment, its locator for zip64, zip64's own without extensions. */
export const END_LENGTH = 22;
export const LOCATOR_64_LENGTH = 20;
export const END_64_LENGTH = 56;
const MAX_COMMENT = 65535;
/** What is said, as part of a sentence, of a zip without a directory. */
export const NO_DIRECTORY =
  'its directory is missing or damaged; the entries found from its front were read';
/** Entries of one zip that are read; and what is said, as part of a sentence, where there are more. */
export const MAX_ENTRIES = 200_000;
export const TOO_MANY_ENTRIES = `it has more than ${MAX_ENTRIES.toLocaleString('en')} entries`;
/** Bytes of a directory's entry before its name. */
export const CENTRAL_LENGTH = 46;
/** Bytes of a local header before its name. */
export const LOCAL_LENGTH = 30;
const STEP = 64 * 1024; // bytes unpacked at a time

/** Whether the bytes begin as a zip does: a local header, or the end of an empty archive. */
export function startsLikeZip(bytes: Uint8Array): boolean {
  if (bytes.length < 4 || bytes[0] !== 0x50 || bytes[1] !== 0x4b) return false;
  return (bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6);
}

/** Whether a whole zip stands at the end of the bytes, whatever stands before it. */
export function endsWithZip(bytes: Uint8Array): boolean {
  const end = findZipEnd(bytes);
  return end >= 0 && (centralEntries(bytes, end)?.entries.length ?? 0) > 0;
}

/** Where the end record of a zip stands, or -1: the last one whose comment reaches to the end of the bytes. */
function findZipEnd(bytes: Uint8Array): number {
  const first = Math.max(0, bytes.length - END_LENGTH - MAX_COMMENT);
  for (let at = bytes.length - END_LENGTH; at >= first; at--) {
    if (bytes[at] !== 0x50 || bytes[at + 1] !== 0x4b || bytes[at + 2] !== 5 || bytes[at + 3] !== 6)
      continue;
    if (at + END_LENGTH + uint16(bytes, at + 20) <= bytes.length) return at;
  }
  return -1;
}

/** Reads a zip's directory. Never throws; a damaged one gives the entries that can be found. */
export function zipDirectory(bytes: Uint8Array): ZipDirectory {
  const end = findZipEnd(bytes);
  if (end >= 0) {
    const found = centralEntries(bytes, end);
    if (found) return found;
  }
  return {
    entries: localEntries(bytes),
    directory: [],
    error: NO_DIRECTORY,
  };
}

/** Unpacks an entry, at most `limit` bytes of it; into `room`, if that is given and can be used. Never throws. */
export function zipContent(
  bytes: Uint8Array,
  entry: ZipEntry,
  limit: number,
  room?: InflateRoom,
): ZipContent {
  if (!entry.encrypted && entry.method === DEFLATED) return inflated(bytes, entry, limit, room);
  const pieces: Uint8Array[] = [];
  let left = Math.max(0, limit);
  const unpacked = zipPieces(bytes, entry);
  for (;;) {
    const next = unpacked.next();
    if (next.done) return { bytes: concat(pieces), error: next.value };
    pieces.push(next.value.subarray(0, left));
    left -= next.value.length;
    if (left < 0) return { bytes: concat(pieces), error: 'it is too large' };
  }
}

/** Unpacks an entry piece by piece, whatever its size; returns why there is no more. Never throws. */
export function* zipPieces(
  bytes: Uint8Array,
  entry: ZipEntry,
): Generator<Uint8Array, string | undefined> {
  if (entry.encrypted) return 'it is encrypted';
  const unpacker = unpackerOf(entry.method, entry.size);
  if (!unpacker) return `it is compressed in a way that is not read (${entry.method})`;
  const stored = bytes.subarray(entry.dataOffset, entry.dataOffset + entry.compressedSize);
  const step = entry.method === STORED ? stored.length : STEP;
  let length = 0;
  try {
    for (let at = 0; at < stored.length; at += step) {
      for (const piece of unpacker.push(stored.subarray(at, at + step))) {
        length += piece.length;
        yield piece;
      }
    }
    for (const piece of unpacker.end()) {
      length += piece.length;
      yield piece;
    }
  } catch (error) {
    return `its data are damaged (${messageOf(error)})`;
  }
  return stored.length < entry.compressedSize || length < entry.size
    ? 'the data end early'
    : undefined;
}

function inflated(
  bytes: Uint8Array,
  entry: ZipEntry,
  limit: number,
  room: InflateRoom | undefined,
): ZipContent {
  const stored = bytes.subarray(entry.dataOffset, entry.dataOffset + entry.compressedSize);
  const { bytes: unpacked, error } = inflateRaw(stored, 0, limit, entry.size, room);
  const why = {
    damaged: 'its data are damaged',
    truncated: 'the data end early',
    limit: 'it is too large',
  };
  return { bytes: unpacked, error: error && why[error] };
}

function centralEntries(bytes: Uint8Array, end: number): ZipDirectory | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let size = view.getUint32(end + 12, true);
  let offset = view.getUint32(end + 16, true);
  let directoryEnd = end;
  const locator = end - LOCATOR_64_LENGTH;
  if (locator >= 0 && view.getUint32(locator, true) === LOCATOR_64) {
    const record = findEnd64(view, locator);
    if (record >= 0) {
      size = number64(view, record + 40);
      offset = number64(view, record + 48);
      directoryEnd = record;
    }
  }
  const start = directoryEnd - size;
  if (!(start >= 0) || start > directoryEnd) return undefined;
  // What stands before the archive moves every offset in it.
  const shift = start - offset;
  const entries: ZipEntry[] = [];
  const directory: ZipDirectory['directory'] = [];
  let at = start;
  let behind = start; // the latest comment
  while (at + CENTRAL_LENGTH <= directoryEnd && entries.length < MAX_ENTRIES) {
    if (view.getUint32(at, true) !== CENTRAL) break;
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const entry: ZipEntry = {
      name: nameAt(bytes, at + CENTRAL_LENGTH, nameLength),
      size: view.getUint32(at + 24, true),
      compressedSize: view.getUint32(at + 20, true),
      method: view.getUint16(at + 10, true),
      encrypted: (view.getUint16(at + 8, true) & 1) !== 0,
      headerOffset: view.getUint32(at + 42, true),
      dataOffset: 0,
    };
    widen(view, at + CENTRAL_LENGTH + nameLength, extraLength, entry);
    const header = entry.headerOffset + shift;
    entry.headerOffset = header;
    if (header >= 0 && header + 30 <= bytes.length && view.getUint32(header, true) === LOCAL) {
      entry.dataOffset =
        header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
      entries.push(entry);
    }
    const comment = commentLength(bytes, at);
    at += centralLength(bytes, at);
    if (comment === 0) continue;
    directory.push([behind, at - comment]);
    behind = at;
  }
  if (entries.length === 0 && size > 0) return undefined;
  const all = entries.length < MAX_ENTRIES || at === directoryEnd;
  return {
    entries,
    directory: [...directory, [behind, Math.min(bytes.length, end + END_LENGTH)]],
    error: all ? undefined : TOO_MANY_ENTRIES,
  };
}

function findEnd64(view: DataView, locator: number): number {
  // It stands right before its locator unless it was extended; what its offset says is off by any prefix.
  for (let at = locator - END_64_LENGTH; at >= Math.max(0, locator - 4096); at--) {
    if (view.getUint32(at, true) === END_64) return at;
  }
  return -1;
}

function number64(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
}

/** Takes the numbers that did not fit from the zip64 extra field. */
function widen(
  view: DataView,
  at: number,
  length: number,
  entry: Pick<ZipEntry, 'size' | 'compressedSize' | 'headerOffset'>,
): void {
  const FULL = 0xffffffff;
  const end = Math.min(at + length, view.byteLength);
  for (let field = at; field + 4 <= end; field += 4 + view.getUint16(field + 2, true)) {
    if (view.getUint16(field, true) !== 1) continue;
    let next = field + 4;
    for (const key of ['size', 'compressedSize', 'headerOffset'] as const) {
      if (entry[key] !== FULL || next + 8 > end) continue;
      entry[key] = number64(view, next);
      next += 8;
    }
  }
}

/** From local headers alone; an entry whose sizes come behind its data is inflated to find its end. */
function localEntries(bytes: Uint8Array): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: ZipEntry[] = [];
  let at = findLocal(bytes, 0);
  while (at >= 0 && at + 30 <= bytes.length && entries.length < MAX_ENTRIES) {
    const flags = view.getUint16(at + 6, true);
    const nameLength = view.getUint16(at + 26, true);
    const dataOffset = at + 30 + nameLength + view.getUint16(at + 28, true);
    if (dataOffset > bytes.length) break;
    const method = view.getUint16(at + 8, true);
    let compressedSize = view.getUint32(at + 18, true);
    let next = dataOffset + compressedSize;
    if ((flags & 8) !== 0 && compressedSize === 0) {
      next = findLocal(bytes, dataOffset);
      if (next < 0) next = bytes.length;
      compressedSize = next - dataOffset;
    }
    entries.push({
      name: nameAt(bytes, at + 30, nameLength),
      size: view.getUint32(at + 22, true),
      compressedSize: Math.min(compressedSize, bytes.length - dataOffset),
      method,
      encrypted: (flags & 1) !== 0,
      headerOffset: at,
      dataOffset,
    });
    at = findLocal(bytes, Math.max(dataOffset, Math.min(next, bytes.length)));
  }
  return entries;
}

/** What an entry's local header says; the bytes behind its first 30 may be missing, and its name with them. */
export interface LocalHeader {
  name: string;
  method: number;
  encrypted: boolean;
  /** Whether the two sizes stand in the header, and not behind the data. */
  known: boolean;
  /** Bytes. */
  size: number;
  compressedSize: number;
}

/** The length of the local header at `at`, 30 bytes of which are there, with its name and extra fields. */
export function localLength(bytes: Uint8Array, at: number): number {
  return LOCAL_LENGTH + uint16(bytes, at + 26) + uint16(bytes, at + 28);
}

/** The length of the directory's entry at `at`, 46 bytes of which are there, with its name, extra fields and comment. */
export function centralLength(bytes: Uint8Array, at: number): number {
  const name = uint16(bytes, at + 28);
  return CENTRAL_LENGTH + name + uint16(bytes, at + 30) + commentLength(bytes, at);
}

/** The length of the comment that ends the directory's entry at `at`. */
export function commentLength(bytes: Uint8Array, at: number): number {
  return uint16(bytes, at + 32);
}

/** Reads the local header at `at`, 30 bytes of which are there. */
export function localHeader(bytes: Uint8Array, at: number): LocalHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const flags = view.getUint16(at + 6, true);
  const nameLength = view.getUint16(at + 26, true);
  const extraLength = view.getUint16(at + 28, true);
  const sizes = {
    size: view.getUint32(at + 22, true),
    compressedSize: view.getUint32(at + 18, true),
    headerOffset: 0,
  };
  widen(view, at + LOCAL_LENGTH + nameLength, extraLength, sizes);
  return {
    name: nameAt(bytes, at + LOCAL_LENGTH, nameLength),
    method: view.getUint16(at + 8, true),
    encrypted: (flags & 1) !== 0,
    known: (flags & 8) === 0 || sizes.compressedSize > 0,
    size: sizes.size,
    compressedSize: sizes.compressedSize,
  };
}

/** Where the next local header begins, from `from` on; -1 where none does. */
export function findLocal(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0x50, from); at >= 0; at = bytes.indexOf(0x50, at + 1)) {
    if (bytes[at + 1] === 0x4b && bytes[at + 2] === 3 && bytes[at + 3] === 4) return at;
  }
  return -1;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });
const LATIN1 = new TextDecoder('latin1');

function nameAt(bytes: Uint8Array, at: number, length: number): string {
  const ascii = asciiText(bytes, at, at + length);
  if (ascii !== undefined) return ascii;
  const name = bytes.subarray(at, at + length);
  try {
    return UTF8.decode(name);
  } catch {
    return LATIN1.decode(name);
  }
}
