/** Problems that more than one scan of contents tells of. */
import type { Problem } from '../archive/problem.ts';

/** A file of which not all findings are listed. */
export function tooMany(path: string): Problem {
  return {
    code: 'too-many-findings',
    message:
      'This file holds more secrets than are listed of one file; those beyond were left out.',
    path,
  };
}
