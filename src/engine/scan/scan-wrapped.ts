/**
 * An archive that is compressed as a whole, read once, front to back: its manifest comes after the layers,
 * so that every entry which proves to be a tar is scanned as a layer as it goes by, those that look
 * like JSON are kept up to a bound, and the images are put together at the end.
 */
import { sniffCompression, SNIFF_LENGTH } from '../archive/compression.ts';
import { decompress, unwrap } from '../archive/decompress.ts';
import { MAX_ATTESTATION, MAX_KEPT } from '../archive/limits.ts';
import { ArchiveError, type Problem } from '../archive/problem.ts';
import { type ByteSource, type ByteStream, collect, peek, readBlob } from '../archive/read-blob.ts';
import { EntryKind, type TarHeader } from '../archive/tar.ts';
import { tarEntries } from '../archive/tar-entries.ts';
import { looksLikeTar } from '../archive/tar-fields.ts';
import type { Layer, OpenedArchive } from '../image/model.ts';
import {
  describeLayer,
  emptyArchive,
  fileSystemAsImage,
  FIRST_BLOCK,
  notAnArchive,
  readImages,
  tellUnreadable,
} from '../image/open-archive.ts';
import { hasHoles, OuterIndex } from '../image/outer-tar.ts';
import { FoundSoFar } from './found-so-far.ts';
import { KeptFiles, startsLikeJson } from './kept-files.ts';
import { type LayerProgress, type LayerScan, scanLayer, scanLayerStream } from './scan-layer.ts';
import { digestMismatch } from './verify-layer.ts';

/** An archive and the scans of its layers. */
export interface ScannedArchive {
  archive: OpenedArchive;
  scans: (LayerScan | undefined)[];
}

const PROGRESS_EVERY = 1 << 20;

/**
 * Scans a compressed archive. `onProgress` counts bytes of the file itself, as layer 0.
 * @throws {ArchiveError} where it holds no archive.
 */
export async function scanWrapped(
  file: ByteSource,
  name: string,
  onProgress: (progress: LayerProgress) => void = () => undefined,
): Promise<ScannedArchive> {
  const pass = new WrappedPass();
  let read = 0;
  let told = 0;
  const stored = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const piece of readBlob(file)) {
      read += piece.length;
      if (read - told >= PROGRESS_EVERY) {
        told = read;
        onProgress({ layer: 0, read, ...pass.soFar.take() });
      }
      yield piece;
    }
  };
  const { stream, wrappers } = await unwrap(stored(), pass.onProblem);
  const { head, stream: whole } = await peek(stream, FIRST_BLOCK);
  if (!looksLikeTar(head)) {
    const [problem] = pass.problems;
    if (problem && head.length === 0) throw new ArchiveError(problem.code, problem.message);
    throw notAnArchive(head, head.length);
  }
  await pass.run(whole);
  const { index, kept, scans } = pass;
  const outer = index.finish(async ({ name: wanted }) => kept.get(wanted), true);
  const compression = wrappers[0] ?? 'none';
  const common = { name, size: file.size, compression, problems: pass.problems };
  const heads = async ({ start }: { start: number }): Promise<Uint8Array> =>
    pass.heads.get(start) ?? new Uint8Array(0);
  const opened = await readImages(outer, pass.onProblem, heads);
  if (!opened) {
    // No image archive: the tar inside is a file system, to be scanned as the one layer it is.
    pass.problems.length = 0;
    if (outer.files.size === 0 && !outer.fileSystem) throw emptyArchive();
    const contents = fileSystemAsImage(file.size, outer, compression);
    const [layer] = contents.layers;
    if (layer && wrappers.length > 1) {
      layer.insideCompressed = true;
      layer.compression = 'none';
    }
    const scan = layer && (await scanLayer(file, layer, onProgress));
    return { archive: { ...common, ...contents }, scans: [scan] };
  }
  const byLayer = opened.layers.map((layer) => {
    const found = scans.get(layer.start);
    if (!layer.unreadable) describeLayer(layer, pass.heads.get(layer.start) ?? new Uint8Array(0));
    if (found) adopt(found, layer);
    return layer.unreadable ? undefined : found;
  });
  tellUnreadable(opened.layers, pass.onProblem);
  return { archive: { ...common, ...opened }, scans: byLayer };
}

/** What was scanned before anyone knew which layer it is gets that layer's number and digest. */
function adopt(scan: LayerScan, layer: Layer): void {
  scan.layer = layer.index;
  if (layer.digest !== '' && layer.digest !== scan.digest) {
    scan.problems.push(digestMismatch(layer, scan.digest));
    scan.digest = layer.digest;
  }
  for (const problem of scan.problems) problem.layer = scan.digest;
}

class WrappedPass {
  readonly index = new OuterIndex();
  /** Contents of what looks like JSON, by name. */
  readonly kept = new KeptFiles(MAX_KEPT);
  /** Scans and first bytes of entries that are tars, by where their content starts. */
  readonly scans = new Map<number, LayerScan>();
  readonly heads = new Map<number, Uint8Array>();
  readonly problems: Problem[] = [];
  readonly soFar = new FoundSoFar();

  readonly onProblem = (problem: Problem): void => void this.problems.push(problem);

  async run(stream: ByteStream): Promise<void> {
    for await (const { header, content } of tarEntries(stream, this.onProblem)) {
      const name = this.index.add({ type: 'entry', header });
      if (this.index.fileSystem) return;
      if (header.kind !== EntryKind.file || name === undefined || hasHoles(header)) continue;
      await this.#entry(name, header, content);
    }
  }

  async #entry(name: string, header: TarHeader, content: ByteStream): Promise<void> {
    const { head, stream } = await peek(content, FIRST_BLOCK);
    this.heads.set(header.dataOffset, head.slice(0, FIRST_BLOCK));
    const compression = sniffCompression(head.subarray(0, SNIFF_LENGTH));
    if (compression !== 'none' || looksLikeTar(head)) {
      const layer: Layer = {
        index: -1,
        digest: '',
        blob: name,
        start: header.dataOffset,
        size: header.stored,
        compression,
        insideCompressed: true,
        createdBy: '',
        created: undefined,
      };
      const problems: Problem[] = [];
      const unpacked = decompress(stream, compression, (problem) => problems.push(problem));
      const scan = await scanLayerStream(layer, unpacked, this.soFar);
      scan.problems = scan.problems.concat(problems);
      this.scans.set(header.dataOffset, scan);
    } else if (header.stored <= MAX_ATTESTATION && startsLikeJson(head)) {
      const { bytes } = await collect(stream, MAX_ATTESTATION);
      this.kept.set(name, bytes);
    }
  }
}
