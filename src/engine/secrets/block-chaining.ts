/** Modes of block ciphers, undone: cipher block chaining (SP 800-38A) and the padding of PKCS #7 (RFC 5652, section 6.3). */

/** Bytes that were chained in blocks of `size` bytes, without their padding; undefined where that is off. */
export function unchained(
  size: number,
  decrypt: (block: Uint8Array) => Uint8Array,
  start: Uint8Array,
  bytes: Uint8Array,
): Uint8Array | undefined {
  if (bytes.length === 0 || bytes.length % size !== 0) return undefined;
  const out = new Uint8Array(bytes.length);
  let before = start;
  for (let at = 0; at < bytes.length; at += size) {
    const block = bytes.subarray(at, at + size);
    const plain = decrypt(block);
    for (let i = 0; i < size; i++) out[at + i] = (plain[i] as number) ^ (before[i] as number);
    before = block;
  }
  return unpadded(size, out);
}

/** Whole blocks without their padding; undefined where that is off. */
export function unpadded(size: number, bytes: Uint8Array): Uint8Array | undefined {
  const count = bytes.at(-1) ?? 0;
  if (count < 1 || count > size) return undefined;
  const end = bytes.length - count;
  return bytes.subarray(end).every((byte) => byte === count) ? bytes.subarray(0, end) : undefined;
}
