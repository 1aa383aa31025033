/**
 * RPM packages (rpm's docs/manual/format_v3.md and format_v4.md): a lead, two headers of tagged values, and
 * a cpio archive, compressed or not, which is handed on as it stands.
 */
import { DecodeProblem, type InputBuffer } from './input-buffer.ts';
import type { MemberEvents } from './member-events.ts';

const LEAD = 96;
const HEADER = 16;
const MAX_HEADER = 32 << 20; // rpm itself allows 256 MiB; those of the largest packages have a few
const ALIGN = 8;

/** Whether the bytes begin as an RPM package does. */
export function startsLikeRpm(bytes: Uint8Array): boolean {
  return bytes[0] === 0xed && bytes[1] === 0xab && bytes[2] === 0xee && bytes[3] === 0xdb;
}

/** The headers of a package, with its scripts, and its payload. @throws {DecodeProblem} on damage. */
export function* rpmMembers(input: InputBuffer): MemberEvents {
  if (!(yield* input.fill(LEAD))) throw damaged();
  input.at += LEAD;
  yield* header(input, true);
  yield* header(input, false);
  yield { type: 'member', name: 'payload', size: undefined, wrapped: true };
  while (yield* input.fill(1)) yield { type: 'data', bytes: input.take(input.available) };
  yield { type: 'end' };
}

function* header(input: InputBuffer, padded: boolean): MemberEvents {
  if (!(yield* input.fill(HEADER))) throw damaged();
  const view = new DataView(input.bytes.buffer, input.bytes.byteOffset + input.at, HEADER);
  if (view.getUint32(0) !== 0x8eade801) throw damaged();
  const length = HEADER + view.getUint32(8) * 16 + view.getUint32(12);
  const whole = padded ? Math.ceil(length / ALIGN) * ALIGN : length;
  if (whole > MAX_HEADER || !(yield* input.fill(whole))) throw damaged();
  const offset = input.position;
  yield { type: 'loose', bytes: input.take(whole), offset };
}

const damaged = (): DecodeProblem =>
  new DecodeProblem('rpm-damaged', 'The headers of this RPM package are damaged.');
