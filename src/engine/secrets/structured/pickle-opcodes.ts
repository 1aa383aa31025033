/** Tables of pickle's opcodes, from CPython's Lib/pickletools.py, and the escapes of its oldest strings. */

/** What the first object of a small pickle may begin with. */
export const OPENINGS = new Set(
  Array.from(']})(KMJXBCUTNGcI\x8c\x8d\x8e\x8f\x88\x89\x8a', (c) => c.charCodeAt(0)),
);

/** Escapes of a literal of Python 2, and of raw Unicode. */
export function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(
    /\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|([nrt\\'"]))/gi,
    (_, unicode?: string, byte?: string, plain = '') => {
      const code = unicode ?? byte;
      if (code !== undefined) return String.fromCharCode(parseInt(code, 16));
      return { n: '\n', r: '\r', t: '\t' }[plain as string] ?? (plain as string);
    },
  );
}

const codes = (table: Record<string, number>): ReadonlyMap<number, number> =>
  new Map(Object.entries(table).map(([opcode, bytes]) => [opcode.charCodeAt(0), bytes]));

/** Opcodes that change nothing on the stack, with the bytes of their argument. */
export const SKIPPED = codes({ '\x80': 1, '\x95': 8, '\x98': 0, Q: 0 });
/** Opcodes that push what is no text, with the bytes of their argument. */
export const PUSHED = codes({
  N: 0,
  J: 4,
  K: 1,
  M: 2,
  G: 8,
  '}': 0,
  ')': 0,
  '\x82': 1,
  '\x83': 2,
  '\x84': 4,
  '\x88': 0,
  '\x89': 0,
  '\x8f': 0,
  '\x97': 0,
});
/** Opcodes that push text or bytes, with the bytes that tell its length, little-endian. */
export const TEXT_WIDTHS = codes({
  U: 1,
  T: 4,
  X: 4,
  B: 4,
  C: 1,
  '\x8c': 1,
  '\x8d': 8,
  '\x8e': 8,
  '\x96': 8,
});
