/** Opens a file: what form of archive it is, which images it holds, and where each layer lies. */
import { type Compression, sniffCompression, SNIFF_LENGTH } from '../archive/compression.ts';
import { ArchiveError, type Problem } from '../archive/problem.ts';
import { readBytes } from '../archive/read-blob.ts';
import { looksLikeTar } from '../archive/tar-fields.ts';
import { ImageAssembly } from './assemble-images.ts';
import { dockerManifests } from './docker-archive.ts';
import { parseJson } from './json.ts';
import type { ArchiveForm, Image, Layer, OpenedArchive } from './model.ts';
import { ociManifests } from './oci-layout.ts';
import { indexOuterTar, type OuterTar } from './outer-tar.ts';

const FIRST_BLOCK = 1024;

/**
 * Opens an archive and reads its manifests and configurations; no layer is read.
 * @throws {ArchiveError} where the file is no archive that can be opened, with a sentence that says why.
 */
export async function openArchive(blob: Blob, name: string): Promise<OpenedArchive> {
  const start = await readBytes(blob, 0, FIRST_BLOCK);
  const compression = sniffCompression(start);
  if (compression !== 'none') throw wrapped(compression);
  if (!looksLikeTar(start)) throw notAnArchive(start, blob.size);

  const problems: Problem[] = [];
  const onProblem = (problem: Problem): void => void problems.push(problem);
  const outer = await indexOuterTar(blob, onProblem);
  const opened = await readImages(outer, onProblem);
  if (opened) {
    await sniffLayers(blob, opened.layers, onProblem);
    return { name, size: blob.size, compression, problems, ...opened };
  }
  return { name, size: blob.size, compression, problems, ...fileSystemAsImage(blob, outer) };
}

async function readImages(
  outer: OuterTar,
  onProblem: (problem: Problem) => void,
): Promise<{ form: ArchiveForm; images: Image[]; layers: Layer[] } | undefined> {
  if (outer.fileSystem) return undefined;
  const assembly = new ImageAssembly(outer, onProblem);
  const manifestBytes = await outer.read('manifest.json');
  const manifests = manifestBytes && dockerManifests(parseJson(manifestBytes));
  for (const manifest of manifests ?? []) await assembly.add(manifest);

  const indexBytes = await outer.read('index.json');
  const index = indexBytes && parseJson(indexBytes);
  if (index) {
    // Where both stand, manifest.json is what `docker load` reads; the index adds other platforms.
    const listed = new Set(assembly.images.map((image) => image.id));
    for (const manifest of await ociManifests(index, outer, onProblem)) {
      const present = manifest.layers.some((layer) => outer.files.has(layer));
      const config = outer.files.has(manifest.config);
      if (present || (config && manifest.layers.length === 0) || listed.size === 0) {
        if (manifests && hasConfig(manifests, manifest.config)) continue;
        await assembly.add(manifest);
      }
    }
  }
  if (!manifests && !index) return undefined;
  if (assembly.images.length === 0) {
    onProblem({ code: 'no-images', message: 'The archive names no image that it holds.' });
  }
  return {
    form: manifests ? 'docker-archive' : 'oci-archive',
    images: assembly.images,
    layers: assembly.layers,
  };
}

function hasConfig(manifests: { config: string }[], config: string): boolean {
  return manifests.some((manifest) => manifest.config === config);
}

/** Sets each layer's compression by its bytes, and says why one cannot be read. */
async function sniffLayers(
  blob: Blob,
  layers: Layer[],
  onProblem: (problem: Problem) => void,
): Promise<void> {
  for (const layer of layers) {
    if (!layer.unreadable) {
      const start = await readBytes(
        blob,
        layer.start,
        layer.start + Math.min(FIRST_BLOCK, layer.size),
      );
      layer.compression = sniffCompression(start.subarray(0, SNIFF_LENGTH));
      if (layer.compression === 'none' && !looksLikeLayer(start)) layer.unreadable = 'not-a-tar';
    }
    if (layer.unreadable) {
      onProblem({
        code: `layer-${layer.unreadable}`,
        message: UNREADABLE[layer.unreadable] ?? 'This layer cannot be read.',
        layer: layer.digest,
        path: layer.blob,
      });
    }
  }
}

function looksLikeLayer(start: Uint8Array): boolean {
  return (
    start.length === 0 || looksLikeTar(start) || (start.length < 512 && start.every((b) => b === 0))
  );
}

const UNREADABLE: Record<string, string> = {
  absent: 'This layer is not in the archive, so it was not scanned.',
  encrypted: 'This layer is encrypted, so it was not scanned.',
  foreign: 'This layer is kept elsewhere (a foreign layer) and is not in the archive.',
  'not-a-tar': 'This layer is no tar, plain or compressed, so it was not scanned.',
};

/** A tar without manifests: a root file system (`docker export`), or one layer by itself. */
function fileSystemAsImage(
  blob: Blob,
  outer: OuterTar,
): { form: ArchiveForm; images: Image[]; layers: Layer[] } {
  const names = [...outer.files.keys()];
  const isLayer = names.some((name) => /(^|\/)\.wh\.[^/]+$/.test(name));
  const root =
    outer.fileSystem || names.some((name) => /^(etc|usr|bin|var|app|opt|home)\//.test(name));
  const form: ArchiveForm = !isLayer && root ? 'rootfs' : 'layer';
  const layer: Layer = {
    index: 0,
    digest: '',
    blob: '',
    start: 0,
    size: blob.size,
    compression: 'none',
    createdBy: '',
    created: undefined,
  };
  const image: Image = {
    id: '',
    names: [],
    platform: '',
    created: undefined,
    author: undefined,
    layers: [0],
    history: [],
    env: [],
    labels: [],
    entrypoint: [],
    command: [],
    workingDir: '',
    user: '',
  };
  return { form, images: [image], layers: [layer] };
}

function wrapped(compression: Compression): ArchiveError {
  const command = { gzip: 'gunzip', zstd: 'zstd -d', xz: 'unxz', bzip2: 'bunzip2', none: '' }[
    compression
  ];
  return new ArchiveError(
    'wrapper-unsupported',
    `This file is compressed with ${compression}, which this version cannot open yet. Unpack it first (${command} FILE) and open the tar.`,
  );
}

function notAnArchive(start: Uint8Array, size: number): ArchiveError {
  if (size === 0) return new ArchiveError('empty-file', 'This file is empty.');
  if (start[0] === 0xff && start[1] === 0xfe) {
    return new ArchiveError(
      'utf16-redirect',
      'This file was written by a PowerShell redirect, which damages it. Write it with: docker save -o image.tar IMAGE',
    );
  }
  const head = new TextDecoder('latin1').decode(start.subarray(0, 64)).trimStart().toLowerCase();
  if (head.startsWith('<!do') || head.startsWith('<html')) {
    return new ArchiveError(
      'web-page',
      'This file is a web page, not an archive: the download may have failed.',
    );
  }
  return new ArchiveError(
    'not-an-archive',
    'This file is not an image archive. Porthole opens what docker save writes: docker save -o image.tar IMAGE',
  );
}
