/** Finite state entropy tables (RFC 8878, 4.1). */

/** A decoding table. */
export interface FseTable {
  /** Bits of a state. */
  log: number;
  /** For each state its symbol, and how the next is read: `base << 16 | bits << 8 | symbol`. */
  entries: Uint32Array;
}

/** Builds a table from normalized counts; -1 is a probability below one. */
export function buildFse(counts: readonly number[], log: number): FseTable {
  const size = 1 << log;
  const symbol = new Uint8Array(size);
  const entries = new Uint32Array(size);
  const next = counts.map((count) => (count === -1 ? 1 : count));
  let high = size;
  counts.forEach((count, s) => {
    if (count === -1) symbol[--high] = s;
  });
  const step = (size >> 1) + (size >> 3) + 3;
  let at = 0;
  counts.forEach((count, s) => {
    for (let i = 0; i < count; i++) {
      symbol[at] = s;
      do at = (at + step) & (size - 1);
      while (at >= high);
    }
  });
  for (let state = 0; state < size; state++) {
    const s = symbol[state] as number;
    const x = next[s] as number;
    next[s] = x + 1;
    const n = log - (31 - Math.clz32(x));
    entries[state] = (((x << n) - size) << 16) | (n << 8) | s;
  }
  return { log, entries };
}

/** The table that always gives one symbol. */
export function rleTable(symbol: number): FseTable {
  return { log: 0, entries: Uint32Array.of(symbol) };
}

/** Reads a table description; `end` is where it ends. @throws {RangeError} on damage. */
export function readFse(
  data: Uint8Array,
  maxLog: number,
  maxSymbol: number,
): { table: FseTable; end: number } {
  let bit = 0;
  const peek = (n: number): number => {
    const i = bit >> 3;
    const word =
      (data[i] ?? 0) |
      ((data[i + 1] ?? 0) << 8) |
      ((data[i + 2] ?? 0) << 16) |
      ((data[i + 3] ?? 0) << 24);
    return (word >>> (bit & 7)) & ((1 << n) - 1);
  };
  const log = peek(4) + 5;
  bit += 4;
  if (log > maxLog) throw new RangeError('a table too large');
  let remaining = (1 << log) + 1;
  const counts: number[] = [];
  while (remaining > 1) {
    if (counts.length > maxSymbol) throw new RangeError('too many symbols');
    const n = 32 - Math.clz32(remaining);
    const value = peek(n);
    const threshold = (1 << n) - 1 - remaining;
    const lowBits = value & ((1 << (n - 1)) - 1);
    let count: number;
    if (lowBits < threshold) {
      count = lowBits;
      bit += n - 1;
    } else {
      count = value >= 1 << (n - 1) ? value - threshold : value;
      bit += n;
    }
    count--;
    remaining -= Math.abs(count);
    counts.push(count);
    if (count === 0) {
      for (let repeat = 3; repeat === 3;) {
        repeat = peek(2);
        bit += 2;
        for (let i = 0; i < repeat; i++) counts.push(0);
        if (counts.length > maxSymbol + 1) throw new RangeError('too many symbols');
      }
    }
    if (bit > data.length * 8) throw new RangeError('a table cut short');
  }
  if (remaining !== 1 || counts.length > maxSymbol + 1)
    throw new RangeError('a table that does not add up');
  return { table: buildFse(counts, log), end: (bit + 7) >> 3 };
}
