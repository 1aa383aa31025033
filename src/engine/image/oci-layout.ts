/** An OCI image layout (image-spec, image-layout.md): `index.json`, nested indexes, blobs by digest. */
import { MAX_INDEX_DEPTH, MAX_MANIFESTS } from '../archive/limits.ts';
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

/**
 * The images that an index names and the archive holds. Other platforms' manifests are commonly absent
 * and are passed over; attestations look like images, and are told apart by the index alone.
 */
export async function ociManifests(
  index: Json,
  outer: OuterTar,
  onProblem: (problem: Problem) => void,
): Promise<OciContents> {
  const found: OciContents = { manifests: [], attestations: [] };
  const seen = new Set<string>();

  const visit = async (descriptors: Json[], names: string[], depth: number): Promise<void> => {
    for (const descriptor of descriptors) {
      const digest = text(descriptor, 'digest');
      const path = blobPath(digest);
      if (!path) {
        onProblem({
          code: 'digest-invalid',
          message: `The index names a blob without a valid digest.`,
        });
        continue;
      }
      const name = imageName(descriptor);
      const all = name ? [...names, name] : names;
      const again = seen.has(digest);
      seen.add(digest);
      if (seen.size > MAX_MANIFESTS) return;
      const bytes = await outer.read(path);
      if (!bytes) continue;
      const json = parseJson(bytes);
      if (isAttestation(descriptor)) {
        if (!again) found.attestations.push(...(await readAttestations(json, outer)));
        continue;
      }
      const nested = list(json, 'manifests');
      if (nested.length > 0) {
        if (!again && depth < MAX_INDEX_DEPTH) await visit(nested, all, depth + 1);
        continue;
      }
      const manifest = imageManifest(json, all);
      if (manifest) found.manifests.push(manifest);
      else onProblem({ code: 'manifest-json', message: 'This manifest names no image.', path });
    }
  };
  await visit(list(index, 'manifests'), [], 0);
  return found;
}

function imageManifest(json: Json | undefined, names: string[]): ImageManifest | undefined {
  const config = blobPath(text(field(json, 'config'), 'digest'));
  if (!config) return undefined;
  const layers: string[] = [];
  const unreadable = new Map<string, string>();
  for (const layer of list(json, 'layers')) {
    const path = blobPath(text(layer, 'digest'));
    if (!path) continue;
    layers.push(path);
    const mediaType = text(layer, 'mediaType');
    if (mediaType.endsWith('+encrypted')) unreadable.set(path, 'encrypted');
    else if (/foreign|nondistributable/.test(mediaType)) unreadable.set(path, 'foreign');
  }
  return { config, layers, names, unreadable };
}

/** `sha256:<hex>` as the path of its blob; anything that could point elsewhere is refused. */
function blobPath(digest: string): string | undefined {
  const match = /^(sha256|sha512):([0-9a-f]{64,128})$/.exec(digest);
  return match ? `blobs/${match[1]}/${match[2]}` : undefined;
}

async function readAttestations(json: Json | undefined, outer: OuterTar): Promise<Attestation[]> {
  const found: Attestation[] = [];
  for (const layer of list(json, 'layers')) {
    const blob = blobPath(text(layer, 'digest'));
    const bytes = blob && (await outer.read(blob));
    if (!blob || !bytes) continue;
    const type = text(field(layer, 'annotations'), 'in-toto.io/predicate-type');
    found.push({ blob, type, text: new TextDecoder().decode(bytes) });
  }
  return found;
}

function isAttestation(descriptor: Json): boolean {
  return (
    text(field(descriptor, 'annotations'), 'vnd.docker.reference.type') === 'attestation-manifest'
  );
}

/** The image's name in the index: containerd's full name, else the reference if it is more than a tag. */
function imageName(descriptor: Json): string | undefined {
  const annotations = field(descriptor, 'annotations');
  const full = text(annotations, 'io.containerd.image.name');
  if (full) return full.replace(/^docker\.io\/(library\/)?/, '');
  return text(annotations, 'org.opencontainers.image.ref.name') || undefined;
}
