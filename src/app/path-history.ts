/** What became of a path, layer by layer, in one image. */
import { EntryEffect } from '../engine/image/file-system.ts';
import type { ScanResult } from '../engine/scan/scan-archive.ts';

/** One layer's doing. */
export interface HistoryEntry {
  /** Position in the image, base 0. */
  position: number;
  what: 'added' | 'changed' | 'attributes changed' | 'deleted';
}

const WORDS: Record<number, HistoryEntry['what']> = {
  [EntryEffect.added]: 'added',
  [EntryEffect.changed]: 'changed',
  [EntryEffect.attributes]: 'attributes changed',
  [EntryEffect.deleted]: 'deleted',
};

/** The layers that touched the path of row `row` in layer `layer`, in the image at `image`. */
export function historyOf(
  result: ScanResult,
  image: number,
  layer: number,
  row: number,
): HistoryEntry[] {
  const { trees, archive } = result;
  const node = trees.nodes[layer]?.[row] ?? -1;
  const layers = archive.images[image]?.layers ?? [];
  const fs = trees.fileSystems[image];
  if (node <= 0 || !fs) return [];
  const history: HistoryEntry[] = [];
  // A file also goes with a folder above it.
  const ancestors: number[] = [];
  for (let up = trees.tree.parent[node] ?? -1; up >= 0; up = trees.tree.parent[up] ?? -1)
    ancestors.push(up);
  let there = false;
  layers.forEach((index, position) => {
    const rows = trees.nodes[index];
    const effects = fs.effects[position];
    if (!rows || !effects) return;
    const effectsOn = (at: number): number[] => {
      const found: number[] = [];
      for (let r = rows.indexOf(at); r >= 0; r = rows.indexOf(at, r + 1))
        found.push(effects[r] as number);
      return found;
    };
    let what = effectsOn(node)
      .map((effect) => WORDS[effect])
      .findLast((word) => word !== undefined);
    const gone = there && ancestors.some((up) => effectsOn(up).includes(EntryEffect.deleted));
    if (!what && gone) what = 'deleted';
    if (!what) return;
    there = what !== 'deleted';
    history.push({ position, what });
  });
  return history;
}
