/**
 * The rest of one very large file, in stretches for several workers: raw bytes of which the worker that met
 * the file has scanned the front. What begins in a stretch is that stretch's to find, wherever it ends.
 */
import { type ByteSource, readBlob } from '../archive/read-blob.ts';
import { EntryTableBuilder } from '../image/entry-table.ts';
import type { Layer } from '../image/model.ts';
import { AHEAD, BEHIND, ContentScanner } from '../secrets/content-scanner.ts';
import { fileKind } from '../secrets/file-kind.ts';
import { BytecodeFilesBuilder } from './bytecode-files.ts';
import { FoundSoFar } from './found-so-far.ts';
import { emptyLedger } from './ledger.ts';
import { tooMany } from './note-problems.ts';
import type { LayerProgress, LayerScan } from './scan-layer.ts';

/** A file's content of which what begins at `from` or behind is not scanned yet. */
export interface ContentRest {
  /** Row in the layer's entry table. */
  row: number;
  path: string;
  /** Where the content begins, in bytes from the layer's start. */
  at: number;
  /** Offsets in the content. */
  from: number;
  to: number;
  /** The content's length in bytes. */
  size: number;
}

const PROGRESS_EVERY = 2 << 20; // bytes

/** Parts a rest into stretches of `smallest` bytes or more, two for each worker at most. */
export function stretchesOf(rest: ContentRest, workers: number, smallest: number): ContentRest[] {
  const length = rest.to - rest.from;
  const count = Math.max(1, Math.min(workers * 2, Math.floor(length / smallest)));
  const each = Math.ceil(length / count);
  return Array.from({ length: count }, (_, i) => ({
    ...rest,
    from: rest.from + i * each,
    to: Math.min(rest.to, rest.from + (i + 1) * each),
  }));
}

/** Scans a stretch: a layer's scan with nothing in it but what begins there. */
export async function scanContentRest(
  file: ByteSource,
  layer: Layer,
  rest: ContentRest,
  onProgress: (progress: LayerProgress) => void,
): Promise<LayerScan> {
  const { row, path, at, from, to, size } = rest;
  const begin = Math.max(0, from - BEHIND);
  const scanner = new ContentScanner();
  scanner.beginWithin(fileKind(path), begin);
  const soFar = new FoundSoFar();
  const start = layer.start + at;
  const end = Math.min(size, to + AHEAD);
  let read = begin;
  let told = read;
  for await (const piece of readBlob(file, start + begin, start + end)) {
    scanner.push(piece);
    read += piece.length;
    if (read - told < PROGRESS_EVERY) continue;
    told = read;
    onProgress({ layer: layer.index, read: Math.min(read, to) - begin, ...soFar.take() });
  }
  const detections = scanner.end().filter(({ offset = 0 }) => offset >= from && offset < to);
  for (const detection of detections) soFar.add(detection, path);
  onProgress({ layer: layer.index, read: to - from, ...soFar.take() });
  return {
    layer: layer.index,
    digest: layer.digest,
    table: new EntryTableBuilder().finish(),
    detections: detections.map((detection) => ({ row, detection })),
    bytecode: new BytecodeFilesBuilder().finish(),
    javaPackages: [],
    problems: scanner.capped ? [{ ...tooMany(path), layer: layer.digest }] : [],
    ledger: emptyLedger(),
  };
}
