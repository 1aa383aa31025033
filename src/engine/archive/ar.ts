/**
 * The archives of ar: Debian packages and static libraries. Names as GNU and BSD write them
 * (ar(5) of FreeBSD; deb(5); binutils' include/aout/ar.h).
 */
import { charactersOf } from './plain-text.ts';
import { DecodeProblem, type InputBuffer } from './input-buffer.ts';
import { MAX_PATH, MAX_SPECIAL_HEADER } from './limits.ts';
import { memberData, type MemberEvents, skipBytes } from './member-events.ts';

const MAGIC = '!<arch>\n';
const HEADER = 60;
const LONGEST_NAME = 1024;

/** Whether the bytes begin as an ar archive does. */
export function startsLikeAr(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x21 || bytes.length < MAGIC.length) return false;
  return charactersOf(bytes.subarray(0, MAGIC.length)) === MAGIC;
}

/** The members of an ar archive. @throws {DecodeProblem} after everything before the damage. */
export function* arMembers(input: InputBuffer): MemberEvents {
  yield* skipBytes(input, MAGIC.length);
  let longNames = '';
  while (yield* input.fill(HEADER)) {
    const header = charactersOf(input.bytes.subarray(input.at, input.at + HEADER));
    const size = Number(header.slice(48, 58).trim());
    if (!header.endsWith('`\n') || !/^\d+ *$/.test(header.slice(48, 58))) {
      throw new DecodeProblem(
        'ar-damaged',
        'A header of this ar archive is damaged; what came before was read.',
      );
    }
    input.at += HEADER;
    const field = header.slice(0, 16).trimEnd();
    if (field === '//' && size <= MAX_SPECIAL_HEADER) {
      yield* input.fill(size);
      longNames = charactersOf(input.take(Math.min(size, input.available)));
    } else if (field === '/' || field === '/SYM64/') yield* skipBytes(input, size);
    else yield* member(input, field, size, longNames);
    if (size % 2 === 1) yield* skipBytes(input, 1);
  }
}

function* member(
  input: InputBuffer,
  field: string,
  whole: number,
  longNames: string,
): MemberEvents {
  let name = field.replace(/\/$/, '');
  let size = whole;
  const long = /^\/(\d+)$/.exec(field);
  if (long) name = longName(longNames, Number(long[1]));
  const inData = /^#1\/(\d+)$/.exec(field);
  if (inData) {
    const length = Math.min(Number(inData[1]), size, MAX_PATH);
    yield* input.fill(length);
    name = charactersOf(input.take(Math.min(length, input.available))).replace(/\0+$/, '');
    size -= length;
  }
  if (size === 0) return;
  yield { type: 'member', name, size };
  yield* memberData(input, size);
}

function longName(names: string, at: number): string {
  const [name = ''] = names.slice(at, at + LONGEST_NAME).split('\n', 1);
  return name.replace(/\/$/, '');
}
