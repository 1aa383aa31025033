/**
 * `npm run bench:quiet -- [TREE …]`: how much is reported of trees that hold no real secret. Each tree is
 * packed with `tar`, scanned as an archive, and every finding of medium or higher is printed with its reasons.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openFile } from '../../src/cli/file-source.ts';
import type { Finding } from '../../src/engine/report/report.ts';
import { scanArchive } from '../../src/engine/scan/scan-archive.ts';
import { SEVERITIES } from '../../src/engine/secrets/finding.ts';

/** Trees that most machines for development have; those that are absent are left out. */
const TREES = [
  join(homedir(), '.pyenv/versions'),
  '/usr/lib/python3',
  '/usr/share',
  '/usr/lib',
  '/etc',
  'node_modules',
];
const LOUD = SEVERITIES.slice(0, SEVERITIES.indexOf('medium') + 1);

interface Measured {
  tree: string;
  megabytes: number;
  files: number;
  seconds: number;
  findings: Finding[];
}

/** Paths inside the archive are as they would be in an image: from the root, or from the project. */
async function measure(tree: string, folder: string): Promise<Measured> {
  const archive = join(folder, 'tree.tar');
  const path = resolve(tree);
  const [base, name] = tree.startsWith('/') ? ['/', path.slice(1)] : [resolve('.'), tree];
  // Its status is not looked at: sockets and files that change are no matter here.
  const args = [
    '-C',
    base,
    '--hard-dereference',
    '--exclude=node_modules/.cache',
    '-cf',
    archive,
    name,
  ];
  spawnSync('tar', args, { stdio: 'ignore' });
  const began = performance.now();
  const { report } = await scanArchive(openFile(archive), 'tree.tar');
  const seconds = (performance.now() - began) / 1000;
  const megabytes = statSync(archive).size / 1e6;
  rmSync(archive);
  return { tree, megabytes, files: report.totals.files, seconds, findings: report.findings };
}

function row(cells: readonly string[]): string {
  return cells.map((cell, i) => (i === 0 ? cell.padEnd(32) : cell.padStart(9))).join('');
}

/** Prints a table of the trees, and what is loud in them. */
export async function main(trees: string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-quiet-'));
  const measured: Measured[] = [];
  try {
    for (const tree of trees.length > 0 ? trees : TREES) {
      if (!existsSync(tree)) continue;
      const one = await measure(tree, folder);
      measured.push(one);
      for (const finding of one.findings) {
        if (!LOUD.includes(finding.severity)) continue;
        const { severity, confidence, rule, secret, why, places } = finding;
        const more = places.length > 1 ? ` and ${places.length - 1} more` : '';
        const line = places[0]?.line ? `:${places[0].line}` : '';
        console.log(`${severity} (${confidence}) ${rule} ${secret.preview} [${secret.length}]`);
        console.log(`    ${places[0]?.path ?? ''}${line}${more}`);
        console.log(`    ${why.join('; ')}`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.log(`\n${row(['tree', 'MB', 'files', ...SEVERITIES, 'per 500MB', 'MB/s'])}`);
  for (const { tree, megabytes, files, seconds, findings } of measured) {
    const counts = SEVERITIES.map((severity) => findings.filter((f) => f.severity === severity));
    const loud = findings.filter(({ severity }) => LOUD.includes(severity)).length;
    console.log(
      row([
        tree,
        megabytes.toFixed(0),
        `${files}`,
        ...counts.map(({ length }) => `${length}`),
        ((loud * 500) / megabytes).toFixed(2),
        (megabytes / seconds).toFixed(0),
      ]),
    );
  }
}
