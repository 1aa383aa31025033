/** The names that files have in an outer tar: of an image archive, of a root file system, or of neither. */
import type { OuterTar } from './outer-tar.ts';

const MARK =
  /^(manifest\.json|index\.json|oci-layout|repositories)$|\/layer\.tar$|^blobs\/|^(sha256:)?[0-9a-f]{64}(\.|\/|$)/;
/** What `docker save` put beside a layer before 25, and skopeo beside the blobs of a `dir:`. */
const BESIDE_LAYER = /\/(VERSION|json)$/;
const BESIDE_BLOBS = /^(version|signature-\d+)$/;
const LAYER = /(^|\/)layer\.tar$|^blobs\/sha256\/|^[0-9a-f]{64}\.tar/;
const ROOT = /^(etc|usr|bin|sbin|lib|lib64|var|app|opt|home|srv|root)\//;

/** Whether a name is one that image archives have. */
export function isMark(name: string): boolean {
  return MARK.test(name);
}

/** Whether layers lie at a name. */
export function isLayerName(name: string): boolean {
  return LAYER.test(name);
}

/** Whether a name is one that root file systems have. */
export function isRootName(name: string): boolean {
  return ROOT.test(name);
}

/** Whether names are those of a root file system; those that a manifest names do not count. */
export function looksLikeRoot(outer: OuterTar, named: ReadonlySet<string> = new Set()): boolean {
  for (const name of outer.files.keys()) if (ROOT.test(name) && !named.has(name)) return true;
  return false;
}

/** The files that are no part of an image archive, as far as their names tell; what is empty, as a lock, is nothing. */
export function strayFiles(outer: OuterTar, named: ReadonlySet<string>): string[] {
  return [...outer.files.keys()].filter((name) => {
    if (
      outer.files.get(name)?.size === 0 ||
      isMark(name) ||
      named.has(name) ||
      BESIDE_BLOBS.test(name)
    )
      return false;
    return !BESIDE_LAYER.test(name) || !outer.files.has(name.replace(BESIDE_LAYER, '/layer.tar'));
  });
}
