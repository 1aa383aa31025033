/** CRC-64 (ECMA-182, reflected 0xC96C5795D7870F42), as xz has it, in 32-bit halves. */

const LOW = new Int32Array(4 * 256);
const HIGH = new Int32Array(4 * 256);
for (let n = 0; n < 256; n++) {
  let low = n;
  let high = 0;
  for (let k = 0; k < 8; k++) {
    const odd = low & 1;
    low = (low >>> 1) | (high << 31);
    high >>>= 1;
    if (odd) {
      low ^= 0xd7870f42;
      high ^= 0xc96c5795;
    }
  }
  LOW[n] = low;
  HIGH[n] = high;
}

for (let n = 0; n < 256; n++) {
  for (let t = 1; t < 4; t++) {
    const low = LOW[(t - 1) * 256 + n] as number;
    const high = HIGH[(t - 1) * 256 + n] as number;
    LOW[t * 256 + n] = ((low >>> 8) | (high << 24)) ^ (LOW[low & 255] as number);
    HIGH[t * 256 + n] = (high >>> 8) ^ (HIGH[low & 255] as number);
  }
}

/** Feed bytes with `update`, then take `digest`. */
export class Crc64 {
  #low = -1;
  #high = -1;

  update(bytes: Uint8Array): void {
    let low = this.#low;
    let high = this.#high;
    let at = 0;
    // Four bytes a step ("slicing by 4").
    for (const end = bytes.length - 3; at < end; at += 4) {
      const a = (low ^ (bytes[at] as number)) & 255;
      const b = ((low >>> 8) ^ (bytes[at + 1] as number)) & 255;
      const c = ((low >>> 16) ^ (bytes[at + 2] as number)) & 255;
      const d = ((low >>> 24) ^ (bytes[at + 3] as number)) & 255;
      low =
        high ^
        (LOW[768 + a] as number) ^
        (LOW[512 + b] as number) ^
        (LOW[256 + c] as number) ^
        (LOW[d] as number);
      high =
        (HIGH[768 + a] as number) ^
        (HIGH[512 + b] as number) ^
        (HIGH[256 + c] as number) ^
        (HIGH[d] as number);
    }
    for (; at < bytes.length; at++) {
      const i = (low ^ (bytes[at] as number)) & 255;
      low = ((low >>> 8) | (high << 24)) ^ (LOW[i] as number);
      high = (high >>> 8) ^ (HIGH[i] as number);
    }
    this.#low = low;
    this.#high = high;
  }

  /** Little-endian. */
  digest(): Uint8Array {
    const view = new DataView(new ArrayBuffer(8));
    view.setInt32(0, ~this.#low, true);
    view.setInt32(4, ~this.#high, true);
    return new Uint8Array(view.buffer);
  }
}
