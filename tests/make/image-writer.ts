/** Writes image archives in the forms of `docker save`, with true digests. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { tar, type TarInput, toBytes } from './tar-writer.ts';

/** A layer and the instruction that made it. */
export interface LayerInput {
  /** Entries of its tar, or its bytes as they are to lie in the archive. */
  entries?: TarInput[];
  bytes?: Uint8Array;
  createdBy: string;
  compression?: 'none' | 'gzip';
}

/** An image. */
export interface ImageInput {
  tags: string[] | null;
  layers: LayerInput[];
  env?: string[];
  labels?: Record<string, string>;
  created?: string;
  /** History steps without a layer, behind those with one. */
  emptySteps?: string[];
  /** History steps without a layer behind the layer of that index. */
  stepsAfter?: Record<number, string[]>;
}

/** `docker save` before 25, from 25 on, or an OCI archive. */
export type Form = 'legacy' | 'docker25' | 'oci';

/** SHA-256 in hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** An archive of these images; layers that several share are stored once. */
export function imageArchive(
  images: readonly ImageInput[],
  form: Form = 'docker25',
): Uint8Array<ArrayBuffer> {
  const files = new Map<string, TarInput>();
  const add = (name: string, content: Uint8Array | string): string => {
    files.set(name, { name, content: toBytes(content) });
    return name;
  };
  const manifests: object[] = [];
  const index: object[] = [];
  for (const image of images) {
    const layers = image.layers.map((layer) => layerBlob(layer));
    const config = JSON.stringify(
      configuration(
        image,
        layers.map(({ diffId }) => diffId),
      ),
    );
    const configHex = sha256(toBytes(config));
    const legacy = form === 'legacy';
    const configName = add(legacy ? `${configHex}.json` : `blobs/sha256/${configHex}`, config);
    const layerNames = layers.map(({ bytes, diffId }) => {
      if (!legacy) return add(`blobs/sha256/${sha256(bytes)}`, bytes);
      const id = sha256(toBytes(`v1 ${diffId}`));
      add(`${id}/VERSION`, '1.0');
      add(`${id}/json`, JSON.stringify({ id }));
      return add(`${id}/layer.tar`, bytes);
    });
    manifests.push({ Config: configName, RepoTags: image.tags, Layers: layerNames });
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: descriptor('application/vnd.oci.image.config.v1+json', toBytes(config)),
      layers: layers.map(({ bytes, compression }) =>
        descriptor(
          `application/vnd.oci.image.layer.v1.tar${compression === 'gzip' ? '+gzip' : ''}`,
          bytes,
        ),
      ),
    });
    if (!legacy) {
      add(`blobs/sha256/${sha256(toBytes(manifest))}`, manifest);
      for (const tag of image.tags ?? [undefined]) {
        index.push({
          ...descriptor('application/vnd.oci.image.manifest.v1+json', toBytes(manifest)),
          ...(tag && {
            annotations: {
              'io.containerd.image.name': `docker.io/library/${tag}`,
              'org.opencontainers.image.ref.name': tag.split(':').pop(),
            },
          }),
        });
      }
    }
  }
  if (form !== 'legacy') {
    add('index.json', JSON.stringify({ schemaVersion: 2, manifests: index }));
    add('oci-layout', '{"imageLayoutVersion": "1.0.0"}');
  }
  if (form !== 'oci') add('manifest.json', JSON.stringify(manifests));
  const sorted = [...files.values()].sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1));
  return tar(sorted) as Uint8Array<ArrayBuffer>;
}

function layerBlob(layer: LayerInput): { bytes: Uint8Array; diffId: string; compression: string } {
  const plain = layer.bytes ?? tar(layer.entries ?? []);
  const compression = layer.compression ?? 'none';
  return {
    bytes: compression === 'gzip' ? gzipSync(plain) : plain,
    diffId: `sha256:${sha256(plain)}`,
    compression,
  };
}

function configuration(image: ImageInput, diffIds: string[]): object {
  const created = image.created ?? '2023-03-03T12:00:00Z';
  const empty = (createdBy: string): object => ({
    created,
    created_by: createdBy,
    empty_layer: true,
  });
  return {
    architecture: 'amd64',
    os: 'linux',
    created,
    config: {
      Env: image.env ?? ['PATH=/usr/local/bin:/usr/bin:/bin'],
      Labels: image.labels ?? {},
      Cmd: ['/bin/sh'],
    },
    rootfs: { type: 'layers', diff_ids: diffIds },
    history: [
      ...image.layers.flatMap(({ createdBy }, i) => [
        { created, created_by: createdBy },
        ...(image.stepsAfter?.[i] ?? []).map(empty),
      ]),
      ...(image.emptySteps ?? []).map(empty),
    ],
  };
}

function descriptor(mediaType: string, bytes: Uint8Array): object {
  return { mediaType, digest: `sha256:${sha256(bytes)}`, size: bytes.length };
}

/** The path of a blob in a layout. */
export function blobName(content: Uint8Array | string): string {
  return `blobs/sha256/${sha256(toBytes(content))}`;
}

/**
 * An OCI archive of images that are given by their configuration and layers, as they are to lie there; `beside` stands
 * in front, blobs that are `absent` are left out, each layer's descriptor has `more`, and the index names `before`
 * first.
 */
export function ociArchive(
  images: readonly (readonly [config: string, layers: readonly Uint8Array[]])[],
  beside: readonly TarInput[] = [],
  absent: (name: string) => boolean = () => false,
  more: object = {},
  before: readonly object[] = [],
): Uint8Array<ArrayBuffer> {
  const blobs = new Map<string, TarInput>();
  const add = (type: string, content: Uint8Array | string): object => {
    const name = blobName(content);
    if (!absent(name)) blobs.set(name, { name, content });
    return descriptor(`application/vnd.oci.image.${type}`, toBytes(content));
  };
  const manifests = images.map(([config, layers]) => {
    const manifest = JSON.stringify({
      schemaVersion: 2,
      config: add('config.v1+json', config),
      layers: layers.map((layer) => ({ ...add('layer.v1.tar', layer), ...more })),
    });
    return add('manifest.v1+json', manifest);
  });
  const content = JSON.stringify({ schemaVersion: 2, manifests: [...before, ...manifests] });
  const index = { name: 'index.json', content };
  return tar([...beside, ...blobs.values(), index]) as Uint8Array<ArrayBuffer>;
}
