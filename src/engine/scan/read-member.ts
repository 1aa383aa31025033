/** One member of an archive inside a file, by the path that findings give it: `pkg.whl!/pkg/settings.py`. */
import { sniffCompression } from '../archive/compression.ts';
import { gunzipBytes } from '../archive/gzip.ts';
import { looseObject, startsLikePack } from '../archive/git-objects.ts';
import { inflateZlib } from '../archive/inflate.ts';
import { MAX_NESTED, MAX_NESTING } from '../archive/limits.ts';
import { pyInstallerArchive } from '../archive/pyinstaller.ts';
import { concat } from '../archive/read-blob.ts';
import { EntryKind, TarReader } from '../archive/tar.ts';
import { startsLikeTar } from '../archive/tar-fields.ts';
import { endsWithZip, startsLikeZip } from '../archive/zip.ts';
import { frozenModules } from '../python/frozen.ts';
import { type Member, packMembers, pyInstallerMembers, zipMembers } from './nested-archive.ts';

const MARK = '!/';

/** Reads what stands at `inside` in a file; undefined where nothing does. Never throws. */
export function readMember(bytes: Uint8Array, inside: string): Uint8Array | undefined {
  return descend(bytes, inside, 0);
}

function descend(bytes: Uint8Array, inside: string, depth: number): Uint8Array | undefined {
  if (depth > MAX_NESTING) return undefined;
  const inner = unwrapped(bytes);
  if (inner) {
    if (startsLikeTar(inner)) return descend(inner, inside, depth);
    const [, rest] = cut(inside, inside.indexOf(MARK));
    return rest === undefined ? inner : descend(inner, rest, depth + 1);
  }
  // A member's own name may hold the mark, as those of a PyInstaller archive's PYZ do.
  for (let mark = inside.indexOf(MARK); ; mark = inside.indexOf(MARK, mark + 1)) {
    const [name, rest] = cut(inside, mark);
    const member = memberNamed(bytes, name);
    if (member) return rest === undefined ? member : descend(member, rest, depth + 1);
    if (mark < 0) return undefined;
  }
}

/** What gzip or zlib has compressed; undefined for other bytes, and for git's objects. */
function unwrapped(bytes: Uint8Array): Uint8Array | undefined {
  if (sniffCompression(bytes) === 'gzip') return inflate(bytes);
  if (bytes[0] !== 0x78 || looseObject(bytes)) return undefined;
  const { bytes: inflated } = inflateZlib(bytes, 0, MAX_NESTED, bytes.length * 4);
  return inflated.length > 0 ? inflated : undefined;
}

function cut(path: string, mark: number): [name: string, rest: string | undefined] {
  return mark < 0 ? [path, undefined] : [path.slice(0, mark), path.slice(mark + MARK.length)];
}

function memberNamed(bytes: Uint8Array, name: string): Uint8Array | undefined {
  if (startsLikeTar(bytes)) return fromTar(bytes, name);
  for (const members of archivesOf(bytes)) {
    for (let next = members.next(); !next.done; next = members.next()) {
      if (plain(next.value.path) === name) return next.value.bytes;
    }
  }
  return undefined;
}

/** Every way in which bytes are an archive. */
function* archivesOf(bytes: Uint8Array): Generator<Iterator<Member, unknown>> {
  const whole = (): number => MAX_NESTED;
  if (startsLikePack(bytes)) yield packMembers(bytes);
  else if (startsLikeZip(bytes) || endsWithZip(bytes)) yield zipMembers(bytes, whole);
  const appended = pyInstallerArchive(bytes);
  if (appended) yield pyInstallerMembers(bytes, appended);
  const loose = looseObject(bytes);
  if (loose) yield [{ path: loose.type, bytes: loose.bytes, cost: 0 }].values();
  yield frozenModules(bytes).values();
}

function plain(path: string): string {
  return path.replace(/^(\.?\/)+/, '');
}

function fromTar(bytes: Uint8Array, name: string): Uint8Array | undefined {
  const reader = new TarReader(() => undefined);
  for (const event of reader.push(bytes)) {
    if (event.type !== 'entry' || event.header.kind !== EntryKind.file) continue;
    const { header } = event;
    if (plain(new TextDecoder().decode(header.name)) !== name) continue;
    return bytes.subarray(header.dataOffset, header.dataOffset + header.stored);
  }
  return undefined;
}

function inflate(bytes: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [];
  let length = 0;
  gunzipBytes(bytes, (piece) => {
    pieces.push(piece);
    length += piece.length;
    return length < MAX_NESTED;
  });
  return concat(pieces, length);
}
