/**
 * Strings out of data that do not decode: files of other implementations, and what lies behind damage.
 * Strings with a length before them come out exactly; of the rest, every stretch of printable text.
 */

const SHORTEST = 5;
const LONGEST = 65_536;
const MOST = 50_000;
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** The strings from `start` on, in their order. */
export function salvageStrings(bytes: Uint8Array, start = 0): string[] {
  const out: string[] = [];
  let at = start;
  while (at < bytes.length && out.length < MOST) {
    const exact = counted(bytes, at);
    if (exact) {
      const text = decode(bytes, exact.start, exact.end);
      if (text !== undefined) {
        out.push(text);
        at = exact.end;
        continue;
      }
    }
    const end = printableEnd(bytes, at);
    if (end === at) {
      at++;
      continue;
    }
    // A counted string may begin inside the stretch: its type and length can be printable themselves.
    let stop = at + 1;
    while (stop < end && !counted(bytes, stop)) stop++;
    if (stop - at >= SHORTEST) {
      const text = decode(bytes, at, stop);
      if (text !== undefined) out.push(text);
    }
    at = stop;
  }
  return out;
}

/** A string with its type and length in front, as marshal (and Java's class files) write it. */
function counted(bytes: Uint8Array, at: number): { start: number; end: number } | undefined {
  const type = (bytes[at] as number) & 0x7f;
  let start: number;
  let length: number;
  if (type === 0x7a || type === 0x5a) {
    // z, Z
    start = at + 2;
    length = bytes[at + 1] ?? 0;
  } else if (type === 0x61 || type === 0x41 || type === 0x75 || type === 0x74 || type === 0x73) {
    // a, A, u, t, s
    start = at + 5;
    if (start > bytes.length) return undefined;
    length = (bytes[at + 1] as number) | ((bytes[at + 2] as number) << 8);
    if (bytes[at + 3] !== 0 || bytes[at + 4] !== 0) return undefined;
  } else if (bytes[at] === 1) {
    start = at + 3;
    length = ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
  } else return undefined;
  const end = start + length;
  if (length < SHORTEST || end > bytes.length) return undefined;
  // Looked at no further than it takes to see that it is text.
  const probe = Math.min(end, start + 64);
  return printableEnd(bytes, start, probe) >= probe - 3 ? { start, end } : undefined;
}

/** Where text that began at `from` ends: at a control character, or a byte that is no UTF-8. */
function printableEnd(bytes: Uint8Array, from: number, limit = from + LONGEST): number {
  const stop = Math.min(bytes.length, limit);
  let at = from;
  while (at < stop) {
    const byte = bytes[at] as number;
    if (byte < 0x80) {
      if (byte < 0x20 ? byte !== 9 && byte !== 10 && byte !== 13 : byte === 0x7f) break;
      at++;
      continue;
    }
    const more = byte >= 0xf0 && byte < 0xf5 ? 3 : byte >= 0xe0 ? 2 : byte >= 0xc2 ? 1 : 0;
    if (more === 0 || byte >= 0xf5) break;
    let i = 1;
    while (i <= more && ((bytes[at + i] ?? 0) & 0xc0) === 0x80) i++;
    if (i <= more) break;
    at += more + 1;
  }
  return Math.min(at, stop);
}

function decode(bytes: Uint8Array, start: number, end: number): string | undefined {
  try {
    return UTF8.decode(bytes.subarray(start, end));
  } catch {
    return undefined;
  }
}
