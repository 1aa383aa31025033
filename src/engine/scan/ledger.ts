/**
 * What was scanned, as what, and what was not and why: nothing is skipped in silence. Each regular file of a
 * layer stands once in `text`, `binary` or `decoded`, whose bytes, with those of `notScanned` that no one read
 * (holes, what was cut off), are the layer's.
 */

/** Counts of one scan, or of one layer. */
export interface Ledger {
  /** Regular files seen. */
  files: number;
  /** Their bytes. */
  bytes: number;
  text: Count;
  binary: Count;
  /** What was decoded before it was scanned, by what it is: `bytecode`, `zip`, `empty`; files in others apart. */
  decoded: Record<string, Count>;
  /** Files found inside other files, with the bytes that they unpack to. */
  nested: Count;
  /** Files not scanned, or not as what they are, by reason. */
  notScanned: Record<string, Count>;
}

/** Files and their bytes. */
export interface Count {
  files: number;
  bytes: number;
}

const none = (): Count => ({ files: 0, bytes: 0 });

/** A ledger with nothing in it. */
export function emptyLedger(): Ledger {
  return {
    files: 0,
    bytes: 0,
    text: none(),
    binary: none(),
    nested: none(),
    decoded: {},
    notScanned: {},
  };
}

/** Adds one file of `bytes` bytes. */
export function count(to: Count, bytes: number): void {
  to.files++;
  to.bytes += bytes;
}

/** Adds a file that was decoded, by what it is. */
export function countDecoded(ledger: Ledger, what: string, bytes: number): void {
  count((ledger.decoded[what] ??= none()), bytes);
}

/** Adds a file that was not scanned. */
export function countSkipped(ledger: Ledger, reason: string, bytes: number): void {
  count((ledger.notScanned[reason] ??= none()), bytes);
}

/** Adds one ledger to another. */
export function addLedger(to: Ledger, from: Ledger): void {
  to.files += from.files;
  to.bytes += from.bytes;
  for (const part of ['text', 'binary', 'nested'] as const) sum(to[part], from[part]);
  for (const part of ['decoded', 'notScanned'] as const) {
    for (const [what, counted] of Object.entries(from[part]))
      sum((to[part][what] ??= none()), counted);
  }
}

function sum(to: Count, from: Count): void {
  to.files += from.files;
  to.bytes += from.bytes;
}
