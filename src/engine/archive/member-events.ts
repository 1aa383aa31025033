/**
 * Archives that are read front to back as their bytes come: what they hold, as a stream of events. A reader
 * is a `Decoder` of these; what it leaves in its input is no part of the archive.
 */
import { DECODERS } from './decompress.ts';
import type { Compression } from './compression.ts';
import type { Decoder, InputBuffer } from './input-buffer.ts';
import { nameText } from './tar-fields.ts';
import type { Problem } from './problem.ts';
import { EntryKind, TarReader } from './tar.ts';

/** `data` belongs to the member before it, which `end` closes. */
export type MemberEvent =
  | {
      type: 'member';
      /** As it stands in the archive. */
      name: string;
      /** Bytes of its content, where they are known before it comes. */
      size: number | undefined;
      /** Whether the archive is but a wrapper around this one. */
      wrapped?: boolean;
    }
  | { type: 'data'; bytes: Uint8Array }
  /** `error`, part of a sentence, says why there is no more of it. */
  | { type: 'end'; error?: string }
  /** Bytes of the archive itself, or of what could not be unpacked; `offset` from the archive's start. */
  | { type: 'loose'; bytes: Uint8Array; offset: number }
  | { type: 'problem'; problem: Problem };

/** What a reader of an archive yields; `undefined` asks for more input. */
export type MemberEvents = Generator<MemberEvent | undefined, void>;

/** Hands on the next `size` bytes of the input as the content of a member. */
export function* memberData(input: InputBuffer, size: number): MemberEvents {
  for (let left = size; left > 0;) {
    if (!(yield* input.fill(1))) {
      yield { type: 'end', error: 'the data end early' };
      return;
    }
    const bytes = input.take(Math.min(left, input.available));
    left -= bytes.length;
    yield { type: 'data', bytes };
  }
  yield { type: 'end' };
}

/** Passes over bytes; false where the input ends before. */
export function* skipBytes(input: InputBuffer, count: number): Generator<undefined, boolean> {
  for (let left = count; left > 0;) {
    if (!(yield* input.fill(1))) return false;
    left -= input.take(Math.min(left, input.available)).length;
  }
  return true;
}

/** A compressed file: one member, which is called `name`. */
export function compressedMember(
  compression: Exclude<Compression, 'none'>,
  name: string,
): Decoder<MemberEvent> {
  return function* (input) {
    let begun = false;
    for (const bytes of DECODERS[compression](input)) {
      if (!bytes) {
        yield undefined;
        continue;
      }
      // What gives not one byte may be no such data at all.
      if (!begun) yield { type: 'member', name, size: undefined, wrapped: true };
      begun = true;
      yield { type: 'data', bytes };
    }
    if (begun) yield { type: 'end' };
  };
}

/** The regular files of a tar. */
export function* tarMembers(input: InputBuffer): MemberEvents {
  const problems: Problem[] = [];
  const reader = new TarReader((problem) => problems.push(problem));
  let isFile = false;
  const told = function* (events: ReturnType<TarReader['push']>): MemberEvents {
    for (const event of events) {
      if (event.type === 'entry') {
        const { kind, stored, name } = event.header;
        isFile = kind === EntryKind.file && stored > 0;
        if (isFile) yield { type: 'member', name: nameText(name), size: stored };
      } else if (isFile && event.type === 'data') yield { type: 'data', bytes: event.bytes };
      else if (isFile && event.type === 'end')
        yield event.complete ? { type: 'end' } : { type: 'end', error: 'the tar ends in it' };
    }
    for (const problem of problems.splice(0)) yield { type: 'problem', problem };
  };
  while (!reader.finished && (yield* input.fill(1))) {
    const begin = reader.position;
    const chunk = input.take(input.available);
    yield* told(reader.push(chunk));
    if (reader.endedAt !== undefined) input.giveBack(chunk.subarray(reader.endedAt - begin));
  }
  if (reader.endedAt === undefined) yield* told(reader.end());
}
