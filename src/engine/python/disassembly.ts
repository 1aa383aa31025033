/** A code object's instructions as rows, with what `dis` of the version that compiled it prints for each. */
import { argumentText } from './argument-text.ts';
import { exceptionEntries } from './exception-table.ts';
import { decodeLines, lineAt, type LineTable } from './lines.ts';
import { type Opcodes, ARGUMENT, opcodesFor } from './opcodes.ts';
import type { CodeObject } from './values.ts';
import { type PythonVersion, versionNumber } from './version.ts';

/** One instruction. */
export interface DisassemblyRow {
  /** Byte offset. */
  offset: number;
  /** Source line; 0 where the line table has none. */
  line: number;
  /** Whether the instruction is the first of its line. */
  startsLine: boolean;
  /** Whether some jump or handler leads here (`>>`). */
  target: boolean;
  /** Number of the label of such a place, from 3.13 on (`L1`). */
  label: number | undefined;
  opname: string;
  /** The argument with its EXTENDED_ARGs; undefined where the instruction has none. */
  argument: number | undefined;
  /** What the argument stands for: a constant, a name, an operator, a jump's target. Empty where nothing. */
  text: string;
}

/** An instruction before its argument is resolved. */
export interface RawInstruction {
  offset: number;
  opcode: number;
  argument: number;
  /** Offset behind it and its caches. */
  next: number;
}

const MAX_ROWS = 200_000;

/** All rows, EXTENDED_ARGs among them, inline caches left out. Never throws. */
export function disassemble(code: CodeObject, version: PythonVersion): DisassemblyRow[] {
  const opcodes = opcodesFor(version);
  const v = versionNumber(version);
  const instructions = rawInstructions(code.bytecode, opcodes);
  const lines = decodeLines(code, version, lineMarks(instructions, opcodes));
  const starts = lineStarts(lines, v);
  const labels = labelsOf(code, instructions, opcodes, version);
  const numbers = new Map<number, number>();
  if (v >= 313) [...labels.all].sort((a, b) => a - b).forEach((at, i) => numbers.set(at, i + 1));
  return instructions.map((instruction) => {
    const { offset, opcode, argument } = instruction;
    const has = ((opcodes.argumentKinds[opcode] ?? 0) & ARGUMENT.any) !== 0;
    return {
      offset,
      line: lineAt(lines, offset),
      startsLine: starts.has(offset),
      target: v >= 313 ? numbers.has(offset) : labels.targets.has(offset),
      label: numbers.get(offset),
      opname: opcodes.names[opcode] ?? `<${opcode}>`,
      argument: has ? argument : undefined,
      text: has ? argumentText(code, instruction, opcodes, version, numbers) : '',
    };
  });
}

/** A row as `dis` prints it, with the line where `startsLine`. */
export function rowText(row: DisassemblyRow): string {
  const line = row.startsLine && row.line > 0 ? String(row.line) : '';
  const mark = row.label !== undefined ? `L${row.label}:` : row.target ? '>>' : '';
  const argument = row.argument === undefined ? '' : String(row.argument);
  const text = row.text === '' ? '' : ` (${row.text})`;
  return (
    `${line.padStart(5)} ${mark.padStart(5)} ${String(row.offset).padStart(6)} ` +
    `${row.opname.padEnd(26)} ${argument.padStart(5)}${text}`
  ).trimEnd();
}

function rawInstructions(bytecode: Uint8Array, opcodes: Opcodes): RawInstruction[] {
  const out: RawInstruction[] = [];
  let high = 0;
  for (let at = 0; at < bytecode.length && out.length < MAX_ROWS;) {
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
    high = opcode === opcodes.extended ? argument : 0;
    at += (opcodes.caches[opcode] as number) * 2;
    out.push({ offset, opcode, argument: argument >>> 0, next: at });
  }
  return out;
}

function lineMarks(
  instructions: readonly RawInstruction[],
  opcodes: Opcodes,
): [offset: number, line: number][] {
  const setLine = opcodes.names.indexOf('SET_LINENO');
  if (setLine < 0) return [];
  return instructions
    .filter(({ opcode }) => opcode === setLine)
    .map(({ offset, argument }) => [offset, argument]);
}

/** Offsets at which another line begins; from 3.13 on also where lines end. */
function lineStarts(table: LineTable, v: number): Set<number> {
  const out = new Set<number>();
  let last = -1;
  table.starts.forEach((start, i) => {
    const line = table.lines[i] ?? 0;
    if (line === last || (line === 0 && v >= 310 && v < 313)) return;
    last = line;
    out.add(start);
  });
  return out;
}

function labelsOf(
  code: CodeObject,
  instructions: readonly RawInstruction[],
  opcodes: Opcodes,
  version: PythonVersion,
): { targets: Set<number>; all: Set<number> } {
  const targets = new Set<number>();
  for (const instruction of instructions) {
    const target = jumpTarget(instruction, opcodes, version);
    if (target !== undefined) targets.add(target);
  }
  const all = new Set(targets);
  for (const { start, end, target } of exceptionEntries(code.exceptionTable)) {
    if (start < end) targets.add(target);
    for (const at of [start, end, target]) all.add(at);
  }
  return { targets, all };
}

/** Where a jump leads; undefined for other instructions. */
export function jumpTarget(
  { offset, opcode, argument, next }: RawInstruction,
  opcodes: Opcodes,
  version: PythonVersion,
): number | undefined {
  const kinds = opcodes.argumentKinds[opcode] as number;
  const v = versionNumber(version);
  const unit = v >= 310 && version.implementation !== 'pypy' ? 2 : 1;
  if (kinds & ARGUMENT.absolute) return argument * unit;
  if (!(kinds & ARGUMENT.relative)) return undefined;
  const name = opcodes.names[opcode] ?? '';
  const back = name.includes('BACKWARD') || name === 'END_ASYNC_FOR';
  // Up to 3.11 `dis` counted from behind the instruction without its caches, which jumps did not have.
  const from = v >= 312 ? next : offset + (opcodes.wordcode ? 2 : 3);
  return back ? from - argument * unit : from + argument * unit;
}
