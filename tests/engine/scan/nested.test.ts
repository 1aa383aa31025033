/** Secrets in archives inside layers: each kind, one in another, damaged, and made to be a bomb. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import type { Finding, Report } from '../../../src/engine/report/report.ts';
import { readMember } from '../../../src/engine/scan/read-member.ts';
import { inPieces, noise } from '../../make/pieces.ts';
import { pyInstallerExecutable } from '../../make/pyinstaller-writer.ts';
import { constructedToken, withToken } from '../../make/sample-source.ts';
import { pathsOf, scanEntries } from '../../make/scan-image.ts';
import { tar, type TarInput } from '../../make/tar-writer.ts';

const TOKEN = constructedToken();
const CLEAN = new Uint8Array(readFileSync('tests/make/python/build.py'));
const COMPILED = withToken(
  new Uint8Array(readFileSync('tests/fixtures/pyc/build.cpython-311.pyc')),
  TOKEN,
);
const ENV = strToU8(`GITHUB_TOKEN=${TOKEN}\n`);

const tokenOf = (report: Report): Finding | undefined =>
  report.findings.find(({ secret }) => secret.value === TOKEN);

describe('a token is found in', () => {
  const zip = zipSync({ 'pkg/.env': ENV, 'pkg/readme.md': strToU8('# nothing') });
  const inner = tar([{ name: 'etc/app.env', content: ENV }]);
  test.each<[string, string, Uint8Array, string]>([
    ['a zip', 'a.zip', zip, 'a.zip!/pkg/.env'],
    ['a jar', 'lib/a.jar', zip, 'lib/a.jar!/pkg/.env'],
    ['a stored zip', 'a.zip', zipSync({ 'x.env': ENV }, { level: 0 }), 'a.zip!/x.env'],
    [
      'a zipapp',
      'bin/tool.pyz',
      Buffer.concat([Buffer.from('#!/usr/bin/env python3\n'), zip]),
      'bin/tool.pyz!/pkg/.env',
    ],
    [
      'a zip behind an executable',
      'bin/setup',
      Buffer.concat([Buffer.from('\x7fELF', 'latin1'), Buffer.alloc(3000), zip]),
      'bin/setup!/pkg/.env',
    ],
    ['a tar', 'a.tar', inner, 'a.tar!/etc/app.env'],
    ['a compressed tar', 'a.tar.gz', gzipSync(inner), 'a.tar.gz!/etc/app.env'],
    ['a gzip file', 'dump.env.gz', gzipSync(ENV), 'dump.env.gz!/dump.env'],
    [
      'a gzip file with zeros between its members',
      'dump.env.gz',
      Buffer.concat([gzipSync('a\n'), Buffer.alloc(600_000), gzipSync(ENV)]),
      'dump.env.gz!/dump.env',
    ],
    [
      'a large gzip file',
      'dump.sql.gz',
      gzipSync(Buffer.concat([Buffer.from('insert into a values (1);\n'.repeat(99_999)), ENV])),
      'dump.sql.gz!/dump.sql',
    ],
    [
      'a zip in a tar in a gzip file in a zip',
      'a.zip',
      zipSync({ 'b.tgz': gzipSync(tar([{ name: 'c.jar', content: zip }])) }),
      'a.zip!/b.tgz!/c.jar!/pkg/.env',
    ],
  ])('%s', async (_, name, content, path) => {
    const report = await scanEntries([{ name, content }]);
    expect(pathsOf(report, TOKEN)).toEqual([path]);
    expect(report.problems).toEqual([]);
    // The viewer finds what stands there by the same path.
    const member = await readMember(inPieces(content, 65_536), content.length, path);
    expect(Buffer.from(member ?? []).includes(TOKEN)).toBe(true);
    expect(report.totals.scanned?.['nested']?.files).toBeGreaterThan(0);
  });

  test.each([1, 2, 3])(
    'a tar larger than what is held, layer read in its own way (%i)',
    async (n) => {
      const big = tar([
        { name: 'big.bin', content: noise(n << 20) },
        { name: 'app.env', content: ENV },
      ]);
      expect(pathsOf(await scanEntries([{ name: 'a.tar', content: big }]), TOKEN)).toEqual([
        'a.tar!/app.env',
      ]);
    },
  );
});

describe('bytecode', () => {
  const pyc = 'pkg/__pycache__/build.cpython-311.pyc';

  test('in a wheel differs from the source beside it there', async () => {
    const wheel = zipSync({ 'pkg/build.py': CLEAN, [pyc]: COMPILED });
    const report = await scanEntries([{ name: 'dist/pkg.whl', content: wheel }]);
    expect(tokenOf(report)?.places).toMatchObject([
      {
        path: `dist/pkg.whl!/${pyc}`,
        python: {
          name: 'access_token',
          binding: 'default-argument',
          qualname: '_fetch_github_file',
          source: 'differs',
          sourcePath: 'dist/pkg.whl!/pkg/build.py',
        },
      },
    ]);
  });

  test('in an egg without a source is said to have none', async () => {
    const report = await scanEntries([
      { name: 'a.egg', content: zipSync({ 'build.pyc': COMPILED }) },
    ]);
    expect(tokenOf(report)?.places[0]?.python?.source).toBe('missing');
  });

  test.each([false, true])(
    'in a PyInstaller executable, its PYZ included (old: %s)',
    async (old) => {
      const executable = pyInstallerExecutable(
        [{ name: 'main', pyc: COMPILED }],
        [{ name: 'cabotage.tasks', pyc: COMPILED }],
        [{ name: 'settings/.env', content: ENV }],
        old,
      );
      const report = await scanEntries([{ name: 'dist/app', content: executable }]);
      expect(pathsOf(report, TOKEN)).toEqual([
        'dist/app!/PYZ-00.pyz!/cabotage/tasks.pyc',
        'dist/app!/main.pyc',
        'dist/app!/settings/.env',
      ]);
      const bound = tokenOf(report)?.places.flatMap(({ python }) => python?.name ?? []);
      expect(bound).toEqual(['access_token', 'access_token']);
      for (const path of pathsOf(report, TOKEN)) {
        const member = await readMember(inPieces(executable, 65_536), executable.length, path);
        expect(Buffer.from(member ?? []).includes(TOKEN)).toBe(true);
      }
    },
  );

  test('frozen into an executable', async () => {
    const frozen = Buffer.concat([
      Buffer.from('\x7fELF', 'latin1'),
      noise(2000),
      COMPILED.subarray(16),
      noise(2000, 2),
    ]);
    const report = await scanEntries([{ name: 'usr/bin/app', content: frozen }]);
    const [path] = pathsOf(report, TOKEN);
    expect(path).toContain('usr/bin/app!/app/cabotage/celery/tasks/build.py');
    expect(tokenOf(report)?.places[0]?.python?.name).toBe('access_token');
  });
});

describe("git's objects", () => {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-git-'));
  const git = (...args: string[]): void => {
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      cwd: folder,
      stdio: 'ignore',
    });
  };
  const filesBelow = (path: string, below: string): TarInput[] =>
    readdirSync(join(folder, path), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const full = join(entry.parentPath, entry.name);
        return { name: `${below}${full.slice(folder.length + 1)}`, content: readFileSync(full) };
      });
  git('init', '-q');
  writeFileSync(join(folder, 'settings.py'), `github_token = "${TOKEN}"\n${'x = 1\n'.repeat(400)}`);
  git('add', '.');
  git('commit', '-qm', 'first');
  writeFileSync(join(folder, 'settings.py'), `github_token = None\n${'x = 1\n'.repeat(400)}`);
  git('commit', '-qam', 'take the token out');
  const loose = filesBelow('.git/objects', 'app/');
  git('gc', '-q', '--aggressive', '--prune=now');
  const packed = filesBelow('.git/objects', 'app/');
  rmSync(folder, { recursive: true });

  test('loose ones are inflated', async () => {
    expect(loose.some(({ name }) => /objects\/[0-9a-f]{2}\//.test(String(name)))).toBe(true);
    const paths = pathsOf(await scanEntries(loose), TOKEN);
    expect(paths).toHaveLength(1);
    expect(paths[0]).toMatch(/^app\/\.git\/objects\/[0-9a-f]{2}\/[0-9a-f]{38}!\/blob$/);
  });

  test('packed ones too, deltas applied', async () => {
    expect(packed.some(({ name }) => String(name).endsWith('.pack'))).toBe(true);
    const paths = pathsOf(await scanEntries(packed), TOKEN);
    expect(paths.length).toBeGreaterThan(0);
    expect(paths[0]).toMatch(/^app\/\.git\/objects\/pack\/pack-[0-9a-f]+\.pack!\/blob-at-\d+$/);
  });
});

describe('damaged and hostile archives', () => {
  test("comments of a zip's entries are scanned", async () => {
    const zip = zipSync({
      'a.txt': [strToU8('nothing'), { comment: `token: ${TOKEN}` }],
      'b.txt': strToU8('nothing'),
    });
    const report = await scanEntries([{ name: 'a.zip', content: zip }]);
    expect(pathsOf(report, TOKEN)).toEqual(['a.zip']);
  });

  test('a cut zip gives what it holds, and a problem', async () => {
    const zip = zipSync({ 'a.env': ENV, 'b.bin': noise(5000) }, { level: 6 });
    const report = await scanEntries([
      { name: 'a.zip', content: zip.subarray(0, zip.length - 400) },
    ]);
    expect(pathsOf(report, TOKEN)).toEqual(['a.zip!/a.env']);
    expect(report.problems.map(({ path }) => path)).toContain('a.zip');
  });

  test('an encrypted entry is named', async () => {
    const zip = zipSync({ 'a.env': ENV });
    const central = Buffer.from(zip).indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    zip[central + 8] = 1;
    const report = await scanEntries([{ name: 'a.zip', content: zip }]);
    expect(report.problems[0]?.message).toContain('encrypted');
    expect(Object.keys(report.totals.notScanned ?? {})).toContain('in a zip: it is encrypted');
  });

  const zipOf = (name: string, content: Uint8Array): Uint8Array => zipSync({ [name]: content });
  const tgzOf = (name: string, content: Uint8Array): Uint8Array =>
    gzipSync(tar([{ name, content }]));
  test.each([
    ['zip', zipOf],
    ['tgz', tgzOf],
  ])(
    'a %s is opened in three others, and in four its bytes are scanned, in words',
    async (kind, of) => {
      let content = of('app.env', ENV);
      for (let around = 0; around < 5; around++) {
        const report = await scanEntries([{ name: `a.${kind}`, content }]);
        const deep = 'archives in more than 4 others, scanned as raw bytes';
        expect(Object.keys(report.totals.notScanned ?? {}).includes(deep)).toBe(around > 3);
        expect(report.problems.map(({ code }) => code)).toEqual(around > 3 ? ['nested-depth'] : []);
        if (around <= 3) expect(pathsOf(report, TOKEN)).toHaveLength(1);
        content = of(`inner.${kind}`, content);
      }
    },
  );

  test('gzip around gzip around gzip ends at a bounded depth', async () => {
    let content: Uint8Array = ENV;
    for (let around = 0; around < 30; around++) content = gzipSync(content);
    const report = await scanEntries([{ name: 'a.gz', content }]);
    expect(report.problems.map(({ code }) => code)).toEqual(['nested-depth']);
  });

  test('a zip of zips of zips stops at a bounded depth, its bytes still scanned', async () => {
    const url = strToU8(`postgres://app:${TOKEN}@db.internal/app\n`);
    let zip = zipSync({ 'x.env': url }, { level: 0 });
    for (let i = 0; i < 12; i++) zip = zipSync({ 'x.zip': zip }, { level: 0 });
    expect(pathsOf(await scanEntries([{ name: 'a.zip', content: zip }]), TOKEN)).toHaveLength(1);
  });

  test('what unpacks to too much is left, in words', async () => {
    const bomb = gzipSync(Buffer.alloc(700 << 20));
    const report = await scanEntries([
      { name: 'a.gz', content: bomb },
      { name: 'b.env', content: ENV },
    ]);
    expect(report.problems.map(({ code }) => code)).toEqual(['nested-ratio']);
    expect(pathsOf(report, TOKEN)).toEqual(['b.env']);
  });

  test('a thousand members that cannot be read are told of in a few problems', async () => {
    const files = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`${i}`, ENV]));
    const zip = Buffer.from(zipSync(files));
    const mark = Buffer.from([0x50, 0x4b, 1, 2]);
    for (let at = zip.indexOf(mark); at >= 0; at = zip.indexOf(mark, at + 4)) zip[at + 8] = 1;
    const report = await scanEntries([{ name: 'a.zip', content: zip }]);
    expect(report.problems.length).toBeLessThan(30);
    expect(report.problems.at(-1)?.message).toContain('980 more');
  });

  test('members that take much to read and give nothing are bounded', async () => {
    // Empty stored blocks, and a directory that names them again and again.
    const blocks = Buffer.alloc(400_000);
    for (let at = 0; at + 5 <= blocks.length; at += 5) blocks.set([0, 0, 0, 0xff, 0xff], at);
    const local = Buffer.alloc(31);
    local.set([0x50, 0x4b, 3, 4, 20, 0, 0, 0, 8, 0]);
    local.writeUInt16LE(1, 26);
    const central = Buffer.alloc(47);
    central.set([0x50, 0x4b, 1, 2, 20, 0, 20, 0, 0, 0, 8, 0]);
    central.writeUInt32LE(blocks.length, 20);
    central.writeUInt32LE(10, 24);
    central.writeUInt16LE(1, 28);
    const count = 5000;
    const end = Buffer.alloc(22);
    end.set([0x50, 0x4b, 5, 6]);
    end.writeUInt32LE(central.length * count, 12);
    end.writeUInt32LE(local.length + blocks.length, 16);
    const parts = [local, blocks, ...Array<Buffer>(count).fill(central), end];
    const report = await scanEntries([{ name: 'a.zip', content: Buffer.concat(parts) }]);
    expect(report.problems.map(({ code }) => code)).toContain('nested-ratio');
  });

  test('a script before a zip is scanned too', async () => {
    const script = Buffer.from(`#!/bin/sh\nDATABASE=postgres://app:${TOKEN}@db.internal/a\n`);
    const content = Buffer.concat([script, zipSync({ 'a.txt': strToU8('x') })]);
    expect(pathsOf(await scanEntries([{ name: 'bin/run', content }]), TOKEN)).toEqual(['bin/run']);
  });

  test('any byte of a zip, a pack or an executable may be damaged', async () => {
    const whole = [
      zipSync({ 'a.env': ENV, 'b/c.py': CLEAN }),
      pyInstallerExecutable([{ name: 'main', pyc: COMPILED }], [], []),
      new Uint8Array(gzipSync(tar([{ name: 'a', content: CLEAN }]))),
      new Uint8Array(deflateRawSync(CLEAN)),
    ];
    const entries = whole.flatMap((bytes, i) =>
      Array.from({ length: 150 }, (_, j): TarInput => {
        const damaged = bytes.slice();
        const at = (j * 7919) % bytes.length;
        damaged[at] = (damaged[at] as number) ^ (1 << (j % 8));
        return { name: `${i}-${j}`, content: damaged };
      }),
    );
    const report = await scanEntries(entries);
    expect(report.totals.files).toBe(entries.length);
  });
});

test('text encoded three times over is decoded, and of more the ledger tells', async () => {
  let text = `${ENV.reduce((all, byte) => all + String.fromCharCode(byte), '')}# settings\n`;
  for (let encodings = 1; encodings <= 4; encodings++) {
    text = Buffer.from(text).toString('base64');
    const report = await scanEntries([{ name: 'app/data.txt', content: `x: ${text}\n` }]);
    expect(pathsOf(report, TOKEN)).toHaveLength(encodings > 3 ? 0 : 1);
    expect(Object.keys(report.totals.notScanned ?? {})).toEqual(
      encodings > 3 ? ['encoded more than 3 times over'] : [],
    );
  }
});
