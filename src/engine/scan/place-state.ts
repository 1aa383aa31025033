/** Whether a file of a layer is still there in an image that has the layer. */
import type { FileSystem } from '../image/file-system.ts';
import type { PlaceState } from '../report/report.ts';

/**
 * The state, in one image, of what layer position `position` has in row `row` of its table, under that
 * name: other names of the same file have their own.
 */
export function placeState(fs: FileSystem, position: number, row: number): PlaceState {
  const node = fs.placed[position]?.[row] ?? -1;
  const now = node >= 0 ? (fs.layer[node] ?? -1) : -1;
  if (now < 0) return 'deleted';
  // What stands twice in a layer is unpacked over itself: the last one is what can be seen.
  return now === position && fs.row[node] === row ? 'present' : 'replaced';
}
