/** LZMA2 chunks, and LZMA in them or alone (Igor Pavlov's LZMA specification; the XZ for Java sources). */

const TOP = 1 << 24;
const HALF = 1 << 10; // a probability of one half, in units of 1/2048
const STATES = 12;
const SLACK = 4 << 20;
const START = 1 << 16;
const LONGEST_COPY = 273;
const MOST_READ = 21; // bytes of input that one symbol may take, and one more at its end
const END_MARKER = 2 ** 32 - 1;

/** Decodes chunk by chunk; the dictionary is shared by all of a block. */
export class Lzma2Decoder {
  #dictionary: number;
  #out = new Uint8Array(START);
  #end = 0;
  #full = 0; // bytes of the dictionary that may be referred to
  #position = 0; // bytes since the dictionary's reset; its low bits choose probabilities
  #lc = 3;
  #lp = 0;
  #pb = 2;
  #ready = false;
  #state = 0;
  // The last four distances:
  #rep0 = 0;
  #rep1 = 0;
  #rep2 = 0;
  #rep3 = 0;
  #literal = new Uint16Array(0);
  #isMatch = new Uint16Array(STATES << 4);
  #isRep = new Uint16Array(STATES);
  #isRep0 = new Uint16Array(STATES);
  #isRep1 = new Uint16Array(STATES);
  #isRep2 = new Uint16Array(STATES);
  #isRep0Long = new Uint16Array(STATES << 4);
  #slots = new Uint16Array(4 << 6);
  #special = new Uint16Array(128);
  #align = new Uint16Array(16);
  #length = new Uint16Array(2 + (16 << 3) + (16 << 3) + 256);
  #repLength = new Uint16Array(2 + (16 << 3) + (16 << 3) + 256);

  // The range decoder:
  #in: Uint8Array = new Uint8Array(0);
  #at = 0;
  #range = 0;
  #code = 0;
  // LZMA alone:
  #safeUntil = Infinity; // input from which on a symbol may not be whole
  #ended = false;

  constructor(dictionary: number) {
    this.#dictionary = Math.max(dictionary, 4096);
  }

  /** Bytes of a chunk's header, by its first byte. */
  headerSize(control: number): number {
    return control === 0 ? 1 : control < 3 ? 3 : control < 0xc0 ? 5 : 6;
  }

  /** Bytes of the chunk whose header this is, header included; 0 for the end. */
  chunkSize(header: Uint8Array): number {
    const [control = 0, a = 0, b = 0, c = 0, d = 0] = header;
    if (control === 0) return 0;
    return control < 0x80 ? 3 + (a << 8) + b + 1 : this.headerSize(control) + (c << 8) + d + 1;
  }

  /** @throws {RangeError} on damage. */
  decode(chunk: Uint8Array): Uint8Array {
    const control = chunk[0] as number;
    const size =
      control < 0x80
        ? chunk.length - 3
        : ((control & 0x1f) << 16) + ((chunk[1] as number) << 8) + (chunk[2] as number) + 1;
    this.#room(size);
    const start = this.#end;
    if (control < 0x80) {
      if (control > 2) throw new RangeError('an impossible chunk');
      if (control === 1) this.#forget();
      this.#out.set(chunk.subarray(3), this.#end);
      this.#end += size;
    } else {
      const reset = (control >> 5) & 3;
      if (reset === 3) this.#forget();
      if (reset >= 2) this.#properties(chunk[5] as number);
      if (reset >= 1) this.#reset();
      if (!this.#ready) throw new RangeError('a chunk without its properties');
      this.#in = chunk;
      this.#at = this.headerSize(control);
      this.#startRange();
      this.#lzma(start + size);
      if (this.#at !== chunk.length || this.#code !== 0)
        throw new RangeError('a chunk of another length');
    }
    this.#advance(start);
    return this.#out.slice(start, this.#end);
  }

  /** Begins with LZMA alone, by the byte that has its properties and the first five of its data. @throws {RangeError} */
  beginAlone(properties: number, first: Uint8Array): void {
    this.#properties(properties, 8 + 4);
    this.#reset();
    this.#in = first;
    this.#at = 0;
    this.#startRange();
  }

  /**
   * Decodes LZMA alone, as far as `input` reaches and at most `most` bytes or a copy more; `last` says that no more
   * input comes. Says how much of the input was read, which is more than there is where it ends early.
   * @throws {RangeError} on damage.
   */
  decodeAlone(
    input: Uint8Array,
    most: number,
    last: boolean,
  ): { out: Uint8Array; read: number; ended: boolean } {
    this.#room(most + LONGEST_COPY);
    const start = this.#end;
    this.#in = input;
    this.#at = 0;
    this.#safeUntil = last ? input.length : input.length - MOST_READ;
    this.#lzma(start + most, LONGEST_COPY);
    this.#safeUntil = Infinity;
    this.#advance(start);
    return { out: this.#out.slice(start, this.#end), read: this.#at, ended: this.#ended };
  }

  #advance(start: number): void {
    this.#position = (this.#position + this.#end - start) % 2 ** 31;
    this.#full = Math.min(this.#dictionary, this.#full + this.#end - start);
  }

  #forget(): void {
    this.#full = 0;
    this.#position = 0;
  }

  #room(length: number): void {
    if (this.#end + length <= this.#out.length) return;
    const keep = Math.min(this.#full, this.#end);
    const most = this.#dictionary + SLACK + length;
    if (this.#out.length < most) {
      const grown = new Uint8Array(Math.min(most, Math.max(this.#out.length * 2, keep + length)));
      grown.set(this.#out.subarray(this.#end - keep, this.#end));
      this.#out = grown;
    } else this.#out.copyWithin(0, this.#end - keep, this.#end);
    this.#end = keep;
  }

  #properties(byte: number, mostBits = 4): void {
    if (byte >= 225) throw new RangeError('impossible properties');
    this.#lc = byte % 9;
    this.#lp = Math.floor(byte / 9) % 5;
    this.#pb = Math.floor(byte / 45);
    if (this.#lc + this.#lp > mostBits) throw new RangeError('impossible properties');
    this.#literal = new Uint16Array(0x300 << (this.#lc + this.#lp));
    this.#ready = true;
  }

  #reset(): void {
    this.#state = 0;
    this.#rep0 = this.#rep1 = this.#rep2 = this.#rep3 = 0;
    for (const table of [
      this.#literal,
      this.#isMatch,
      this.#isRep,
      this.#isRep0,
      this.#isRep1,
      this.#isRep2,
      this.#isRep0Long,
      this.#slots,
      this.#special,
      this.#align,
      this.#length,
      this.#repLength,
    ]) {
      table.fill(HALF);
    }
  }

  #startRange(): void {
    if (this.#in[this.#at] !== 0 || this.#at + 5 > this.#in.length)
      throw new RangeError('no range');
    this.#range = 0xffffffff;
    this.#code = 0;
    for (let i = 1; i < 5; i++)
      this.#code = ((this.#code << 8) | (this.#in[this.#at + i] as number)) >>> 0;
    this.#at += 5;
  }

  #bit(table: Uint16Array, index: number): number {
    if (this.#range < TOP) {
      this.#range = (this.#range << 8) >>> 0;
      this.#code = ((this.#code << 8) | (this.#in[this.#at++] ?? 0)) >>> 0;
    }
    const probability = table[index] as number;
    const bound = (this.#range >>> 11) * probability;
    if (this.#code < bound) {
      this.#range = bound;
      table[index] = probability + ((2048 - probability) >> 5);
      return 0;
    }
    this.#range -= bound;
    this.#code -= bound;
    table[index] = probability - (probability >> 5);
    return 1;
  }

  /** Bits from the highest on. The range decoder's state is kept in variables meanwhile, for speed. */
  #tree(table: Uint16Array, start: number, bits: number): number {
    const input = this.#in;
    let range = this.#range;
    let code = this.#code;
    let at = this.#at;
    let symbol = 1;
    for (let i = 0; i < bits; i++) {
      if (range < TOP) {
        range = (range << 8) >>> 0;
        code = ((code << 8) | (input[at++] ?? 0)) >>> 0;
      }
      const index = start + symbol;
      const probability = table[index] as number;
      const bound = (range >>> 11) * probability;
      if (code < bound) {
        range = bound;
        table[index] = probability + ((2048 - probability) >> 5);
        symbol <<= 1;
      } else {
        range -= bound;
        code -= bound;
        table[index] = probability - (probability >> 5);
        symbol = (symbol << 1) | 1;
      }
    }
    this.#range = range;
    this.#code = code;
    this.#at = at;
    return symbol - (1 << bits);
  }

  #reverseTree(table: Uint16Array, start: number, bits: number): number {
    let symbol = 1;
    let value = 0;
    for (let i = 0; i < bits; i++) {
      const bit = this.#bit(table, start + symbol);
      symbol = (symbol << 1) | bit;
      value |= bit << i;
    }
    return value;
  }

  #direct(bits: number): number {
    let range = this.#range;
    let code = this.#code;
    let value = 0;
    for (let i = 0; i < bits; i++) {
      if (range < TOP) {
        range = (range << 8) >>> 0;
        code = ((code << 8) | (this.#in[this.#at++] ?? 0)) >>> 0;
      }
      range >>>= 1;
      value *= 2;
      if (code >= range) {
        code -= range;
        value += 1;
      }
    }
    this.#range = range;
    this.#code = code;
    return value;
  }

  #readLength(table: Uint16Array, position: number): number {
    if (this.#bit(table, 0) === 0) return 2 + this.#tree(table, 2 + (position << 3), 3);
    if (this.#bit(table, 1) === 0) return 10 + this.#tree(table, 2 + 128 + (position << 3), 3);
    return 18 + this.#tree(table, 2 + 256, 8);
  }

  #distance(length: number): number {
    const slot = this.#tree(this.#slots, Math.min(length - 2, 3) << 6, 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** bits;
    if (slot < 14) return base + this.#reverseTree(this.#special, base - slot, bits);
    return base + this.#direct(bits - 4) * 16 + this.#reverseTree(this.#align, 0, 4);
  }

  /** Decodes up to `until`, and what of a copy goes `beyond`. */
  #lzma(until: number, beyond = 0): void {
    const out = this.#out;
    const chunkStart = this.#end;
    const before = this.#full;
    const lastPosition = (1 << this.#pb) - 1;
    const literalMask = (1 << this.#lp) - 1;
    while (this.#end < until && this.#at <= this.#safeUntil) {
      const position = this.#position + this.#end - chunkStart;
      const posState = position & lastPosition;
      const state = this.#state;
      if (this.#bit(this.#isMatch, (state << 4) + posState) === 0) {
        const previous = position > 0 ? (out[this.#end - 1] as number) : 0;
        const table =
          0x300 * (((position & literalMask) << this.#lc) + (previous >> (8 - this.#lc)));
        out[this.#end] = this.#readLiteral(table, state, out);
        this.#end++;
        this.#state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
        continue;
      }
      let length: number;
      if (this.#bit(this.#isRep, state) === 0) {
        length = this.#readLength(this.#length, posState);
        this.#rep3 = this.#rep2;
        this.#rep2 = this.#rep1;
        this.#rep1 = this.#rep0;
        this.#rep0 = this.#distance(length);
        if (this.#rep0 === END_MARKER && beyond > 0) {
          this.#ended = true;
          break;
        }
        this.#state = state < 7 ? 7 : 10;
      } else if (this.#bit(this.#isRep0, state) === 0) {
        if (this.#bit(this.#isRep0Long, (state << 4) + posState) === 0) {
          this.#state = state < 7 ? 9 : 11;
          this.#copy(1, before + this.#end - chunkStart, until + beyond);
          continue;
        }
        length = this.#readLength(this.#repLength, posState);
        this.#state = state < 7 ? 8 : 11;
      } else {
        let distance = this.#rep1;
        if (this.#bit(this.#isRep1, state) !== 0) {
          distance = this.#rep2;
          if (this.#bit(this.#isRep2, state) !== 0) {
            distance = this.#rep3;
            this.#rep3 = this.#rep2;
          }
          this.#rep2 = this.#rep1;
        }
        this.#rep1 = this.#rep0;
        this.#rep0 = distance;
        length = this.#readLength(this.#repLength, posState);
        this.#state = state < 7 ? 8 : 11;
      }
      this.#copy(length, before + this.#end - chunkStart, until + beyond);
    }
    if (this.#range < TOP) {
      this.#range = (this.#range << 8) >>> 0;
      this.#code = ((this.#code << 8) | (this.#in[this.#at++] ?? 0)) >>> 0;
    }
  }

  #readLiteral(table: number, state: number, out: Uint8Array): number {
    if (state < 7) return this.#tree(this.#literal, table, 8);
    let symbol = 1;
    let matched = out[this.#end - this.#rep0 - 1] ?? 0;
    do {
      const matchBit = (matched >> 7) & 1;
      matched <<= 1;
      const bit = this.#bit(this.#literal, table + ((1 + matchBit) << 8) + symbol);
      symbol = (symbol << 1) | bit;
      if (matchBit !== bit) break;
    } while (symbol < 0x100);
    while (symbol < 0x100) symbol = (symbol << 1) | this.#bit(this.#literal, table + symbol);
    return symbol & 255;
  }

  #copy(length: number, available: number, until: number): void {
    const distance = this.#rep0 + 1;
    if (distance > available || distance > this.#end || this.#end + length > until)
      throw new RangeError('a copy from before the start');
    const out = this.#out;
    const from = this.#end - distance;
    for (let i = 0; i < length; i++) out[this.#end + i] = out[from + i] as number;
    this.#end += length;
  }
}
