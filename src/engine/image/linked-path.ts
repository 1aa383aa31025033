/** What a path means where symbolic links stand in it: every target is taken from the root of the image. */
import { MAX_LINK_BYTES, MAX_LINK_HOPS } from '../archive/limits.ts';
import type { PathTree } from './path-tree.ts';

/** How the parts of a path are found. */
export interface PathSteps {
  /** The child of a node by its name, or -1. */
  child(parent: number, name: Uint8Array): number;
  /** The target of the link at a node, where there is one that is to be followed; `last` where no part is left. */
  target(node: number, last: boolean): Uint8Array | undefined;
}

/** The node that the parts of a path lead to, the next one last; -1 where one is missing, or links lead on and on. */
export function followPath(tree: PathTree, pending: Uint8Array[], steps: PathSteps): number {
  let hops = 0;
  let walked = 0;
  let at = 0;
  for (let part = pending.pop(); part; part = pending.pop()) {
    if (part.length === 2 && part[0] === 0x2e && part[1] === 0x2e) {
      at = Math.max(0, tree.parent[at] as number);
      continue;
    }
    const child = steps.child(at, part);
    if (child < 0) return -1;
    const target = steps.target(child, pending.length === 0);
    if (!target) {
      at = child;
      continue;
    }
    walked += target.length;
    if (++hops > MAX_LINK_HOPS || walked > MAX_LINK_BYTES) return -1;
    if (target[0] === 0x2f) at = 0;
    pending.push(...pathParts(target).reverse());
  }
  return at;
}

/** The parts of a path, without empty ones and single dots. */
export function pathParts(path: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let start = 0; start <= path.length;) {
    let stop = start;
    while (stop < path.length && path[stop] !== 0x2f) stop++;
    const part = path.slice(start, stop);
    if (part.length > 0 && !(part.length === 1 && part[0] === 0x2e)) parts.push(part);
    start = stop + 1;
  }
  return parts;
}
