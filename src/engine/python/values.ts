/** Python values as marshal holds them. Shared values stay shared: this is a graph, never expanded. */
import { asciiText, charactersOf } from '../archive/plain-text.ts';

/** A code object, the same for all versions; fields a version lacks are empty. */
export class CodeObject {
  readonly kind = 'code';
  /** Number of positional parameters, positional-only ones included. */
  argCount = 0;
  positionalOnlyCount = 0;
  keywordOnlyCount = 0;
  stackSize = 0;
  /** `co_flags`: 4 has *args, 8 has **kwargs, 0x80 coroutine, … */
  flags = 0;
  firstLine = 0;
  constants: readonly Value[] = NO_VALUES;
  /** `co_names`: globals, attributes, imports. */
  names: readonly string[] = NO_NAMES;
  /** Local names, parameters first. */
  localNames: readonly string[] = NO_NAMES;
  cellNames: readonly string[] = NO_NAMES;
  freeNames: readonly string[] = NO_NAMES;
  /** What cell instructions index: 3.11+ locals, cells and free names; before, cells and free names. */
  localsPlus: readonly string[] = NO_NAMES;
  fileName = '';
  name = '?';
  /** `__qualname__`; made up from the nesting where the version does not store it. */
  qualname = '';
  /** True where the data ended or were damaged inside this object. */
  partial = false;
  /** The fields that hold raw bytes, as they lie in the file. */
  code: PyBytes | undefined;
  lines: PyBytes | undefined;
  exceptions: PyBytes | undefined;

  /** Raw instructions. */
  get bytecode(): Uint8Array {
    return this.code?.bytes ?? NO_BYTES;
  }
  /** lnotab, 3.10 line table or 3.11+ locations, by version. */
  get lineTable(): Uint8Array {
    return this.lines?.bytes ?? NO_BYTES;
  }
  get exceptionTable(): Uint8Array {
    return this.exceptions?.bytes ?? NO_BYTES;
  }
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
/** Bytes, as a stretch of the file; in Python 2 also every plain string. */
export class PyBytes {
  readonly kind = 'bytes';
  readonly data: Uint8Array;
  readonly start: number;
  readonly end: number;
  #text: string | undefined;

  constructor(data: Uint8Array, start: number, end: number) {
    this.data = data;
    this.start = start;
    this.end = end;
  }

  get bytes(): Uint8Array {
    return this.data.subarray(this.start, this.end);
  }

  /** Read as UTF-8 where they are, else as Latin-1. */
  get text(): string {
    return (this.#text ??= bytesText(this.data, this.start, this.end));
  }
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
const NO_BYTES = new Uint8Array(0);
const NO_VALUES: readonly Value[] = [];
const NO_NAMES: readonly string[] = [];

/** True for a code object. */
export function isCode(value: Value | undefined): value is CodeObject {
  return value instanceof CodeObject;
}

/** True for a tuple, list, set or frozenset. */
export function isSequence(value: Value | undefined): value is PyTuple {
  return typeof value === 'object' && value !== null && 'items' in value;
}

const STRICT_UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a string or of bytes (UTF-8, else Latin-1); undefined for anything else. */
export function textOf(value: Value | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof PyBytes ? value.text : undefined;
}

/** Bytes in `[start, end)` read as UTF-8 where they are, else as Latin-1. */
export function bytesText(bytes: Uint8Array, start = 0, end = bytes.length): string {
  const ascii = asciiText(bytes, start, end);
  if (ascii !== undefined) return ascii;
  try {
    return STRICT_UTF8.decode(bytes.subarray(start, end));
  } catch {
    return charactersOf(bytes, start, end);
  }
}
