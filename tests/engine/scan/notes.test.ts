/** Findings that are no secrets: odd bytecode, needless files; and where the base image ends. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { siphash } from '../../../src/engine/python/siphash.ts';
import { redact } from '../../../src/engine/report/redact.ts';
import type { Finding, Report } from '../../../src/engine/report/report.ts';
import { scanArchive } from '../../../src/engine/scan/scan-archive.ts';
import { imageArchive, type ImageInput } from '../../make/image-writer.ts';
import { sampleImage } from '../../make/sample.ts';
import { constructedToken, withToken } from '../../make/sample-source.ts';
import { scanLayers } from '../../make/scan-image.ts';
import type { TarInput } from '../../make/tar-writer.ts';

const CLEAN = readFileSync('tests/make/python/build.py');
const PYC = new Uint8Array(readFileSync('tests/fixtures/pyc/build.cpython-311.pyc'));
/** Compiled from the very text it is compared with: the fixture's own source, the marker in it. */
const SOURCE = CLEAN.toString().replace(
  'access_token=None,\n    filename',
  'access_token="placeholderforatokenoffortyhexadecimals_",\n    filename',
);
const PATH = 'app/__pycache__/build.cpython-311.pyc';

async function scan(
  entries: TarInput[],
  more: Partial<ImageInput> = {},
  createdBy = 'COPY . /app # buildkit',
): Promise<Report> {
  return scanLayers([{ createdBy, entries }], more);
}
const ofRule = (report: Report, rule: string): Finding[] =>
  report.findings.filter((finding) => finding.rule === rule);

/** The fixture with a header that holds a hash instead of a time (PEP 552). */
function hashed(flags: 1 | 3, source: string): Uint8Array {
  const bytes = Buffer.from(PYC);
  bytes.writeUInt32LE(flags, 4);
  const key = BigInt(bytes.readUInt32LE(0));
  bytes.set(Buffer.from(siphash(1, key, new TextEncoder().encode(source)), 'hex'), 8);
  return new Uint8Array(bytes);
}

describe('bytecode that differs from its source', () => {
  test('is told by its header, secret or none', async () => {
    const clean = withToken(PYC, 'x'.repeat(40));
    const report = await scan([
      { name: 'app/build.py', content: CLEAN },
      { name: PATH, content: clean },
    ]);
    expect(ofRule(report, 'bytecode-differs')).toMatchObject([
      {
        severity: 'medium',
        category: 'bytecode',
        places: [{ path: PATH, python: { source: 'differs', sourcePath: 'app/build.py' } }],
      },
    ]);
    expect(report.findings.filter(({ category }) => category === 'secret')).toEqual([]);
  });

  test('is told by names that the source lacks, where size says nothing', async () => {
    const bytes = Buffer.from(PYC);
    bytes.writeUInt32LE(CLEAN.length, 12);
    const renamed = CLEAN.toString().replaceAll('github_repository', 'github_repositorx');
    const report = await scan([
      { name: 'app/build.py', content: renamed, mtime: 1700000000 },
      { name: PATH, content: bytes },
    ]);
    expect(ofRule(report, 'bytecode-differs')[0]?.why[0]).toContain('github_repository');
  });

  test('is nothing of note where it is the source’s own', async () => {
    const report = await scan([
      { name: 'app/build.py', content: SOURCE, mtime: 1677830400 },
      { name: PATH, content: PYC },
    ]);
    expect(report.findings.map(({ rule }) => rule)).toEqual(['hygiene-bytecode']);
  });

  test('weighs less in an installed package, and is none for its installer’s times', async () => {
    const folder = 'usr/local/lib/python3.11/site-packages/build';
    const report = await scan([
      { name: `${folder}/build.py`, content: SOURCE, mtime: 1 },
      { name: `${folder}/__pycache__/build.cpython-311.pyc`, content: PYC },
      { name: `${folder}/sub/build.py`, content: CLEAN },
      { name: `${folder}/sub/__pycache__/build.cpython-311.pyc`, content: PYC },
    ]);
    expect(report.findings).toMatchObject([{ rule: 'bytecode-differs', severity: 'low' }]);
    expect(report.findings[0]?.places[0]?.path).toContain('sub/');
  });

  test('unchecked beside another source is a known way to hide code', async () => {
    const report = await scan([
      { name: 'app/build.py', content: CLEAN },
      { name: PATH, content: hashed(1, SOURCE) },
      { name: 'app/checked/build.py', content: CLEAN },
      { name: 'app/checked/__pycache__/build.cpython-311.pyc', content: hashed(3, SOURCE) },
      { name: 'app/right/build.py', content: SOURCE },
      { name: 'app/right/__pycache__/build.cpython-311.pyc', content: hashed(1, SOURCE) },
    ]);
    expect(ofRule(report, 'bytecode-unchecked')).toMatchObject([
      { severity: 'high', places: [{ path: PATH }] },
    ]);
    expect(ofRule(report, 'bytecode-differs').map(({ places }) => places[0]?.path)).toEqual([
      'app/checked/__pycache__/build.cpython-311.pyc',
    ]);
  });

  test('without a source is one finding for a whole application, none for packages', async () => {
    const report = await scan([
      { name: 'app/a.pyc', content: PYC },
      { name: 'app/sub/b.pyc', content: PYC },
      { name: 'usr/lib/python3/dist-packages/c.pyc', content: PYC },
    ]);
    expect(ofRule(report, 'bytecode-without-source')).toMatchObject([
      { severity: 'low', places: [{ path: 'app/a.pyc' }, { path: 'app/sub/b.pyc' }] },
    ]);
  });

  test('the source may stand in another layer, and is the one at that layer', async () => {
    const layers = [
      {
        createdBy: 'COPY',
        entries: [{ name: 'app/build.py', content: SOURCE, mtime: 1677830400 }],
      },
      { createdBy: 'COPY', entries: [{ name: PATH, content: PYC }] },
      { createdBy: 'COPY', entries: [{ name: 'app/build.py', content: CLEAN }] },
    ];
    expect(ofRule(await scan([], { layers }), 'bytecode-differs')).toEqual([]);
  });
});

describe('the base image', () => {
  const layer = (name: string, createdBy: string): ImageInput['layers'][number] => ({
    createdBy,
    entries: [{ name, content: `DB_PASSWORD=${constructedToken(name)}\n` }],
  });

  test('ends with the command it starts by default', async () => {
    const bytes = imageArchive([
      {
        tags: ['a:1'],
        layers: [
          layer('etc/base.env', '/bin/sh -c #(nop) ADD file:1 in / '),
          layer('opt/base.env', 'RUN /bin/sh -c install # buildkit'),
          layer('app/app.env', 'COPY . /app # buildkit'),
        ],
        stepsAfter: { 1: ['CMD ["bash"]'] },
        emptySteps: ['CMD ["app"]'],
        labels: { 'org.opencontainers.image.base.name': 'docker.io/library/debian:12' },
      },
    ]);
    const { report } = await scanArchive(new Blob([bytes]), 'image.tar');
    expect(report.images).toMatchObject([
      { baseLayers: 2, baseName: 'docker.io/library/debian:12' },
    ]);
    const origins = report.findings
      .filter(({ category }) => category === 'secret')
      .map(({ places, advice }) => [
        places[0]?.path,
        places[0]?.images[0]?.origin,
        advice.steps.some((step) => step.includes('base image')),
      ]);
    expect(origins.sort()).toEqual([
      ['app/app.env', 'built', false],
      ['etc/base.env', 'base', true],
      ['opt/base.env', 'base', true],
    ]);
  });

  test('is not made up where the history does not show it', async () => {
    const report = await scan([{ name: 'a', content: 'x' }], { emptySteps: ['CMD ["app"]'] });
    expect(report.images[0]?.baseLayers).toBe(0);
  });
});

describe('what an image need not ship', () => {
  const entries: TarInput[] = [
    { name: 'app/.git/HEAD', content: 'ref: refs/heads/main\n' },
    { name: 'app/.git/config', content: '[core]\n' },
    { name: 'app/.env', content: 'DEBUG=1\n' },
    { name: 'app/.env.example', content: 'DEBUG=0\n' },
    { name: 'app/web/.env.production', content: 'DEBUG=0\n' },
    { name: 'app/settings.py.bak', content: 'x = 1\n' },
    { name: 'app/tests/test_a.py', content: 'def test_a(): pass\n' },
    { name: 'app/.pytest_cache/README.md', content: 'x' },
    { name: 'app/tls/server.key', content: 'x' },
    { name: 'app/main.py', content: 'print(1)\n' },
    { name: 'usr/lib/python3/dist-packages/x/tests/test_b.py', content: 'pass\n' },
  ];

  test('is found by kind, with the .dockerignore that keeps out exactly that', async () => {
    const report = await scan(entries);
    const rules = report.findings.map(({ rule, severity }) => [rule, severity]);
    expect(rules.sort()).toEqual([
      ['hygiene-backup', 'info'],
      ['hygiene-cache', 'info'],
      ['hygiene-env-file', 'low'],
      ['hygiene-key-file', 'low'],
      ['hygiene-repository', 'low'],
      ['hygiene-tests', 'info'],
    ]);
    const ignore = report.images[0]?.dockerignore;
    const patterns = ignore?.text.trim().split('\n').slice(1).sort();
    expect(patterns).toEqual([
      '!**/dist-packages/**',
      '**/*.bak',
      '**/.env',
      '**/.env.production',
      '**/.git',
      '**/.pytest_cache',
      '**/server.key',
      '**/tests',
    ]);
    const kept = entries.filter(({ name }) => !/main\.py|example|dist-packages/.test(String(name)));
    expect(ignore?.files).toBe(kept.length);
    expect(ignore?.bytes).toBe(kept.reduce((sum, { content }) => sum + (content?.length ?? 0), 0));
  });

  test.each([
    ['app/.env.production.local', 'hygiene-env-file', '**/.env.production.local'],
    ['app/deploy/prod.env', 'hygiene-env-file', '**/prod.env'],
    ['root/.aws/credentials', 'hygiene-credential-file', '**/.aws/credentials'],
    ['root/.gradle/gradle.properties', 'hygiene-credential-file', '**/.gradle/gradle.properties'],
    ['app/.npmrc', 'hygiene-credential-file', '**/.npmrc'],
    ['infra/prod.tfvars', 'hygiene-credential-file', '**/prod.tfvars'],
    ['app/db/backup-2031.sql.gz', 'hygiene-dump', '**/backup-2031.sql.gz'],
    ['app/core.1234', 'hygiene-dump', '**/core.1234'],
    ['app/src/cart.test.ts', 'hygiene-tests', '**/*.test.ts'],
    ['app/pkg/cart_test.go', 'hygiene-tests', '**/*_test.go'],
    ['app/azure-pipelines.yml', 'hygiene-project-files', '**/azure-pipelines.yml'],
    ['root/.gradle/caches/x', 'hygiene-cache', '**/.gradle'],
  ])('%s is %s', async (name, rule, pattern) => {
    const report = await scan([{ name, content: 'x\n' }]);
    expect(report.findings.map((finding) => finding.rule)).toEqual([rule]);
    expect(report.images[0]?.dockerignore?.text.trim().split('\n')[1]).toBe(pattern);
  });

  test.each([
    'app/example.env',
    'app/.env.example',
    'app/core',
    'app/schema.sql',
    'app/contest.ts',
  ])('%s is nothing of it', async (name) => {
    const report = await scan([{ name, content: 'x\n' }]);
    expect(report.findings).toEqual([]);
  });

  test('of a command’s own files no .dockerignore is made', async () => {
    const lists = [{ name: 'var/lib/apt/lists/deb.debian.org_dists', content: 'x' }];
    const report = await scan(lists, {}, 'RUN /bin/sh -c apt-get update # buildkit');
    expect(report.findings.map(({ rule }) => rule)).toEqual(['hygiene-package-cache']);
    expect(report.images[0]?.dockerignore).toBeUndefined();
  });

  test('a file that is taken away is not shipped by that', async () => {
    const layers = [
      { createdBy: 'COPY . /app', entries: [{ name: 'app/.env', content: 'DEBUG=1' }] },
      { createdBy: 'RUN rm /app/.env', entries: [{ name: 'app/.wh..env', content: '' }] },
    ];
    const [finding] = ofRule(await scan([], { layers }), 'hygiene-env-file');
    expect(finding?.places).toHaveLength(1);
  });

  test('says nothing of the base image', async () => {
    const layers = [
      { createdBy: 'ADD file:1 in /', entries },
      { createdBy: 'COPY a /a', entries: [{ name: 'a', content: 'x' }] },
    ];
    const report = await scan([], { layers, stepsAfter: { 0: ['CMD ["bash"]'] } });
    expect(report.findings).toEqual([]);
  });
});

test('the sample shows its secret, and beside it what is odd', async () => {
  const { report } = await scanArchive(new Blob([await sampleImage()]), 'sample.tar');
  const rules = report.findings.map(({ rule }) => rule);
  expect(rules[0]).toBe('github-pat-legacy-40hex');
  expect(rules).toContain('bytecode-differs');
  expect(report.images[0]?.dockerignore?.text).toContain('**/__pycache__');
});

test('a literal that nothing calls a secret is one where it signs a token of the image', async () => {
  const words = ['basil', 'harbor-maple'].join('_');
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: '1', exp: 4102444800 })}`;
  const token = `${signed}.${createHmac('sha256', words).update(signed).digest('base64url')}`;
  const code = `// the check\nconst verify = (t) => lib.check(t, "${words}", "another-word");\n`;
  const entries = [{ name: 'srv/auth.js', content: code }];
  const alone = await scan(entries);
  expect(alone.findings.filter(({ category }) => category === 'secret')).toEqual([]);
  const report = await scan([
    ...entries,
    { name: 'srv/session.json', content: `{"s":"${token}"}` },
  ]);
  const [secret, ...others] = ofRule(report, 'signing-secret');
  expect(others).toEqual([]);
  expect(secret).toMatchObject({ severity: 'critical', confidence: 'certain' });
  expect(secret?.secret.value).toBe(words);
  expect(secret?.places).toMatchObject([{ path: 'srv/auth.js', line: 2 }]);
});

test('a secret that signs a token found in the same image is proven', async () => {
  const key = constructedToken('a signing key');
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iss: 'shop', sub: '7', exp: 4_102_444_800 };
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  const token = `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
  const report = await scan([
    { name: 'app/settings.ini', content: `jwt_secret = ${key}\n` },
    { name: 'app/session.txt', content: `${token}\n` },
  ]);
  expect(report.findings.find(({ secret }) => secret.value === key)).toMatchObject({
    severity: 'critical',
    confidence: 'certain',
  });
  const proof = report.findings.find(({ rule }) => rule === 'jwt');
  expect(proof?.why.join()).toContain('signed by the secret');
});

test('a secret in a path stays out of a redacted report, in every field', async () => {
  const key = constructedToken('a key in a path');
  const report = await scan([
    { name: `srv/${key}/build.py`, content: CLEAN },
    { name: `srv/${key}/__pycache__/build.cpython-311.pyc`, content: PYC },
    { name: 'app/.env', content: `API_TOKEN=${key}\n` },
  ]);
  expect(JSON.stringify(report)).toContain(key);
  expect(JSON.stringify(redact(report))).not.toContain(key);
});
