/**
 * The `.dockerignore` for a careless image keeps out what was found, and nothing else. That Docker's own client
 * agrees with the lines expected here is what `npm run test:dockerignore` checks.
 */
import { describe, expect, test } from 'vitest';
import type { Report } from '../../../src/engine/report/report.ts';
import { ignoreMatcher } from '../../../src/engine/scan/dockerignore.ts';
import { scanArchive } from '../../../src/engine/scan/scan-archive.ts';
import { CARELESS } from '../../make/careless-application.ts';
import { imageArchive } from '../../make/image-writer.ts';

async function scan(createdBy: string, paths: readonly string[]): Promise<Report> {
  const entries = paths.map((name) => ({ name, content: `${name}\n` }));
  const bytes = imageArchive([{ tags: ['careless:1'], layers: [{ createdBy, entries }] }]);
  return (await scanArchive(new Blob([bytes]), 'careless.tar')).report;
}

function linesOf(report: Report): string[] {
  const text = report.images[0]?.dockerignore?.text ?? '';
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('# '));
}

describe('a careless application', async () => {
  const report = await scan(
    'COPY . /app',
    CARELESS.map(({ path }) => `app/${path}`),
  );

  test('has every file that it need not ship found, by its kind', () => {
    const found = report.findings.flatMap(({ rule, places }) =>
      places.map(({ path = '' }) => `${rule} ${path.slice('app/'.length)}`),
    );
    const expected = CARELESS.flatMap(({ rule, path }) => (rule ? [`${rule} ${path}`] : []));
    expect(found.sort()).toEqual(expected.sort());
  });

  test('has those kept out, and the bytes saved counted', () => {
    const lines = linesOf(report);
    expect(CARELESS.filter(({ path }) => ignoreMatcher(lines)(path))).toEqual(
      CARELESS.filter(({ rule }) => rule !== undefined),
    );
    // What Docker's client was seen to need: exceptions in this form, and what they let in once more.
    expect(lines.slice(-3)).toEqual([
      '!**/node_modules/**',
      '!**/vendor/**',
      '**/node_modules/.cache',
    ]);
    const kept = CARELESS.filter(({ rule }) => rule !== undefined);
    const bytes = kept.reduce((sum, { path }) => sum + `app/${path}\n`.length, 0);
    expect(report.images[0]?.dockerignore).toMatchObject({ files: kept.length, bytes });
  });
});

describe('the name in the context, where the instruction gave another', () => {
  test.each<[string, string, string[]]>([
    ['COPY prod.env /app/.env', 'app/.env', ['**/prod.env']],
    ['COPY prod.txt /app/.env', 'app/.env', []],
    ['COPY config/.env.prod /app/.env', 'app/.env', ['**/.env.prod']],
    ['COPY tests /app/checks', 'app/checks/test_a.py', []],
    ['COPY --chown=1:1 --link ./tests/ /srv/', 'srv/test_a.py', []],
    ['COPY a.py tests/ /app/tests/', 'app/tests/test_a.py', ['**/tests']],
    ['COPY . /tests/', 'tests/main.py', []],
    ['COPY . .', 'app/.env', ['**/.env']],
    ['COPY ["a b", ".env", "/app/"]', 'app/.env', ['**/.env']],
    ['ADD https://example.com/.env /app/', 'app/.env', []],
    ['COPY --from=build /src /app', 'app/.env', []],
    ['RUN cp -r /src /app', 'app/.env', []],
    ['/bin/sh -c #(nop) COPY dir:0123456789abcdef in /app ', 'app/.env', ['**/.env']],
    ['/bin/sh -c #(nop) COPY file:0123456789abcdef in /app/.env ', 'app/.env', ['**/.env']],
  ])('%s: %s', async (createdBy, path, lines) => {
    expect(linesOf(await scan(createdBy, [path]))).toEqual(lines);
  });
});

describe('patterns', () => {
  test.each<[string, string, boolean]>([
    ['**/*.log', 'a.log', true],
    ['**/*.log', 'a/b.log', true],
    ['**/*.log', 'a/b.logs', false],
    ['**/.git', 'x.git/a', false],
    ['**/.git', 'x/.git/a/b', true],
    ['**/*.py[co]', 'a/b.pyc', true],
    ['**/*.py[co]', 'a/b.py', false],
    ['**/a\\*b', 'a*b', true],
    ['**/a\\*b', 'axb', false],
    ['**/a?b', 'a/b', false],
  ])('%s, %s: %s', (pattern, path, out) => {
    expect(ignoreMatcher([pattern])(path)).toBe(out);
  });
});
