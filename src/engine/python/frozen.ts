/**
 * Modules frozen into an executable or a library: code objects marshalled into its data, bare of any
 * header (CPython's Python/frozen.c). Only what decodes whole, as a module's code, is taken for one.
 */
import { unmarshal } from './marshal.ts';
import { isCode } from './values.ts';
import type { PythonVersion } from './version.ts';

/** One frozen module. */
export interface FrozenModule {
  /** Made of the file name that it was compiled under. */
  path: string;
  bytes: Uint8Array;
  /** Bytes read besides its own. */
  cost: number;
  /** Nothing says which Python wrote it. */
  bytecode: { version: undefined };
}

const MAX_MODULE = 8 << 20;
const MAX_MODULES = 2000;
const MOST_WASTED = 4 << 20;
const SMALLEST = 64; // bytes of an empty module's code
const CODE = [0xe3, 0x63]; // `c`, flagged for references or not
const ZEROS = 12; // counts of arguments, which modules have none of

/** Layouts that differ, the newest first. */
const LAYOUTS: readonly PythonVersion[] = [13, 10, 7].map((minor) => ({
  implementation: 'cpython',
  major: 3,
  minor,
  magic: undefined,
  released: true,
}));

/** The modules frozen in an executable. Never throws. */
export function frozenModules(bytes: Uint8Array): FrozenModule[] {
  const modules: FrozenModule[] = [];
  // What looks like a module and is none must not be read again and again.
  const budget = { left: MOST_WASTED + 4 * bytes.length };
  for (const first of CODE) find(bytes, first, modules, budget);
  return modules;
}

function find(
  bytes: Uint8Array,
  first: number,
  modules: FrozenModule[],
  budget: { left: number },
): void {
  let layouts = LAYOUTS;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (bytes[at + 1] !== 0 || !zeros(bytes, at + 1)) continue;
    for (const version of layouts) {
      const { value, end, error } = unmarshal(bytes.subarray(at, at + MAX_MODULE), version);
      if (error !== undefined || end < SMALLEST || !isCode(value) || value.name !== '<module>') {
        budget.left -= end;
        continue;
      }
      const path = `${value.fileName.replace(/^<frozen (.*)>$/, '$1').replace(/^\/+/, '')}.pyc`;
      modules.push({
        path,
        bytes: bytes.subarray(at, at + end),
        cost: 0,
        bytecode: { version: undefined },
      });
      layouts = [version]; // all of one file come from one Python
      at += end - 1;
      break;
    }
    if (modules.length >= MAX_MODULES || budget.left < 0) return;
  }
}

function zeros(bytes: Uint8Array, from: number): boolean {
  for (let i = from; i < from + ZEROS; i++) if (bytes[i] !== 0) return false;
  return true;
}
