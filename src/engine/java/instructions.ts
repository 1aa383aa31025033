/** Instructions of the Java virtual machine: how long each is, and what it does to the stack. JVM specification, chapter 6. */

/** Opcodes that are looked at one by one. */
export const OP = {
  ldc: 0x12,
  ldcWide: 0x13,
  aload: 0x19,
  aload0: 0x2a,
  aload3: 0x2d,
  astore: 0x3a,
  astore0: 0x4b,
  astore3: 0x4e,
  aastore: 0x53,
  dup: 0x59,
  swap: 0x5f,
  goto: 0xa7,
  tableSwitch: 0xaa,
  lookupSwitch: 0xab,
  areturn: 0xb0,
  return: 0xb1,
  getStatic: 0xb2,
  putStatic: 0xb3,
  getField: 0xb4,
  putField: 0xb5,
  invokeVirtual: 0xb6,
  invokeStatic: 0xb8,
  invokeDynamic: 0xba,
  athrow: 0xbf,
  anewarray: 0xbd,
  checkCast: 0xc0,
  wide: 0xc4,
  multiNewArray: 0xc5,
  gotoWide: 0xc8,
} as const;

/** Lengths in bytes, by opcodes in runs: first, last, length; all others have one. */
const LENGTHS: readonly (readonly [number, number, number])[] = [
  [0x10, 0x10, 2],
  [0x11, 0x11, 3],
  [0x12, 0x12, 2],
  [0x13, 0x14, 3],
  [0x15, 0x19, 2],
  [0x36, 0x3a, 2],
  [0x84, 0x84, 3],
  [0x99, 0xa8, 3],
  [0xa9, 0xa9, 2],
  [0xb2, 0xb8, 3],
  [0xb9, 0xba, 5],
  [0xbb, 0xbb, 3],
  [0xbc, 0xbc, 2],
  [0xbd, 0xbd, 3],
  [0xc0, 0xc1, 3],
  [0xc5, 0xc5, 4],
  [0xc6, 0xc7, 3],
  [0xc8, 0xc9, 5],
];
const LENGTH_OF = new Uint8Array(256).fill(1);
for (const [first, last, length] of LENGTHS) LENGTH_OF.fill(length, first, last + 1);

/** Words taken from the stack and put onto it, by opcodes in runs: first, last, taken, put. */
const EFFECTS: readonly (readonly [number, number, number, number])[] = [
  [0x01, 0x08, 0, 1],
  [0x09, 0x0a, 0, 2],
  [0x0b, 0x0d, 0, 1],
  [0x0e, 0x0f, 0, 2],
  [0x10, 0x13, 0, 1],
  [0x14, 0x14, 0, 2],
  [0x2e, 0x35, 2, 1],
  [0x2f, 0x2f, 2, 2],
  [0x31, 0x31, 2, 2],
  [0x4f, 0x56, 3, 0],
  [0x50, 0x50, 4, 0],
  [0x52, 0x52, 4, 0],
  [0x57, 0x57, 1, 0],
  [0x58, 0x58, 2, 0],
  [0x74, 0x74, 1, 1],
  [0x75, 0x75, 2, 2],
  [0x76, 0x76, 1, 1],
  [0x77, 0x77, 2, 2],
  [0x78, 0x78, 2, 1],
  [0x79, 0x79, 3, 2],
  [0x7a, 0x7a, 2, 1],
  [0x7b, 0x7b, 3, 2],
  [0x7c, 0x7c, 2, 1],
  [0x7d, 0x7d, 3, 2],
  [0x85, 0x85, 1, 2],
  [0x86, 0x86, 1, 1],
  [0x87, 0x87, 1, 2],
  [0x88, 0x89, 2, 1],
  [0x8a, 0x8a, 2, 2],
  [0x8b, 0x8b, 1, 1],
  [0x8c, 0x8d, 1, 2],
  [0x8e, 0x8e, 2, 1],
  [0x8f, 0x8f, 2, 2],
  [0x90, 0x90, 2, 1],
  [0x91, 0x93, 1, 1],
  [0x94, 0x94, 4, 1],
  [0x95, 0x96, 2, 1],
  [0x97, 0x98, 4, 1],
  [0x99, 0x9e, 1, 0],
  [0x9f, 0xa6, 2, 0],
  [0xa8, 0xa8, 0, 1],
  [0xbb, 0xbb, 0, 1],
  [0xbc, 0xbe, 1, 1],
  [0xc1, 0xc1, 1, 1],
  [0xc2, 0xc3, 1, 0],
  [0xc6, 0xc7, 1, 0],
  [0xc9, 0xc9, 0, 1],
];
const TAKEN = new Uint8Array(256);
const PUT = new Uint8Array(256);
const set = (opcode: number, taken: number, put: number): void => {
  TAKEN[opcode] = taken;
  PUT[opcode] = put;
};
for (const [first, last, taken, put] of EFFECTS)
  for (let opcode = first; opcode <= last; opcode++) set(opcode, taken, put);
// Loads, stores, arithmetic and logic come for int, long, float and double in turn.
const WORDS = [1, 2, 1, 2];
for (let kind = 0; kind < 4; kind++) {
  const words = WORDS[kind] as number;
  set(0x15 + kind, 0, words);
  set(0x36 + kind, words, 0);
  for (let slot = 0; slot < 4; slot++) {
    set(0x1a + 4 * kind + slot, 0, words);
    set(0x3b + 4 * kind + slot, words, 0);
  }
  for (let opcode = 0x60 + kind; opcode <= 0x73; opcode += 4) set(opcode, 2 * words, words);
}
for (let opcode = 0x7e; opcode <= 0x83; opcode++) {
  const words = 1 + (opcode & 1);
  set(opcode, 2 * words, words);
}

/** Words that an instruction takes from the stack, where its opcode alone tells. */
export function wordsTaken(opcode: number): number {
  return TAKEN[opcode] as number;
}

/** Words that an instruction puts onto the stack, where its opcode alone tells. */
export function wordsPut(opcode: number): number {
  return PUT[opcode] as number;
}

/**
 * Bytes of the instruction at `at` of code that starts at `start`.
 * @throws {RangeError} where the bytes end within it.
 */
export function instructionLength(view: DataView, at: number, start: number): number {
  const opcode = view.getUint8(at);
  if (opcode === OP.wide) return view.getUint8(at + 1) === 0x84 ? 6 : 4;
  if (opcode !== OP.tableSwitch && opcode !== OP.lookupSwitch) return LENGTH_OF[opcode] as number;
  const padding = 3 - ((at - start) & 3);
  const operands = at + 1 + padding;
  const entries =
    opcode === OP.tableSwitch
      ? 4 * (view.getInt32(operands + 8) - view.getInt32(operands + 4) + 1) + 12
      : 8 * view.getInt32(operands + 4) + 8;
  return Math.max(1, 1 + padding + entries);
}

/** Whether code may load a constant that is wanted, by its index; every byte is taken for the start of an instruction. */
export function mayLoad(
  bytes: Uint8Array,
  { start, end }: { start: number; end: number },
  wanted: (constant: number) => boolean,
): boolean {
  const last = Math.min(end, bytes.length) - 1;
  for (let at = start; at < last; at++) {
    const opcode = bytes[at];
    if (opcode !== OP.ldc && opcode !== OP.ldcWide) continue;
    const next = bytes[at + 1] as number;
    if (wanted(opcode === OP.ldc ? next : next * 256 + (bytes[at + 2] ?? 0))) return true;
  }
  return false;
}

const MOST_ARGUMENTS = 255; // as the machine has it

/** A method's descriptor: words that its arguments take up, one by one, and words that it gives back. */
export function readDescriptor(descriptor: string): { arguments: number[]; result: number } {
  const [, inside = '', result = ''] = /^\(([^)]*)\)(.*)$/.exec(descriptor) ?? [];
  const types = inside.match(/\[*(?:L[^;]+;|[BCDFIJSZ])/g) ?? [];
  return {
    arguments: types.slice(0, MOST_ARGUMENTS).map(wordsOf),
    result: result === 'V' ? 0 : wordsOf(result),
  };
}

/** Words that a value of a type takes up. */
export function wordsOf(type: string): number {
  return type === 'J' || type === 'D' ? 2 : 1;
}

/** Whether an instruction may go on elsewhere. */
export function jumps(opcode: number): boolean {
  return (opcode >= 0x99 && opcode <= 0xa6) || opcode === 0xc6 || opcode === 0xc7;
}

/** Whether no instruction follows another. */
export function endsPath(opcode: number): boolean {
  return (
    opcode === OP.goto ||
    opcode === OP.gotoWide ||
    (opcode >= OP.tableSwitch && opcode <= OP.return) ||
    opcode === OP.athrow ||
    opcode === 0xa9 // ret
  );
}
