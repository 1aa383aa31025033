/**
 * Files whose own format tells their values apart: databases, pickles, property lists. Each value is judged
 * by what names it; all bytes that no value takes up are scanned as they stand.
 */
import { concat } from '../archive/read-blob.ts';
import { ContentScanner } from '../secrets/content-scanner.ts';
import type { FileKind } from '../secrets/file-kind.ts';
import type { Detection } from '../secrets/finding.ts';
import { judgeHash } from '../secrets/judge.ts';
import { detectNamed } from '../secrets/named-values.ts';
import { readPickles, startsLikePickle } from '../secrets/structured/pickle.ts';
import type { PlacedValue, TextPlace, ValueSink } from '../secrets/structured/placed-values.ts';
import { readPropertyList, startsLikePropertyList } from '../secrets/structured/property-list.ts';
import { readRedisDump, startsLikeRedisDump } from '../secrets/structured/redis-dump.ts';
import { readSqlite } from '../secrets/structured/sqlite.ts';
import type { SqliteSchemas } from '../secrets/structured/sqlite-schemas.ts';
import { startsLikeDatabase, startsLikeLog } from '../secrets/structured/sqlite-pages.ts';

/** A form of file that has a reader. */
interface Form {
  /** What such a file is, with its article. */
  article: 'a' | 'an';
  what: string;
  /** `path` counts only for formats without a mark of their own. */
  begins(bytes: Uint8Array, path: string): boolean;
  /** False where the file could not be read to its end. */
  read(bytes: Uint8Array, sink: ValueSink, path: string, schemas: SqliteSchemas): boolean;
}

const PICKLE = /\.(?:pkl|pickle|pck|p|joblib|dill)$/i;
const OLD_PICKLE = new Set(Array.from('(])}cdlISVUTX', (character) => character.charCodeAt(0)));

const FORMS: readonly Form[] = [
  {
    article: 'an',
    what: 'SQLite database',
    begins: (bytes) => startsLikeDatabase(bytes),
    read: (bytes, sink, path, schemas) => readSqlite(bytes, sink, path, schemas) === undefined,
  },
  {
    article: 'an',
    what: 'SQLite write-ahead log',
    begins: (bytes) => startsLikeLog(bytes),
    read: (bytes, sink, path, schemas) => readSqlite(bytes, sink, path, schemas) === undefined,
  },
  {
    article: 'a',
    what: 'pickle',
    begins: (bytes, path) =>
      startsLikePickle(bytes) || (OLD_PICKLE.has(bytes[0] ?? 0) && PICKLE.test(path)),
    read: (bytes, sink) => readPickles(bytes, '', sink, 0),
  },
  {
    article: 'a',
    what: 'binary property list',
    begins: (bytes) => startsLikePropertyList(bytes),
    read: (bytes, sink) => readPropertyList(bytes, '', sink, 0),
  },
  { article: 'a', what: 'Redis dump', begins: startsLikeRedisDump, read: readRedisDump },
];

/** What a file is, with its article, if it is to be read whole as one of these forms. */
export function structuredForm(bytes: Uint8Array, path: string): string | undefined {
  const form = formOf(bytes, path);
  return form && `${form.article} ${form.what}`;
}

function formOf(bytes: Uint8Array, path: string): Form | undefined {
  // Nearly all files begin with another byte than any of these.
  const first = bytes[0] ?? 0;
  if (!FIRST_BYTES.has(first) && !OLD_PICKLE.has(first)) return undefined;
  return FORMS.find((form) => form.begins(bytes, path));
}

const FIRST_BYTES = new Set([0x53, 0x37, 0x80, 0x62, 0x52]);

/** A file's detections, by where they stand. */
export interface StructuredScan {
  what: string;
  /** Whether it was read to its end; else the rest was scanned as it stands. */
  whole: boolean;
  detections: Detection[];
  /** Whether there was more in the file than is listed. */
  capped: boolean;
}

/** Scans a file of one of the forms; undefined for any other. `schemas` are those of the layer's databases. */
export function scanStructured(
  bytes: Uint8Array,
  kind: FileKind,
  schemas: SqliteSchemas,
): StructuredScan | undefined {
  const form = formOf(bytes, kind.path);
  if (!form) return undefined;
  const values = new ValueScanner(kind);
  const whole = form.read(bytes, values, kind.path, schemas);
  const gaps = values.gaps(bytes.length);
  for (const { offset = 0, ...detection } of scanGaps(bytes, gaps, kind))
    values.keep(detection, offset);
  const { detections, capped } = values;
  detections.sort((a, b) => (a.offset ?? 0) - (b.offset ?? 0));
  return { what: form.what, whole, detections, capped };
}

const BATCH = 256 * 1024; // characters of values that are looked at together
const MOST_IN_BATCH = 4096;
const TEXTS = 1 << 18; // bytes of texts that are looked at together
const SHORTEST_TEXT = 10; // bytes; nothing that is known by its form is shorter
const MOST_EXTENTS = 1 << 20;
const MOST_VALUES = 1000; // different secrets of one file
const MOST_SAME = 20; // places of one secret in one file

/** Judges values in batches, and remembers what they cover. */
class ValueScanner implements ValueSink {
  readonly detections: Detection[] = [];
  #kind: FileKind;
  #batch: PlacedValue[] = [];
  #characters = 0;
  #places = new Map<string, Set<number>>();
  #extents: number[] = [];
  #scanner = new ContentScanner();
  #texts: Uint8Array | undefined;
  #filled = 0;
  #textEnds: number[] = [];
  #textPlaces: TextPlace[] = [];

  constructor(kind: FileKind) {
    this.#kind = kind;
  }

  /** Whether there was more in the file than is listed. */
  get capped(): boolean {
    return this.#places.size >= MOST_VALUES;
  }

  value(value: PlacedValue): void {
    if (value.value.length < 4 || this.capped) return;
    this.#batch.push(value);
    this.#characters += value.value.length;
    if (this.#characters >= BATCH || this.#batch.length >= MOST_IN_BATCH) this.#flush();
  }

  text(bytes: Uint8Array, place: TextPlace): void {
    if (bytes.length < SHORTEST_TEXT || this.capped) return;
    if (this.#filled + bytes.length + 1 > TEXTS) this.#flushTexts();
    if (bytes.length + 1 > TEXTS) {
      this.#scanTexts(bytes, [place], [bytes.length]);
      return;
    }
    this.#texts ??= new Uint8Array(TEXTS);
    this.#texts.set(bytes, this.#filled);
    this.#filled += bytes.length;
    this.#texts[this.#filled++] = 0;
    this.#textEnds.push(this.#filled);
    this.#textPlaces.push(place);
  }

  covered(from: number, to: number): void {
    const last = this.#extents.length - 2;
    if (last >= 0 && this.#extents[last + 1] === from) this.#extents[last + 1] = to;
    else if (last >= 0 && this.#extents[last] === to) this.#extents[last] = from;
    else if (this.#extents.length < 2 * MOST_EXTENTS) this.#extents.push(from, to);
  }

  /** Judges what is left, and gives the stretches that no value has taken up. */
  gaps(length: number): [number, number][] {
    this.#flush();
    this.#flushTexts();
    return gapsBetween(this.#extents, length);
  }

  /** Lists a secret at a place, once for each. */
  keep(detection: Detection, offset: number): void {
    const key = `${detection.rule.id} ${detection.value}`;
    const places = this.#places.get(key) ?? new Set();
    if (places.has(offset) || places.size >= MOST_SAME) return;
    this.#places.set(key, places.add(offset));
    this.detections.push({ ...detection, offset });
  }

  #flush(): void {
    const batch = this.#batch;
    this.#batch = [];
    this.#characters = 0;
    const known = new Set<PlacedValue>();
    // What a hash is named after is no reason to take it for a password.
    const values = batch.map((value) => (value.hash ? { ...value, name: '' } : value));
    for (const { detection, index } of detectNamed(values, this.#kind)) {
      const value = batch[index] as PlacedValue;
      known.add(value);
      if (value.where !== '' && !detection.why.includes(value.where))
        detection.why.push(value.where);
      this.#add(detection, value);
    }
    for (const value of batch) {
      if (!value.hash || known.has(value)) continue;
      const hash = judgeHash(value.value, value.where, this.#kind);
      if (hash) this.#add({ ...hash, name: value.name }, value);
    }
  }

  #flushTexts(): void {
    if (this.#filled > 0 && this.#texts)
      this.#scanTexts(this.#texts.subarray(0, this.#filled), this.#textPlaces, this.#textEnds);
    this.#filled = 0;
    this.#textEnds = [];
    this.#textPlaces = [];
  }

  /** Scans texts that NULs separate, for what is a secret by its form or by a name within them. */
  #scanTexts(bytes: Uint8Array, places: readonly TextPlace[], ends: readonly number[]): void {
    this.#scanner.begin(this.#kind, bytes.length, true);
    this.#scanner.push(bytes);
    for (const { offset = 0, line: _line, column: _column, ...detection } of this.#scanner.end()) {
      const index = offset < (ends[0] ?? 0) ? 0 : lastAtMost(ends, offset) + 1;
      const place = places[index] as TextPlace;
      const inner = offset - (index === 0 ? 0 : (ends[index - 1] as number));
      if (place.name !== '') {
        detection.name ??= place.name;
        detection.why.push(`bound to the name ${place.name}`);
      }
      if (place.where !== '') detection.why.push(place.where);
      this.keep(detection, place.placeOf?.(inner) ?? place.at + inner);
    }
  }

  #add(detection: Detection, { value, at, placeOf }: PlacedValue): void {
    const before = value.slice(0, Math.max(0, value.indexOf(detection.written ?? detection.value)));
    this.keep(detection, placeOf?.(before) ?? at + new TextEncoder().encode(before).length);
  }
}

/** The stretches of `[0, length)` that none of the extents covers. */
function gapsBetween(extents: readonly number[], length: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let i = 0; i < extents.length; i += 2)
    pairs.push([extents[i] as number, extents[i + 1] as number]);
  pairs.sort((a, b) => a[0] - b[0]);
  const gaps: [number, number][] = [];
  let at = 0;
  for (const [from, to] of pairs) {
    if (from > at) gaps.push([at, from]);
    at = Math.max(at, to);
  }
  if (at < length) gaps.push([at, length]);
  return gaps;
}

const SHORTEST_GAP = 8; // bytes; no secret is known by fewer
const SEPARATOR = new Uint8Array(1);
const SMALL = 1 << 18; // bytes that are joined rather than streamed

/** Scans stretches of a file as binary data, so that nothing is read across what lies between them. */
function scanGaps(
  bytes: Uint8Array,
  gaps: readonly [number, number][],
  kind: FileKind,
): Detection[] {
  const starts: number[] = []; // in what is scanned
  const places: number[] = []; // in the file
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (const [from, to] of gaps) {
    if (to - from < SHORTEST_GAP) continue;
    starts.push(length + 1);
    places.push(from);
    pieces.push(SEPARATOR, bytes.subarray(from, to));
    length += 1 + to - from;
  }
  const scanner = new ContentScanner();
  scanner.begin(kind, length);
  for (const piece of length <= SMALL ? [concat(pieces, length)] : pieces) scanner.push(piece);
  return scanner.end().map((detection) => {
    const { offset = 0 } = detection;
    const index = lastAtMost(starts, offset);
    return { ...detection, offset: offset - (starts[index] ?? 0) + (places[index] ?? 0) };
  });
}

/** The last index whose number is not beyond `limit`; 0 where all are. */
function lastAtMost(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] as number) <= limit) low = middle;
    else high = middle;
  }
  return low;
}
