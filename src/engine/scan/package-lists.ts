/**
 * Which files of an image its package manager knows: dpkg lists each package's in `info/*.list` and what it moved in
 * `diversions` (dpkg-query(1), dpkg-divert(1)), apk all of them in `installed` (lines `F:folder`, `R:file`).
 */
import type { ByteSource } from '../archive/read-blob.ts';
import { utf8Text } from '../archive/plain-text.ts';
import type { FileSystem } from '../image/file-system.ts';
import type { Image, OpenedArchive } from '../image/model.ts';
import type { PathTree } from '../image/path-tree.ts';
import { readStretches, type Stretch } from './read-file.ts';
import type { LayerScan } from './scan-layer.ts';

const DPKG = 'var/lib/dpkg/info';
const DIVERSIONS = 'var/lib/dpkg/diversions';
const APK = ['lib/apk/db/installed', 'usr/lib/apk/db/installed'];
const MOST_LISTS = 4000; // of an image; Debian's desktop has 2,500
const MOST_BYTES = 64 << 20;

/** An image whose lists are read. */
export interface ListedImage {
  file: ByteSource;
  archive: OpenedArchive;
  image: Image;
  fs: FileSystem;
  tree: PathTree;
  scans: readonly (LayerScan | undefined)[];
}

/**
 * Of some paths of an image, those that no package lists; none where the image has no lists, more than are read, or
 * damaged ones. Bytecode is not listed by itself, but its source is.
 */
export async function unlisted(
  from: ListedImage,
  paths: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const lists = listNodes(from.tree, from.fs);
  const texts = lists.length > MOST_LISTS ? undefined : await readTexts(from, lists);
  if (!texts) return new Set();
  const left = new Map<string, string[]>();
  for (const path of paths) {
    const key = merged(sourceOf(path));
    left.set(key, [...(left.get(key) ?? []), path]);
  }
  for (const text of texts) for (const path of listedIn(utf8Text(text))) left.delete(merged(path));
  return new Set([...left.values()].flat());
}

/** The source of bytecode that was compiled behind the installer's back, which lists no such file. */
export function sourceOf(path: string): string {
  return path.replace(/__pycache__\/([^/.]+)\.[^/]+\.pyc$/, '$1.py');
}

/** `/bin`, `/sbin` and `/lib` are links into `/usr` by now, and lists name either. */
function merged(path: string): string {
  return path.replace(/^(?=(?:bin|sbin|lib)\/)/, 'usr/');
}

/** The lists that are there when all layers are stacked. */
function listNodes(tree: PathTree, fs: FileSystem): number[] {
  const find = (path: string): number => tree.find(new TextEncoder().encode(path));
  const isThere = (node: number): boolean => node > 0 && (fs.row[node] ?? -1) >= 0;
  const lists = APK.map(find).filter(isThere);
  const folder = find(DPKG);
  for (let node = folder < 0 ? -1 : (tree.firstChild[folder] as number); node >= 0;) {
    if (utf8Text(tree.name(node)).endsWith('.list') && isThere(node)) lists.push(node);
    node = tree.nextSibling[node] as number;
  }
  if (lists.length > 0) lists.push(...[find(DIVERSIONS)].filter(isThere));
  return lists;
}

/** The lists' contents; undefined where there is none, or not all of them can be read. */
async function readTexts(
  { file, archive, image, fs, scans }: ListedImage,
  lists: readonly number[],
): Promise<Uint8Array[] | undefined> {
  const byLayer = new Map<number, Stretch[]>();
  let bytes = 0;
  for (const node of lists) {
    const index = image.layers[fs.layer[node] as number] as number;
    const table = scans[index]?.table;
    const row = fs.row[node] as number;
    if (!table) return undefined;
    const stretch = {
      offset: table.dataOffset[row] as number,
      length: table.stored[row] as number,
    };
    bytes += stretch.length;
    const stretches = byLayer.get(index);
    if (stretches) stretches.push(stretch);
    else byLayer.set(index, [stretch]);
  }
  if (bytes === 0 || bytes > MOST_BYTES) return undefined;
  const texts: Uint8Array[] = [];
  for (const [index, stretches] of byLayer) {
    const layer = archive.layers[index];
    if (!layer) return undefined;
    const read = await readStretches(file, layer, stretches);
    if (read.some((text, i) => text.length < (stretches[i] as Stretch).length)) return undefined;
    texts.push(...read);
  }
  return texts;
}

/** The paths that a list of dpkg's or apk's names, from the root. */
function* listedIn(text: string): Generator<string, void, undefined> {
  let folder = '';
  // Not split at once: a hostile list has millions of lines.
  for (let at = 0; at < text.length;) {
    const found = text.indexOf('\n', at);
    const end = found < 0 ? text.length : found;
    const line = text.slice(at, end);
    at = end + 1;
    if (line.startsWith('/')) yield line.slice(1);
    else if (line.startsWith('F:')) folder = line.slice(2);
    else if (line.startsWith('R:')) yield `${folder}/${line.slice(2)}`;
  }
}
