/** The fields of a code object in the order that each version marshals them. */
import { CodeObject, isSequence, PyBytes, textOf, type Value } from './values.ts';
import { type PythonVersion, versionNumber } from './version.ts';

/** A field; those below `bytecode` are plain numbers, the others marshalled objects. */
export const FIELD = {
  argCount: 0,
  positionalOnlyCount: 1,
  keywordOnlyCount: 2,
  localCount: 3,
  stackSize: 4,
  flags: 5,
  firstLine: 6,
  bytecode: 7,
  constants: 8,
  names: 9,
  localNames: 10,
  freeNames: 11,
  cellNames: 12,
  localsPlusNames: 13,
  localsPlusKinds: 14,
  fileName: 15,
  name: 16,
  qualname: 17,
  lineTable: 18,
  exceptionTable: 19,
} as const;

/** A version's layout. */
export interface CodeFields {
  order: readonly number[];
  /** Bytes of a number field. */
  width: 2 | 4;
}

const LOCAL = 0x20;
const CELL = 0x40;
const FREE = 0x80;

/** The layout of code objects of a version. */
export function codeFields(version: PythonVersion): CodeFields {
  const v = versionNumber(version);
  const magic = version.magic ?? 0;
  const width = v < 203 ? 2 : 4;
  const pypy = version.implementation === 'pypy';
  const order: number[] = [];
  const add = (...names: (keyof typeof FIELD)[]): void => {
    for (const name of names) order.push(FIELD[name]);
  };
  if (v < 103) {
    add('bytecode', 'constants', 'names', 'fileName', 'name');
    return { width, order };
  }
  add('argCount');
  if (v > 308 || (v === 308 && (pypy || magic === 0 || magic >= 3410))) add('positionalOnlyCount');
  if (v >= 300) add('keywordOnlyCount');
  if (v >= 311 && !pypy) {
    add('stackSize', 'flags', 'bytecode', 'constants', 'names', 'localsPlusNames');
    add('localsPlusKinds', 'fileName', 'name', 'qualname', 'firstLine');
    add('lineTable', 'exceptionTable');
    return { width, order };
  }
  add('localCount');
  if (v >= 105) add('stackSize');
  add('flags', 'bytecode', 'constants', 'names', 'localNames');
  if (v >= 201) add('freeNames', 'cellNames');
  add('fileName', 'name');
  if (v >= 311) add('qualname');
  if (v >= 105) add('firstLine', 'lineTable');
  return { width, order };
}

/** Sets a number field. */
export function setNumber(code: CodeObject, field: number, value: number): void {
  switch (field) {
    case FIELD.argCount:
      code.argCount = value;
      break;
    case FIELD.positionalOnlyCount:
      code.positionalOnlyCount = value;
      break;
    case FIELD.keywordOnlyCount:
      code.keywordOnlyCount = value;
      break;
    case FIELD.stackSize:
      code.stackSize = value;
      break;
    case FIELD.flags:
      code.flags = value;
      break;
    case FIELD.firstLine:
      code.firstLine = value;
      break;
  }
}

/** Sets an object field; a value of the wrong type leaves it empty. */
export function setObject(code: CodeObject, field: number, value: Value): void {
  switch (field) {
    case FIELD.bytecode:
      if (value instanceof PyBytes) code.code = value;
      break;
    case FIELD.constants:
      if (isSequence(value)) code.constants = value.items;
      break;
    case FIELD.names:
      code.names = textsOf(value);
      break;
    case FIELD.localNames:
      code.localNames = textsOf(value);
      break;
    case FIELD.freeNames:
      code.freeNames = textsOf(value);
      break;
    case FIELD.cellNames:
      code.cellNames = textsOf(value);
      code.localsPlus =
        code.freeNames.length === 0 ? code.cellNames : [...code.cellNames, ...code.freeNames];
      break;
    case FIELD.localsPlusNames:
      code.localsPlus = textsOf(value);
      code.localNames = code.localsPlus;
      break;
    case FIELD.localsPlusKinds:
      if (value instanceof PyBytes) splitLocals(code, value);
      break;
    case FIELD.fileName:
      code.fileName = textOf(value) ?? '';
      break;
    case FIELD.name:
      code.name = textOf(value) ?? '?';
      break;
    case FIELD.qualname:
      code.qualname = textOf(value) ?? '';
      break;
    case FIELD.lineTable:
      if (value instanceof PyBytes) code.lines = value;
      break;
    case FIELD.exceptionTable:
      if (value instanceof PyBytes) code.exceptions = value;
      break;
  }
}

/** 3.11+: one array of names, and for each what it is: a local, a cell, a free name. */
function splitLocals(code: CodeObject, kinds: PyBytes): void {
  const { data, start, end } = kinds;
  const names = code.localsPlus;
  let plain = end - start >= names.length;
  for (let i = 0; plain && i < names.length; i++) {
    plain = ((data[start + i] as number) & (LOCAL | CELL | FREE)) === LOCAL;
  }
  if (plain) return;
  const locals: string[] = [];
  const cells: string[] = [];
  const free: string[] = [];
  names.forEach((name, i) => {
    const kind = start + i < end ? (data[start + i] as number) : 0;
    if (kind & LOCAL) locals.push(name);
    if (kind & CELL) cells.push(name);
    if (kind & FREE) free.push(name);
  });
  code.localNames = locals;
  code.cellNames = cells;
  code.freeNames = free;
}

function textsOf(value: Value): readonly string[] {
  if (!isSequence(value)) return [];
  const items = value.items;
  for (const item of items) {
    if (typeof item !== 'string') return items.map((other) => textOf(other) ?? '?');
  }
  return items as string[];
}
