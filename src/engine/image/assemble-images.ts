/** Puts images together from manifests, configurations and blobs, whichever form named them. */
import { sha256Hex } from '../archive/sha256.ts';
import type { Problem } from '../archive/problem.ts';
import { instruction, readConfig } from './config.ts';
import { parseJson } from './json.ts';
import type { Image, Layer } from './model.ts';
import type { OuterFile, OuterTar } from './outer-tar.ts';

/** One image as a manifest describes it. */
export interface ImageManifest {
  /** Path of the configuration in the archive; empty where nothing names one. */
  config: string;
  /** Paths of the layers in the archive, base first. */
  layers: string[];
  names: string[];
  /** What made each layer, where the configuration has no history. */
  commands?: string[];
  /** Layers that are named but not to be read, by path: `foreign`, `encrypted`. */
  unreadable?: Map<string, string>;
  /** Bytes of the layers as the manifest has them, by path. */
  sizes?: Map<string, number>;
}

/** Gathers images and their layers; a layer that several images share is listed once. */
export class ImageAssembly {
  readonly images: Image[] = [];
  readonly layers: Layer[] = [];
  #outer: OuterTar;
  #onProblem: (problem: Problem) => void;
  #byBlob = new Map<string, Layer>();
  #byContent = new Map<string, Image>();
  #ids = new Set<string>();
  #sized = new Set<string>();

  constructor(outer: OuterTar, onProblem: (problem: Problem) => void) {
    this.#outer = outer;
    this.#onProblem = onProblem;
  }

  /** Adds an image; one with the configuration and the layers of an earlier one only adds its names. */
  async add(manifest: ImageManifest): Promise<void> {
    const bytes = await this.#outer.read(manifest.config, this.#onProblem);
    const json = bytes && parseJson(bytes);
    const there = this.#outer.files.has(manifest.config);
    if (manifest.config !== '' && (bytes ? json === undefined : !there)) {
      this.#onProblem({
        code: bytes ? 'config-json' : 'config-missing',
        message: bytes
          ? 'This image configuration is not valid JSON; its layers are shown without history.'
          : 'The image configuration that the manifest names is not in the archive; its layers are shown without history.',
        path: manifest.config,
      });
    }
    const layerNames = manifest.layers.join('\n');
    let id = digestOf(bytes ?? layerNames);
    const content = `${id}\n${this.#keys(manifest.layers)}`;
    const known = this.#byContent.get(content);
    if (known) {
      known.names = [...new Set([...known.names, ...manifest.names])];
      return;
    }
    // Artifacts have a configuration that says nothing, the same for all.
    if (this.#ids.has(id)) id = digestOf(`${id}\n${layerNames}`);
    const { diffIds, history, ...rest } = readConfig(json ?? null);
    const steps = history.filter((step) => step.layer !== undefined);
    const layers = manifest.layers.map((blob, position) =>
      this.#layer(
        blob,
        diffIds[position] ?? '',
        steps[position] ?? { createdBy: manifest.commands?.[position] ?? '', created: undefined },
        manifest.unreadable?.get(blob),
      ),
    );
    const image: Image = { id, names: [...new Set(manifest.names)], layers, history, ...rest };
    this.images.push(image);
    this.#ids.add(id);
    this.#byContent.set(content, image);
  }

  /** Whether two manifests have the same configuration, and the same layers too. */
  compare(one: ImageManifest, other: ImageManifest): 'same' | 'same configuration' | 'others' {
    if (this.#key(one.config) !== this.#key(other.config)) return 'others';
    return this.#keys(one.layers) === this.#keys(other.layers) ? 'same' : 'same configuration';
  }

  /** Tells of layers that have not as many bytes as a manifest says: no checksum shows it where a plain one is cut. */
  checkSizes({ sizes }: ImageManifest): void {
    for (const [path, size] of sizes ?? []) {
      const file = this.#outer.files.get(path);
      if (!file || file.sparse || file.size === 0 || file.size === size || this.#sized.has(path))
        continue;
      this.#sized.add(path);
      const layer = this.#byBlob.get(this.#key(path))?.digest;
      const [is, said] = [file.size, size].map((bytes) => bytes.toLocaleString('en'));
      this.#onProblem({
        code: 'layer-size',
        message: `This layer has ${is} bytes where the manifest says ${said}: it was cut short or exchanged.`,
        ...(layer && { layer }),
        path,
      });
    }
  }

  #keys(blobs: readonly string[]): string {
    return blobs.map((blob) => this.#key(blob)).join('\n');
  }

  /** What tells a blob from others, whatever its name. */
  #key(blob: string): string {
    const file = this.#outer.files.get(blob);
    return file ? `${file.start}` : blob;
  }

  #layer(
    blob: string,
    digest: string,
    step: { createdBy: string; created: string | undefined },
    unreadable: string | undefined,
  ): number {
    const file = this.#outer.files.get(blob);
    const key = file ? this.#key(blob) : `${blob} ${digest}`;
    const known = this.#byBlob.get(key);
    if (known) return known.index;
    const layer: Layer = {
      index: this.layers.length,
      digest,
      blob,
      start: file?.start ?? 0,
      size: file?.size ?? 0,
      compression: 'none',
      insideCompressed: this.#outer.insideCompressed,
      createdBy: instruction(step.createdBy),
      created: step.created,
    };
    const why = whyUnreadable(file, unreadable);
    if (why) layer.unreadable = why;
    this.layers.push(layer);
    this.#byBlob.set(key, layer);
    return layer.index;
  }
}

function whyUnreadable(file: OuterFile | undefined, named: string | undefined): string | undefined {
  if (!file) return named ?? 'absent';
  if (file.sparse) return 'sparse';
  // A layer that is kept elsewhere may be here all the same.
  return named === 'foreign' ? undefined : named;
}

function digestOf(content: Uint8Array | string): string {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return `sha256:${sha256Hex(bytes)}`;
}
