/**
 * Distributions of Python that no index gave: `pip install .`, or from a repository. The installer says so in
 * `direct_url.json` (PEP 610), and lists the files in `RECORD` (PEP 376, PEP 627).
 */

const MOST_FILES = 50_000; // of one distribution
/** Conda builds what it publishes from folders too. */
const CONDA = /feedstock_root|\/croot\/|\/conda-bld\//;

/** Where a distribution came from. */
export type Origin = 'folder' | 'repository' | 'file';

/** What `direct_url.json` says; undefined where it is another's, or no such file. */
export function originOf(json: string): Origin | undefined {
  let said: unknown;
  try {
    said = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (typeof said !== 'object' || said === null) return undefined;
  const { url, dir_info, vcs_info, archive_info } = said as Record<string, unknown>;
  if (typeof url !== 'string' || CONDA.test(url)) return undefined;
  if (vcs_info) return 'repository';
  if (!url.startsWith('file:')) return undefined;
  return dir_info ? 'folder' : archive_info ? 'file' : undefined;
}

/** The paths that `RECORD` lists, from the root; `packages` is the folder that they are told from. */
export function recordedFiles(record: string, packages: string): string[] {
  const files: string[] = [];
  for (const line of record.split('\n', MOST_FILES)) {
    const path = /^"((?:[^"]|"")+)"|^[^,]+/.exec(line);
    if (path) files.push(resolved(packages, path[1]?.replaceAll('""', '"') ?? path[0]));
  }
  return files;
}

/** Entry points are recorded from the folder of packages: `../../../bin/acme`. */
function resolved(folder: string, path: string): string {
  const parts = path.startsWith('/') ? [] : folder.split('/');
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}
