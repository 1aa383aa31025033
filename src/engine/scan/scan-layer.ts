/** One layer, front to back, in one pass: decompress, walk the tar, keep the entries, scan the contents. */
import { decompress } from '../archive/decompress.ts';
import { BOMB_FLOOR, MAX_RATIO } from '../archive/limits.ts';
import { utf8Text } from '../archive/plain-text.ts';
import type { Problem } from '../archive/problem.ts';
import { type ByteSource, type ByteStream, readBlob } from '../archive/read-blob.ts';
import { Sha256, toHex } from '../archive/sha256.ts';
import { BLOCK, pathText } from '../archive/tar-fields.ts';
import { EntryKind, type TarEvent, type TarHeader, TarReader } from '../archive/tar.ts';
import { type EntryTable, EntryTableBuilder } from '../image/entry-table.ts';
import { layerBytes } from '../image/layer-bytes.ts';
import type { Layer } from '../image/model.ts';
import { AHEAD } from '../secrets/content-scanner.ts';
import { type BytecodeFiles, BytecodeFilesBuilder } from './bytecode-files.ts';
import type { ContentRest } from './content-rest.ts';
import type { FileDetection } from './file-outcome.ts';
import { type FoundCounts, type FoundNote, FoundSoFar } from './found-so-far.ts';
import { countDecoded, countSkipped, emptyLedger, type Ledger } from './ledger.ts';
import { FileScanner } from './scan-file.ts';
import { Holes } from './sparse-holes.ts';
import { digestMismatch } from './verify-layer.ts';

/** A detection in a layer's file. */
export interface LayerDetection extends FileDetection {
  /** Row in the layer's entry table. */
  row: number;
}

/** All that one pass over a layer gives. */
export interface LayerScan {
  /** The layer's index in its archive. */
  layer: number;
  /** `sha256:<diff ID>`; computed where the archive names none, empty where it cannot be for want of the layer. */
  digest: string;
  table: EntryTable;
  detections: LayerDetection[];
  bytecode: BytecodeFiles;
  /** Java's packages in web applications and in their libraries, as `javaPackage` gives them. */
  javaPackages: string[];
  problems: Problem[];
  ledger: Ledger;
}

/** What a scan reports while it runs. */
export interface LayerProgress {
  layer: number;
  /** Stored bytes read so far. */
  read: number;
  files: number;
  /** Detections so far. */
  found: FoundCounts;
  /** Detections since the last report. */
  latest: readonly FoundNote[];
}

const MOST_CANDIDATES = 5000; // texts of a layer that may sign tokens, or be secrets of its own code
const MOST_PACKAGES = 20_000; // of Java in a layer
const PROGRESS_EVERY = 2 << 20; // bytes
/** What eStargz adds to a layer: a table of contents, and a mark. Engines unpack them as any other file. */
const STARGZ_ENTRIES = new Set([
  'stargz.index.json',
  '.prefetch.landmark',
  '.no.prefetch.landmark',
]);

/**
 * Scans a layer of `file`. Damage becomes problems; only errors of reading the file itself are thrown.
 * `verify` compares the layer's digest with the one that the image's configuration names.
 */
export async function scanLayer(
  file: ByteSource,
  layer: Layer,
  onProgress: (progress: LayerProgress) => void = () => undefined,
  verify = false,
): Promise<LayerScan> {
  const pass = new LayerPass(layer, verify);
  let read = 0;
  let told = 0;
  const stored = async function* (): ByteStreamGenerator {
    for await (const piece of layerBytes(file, layer)) {
      read += piece.length;
      if (read - told >= PROGRESS_EVERY || read === layer.size) {
        told = read;
        onProgress(pass.progress(read));
      }
      yield piece;
    }
  };
  if (!layer.unreadable) {
    await pass.run(decompress(stored(), layer.compression, pass.onProblem));
    onProgress(pass.progress(read));
  }
  return pass.finish();
}

/**
 * Scans the entries of a plain layer that begin in `[start, end)`, in bytes from the layer's start; an entry
 * begins at `start`. `next` is where the first one behind begins, undefined where the tar ended before. Of a
 * raw file that goes on far behind `end`, `worth` bytes or more, the `rest` is left.
 */
export async function scanLayerStretch(
  file: ByteSource,
  layer: Layer,
  start: number,
  end: number,
  onProgress: (progress: LayerProgress) => void,
  worth = Infinity,
): Promise<{ scan: LayerScan; next: number | undefined; rest: ContentRest | undefined }> {
  const pass = new LayerPass(layer);
  pass.worthLeaving = worth;
  let read = 0;
  let told = 0;
  const stretch = async function* (): ByteStreamGenerator {
    const pieces = readBlob(file, layer.start + start, layer.start + layer.size);
    for await (const piece of pieces) {
      read += piece.length;
      if (read - told >= PROGRESS_EVERY) {
        told = read;
        onProgress(pass.progress(Math.min(read, end - start)));
      }
      yield piece;
    }
  };
  const next = await pass.run(stretch(), start, end);
  onProgress(pass.progress(Math.min(read, end - start)));
  return { scan: pass.finish(), next, rest: pass.rest };
}

/** Scans a layer whose uncompressed bytes come by themselves, once; `soFar` takes note of what is found. */
export async function scanLayerStream(
  layer: Layer,
  unpacked: ByteStream,
  soFar = new FoundSoFar(),
): Promise<LayerScan> {
  const pass = new LayerPass(layer, false, soFar);
  await pass.run(unpacked);
  return pass.finish();
}

type ByteStreamGenerator = AsyncGenerator<Uint8Array, void, undefined>;

class LayerPass {
  #layer: Layer;
  #entries = new EntryTableBuilder();
  #detections: LayerDetection[] = [];
  #problems: Problem[] = [];
  #ledger = emptyLedger();
  #digest: Sha256 | undefined;
  #unpacked = 0;
  #stargz = false;

  /** Bytes from which on the rest of a raw file behind the end is left to others. */
  worthLeaving = Infinity;
  /** What was left, once the pass has run. */
  rest: ContentRest | undefined;

  #row = -1;
  #header: TarHeader | undefined;
  #path = '';
  #stored = 0; // bytes of the file that have come
  #holes = new Holes();
  #soFar: FoundSoFar;
  #candidates = new Set<string>();
  #disputed = 0;
  #javaPackages = new Set<string>();
  #bytecode = new BytecodeFilesBuilder();
  #file = new FileScanner(this.#ledger, {
    found: (found) => this.#found(found),
    bytecode: (file) => this.#bytecode.add({ row: this.#row, ...file }),
    javaPackage: (path) => {
      if (this.#javaPackages.size < MOST_PACKAGES) this.#javaPackages.add(path);
    },
    problem: (problem) => this.onProblem(problem),
  });

  constructor(layer: Layer, verify = false, soFar = new FoundSoFar()) {
    this.#layer = layer;
    this.#soFar = soFar;
    // Of what is not read nothing is known.
    if (!layer.unreadable && (verify || layer.digest === '')) this.#digest = new Sha256();
  }

  /** What is to be told once `read` stored bytes have been read. */
  progress(read: number): LayerProgress {
    return { layer: this.#layer.index, read, ...this.#soFar.take() };
  }

  readonly onProblem = (problem: Problem): void => {
    // BuildKit writes an eStargz layer's table of contents behind the tar's end.
    if (this.#stargz && this.#layer.compression === 'gzip' && problem.code === 'tar-trailing-data')
      return;
    this.#problems.push({ ...problem, layer: this.#layer.digest });
  };

  /** Reads the entries that begin in `[start, end)`; returns where the next one begins, if it was met. */
  async run(unpacked: ByteStream, start = 0, end = Infinity): Promise<number | undefined> {
    const reader = new TarReader(this.onProblem);
    reader.position = start;
    reader.stopAt = end;
    const limit = Math.max(BOMB_FLOOR, this.#layer.size * MAX_RATIO);
    for await (const chunk of unpacked) {
      this.#digest?.update(chunk);
      this.#unpacked += chunk.length;
      if (this.#unpacked > limit) {
        this.onProblem({
          code: 'layer-ratio',
          message: `This layer inflates to more than ${MAX_RATIO.toLocaleString('en')} times its size; reading stopped there.`,
        });
        break;
      }
      for (const event of reader.push(chunk)) this.#on(event);
      if (reader.stoppedAt !== undefined) break;
      if (reader.position >= end && this.#leavesRest(reader.position)) return this.#behindRest;
    }
    for (const event of reader.end()) this.#on(event);
    return reader.stoppedAt;
  }

  /** Where the entry begins that follows the file whose rest is left. */
  get #behindRest(): number | undefined {
    return this.rest && this.rest.at + Math.ceil(this.rest.size / BLOCK) * BLOCK;
  }

  #leavesRest(position: number): boolean {
    const header = this.#header;
    if (!header || header.size !== header.stored || !this.#file.isLoose) return false;
    const at = header.dataOffset;
    const size = header.stored;
    if (at + size - position < this.worthLeaving || at + size + BLOCK > this.#layer.size)
      return false;
    // What begins close before this position may not be there as a whole.
    const from = position - at - AHEAD;
    this.#file.endAt(from);
    this.rest = { row: this.#row, path: this.#path, at, from, to: size, size };
    return true;
  }

  finish(): LayerScan {
    const found = this.#digest ? `sha256:${toHex(this.#digest.digest())}` : this.#layer.digest;
    const digest = this.#layer.digest || found;
    if (found !== digest) this.#problems.push(digestMismatch(this.#layer, found));
    for (const problem of this.#problems) problem.layer = digest;
    return {
      layer: this.#layer.index,
      digest,
      table: this.#entries.finish(),
      detections: this.#detections,
      bytecode: this.#bytecode.finish(),
      javaPackages: [...this.#javaPackages],
      problems: this.#problems,
      ledger: this.#ledger,
    };
  }

  #on(event: TarEvent): void {
    if (event.type === 'entry') this.#begin(event.header);
    else if (!this.#header) return;
    else if (event.type === 'data') {
      const hole = event.offset - this.#stored - this.#holes.behind;
      if (hole !== 0) this.#holes.add(this.#stored, hole);
      this.#stored += event.bytes.length;
      this.#file.push(event.bytes);
    } else this.#file.end(event.complete);
  }

  #begin(header: TarHeader): void {
    this.#header = undefined;
    if (isStargz(header)) this.#stargz = true;
    this.#row = this.#entries.add(header);
    if (header.kind !== EntryKind.file) return;
    this.#ledger.files++;
    this.#soFar.files++;
    this.#ledger.bytes += header.size;
    if (header.size > header.stored)
      countSkipped(this.#ledger, 'holes of sparse files', header.size - header.stored);
    if (header.stored === 0) {
      countDecoded(this.#ledger, 'empty', 0);
      return;
    }
    this.#header = header;
    this.#stored = 0;
    if (this.#holes.any) this.#holes = new Holes();
    this.#path = pathText(header.name);
    this.#file.begin(this.#path, header.stored);
  }

  #found(found: FileDetection): void {
    const { candidate, value } = found.detection;
    if (candidate === 'own' && ++this.#disputed > MOST_CANDIDATES) return;
    if (candidate === 'signs') {
      if (this.#candidates.size >= MOST_CANDIDATES || this.#candidates.has(value)) return;
      this.#candidates.add(value);
    }
    const { detection, inside } = found;
    if (inside === undefined && detection.offset !== undefined && this.#holes.any)
      found.detection = { ...detection, offset: this.#holes.offsetOf(detection.offset) };
    this.#detections.push({ row: this.#row, ...found });
    this.#soFar.add(detection, inside === undefined ? this.#path : `${this.#path}!/${inside}`);
  }
}

function isStargz({ name }: TarHeader): boolean {
  return name.length <= 21 && STARGZ_ENTRIES.has(utf8Text(name));
}
