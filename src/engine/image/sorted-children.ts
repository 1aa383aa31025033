/** The children of every node of a path tree, sorted by the bytes of their names, in two columns. */

/** Node `n`'s children are `children[childStart[n] .. childStart[n + 1]]`. */
export interface SortedChildren {
  childStart: Int32Array;
  children: Int32Array;
}

/** What is known of each node: the number of its parent, and where its name lies in `names`. */
interface Named {
  count: number;
  parent: Int32Array;
  nameStart: Uint32Array;
  nameEnd: Uint32Array;
  names: Uint8Array;
}

/** Sorts all children; node 0 is the root, a child has a higher number than its parent. */
export function sortChildren({ count, parent, nameStart, nameEnd, names }: Named): SortedChildren {
  const childStart = new Int32Array(count + 1);
  for (let node = 1; node < count; node++) {
    const behind = (parent[node] as number) + 1;
    childStart[behind] = (childStart[behind] as number) + 1;
  }
  for (let node = 0; node < count; node++)
    childStart[node + 1] = (childStart[node + 1] as number) + (childStart[node] as number);
  const children = new Int32Array(Math.max(0, count - 1));
  const next = childStart.slice();
  for (let node = 1; node < count; node++) {
    const up = parent[node] as number;
    children[next[up] as number] = node;
    next[up] = (next[up] as number) + 1;
  }
  const compare = (a: number, b: number): number => {
    let i = nameStart[a] as number;
    let j = nameStart[b] as number;
    const iEnd = nameEnd[a] as number;
    const jEnd = nameEnd[b] as number;
    for (; i < iEnd && j < jEnd; i++, j++) {
      const difference = (names[i] as number) - (names[j] as number);
      if (difference !== 0) return difference;
    }
    return iEnd - i - (jEnd - j);
  };
  for (let node = 0; node < count; node++) {
    const from = childStart[node] as number;
    const to = childStart[node + 1] as number;
    if (to - from > 1) children.subarray(from, to).sort(compare);
  }
  return { childStart, children };
}
