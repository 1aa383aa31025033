/** Opens a file: what form of archive it is, which images it holds, and where each layer lies. */
import { type Compression, sniffCompression, SNIFF_LENGTH } from '../archive/compression.ts';
import { ArchiveError, type Problem } from '../archive/problem.ts';
import { type ByteSource, readBytes } from '../archive/read-blob.ts';
import { looksLikeTar } from '../archive/tar-fields.ts';
import { isLayerName, looksLikeRoot, strayFiles } from './archive-names.ts';
import { ImageAssembly } from './assemble-images.ts';
import { directoryManifests } from './directory-copy.ts';
import { dockerManifests } from './docker-archive.ts';
import { parseJson } from './json.ts';
import { legacyManifests } from './legacy-archive.ts';
import type { ArchiveForm, Attestation, Image, Layer, OpenedArchive } from './model.ts';
import { ociManifests } from './oci-layout.ts';
import { indexOuterTar, type OuterFile, type OuterTar } from './outer-tar.ts';

/** What an archive holds, whatever wraps it. */
export type Contents = Pick<OpenedArchive, 'form' | 'images' | 'layers' | 'attestations'>;

/** How many of a file's first bytes say what it is. */
export const FIRST_BLOCK = 1024;

/** The compression around a whole file; `none` where it is to be opened with `openArchive`. */
export async function wrapperOf(blob: ByteSource): Promise<Compression> {
  return sniffCompression(await readBytes(blob, 0, SNIFF_LENGTH));
}

/**
 * Opens an archive that is not compressed as a whole, and reads its manifests and configurations; no
 * layer is read. `folder` says that it lay unpacked.
 * @throws {ArchiveError} where the file is no archive that can be opened, with a sentence that says why.
 */
export async function openArchive(
  blob: ByteSource,
  name: string,
  folder = false,
): Promise<OpenedArchive> {
  const start = await readBytes(blob, 0, FIRST_BLOCK);
  if (!looksLikeTar(start)) throw notAnArchive(start, blob.size);
  const problems: Problem[] = [];
  const onProblem = (problem: Problem): void => void problems.push(problem);
  const outer = await indexOuterTar(blob, onProblem);
  const firstBytes = (file: OuterFile): Promise<Uint8Array> =>
    readBytes(blob, file.start, file.start + Math.min(FIRST_BLOCK, file.size));
  const opened = await readImages(outer, onProblem, firstBytes);
  const common = { name, size: blob.size, compression: 'none' as const, problems };
  if (!opened) {
    if (outer.files.size === 0 && !outer.fileSystem) throw emptyArchive();
    return { ...common, ...fileSystemAsImage(blob.size, outer, 'none') };
  }
  if (folder && opened.form === 'oci-archive') opened.form = 'oci-layout';
  for (const layer of opened.layers) {
    if (layer.unreadable) continue;
    const end = layer.start + Math.min(FIRST_BLOCK, layer.size);
    describeLayer(layer, await readBytes(blob, layer.start, end));
  }
  tellUnreadable(opened.layers, onProblem);
  return { ...common, ...opened };
}

/** Reads manifests, indexes and configurations; undefined where there are none, as in a file system. */
export async function readImages(
  outer: OuterTar,
  onProblem: (problem: Problem) => void,
  firstBytes: (file: OuterFile) => Promise<Uint8Array>,
): Promise<Contents | undefined> {
  if (outer.fileSystem) return undefined;
  const problems: Problem[] = [];
  const opened = await readNamed(outer, (problem) => problems.push(problem), firstBytes);
  // Of a file system they would tell what nobody asked.
  if (opened) problems.forEach(onProblem);
  return opened;
}

async function readNamed(
  outer: OuterTar,
  onProblem: (problem: Problem) => void,
  firstBytes: (file: OuterFile) => Promise<Uint8Array>,
): Promise<Contents | undefined> {
  const assembly = new ImageAssembly(outer, onProblem);
  const attestations: Attestation[] = [];
  const manifestBytes = await outer.read('manifest.json', onProblem);
  const manifestJson = manifestBytes && parseJson(manifestBytes);
  const manifests = dockerManifests(manifestJson);
  const wanted = new Set(manifests?.flatMap(({ config, layers }) => [config, ...layers]));
  // Many a file system has images, or what is called like their parts, somewhere; it is scanned as a whole.
  if (looksLikeRoot(outer, wanted)) return undefined;
  for (const manifest of manifests ?? []) await assembly.add(manifest);

  const directory = manifests
    ? undefined
    : await directoryManifests(manifestJson, outer, onProblem);
  attestations.push(...(directory?.attestations ?? []));
  for (const manifest of directory?.manifests ?? []) {
    await assembly.add(manifest);
    assembly.checkSizes(manifest);
  }

  const indexBytes = await outer.read('index.json', onProblem);
  const index = indexBytes && parseJson(indexBytes);
  if (index) {
    // Where both stand, manifest.json is what `docker load` reads; the index adds other platforms.
    const found = await ociManifests(index, outer, onProblem);
    attestations.push(...found.attestations);
    for (const manifest of found.manifests) {
      const compared = manifests?.map((other) => assembly.compare(manifest, other)) ?? [];
      // What only adds layers that are elsewhere adds nothing.
      const { config, layers } = manifest;
      const own = compared.includes('same configuration') ? layers : [config, ...layers];
      const adds = !compared.includes('same') && own.some((name) => outer.files.has(name));
      if (adds) await assembly.add(manifest);
      assembly.checkSizes(manifest);
    }
  }
  const legacy =
    manifests || directory || index ? undefined : await legacyManifests(outer, onProblem);
  for (const manifest of legacy ?? []) await assembly.add(manifest);

  const stray = strayFiles(outer, wanted);
  // What has files of its own, and no layer that is there, is no image archive, whatever it names.
  if (stray.length > 0 && !assembly.layers.some(({ size }) => size > 0)) return undefined;
  const loose = assembly.images.length === 0 ? await looseLayers(outer, firstBytes) : [];
  if (loose.length > 0) {
    onProblem({
      code: 'manifest-missing',
      message:
        'The archive has no manifest that can be read: it may be cut short. Its layers are shown in the order in which they lie.',
    });
    await assembly.add({ config: '', layers: loose, names: [] });
  } else if (!(manifests ?? directory ?? index ?? legacy)) return undefined;
  if (assembly.images.length === 0) {
    throw new ArchiveError(
      'no-images',
      'This archive names no image that it holds: its manifest is empty, damaged, or cut off.',
    );
  }
  if (stray.length > 0) onProblem(outsideImages(stray));
  const form: ArchiveForm =
    manifests || legacy || loose.length > 0
      ? 'docker-archive'
      : directory
        ? 'docker-dir'
        : 'oci-archive';
  return { form, images: assembly.images, layers: assembly.layers, attestations };
}

function outsideImages(names: readonly string[]): Problem {
  const [path = ''] = names;
  const count = names.length.toLocaleString('en');
  return {
    code: 'outside-images',
    message:
      names.length === 1
        ? 'This file of the archive belongs to none of its images and was not scanned.'
        : `${count} files of the archive, of which this is one, belong to none of its images and were not scanned.`,
    path,
  };
}

/** Files that lie where layers lie, and are: what is left of an archive whose manifest is lost. */
async function looseLayers(
  outer: OuterTar,
  firstBytes: (file: OuterFile) => Promise<Uint8Array>,
): Promise<string[]> {
  const layers: string[] = [];
  const seen = new Set<number>();
  for (const [name, file] of outer.files) {
    if (!isLayerName(name) || seen.has(file.start)) continue;
    seen.add(file.start);
    const start = await firstBytes(file);
    if (sniffCompression(start) !== 'none' || looksLikeTar(start)) layers.push(name);
  }
  return layers;
}

/** Sets a layer's compression by its first bytes, and says so where it cannot be one. */
export function describeLayer(layer: Layer, start: Uint8Array): void {
  layer.compression = sniffCompression(start.subarray(0, SNIFF_LENGTH));
  const empty = start.every((byte) => byte === 0);
  // buildpacks leaves files without a byte for layers that it knows somebody else has.
  if (layer.size === 0) layer.unreadable = 'left-out';
  else if (layer.compression === 'none' && !empty && !looksLikeTar(start))
    layer.unreadable = 'not-a-tar';
}

/** Lists layers that cannot be read as problems. */
export function tellUnreadable(
  layers: readonly Layer[],
  onProblem: (problem: Problem) => void,
): void {
  for (const { unreadable, digest, blob } of layers) {
    if (unreadable === undefined) continue;
    const message = UNREADABLE[unreadable] ?? 'This layer cannot be read.';
    onProblem({ code: `layer-${unreadable}`, message, layer: digest, path: blob });
  }
}

const UNREADABLE: Record<string, string> = {
  absent: 'This layer is not in the archive, so it was not scanned.',
  encrypted: 'This layer is encrypted, so it was not scanned.',
  foreign: 'This layer is kept elsewhere (a foreign layer) and is not in the archive.',
  'left-out': 'This layer was left out of the archive: there is an empty file in its place.',
  sparse:
    'This layer is stored as a sparse file (tar -S), so it was not scanned: pack the archive without that option.',
  'not-a-tar': 'This layer is no tar, plain or compressed, so it was not scanned.',
};

/** Nothing at all in a tar. */
export function emptyArchive(): ArchiveError {
  return new ArchiveError('empty-archive', 'This archive is empty: there is no file in it.');
}

/** A tar without manifests: a root file system (`docker export`), or one layer by itself. */
export function fileSystemAsImage(
  size: number,
  outer: OuterTar,
  compression: Compression,
): Contents {
  const isLayer = [...outer.files.keys()].some((name) => /(^|\/)\.wh\.[^/]+$/.test(name));
  const root = outer.fileSystem || looksLikeRoot(outer);
  const form: ArchiveForm = !isLayer && root ? 'rootfs' : 'layer';
  const layer: Layer = {
    index: 0,
    digest: '',
    blob: '',
    start: 0,
    size,
    compression,
    insideCompressed: false,
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
  return { form, images: [image], layers: [layer], attestations: [] };
}

/** Why a file that starts with these bytes is no archive, in a sentence. */
export function notAnArchive(start: Uint8Array, size: number): ArchiveError {
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
