/** `docker save` before 1.10: no manifest; `repositories` names a layer, and each layer its parent. */
import { MAX_LEGACY_LAYERS } from '../archive/limits.ts';
import type { Problem } from '../archive/problem.ts';
import type { ImageManifest } from './assemble-images.ts';
import { field, type Json, parseJson, text, texts } from './json.ts';
import type { OuterTar } from './outer-tar.ts';

/** The images that `repositories` names, or undefined where there is no such file. */
export async function legacyManifests(
  outer: OuterTar,
  onProblem: (problem: Problem) => void,
): Promise<ImageManifest[] | undefined> {
  const bytes = await outer.read('repositories', onProblem);
  const json = bytes && parseJson(bytes);
  if (json === undefined || json === null || typeof json !== 'object' || Array.isArray(json))
    return undefined;
  const tops = new Map<string, string[]>();
  for (const [repository, tags] of Object.entries(json)) {
    if (tags === null || typeof tags !== 'object' || Array.isArray(tags)) continue;
    for (const [tag, id] of Object.entries(tags)) {
      if (typeof id !== 'string' || !/^[0-9a-f]{64}$/.test(id)) continue;
      tops.set(id, [...(tops.get(id) ?? []), `${repository}:${tag}`]);
    }
  }
  const manifests: ImageManifest[] = [];
  for (const [top, names] of tops) {
    if (outer.files.has(`${top}/json`))
      manifests.push({ names, ...(await chain(outer, top, onProblem)) });
  }
  return manifests.length > 0 ? manifests : undefined;
}

async function chain(
  outer: OuterTar,
  top: string,
  onProblem: (problem: Problem) => void,
): Promise<Omit<ImageManifest, 'names'>> {
  const layers: string[] = [];
  const commands: string[] = [];
  const seen = new Set<string>();
  for (let id = top; id !== '' && !seen.has(id) && seen.size < MAX_LEGACY_LAYERS;) {
    seen.add(id);
    const bytes: Uint8Array | undefined = await outer.read(`${id}/json`, onProblem);
    const json: Json | undefined = bytes && parseJson(bytes);
    layers.unshift(`${id}/layer.tar`);
    commands.unshift(texts(field(json, 'container_config'), 'Cmd').join(' '));
    id = text(json, 'parent');
  }
  return { config: `${top}/json`, layers, commands };
}
