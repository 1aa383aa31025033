/**
 * `npm run archives`: packs one small file with the programs that packages and initial file systems are made
 * with (ar, cpio, dpkg-deb, rpmbuild, Python), for the tests to read. A marker stands where a test puts a token.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { TOKEN_MARKER } from './sample-source.ts';

const OUT = resolve('tests/fixtures/archives');
const SETTINGS = `GITHUB_TOKEN=${TOKEN_MARKER}\n`;
const LONG_NAME = 'a-name-that-is-too-long-for-the-header.env';

/** Writes the fixtures. @throws where a program is missing. */
export function main(): void {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-archives-'));
  const run = (program: string, args: string[], input = ''): Buffer =>
    execFileSync(program, args, { cwd: folder, input, env: { ...process.env, TZ: 'UTC' } });
  const write = (name: string, bytes: Uint8Array): void => writeFileSync(join(OUT, name), bytes);
  mkdirSync(OUT, { recursive: true });
  mkdirSync(join(folder, 'root/etc'), { recursive: true });
  mkdirSync(join(folder, 'root/DEBIAN'));
  writeFileSync(join(folder, 'root/etc/app.env'), SETTINGS);
  writeFileSync(join(folder, LONG_NAME), SETTINGS);
  writeFileSync(join(folder, 'short.txt'), 'odd');
  for (const format of ['newc', 'crc', 'odc'])
    write(`${format}.cpio`, run('cpio', ['-o', '-H', format], 'root/etc\nroot/etc/app.env\n'));
  // As the kernel takes it: one archive for the processor's microcode, then the compressed real one.
  const early = run('cpio', ['-o', '-H', 'newc'], 'short.txt\n');
  write('initramfs.img', Buffer.concat([early, gzipSync(readFileSync(join(OUT, 'newc.cpio')))]));
  run('ar', ['rcD', 'gnu.a', 'short.txt', LONG_NAME]);
  write('gnu.a', readFileSync(join(folder, 'gnu.a')));
  writeFileSync(
    join(folder, 'root/DEBIAN/control'),
    'Package: porthole-fixture\nVersion: 1\nArchitecture: all\nMaintainer: nobody <nobody@example.com>\nDescription: a fixture\n',
  );
  writeFileSync(join(folder, 'root/DEBIAN/postinst'), `#!/bin/sh\nexport ${SETTINGS}`);
  chmodSync(join(folder, 'root/DEBIAN/postinst'), 0o755);
  for (const compression of ['none', 'xz', 'zstd'])
    write(`${compression}.deb`, deb(run, folder, compression));
  for (const payload of ['w.ufdio', 'w9.xzdio', 'w3.zstdio', 'w9.gzdio'])
    write(`${payload}.rpm`, rpm(run, folder, payload));
  for (const method of ['BZIP2', 'LZMA']) {
    const pack = `import zipfile; zipfile.ZipFile("out.zip", "w", zipfile.ZIP_${method}).write("root/etc/app.env")`;
    run('python3', ['-c', pack]);
    write(`${method.toLowerCase()}.zip`, readFileSync(join(folder, 'out.zip')));
  }
  // To what cannot be sought in, Python writes lengths behind the data.
  const piped =
    'import sys, zipfile; zipfile.ZipFile(sys.stdout.buffer, "w", zipfile.ZIP_LZMA).write("root/etc/app.env")';
  write('lzma-piped.zip', run('python3', ['-c', piped]));
  rmSync(folder, { recursive: true });
}

type Run = (program: string, args: string[], input?: string) => Buffer;

function deb(run: Run, folder: string, compression: string): Buffer {
  run('dpkg-deb', ['--root-owner-group', `-Z${compression}`, '-b', 'root', 'out.deb']);
  return readFileSync(join(folder, 'out.deb'));
}

function rpm(run: Run, folder: string, payload: string): Buffer {
  const spec = join(folder, 'fixture.spec');
  writeFileSync(
    spec,
    [
      'Name: porthole-fixture\nVersion: 1\nRelease: 1\nSummary: a fixture\nLicense: MIT\nBuildArch: noarch',
      '%description\na fixture',
      `%install\nmkdir -p %{buildroot}/etc\ncp ${folder}/root/etc/app.env %{buildroot}/etc/`,
      `%post\nexport ${SETTINGS}`,
      '%files\n/etc/app.env\n',
    ].join('\n'),
  );
  const top = join(folder, 'rpm');
  const define = ['--define', `_topdir ${top}`, '--define', `_binary_payload ${payload}`];
  run('rpmbuild', ['-bb', '--quiet', ...define, spec]);
  return readFileSync(join(top, 'RPMS/noarch/porthole-fixture-1-1.noarch.rpm'));
}
