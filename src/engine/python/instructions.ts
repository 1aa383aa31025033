/** Raw bytecode as instructions: `EXTENDED_ARG` joined in, inline caches passed over. */
import type { Opcodes } from './opcodes.ts';

/** Instructions of one code object, in columns. */
export interface Instructions {
  count: number;
  /** Byte offset of each instruction, of its first EXTENDED_ARG where it has one. */
  start: Uint32Array;
  /** Byte offset of the opcode itself. */
  offset: Uint32Array;
  opcode: Uint8Array;
  /** The argument; 0 where the instruction has none. */
  argument: Int32Array;
  /** Byte offset behind the instruction and its caches. */
  next: Uint32Array;
}

/** Splits bytecode into instructions; bytes that are cut off at the end are left out. */
export function decodeInstructions(bytecode: Uint8Array, opcodes: Opcodes): Instructions {
  const most = opcodes.wordcode ? bytecode.length >> 1 : bytecode.length;
  const out: Instructions = {
    count: 0,
    start: new Uint32Array(most),
    offset: new Uint32Array(most),
    opcode: new Uint8Array(most),
    argument: new Int32Array(most),
    next: new Uint32Array(most),
  };
  const extended = opcodes.names.indexOf('EXTENDED_ARG');
  let at = 0;
  let start = 0;
  let high = 0;
  while (at < bytecode.length) {
    const opcode = bytecode[at] as number;
    const offset = at;
    let argument = 0;
    if (opcodes.wordcode) {
      if (at + 1 >= bytecode.length) break;
      argument = (high << 8) | (bytecode[at + 1] as number);
      at += 2;
    } else if (opcode >= opcodes.haveArgument) {
      if (at + 2 >= bytecode.length) break;
      argument = (high << 16) | (bytecode[at + 1] as number) | ((bytecode[at + 2] as number) << 8);
      at += 3;
    } else at += 1;
    if (opcode === extended) {
      high = argument;
      continue;
    }
    at += (opcodes.caches[opcode] as number) * 2;
    const i = out.count++;
    out.start[i] = start;
    out.offset[i] = offset;
    out.opcode[i] = opcode;
    out.argument[i] = argument;
    out.next[i] = at;
    start = at;
    high = 0;
  }
  return out;
}
