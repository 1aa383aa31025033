/** The memory of all of a browser's processes, on Linux: proportional set size, so that shared pages count once. */
import { readdirSync, readFileSync } from 'node:fs';

/** Bytes of all processes below one, itself left out. */
export function memoryBelow(root: number): number {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'latin1');
      parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // it has ended
    }
  }
  let sum = 0;
  for (const pid of parents.keys()) {
    let at: number | undefined = pid;
    for (let depth = 0; at !== undefined && at !== root && depth < 20; depth++)
      at = parents.get(at);
    if (at !== root || pid === root) continue;
    try {
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
      sum += 1024 * Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
    } catch {
      // it has ended
    }
  }
  return sum;
}
