/** Scripts that carry an archive behind their last line, and unpack it when run: makeself's and many installers. */
import { sniffCompression, SNIFF_LENGTH } from './compression.ts';

const LONGEST_SCRIPT = 1 << 20; // bytes

/** Where the compressed data begin behind a script's text; undefined where a file is no such script. */
export function scriptPayload(bytes: Uint8Array): number | undefined {
  if (bytes[0] !== 0x23 || bytes[1] !== 0x21) return undefined;
  const nul = bytes.subarray(0, LONGEST_SCRIPT).indexOf(0);
  if (nul < 0) return undefined;
  // No compressed data go far without a NUL, and no script has one.
  for (let end = bytes.indexOf(0x0a); end >= 0 && end < nul; end = bytes.indexOf(0x0a, end + 1)) {
    const start = bytes.subarray(end + 1, end + 1 + SNIFF_LENGTH);
    if (sniffCompression(start) !== 'none') return end + 1;
  }
  return undefined;
}
