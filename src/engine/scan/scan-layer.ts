/** One layer, front to back, in one pass: decompress, walk the tar, keep the entries, scan the contents. */
import { decompress } from '../archive/decompress.ts';
import { BOMB_FLOOR, MAX_RATIO, MAX_WHOLE_FILE } from '../archive/limits.ts';
import { messageOf, type Problem } from '../archive/problem.ts';
import { type ByteSource, type ByteStream, concat } from '../archive/read-blob.ts';
import { Sha256, toHex } from '../archive/sha256.ts';
import { EntryKind, type TarHeader, TarReader } from '../archive/tar.ts';
import { type EntryTable, EntryTableBuilder } from '../image/entry-table.ts';
import { layerBytes } from '../image/layer-bytes.ts';
import type { Layer } from '../image/model.ts';
import { looksLikePyc } from '../python/pyc.ts';
import { ContentScanner } from '../secrets/content-scanner.ts';
import { type FileKind, fileKind } from '../secrets/file-kind.ts';
import type { Detection } from '../secrets/finding.ts';
import { count, countSkipped, emptyLedger, type Ledger } from './ledger.ts';
import { type BytecodeDetection, scanBytecode } from './scan-bytecode.ts';

/** A detection in a layer's file. */
export interface LayerDetection {
  /** Row in the layer's entry table. */
  row: number;
  detection: Detection;
  bytecode?: Omit<BytecodeDetection, 'detection'>;
}

/** All that one pass over a layer gives. */
export interface LayerScan {
  /** The layer's index in its archive. */
  layer: number;
  /** `sha256:<diff ID>`; computed where the archive names none. */
  digest: string;
  table: EntryTable;
  detections: LayerDetection[];
  problems: Problem[];
  ledger: Ledger;
  /** Bytes of the uncompressed layer. */
  unpacked: number;
}

/** What a scan reports while it runs. */
export interface LayerProgress {
  layer: number;
  /** Stored bytes read so far. */
  read: number;
  files: number;
}

const NOTHING = new Uint8Array(0);
const MAGIC_LENGTH = 4;
const PROGRESS_EVERY = 2 << 20; // bytes
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
    read = 0;
    for await (const piece of layerBytes(file, layer)) {
      read += piece.length;
      if (read - told >= PROGRESS_EVERY || read === layer.size) {
        told = read;
        onProgress({ layer: layer.index, read, files: pass.files });
      }
      yield piece;
    }
  };
  if (!layer.unreadable) {
    await pass.run(decompress(stored, layer.compression, pass.onProblem));
  }
  return pass.finish();
}

/** Says that a layer is not what the image's configuration says it is. */
export function digestMismatch(layer: Layer, found: string): Problem {
  return {
    code: 'diff-id-mismatch',
    message: `This layer's digest is ${found}, which is not what the image's configuration says: it was damaged or exchanged.`,
    layer: layer.digest,
    path: layer.blob,
  };
}

/** Scans a layer whose uncompressed bytes come by themselves, once. */
export async function scanLayerStream(layer: Layer, unpacked: ByteStream): Promise<LayerScan> {
  const pass = new LayerPass(layer);
  await pass.run(unpacked);
  return pass.finish();
}

type ByteStreamGenerator = AsyncGenerator<Uint8Array, void, undefined>;

class LayerPass {
  #layer: Layer;
  #entries = new EntryTableBuilder();
  #scanner = new ContentScanner();
  #detections: LayerDetection[] = [];
  #problems: Problem[] = [];
  #ledger = emptyLedger();
  #digest: Sha256 | undefined;
  #unpacked = 0;
  #stargz = false;
  #decoder = new TextDecoder();

  // The file being read:
  #row = -1;
  #path = '';
  #kind: FileKind | undefined;
  #header: TarHeader | undefined;
  #mode: 'none' | 'first' | 'scan' | 'hold' = 'none';
  #first: Uint8Array = NOTHING;
  #held: Uint8Array | undefined;
  #heldLength = 0;

  constructor(layer: Layer, verify = false) {
    this.#layer = layer;
    if (verify || layer.digest === '') this.#digest = new Sha256();
  }

  get files(): number {
    return this.#ledger.files;
  }

  readonly onProblem = (problem: Problem): void => {
    // BuildKit writes an eStargz layer's table of contents behind the tar's end.
    if (this.#stargz && problem.code === 'tar-trailing-data') return;
    this.#problems.push({ ...problem, layer: this.#layer.digest });
  };

  async run(unpacked: ByteStream): Promise<void> {
    const reader = new TarReader(this.onProblem);
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
    }
    for (const event of reader.end()) this.#on(event);
  }

  finish(): LayerScan {
    const found = this.#digest ? `sha256:${toHex(this.#digest.digest())}` : this.#layer.digest;
    const digest = this.#layer.digest || found;
    if (found !== digest && !this.#layer.unreadable) {
      this.#problems.push(digestMismatch(this.#layer, found));
    }
    for (const problem of this.#problems) problem.layer = digest;
    return {
      layer: this.#layer.index,
      digest,
      table: this.#entries.finish(),
      detections: this.#detections,
      problems: this.#problems,
      ledger: this.#ledger,
      unpacked: this.#unpacked,
    };
  }

  #on(
    event:
      | { type: 'entry'; header: TarHeader }
      | { type: 'data'; bytes: Uint8Array }
      | { type: 'end'; complete: boolean },
  ): void {
    if (event.type === 'data') this.#data(event.bytes);
    else if (event.type === 'entry') this.#begin(event.header);
    else this.#end(event.complete);
  }

  #begin(header: TarHeader): void {
    this.#mode = 'none';
    if (this.#isOwnTable(header)) return;
    this.#row = this.#entries.add(header);
    if (header.kind !== EntryKind.file) return;
    this.#header = header;
    this.#ledger.files++;
    this.#ledger.bytes += header.size;
    this.#first = NOTHING;
    if (header.size > 0) this.#mode = 'first';
  }

  /** eStargz' own entries: a table of contents and a mark, which are no part of the image's files. */
  #isOwnTable(header: TarHeader): boolean {
    if (this.#layer.compression !== 'gzip' || header.name.length > 32) return false;
    if (!STARGZ_ENTRIES.has(this.#decoder.decode(header.name))) return false;
    this.#stargz = true;
    return true;
  }

  #data(bytes: Uint8Array): void {
    const header = this.#header;
    if (!header || this.#mode === 'none') return;
    let piece = bytes;
    if (this.#mode === 'first') {
      piece = this.#first.length > 0 ? concat([this.#first, bytes]) : bytes;
      // A magic number may be cut by a piece's end.
      if (piece.length < Math.min(MAGIC_LENGTH, header.stored)) {
        this.#first = piece.slice();
        return;
      }
      this.#start(header, piece);
    }
    if (this.#mode === 'scan') this.#scanner.push(piece);
    else if (this.#mode === 'hold') this.#hold(piece);
  }

  #start(header: TarHeader, bytes: Uint8Array): void {
    this.#path = this.#decoder.decode(header.name).replace(/^(\.?\/)+/, '');
    this.#kind = fileKind(this.#path);
    if (/\.py[co]$/.test(this.#path) || looksLikePyc(bytes)) {
      if (header.stored <= MAX_WHOLE_FILE) {
        this.#mode = 'hold';
        this.#heldLength = 0;
        this.#held = bytes.length === header.stored ? bytes : new Uint8Array(header.stored);
        return;
      }
      countSkipped(this.#ledger, 'bytecode larger than 32 MiB, scanned as raw bytes', header.size);
    }
    this.#mode = 'scan';
    this.#scanner.begin(this.#kind, header.stored);
  }

  #hold(bytes: Uint8Array): void {
    const held = this.#held as Uint8Array;
    if (held !== bytes)
      held.set(bytes.subarray(0, held.length - this.#heldLength), this.#heldLength);
    this.#heldLength = Math.min(held.length, this.#heldLength + bytes.length);
  }

  #end(complete: boolean): void {
    const header = this.#header;
    const mode = this.#mode;
    this.#mode = 'none';
    this.#header = undefined;
    if (!header || mode === 'none' || mode === 'first') return;
    if (!complete) countSkipped(this.#ledger, 'cut short', header.size);
    if (mode === 'hold') this.#bytecode(header);
    else this.#content(header);
  }

  #content(header: TarHeader): void {
    const { capped } = this.#scanner;
    for (const detection of this.#scanner.end())
      this.#detections.push({ row: this.#row, detection });
    count(this.#scanner.binary ? this.#ledger.binary : this.#ledger.text, header.size);
    if (capped || this.#scanner.capped) {
      this.onProblem({
        code: 'too-many-findings',
        message:
          'This file holds more secrets than are listed of one file; those beyond were left out.',
        path: this.#path,
      });
    }
  }

  #bytecode(header: TarHeader): void {
    const bytes = (this.#held as Uint8Array).subarray(0, this.#heldLength);
    this.#held = undefined;
    const kind = this.#kind as FileKind;
    const scan = scanSafely(bytes, kind);
    for (const { detection, ...bytecode } of scan.detections) {
      this.#detections.push({ row: this.#row, detection, bytecode });
    }
    if (scan.error !== undefined) {
      this.onProblem({
        code: 'bytecode-damaged',
        message: scan.decoded
          ? `This bytecode was decoded in part: ${scan.error}. The rest was scanned as raw bytes.`
          : `This is no bytecode that can be decoded: ${scan.error}. It was scanned as raw bytes.`,
        path: this.#path,
      });
      this.#scanner.begin(kind, bytes.length);
      this.#scanner.push(bytes);
      const seen = new Set(scan.detections.map(({ detection }) => detection.value));
      for (const detection of this.#scanner.end()) {
        if (!seen.has(detection.value)) this.#detections.push({ row: this.#row, detection });
      }
    }
    if (scan.decoded) count(this.#ledger.bytecode, header.size);
    else
      countSkipped(
        this.#ledger,
        'bytecode that cannot be decoded, scanned as raw bytes',
        header.size,
      );
  }
}

/** One file must never cost the layer: whatever a hostile one provokes becomes a problem. */
function scanSafely(bytes: Uint8Array, kind: FileKind): ReturnType<typeof scanBytecode> {
  try {
    return scanBytecode(bytes, kind);
  } catch (error) {
    return { detections: [], error: messageOf(error), decoded: false };
  }
}
