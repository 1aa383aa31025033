import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/engine/report/report.ts';
import { imageArchive } from '../make/image-writer.ts';
import { sampleImage } from '../make/sample.ts';
import { constructedToken } from '../make/sample-source.ts';

const folder = mkdtempSync(join(tmpdir(), 'porthole-'));
const sample = join(folder, 'sample.tar');

function scan(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync('node', ['src/cli/launch.mjs', ...args], { encoding: 'utf8' });
}

beforeAll(async () => {
  writeFileSync(sample, await sampleImage());
});

describe('the command line', () => {
  test('prints one JSON document and nothing else', () => {
    const { status, stdout, stderr } = scan(sample, '--format', 'json');
    expect(status).toBe(0);
    expect(stderr).toBe('');
    const report = JSON.parse(stdout) as Report;
    expect(report.findings[0]).toMatchObject({
      severity: 'critical',
      places: [{ python: { name: 'access_token', source: 'differs' } }],
    });
    expect(report.secrets).toBe('redacted');
    expect(stdout).not.toContain(constructedToken());
  });

  test('gives the secrets only where asked', () => {
    expect(scan(sample, '--format', 'json', '--secrets').stdout).toContain(constructedToken());
  });

  test('tells of itself with --help and --version', () => {
    const help = scan('--help');
    expect(help.status).toBe(0);
    for (const option of [
      '--format',
      '--secrets',
      '--output',
      '--fail-on',
      '--baseline',
      '--verify',
    ])
      expect(help.stdout).toMatch(new RegExp(`^ {2}${option} `, 'm'));
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(scan('--version')).toMatchObject({ status: 0, stdout: `porthole ${version}\n` });
  });

  test('reads standard input, and leaves no copy of it', () => {
    const temporary = join(folder, 'tmp');
    mkdirSync(temporary);
    const { status, stdout, stderr } = spawnSync(
      'node',
      ['src/cli/launch.mjs', '-', '--format', 'json'],
      {
        input: readFileSync(sample),
        encoding: 'utf8',
        env: { ...process.env, TMPDIR: temporary },
      },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const read = JSON.parse(stdout) as Report;
    const direct = JSON.parse(scan(sample, '--format', 'json').stdout) as Report;
    expect(read.archive.name).toBe('standard input');
    expect(read.findings).toEqual(direct.findings);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('writes text and SARIF, and to a file', () => {
    expect(scan(sample, '--format', 'text').stdout).toMatch(/^sample\.tar: docker-archive/);
    const out = join(folder, 'out.sarif');
    expect(scan(sample, '--format', 'sarif', '--output', out).stdout).toBe('');
    expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({ version: '2.1.0' });
  });

  test('reads an unpacked layout, and checks digests where asked', () => {
    const layout = join(folder, 'layout');
    mkdirSync(layout);
    // What tar unpacks is what skopeo or buildx would have written as a folder.
    const oci = join(folder, 'oci.tar');
    writeFileSync(
      oci,
      imageArchive(
        [
          {
            tags: ['x:1'],
            layers: [{ createdBy: 'COPY', entries: [{ name: 'a', content: 'b' }] }],
          },
        ],
        'oci',
      ),
    );
    spawnSync('tar', ['-xf', oci, '-C', layout]);
    const { status, stdout } = scan(layout, '--format', 'json', '--verify');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      archive: { form: 'oci-layout' },
      problems: [],
      totals: { files: 1 },
    });
  });

  test('says on standard error that a layer was not read, and exits with 0', () => {
    const broken = join(folder, 'broken.tar');
    const layers = [{ createdBy: 'COPY', bytes: new Uint8Array(2048).fill(1) }];
    writeFileSync(broken, imageArchive([{ tags: ['x:1'], layers }]));
    const { status, stdout, stderr } = scan(broken, '--format', 'json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ problems: [{ code: 'layer-not-a-tar' }] });
    expect(stderr).toMatch(/^porthole: 1 layer could not be read[^\n]+\n$/);
    const text = scan(broken, '--format', 'text');
    expect(text.stderr).toBe('');
    expect(text.stdout).toContain('NOT READ  layer 1 (COPY)');
  });

  test('says on standard error that a layer is not what the image says, where digests are checked', () => {
    const bytes = imageArchive([
      { tags: ['x:1'], layers: [{ createdBy: 'COPY', entries: [{ name: 'a', content: 'bcd' }] }] },
    ]);
    Buffer.from(bytes.buffer).write('c', Buffer.from(bytes).indexOf('bcd'));
    const exchanged = join(folder, 'exchanged.tar');
    writeFileSync(exchanged, bytes);
    const { status, stderr } = scan(exchanged, '--format', 'json', '--verify');
    expect(status).toBe(0);
    expect(stderr).toBe(
      'porthole: 1 layer did not verify, by their digests: see problems in the report\n',
    );
    expect(scan(exchanged, '--format', 'json').stderr).toBe('');
  });

  test('exits with 1 only for what reaches --fail-on, and a baseline takes that away', () => {
    expect(scan(sample, '--fail-on', 'critical').status).toBe(1);
    const baseline = join(folder, 'baseline.json');
    scan(sample, '--format', 'json', '--output', baseline);
    expect(scan(sample, '--fail-on', 'info', '--baseline', baseline).status).toBe(0);
  });

  test.each([
    [['nothing-there.tar']],
    [[folder]],
    [[]],
    [[sample, sample]],
    [[sample, '--format', 'xml']],
    [[sample, '--fail-on', 'bad']],
    [[sample, '--unknown']],
    [[sample, '--format']],
    [[sample, '--output', join(folder, 'no', 'folder')]],
    [[sample, '--output', folder]],
    [['-']],
    [['package.json']],
    [[sample, '--baseline', sample]],
  ])('%j: one plain line, and exit status 2', (args) => {
    const { status, stdout, stderr } = scan(...args);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^porthole: [^\n]+\n$/);
  });
});
