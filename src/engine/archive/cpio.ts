/**
 * cpio with ASCII headers: `newc` and its form with checksums (initramfs, RPM), and POSIX' `odc`
 * (the kernel's Documentation/driver-api/early-userspace/buffer-format.rst; pax in POSIX.1-2017).
 */
import { DecodeProblem, type InputBuffer } from './input-buffer.ts';
import { MAX_PATH } from './limits.ts';
import { memberData, type MemberEvent, type MemberEvents, skipBytes } from './member-events.ts';

const MAGIC_LENGTH = 6;
const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;
const TRAILER = 'TRAILER!!!';

interface Header {
  mode: number;
  size: number;
  nameLength: number;
  /** Bytes of the header. */
  length: number;
  /** Name and content are padded to a multiple of this. */
  align: number;
}

/** Whether the bytes begin as a cpio archive does. */
export function startsLikeCpio(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x30 || bytes.length < 76) return false;
  return readHeader(bytes) !== undefined;
}

/** The regular files of a cpio archive. @throws {DecodeProblem} after everything before the damage. */
export function* cpioMembers(input: InputBuffer): MemberEvents {
  for (;;) {
    if (!(yield* input.fill(76))) return;
    yield* input.fill(110);
    const header = readHeader(input.bytes.subarray(input.at, input.at + 110));
    if (!header || header.nameLength > MAX_PATH) {
      throw new DecodeProblem(
        'cpio-damaged',
        'A header of this cpio archive is damaged; what came before was read.',
      );
    }
    const { size, nameLength, length, align } = header;
    if (!(yield* input.fill(length + nameLength))) return;
    input.at += length;
    const name = new TextDecoder().decode(input.take(nameLength)).replace(/\0+$/, '');
    yield* skipBytes(input, padding(length + nameLength, align));
    if (name === TRAILER) {
      yield* skipBytes(input, size);
      if (!(yield* nextArchive(input))) return;
      continue;
    }
    if ((header.mode & FILE_TYPE) === REGULAR && size > 0) {
      yield { type: 'member', name, size };
      yield* memberData(input, size);
    } else yield* skipBytes(input, size);
    yield* skipBytes(input, padding(size, align));
  }
}

/**
 * An initramfs may be several archives in a row, the last of them compressed: true where another plain one
 * follows; what is none is handed on as a member of its own.
 */
function* nextArchive(input: InputBuffer): Generator<MemberEvent | undefined, boolean> {
  for (;;) {
    if (!(yield* input.fill(1))) return false;
    const bytes = input.bytes.subarray(input.at);
    const next = bytes.findIndex((byte) => byte !== 0);
    input.at += next < 0 ? bytes.length : next;
    if (next >= 0) break;
  }
  yield* input.fill(110);
  if (readHeader(input.bytes.subarray(input.at, input.at + 110))) return true;
  yield { type: 'member', name: `content-at-${input.position}`, size: undefined, wrapped: true };
  while (yield* input.fill(1)) yield { type: 'data', bytes: input.take(input.available) };
  yield { type: 'end' };
  return false;
}

function readHeader(bytes: Uint8Array): Header | undefined {
  const text = String.fromCharCode(...bytes.subarray(0, 110));
  const magic = text.slice(0, MAGIC_LENGTH);
  const octal = magic === '070707';
  if (!octal && magic !== '070701' && magic !== '070702') return undefined;
  const digits = text.slice(MAGIC_LENGTH, octal ? 76 : 110);
  if (!(octal ? /^[0-7]{70}$/ : /^[\da-f]{104}$/i).test(digits)) return undefined;
  const number = (at: number, length: number): number =>
    parseInt(text.slice(at, at + length), octal ? 8 : 16);
  return octal
    ? { mode: number(18, 6), size: number(65, 11), nameLength: number(59, 6), length: 76, align: 1 }
    : {
        mode: number(14, 8),
        size: number(54, 8),
        nameLength: number(94, 8),
        length: 110,
        align: 4,
      };
}

function padding(length: number, align: number): number {
  return (align - (length % align)) % align;
}
