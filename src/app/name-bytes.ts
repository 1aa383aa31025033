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

/** Whether `needle`, in lower case, stands in `bytes[start .. end]`; ASCII letters match in either case. */
export function contains(
  bytes: Uint8Array,
  start: number,
  end: number,
  needle: Uint8Array,
): boolean {
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
