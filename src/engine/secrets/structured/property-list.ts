/**
 * Apple's binary property lists, and the archives of objects that NSKeyedArchiver keeps in them. Format:
 * CFBinaryPList.c of Apple's Core Foundation.
 */
import { bytesText } from '../../python/values.ts';
import { keyName, type ValueSink } from './placed-values.ts';

const MAGIC = 'bplist0';
const TRAILER = 32;
const MOST_OBJECTS = 1 << 20;
const MAX_TEXT = 1 << 20; // bytes; longer ones are scanned as they stand
const MAX_DEPTH = 3; // lists in the data of lists
const UTF16 = new TextDecoder('utf-16be');

/** Whether bytes begin as a binary property list does. */
export function startsLikePropertyList(bytes: Uint8Array): boolean {
  for (let i = 0; i < MAGIC.length; i++) if (bytes[i] !== MAGIC.charCodeAt(i)) return false;
  return true;
}

/**
 * Hands on the texts of a property list, and the keys of dictionaries that name them. `name` is what the
 * list is bound to; `base` is where it begins in the file. False where its trailer makes no sense.
 */
export function readPropertyList(
  bytes: Uint8Array,
  name: string,
  sink: ValueSink,
  base: number,
  depth = 0,
): boolean {
  const list = PropertyList.open(bytes, sink, base, depth);
  list?.read(name);
  return list !== undefined;
}

/** What a marker announces: how many items or bytes, and where they begin. */
interface Sized {
  kind: number;
  count: number;
  at: number;
}

const TEXT_ASCII = 5;
const TEXT_UTF16 = 6;
const DATA = 4;
const UID = 8;
const LIST = 10;
const SET = 12;
const DICTIONARY = 13;

class PropertyList {
  #bytes: Uint8Array;
  #sink: ValueSink;
  #base: number;
  #depth: number;
  #offsets: Float64Array;
  #referenceSize: number;
  #top: number;
  /** References that may still be followed: as many as the file could hold. */
  #left: number;
  /** The objects of an archive that UIDs point to. */
  #archived: readonly number[] = [];
  #named = new Set<number>();

  private constructor(
    bytes: Uint8Array,
    sink: ValueSink,
    base: number,
    depth: number,
    offsets: Float64Array,
    referenceSize: number,
    top: number,
  ) {
    this.#bytes = bytes;
    this.#sink = sink;
    this.#base = base;
    this.#depth = depth;
    this.#offsets = offsets;
    this.#referenceSize = referenceSize;
    this.#top = top;
    this.#left = bytes.length;
  }

  static open(
    bytes: Uint8Array,
    sink: ValueSink,
    base: number,
    depth: number,
  ): PropertyList | undefined {
    const trailer = bytes.length - TRAILER;
    if (trailer < MAGIC.length) return undefined;
    const offsetSize = bytes[trailer + 6] as number;
    const referenceSize = bytes[trailer + 7] as number;
    const count = unsigned(bytes, trailer + 8, 8);
    const table = unsigned(bytes, trailer + 24, 8);
    if (offsetSize < 1 || offsetSize > 8 || referenceSize < 1 || referenceSize > 8)
      return undefined;
    if (count > MOST_OBJECTS || table + count * offsetSize > trailer) return undefined;
    const offsets = Float64Array.from({ length: count }, (_, i) =>
      unsigned(bytes, table + i * offsetSize, offsetSize),
    );
    const top = unsigned(bytes, trailer + 16, 8);
    return new PropertyList(bytes, sink, base, depth, offsets, referenceSize, top);
  }

  read(name: string): void {
    this.#archived = this.#archiveObjects();
    if (name !== '') this.#bind(name, this.#top);
    for (let i = 0; i < this.#offsets.length; i++) {
      const sized = this.#sized(i);
      if (sized?.kind === DICTIONARY) this.#dictionary(sized);
    }
    for (let i = 0; i < this.#offsets.length; i++) if (!this.#named.has(i)) this.#handOn('', i);
  }

  /** `$objects` of an archive's top dictionary. */
  #archiveObjects(): readonly number[] {
    const top = this.#sized(this.#top);
    if (top?.kind !== DICTIONARY) return [];
    for (const [key, value] of this.#entries(top)) {
      const objects = this.#text(key) === '$objects' ? this.#sized(value) : undefined;
      if (objects?.kind === LIST) return this.#references(objects, 0, objects.count);
    }
    return [];
  }

  #dictionary(sized: Sized): void {
    let keys: Sized | undefined;
    let values: Sized | undefined;
    for (const [key, value] of this.#entries(sized)) {
      const name = this.#text(key);
      if (name === undefined) continue;
      if (name === 'NS.keys') keys = this.#sized(value);
      else if (name === 'NS.objects') values = this.#sized(value);
      else this.#bind(name, value);
    }
    // A dictionary in an archive keeps its keys and values in two lists.
    if (keys?.kind !== LIST || values?.kind !== LIST) return;
    const bound = this.#references(values, 0, values.count);
    this.#references(keys, 0, keys.count).forEach((key, i) => {
      const name = this.#text(this.#resolved(key));
      const value = bound[i];
      if (name !== undefined && value !== undefined) this.#bind(name, value);
    });
  }

  #entries(dictionary: Sized): [key: number, value: number][] {
    const { count } = dictionary;
    const keys = this.#references(dictionary, 0, count);
    const values = this.#references(dictionary, count, count);
    return keys.map((key, i) => [key, values[i] ?? -1]);
  }

  /** References of a list or dictionary, as many as are left to follow. */
  #references({ at }: Sized, from: number, count: number): number[] {
    const size = this.#referenceSize;
    const most = Math.min(count, this.#left, Math.floor((this.#bytes.length - at) / size) - from);
    if (most <= 0) return [];
    this.#left -= most;
    return Array.from({ length: most }, (_, i) =>
      unsigned(this.#bytes, at + (from + i) * size, size),
    );
  }

  /** A value, or the values of a list, under one name. */
  #bind(name: string, object: number): void {
    const index = this.#resolved(object);
    const sized = this.#sized(index);
    if (sized?.kind === LIST || sized?.kind === SET) {
      for (const item of this.#references(sized, 0, sized.count))
        this.#handOn(name, this.#resolved(item));
    } else this.#handOn(name, index);
  }

  #handOn(name: string, index: number): void {
    const sized = this.#sized(index);
    if (!sized || this.#left <= 0) return;
    this.#left--;
    const { kind, count, at } = sized;
    const length = kind === TEXT_UTF16 ? 2 * count : count;
    if (length > MAX_TEXT || at + length > this.#bytes.length) return;
    const from = this.#base + at;
    const value = this.#text(index) ?? (kind === DATA ? this.#data(name, sized) : undefined);
    if (value === undefined) return;
    this.#named.add(index);
    const where = 'in a property list';
    this.#sink.value({ name: keyName(name), value, where, context: [], exact: true, at: from });
    this.#sink.covered(from, from + length);
  }

  /** Text in data; a list in data is read as one. */
  #data(name: string, { at, count }: Sized): string | undefined {
    const bytes = this.#bytes.subarray(at, at + count);
    if (startsLikePropertyList(bytes)) {
      const inner = this.#base + at;
      if (this.#depth < MAX_DEPTH)
        readPropertyList(bytes, name, this.#sink, inner, this.#depth + 1);
      return undefined;
    }
    return bytes.includes(0) ? undefined : bytesText(bytes);
  }

  #resolved(index: number): number {
    const sized = this.#sized(index);
    if (sized?.kind !== UID) return index;
    return this.#archived[unsigned(this.#bytes, sized.at, sized.count)] ?? -1;
  }

  #text(index: number): string | undefined {
    const sized = this.#sized(index);
    if (!sized || sized.count > MAX_TEXT) return undefined;
    const { kind, count, at } = sized;
    if (kind === TEXT_ASCII) return bytesText(this.#bytes.subarray(at, at + count));
    return kind === TEXT_UTF16 ? UTF16.decode(this.#bytes.subarray(at, at + 2 * count)) : undefined;
  }

  #sized(index: number): Sized | undefined {
    const start = this.#offsets[index];
    if (start === undefined || start >= this.#bytes.length - TRAILER) return undefined;
    const marker = this.#bytes[start] as number;
    const kind = marker >> 4;
    const low = marker & 15;
    if (kind === UID) return { kind, count: low + 1, at: start + 1 };
    if (low < 15) return { kind, count: low, at: start + 1 };
    // Longer ones have an integer behind the marker.
    const width = 2 ** ((this.#bytes[start + 1] as number) & 15);
    if (width > 8) return undefined;
    return { kind, count: unsigned(this.#bytes, start + 2, width), at: start + 2 + width };
  }
}

/** A big-endian number; what lies beyond the end counts as zeros. */
function unsigned(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let i = 0; i < length; i++) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}
