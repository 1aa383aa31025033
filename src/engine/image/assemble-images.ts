/** Puts images together from manifests, configurations and blobs, whichever form named them. */
import { sha256Hex } from '../archive/sha256.ts';
import type { Problem } from '../archive/problem.ts';
import { instruction, readConfig } from './config.ts';
import { parseJson } from './json.ts';
import type { Image, Layer } from './model.ts';
import type { OuterTar } from './outer-tar.ts';

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

  constructor(outer: OuterTar, onProblem: (problem: Problem) => void) {
    this.#outer = outer;
    this.#onProblem = onProblem;
  }

  /** Adds an image; one with the configuration and the layers of an earlier one only adds its names. */
  async add(manifest: ImageManifest): Promise<void> {
    const bytes = await this.#outer.read(manifest.config);
    const json = bytes && parseJson(bytes);
    if (manifest.config !== '' && (!bytes || json === undefined)) {
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
      wrapped: this.#outer.wrapped,
      createdBy: instruction(step.createdBy),
      created: step.created,
    };
    // A layer that is kept elsewhere may be here all the same.
    const why =
      file && unreadable === 'foreign' ? undefined : (unreadable ?? (file ? undefined : 'absent'));
    if (why) layer.unreadable = why;
    this.layers.push(layer);
    this.#byBlob.set(key, layer);
    return layer.index;
  }
}

function digestOf(content: Uint8Array | string): string {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return `sha256:${sha256Hex(bytes)}`;
}
