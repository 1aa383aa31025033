/**
 * What could not be read, in words. A problem is a value: the scan goes on and lists it in the report.
 * An ArchiveError is thrown only where nothing at all could be opened.
 */

/** One thing that could not be read or that needs a word, as it stands in the report's `problems`. */
export interface Problem {
  /** Stable, kebab-case, for programs: `gzip-checksum`, `tar-truncated`. */
  code: string;
  /** A sentence for a person. */
  message: string;
  /** Diff ID of the layer, where there is one. */
  layer?: string;
  /** Path in the layer or archive, without a leading slash. */
  path?: string;
}

/** Thrown where a file cannot be opened at all; `message` is a full sentence to show as it is. */
export class ArchiveError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'ArchiveError';
    this.code = code;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
