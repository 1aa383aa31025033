/**
 * The filters that .xz puts before LZMA2 (xz-file-format.txt 1.2.1, 5.3; liblzma's `src/liblzma/simple`): delta,
 * and those for machine code, which turn the relative addresses of branches into absolute ones. Undone here.
 */

/** Undoes one filter on bytes that come in pieces. */
export interface Filter {
  /** What can be given out once these bytes have come; they may be changed. */
  push(bytes: Uint8Array): Uint8Array;
  /** What is left at the end. */
  end(): Uint8Array;
}

/**
 * Undoes a filter on as many of the bytes as it can, in place, and says how many; `position` is that of the first
 * of them in the whole. The rest comes again, with more behind it.
 */
type Undo = (bytes: Uint8Array, position: number) => number;

const NOTHING = new Uint8Array(0);

/** Filters by their ID; `properties` as in a block's header. Undefined for one that is not known. */
export function filterOf(id: number, properties: Uint8Array): Filter | undefined {
  if (id === 0x03) return new DeltaFilter((properties[0] ?? 0) + 1);
  const undo = id === 0x04 ? x86() : BRANCHES[id];
  if (!undo) return undefined;
  return new BranchFilter(undo, properties.length >= 4 ? viewOf(properties).getUint32(0, true) : 0);
}

/** The delta filter: every byte was stored as its difference from the one `distance` before. */
class DeltaFilter implements Filter {
  #history: Uint8Array;
  #at = 0;
  constructor(distance: number) {
    this.#history = new Uint8Array(distance);
  }
  push(bytes: Uint8Array): Uint8Array {
    const history = this.#history;
    for (let i = 0; i < bytes.length; i++) {
      const byte = ((bytes[i] as number) + (history[this.#at] as number)) & 255;
      bytes[i] = byte;
      history[this.#at] = byte;
      this.#at = (this.#at + 1) % history.length;
    }
    return bytes;
  }
  end(): Uint8Array {
    return NOTHING;
  }
}

/** A filter for machine code: an instruction may begin in one piece and end in the next. */
class BranchFilter implements Filter {
  #undo: Undo;
  #position: number;
  #rest: Uint8Array = NOTHING;
  constructor(undo: Undo, position: number) {
    this.#undo = undo;
    this.#position = position;
  }
  push(bytes: Uint8Array): Uint8Array {
    let all = bytes;
    if (this.#rest.length > 0) {
      all = new Uint8Array(this.#rest.length + bytes.length);
      all.set(this.#rest);
      all.set(bytes, this.#rest.length);
    }
    const done = this.#undo(all, this.#position);
    this.#position = (this.#position + done) >>> 0;
    this.#rest = all.slice(done);
    return all.subarray(0, done);
  }
  end(): Uint8Array {
    return this.#rest;
  }
}

/** A filter for instructions of four bytes each. */
function words(
  littleEndian: boolean,
  undo: (word: number, position: number) => number | undefined,
): Undo {
  return (bytes, position) => {
    const view = viewOf(bytes);
    const end = bytes.length & ~3;
    for (let at = 0; at < end; at += 4) {
      const word = undo(view.getUint32(at, littleEndian), position + at);
      if (word !== undefined) view.setUint32(at, word, littleEndian);
    }
    return end;
  };
}

const BRANCHES: Record<number, Undo> = {
  // PowerPC, big-endian: `bl`.
  0x05: words(false, (word, position) =>
    (word & 0xfc000003) >>> 0 === 0x48000001
      ? ((((word & 0x03fffffc) - position) & 0x03fffffc) | 0x48000001) >>> 0
      : undefined,
  ),
  // ARM: `bl` in every case.
  0x07: words(true, (word, position) => {
    if (word >>> 24 !== 0xeb) return undefined;
    const target = ((word & 0xffffff) << 2) - (position + 8);
    return ((word & 0xff000000) | ((target >>> 2) & 0xffffff)) >>> 0;
  }),
  0x08: thumb,
  // SPARC: `call`.
  0x09: words(false, (word, position) => {
    const top = word >>> 22;
    if (top !== 0x100 && top !== 0x1ff) return undefined;
    const target = ((word << 2) - position) >>> 2;
    return ((0x40000000 - (target & 0x400000)) | 0x40000000 | (target & 0x3fffff)) >>> 0;
  }),
  // ARM64: `bl`, and `adrp` where it reaches no farther than 512 MiB.
  0x0a: words(true, (word, position) => {
    if (word >>> 26 === 0x25) return (0x94000000 | ((word - (position >>> 2)) & 0x3ffffff)) >>> 0;
    if ((word & 0x9f000000) >>> 0 !== 0x90000000) return undefined;
    const page = ((word >>> 29) & 3) | ((word >>> 3) & 0x1ffffc);
    if (((page + 0x020000) & 0x1c0000) !== 0) return undefined;
    const target = page - (position >>> 12);
    const low = ((target & 3) << 29) | ((target & 0x03fffc) << 3);
    return ((word & 0x9000001f) | low | (-(target & 0x020000) & 0xe00000)) >>> 0;
  }),
};

/** ARM's Thumb: `bl` is a pair of instructions of two bytes each. */
function thumb(bytes: Uint8Array, position: number): number {
  let at = 0;
  for (; at + 4 <= bytes.length; at += 2) {
    const [a, b, c, d] = bytes.subarray(at, at + 4) as unknown as [number, number, number, number];
    if ((b & 0xf8) !== 0xf0 || (d & 0xf8) !== 0xf8) continue;
    const stored = ((b & 7) << 19) | (a << 11) | ((d & 7) << 8) | c;
    const target = ((stored << 1) - (position + at + 4)) >>> 1;
    bytes[at + 1] = 0xf0 | ((target >>> 19) & 7);
    bytes[at] = target >>> 11;
    bytes[at + 3] = 0xf8 | ((target >>> 8) & 7);
    bytes[at + 2] = target;
    at += 2;
  }
  return at;
}

// By which of the three bytes before look like the start of a call too:
const MAY_BE_CALL = [true, true, true, false, true, false, false, false];
const BYTES_BACK = [0, 1, 2, 2, 3, 3, 3, 3];

const isSign = (byte: number | undefined): boolean => byte === 0 || byte === 0xff;

/** x86: `call` and `jmp` with a distance of four bytes, whose highest is a sign. */
function x86(): Undo {
  let mask = 0; // a bit for each of the last three bytes that looked like a call
  return (bytes, position) => {
    const view = viewOf(bytes);
    const end = bytes.length - 4;
    let last = -1;
    let at = 0;
    for (; at < end; at++) {
      if (((bytes[at] as number) & 0xfe) !== 0xe8) continue;
      const since = at - last;
      last = at;
      mask = since > 3 ? 0 : (mask << (since - 1)) & 7;
      const back = BYTES_BACK[mask] as number;
      const within = mask !== 0 && (!MAY_BE_CALL[mask] || isSign(bytes[at + 4 - back]));
      if (within || !isSign(bytes[at + 4])) {
        mask = (mask << 1) | 1;
        continue;
      }
      const target = relative(view.getUint32(at + 1, true), position + at + 5, mask);
      view.setUint32(at + 1, target, true);
      at += 4;
    }
    if (end <= 0) return 0;
    const since = at - last;
    mask = since > 3 ? 0 : mask << (since - 1);
    return at;
  };
}

/** The distance that an absolute address was made of, its highest byte a sign again. */
function relative(absolute: number, from: number, mask: number): number {
  let source = absolute;
  for (;;) {
    const target = (source - from) >>> 0;
    const bits = (BYTES_BACK[mask] as number) * 8;
    if (mask === 0 || !isSign((target >>> (24 - bits)) & 255))
      return ((target & 0x01ffffff) | -(target & 0x01000000)) >>> 0;
    source = (target ^ (2 ** (32 - bits) - 1)) >>> 0;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
