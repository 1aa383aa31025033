/** The files that the command line reads and writes: links, permissions, readers that leave early. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../src/engine/report/report.ts';
import { imageArchive, sha256 } from '../make/image-writer.ts';
import { constructedToken } from '../make/sample-source.ts';
import { tar } from '../make/tar-writer.ts';

const folder = mkdtempSync(join(tmpdir(), 'porthole-'));
const file = (name: string, content: Uint8Array | string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

function scan(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync('node', ['src/cli/launch.mjs', ...args], { encoding: 'utf8' });
}

const token = (i: number): string => constructedToken(`in file ${i}`);
const entriesOf = (i: number) => [{ name: `app/${i}.cfg`, content: `GITHUB_TOKEN=${token(i)}\n` }];
const layersOf = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ createdBy: `COPY ${i}`, entries: entriesOf(i) }));
const image = (count: number): Uint8Array =>
  imageArchive([{ tags: ['x:1'], layers: layersOf(count) }], 'oci');
const blobOf = (i: number): string => `blobs/sha256/${sha256(tar(entriesOf(i)))}`;

/** An unpacked layout of so many layers. */
function layout(name: string, count: number): string {
  const path = join(folder, name);
  mkdirSync(path);
  const packed = file(`${name}.tar`, image(count));
  expect(spawnSync('tar', ['-xf', packed, '-C', path]).status).toBe(0);
  return path;
}

describe('--output', () => {
  const archive = file('archive.tar', image(1));

  test('writes what only its owner can read, over a file that others could read too', () => {
    const out = file('out.json', 'x'.repeat(1_000_000));
    chmodSync(out, 0o644);
    expect(scan(archive, '--secrets', '--output', out).status).toBe(0);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({ secrets: 'included' });
  });

  test.each([
    ['the archive', (to: string) => to],
    ['a link to it', (to: string) => (symlinkSync(to, `${to}.link`), `${to}.link`)],
    ['another name of it', (to: string) => (linkSync(to, `${to}.name`), `${to}.name`)],
  ])('does not write over %s', (_, nameOf) => {
    const before = readFileSync(archive);
    const { status, stderr } = scan(archive, '--output', nameOf(archive));
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'porthole: --output names the archive itself, which would be overwritten\n',
    });
    expect(readFileSync(archive)).toEqual(before);
  });

  test('does not write over what standard input is read from', () => {
    const command = 'node src/cli/launch.mjs - --output "$1" < "$1"';
    const { status } = spawnSync('sh', ['-c', command, 'sh', archive]);
    expect(status).toBe(2);
    expect(readFileSync(archive)).toEqual(Buffer.from(image(1)));
  });

  test('writes to what is no file', () => {
    expect(scan(archive, '--output', '/dev/null')).toMatchObject({ status: 0, stderr: '' });
  });
});

test('a reader that wants no more does not change the exit status', () => {
  const archive = file('many.tar', image(60));
  const command =
    'set -o pipefail; node src/cli/launch.mjs "$1" --format json --fail-on "$2" | head -c 5';
  const statusFor = (severity: string): number | null =>
    spawnSync('bash', ['-c', command, 'bash', archive, severity]).status;
  expect(statusFor('high')).toBe(1);
});

test('a reader of standard error that has gone does not either', () => {
  const layers = [{ createdBy: 'COPY', bytes: new Uint8Array(2048).fill(1) }];
  const broken = file('broken.tar', imageArchive([{ tags: ['x:1'], layers }]));
  const command = 'node src/cli/launch.mjs "$1" --output /dev/null 2> >(exec 0<&-)';
  expect(spawnSync('bash', ['-c', command, 'bash', broken]).status).toBe(0);
});

describe('a folder with a layout', () => {
  const pathsIn = ({ stdout }: { stdout: string }): (string | undefined)[] =>
    (JSON.parse(stdout) as Report).findings.map(({ places }) => places[0]?.path).sort();

  test('is read through links to files and to folders, which may go in circles', () => {
    const path = layout('linked', 2);
    renameSync(join(path, blobOf(0)), join(folder, 'elsewhere'));
    symlinkSync('../../../elsewhere', join(path, blobOf(0)));
    renameSync(join(path, 'blobs'), join(folder, 'all-blobs'));
    mkdirSync(join(path, 'one'));
    symlinkSync('../../elsewhere', join(folder, 'all-blobs', 'elsewhere'));
    symlinkSync('../all-blobs', join(path, 'blobs'));
    symlinkSync('..', join(path, 'one', 'up'));
    unlinkSync(join(folder, 'all-blobs', blobOf(0).slice(6)));
    symlinkSync('../../elsewhere', join(folder, 'all-blobs', blobOf(0).slice(6)));
    const scanned = scan(path, '--format', 'json');
    expect(scanned.status).toBe(0);
    expect(pathsIn(scanned)).toEqual(['app/0.cfg', 'app/1.cfg']);
  });

  const spoil = {
    'leads to itself': (blob: string) => {
      unlinkSync(blob);
      symlinkSync(blob, blob);
    },
    'may not be opened': (blob: string) => chmodSync(blob, 0),
  };
  const isRoot = process.getuid?.() === 0; // who may open everything
  test.each(Object.entries(spoil).slice(0, isRoot ? 1 : 2))(
    'is read but for what %s, which is told of',
    (what, change) => {
      const path = layout(`spoilt-${what.length}`, 3);
      change(join(path, blobOf(1)));
      const scanned = scan(path, '--format', 'json');
      expect(scanned.status).toBe(0);
      expect(pathsIn(scanned)).toEqual(['app/0.cfg', 'app/2.cfg']);
      expect(scanned.stderr).toMatch(/^porthole: 1 layer could not be read/);
      const { problems } = JSON.parse(scanned.stdout) as Report;
      expect(problems).toMatchObject([
        { code: 'file-unreadable', path: blobOf(1) },
        { code: 'layer-absent', path: blobOf(1) },
      ]);
      expect(problems[0]?.message).toContain(what);
    },
  );

  test('whose blobs are lost is told of in a line', () => {
    const path = layout('blobless', 1);
    renameSync(join(path, 'blobs'), join(folder, 'blobless-blobs'));
    symlinkSync('blobs', join(path, 'blobs'));
    const { status, stderr } = scan(path);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^porthole: [^\n]+ Of the folder, blobs could not be read\.\n$/);
  });

  test('whose index leads nowhere is told of in a line', () => {
    const path = layout('lost', 1);
    unlinkSync(join(path, 'index.json'));
    symlinkSync('nowhere', join(path, 'index.json'));
    const { status, stderr } = scan(path);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^porthole: [^\n]+\/index\.json: there is no such file\n$/);
  });
});

test.skipIf(process.getuid?.() === 0)('an archive that may not be opened is told of', () => {
  const path = file('closed.tar', image(1));
  chmodSync(path, 0);
  expect(scan(path)).toMatchObject({
    status: 2,
    stderr: `porthole: ${path}: it may not be opened\n`,
  });
});
