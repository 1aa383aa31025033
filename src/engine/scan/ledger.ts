/** What was scanned, as what, and what was not and why: nothing is skipped in silence. */

/** Counts of one scan, or of one layer. */
export interface Ledger {
  /** Regular files seen. */
  files: number;
  /** Their bytes. */
  bytes: number;
  text: Count;
  binary: Count;
  /** Python bytecode decoded. */
  bytecode: Count;
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
  return { files: 0, bytes: 0, text: none(), binary: none(), bytecode: none(), notScanned: {} };
}

/** Adds one file of `bytes` bytes. */
export function count(to: Count, bytes: number): void {
  to.files++;
  to.bytes += bytes;
}

/** Adds a file that was not scanned. */
export function countSkipped(ledger: Ledger, reason: string, bytes: number): void {
  count((ledger.notScanned[reason] ??= none()), bytes);
}

/** Adds one ledger to another. */
export function addLedger(to: Ledger, from: Ledger): void {
  to.files += from.files;
  to.bytes += from.bytes;
  for (const part of ['text', 'binary', 'bytecode'] as const) sum(to[part], from[part]);
  for (const [reason, counted] of Object.entries(from.notScanned)) {
    sum((to.notScanned[reason] ??= none()), counted);
  }
}

function sum(to: Count, from: Count): void {
  to.files += from.files;
  to.bytes += from.bytes;
}
