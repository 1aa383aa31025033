/** Which Python wrote a file: the magic number at its start (CPython's Lib/importlib/_bootstrap_external.py). */

/** A Python version as far as bytecode differs by it. */
export interface PythonVersion {
  implementation: 'cpython' | 'pypy' | 'jython' | 'graalpy' | 'rustpython' | 'unknown';
  major: number;
  minor: number;
  /** The 16-bit number at the start of the file, or undefined for bare marshal data. */
  magic: number | undefined;
  /** False for an alpha or a version nobody has seen: constants decode, bindings may be off. */
  released: boolean;
}

/** `3.11`, or `PyPy 3.9`. */
export function versionName(version: PythonVersion): string {
  const number = `${version.major}.${version.minor}`;
  switch (version.implementation) {
    case 'cpython':
      return number;
    case 'pypy':
      return `PyPy ${number}`;
    case 'jython':
      return 'Jython';
    case 'graalpy':
      return 'GraalPy';
    case 'rustpython':
      return 'RustPython';
    default:
      return 'unknown';
  }
}

/** A version as one number to compare: 3.11 is 311, 2.7 is 207. */
export function versionNumber(version: PythonVersion): number {
  return version.major * 100 + version.minor;
}

/** Last magic number of each version's release; lower ones down to the row before are its alphas. */
const CPYTHON_3: readonly (readonly [magic: number, minor: number, first: number])[] = [
  [3131, 0, 3000],
  [3151, 1, 3141],
  [3180, 2, 3160],
  [3230, 3, 3190],
  [3310, 4, 3250],
  [3351, 5, 3320],
  [3379, 6, 3360],
  [3394, 7, 3390],
  [3413, 8, 3400],
  [3425, 9, 3420],
  [3439, 10, 3430],
  [3495, 11, 3450],
  [3531, 12, 3500],
  [3571, 13, 3550],
  [3627, 14, 3600],
  [3666, 15, 3650],
];
const CPYTHON_OLD: Record<number, readonly [major: number, minor: number]> = {
  39170: [1, 0],
  39171: [1, 2],
  11913: [1, 3],
  5892: [1, 4],
  20121: [1, 5],
  50428: [1, 6],
  50823: [2, 0],
  60202: [2, 1],
  60717: [2, 2],
};
const CPYTHON_2: readonly (readonly [first: number, last: number, minor: number])[] = [
  [62011, 62021, 3],
  [62031, 62061, 4],
  [62071, 62131, 5],
  [62151, 62161, 6],
  [62171, 62211, 7],
];
const PYPY: Record<number, readonly [major: number, minor: number]> = {
  62218: [2, 7],
  48: [3, 2],
  64: [3, 3],
  112: [3, 5],
  160: [3, 6],
  192: [3, 6],
  224: [3, 7],
  240: [3, 7],
  256: [3, 8],
  320: [3, 9],
  336: [3, 9],
  384: [3, 10],
  416: [3, 11],
};

/** A version by its numbers alone, as a container or the code itself tells it. */
export function cpython(major: number, minor: number): PythonVersion {
  return { implementation: 'cpython', major, minor, magic: undefined, released: false };
}

/** Whether the implementation's code objects are CPython's, so that they can be decoded. */
export function isDecodable(version: PythonVersion): boolean {
  return version.implementation === 'cpython' || version.implementation === 'pypy';
}

/** The version that a magic number stands for; undefined where no Python is known to have written it. */
export function versionOfMagic(magic: number): PythonVersion | undefined {
  const of = (major: number, minor: number, released: boolean): PythonVersion => ({
    ...cpython(major, minor),
    magic,
    released,
  });
  const pypy = PYPY[magic];
  if (pypy) {
    return { implementation: 'pypy', major: pypy[0], minor: pypy[1], magic, released: true };
  }
  for (const [release, minor, first] of CPYTHON_3) {
    if (magic >= first && magic <= release) {
      return of(3, minor, magic === release || magic === 3350);
    }
  }
  // From 3.11 on, version 3.n has the numbers 2900 + 50n and up.
  if (magic > 3666 && magic < 4000) {
    return of(3, Math.floor((magic - 2900) / 50), false);
  }
  const old = CPYTHON_OLD[magic] ?? CPYTHON_OLD[magic - 1];
  if (old) return of(old[0], old[1], true);
  for (const [first, last, minor] of CPYTHON_2) {
    // One more than an even number: compiled with -U.
    if (magic >= first && magic <= last + 1) return of(2, minor, magic >= last);
  }
  if (magic >= 2900 && magic < 3000) {
    return { implementation: 'rustpython', major: 3, minor: 0, magic, released: true };
  }
  if (magic >= 21150 && magic <= 21290) {
    return { implementation: 'graalpy', major: 3, minor: 0, magic, released: true };
  }
  return undefined;
}
