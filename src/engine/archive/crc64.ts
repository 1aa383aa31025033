/** CRC-64 (ECMA-182, reflected 0xC96C5795D7870F42), as xz has it, in 32-bit halves. */

const LOW = new Int32Array(256);
const HIGH = new Int32Array(256);
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

/** Feed bytes with `update`, then take `digest`. */
export class Crc64 {
  #low = -1;
  #high = -1;

  update(bytes: Uint8Array): void {
    let low = this.#low;
    let high = this.#high;
    for (const byte of bytes) {
      const i = (low ^ byte) & 255;
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
