/** What archives inside a file hold, member by member: zips, squashfs images, git's packs, PyInstaller's executables. */
import { packObjects } from '../archive/git-objects.ts';
import { inflateZlib, InflateRoom } from '../archive/inflate.ts';
import {
  type PyInstallerArchive,
  pyInstallerContent,
  type PyInstallerEntry,
} from '../archive/pyinstaller.ts';
import { squashFiles } from '../archive/squashfs.ts';
import { zipContent, zipDirectory, type ZipEntry, zipPieces } from '../archive/zip.ts';
import { pyzArchive, versionOfCookie } from '../python/pyz.ts';
import type { PythonVersion } from '../python/version.ts';
import { isSheet, SHARED_STRINGS, sharedStrings, withStrings } from './spreadsheet-strings.ts';

/** One member of an archive. */
export interface Member {
  /** Path in the archive. */
  path: string;
  /** Its content, valid until the next member is asked for. */
  bytes: Uint8Array;
  /** Bytes that were read for it; what it unpacks to counts besides. */
  cost: number;
  /** In place of `bytes`, what is too large to be unpacked at once; returns why there is no more of it. */
  pieces?: Generator<Uint8Array, string | undefined>;
  /** Why it could not be unpacked, or not wholly; part of a sentence. */
  error?: string;
  /** The archive's bytes that it was read from, `[from, to)`. */
  span?: [from: number, to: number];
  /** Set where the member is bare marshalled bytecode: the Python that wrote it, as far as is known. */
  bytecode?: { version: PythonVersion | undefined };
  /** The source beside a `.pyc`, looked for in the same archive by the name it would have. */
  sourceOf?: (path: string) => Uint8Array | undefined;
}

const MAX_MEMBER = 64 << 20;
const MOST_AT_ONCE = 16 << 20; // what is larger is unpacked piece by piece
const NOTHING = new Uint8Array(0);
const SMALLEST_COST = 64; // of what a directory's entry takes to look at

/** A zip's files. `left` says how many bytes may still be unpacked. */
export function* zipMembers(
  bytes: Uint8Array,
  left: () => number,
): Generator<Member, string | undefined> {
  const { entries, directory, error } = zipDirectory(bytes);
  const room = new InflateRoom();
  const byName = new Map<string, ZipEntry>();
  for (const entry of entries) byName.set(entry.name, entry);
  let strings: string[] | undefined; // of a workbook
  let last: { path: string; source: Uint8Array | undefined } | undefined;
  const sourceOf = (path: string): Uint8Array | undefined => {
    // All findings of one `.pyc` ask for the same source.
    if (last?.path !== path) {
      const entry = byName.get(path);
      const limit = Math.max(0, Math.min(MAX_MEMBER, left()));
      last = { path, source: entry && zipContent(bytes, entry, limit).bytes };
    }
    return last.source;
  };
  for (const entry of entries) {
    const { dataOffset, compressedSize } = entry;
    const span: Member['span'] = [entry.headerOffset, dataOffset + compressedSize];
    const cost = SMALLEST_COST + Math.min(compressedSize, bytes.length);
    const member: Member = { path: entry.name, bytes: NOTHING, cost, sourceOf, span };
    if (entry.name.endsWith('/') && compressedSize === 0) {
      yield { ...member, path: '' };
      continue;
    }
    if (entry.size > MOST_AT_ONCE && !entry.encrypted) member.pieces = zipPieces(bytes, entry);
    else {
      const limit = Math.min(MAX_MEMBER, left());
      const { bytes: content, error: why } = zipContent(bytes, entry, limit, room);
      member.bytes = content;
      if (why !== undefined) member.error = why;
      const shared = isSheet(entry.name) && byName.get(SHARED_STRINGS);
      if (shared) {
        const most = Math.min(MOST_AT_ONCE, left());
        strings ??= sharedStrings(zipContent(bytes, shared, most).bytes);
        member.bytes = withStrings(content, strings);
      }
    }
    yield member;
  }
  for (const span of directory) yield { path: '', bytes: NOTHING, cost: 0, span };
  return error;
}

/** The files of a squashfs image. `left` says how many bytes may still be unpacked. */
export function* squashMembers(
  bytes: Uint8Array,
  left: () => number,
): Generator<Member, string | undefined> {
  const files = squashFiles(bytes, left);
  for (;;) {
    const next = files.next();
    if (next.done) {
      const { work, error } = next.value;
      yield { path: '', bytes: NOTHING, cost: work };
      return error;
    }
    const { path, work, pieces } = next.value;
    yield { path, bytes: NOTHING, cost: work, pieces: pieces() };
  }
}

/** The contents and messages of a git pack. */
export function* packMembers(bytes: Uint8Array): Generator<Member, string | undefined> {
  const objects = packObjects(bytes);
  for (;;) {
    const next = objects.next();
    if (next.done)
      return next.value.complete ? undefined : 'it is damaged; what came before was read';
    const { type, offset, bytes: content } = next.value;
    yield { path: `${type}-at-${offset}`, bytes: content, cost: SMALLEST_COST };
  }
}

/** The scripts, modules and files of a PyInstaller executable, its `PYZ` archive opened. */
export function* pyInstallerMembers(
  bytes: Uint8Array,
  archive: PyInstallerArchive,
): Generator<Member, undefined> {
  const version = versionOfCookie(archive.pythonVersion);
  for (const entry of archive.entries) {
    const content = pyInstallerContent(bytes, entry, MAX_MEMBER);
    const cost = SMALLEST_COST + entry.storedSize;
    if (entry.type === 'z' || entry.type === 'Z') {
      yield { path: '', bytes: NOTHING, cost: cost + content.length };
      yield* pyzMembers(entry, content, version);
    } else if (/^[smM]$/.test(entry.type)) {
      yield { path: `${entry.name}.pyc`, bytes: content, cost, bytecode: { version } };
    } else if (/^[bxd]$/.test(entry.type)) yield { path: entry.name, bytes: content, cost };
  }
  return undefined;
}

function* pyzMembers(
  { name }: PyInstallerEntry,
  bytes: Uint8Array,
  version: PythonVersion | undefined,
): Generator<Member, undefined> {
  const archive = pyzArchive(bytes);
  if (!archive) yield { path: name, bytes, cost: SMALLEST_COST };
  for (const { path, offset, length } of archive?.modules ?? []) {
    const stored = bytes.subarray(offset, offset + length);
    const { bytes: content, error } = inflateZlib(stored, 0, MAX_MEMBER, length * 3);
    const member: Member = {
      path: `${name}!/${path}`,
      bytes: content,
      cost: SMALLEST_COST + stored.length,
      bytecode: { version: archive?.version ?? version },
    };
    // Bytecode encryption was an option up to PyInstaller 5.13.
    if (error) member.error = 'it cannot be unpacked: it is damaged or encrypted';
    yield member;
  }
  return undefined;
}
