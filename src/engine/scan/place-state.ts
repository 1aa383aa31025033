/** Whether a file of a layer is still there in an image that has the layer. */
import { EntryKind } from '../archive/tar.ts';
import { type EntryTable, linkBytesOf } from '../image/entry-table.ts';
import type { FileSystem } from '../image/file-system.ts';
import type { PathTree } from '../image/path-tree.ts';
import type { PlaceState } from '../report/report.ts';

/**
 * The state, in one image, of what layer position `position` has in row `row` of its table. A file that
 * is gone under its own name is still present where a hard link to it is.
 */
export function placeState(
  fs: FileSystem,
  tree: PathTree,
  table: EntryTable,
  position: number,
  row: number,
): PlaceState {
  const placed = fs.placed[position];
  const state = nodeState(fs, placed?.[row] ?? -1, position);
  if (state === 'present' || !placed) return state;
  const links = hardLinksOf(tree, table).get(placed[row] as number) ?? [];
  const linked = links.some(
    (other) => nodeState(fs, placed[other] as number, position) === 'present',
  );
  return linked ? 'present' : state;
}

const known = new WeakMap<EntryTable, Map<number, number[]>>();

/** The rows of a layer's hard links, by the node that they name. */
function hardLinksOf(tree: PathTree, table: EntryTable): Map<number, number[]> {
  let links = known.get(table);
  if (links) return links;
  links = new Map<number, number[]>();
  for (let row = 0; row < table.count; row++) {
    if (table.kind[row] !== EntryKind.hardLink) continue;
    const target = tree.find(linkBytesOf(table, row));
    const rows = links.get(target);
    if (rows) rows.push(row);
    else links.set(target, [row]);
  }
  known.set(table, links);
  return links;
}

function nodeState(fs: FileSystem, node: number, position: number): PlaceState {
  const now = node >= 0 ? (fs.layer[node] ?? -1) : -1;
  if (now < 0) return 'deleted';
  return now === position ? 'present' : 'replaced';
}
