/** What an instruction's argument stands for, in the words of each version's `dis`. */
import { jumpTarget, type RawInstruction } from './disassembly.ts';
import { ARGUMENT, type Opcodes } from './opcodes.ts';
import { repr } from './repr.ts';
import type { CodeObject } from './values.ts';
import { type PythonVersion, versionNumber } from './version.ts';

const CONVERSIONS = ['', 'str', 'repr', 'ascii'];
const FUNCTION_PARTS = ['defaults', 'kwdefaults', 'annotations', 'closure', 'annotate'];
const MOST = 20_000; // characters of a constant

/** Empty where the number is all there is to say. */
export function argumentText(
  code: CodeObject,
  instruction: RawInstruction,
  opcodes: Opcodes,
  version: PythonVersion,
  labels: ReadonlyMap<number, number>,
): string {
  const { opcode, argument } = instruction;
  const kinds = opcodes.argumentKinds[opcode] as number;
  const name = opcodes.names[opcode] ?? '';
  const v = versionNumber(version);
  if (kinds & ARGUMENT.constant) return constantText(code, name, argument);
  if (kinds & ARGUMENT.name) return nameText(code, name, argument, version);
  if (kinds & ARGUMENT.absolute && (v < 310 || version.implementation === 'pypy')) return '';
  if (kinds & (ARGUMENT.relative | ARGUMENT.absolute)) {
    const target = jumpTarget(instruction, opcodes, version) as number;
    const label = labels.get(target);
    // No jump, but it tells where the loop that it ends begins.
    const word = name === 'END_ASYNC_FOR' && label !== undefined ? 'from' : 'to';
    return label === undefined ? `${word} ${target}` : `${word} L${label}`;
  }
  if (kinds & ARGUMENT.compare) return compareText(opcodes, argument, v);
  if (kinds & (ARGUMENT.local | ARGUMENT.free)) {
    return localText(code, name, kinds, argument, version);
  }
  switch (name) {
    case 'FORMAT_VALUE': {
      const conversion = CONVERSIONS[argument & 3] ?? '';
      return [conversion, (argument & 4) !== 0 ? 'with format' : ''].filter(Boolean).join(', ');
    }
    case 'CONVERT_VALUE':
      return CONVERSIONS[argument] ?? '';
    case 'MAKE_FUNCTION':
      if (v < 308) return '';
      return FUNCTION_PARTS.slice(0, 4)
        .filter((_, i) => (argument & (1 << i)) !== 0)
        .join(', ');
    case 'SET_FUNCTION_ATTRIBUTE':
      return FUNCTION_PARTS.filter((_, i) => (argument & (1 << i)) !== 0).join(', ');
    case 'BINARY_OP':
      return opcodes.binary[argument] ?? '';
    case 'CALL_INTRINSIC_1':
      return opcodes.intrinsic1[argument] ?? '';
    case 'CALL_INTRINSIC_2':
      return opcodes.intrinsic2[argument] ?? '';
    case 'LOAD_COMMON_CONSTANT':
      return opcodes.common[argument] ?? '';
    case 'LOAD_SPECIAL':
      return opcodes.special[argument] ?? '';
    case 'IS_OP':
      return v < 314 ? '' : argument ? 'is not' : 'is';
    case 'CONTAINS_OP':
      return v < 314 ? '' : argument ? 'not in' : 'in';
    default:
      return '';
  }
}

function constantText(code: CodeObject, name: string, argument: number): string {
  if (name === 'LOAD_SMALL_INT') return String(argument);
  const value = code.constants[argument];
  return value === undefined ? '' : repr(value, MOST);
}

function nameText(
  code: CodeObject,
  opname: string,
  argument: number,
  version: PythonVersion,
): string {
  const v = versionNumber(version);
  const modern = v >= 311 && version.implementation !== 'pypy';
  const at = (index: number): string => code.names[index] ?? '?';
  const withNull = (index: number, flag: number, mark: string): string => {
    if (!flag) return at(index);
    return v >= 313 ? `${at(index)} + ${mark}` : `${mark} + ${at(index)}`;
  };
  if (modern && opname === 'LOAD_GLOBAL') return withNull(argument >> 1, argument & 1, 'NULL');
  if (modern && v >= 312) {
    if (opname === 'LOAD_ATTR') return withNull(argument >> 1, argument & 1, 'NULL|self');
    if (opname === 'LOAD_SUPER_ATTR') return withNull(argument >> 2, argument & 1, 'NULL|self');
    if (v >= 315 && opname === 'IMPORT_NAME') {
      const name = at(argument >> 2);
      return name && name + (['', ' + lazy', ' + eager'][argument & 3] ?? '');
    }
  }
  return at(argument);
}

function compareText(opcodes: Opcodes, argument: number, v: number): string {
  const operator = v >= 313 ? argument >> 5 : v === 312 ? argument >> 4 : argument;
  const text = opcodes.compare[operator] ?? '';
  return v >= 313 && (argument & 16) !== 0 ? `bool(${text})` : text;
}

function localText(
  code: CodeObject,
  opname: string,
  kinds: number,
  argument: number,
  version: PythonVersion,
): string {
  const modern = versionNumber(version) >= 311 && version.implementation !== 'pypy';
  const names = modern || kinds & ARGUMENT.free ? code.localsPlus : code.localNames;
  if (/FAST.*_(LOAD|STORE)_FAST/.test(opname)) {
    return `${names[argument >> 4] ?? '?'}, ${names[argument & 15] ?? '?'}`;
  }
  return names[argument] ?? '?';
}
