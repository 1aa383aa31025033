/** What an engine does that inflates DEFLATE data (RFC 1951) piece by piece; there are two. */

/** How a run of an engine ended: it needs more, its output is full, the data have ended, are damaged, or cut short. */
export const NEEDS_INPUT = 0;
export const FULL = 1;
export const ENDED = 2;
export const DAMAGED = 3;
export const CUT_SHORT = 4;

/** Bytes that one run reads at most. */
export const MOST_INPUT = 1 << 16;
/** Bytes that a run needs, where more may follow, to get on. */
export const LEAST_INPUT = 1024;

/** Inflates one stream of data after the other. */
export interface InflateEngine {
  /** Begins with other data. */
  reset(): void;
  /**
   * Inflates up to `MOST_INPUT` bytes, as far as there is room for what comes out; `last` says that no more follows. What
   * it leaves unread must stand in front of what comes next.
   */
  run(bytes: Uint8Array, last: boolean): number;
  /** Bytes that the last run has read. */
  readonly used: number;
  /** What came out of the last run, valid until the next. */
  readonly output: Uint8Array;
  /** The CRC-32 of `output`, behind bytes whose CRC-32 is `before`. */
  crc(before: number): number;
}
