/** Names of files as the bytes they are: compared, and searched without regard to case. */

/** Less than 0 where `a` comes first, more where `b` does. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Tells whether a text stands in `bytes[start .. end]`, in any case of its letters. */
export function nameMatcher(
  text: string,
): (bytes: Uint8Array, start: number, end: number) => boolean {
  const wanted = folded(text);
  const needle = new TextEncoder().encode(wanted);
  if (needle.length === wanted.length)
    return (bytes, start, end) => contains(bytes, start, end, needle);
  const decoder = new TextDecoder();
  return (bytes, start, end) => {
    // Of names of ASCII alone there are too many to decode them all.
    for (let i = start; i < end; i++)
      if ((bytes[i] as number) >= 0x80)
        return folded(decoder.decode(bytes.subarray(start, end))).includes(wanted);
    return false;
  };
}

/** Letters with their marks are one character or several. */
function folded(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

/** Whether `needle`, in lower case, stands there; ASCII letters match in either case. */
function contains(bytes: Uint8Array, start: number, end: number, needle: Uint8Array): boolean {
  const first = needle[0] as number;
  for (let i = start; i + needle.length <= end; i++) {
    if (lower(bytes[i] as number) !== first) continue;
    let j = 1;
    while (j < needle.length && lower(bytes[i + j] as number) === needle[j]) j++;
    if (j === needle.length) return true;
  }
  return false;
}

function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
}
