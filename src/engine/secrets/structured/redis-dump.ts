/**
 * The keys and values of a Redis dump (`dump.rdb`): strings, hashes, lists and sets, in all of their encodings,
 * compressed or not. Format: `rdb.h`, `ziplist.c` and `listpack.c` of Redis. What no value takes up is left to be
 * scanned as it stands; streams and modules end the reading.
 */
import { bytesText } from '../../python/values.ts';
import { mayAnnounce, type ValueSink } from './placed-values.ts';

const MOST_UNPACKED = 64 << 20; // bytes of compressed values of one file
const END = 0xff;
const AUXILIARY = 0xfa;
/** What follows a mark that says nothing of values: so many strings, lengths, or bytes. */
const SKIPPED: Record<number, [strings: number, lengths: number, bytes: number]> = {
  0xf4: [0, 3, 0],
  0xf5: [1, 0, 0],
  0xf8: [0, 1, 0],
  0xf9: [0, 0, 1],
  0xfb: [0, 2, 0],
  0xfc: [0, 0, 8],
  0xfd: [0, 0, 4],
  0xfe: [0, 1, 0],
};

/** A string of the dump; what was compressed stands as a whole where it begins. */
interface Text {
  bytes: Uint8Array;
  at: number;
  packed: boolean;
}

/** Whether bytes begin as a dump does. */
export function startsLikeRedisDump(bytes: Uint8Array): boolean {
  return bytes[0] === 0x52 && /^REDIS\d{4}$/.test(String.fromCharCode(...bytes.subarray(0, 9)));
}

/** Hands on every key's values; false where the dump could not be read to its end. Never throws. */
export function readRedisDump(bytes: Uint8Array, sink: ValueSink): boolean {
  try {
    return new DumpReader(bytes, sink).read();
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

class DumpReader {
  #bytes: Uint8Array;
  #view: DataView;
  #sink: ValueSink;
  #at = 9;
  #left = MOST_UNPACKED;

  constructor(bytes: Uint8Array, sink: ValueSink) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#sink = sink;
  }

  /** @throws {RangeError} where the bytes end before the dump does. */
  read(): boolean {
    for (;;) {
      const mark = this.#byte();
      if (mark === END) return true;
      const skipped = SKIPPED[mark];
      if (skipped) this.#skip(...skipped);
      else if (mark === AUXILIARY) this.#value(bytesText(this.#text().bytes), this.#text(), '');
      else if (!this.#key(mark, bytesText(this.#text().bytes))) return false;
    }
  }

  #skip(strings: number, lengths: number, bytes: number): void {
    for (let i = 0; i < strings; i++) this.#text();
    for (let i = 0; i < lengths; i++) this.#length();
    this.#at += bytes;
  }

  /** What stands under a key; false for a type that is not read. */
  #key(type: number, key: string): boolean {
    switch (type) {
      case 0:
        this.#value(key, this.#text(), '');
        return true;
      case 1:
      case 2:
      case 4:
        this.#items(key, type === 4, this.#texts(type === 4 ? 2 : 1));
        return true;
      case 3:
      case 5:
        for (let left = this.#length(); left > 0; left--) {
          this.#value(key, this.#text(), '');
          const width = type === 5 ? 8 : this.#byte();
          this.#at += width > 252 ? 0 : width;
        }
        return true;
      case 11:
        this.#text();
        return true;
      case 10:
      case 12:
      case 13:
        this.#items(key, type === 13, packedTexts(this.#text(), ziplistEntry, 10));
        return true;
      case 16:
      case 17:
      case 20:
        this.#items(key, type === 16, packedTexts(this.#text(), listpackEntry, 6));
        return true;
      case 14:
      case 18:
        for (let left = this.#length(); left > 0; left--) this.#node(key, type);
        return true;
      default:
        return false;
    }
  }

  /** A piece of a long list: one text of its own, or several together. */
  #node(key: string, type: number): void {
    const plain = type === 18 && this.#length() === 1;
    const text = this.#text();
    if (plain) this.#value(key, text, '');
    else if (type === 14) this.#items(key, false, packedTexts(text, ziplistEntry, 10));
    else this.#items(key, false, packedTexts(text, listpackEntry, 6));
  }

  *#texts(each: number): Generator<Text> {
    for (let left = this.#length() * each; left > 0; left--) yield this.#text();
  }

  /** Fields and their values in turn, or the members of a list or set. */
  #items(key: string, paired: boolean, texts: Iterable<Text>): void {
    let field: string | undefined;
    for (const text of texts) {
      if (!paired) this.#value(key, text, '');
      else if (field === undefined) field = bytesText(text.bytes);
      else {
        this.#value(field, text, `in the hash ${key}`);
        field = undefined;
      }
    }
  }

  #value(key: string, { bytes, at, packed }: Text, where: string): void {
    // Keys are paths: what a value is stands at their end.
    const name = key.slice(key.lastIndexOf(':') + 1);
    if (!packed) this.#sink.covered(at, at + bytes.length);
    const place = packed ? { placeOf: () => at } : {};
    if (mayAnnounce(name)) {
      const value = bytesText(bytes);
      this.#sink.value({ name, value, where, context: [key], exact: true, at, ...place });
    } else this.#sink.text(bytes, { name, where, at, ...place });
  }

  #byte(): number {
    return this.#view.getUint8(this.#at++);
  }

  /** A length; of the encodings that are none, -1 less their number. */
  #length(): number {
    const first = this.#byte();
    const low = first & 0x3f;
    switch (first >> 6) {
      case 0:
        return low;
      case 1:
        return (low << 8) | this.#byte();
      case 3:
        return -1 - low;
    }
    this.#at += low === 1 ? 8 : 4;
    const high = low === 1 ? this.#view.getUint32(this.#at - 8) * 2 ** 32 : 0;
    return high + this.#view.getUint32(this.#at - 4);
  }

  #text(): Text {
    const length = this.#length();
    const at = this.#at;
    if (length >= 0) return { bytes: this.#take(length), at, packed: false };
    const encoding = -1 - length;
    if (encoding < 3) {
      this.#take(1 << encoding);
      return { bytes: NOTHING, at, packed: false };
    }
    const stored = this.#length();
    const size = this.#length();
    this.#left -= size;
    const bytes = this.#take(stored);
    if (size < 0 || this.#left < 0) throw new RangeError('too large');
    this.#sink.covered(at, this.#at);
    return { bytes: unpacked(bytes, size), at, packed: true };
  }

  #take(length: number): Uint8Array {
    if (length < 0 || this.#at + length > this.#bytes.length) throw new RangeError('cut short');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

const NOTHING = new Uint8Array(0);

/** LZF (`lzf_d.c` of LibLZF): runs of literals, and copies from at most 8 KiB before. @throws {RangeError} */
function unpacked(stored: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  let to = 0;
  for (let at = 0; at < stored.length;) {
    const control = stored[at++] as number;
    if (control < 32) {
      out.set(stored.subarray(at, at + control + 1), to);
      at += control + 1;
      to += control + 1;
      continue;
    }
    let length = (control >> 5) + 2;
    if (length === 9) length += stored[at++] ?? 0;
    const from = to - (((control & 31) << 8) | (stored[at++] ?? 0)) - 1;
    if (from < 0 || to + length > size) throw new RangeError('damaged');
    for (let i = 0; i < length; i++) out[to + i] = out[from + i] as number;
    to += length;
  }
  return out;
}

/** Where an entry's text begins, and the bytes it has, and where the next entry begins; a number has no text. */
interface Entry {
  from: number;
  length: number;
  next: number;
}

type EntryReader = (view: DataView, at: number) => Entry;

/** The texts that stand in one, behind a header; what is no text is empty. */
function* packedTexts(whole: Text, entry: EntryReader, header: number): Generator<Text> {
  const { bytes, packed } = whole;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = header; view.getUint8(at) !== END;) {
    const { from, length, next } = entry(view, at);
    if (next <= at || from + length > bytes.length) throw new RangeError('damaged');
    const place = packed ? whole.at : whole.at + from;
    yield { bytes: bytes.subarray(from, from + length), at: place, packed };
    at = next;
  }
}

const text = (from: number, length: number): Entry => ({ from, length, next: from + length });
const number = (next: number): Entry => ({ from: next, length: 0, next });

/** An entry of a ziplist begins with the length of the one before. */
const ziplistEntry: EntryReader = (view, start) => {
  const at = start + (view.getUint8(start) === 0xfe ? 5 : 1);
  const first = view.getUint8(at);
  if (first < 0x40) return text(at + 1, first);
  if (first < 0x80) return text(at + 2, ((first & 0x3f) << 8) | view.getUint8(at + 1));
  if (first < 0xc0) return text(at + 5, view.getUint32(at + 1));
  const width = { 0xc0: 2, 0xd0: 4, 0xe0: 8, 0xf0: 3, 0xfe: 1 }[first] ?? 0;
  return number(at + 1 + width);
};

/** An entry of a listpack ends with its own length, for reading it backwards. */
const listpackEntry: EntryReader = (view, at) => {
  const entry = listpackContent(view, at);
  const size = entry.next - at;
  const width = [128, 16384, 2097152, 268435456].filter((most) => size >= most).length + 1;
  return { ...entry, next: entry.next + width };
};

function listpackContent(view: DataView, at: number): Entry {
  const first = view.getUint8(at);
  if (first < 0x80) return number(at + 1);
  if (first < 0xc0) return text(at + 1, first & 0x3f);
  if (first < 0xe0) return number(at + 2);
  if (first < 0xf0) return text(at + 2, ((first & 15) << 8) | view.getUint8(at + 1));
  if (first === 0xf0) return text(at + 5, view.getUint32(at + 1, true));
  return number(at + 1 + ([2, 3, 4, 8][first - 0xf1] ?? 0));
}
