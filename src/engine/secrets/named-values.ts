/** Secrets among values that something names: constants of bytecode, environment variables, labels. */
import { ContentScanner } from './content-scanner.ts';
import type { FileKind } from './file-kind.ts';
import type { Detection, NamedValue } from './finding.ts';
import { judgeNamed } from './judge.ts';

/** A detection and the value that it came from. */
export interface NamedDetection {
  detection: Detection;
  /** Index into the values given. */
  index: number;
  /** Set where the secret is a URL's password inside the value. */
  url: boolean;
}

const ENCODER = new TextEncoder();
const SHORTEST = 4;
const SHORTEST_FORMAT = 10; // nothing that is known by its form, nor any URL with a password, is shorter

/**
 * Looks at every value twice: for secrets inside it, by their form or a name of their own, and for what its
 * name says of it as a whole. What is inside wins.
 */
export function detectNamed(values: readonly NamedValue[], file: FileKind): NamedDetection[] {
  const found: NamedDetection[] = [];
  const settled = new Set<number>();
  for (const { index, detection } of detectInside(values, file)) {
    settled.add(index);
    const name = values[index]?.name;
    const url = detection.rule.id === 'url-password';
    if (name && !url) {
      detection.why.push(`bound to the name ${name}`);
      detection.name = name;
    }
    found.push({ index, detection, url });
  }
  values.forEach((value, index) => {
    if (settled.has(index) || value.value.length < SHORTEST) return;
    const detection = judgeNamed(value, file);
    if (detection) found.push({ index, detection, url: false });
  });
  return found;
}

const scanner = new ContentScanner();

/** Scans all values in one pass, joined by NULs, which no format contains. */
function detectInside(
  values: readonly NamedValue[],
  file: FileKind,
): { index: number; detection: Detection }[] {
  const long = values.flatMap(({ value }, index) =>
    value.length >= SHORTEST_FORMAT ? [index] : [],
  );
  const most = long.reduce((sum, index) => sum + 3 * (values[index]?.value.length ?? 0) + 1, 0);
  const buffer = new Uint8Array(most);
  const ends: number[] = [];
  let length = 0;
  for (const index of long) {
    const value = values[index]?.value.replaceAll('\0', ' ') ?? '';
    length += ENCODER.encodeInto(value, buffer.subarray(length)).written + 1;
    ends.push(length);
  }
  if (length === 0) return [];
  const bytes = buffer.subarray(0, length);
  scanner.begin(file, bytes.length, true);
  scanner.push(bytes);
  return scanner.end().flatMap(({ offset = 0, line: _line, column: _column, ...detection }) => {
    const index = long[firstAfter(ends, offset)] ?? 0;
    // Documentation shows how a password would be written.
    const shown =
      values[index]?.binding === 'docstring' && detection.rule.id.startsWith('generic-');
    return shown ? [] : [{ index, detection }];
  });
}

/** The first index whose end lies behind an offset. */
function firstAfter(ends: readonly number[], offset: number): number {
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] as number) > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}
