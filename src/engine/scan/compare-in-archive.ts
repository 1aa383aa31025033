/** Compares bytecode inside an archive with the source that stands beside it there. */
import { compareWithSource, sourcePaths, type SourceVerdict } from '../python/source-check.ts';
import { ARCHIVE_MARK, type Station } from './open-nested.ts';
import type { BytecodeDetection } from './scan-bytecode.ts';

/** The outcome for one detection. */
export interface SourceComparison {
  verdict: SourceVerdict;
  /** Path of the source, where there is one. */
  path?: string;
}

/** Compares a detection in bytecode with the source that stands beside it in its archive. */
export function compareBeside(
  bytecode: Omit<BytecodeDetection, 'detection'>,
  { path: whole, inside = '', sourceOf }: Station,
): SourceComparison {
  const cut = inside.lastIndexOf(ARCHIVE_MARK);
  const name = cut < 0 ? inside : inside.slice(cut + ARCHIVE_MARK.length);
  const folder = whole.slice(0, whole.length - name.length);
  if (!sourceOf) return { verdict: 'unknown' };
  for (const path of sourcePaths(name, '')) {
    const source = sourceOf(path);
    if (source) return compareInArchive(bytecode, source, `${folder}${path}`);
  }
  return { verdict: 'missing' };
}

/** Compares a detection's constant with the source at `path`; a zip's times are local, and say nothing. */
function compareInArchive(
  { compiledFrom, constant }: Omit<BytecodeDetection, 'detection'>,
  source: Uint8Array,
  path: string,
): SourceComparison {
  const { header, version } = compiledFrom;
  const verdict = compareWithSource(header, version, constant, { bytes: source, mtime: NaN });
  return { verdict, path };
}
