/** The exception table of 3.11 and later (Objects/exception_handling_notes.txt). */

/** Stack depth at each handler's first instruction, by its byte offset. */
export function exceptionHandlers(table: Uint8Array): Map<number, number> {
  const handlers = new Map<number, number>();
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
    varint(); // start
    varint(); // length
    const target = varint() * 2;
    const depth = varint();
    handlers.set(target, (depth >> 1) + (depth & 1) + 1);
  }
  return handlers;
}
