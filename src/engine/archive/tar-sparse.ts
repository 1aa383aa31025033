/** Sparse files in tar: old GNU, and GNU's pax formats 0.0, 0.1 and 1.0 (GNU tar manual, appendix D). */
import { MAX_SPARSE_REGIONS } from './limits.ts';
import type { Pax } from './tar-pax.ts';
import { number } from './tar-fields.ts';

/** A stretch of stored bytes and where it belongs in the file. */
export interface SparseRegion {
  offset: number;
  length: number;
}

export const SPARSE_FIRST_ENTRIES = 4; // in the header, at 386
export const SPARSE_MORE_ENTRIES = 21; // in each extension block

/** Reads the map entries of one old GNU block into `regions`; true where another block follows. */
export function gnuSparseBlock(
  block: Uint8Array,
  start: number,
  entries: number,
  regions: SparseRegion[],
): boolean {
  for (let i = 0; i < entries; i++) {
    const at = start + i * 24;
    if (block[at] === 0) break;
    const offset = number(block, at, 12);
    const length = number(block, at + 12, 12);
    if (!isPlace(offset) || !isPlace(length) || regions.length >= MAX_SPARSE_REGIONS) break;
    regions.push({ offset, length });
  }
  return block[start + entries * 24] === 1;
}

/** What the pax records say of a sparse file. */
export interface PaxSparse {
  name: Uint8Array | undefined;
  size: number | undefined;
  /** True for format 1.0, whose map stands before the data. */
  mapInData: boolean;
  regions: SparseRegion[];
}

/** The sparse description in an entry's pax records, or undefined where there is none. */
export function paxSparse(pax: Pax): PaxSparse | undefined {
  if (pax.records.length === 0) return undefined;
  const major = pax.text('GNU.sparse.major');
  const size = pax.number('GNU.sparse.realsize') ?? pax.number('GNU.sparse.size');
  const name = pax.bytes('GNU.sparse.name');
  if (major === '1') return { name, size, mapInData: true, regions: [] };
  const map = pax.text('GNU.sparse.map');
  if (map !== undefined) {
    return { name, size, mapInData: false, regions: pairs(map.split(',').map(Number)) };
  }
  if (pax.text('GNU.sparse.numblocks') === undefined) return undefined;
  const numbers = pax.records
    .filter(({ key }) => key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes')
    .map(({ value }) => Number(new TextDecoder().decode(value)));
  return { name, size, mapInData: false, regions: pairs(numbers) };
}

function isPlace(value: number | undefined): value is number {
  return value !== undefined && value >= 0 && Number.isSafeInteger(value);
}

function pairs(numbers: number[]): SparseRegion[] {
  const regions: SparseRegion[] = [];
  for (let i = 0; i + 1 < numbers.length && regions.length < MAX_SPARSE_REGIONS; i += 2) {
    const offset = numbers[i] as number;
    const length = numbers[i + 1] as number;
    if (!isPlace(offset) || !isPlace(length)) break;
    regions.push({ offset, length });
  }
  return regions;
}

/** Format 1.0: a count, then offset and length of each region, one decimal a line, padded to 512 bytes. */
export class SparseMapReader {
  readonly regions: SparseRegion[] = [];
  done = false;
  error: string | undefined;
  #numbers: number[] = [];
  #value = 0;
  #digits = 0;
  #read = 0;
  #want = 1;
  #complete = false;

  /** Takes bytes of the map and tells how many it used; `done` once the padding is passed. */
  push(bytes: Uint8Array): number {
    let i = 0;
    for (; i < bytes.length && !this.done; i++) {
      this.#read++;
      if (!this.#complete) this.#take(bytes[i] as number);
      if (this.#complete && this.#read % 512 === 0) this.done = true;
    }
    return i;
  }

  #take(byte: number): void {
    if (byte === 0x0a && this.#digits > 0) {
      this.#numbers.push(this.#value);
      if (this.#numbers.length === 1) {
        this.#want = 1 + 2 * this.#value;
        if (this.#value > MAX_SPARSE_REGIONS) this.#fail();
      }
      this.#value = 0;
      this.#digits = 0;
      if (this.#numbers.length >= this.#want) {
        this.#complete = true;
        for (const region of pairs(this.#numbers.slice(1))) this.regions.push(region);
      }
    } else if (byte >= 0x30 && byte <= 0x39 && this.#digits < 16) {
      this.#value = this.#value * 10 + (byte - 0x30);
      this.#digits++;
    } else this.#fail();
  }

  #fail(): void {
    this.error = 'The map of this sparse file is malformed; its content was not read.';
    this.#complete = true;
  }
}
