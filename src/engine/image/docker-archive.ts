/** `docker save`, and all that write its `manifest.json`. */
import type { ImageManifest } from './assemble-images.ts';
import { field, type Json, text, texts } from './json.ts';

/** The images a docker archive's `manifest.json` lists, or undefined where it is no such list. */
export function dockerManifests(json: Json | undefined): ImageManifest[] | undefined {
  if (!Array.isArray(json)) return undefined;
  const images = json.filter(namesLayers).map((item) => ({
    config: entryName(text(item, 'Config')),
    layers: texts(item, 'Layers').map(entryName),
    names: texts(item, 'RepoTags'),
  }));
  return images.length > 0 ? images : undefined;
}

/** Many a program has a `manifest.json` with a list in it. Docker writes null for an image without layers. */
function namesLayers(item: Json): boolean {
  const layers = field(item, 'Layers');
  return Array.isArray(layers) || (layers === null && text(item, 'Config') !== '');
}

/** Names in a manifest as the outer tar's index has them: buildpacks writes absolute ones. */
function entryName(name: string): string {
  return name.replace(/^(\.?\/)+/, '');
}
