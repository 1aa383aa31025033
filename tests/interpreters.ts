/**
 * `npm run test:interpreters [-- VERSION …] [--every N]`: for each Python found, compiles its standard library
 * and holds what the engine decodes and binds against what that interpreter, and the sources' syntax trees,
 * say. Prints a table, writes it into `docs/bytecode.md`, and fails below the thresholds.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bindingsOf } from '../src/engine/python/bindings.ts';
import { decodePyc } from '../src/engine/python/pyc.ts';
import { FactScore, type OracleFact } from './interpreters/fact-score.ts';
import { compareCodes, type ToldCode } from './interpreters/told-codes.ts';
import { markdownTables, printTable, type Row, writeTables } from './interpreters/tables.ts';
import { findInterpreters, type Interpreter } from './make/interpreters.ts';

const RECALL = 0.99;
const PRECISION = 0.97;
const LINES = 0.98;
const PROGRAM = ['oracle.py', 'told.py']
  .map((name) => readFileSync(join('tests/interpreters', name), 'utf8'))
  .join('\n');
const TIMING = readFileSync('tests/interpreters/timing.py', 'utf8');

type Told = [
  name: string,
  codes: ToldCode[],
  facts: OracleFact[],
  qualnames: [name: string, line: number, qualname: string][],
];

/** Runs the comparison; exits with 1 below the thresholds. */
export async function main(args: string[]): Promise<void> {
  const everyAt = args.indexOf('--every');
  const every = everyAt < 0 ? 1 : Number(args[everyAt + 1]);
  const chosen = args.filter(
    (arg, i) => /^(pypy)?\d/.test(arg) && (everyAt < 0 || i !== everyAt + 1),
  );
  const found = (await findInterpreters()).filter(
    ({ name }) => chosen.length === 0 || chosen.includes(name),
  );
  if (found.length === 0) {
    console.log('No Python interpreter was found; nothing was compared.');
    return;
  }
  const rows: Row[] = [];
  for (const interpreter of found) {
    rows.push(await measure(interpreter, every, args.includes('--details')));
    console.error(`${interpreter.name} done`);
  }
  printTable(rows);
  const ratio = await speed(found);
  if (ratio) console.log(ratio);
  if (chosen.length === 0) writeTables(markdownTables(rows, every));
  const failed = rows.filter(
    (row) =>
      row.wrong.length > 0 || row.recall < RECALL || row.precision < PRECISION || row.lines < LINES,
  );
  for (const { version, wrong } of failed) {
    console.error(
      `${version}: below the thresholds${wrong.length > 0 ? ', and decoded wrongly:' : ''}`,
    );
    for (const text of wrong.slice(0, 10)) console.error(`  ${text}`);
  }
  if (failed.length > 0) process.exitCode = 1;
}

async function measure(
  { name, library, run }: Interpreter,
  every: number,
  details: boolean,
): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-told-'));
  try {
    await run(PROGRAM, [library, folder, String(every), '12']);
    const score = new FactScore();
    const wrong: string[] = [];
    let modules = 0;
    let codes = 0;
    let rows = 0;
    for (const line of readFileSync(join(folder, 'told.jsonl'), 'utf8').split('\n')) {
      if (line === '') continue;
      const [file, told, facts, qualnames] = JSON.parse(line) as Told;
      const bytes = new Uint8Array(readFileSync(join(folder, `${++modules}.pyc`)));
      const module = decodePyc(bytes);
      if (!module.code || module.error !== undefined) {
        wrong.push(`${file}: ${module.error ?? 'no code'}`);
        continue;
      }
      const compared = compareCodes(module.code, module.version, told, qualnames);
      codes += compared.codes;
      rows += compared.rows;
      wrong.push(...compared.wrong.map((text) => `${file}: ${text}`));
      score.add(file, facts, bindingsOf(module.code, module.version));
    }
    if (details) score.print();
    return { version: name, modules, codes, rows, wrong, ...score.figures() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The engine's time for a whole library against CPython's own `marshal.loads` and `dis`. */
async function speed(found: readonly Interpreter[]): Promise<string | undefined> {
  const native = found.filter(({ name }) => ['3.12', '3.13'].includes(name)).at(-1);
  if (!native) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'porthole-speed-'));
  try {
    const [modules = 0, seconds = 0] = JSON.parse(
      await native.run(TIMING, [native.library, folder]),
    ) as number[];
    const files = readdirSync(folder).map(
      (name) => new Uint8Array(readFileSync(join(folder, name))),
    );
    const bytes = files.reduce((sum, { length }) => sum + length, 0);
    const started = performance.now();
    for (const file of files) {
      const { code, version } = decodePyc(file);
      if (code) bindingsOf(code, version);
    }
    const own = (performance.now() - started) / 1000;
    return (
      `${native.name}: ${modules} modules, ${(bytes / 1e6).toFixed(1)} MB: ` +
      `decoded and bound in ${own.toFixed(2)} s (${(bytes / 1e6 / own).toFixed(0)} MB/s); ` +
      `CPython's marshal.loads and dis ${seconds.toFixed(2)} s: ratio ${(own / seconds).toFixed(3)}`
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
