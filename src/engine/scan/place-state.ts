/** Whether a file of a layer is still there in an image that has the layer. */
import type { FileSystem } from '../image/file-system.ts';
import type { PlaceState } from '../report/report.ts';

/** The state of what layer position `position` put at `node`, in one image. */
export function placeState(fs: FileSystem, node: number, position: number): PlaceState {
  const now = node < fs.layer.length ? (fs.layer[node] as number) : -1;
  if (now < 0) return 'deleted';
  return now === position ? 'present' : 'replaced';
}
