/**
 * Whose a file is that stands where packages are installed: told, once all layers are read, by what installers
 * write beside it, by the step that brought it, and by the application around it.
 */
import type { ByteSource } from '../archive/read-blob.ts';
import { nameBytesOf } from '../image/entry-table.ts';
import type { FileSystem } from '../image/file-system.ts';
import type { Image, Layer, OpenedArchive } from '../image/model.ts';
import type { PathTree } from '../image/path-tree.ts';
import type { Detection } from '../secrets/finding.ts';
import { bringsOwn, type CopyStep, copyStep } from './copied-files.ts';
import { sharedDomain } from './java-packages.ts';
import { type Origin, originOf, recordedFiles } from './python-installs.ts';
import { sourceOf, unlisted } from './package-lists.ts';
import { readStretches } from './read-file.ts';
import type { LayerScan } from './scan-layer.ts';

const ORIGIN = '.dist-info/direct_url.json';
const RECORD = '.dist-info/RECORD';
const MOST_READ = 1 << 20; // bytes of a `RECORD`
const MOST_DISTRIBUTIONS = 50; // of a layer, whose origin is read
const SAID: Record<Origin, string> = {
  folder: 'of a package that was installed from a folder, not from an index',
  repository: 'of a package that was installed from a repository, not from an index',
  file: 'of the only package that was installed from a file, not from an index',
};
/** Lists of a distribution's packages: what was copied with one is somebody else's system. */
const SYSTEMS = ['var/lib/dpkg/status', 'lib/apk/db/installed', 'var/lib/rpm', 'usr/lib/sysimage'];

interface LayerEvidence {
  installed: ReadonlyMap<string, Origin>;
  javaPackages: ReadonlySet<string>;
  copied: CopyStep | undefined;
  /** Files of the system's folders that no package lists. */
  unlisted: ReadonlySet<string>;
}

/** What the evidence is gathered from. */
export interface OwnCodeSources {
  archive: OpenedArchive;
  scans: readonly (LayerScan | undefined)[];
  tree: PathTree;
  nodes: readonly (Int32Array | undefined)[];
  fileSystems: readonly FileSystem[];
  /** Per image: how many of its layers came with its base. */
  baseCounts: readonly number[];
}

/** Where packages of the system put files, and others' package managers do not. */
const SYSTEM =
  /^(?:usr\/(?:bin|sbin|lib|libexec)|bin|sbin|lib)\/(?!.*(?:(?:site|dist)-packages|-INF\/lib)\/)/;

/** What shows that files are the image's own. */
export class OwnCode {
  #layers: ReadonlyMap<number, LayerEvidence>;

  constructor(layers: ReadonlyMap<number, LayerEvidence>) {
    this.#layers = layers;
  }

  /** Why the file at a path of a layer is the image's own; undefined where nothing shows it, or it makes no odds. */
  reason(layer: number, path: string, { candidate, ifOwn }: Detection): string | undefined {
    if (candidate !== 'own' && !ifOwn) return undefined;
    const evidence = this.#layers.get(layer);
    if (!evidence) return undefined;
    const origin = evidence.installed.get(path) ?? evidence.installed.get(sourceOf(path));
    if (origin) return SAID[origin];
    if (evidence.copied && bringsOwn(evidence.copied, path))
      return 'brought by a step that copied it from the folder of the build';
    if (evidence.unlisted.has(outermost(path))) return 'which no package of the system lists';
    const domain = sharedDomain(evidence.javaPackages, path);
    return domain && `in a module of the application, whose classes are in ${domain} too`;
  }
}

/** The file of a layer that a path is of or inside. */
function outermost(path: string): string {
  return path.replace(/!\/.*$/s, '');
}

/** Gathers the evidence of the layers in which something depends on it; others are not looked at. */
export async function readOwnCode(file: ByteSource, from: OwnCodeSources): Promise<OwnCode> {
  const { archive, scans, tree, nodes } = from;
  // Modules of one application are in several layers.
  const javaPackages = new Set(scans.flatMap((scan) => scan?.javaPackages ?? []));
  const layers = new Map<number, LayerEvidence>();
  for (const layer of archive.layers) {
    const scan = scans[layer.index];
    const rows = nodes[layer.index];
    if (!scan || !rows || !scan.detections.some(depends)) continue;
    const step = copyStep(layer.createdBy);
    const system = step?.to === '' && SYSTEMS.some((path) => holds(tree, rows, path));
    layers.set(layer.index, {
      installed: await readInstalled(file, layer, scan, tree, rows),
      javaPackages,
      copied: system ? undefined : step,
      unlisted: new Set(),
    });
  }
  for (const [i, image] of archive.images.entries()) {
    const paths = systemFiles(from, image, from.baseCounts[i] ?? 0);
    const fs = from.fileSystems[i];
    if (!fs || paths.size === 0) continue;
    const wanted = new Set([...paths.values()].flatMap((some) => [...some]));
    const found = await unlisted({ file, archive, image, fs, tree, scans }, wanted);
    for (const [layer, some] of paths) {
      const evidence = layers.get(layer);
      if (!evidence) continue;
      const more = [...some].filter((path) => found.has(path));
      layers.set(layer, { ...evidence, unlisted: new Set([...evidence.unlisted, ...more]) });
    }
  }
  return new OwnCode(layers);
}

function depends({ detection }: { detection: Detection }): boolean {
  return detection.candidate === 'own' || detection.ifOwn !== undefined;
}

/** The files in the system's folders on which something depends, by the layers above an image's base that hold them. */
function systemFiles(
  { scans, tree, nodes }: OwnCodeSources,
  image: Image,
  base: number,
): ReadonlyMap<number, ReadonlySet<string>> {
  const found = new Map<number, Set<string>>();
  if (base === 0) return found; // any layer may be the base's then
  for (const layer of image.layers.slice(base)) {
    const paths = new Set<string>();
    for (const one of scans[layer]?.detections ?? []) {
      const node = nodes[layer]?.[one.row] ?? -1;
      if (node <= 0 || !depends(one)) continue;
      const path = tree.path(node);
      if (SYSTEM.test(one.inside ? `${path}!/${one.inside}` : path)) paths.add(path);
    }
    if (paths.size > 0) found.set(layer, paths);
  }
  return found;
}

function holds(tree: PathTree, rows: Int32Array, path: string): boolean {
  const node = tree.find(new TextEncoder().encode(path));
  return node > 0 && rows.includes(node);
}

/** The files of distributions that no index gave, by their paths. */
async function readInstalled(
  file: ByteSource,
  layer: Layer,
  { table }: LayerScan,
  tree: PathTree,
  nodes: Int32Array,
): Promise<ReadonlyMap<string, Origin>> {
  const origins = new Map<string, number>();
  const records = new Map<string, number>();
  const decoder = new TextDecoder();
  for (let row = 0; row < table.count; row++) {
    const name = nameBytesOf(table, row);
    const last = name[name.length - 1];
    // Most names end otherwise, which costs less to see than to decode them.
    if ((last !== 0x6e && last !== 0x44) || (nodes[row] as number) <= 0) continue;
    const text = decoder.decode(name.subarray(-ORIGIN.length));
    const kept = text === ORIGIN ? origins : text.endsWith(RECORD) ? records : undefined;
    if (!kept || (table.stored[row] as number) > MOST_READ) continue;
    kept.set(tree.path(nodes[row] as number).replace(/\/[^/]*$/, ''), row);
  }
  const folders = [...origins.keys()]
    .filter((one) => records.has(one))
    .slice(0, MOST_DISTRIBUTIONS);
  const rows = folders.flatMap((one) => [origins.get(one) as number, records.get(one) as number]);
  const stretches = rows.map((row) => ({
    offset: table.dataOffset[row] as number,
    length: table.stored[row] as number,
  }));
  const texts = rows.length === 0 ? [] : await readStretches(file, layer, stretches);
  const found = folders.map((folder, i) => ({
    packages: folder.replace(/\/?[^/]*$/, ''),
    origin: originOf(decoder.decode(texts[2 * i])),
    record: texts[2 * i + 1],
  }));
  // A folder of wheels holds others' packages as well; one wheel alone is what was built.
  const single = found.filter(({ origin }) => origin === 'file').length === 1;
  const installed = new Map<string, Origin>();
  for (const { packages, origin, record } of found) {
    if (!origin || (origin === 'file' && !single)) continue;
    for (const path of recordedFiles(decoder.decode(record), packages)) installed.set(path, origin);
  }
  return installed;
}
