/** The exception table of 3.11 and later (Objects/exception_handling_notes.txt). */

/** A stretch of instructions, in bytes, and where an exception in it goes. */
export interface ExceptionEntry {
  start: number;
  end: number;
  target: number;
  /** Values that stay on the stack. */
  depth: number;
  /** Whether the offset of the instruction is pushed too. */
  lasti: boolean;
}

/** All entries; a damaged table gives those up to the damage. */
export function exceptionEntries(table: Uint8Array): ExceptionEntry[] {
  const entries: ExceptionEntry[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let i = 0; at < table.length && i < 6; i++) {
      const byte = table[at++] as number;
      value = (value << 6) | (byte & 63);
      if ((byte & 64) === 0) break;
    }
    return value;
  };
  while (at < table.length) {
    const start = varint() * 2;
    const end = start + varint() * 2;
    const target = varint() * 2;
    const depth = varint();
    entries.push({ start, end, target, depth: depth >> 1, lasti: (depth & 1) === 1 });
  }
  return entries;
}

/** Stack depth at each handler's first instruction, by its byte offset. */
export function exceptionHandlers(table: Uint8Array): Map<number, number> {
  const handlers = new Map<number, number>();
  for (const { target, depth, lasti } of exceptionEntries(table)) {
    if (target >= 0) handlers.set(target, depth + (lasti ? 1 : 0) + 1);
  }
  return handlers;
}
