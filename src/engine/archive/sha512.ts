/** SHA-512 and SHA-384 (FIPS 180-4) of whole buffers: the platform's digests are asynchronous. */

/** Words of 64 bits are pairs of 32: the high half, then the low one. */
const K = new Int32Array(160);
const INITIAL_512 = new Int32Array(16);
const INITIAL_384 = new Int32Array(16);
{
  // The constants are the first 64 bits of the fractional parts of roots of the first primes.
  const primes: bigint[] = [];
  for (let n = 2n; primes.length < 80; n++) if (primes.every((p) => n % p !== 0n)) primes.push(n);
  const put = (into: Int32Array, i: number, root: bigint): void => {
    into[i * 2] = Number(BigInt.asIntN(32, root >> 32n));
    into[i * 2 + 1] = Number(BigInt.asIntN(32, root));
  };
  primes.forEach((prime, i) => {
    put(K, i, integerRoot(prime << 192n, 3n));
    if (i < 8) put(INITIAL_512, i, integerRoot(prime << 128n, 2n));
    else if (i < 16) put(INITIAL_384, i - 8, integerRoot(prime << 128n, 2n));
  });
}

/** The whole part of a root, by Newton's method from above. */
function integerRoot(value: bigint, degree: 2n | 3n): bigint {
  let root = 1n << 80n;
  for (;;) {
    const next = ((degree - 1n) * root + value / root ** (degree - 1n)) / degree;
    if (next >= root) return root;
    root = next;
  }
}

/** SHA-512: 64 bytes. */
export function sha512(bytes: Uint8Array): Uint8Array {
  return digest(bytes, INITIAL_512, 64);
}

/** SHA-384: 48 bytes. */
export function sha384(bytes: Uint8Array): Uint8Array {
  return digest(bytes, INITIAL_384, 48);
}

function digest(bytes: Uint8Array, initial: Int32Array, length: 48 | 64): Uint8Array {
  const state = initial.slice();
  const padded = new Uint8Array((Math.floor((bytes.length + 16) / 128) + 1) * 128);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(padded.length - 4, (bytes.length << 3) >>> 0);
  const words = new Int32Array(160);
  for (let at = 0; at < padded.length; at += 128) compress(state, words, view, at);
  const out = new DataView(new ArrayBuffer(64));
  state.forEach((word, i) => out.setInt32(i * 4, word));
  return new Uint8Array(out.buffer, 0, length);
}

function compress(state: Int32Array, w: Int32Array, view: DataView, at: number): void {
  for (let i = 0; i < 32; i++) w[i] = view.getInt32(at + i * 4);
  for (let i = 32; i < 160; i += 2) {
    const xh = w[i - 30] as number;
    const xl = w[i - 29] as number;
    const yh = w[i - 4] as number;
    const yl = w[i - 3] as number;
    const s0h = rotate(xh, xl, 1) ^ rotate(xh, xl, 8) ^ (xh >>> 7);
    const s0l = rotate(xl, xh, 1) ^ rotate(xl, xh, 8) ^ ((xl >>> 7) | (xh << 25));
    const s1h = rotate(yh, yl, 19) ^ rotate(yl, yh, 29) ^ (yh >>> 6);
    const s1l = rotate(yl, yh, 19) ^ rotate(yh, yl, 29) ^ ((yl >>> 6) | (yh << 26));
    const low =
      (s0l >>> 0) + ((w[i - 13] as number) >>> 0) + (s1l >>> 0) + ((w[i - 31] as number) >>> 0);
    w[i] = s0h + (w[i - 14] as number) + s1h + (w[i - 32] as number) + Math.floor(low / 2 ** 32);
    w[i + 1] = low;
  }
  // Eight words in pairs; each round moves them down by one, and writes the first and the fifth anew.
  let [ah, al, bh, bl, ch, cl, dh, dl, eh, el, fh, fl, gh, gl, hh, hl] =
    state as unknown as Sixteen;
  for (let i = 0; i < 160; i += 2) {
    const s1h = rotate(eh, el, 14) ^ rotate(eh, el, 18) ^ rotate(el, eh, 9);
    const s1l = rotate(el, eh, 14) ^ rotate(el, eh, 18) ^ rotate(eh, el, 9);
    const t1l =
      (hl >>> 0) +
      (s1l >>> 0) +
      (((el & fl) ^ (~el & gl)) >>> 0) +
      ((K[i + 1] as number) >>> 0) +
      ((w[i + 1] as number) >>> 0);
    const t1h =
      (hh +
        s1h +
        ((eh & fh) ^ (~eh & gh)) +
        (K[i] as number) +
        (w[i] as number) +
        Math.floor(t1l / 2 ** 32)) |
      0;
    const s0h = rotate(ah, al, 28) ^ rotate(al, ah, 2) ^ rotate(al, ah, 7);
    const s0l = rotate(al, ah, 28) ^ rotate(ah, al, 2) ^ rotate(ah, al, 7);
    const t2l = (s0l >>> 0) + (((al & bl) ^ (al & cl) ^ (bl & cl)) >>> 0);
    const t2h = (s0h + ((ah & bh) ^ (ah & ch) ^ (bh & ch)) + Math.floor(t2l / 2 ** 32)) | 0;
    hh = gh;
    hl = gl;
    gh = fh;
    gl = fl;
    fh = eh;
    fl = el;
    const lowE = (dl >>> 0) + (t1l >>> 0);
    eh = (dh + t1h + Math.floor(lowE / 2 ** 32)) | 0;
    el = lowE | 0;
    dh = ch;
    dl = cl;
    ch = bh;
    cl = bl;
    bh = ah;
    bl = al;
    const lowA = (t1l >>> 0) + (t2l >>> 0);
    ah = (t1h + t2h + Math.floor(lowA / 2 ** 32)) | 0;
    al = lowA | 0;
  }
  const words = [ah, al, bh, bl, ch, cl, dh, dl, eh, el, fh, fl, gh, gl, hh, hl] as Sixteen;
  for (let i = 0; i < 16; i += 2) {
    const low = ((state[i + 1] as number) >>> 0) + ((words[i + 1] as number) >>> 0);
    state[i] = (state[i] as number) + (words[i] as number) + Math.floor(low / 2 ** 32);
    state[i + 1] = low;
  }
}

type Four = [number, number, number, number];
type Sixteen = [...Four, ...Four, ...Four, ...Four];

/** The high half of a 64-bit word turned right by `by` (below 32); its low half with the halves swapped. */
function rotate(high: number, low: number, by: number): number {
  return (high >>> by) | (low << (32 - by));
}
