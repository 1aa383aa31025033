/** Which files are read only as a whole, and what is then in them: told by their bytes. */
import { looseObject, startsLikePack } from '../archive/git-objects.ts';
import { inflateZlib } from '../archive/inflate.ts';
import type { Decoder } from '../archive/input-buffer.ts';
import { MAX_NESTED } from '../archive/limits.ts';
import type { MemberEvent } from '../archive/member-events.ts';
import { pyInstallerArchive } from '../archive/pyinstaller.ts';
import { scriptPayload } from '../archive/self-extracting.ts';
import { toHex } from '../archive/sha256.ts';
import { startsLikeSquashfs } from '../archive/squashfs.ts';
import { endsWithZip, findLocal, startsLikeZip } from '../archive/zip.ts';
import { zipStreamMembers } from '../archive/zip-stream.ts';
import { frozenModules } from '../python/frozen.ts';
import { looksLikePyc } from '../python/pyc.ts';
import { utf16Order } from '../secrets/utf16.ts';
import {
  type Member,
  packMembers,
  pyInstallerMembers,
  squashMembers,
  zipMembers,
} from './nested-archive.ts';
import { decodedForm } from './scan-decoded.ts';
import { nameInside, streamedKind } from './streamed-archives.ts';

const DEFLATED = /\.(?:joblib|pkl|pickle|zlib|z)$/i;

/** An archive that is there as a whole. */
export interface HeldArchive {
  /** As the ledger and messages call it. */
  what: string;
  members: Iterator<Member, string | undefined>;
}

const PACKAGES =
  /\.(?:[jwe]ar|aar|apk|aab|[hj]pi|whl|nupkg|vsix|xpi|ipa|conda|npz|keras|ckpt|pth?)$/i;

/**
 * Whether a zip is a package, or a model's weights, by its name: hardly ever does one of its entries mean anything to another, as
 * a source does to bytecode, or a workbook's strings to its sheets. A wheel has no bytecode (PEP 427).
 */
export function isPackage(path: string): boolean {
  return PACKAGES.test(path);
}

/** How a zip is read that is not held. */
export const STREAMED_ZIP: { what: string; reader: Decoder<MemberEvent> } = {
  what: 'zip, by its local headers',
  reader: zipStreamMembers,
};

/** Bytecode, by its first bytes or its name. */
export function isBytecode(bytes: Uint8Array, path: string): boolean {
  return looksLikePyc(bytes) || /\.py[co]$/.test(path);
}

/** How many of a file's first bytes `mustBeWhole` looks at: as far as the zip behind the scripts that start one begins. */
export const TELLING_START = 64 << 10;

/** What a file is that can only be read whole, by its first bytes; `opens` says whether archives are opened. */
export function mustBeWhole(start: Uint8Array, path: string, opens: boolean): string | undefined {
  if (isBytecode(start, path)) return 'bytecode';
  if (!opens) return undefined;
  if (startsLikeZip(start) || startsLikeZipApp(start)) return 'a zip';
  if (startsLikePack(start)) return 'a git pack';
  if (startsLikeSquashfs(start)) return 'a squashfs image';
  if (isExecutable(start)) return 'an executable';
  if (utf16Order(start)) return 'UTF-16 text';
  if (start[0] === 0x78 && DEFLATED.test(path)) return 'zlib data';
  if (scriptPayload(start) !== undefined) return 'a self-extracting script';
  return decodedForm(start, path);
}

/** Whether a file begins with lines for the shell and goes on with a zip, which the last of its entries may yet show. */
function startsLikeZipApp(start: Uint8Array): boolean {
  return start[0] === 0x23 && start[1] === 0x21 && findLocal(start, 0) >= 0;
}

/** The archive that bytes are, if they are one; `left` says how many bytes may still be unpacked. */
export function heldArchive(
  bytes: Uint8Array,
  path: string,
  left: () => number,
): HeldArchive | undefined {
  const [first, second] = bytes;
  if (first === 0x50 && startsLikeZip(bytes))
    return { what: 'zip', members: zipMembers(bytes, left) };
  if (first === 0x50 && startsLikePack(bytes))
    return { what: 'git pack', members: packMembers(bytes) };
  if (first === 0x68 && startsLikeSquashfs(bytes))
    return { what: 'squashfs image', members: squashMembers(bytes, left) };
  if (first === 0x78 && /(^|\/)objects\/[0-9a-f]{2}\/[0-9a-f]{38}$/.test(path))
    return { what: 'git object', members: looseMembers(bytes) };
  if (first === 0x78 && DEFLATED.test(path))
    return { what: 'zlib', members: inflatedMember(bytes, path, left) };
  if (first !== 0x23 || second !== 0x21) return undefined;
  // A zipapp: lines for the shell, then the zip.
  if (endsWithZip(bytes)) return { what: 'zip', members: zipMembers(bytes, left) };
  const at = scriptPayload(bytes);
  return at === undefined
    ? undefined
    : { what: 'self-extracting script', members: payloadMember(bytes, at) };
}

/** Whether a file is an archive that is opened, by its first bytes. */
export function isArchive(start: Uint8Array, path: string): boolean {
  return (
    streamedKind(start, path) !== undefined ||
    startsLikeZip(start) ||
    startsLikePack(start) ||
    startsLikeSquashfs(start)
  );
}

/**
 * Archives and documents of kinds that nothing here opens, with their articles, by their first bytes in hex: 7zFormat.txt of
 * the LZMA SDK, technote.txt of UnRAR (both versions), MS-CAB, the manual of lzip, lzop's and compress's own sources,
 * ISO 32000 (PDF).
 */
const UNOPENED = {
  '377abcaf271c': 'a 7z archive',
  '526172211a07': 'a RAR archive',
  '4d53434600000000': 'a cabinet',
  '4c5a495001': 'lzip data',
  '894c5a4f000d0a1a0a': 'lzop data',
  '1f9d': 'data of compress',
  '255044462d': 'a PDF document',
} as const;
const LONGEST_MARK = Math.max(...Object.keys(UNOPENED).map((mark) => mark.length / 2));
const FIRST_BYTES = new Set(Object.keys(UNOPENED).map((mark) => parseInt(mark.slice(0, 2), 16)));

/** What a file is of a kind that nothing here opens, by its first bytes, with its article. */
export function unopenedKind(start: Uint8Array): string | undefined {
  if (!FIRST_BYTES.has(start[0] ?? -1)) return undefined;
  const head = toHex(start.subarray(0, LONGEST_MARK));
  return Object.entries(UNOPENED).find(([mark]) => head.startsWith(mark))?.[1];
}

/** What is appended to an executable, or frozen in it; `frozen` says whether to look for modules. */
export function* inExecutable(
  bytes: Uint8Array,
  left: () => number,
  frozen: boolean,
): Generator<HeldArchive> {
  const appended = pyInstallerArchive(bytes);
  if (appended) yield { what: 'PyInstaller archive', members: pyInstallerMembers(bytes, appended) };
  else if (endsWithZip(bytes)) yield { what: 'zip', members: zipMembers(bytes, left) };
  const modules = frozen ? frozenModules(bytes) : [];
  if (modules.length > 0) yield { what: 'frozen modules', members: modules.values() };
}

/** ELF, PE and Mach-O. */
export function isExecutable(bytes: Uint8Array): boolean {
  const [a, b, c, d] = bytes;
  if (a === 0x7f) return b === 0x45 && c === 0x4c && d === 0x46;
  if (a === 0x4d) return b === 0x5a;
  if (a === 0xcf || a === 0xce) return b === 0xfa && c === 0xed && d === 0xfe;
  return a === 0xca && b === 0xfe && c === 0xba && d === 0xbe && (bytes[7] ?? 0) < 20; // not a Java class
}

/** A zlib stream, as joblib writes. */
function* inflatedMember(
  bytes: Uint8Array,
  path: string,
  left: () => number,
): Generator<Member, undefined> {
  const limit = Math.max(0, Math.min(MAX_NESTED, left()));
  const { bytes: inflated, error } = inflateZlib(bytes, 0, limit, bytes.length * 4);
  const member: Member = { path: nameInside(path), bytes: inflated, cost: 0 };
  if (error !== undefined) member.error = error;
  if (inflated.length > 0) yield member;
  return undefined;
}

/** What a script carries behind its text, which begins at `at`. */
function* payloadMember(bytes: Uint8Array, at: number): Generator<Member, undefined> {
  yield { path: 'payload', bytes: bytes.subarray(at), cost: 0, span: [at, bytes.length] };
  return undefined;
}

/** A loose object of git; trees, which hold names and hashes only, have nothing in them. */
function* looseMembers(bytes: Uint8Array): Generator<Member, undefined> {
  const object = looseObject(bytes);
  yield object
    ? { path: object.type, bytes: object.bytes, cost: 0 }
    : { path: 'tree', bytes: new Uint8Array(0), cost: 0 };
  return undefined;
}
