/**
 * Which version wrote code that does not say so: bare marshal data, and files with a magic number nobody
 * knows. The distinct layouts are tried, most recent first; within a layout the instructions decide.
 */
import { type Unmarshalled, unmarshal } from './marshal.ts';
import { ARGUMENT, type Opcodes, opcodesFor } from './opcodes.ts';
import { type CodeObject, isCode } from './values.ts';
import { cpython, type PythonVersion, versionNumber } from './version.ts';

/** Versions of one layout, newest first; the first of them stands for the layout. */
const LAYOUTS: readonly (readonly PythonVersion[])[] = [
  [15, 14, 13, 12, 11].map((minor) => cpython(3, minor)),
  [
    cpython(3, 10),
    cpython(3, 9),
    cpython(3, 8),
    { ...cpython(3, 9), implementation: 'pypy' as const },
  ],
  [{ ...cpython(3, 11), implementation: 'pypy' as const }],
  [7, 6, 5, 4].map((minor) => cpython(3, minor)),
  [3, 2, 1, 0].map((minor) => cpython(3, minor)),
  [7, 6, 5, 4, 3].map((minor) => cpython(2, minor)),
  [2, 1].map((minor) => cpython(2, minor)),
  [cpython(2, 0), cpython(1, 6), cpython(1, 5)],
  [cpython(1, 4)],
  [cpython(1, 0)],
];

const MOST_INSTRUCTIONS = 20_000;

/** A version and what it makes of the data. */
export interface Guess {
  version: PythonVersion;
  decoded: Unmarshalled;
}

/** Decodes a code object at `start` by each layout; undefined where none decodes it whole. */
export function guessVersion(bytes: Uint8Array, start: number): Guess | undefined {
  let best: (Guess & { faults: number }) | undefined;
  for (const layout of LAYOUTS) {
    const first = unmarshal(bytes, layout[0] as PythonVersion, start);
    if (first.error !== undefined || !isCode(first.value)) continue;
    for (const version of layout) {
      const faults = faultsIn(first.codes, version);
      if (best && faults >= best.faults) continue;
      best = { version, decoded: first, faults };
      if (faults === 0) return best;
    }
  }
  return best;
}

/** Share of instructions that make no sense: unknown, or with an argument out of range; 0 to 1. */
function faultsIn(codes: readonly CodeObject[], version: PythonVersion): number {
  const opcodes = opcodesFor(version);
  let seen = 0;
  let faults = 0;
  for (const code of codes) {
    if (seen > MOST_INSTRUCTIONS) break;
    // A file's bytes that are no code object's: names are always there.
    if (code.name === '?') faults++;
    const bytecode = code.bytecode;
    const jumpUnit = versionNumber(version) >= 310 && version.implementation === 'cpython' ? 2 : 1;
    for (let at = 0; at < bytecode.length && seen <= MOST_INSTRUCTIONS; seen++) {
      const opcode = bytecode[at] as number;
      const wide = opcodes.wordcode || opcode >= opcodes.haveArgument;
      const low = wide ? (bytecode[at + 1] ?? 0) : 0;
      const argument = opcodes.wordcode || !wide ? low : low | ((bytecode[at + 2] ?? 0) << 8);
      at += opcodes.wordcode ? 2 : wide ? 3 : 1;
      if (opcodes.names[opcode] === undefined) faults++;
      else if (outOfRange(code, opcodes, opcode, argument, at, jumpUnit)) faults++;
      at += (opcodes.caches[opcode] as number) * 2;
    }
  }
  return seen === 0 ? 1 : faults / seen;
}

function outOfRange(
  code: CodeObject,
  opcodes: Opcodes,
  opcode: number,
  argument: number,
  next: number,
  jumpUnit: number,
): boolean {
  const kinds = opcodes.argumentKinds[opcode] as number;
  const length = code.bytecode.length;
  if (kinds & ARGUMENT.constant) return argument >= code.constants.length;
  if (kinds & ARGUMENT.absolute) return argument * jumpUnit >= length;
  if (kinds & ARGUMENT.relative) {
    const back = opcodes.names[opcode]?.includes('BACKWARD') === true;
    return back ? next < argument * jumpUnit : next + argument * jumpUnit >= length;
  }
  const name = opcodes.names[opcode];
  if (kinds & ARGUMENT.name) {
    // Some pack bits beside the index; without them it may only be smaller.
    const shift = name === 'LOAD_SUPER_ATTR' ? 2 : /^LOAD_(ATTR|GLOBAL)$/.test(name ?? '') ? 1 : 0;
    return argument >> shift >= code.names.length;
  }
  return false;
}
