/** `docker save`, and all that write its `manifest.json`: a list of `{Config, RepoTags, Layers}`. */
import type { ImageManifest } from './assemble-images.ts';
import { type Json, text, texts } from './json.ts';

/** The images a docker archive's `manifest.json` lists, or undefined where it is no such list. */
export function dockerManifests(json: Json | undefined): ImageManifest[] | undefined {
  if (!Array.isArray(json)) return undefined;
  return json
    .filter((item) => item !== null && typeof item === 'object')
    .map((item) => ({
      config: entryName(text(item, 'Config')),
      layers: texts(item, 'Layers').map(entryName),
      names: texts(item, 'RepoTags'),
    }));
}

/** Names in a manifest as the outer tar's index has them: buildpacks writes absolute ones. */
function entryName(name: string): string {
  return name.replace(/^(\.?\/)+/, '');
}
