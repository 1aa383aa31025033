/** What a scan has seen and found so far, to be told while it runs; the values themselves are left out. */
import { type Detection, type Severity, SEVERITIES } from '../secrets/finding.ts';

/** Detections by severity. */
export type FoundCounts = Partial<Record<Severity, number>>;

/** A detection as it can be told before anyone knows its image: the value itself stays where it is. */
export interface FoundNote {
  severity: Severity;
  title: string;
  /** Path in the layer, `a.zip!/b` for a file inside another. */
  path: string;
}

const MOST_NOTES = 8; // between two reports; a file may hold a thousand
const NOTED = SEVERITIES.slice(0, SEVERITIES.indexOf('medium') + 1);

/** Adds up as a layer is read; `take` empties the notes. */
export class FoundSoFar {
  /** Regular files seen. */
  files = 0;
  #counts: FoundCounts = {};
  #notes: FoundNote[] = [];

  add({ severity, rule, candidate }: Detection, path: string): void {
    if (candidate) return;
    this.#counts[severity] = (this.#counts[severity] ?? 0) + 1;
    if (this.#notes.length < MOST_NOTES && NOTED.includes(severity))
      this.#notes.push({ severity, title: rule.title, path });
  }

  /** All counts, and what has been noted since the last call. */
  take(): { files: number; found: FoundCounts; latest: FoundNote[] } {
    return { files: this.files, found: { ...this.#counts }, latest: this.#notes.splice(0) };
  }
}

/** Adds the counts of one part to those of another. */
export function addCounts(to: FoundCounts, from: FoundCounts): void {
  for (const severity of SEVERITIES) {
    const more = from[severity];
    if (more !== undefined) to[severity] = (to[severity] ?? 0) + more;
  }
}
