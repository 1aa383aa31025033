/** The fields of a code object in the order that each version marshals them. */
import { type CodeObject, isSequence, textOf, type Value } from './values.ts';
import { type PythonVersion, versionNumber } from './version.ts';

type NumberField =
  | 'argCount'
  | 'positionalOnlyCount'
  | 'keywordOnlyCount'
  | 'localCount'
  | 'stackSize'
  | 'flags'
  | 'firstLine';
type ObjectField =
  | 'bytecode'
  | 'constants'
  | 'names'
  | 'localNames'
  | 'freeNames'
  | 'cellNames'
  | 'localsPlusNames'
  | 'localsPlusKinds'
  | 'fileName'
  | 'name'
  | 'qualname'
  | 'lineTable'
  | 'exceptionTable';
type Field = NumberField | ObjectField;

/** A version's layout. */
export interface CodeFields {
  order: readonly Field[];
  /** Bytes of a number field. */
  width: 2 | 4;
}

const NUMBERS: ReadonlySet<string> = new Set<NumberField>([
  'argCount',
  'positionalOnlyCount',
  'keywordOnlyCount',
  'localCount',
  'stackSize',
  'flags',
  'firstLine',
]);

const LOCAL = 0x20;
const CELL = 0x40;
const FREE = 0x80;

/** The layout of code objects of a version. */
export function codeFields(version: PythonVersion): CodeFields {
  const v = versionNumber(version);
  const magic = version.magic ?? 0;
  const width = v < 203 ? 2 : 4;
  const pypy = version.implementation === 'pypy';
  if (v < 103) return { width, order: ['bytecode', 'constants', 'names', 'fileName', 'name'] };
  const order: Field[] = ['argCount'];
  if (v > 308 || (v === 308 && (pypy || magic === 0 || magic >= 3410)))
    order.push('positionalOnlyCount');
  if (v >= 300) order.push('keywordOnlyCount');
  if (v >= 311 && !pypy) {
    order.push('stackSize', 'flags', 'bytecode', 'constants', 'names');
    order.push('localsPlusNames', 'localsPlusKinds', 'fileName', 'name', 'qualname');
    order.push('firstLine', 'lineTable', 'exceptionTable');
    return { width, order };
  }
  order.push('localCount');
  if (v >= 105) order.push('stackSize');
  order.push('flags', 'bytecode', 'constants', 'names', 'localNames');
  if (v >= 201) order.push('freeNames', 'cellNames');
  order.push('fileName', 'name');
  if (v >= 311) order.push('qualname');
  if (v >= 105) order.push('firstLine', 'lineTable');
  return { width, order };
}

/** Collects a code object field by field, in marshal order. */
export class CodeAssembly {
  #fields: CodeFields;
  #next = 0;
  #numbers: Partial<Record<NumberField, number>> = {};
  #objects: Partial<Record<ObjectField, Value>> = {};

  constructor(fields: CodeFields) {
    this.#fields = fields;
  }

  get done(): boolean {
    return this.#next >= this.#fields.order.length;
  }

  /** Whether the next field is a marshalled object; else it is a plain number of `nextWidth` bytes. */
  get nextIsObject(): boolean {
    const field = this.#fields.order[this.#next];
    return field !== undefined && !NUMBERS.has(field);
  }

  get nextWidth(): 2 | 4 {
    return this.#fields.width;
  }

  give(value: Value): void {
    const field = this.#fields.order[this.#next++];
    if (field === undefined) return;
    if (NUMBERS.has(field)) this.#numbers[field as NumberField] = Number(value);
    else this.#objects[field as ObjectField] = value;
  }

  /** The code object; `partial` where fields are missing. */
  finish(partial: boolean): CodeObject {
    const numbers = this.#numbers;
    const objects = this.#objects;
    const constants = objects.constants;
    const code: CodeObject = {
      kind: 'code',
      argCount: numbers.argCount ?? 0,
      positionalOnlyCount: numbers.positionalOnlyCount ?? 0,
      keywordOnlyCount: numbers.keywordOnlyCount ?? 0,
      stackSize: numbers.stackSize ?? 0,
      flags: numbers.flags ?? 0,
      bytecode: bytesOf(objects.bytecode),
      constants: isSequence(constants) ? constants.items : [],
      names: textsOf(objects.names),
      localNames: textsOf(objects.localNames),
      cellNames: textsOf(objects.cellNames),
      freeNames: textsOf(objects.freeNames),
      localsPlus: [],
      fileName: textOf(objects.fileName) ?? '',
      name: textOf(objects.name) ?? '?',
      qualname: textOf(objects.qualname) ?? '',
      firstLine: numbers.firstLine ?? 0,
      lineTable: bytesOf(objects.lineTable),
      exceptionTable: bytesOf(objects.exceptionTable),
      partial,
    };
    if (objects.localsPlusNames !== undefined) splitLocals(code, objects);
    else code.localsPlus = [...code.cellNames, ...code.freeNames];
    return code;
  }
}

function splitLocals(code: CodeObject, objects: Partial<Record<ObjectField, Value>>): void {
  code.localsPlus = textsOf(objects.localsPlusNames);
  const kinds = bytesOf(objects.localsPlusKinds);
  code.localsPlus.forEach((name, i) => {
    const kind = kinds[i] ?? 0;
    if (kind & LOCAL) code.localNames.push(name);
    if (kind & CELL) code.cellNames.push(name);
    if (kind & FREE) code.freeNames.push(name);
  });
}

function bytesOf(value: Value | undefined): Uint8Array {
  if (typeof value === 'object' && value !== null && value.kind === 'bytes') return value.bytes;
  return new Uint8Array(0);
}

function textsOf(value: Value | undefined): string[] {
  return isSequence(value) ? value.items.map((item) => textOf(item) ?? '?') : [];
}
