/** The Python interpreters of this machine: pyenv's, those on the path, PyPy, and Pyodide packages. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** One interpreter that can run a script. */
export interface Interpreter {
  /** `3.11`, `pypy3.9`. */
  name: string;
  /** Where its standard library lies: a folder, or a zip. */
  library: string;
  /** Runs Python source and returns what it printed. `args` come as `sys.argv[1:]`. */
  run: (source: string, args?: string[]) => Promise<string>;
}

const LIBRARY = 'import os; print(os.path.dirname(os.__file__))';
const WHO =
  'import sys, platform; print(("pypy" if platform.python_implementation()=="PyPy" else "") + "%d.%d" % sys.version_info[:2])';

/**
 * Every interpreter found, one of each version. Pyodide packages (npm `pyodide`, for versions that are
 * not installed) are looked for in the folders of the variable PORTHOLE_PYODIDE, separated by colons.
 */
export async function findInterpreters(): Promise<Interpreter[]> {
  const found = new Map<string, Interpreter>();
  for (const path of candidates()) {
    const native = nativeInterpreter(path);
    if (native && !found.has(native.name)) found.set(native.name, native);
  }
  for (const folder of (process.env['PORTHOLE_PYODIDE'] ?? '').split(':').filter(Boolean)) {
    const pyodide = await pyodideInterpreter(folder);
    if (!found.has(pyodide.name)) found.set(pyodide.name, pyodide);
  }
  return [...found.values()].sort((a, b) => order(a.name) - order(b.name));
}

function order(name: string): number {
  const [major = 0, minor = 0] = name.replace('pypy', '').split('.').map(Number);
  return major * 100 + minor + (name.startsWith('pypy') ? 1000 : 0);
}

function candidates(): string[] {
  const versions = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
  const pyenv = existsSync(versions) ? readdirSync(versions).sort() : [];
  const names = ['2.7', ...Array.from({ length: 12 }, (_, i) => `3.${i + 6}`)];
  return [
    ...pyenv.map((version) => join(versions, version, 'bin', 'python')),
    ...names.map((version) => `python${version}`),
    'python3',
    'pypy3',
    'pypy',
  ];
}

function nativeInterpreter(path: string): Interpreter | undefined {
  const run = (source: string, args: string[] = []): string =>
    execFileSync(path, ['-c', source, ...args], {
      encoding: 'utf8',
      maxBuffer: 1 << 30,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, PYENV_VERSION: undefined, PYTHONDONTWRITEBYTECODE: '1' },
    });
  try {
    return {
      name: run(WHO).trim(),
      library: run(LIBRARY).trim(),
      run: async (source, args) => run(source, args),
    };
  } catch {
    return undefined;
  }
}

async function pyodideInterpreter(folder: string): Promise<Interpreter> {
  const { loadPyodide } = (await import(/* @vite-ignore */ join(folder, 'pyodide.mjs'))) as {
    loadPyodide: (options: object) => Promise<{
      runPython(source: string): unknown;
      FS: {
        mkdirTree(path: string): unknown;
        mount(type: unknown, options: object, path: string): unknown;
        filesystems: { NODEFS: unknown };
      };
    }>;
  };
  const printed: string[] = [];
  const pyodide = await loadPyodide({ stdout: (line: string) => printed.push(line) });
  pyodide.FS.mkdirTree('/host');
  pyodide.FS.mount(pyodide.FS.filesystems.NODEFS, { root: '/' }, '/host');
  const run = async (source: string, args: string[] = []): Promise<string> => {
    printed.length = 0;
    const argv = JSON.stringify([
      '-c',
      ...args.map((arg) => (arg.startsWith('/') ? `/host${arg}` : arg)),
    ]);
    pyodide.runPython(`import sys; sys.argv = ${argv}\n${source}`);
    return printed.join('\n');
  };
  return { name: (await run(WHO)).trim(), library: join(folder, 'python_stdlib.zip'), run };
}
