/**
 * Electron's asar archives (github.com/electron/asar, README, "Format"): a header in JSON, packed as Chromium's
 * Pickle does, and the files one after the other. Files that lie beside the archive are no part of it.
 */
import { DecodeProblem, type InputBuffer } from './input-buffer.ts';
import { MAX_PATH } from './limits.ts';
import { memberData, type MemberEvents, skipBytes } from './member-events.ts';

const PREFIX = 16; // bytes: the sizes of the first Pickle's content, the second Pickle, its content, its string
const MAX_HEADER = 8 << 20; // bytes; that of 30,000 files with their hashes
const MOST_OBJECTS = 400_000; // in a header: each takes many times its two bytes once parsed
const MOST_DEPTH = 64;
const FILES = new TextEncoder().encode('{"files":');

interface Packed {
  path: string;
  size: number;
  offset: number;
}

/** Whether the bytes begin as such an archive does. */
export function startsLikeAsar(bytes: Uint8Array): boolean {
  if (bytes[0] !== 4 || bytes.length < PREFIX + FILES.length) return false;
  const [first, second, content, text] = sizes(bytes, 0);
  if (first !== 4 || second !== content + 4 || text > content) return false;
  return FILES.every((byte, i) => bytes[PREFIX + i] === byte);
}

/** The files that an archive holds, in the order of their content. @throws {DecodeProblem} on damage. */
export function* asarMembers(input: InputBuffer): MemberEvents {
  if (!(yield* input.fill(PREFIX))) throw damaged();
  const [, second, , text] = sizes(input.bytes, input.at);
  const length = 8 + second;
  if (PREFIX + text > length) throw damaged();
  if (length > MAX_HEADER) throw tooLarge(`more than ${MAX_HEADER >> 20} MiB`);
  if (!(yield* input.fill(length))) throw damaged();
  const offset = input.position;
  const header = input.take(length);
  const files = packedFiles(header.subarray(PREFIX, PREFIX + text));
  yield { type: 'loose', bytes: header, offset };
  const start = input.position;
  for (const { path, size, offset: at } of files) {
    // Equal files may share their content; only the first is read.
    if (start + at < input.position) continue;
    if (!(yield* skipBytes(input, start + at - input.position))) throw cutShort();
    yield { type: 'member', name: path, size };
    yield* memberData(input, size);
  }
}

/** The files of a header, by where their content stands. @throws {DecodeProblem} where it is none. */
function packedFiles(text: Uint8Array): Packed[] {
  const files: Packed[] = [];
  const walk = (folder: unknown, path: string, depth: number): void => {
    if (!isObject(folder) || depth > MOST_DEPTH) return;
    for (const [name, entry] of Object.entries(folder)) {
      if (!isObject(entry) || path.length + name.length > MAX_PATH) continue;
      const { size, offset, files: inner } = entry;
      const at = typeof offset === 'string' ? Number(offset) : NaN;
      if (inner !== undefined) walk(inner, `${path}${name}/`, depth + 1);
      else if (isLength(size) && isLength(at) && size > 0)
        files.push({ path: path + name, size, offset: at });
    }
  };
  if (objectsIn(text) > MOST_OBJECTS)
    throw tooLarge(`more than ${MOST_OBJECTS.toLocaleString('en')} objects`);
  let root: unknown;
  try {
    root = JSON.parse(new TextDecoder().decode(text));
  } catch {
    throw damaged();
  }
  walk(isObject(root) ? root['files'] : undefined, '', 0);
  return files.sort((a, b) => a.offset - b.offset);
}

/** How many objects and lists JSON has, at most. */
function objectsIn(json: Uint8Array): number {
  let count = 0;
  for (const byte of json) if (byte === 0x5b || byte === 0x7b) count++;
  return count;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isLength(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function sizes(bytes: Uint8Array, at: number): [number, number, number, number] {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, PREFIX);
  return [0, 4, 8, 12].map((from) => view.getUint32(from, true)) as [
    number,
    number,
    number,
    number,
  ];
}

const damaged = (): DecodeProblem =>
  new DecodeProblem('asar-damaged', 'The header of this asar archive is damaged.');

const tooLarge = (what: string): DecodeProblem =>
  new DecodeProblem(
    'asar-header-size',
    `The header of this asar archive has ${what}; the archive was not opened.`,
  );

const cutShort = (): DecodeProblem =>
  new DecodeProblem('asar-truncated', 'The asar archive ends early; what there is was read.');
