/**
 * The strings of Android's compiled code (`classes.dex`): a length stands before each without a sign between,
 * so that a token could not be told from what goes before. Format: the Dalvik executable format's manual.
 */

const VERSIONS = /^dex\n\d{3}\0$/;
const STRING_COUNT = 0x38;
const STRING_TABLE = 0x3c;
const LENGTH_BYTES = 5; // at most
const MOST_BYTES = 16 << 20; // of strings

/** Whether bytes begin as such a file does. */
export function looksLikeDex(bytes: Uint8Array): boolean {
  return bytes[0] === 0x64 && VERSIONS.test(String.fromCharCode(...bytes.subarray(0, 8)));
}

/** All strings, each ended by a line's end, as bytes; undefined where the table does not fit the file. */
export function dexStrings(bytes: Uint8Array): Uint8Array | undefined {
  if (!looksLikeDex(bytes) || bytes.length < 0x70) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = view.getUint32(STRING_COUNT, true);
  const table = view.getUint32(STRING_TABLE, true);
  if (count === 0 || table + 4 * count > bytes.length) return undefined;
  const out = new Uint8Array(Math.min(bytes.length, MOST_BYTES));
  let length = 0;
  for (let i = 0; i < count; i++) {
    let at = view.getUint32(table + 4 * i, true);
    // A length in characters, in groups of seven bits, which the NUL behind makes needless.
    for (let i = 1; i < LENGTH_BYTES && ((bytes[at] ?? 0) & 0x80) !== 0; i++) at++;
    const start = at + 1;
    const end = bytes.indexOf(0, start);
    if (end < 0 || length + end - start + 1 > out.length) break;
    out.set(bytes.subarray(start, end), length);
    length += end - start;
    out[length++] = 0x0a;
  }
  return out.subarray(0, length);
}
