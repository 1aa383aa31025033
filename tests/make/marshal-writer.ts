/** Writes marshal data and assembles code objects by hand, for versions without an interpreter and hostile input. */
import { opcodesFor } from '../../src/engine/python/opcodes.ts';
import type { PythonVersion } from '../../src/engine/python/version.ts';

/** What can be written. `raw` bytes are taken as they are. */
export type Writable =
  null | number | string | { tuple: Writable[]; flagged?: boolean } | { raw: number[] } | CodeSpec;

/** A code object; what is left out is empty. */
export interface CodeSpec {
  instructions: (string | [name: string, argument: number])[];
  constants?: Writable[];
  names?: string[];
  locals?: string[];
  free?: string[];
  cells?: string[];
  name?: string;
  arguments?: number;
  keywordOnly?: number;
  stackSize?: number;
  flags?: number;
  firstLine?: number;
  lines?: number[];
  exceptions?: number[];
}

const u32 = (n: number): number[] => [n & 255, (n >> 8) & 255, (n >> 16) & 255, (n >> 24) & 255];
const sized = (type: string, bytes: ArrayLike<number>): number[] => [
  type.charCodeAt(0),
  ...u32(bytes.length),
  ...Array.from(bytes),
];
const number = (version: PythonVersion): number => version.major * 100 + version.minor;

/** Raw instructions by their names; caches are zeros. */
export function assemble(instructions: CodeSpec['instructions'], version: PythonVersion): number[] {
  const opcodes = opcodesFor(version);
  const out: number[] = [];
  for (const instruction of instructions) {
    const [name, argument] = typeof instruction === 'string' ? [instruction, 0] : instruction;
    const opcode = opcodes.names.indexOf(name);
    if (opcode < 0) throw new Error(`${name} is no opcode of ${opcodes.table}`);
    if (opcodes.wordcode) {
      if (argument > 255) out.push(opcodes.extended, argument >> 8);
      out.push(opcode, argument & 255);
    } else if (opcode >= opcodes.haveArgument) out.push(opcode, argument & 255, argument >> 8);
    else out.push(opcode);
    for (let i = 0; i < (opcodes.caches[opcode] ?? 0); i++) out.push(0, 0);
  }
  return out;
}

/** A value's bytes. */
export function marshal(value: Writable, version: PythonVersion): number[] {
  const v = number(version);
  if (value === null) return [0x4e];
  if (typeof value === 'number') return [0x69, ...u32(value)];
  if (typeof value === 'string') {
    return sized(v < 300 ? 's' : 'u', new TextEncoder().encode(value));
  }
  if ('raw' in value) return value.raw;
  if ('tuple' in value) {
    const type = 0x28 | (value.flagged ? 0x80 : 0);
    return [type, ...u32(value.tuple.length), ...value.tuple.flatMap((x) => marshal(x, version))];
  }
  return marshalCode(value, version);
}

function marshalCode(code: CodeSpec, version: PythonVersion): number[] {
  const v = number(version);
  const wide = (n: number): number[] => (v < 203 ? [n & 255, n >> 8] : u32(n));
  const names = (list: string[] = []): number[] => marshal({ tuple: list }, version);
  const text = (value: string): number[] => marshal(value, version);
  const { locals = [], cells = [], free = [], stackSize = 10, firstLine = 1 } = code;
  const bytecode = sized('s', assemble(code.instructions, version));
  const constants = marshal({ tuple: code.constants ?? [] }, version);
  const flags = code.flags ?? (code.name && code.name !== '<module>' ? 3 : 0);
  const title = [...text('hand.py'), ...text(code.name ?? '<module>')];
  const lines = sized('s', code.lines ?? []);
  const head = wide(code.arguments ?? 0);
  if (v >= 308) head.push(...wide(0));
  if (v >= 300) head.push(...wide(code.keywordOnly ?? 0));
  if (v >= 311) {
    const kinds = [...locals.map(() => 0x20), ...cells.map(() => 0x40), ...free.map(() => 0x80)];
    head.push(...wide(stackSize), ...wide(flags), ...bytecode, ...constants, ...names(code.names));
    head.push(...names([...locals, ...cells, ...free]), ...sized('s', kinds), ...title);
    head.push(...text(code.name ?? '<module>'), ...wide(firstLine), ...lines);
    return [0x63, ...head, ...sized('s', code.exceptions ?? [])];
  }
  head.push(...wide(locals.length), ...wide(stackSize), ...wide(flags), ...bytecode);
  head.push(...constants, ...names(code.names), ...names(locals));
  if (v >= 201) head.push(...names(free), ...names(cells));
  return [0x63, ...head, ...title, ...wide(firstLine), ...lines];
}

/** A `.pyc`: the magic number, a header of zeros, the code. */
export function pycOf(code: Writable, version: PythonVersion, magic: number): Uint8Array {
  const v = number(version);
  const header = v >= 307 ? 16 : v >= 303 ? 12 : 8;
  const head = [magic & 255, magic >> 8, 0x0d, 0x0a, ...new Array<number>(header - 4).fill(0)];
  return new Uint8Array([...head, ...marshal(code, version)]);
}
