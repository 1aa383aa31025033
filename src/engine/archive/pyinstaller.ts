/**
 * The archive that PyInstaller appends to an executable (PyInstaller's archive/readers.py and its
 * bootloader): a cookie at the end, a table of contents, entries that may be zlib data; and the `PYZ`
 * archive of modules inside it, whose own table is marshalled and so is read by the Python stage.
 */
import { inflateZlib } from './inflate.ts';

/** One entry of the appended archive. */
export interface PyInstallerEntry {
  name: string;
  /** `s` script, `m` and `M` module and package, `z` PYZ, `b` binary, `x` data, … */
  type: string;
  /** Offset of the stored data in the executable. */
  offset: number;
  storedSize: number;
  size: number;
  compressed: boolean;
}

/** An appended archive. */
export interface PyInstallerArchive {
  /** Python's version as its cookie says: 311 for 3.11, 27 for 2.7. */
  pythonVersion: number;
  entries: PyInstallerEntry[];
}

const COOKIE = [0x4d, 0x45, 0x49, 0x0c, 0x0b, 0x0a, 0x0b, 0x0e]; // MEI, and five bytes
const COOKIE_LENGTH = 24; // before 2.1; later ones also name the library of Python
const COOKIE_LENGTH_NAMED = 24 + 64;
const ENTRY_HEADER = 18;
const MAX_ENTRIES = 100_000;

/** Reads the archive appended to an executable; undefined where there is none. Never throws. */
export function pyInstallerArchive(bytes: Uint8Array): PyInstallerArchive | undefined {
  const cookie = findCookie(bytes);
  if (cookie < 0 || cookie + COOKIE_LENGTH > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(cookie + 8);
  const tableOffset = view.getUint32(cookie + 12);
  const tableLength = view.getUint32(cookie + 16);
  const pythonVersion = view.getUint32(cookie + 20);
  // The length counts from the archive's start to the cookie's end, and older cookies are shorter.
  for (const cookieLength of [COOKIE_LENGTH_NAMED, COOKIE_LENGTH]) {
    const start = cookie + cookieLength - length;
    const table = start + tableOffset;
    if (start < 0 || table + tableLength > bytes.length) continue;
    const entries = readTable(view, bytes, start, table, table + tableLength);
    if (entries.length > 0) return { pythonVersion, entries };
  }
  return undefined;
}

/** An entry's content, unpacked, at most `limit` bytes; empty where it is damaged from its start. */
export function pyInstallerContent(
  bytes: Uint8Array,
  entry: PyInstallerEntry,
  limit: number,
): Uint8Array {
  const stored = bytes.subarray(entry.offset, entry.offset + entry.storedSize);
  if (!entry.compressed) return stored.subarray(0, limit);
  return inflateZlib(stored, 0, limit, entry.size).bytes;
}

function findCookie(bytes: Uint8Array): number {
  for (
    let at = bytes.lastIndexOf(0x4d);
    at >= 0;
    at = at > 0 ? bytes.lastIndexOf(0x4d, at - 1) : -1
  ) {
    if (COOKIE.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}

function readTable(
  view: DataView,
  bytes: Uint8Array,
  start: number,
  from: number,
  to: number,
): PyInstallerEntry[] {
  const entries: PyInstallerEntry[] = [];
  for (let at = from; at + ENTRY_HEADER <= to && entries.length < MAX_ENTRIES;) {
    const length = view.getUint32(at);
    if (length < ENTRY_HEADER || at + length > to) break;
    const name = bytes.subarray(at + ENTRY_HEADER, at + length);
    const end = name.indexOf(0);
    const entry: PyInstallerEntry = {
      name: new TextDecoder().decode(end < 0 ? name : name.subarray(0, end)),
      type: String.fromCharCode(bytes[at + 17] as number),
      offset: start + view.getUint32(at + 4),
      storedSize: view.getUint32(at + 8),
      size: view.getUint32(at + 12),
      compressed: bytes[at + 16] === 1,
    };
    if (entry.offset >= start && entry.offset + entry.storedSize <= bytes.length)
      entries.push(entry);
    at += length;
  }
  return entries;
}
