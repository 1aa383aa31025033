/** An OCI image layout (image-spec, image-layout.md): `index.json`, nested indexes, blobs by digest. */
import {
  MAX_ATTESTATION,
  MAX_ATTESTATIONS,
  MAX_INDEX_DEPTH,
  MAX_MANIFESTS,
} from '../archive/limits.ts';
import type { Problem } from '../archive/problem.ts';
import type { ImageManifest } from './assemble-images.ts';
import { field, type Json, list, parseJson, text } from './json.ts';
import type { Attestation } from './model.ts';
import type { OuterTar } from './outer-tar.ts';

/** What an index leads to. */
export interface OciContents {
  manifests: ImageManifest[];
  attestations: Attestation[];
}

type NameOf = (algorithm: string, hex: string) => string;

/** Where blobs lie by their digest, algorithm and hex digits. */
export interface BlobNames {
  blob: NameOf;
  manifest: NameOf;
}

const LAYOUT: BlobNames = {
  blob: (algorithm, hex) => `blobs/${algorithm}/${hex}`,
  manifest: (algorithm, hex) => `blobs/${algorithm}/${hex}`,
};

/**
 * The images that an index names and the archive holds. Other platforms' manifests are commonly absent
 * and are passed over; attestations look like images, and are told apart by the index alone.
 */
export async function ociManifests(
  index: Json,
  outer: OuterTar,
  onProblem: (problem: Problem) => void,
  names: BlobNames = LAYOUT,
): Promise<OciContents> {
  return new IndexWalk(outer, onProblem, names).run(index);
}

/** An image's manifest; undefined where it names no configuration. */
export function imageManifest(
  json: Json | undefined,
  names: string[],
  blobs: BlobNames = LAYOUT,
): ImageManifest | undefined {
  const config = pathOf(text(field(json, 'config'), 'digest'), blobs.blob);
  if (!config) return undefined;
  const layers: string[] = [];
  const unreadable = new Map<string, string>();
  const sizes = new Map<string, number>();
  for (const layer of list(json, 'layers')) {
    const path = pathOf(text(layer, 'digest'), blobs.blob);
    if (!path) continue;
    layers.push(path);
    const size = field(layer, 'size');
    if (typeof size === 'number') sizes.set(path, size);
    const mediaType = text(layer, 'mediaType');
    if (mediaType.endsWith('+encrypted')) unreadable.set(path, 'encrypted');
    else if (/foreign|nondistributable/.test(mediaType)) unreadable.set(path, 'foreign');
  }
  return { config, layers, names, unreadable, sizes };
}

/** Follows an index; what is told of it is told once. */
class IndexWalk {
  #found: OciContents = { manifests: [], attestations: [] };
  #outer: OuterTar;
  #onProblem: (problem: Problem) => void;
  #names: BlobNames;
  #told = new Set<string>();
  /** What has been read, by digest; the image's manifest, if it is one. */
  #read = new Map<string, ImageManifest | undefined>();
  #attested = 0; // bytes

  constructor(outer: OuterTar, onProblem: (problem: Problem) => void, names: BlobNames) {
    this.#outer = outer;
    this.#onProblem = (problem) => {
      if (!this.#told.has(problem.code)) onProblem(problem);
      if (problem.code.startsWith('index-') || problem.code === 'digest-invalid')
        this.#told.add(problem.code);
    };
    this.#names = names;
  }

  async run(index: Json): Promise<OciContents> {
    await this.#visit(list(index, 'manifests'), [], 0);
    return this.#found;
  }

  async #visit(descriptors: Json[], above: string[], depth: number): Promise<void> {
    for (const descriptor of descriptors) {
      const digest = text(descriptor, 'digest');
      const path = pathOf(digest, this.#names.manifest);
      if (!path) {
        const message = 'The index names a blob without a valid digest.';
        this.#onProblem({ code: 'digest-invalid', message });
        continue;
      }
      const name = imageName(descriptor);
      const names = name ? [...above, name] : above;
      if (this.#read.has(digest)) {
        this.#read.get(digest)?.names.push(...names);
        continue;
      }
      if (!this.#outer.files.has(path)) continue;
      if (this.#read.size >= MAX_MANIFESTS) {
        this.#onProblem({
          code: 'index-manifests',
          message: `The index leads to more than ${MAX_MANIFESTS.toLocaleString('en')} manifests; those behind were not read.`,
        });
        return;
      }
      this.#read.set(digest, undefined);
      const bytes = await this.#outer.read(path, this.#onProblem);
      if (bytes) await this.#take(parseJson(bytes), { descriptor, digest, path, names, depth });
    }
  }

  async #take(
    json: Json | undefined,
    { descriptor, digest, path, names, depth }: Met,
  ): Promise<void> {
    if (isAttestation(descriptor)) return this.#readAttestations(json);
    const nested = list(json, 'manifests');
    if (nested.length > 0) {
      if (depth < MAX_INDEX_DEPTH) return this.#visit(nested, names, depth + 1);
      const message = `Indexes inside one another are followed ${MAX_INDEX_DEPTH} deep; this one is deeper and was not read.`;
      this.#onProblem({ code: 'index-depth', message, path });
      return;
    }
    const manifest = imageManifest(json, [...names], this.#names);
    this.#read.set(digest, manifest);
    if (manifest) this.#found.manifests.push(manifest);
    else this.#onProblem({ code: 'manifest-json', message: 'This manifest names no image.', path });
  }

  async #readAttestations(json: Json | undefined): Promise<void> {
    for (const layer of list(json, 'layers')) {
      const blob = pathOf(text(layer, 'digest'), this.#names.blob);
      const most = Math.min(MAX_ATTESTATION, MAX_ATTESTATIONS - this.#attested);
      const bytes = blob && (await this.#outer.read(blob, this.#onProblem, most));
      if (!blob || !bytes) continue;
      this.#attested += bytes.length;
      const type = text(field(layer, 'annotations'), 'in-toto.io/predicate-type');
      this.#found.attestations.push({ blob, type, text: new TextDecoder().decode(bytes) });
    }
  }
}

/** A descriptor, and what has been met on the way to it. */
interface Met {
  descriptor: Json;
  digest: string;
  path: string;
  names: string[];
  depth: number;
}

/** The path of the blob that a digest names; anything that could point elsewhere is refused. */
function pathOf(digest: string, name: NameOf): string | undefined {
  const [, algorithm = '', hex = ''] = /^(sha256|sha512):([0-9a-f]{64,128})$/.exec(digest) ?? [];
  return hex === '' ? undefined : name(algorithm, hex);
}

function isAttestation(descriptor: Json): boolean {
  return (
    text(field(descriptor, 'annotations'), 'vnd.docker.reference.type') === 'attestation-manifest'
  );
}

/**
 * The image's name in the index: containerd's full name, else the reference as it stands, which may be a tag
 * alone.
 */
function imageName(descriptor: Json): string | undefined {
  const annotations = field(descriptor, 'annotations');
  const full = text(annotations, 'io.containerd.image.name');
  if (full) return full.replace(/^docker\.io\/(library\/)?/, '');
  return text(annotations, 'org.opencontainers.image.ref.name') || undefined;
}
