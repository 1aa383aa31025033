/** Compares bytecode inside an archive with the source that stands beside it there. */
import { compareWithSource, type SourceVerdict } from '../python/source-check.ts';
import type { BytecodeDetection } from './scan-bytecode.ts';

/** The outcome for one detection. */
export interface SourceComparison {
  verdict: SourceVerdict;
  /** Path of the source, where there is one. */
  path?: string;
}

/** Compares a detection's constant with the source at `path`; a zip's times are local, and say nothing. */
export function compareInArchive(
  { compiledFrom, constant }: Omit<BytecodeDetection, 'detection'>,
  source: Uint8Array,
  path: string,
): SourceComparison {
  const { header, version } = compiledFrom;
  const verdict = compareWithSource(header, version, constant, { bytes: source, mtime: NaN });
  return { verdict, path };
}
