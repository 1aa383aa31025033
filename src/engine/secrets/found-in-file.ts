/** What has been found in one file so far, and where. */
import { CONFIGURATION, type FileKind } from './file-kind.ts';
import type { Detection } from './finding.ts';
import { type Found, settle } from './settle.ts';
import { TextPosition } from './text-position.ts';

const MAX_PER_FILE = 1000; // different secrets of one file
const MAX_SAME = 20; // places of one secret in one file
const MAX_PLACES = 20_000;

/** Reused from file to file. Positions given to it count from the window's first byte. */
export class FoundInFile {
  file: FileKind = CONFIGURATION;
  /** Undefined until the first bytes have told. */
  binary: boolean | undefined;
  /** Bytes of the file before the window. */
  bytesBefore = 0;
  #found: Found[] = [];
  #values = new Set<string>();
  #same = new Map<string, number>();
  #position = new TextPosition();
  #placed = 0; // of the found ones, how many have their line and column

  /** `text` says that the content is text, whatever bytes are in it. */
  begin(file: FileKind, text: boolean): void {
    this.file = file;
    this.binary = text ? false : undefined;
    this.bytesBefore = 0;
    this.#found = [];
    this.#values.clear();
    this.#same.clear();
    this.#position.reset();
    this.#placed = 0;
  }

  /** Whether there was more in the file than is reported of one. */
  get capped(): boolean {
    return this.#values.size >= MAX_PER_FILE || this.#found.length >= MAX_PLACES;
  }

  /**
   * Adds what takes up `length` bytes at `at` of the window. `strong`: known by its form or its file's format, not
   * only by a name; `encoded`: it stands encoded there, and others may too.
   */
  add(detection: Detection, at: number, length: number, strong: boolean, encoded = false): void {
    const offset = this.bytesBefore + at;
    const key = `${detection.rule.id} ${detection.value}`;
    this.#values.add(key);
    const same = (this.#same.get(key) ?? 0) + 1;
    this.#same.set(key, same);
    if (same > MAX_SAME) return;
    const place = { offset, start: offset, end: offset + length };
    this.#found.push({ ...detection, ...place, strong, encoded });
  }

  /** Gives line and column to what was found before `until` of the window, whose bytes are at hand. */
  place(window: Uint8Array, until: number): void {
    if (this.binary || this.#placed === this.#found.length) return;
    const end = this.bytesBefore + until;
    const waiting = this.#found.splice(this.#placed).sort((a, b) => a.start - b.start);
    for (const found of waiting) {
      if (found.start < end) {
        this.#position.advance(window, this.bytesBefore, found.start);
        found.line = this.#position.line;
        found.column = this.#position.column;
        this.#placed++;
      }
      this.#found.push(found);
    }
  }

  /** Drops the window's first bytes, which are at hand for the last time. */
  drop(window: Uint8Array, bytes: number): void {
    this.place(window, bytes);
    if (!this.binary) this.#position.advance(window, this.bytesBefore, this.bytesBefore + bytes);
    this.bytesBefore += bytes;
  }

  /** The file's detections, by rising offset. */
  settled(): Detection[] {
    return this.#found.length === 0 ? [] : settle(this.#found);
  }
}
