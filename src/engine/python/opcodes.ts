/** Opcode tables of every version, made by `npm run opcodes`: from the interpreters, older ones from those. */
import table from './opcodes.json';
import { type PythonVersion, versionNumber } from './version.ts';

/** What must be known of a version's opcodes to walk its code and to show it. */
export interface Opcodes {
  /** `3.11`, `pypy3.9`: the row of the table that was taken. */
  table: string;
  /** Name by number; undefined where the number is no opcode. */
  names: readonly (string | undefined)[];
  /** 2-byte units of inline cache behind an instruction, by number. */
  caches: Uint8Array;
  /** Net stack effect, `base + step * argument`, by number; undefined where it is not that simple. */
  effects: readonly ({ base: number; step: number } | undefined)[];
  /** What the argument means, by number: the bits of `ARGUMENT`. */
  argumentKinds: Uint8Array;
  /** Number of EXTENDED_ARG, -1 where there is none. */
  extended: number;
  /** From this opcode on instructions have an argument (needed up to 3.5 only). */
  haveArgument: number;
  /** 3.6 and later: every instruction has two bytes. */
  wordcode: boolean;
  /** Comparison operators by argument; likewise the other numbers that stand for something. */
  compare: readonly string[];
  binary: readonly string[];
  intrinsic1: readonly string[];
  intrinsic2: readonly string[];
  special: readonly string[];
  common: readonly string[];
}

/** What an argument can be an index or an offset of. */
export const ARGUMENT = {
  any: 1,
  constant: 2,
  name: 4,
  local: 8,
  free: 16,
  relative: 32,
  absolute: 64,
  compare: 128,
} as const;
const LETTERS: Record<string, number> = {
  x: ARGUMENT.any,
  c: ARGUMENT.constant,
  n: ARGUMENT.name,
  l: ARGUMENT.local,
  f: ARGUMENT.free,
  r: ARGUMENT.relative,
  a: ARGUMENT.absolute,
  m: ARGUMENT.compare,
};

interface Row {
  have?: number;
  ops: string;
  /** A row that this one differs from, and what it lacks of it. */
  like?: string;
  without?: string;
  compare?: string;
  binary?: string;
  intrinsic1?: string;
  intrinsic2?: string;
  special?: string;
  common?: string;
}

const ROWS = table as Record<string, Row>;
const cache = new Map<string, Opcodes>();

/** The table for a version. One without a row of its own gets the nearest: the newest, or PyPy's 3.9. */
export function opcodesFor(version: PythonVersion): Opcodes {
  const name = rowFor(version);
  const known = cache.get(name);
  if (known) return known;
  const opcodes = build(name, versionNumber(version) >= 306);
  cache.set(name, opcodes);
  return opcodes;
}

function rowFor(version: PythonVersion): string {
  const v = versionNumber(version);
  if (version.implementation === 'pypy' && v >= 300) return 'pypy3.9';
  const own = `${version.major}.${version.minor}`;
  if (ROWS[own]) return own;
  return v < 105 ? '1.5' : '3.15';
}

/** Chain of rows, the one without a predecessor first. */
function lineage(name: string): Row[] {
  const row = ROWS[name];
  if (!row) return [];
  return row.like === undefined ? [row] : [...lineage(row.like), row];
}

function build(name: string, wordcode: boolean): Opcodes {
  const names: (string | undefined)[] = [];
  const effects: ({ base: number; step: number } | undefined)[] = [];
  const caches = new Uint8Array(256);
  const argumentKinds = new Uint8Array(256);
  const rows = lineage(name);
  for (const row of rows) {
    const replaced = new Set(row.without?.split(' '));
    const ops = row.ops === '' ? [] : row.ops.split(';').map((op) => op.split(' '));
    for (const [opName = ''] of ops) if (row.like !== undefined) replaced.add(opName);
    names.forEach((opName, n) => {
      if (opName !== undefined && replaced.has(opName)) names[n] = effects[n] = undefined;
    });
    for (const [opName, number, units, effect, kinds = ''] of ops) {
      const n = Number(number);
      names[n] = opName;
      caches[n] = Number(units);
      argumentKinds[n] = Array.from(kinds).reduce(
        (bits, letter) => bits | (LETTERS[letter] ?? 0),
        0,
      );
      const [base = 0, step = 0] = (effect ?? '').split(',').map(Number);
      effects[n] = effect ? { base, step } : undefined;
    }
  }
  const base = rows[0] as Row;
  return {
    table: name,
    names,
    effects,
    caches,
    argumentKinds,
    extended: names.indexOf('EXTENDED_ARG'),
    haveArgument: base.have ?? 90,
    wordcode,
    compare: base.compare?.split(',') ?? [],
    binary: base.binary?.split(',') ?? [],
    intrinsic1: base.intrinsic1?.split(',') ?? [],
    intrinsic2: base.intrinsic2?.split(',') ?? [],
    special: base.special?.split(',') ?? [],
    common: base.common?.split(',') ?? [],
  };
}
