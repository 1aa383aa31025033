/**
 * `npm test`: formatting, lint, types, unused code, the build, unit tests and browser tests. Ends with a
 * line `N passed, N failed` and a non-zero status where anything failed.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { findChromium } from './make/chromium.ts';

const SCRATCH = 'node_modules/.cache/porthole';

let passed = 0;
let failed = 0;

function run(
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv = {},
): { ok: boolean; output: string } {
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, npm_config_loglevel: 'error', ...env },
    maxBuffer: 1 << 28,
  });
  return { ok: result.status === 0, output: `${result.stdout}${result.stderr}` };
}

/** One check that passes or fails as a whole. */
function check(name: string, command: string, ...args: string[]): boolean {
  const { ok, output } = run(command, args);
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}`);
  if (ok) passed++;
  else {
    failed++;
    console.log(output);
  }
  return ok;
}

interface UnitResults {
  numPassedTests: number;
  numFailedTests: number;
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
}

function unitTests(): void {
  const file = `${SCRATCH}/unit.json`;
  const { ok, output } = run('npx', [
    'vitest',
    'run',
    '--config',
    'tests/vitest.config.ts',
    '--reporter=json',
    `--outputFile=${file}`,
  ]);
  let results: UnitResults;
  try {
    results = JSON.parse(readFileSync(file, 'utf8')) as UnitResults;
  } catch {
    failed++;
    console.log(`FAIL unit tests did not run\n${output}`);
    return;
  }
  passed += results.numPassedTests;
  // A file that cannot be loaded has no tests to fail.
  const broken = results.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  failed +=
    results.numFailedTests +
    broken.length +
    (ok || results.numFailedTests + broken.length > 0 ? 0 : 1);
  console.log(
    `${ok ? 'ok  ' : 'FAIL'} unit tests: ${results.numPassedTests} passed, ${results.numFailedTests} failed`,
  );
  for (const { name, message } of broken) console.log(`${name}\n${message}`);
  for (const file of results.testResults) {
    for (const test of file.assertionResults) {
      if (test.status === 'failed')
        console.log(`  ${test.fullName}\n${test.failureMessages.join('\n')}`);
    }
  }
}

interface BrowserResults {
  stats: { expected: number; unexpected: number; flaky: number };
}

function browserTests(): void {
  let chromium: string;
  try {
    chromium = findChromium();
  } catch (error) {
    failed++;
    console.log(`FAIL browser tests: ${error instanceof Error ? error.message : String(error)}`);
    return;
  }
  const file = `${SCRATCH}/browser.json`;
  const { ok, output } = run(
    'npx',
    [
      'playwright',
      'test',
      '--config',
      'tests/browser/playwright.config.ts',
      '--reporter=line,json',
    ],
    { PORTHOLE_CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: file },
  );
  try {
    const { stats } = JSON.parse(readFileSync(file, 'utf8')) as BrowserResults;
    passed += stats.expected + stats.flaky;
    failed += stats.unexpected + (!ok && stats.unexpected === 0 ? 1 : 0);
    console.log(
      `${ok ? 'ok  ' : 'FAIL'} browser tests: ${stats.expected} passed, ${stats.unexpected} failed`,
    );
  } catch {
    failed++;
    console.log('FAIL browser tests did not run');
  }
  if (!ok) console.log(output);
}

/** Runs everything, or with arguments only what they name: `unit`, `browser`. */
export function main(args: string[]): void {
  mkdirSync(SCRATCH, { recursive: true });
  const all = args.length === 0;
  const built = check('build', 'npm', 'run', '--silent', 'build');
  if (all) {
    check('formatting', 'npx', 'prettier', '--check', '.');
    check('lint', 'npx', 'eslint', '.');
    check('types', 'npx', 'tsc', '-b');
    check(
      'types of components',
      'npx',
      'svelte-check',
      '--tsconfig',
      'src/tsconfig.json',
      '--fail-on-warnings',
    );
    check('unused code', 'npx', 'knip');
  }
  if (all || args.includes('unit')) unitTests();
  if (built && (all || args.includes('browser'))) browserTests();
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}
