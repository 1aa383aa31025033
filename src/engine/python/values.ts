/** Python values as marshal holds them. Shared values stay shared: this is a graph, never expanded. */

/** A code object, the same for all versions; fields a version lacks are empty. */
export interface CodeObject {
  kind: 'code';
  /** Number of positional parameters, positional-only ones included. */
  argCount: number;
  positionalOnlyCount: number;
  keywordOnlyCount: number;
  stackSize: number;
  /** `co_flags`: 4 has *args, 8 has **kwargs, 0x80 coroutine, … */
  flags: number;
  /** Raw instructions. */
  bytecode: Uint8Array;
  constants: Value[];
  /** `co_names`: globals, attributes, imports. */
  names: string[];
  /** Local names, parameters first. */
  localNames: string[];
  cellNames: string[];
  freeNames: string[];
  /** 3.11+: locals, cells and free names in the order that instructions index. */
  localsPlus: string[];
  fileName: string;
  name: string;
  /** `__qualname__`; made up from the nesting where the version does not store it. */
  qualname: string;
  firstLine: number;
  /** lnotab, 3.10 line table or 3.11+ locations, by version. */
  lineTable: Uint8Array;
  exceptionTable: Uint8Array;
  /** True where the data ended or were damaged inside this object. */
  partial: boolean;
}

export interface PyTuple {
  kind: 'tuple' | 'list' | 'set' | 'frozenset';
  items: Value[];
}
export interface PyDict {
  kind: 'dict' | 'frozendict';
  entries: [Value, Value][];
}
export interface PyFloat {
  kind: 'float';
  value: number;
}
export interface PyComplex {
  kind: 'complex';
  real: number;
  imaginary: number;
}
export interface PySlice {
  kind: 'slice';
  parts: Value[];
}
/** Bytes; in Python 2 also every plain string. */
export interface PyBytes {
  kind: 'bytes';
  bytes: Uint8Array;
}
/** Ellipsis, StopIteration, and what could not be read. */
export interface PyOther {
  kind: 'ellipsis' | 'stop-iteration' | 'unknown';
}

/** None is null; ints are numbers, or bigints past 2^53; text is a string. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | CodeObject
  | PyTuple
  | PyDict
  | PyFloat
  | PyComplex
  | PySlice
  | PyBytes
  | PyOther;

export const UNKNOWN: PyOther = { kind: 'unknown' };

/** True for a code object. */
export function isCode(value: Value | undefined): value is CodeObject {
  return typeof value === 'object' && value !== null && value.kind === 'code';
}

/** True for a tuple, list, set or frozenset. */
export function isSequence(value: Value | undefined): value is PyTuple {
  return typeof value === 'object' && value !== null && 'items' in value;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });
const LATIN1 = new TextDecoder('latin1');

/** The text of a string or of bytes (UTF-8, else Latin-1); undefined for anything else. */
export function textOf(value: Value | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null && value.kind === 'bytes') {
    return bytesText(value.bytes);
  }
  return undefined;
}

/** Bytes read as UTF-8 where they are, else as Latin-1. */
export function bytesText(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    return LATIN1.decode(bytes);
  }
}
