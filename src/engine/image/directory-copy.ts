/** skopeo's `dir:`: blobs by their hex digits, `manifest.json` one manifest, or with `--all` a list of them. */
import type { Problem } from '../archive/problem.ts';
import { field, type Json, list } from './json.ts';
import { type BlobNames, imageManifest, type OciContents, ociManifests } from './oci-layout.ts';
import type { OuterTar } from './outer-tar.ts';

const DIRECTORY: BlobNames = {
  blob: (_, hex) => hex,
  manifest: (_, hex) => `${hex}.manifest.json`,
};

/** The images of a `dir:` copy, or undefined where its `manifest.json` is none of such a copy. */
export async function directoryManifests(
  json: Json | undefined,
  outer: OuterTar,
  onProblem: (problem: Problem) => void,
): Promise<OciContents | undefined> {
  if (json === undefined || field(json, 'schemaVersion') !== 2) return undefined;
  if (list(json, 'manifests').length > 0) return ociManifests(json, outer, onProblem, DIRECTORY);
  const manifest = imageManifest(json, [], DIRECTORY);
  return manifest && { manifests: [manifest], attestations: [] };
}
