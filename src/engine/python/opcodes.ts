/** Opcode tables of every version, made from the interpreters themselves by `npm run opcodes`. */
import table from './opcodes.json';
import { type PythonVersion, versionNumber } from './version.ts';

/** What must be known of a version's opcodes to walk its code. */
export interface Opcodes {
  /** `3.11`, `pypy3.9`: the row of the table that was taken. */
  table: string;
  /** Name by number; undefined where the number is no opcode. */
  names: readonly (string | undefined)[];
  /** 2-byte units of inline cache behind an instruction, by number. */
  caches: Uint8Array;
  /** Net stack effect, `base + step * argument`, by number; undefined where it is not that simple. */
  effects: readonly ({ base: number; step: number } | undefined)[];
  /** From this opcode on instructions have an argument (needed up to 3.5 only). */
  haveArgument: number;
  /** 3.6 and later: every instruction has two bytes. */
  wordcode: boolean;
}

const ROWS = table as Record<string, { have: number; ops: string }>;
const cache = new Map<string, Opcodes>();

/**
 * The table for a version. One without a row of its own gets the nearest that has the same encoding:
 * 1.5 to 2.6 take 2.7's, 3.0 to 3.5 take theirs from 3.6's numbers, PyPy its own 3.9.
 */
export function opcodesFor(version: PythonVersion): Opcodes {
  const name = rowFor(version);
  const wordcode = versionNumber(version) >= 306;
  const key = `${name} ${wordcode}`;
  const known = cache.get(key);
  if (known) return known;
  const row = ROWS[name] as { have: number; ops: string };
  const names: (string | undefined)[] = [];
  const effects: ({ base: number; step: number } | undefined)[] = [];
  const caches = new Uint8Array(256);
  for (const op of row.ops.split(';')) {
    const [opName = '', number = '', units = '', effect = ''] = op.split(' ');
    const n = Number(number);
    names[n] = opName;
    caches[n] = Number(units);
    if (effect) {
      const [base = 0, step = 0] = effect.split(',').map(Number);
      effects[n] = { base, step };
    }
  }
  const opcodes: Opcodes = {
    table: name,
    names,
    caches,
    effects,
    haveArgument: row.have,
    wordcode,
  };
  cache.set(key, opcodes);
  return opcodes;
}

function rowFor(version: PythonVersion): string {
  const v = versionNumber(version);
  if (version.implementation === 'pypy' && v >= 300) return 'pypy3.9';
  if (v < 300) return '2.7';
  if (v < 306) return '3.6';
  const own = `${version.major}.${version.minor}`;
  return ROWS[own] ? own : '3.15';
}
