/** What is left of a file's detections where several met the same text. */
import type { Detection } from './finding.ts';

/** A detection and the bytes it takes up; a strong one is known by its form or its file's format. */
export interface Found extends Detection {
  start: number;
  end: number;
  strong: boolean;
}

/** Drops weaker detections inside stronger ones, and doubles. */
export function settle(found: Found[]): Detection[] {
  found.sort((a, b) => a.start - b.start);
  const strong = found.filter((one) => one.strong);
  const furthest: number[] = []; // the furthest end among the strong ones up to each
  for (const { end } of strong) furthest.push(Math.max(end, furthest.at(-1) ?? 0));
  const seen = new Set<string>();
  const kept = found.filter((one) => {
    if (!one.strong && (furthest[countBefore(strong, one.end) - 1] ?? 0) > one.start) return false;
    const key = `${one.rule.id} ${one.start}`;
    return !seen.has(key) && seen.add(key);
  });
  return kept.map(({ start: _start, end: _end, strong: _strong, ...detection }) => detection);
}

/** How many of the sorted ones start before an offset. */
function countBefore(sorted: readonly Found[], offset: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as Found).start < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
