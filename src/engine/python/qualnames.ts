/**
 * Qualified names (PEP 3155) for versions whose code objects do not store them: from 3.3 to 3.10 the compiler
 * loads them beside the code, before that they are put together from the nesting.
 */
import { decodeInstructions, type Instructions } from './instructions.ts';
import { opcodesFor } from './opcodes.ts';
import { type CodeObject, isCode, textOf } from './values.ts';
import { type PythonVersion, versionNumber } from './version.ts';

const OPTIMIZED = 0x1; // set in functions, clear in class bodies and modules
const NEW_LOCALS = 0x2;
const LOAD_LOCALS = 82; // before its RETURN_VALUE
const MOST_STEPS = 16; // between a function's making and its storing: decorators' calls

/** Gives every code object below the module's a `qualname`, where it has none of its own. */
export function nameCodes(module: CodeObject, version: PythonVersion): void {
  if (module.qualname === '') module.qualname = '<module>';
  const v = versionNumber(version);
  const seen = new Set<CodeObject>([module]);
  const stack: CodeObject[] = [module];
  for (let parent = stack.pop(); parent; parent = stack.pop()) {
    let told: Told | undefined;
    for (const constant of parent.constants) {
      if (!isCode(constant) || seen.has(constant)) continue;
      seen.add(constant);
      if (constant.qualname === '') {
        if (v < 311) told ??= toldNames(parent, version);
        const name = told?.names.get(constant) ?? join(parent, constant, told, version);
        constant.qualname = name;
      }
      stack.push(constant);
    }
  }
}

/** What the parent's instructions say of the functions it makes. */
interface Told {
  names: Map<CodeObject, string>;
  /** Functions that are stored as globals: their name is all of it. */
  globals: Set<CodeObject>;
}

function join(
  parent: CodeObject,
  code: CodeObject,
  told: Told | undefined,
  version: PythonVersion,
): string {
  if (parent.qualname === '<module>' || told?.globals.has(code)) return code.name;
  return isFunction(parent, version)
    ? `${parent.qualname}.<locals>.${code.name}`
    : `${parent.qualname}.${code.name}`;
}

/** In Python 2 `exec` takes the flag from a function; a class body is told by how it ends. */
function isFunction({ flags, bytecode }: CodeObject, version: PythonVersion): boolean {
  if ((flags & OPTIMIZED) !== 0 || version.major >= 3) return (flags & OPTIMIZED) !== 0;
  return (flags & NEW_LOCALS) !== 0 && bytecode.at(-2) !== LOAD_LOCALS;
}

function toldNames(parent: CodeObject, version: PythonVersion): Told {
  const told: Told = { names: new Map(), globals: new Set() };
  const opcodes = opcodesFor(version);
  const instructions = decodeInstructions(parent.bytecode, opcodes);
  const { count, opcode, argument } = instructions;
  const nameOf = (i: number): string => opcodes.names[opcode[i] as number] ?? '';
  const stores = versionNumber(version) >= 303;
  for (let i = 0; i < count; i++) {
    if (nameOf(i) !== 'LOAD_CONST') continue;
    const code = parent.constants[argument[i] as number];
    if (!isCode(code)) continue;
    const next = parent.constants[argument[i + 1] ?? -1];
    if (stores && i + 1 < count && nameOf(i + 1) === 'LOAD_CONST' && typeof next === 'string') {
      const name = isFunction(code, version) ? next : classQualname(code, version);
      if (name) told.names.set(code, name);
    } else if (storedGlobally(parent, code, instructions, i, nameOf)) told.globals.add(code);
  }
  return told;
}

function storedGlobally(
  parent: CodeObject,
  code: CodeObject,
  { count, argument }: Instructions,
  from: number,
  nameOf: (i: number) => string,
): boolean {
  for (let i = from + 1; i < count && i < from + MOST_STEPS; i++) {
    const name = nameOf(i);
    if (name === 'STORE_GLOBAL') return parent.names[argument[i] as number] === code.name;
    if (name.startsWith('STORE_') || name === 'LOAD_CONST') return false;
  }
  return false;
}

/** A class body stores its own qualified name first of all. */
function classQualname(body: CodeObject, version: PythonVersion): string | undefined {
  const opcodes = opcodesFor(version);
  const target = body.names.indexOf('__qualname__');
  if (target < 0) return undefined;
  const head = body.bytecode.subarray(0, 64);
  const { count, opcode, argument } = decodeInstructions(head, opcodes);
  for (let i = 1; i < count; i++) {
    if (opcodes.names[opcode[i] as number] !== 'STORE_NAME' || argument[i] !== target) continue;
    return textOf(body.constants[argument[i - 1] as number]);
  }
  return undefined;
}
