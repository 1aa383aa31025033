/**
 * Values in places where packages are installed and applications as well. While a layer is read nothing tells
 * whose a file there is: the value is judged both ways, and the whole image settles which of them counts.
 */
import { asOwn, type FileKind } from './file-kind.ts';
import { type Detection, SEVERITIES } from './finding.ts';

/**
 * Judges as for a package's file; what an own file would add to that is kept beside it. What is no secret in an own
 * file is none in a package's.
 */
export function judgeDisputed(
  file: FileKind,
  judge: (file: FileKind) => Detection | undefined,
): Detection | undefined {
  const { disputed, prose, test, lock, library } = file;
  if (!disputed || prose || test || lock || library) return judge(file);
  const own = judge(asOwn(file));
  if (!own) return undefined;
  const found = judge(file);
  if (!found) return { ...own, candidate: 'own' };
  const isWorse = SEVERITIES.indexOf(own.severity) < SEVERITIES.indexOf(found.severity);
  return isWorse ? { ...found, ifOwn: own } : found;
}

/** A detection in a file that is the image's own, for the reason given; in a package's where there is none. */
export function settleDisputed(
  { candidate, ifOwn, ...found }: Detection,
  reason: string | undefined,
): Detection | undefined {
  if (candidate === 'own' && reason === undefined) return undefined;
  const kept = candidate === 'signs' ? { ...found, candidate } : found;
  if (reason === undefined || (candidate !== 'own' && !ifOwn)) return kept;
  const { why } = ifOwn ?? found;
  return { ...kept, ...ifOwn, why: [...why, reason] };
}
