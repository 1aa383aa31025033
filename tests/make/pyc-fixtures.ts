/**
 * `npm run pyc`: compiles the fixtures with every interpreter found and writes them to
 * `tests/fixtures/pyc`. They hold no secrets: where one belongs stands a marker of the same length.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findInterpreters } from './interpreters.ts';
import { TOKEN_MARKER } from './sample-source.ts';

const OUT = 'tests/fixtures/pyc';
const WORDS = 'tests/fixtures/pyc-words';
/** Versions that compile calls and strings each in a way of their own. */
const TYPE_PARAMETERS_BY = ['3.12', '3.13', '3.14'];
const CALLS_BY = ['2.7', '3.6', '3.8', '3.11', '3.13'];

const COMPILE = `
import sys, os
source, name, out, mtime = sys.argv[1:5]
os.utime(source, (int(mtime), int(mtime)))
import py_compile
kwargs = {}
if sys.version_info >= (3, 7):
    kwargs['invalidation_mode'] = py_compile.PycInvalidationMode.TIMESTAMP
py_compile.compile(source, out, name, True, **kwargs)
`;

/** Compiles and writes; prints what it wrote. */
export async function main(): Promise<void> {
  mkdirSync(OUT, { recursive: true });
  mkdirSync(WORDS, { recursive: true });
  const interpreters = await findInterpreters();
  const scratch = tmpdir();
  const leaked = readFileSync('tests/make/python/build.py', 'utf8').replace(
    'access_token=None,\n    filename',
    `access_token="${TOKEN_MARKER}",\n    filename`,
  );
  for (const { name, run } of interpreters) {
    const compile = async (
      source: string,
      as: string,
      out: string,
      mtime: number,
    ): Promise<void> => {
      const path = join(scratch, 'porthole-fixture.py');
      const compiled = join(scratch, 'porthole-fixture.pyc');
      writeFileSync(path, source);
      await run(COMPILE, [path, as, compiled, `${mtime}`]);
      writeFileSync(out, readFileSync(compiled));
      console.log(`${name}: ${out}`);
    };
    const MARCH_2023 = 1677830400;
    if (name === '3.11') {
      await compile(
        leaked,
        '/app/cabotage/celery/tasks/build.py',
        join(OUT, 'build.cpython-311.pyc'),
        MARCH_2023,
      );
    }
    const bindings = name === '2.7' ? 'bindings2.py' : 'bindings.py';
    const minor = Number(/3\.(\d+)/.exec(name)?.[1] ?? 0);
    const parts = [bindings];
    if (minor >= 8) parts.push('bindings38.py');
    if (minor >= 10) parts.push('bindings310.py');
    const source = parts
      .map((part) => readFileSync(join('tests/make/python', part), 'utf8'))
      .join('');
    await compile(source, `/app/${bindings}`, join(OUT, `bindings.${name}.pyc`), MARCH_2023);
    const words = readFileSync('tests/make/python/words.py', 'utf8');
    await compile(words, '/app/words.py', join(WORDS, `words.${name}.pyc`), MARCH_2023);
    if (name === '3.13') {
      const generics = readFileSync('tests/make/python/generics.py', 'utf8');
      await compile(generics, '/app/generics.py', join(OUT, 'generics.3.13.pyc'), MARCH_2023);
    }
    if (TYPE_PARAMETERS_BY.includes(name)) {
      const source = readFileSync('tests/make/python/type_parameters.py', 'utf8');
      const out = join(OUT, `type-parameters.${name}.pyc`);
      await compile(source, '/app/type_parameters.py', out, MARCH_2023);
    }
    if (CALLS_BY.includes(name)) {
      const calls = readFileSync('tests/make/python/calls.py', 'utf8');
      await compile(calls, '/app/calls.py', join(OUT, `calls.${name}.pyc`), MARCH_2023);
    }
  }
}
