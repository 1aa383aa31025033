/** Archives inside layers that are read as their bytes come, and what of them could not be opened. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { scanArchive } from '../../../src/engine/scan/scan-archive.ts';
import { compressedText } from '../../make/compressed-text.ts';
import { noise } from '../../make/pieces.ts';
import { constructedToken, TOKEN_MARKER } from '../../make/sample-source.ts';
import { memberOf, pathsOf, scanEntries } from '../../make/scan-image.ts';
import { storedXz, storedZstd } from '../../make/stored-streams.ts';
import { tar, type TarInput } from '../../make/tar-writer.ts';

const TOKEN = constructedToken();
const ENV = strToU8(`GITHUB_TOKEN=${TOKEN}\n`);
const DUMP = Buffer.concat([Buffer.from('insert into a values (1);\n'.repeat(99_999)), ENV]);

/** A fixture that real programs packed, the token in its marker's place. */
function packed(name: string): Buffer {
  const bytes = readFileSync(`tests/fixtures/archives/${name}`);
  for (let at = bytes.indexOf(TOKEN_MARKER); at >= 0; at = bytes.indexOf(TOKEN_MARKER))
    bytes.write(TOKEN, at);
  return bytes;
}

describe('a token is found in', () => {
  const inner = tar([{ name: 'etc/app.env', content: ENV }]);
  test.each<[string, Uint8Array, string]>([
    ['a.env.zst', storedZstd(ENV), 'a.env.zst!/a.env'],
    ['a.env.xz', storedXz(ENV), 'a.env.xz!/a.env'],
    ['dump.sql.zst', storedZstd(DUMP), 'dump.sql.zst!/dump.sql'],
    ['dump.sql.xz', storedXz(DUMP), 'dump.sql.xz!/dump.sql'],
    ['a.tar.zst', storedZstd(inner), 'a.tar.zst!/etc/app.env'],
    ['a.txz', storedXz(inner), 'a.txz!/etc/app.env'],
    ['a.conda', zipSync({ 'pkg.tar.zst': storedZstd(inner) }), 'a.conda!/pkg.tar.zst!/etc/app.env'],
    ['newc.cpio', packed('newc.cpio'), 'newc.cpio!/root/etc/app.env'],
    ['crc.cpio', packed('crc.cpio'), 'crc.cpio!/root/etc/app.env'],
    ['odc.cpio', packed('odc.cpio'), 'odc.cpio!/root/etc/app.env'],
    ['lib.a', packed('gnu.a'), 'lib.a!/a-name-that-is-too-long-for-the-header.env'],
  ])('%s', async (name, content, path) => {
    const report = await scanEntries([{ name, content }]);
    expect(pathsOf(report, TOKEN)).toEqual([path]);
    expect(report.problems).toEqual([]);
    expect((await memberOf(content, path)).includes(TOKEN)).toBe(true);
  });

  test.each(['lzma', 'lz4'] as const)('an image that %s compressed', async (compression) => {
    const bytes = readFileSync(`tests/fixtures/compressed/image.tar.${compression}`);
    const { report } = await scanArchive(new Blob([bytes]), 'image');
    expect(report.archive.compression).toBe(compression);
    expect(report.images[0]?.names).toEqual(['wrapped:1']);
    expect(report.totals.files).toBe(2);
    expect(report.problems).toEqual([]);
  });

  test.each([
    ['notes.txt.lzma', 'text.lzma'],
    ['notes.txt.lz4', 'text.linked.lz4'],
  ])('%s inside a layer is opened, and read', async (name, fixture) => {
    const content = readFileSync(`tests/fixtures/compressed/${fixture}`);
    const report = await scanEntries([{ name, content }]);
    expect(report.problems).toEqual([]);
    expect(report.totals.scanned).toMatchObject({
      [name.replace(/^.*\./, '')]: { files: 1, bytes: content.length },
      nested: { files: 1, bytes: 300_000 },
    });
    const text = await memberOf(content, `${name}!/notes.txt`);
    expect(Buffer.compare(text, compressedText())).toBe(0);
  });

  test('a Debian package, its scripts and its files', async () => {
    const report = await scanEntries([{ name: 'a.deb', content: packed('none.deb') }]);
    expect(pathsOf(report, TOKEN)).toEqual([
      'a.deb!/control.tar!/postinst',
      'a.deb!/data.tar!/etc/app.env',
    ]);
  });

  test('an RPM package, its scripts and its files', async () => {
    const report = await scanEntries([{ name: 'a.rpm', content: packed('w.ufdio.rpm') }]);
    expect(pathsOf(report, TOKEN)).toEqual(['a.rpm', 'a.rpm!/etc/app.env']);
    expect(report.problems).toEqual([]);
  });

  test("an Alpine package: a signature's, a control and a data archive, one behind the other", async () => {
    const part = (name: string, content: Uint8Array): Buffer =>
      gzipSync(Buffer.from(tar([{ name, content }])).subarray(0, 1024));
    const apk = Buffer.concat([
      part('.SIGN.RSA.key', strToU8('signature')),
      part('.PKGINFO', strToU8('pkgname = a')),
      gzipSync(inner),
    ]);
    const report = await scanEntries([{ name: 'a.apk', content: apk }]);
    expect(pathsOf(report, TOKEN)).toEqual(['a.apk!/etc/app.env']);
  });
});

describe('what real programs packed is read whole', () => {
  test.each([
    ['text.crc64.xz', 'content'],
    ['text.level19.zst', 'text.level19'],
    ['text.bz2', 'text'],
  ])('%s', async (name, inside) => {
    const content = new Uint8Array(readFileSync(`tests/fixtures/compressed/${name}`));
    const path = name === 'text.crc64.xz' ? `${name}!/text.crc64` : `${name}!/${inside}`;
    expect(Buffer.compare(await memberOf(content, path), compressedText())).toBe(0);
    const report = await scanEntries([{ name, content }]);
    expect(report.problems).toEqual([]);
    expect(report.totals.scanned?.['nested']).toEqual({ files: 1, bytes: 300_000 });
  });

  test.each([
    ['xz.deb', 'a!/data.tar.xz!/etc/app.env'],
    ['zstd.deb', 'a!/data.tar.zst!/etc/app.env'],
    ['w9.xzdio.rpm', 'a!/etc/app.env'],
    ['w3.zstdio.rpm', 'a!/etc/app.env'],
    ['w9.gzdio.rpm', 'a!/etc/app.env'],
    ['initramfs.img', 'a!/root/etc/app.env'],
    ['initramfs.img', 'a!/short.txt'],
    ['bzip2.zip', 'a!/root/etc/app.env'],
    ['lzma.zip', 'a!/root/etc/app.env'],
    ['lzma-piped.zip', 'a!/root/etc/app.env'],
  ])('%s: %s', async (name, path) => {
    const content = readFileSync(`tests/fixtures/archives/${name}`);
    const want = path.endsWith('short.txt') ? 'odd' : `GITHUB_TOKEN=${TOKEN_MARKER}\n`;
    expect((await memberOf(content, path)).toString()).toBe(want);
  });
});

test('what is left to unpack may end inside an archive in an archive', async () => {
  const zeros = new Uint8Array(12 << 20);
  const bomb = zipSync(Object.fromEntries(Array.from({ length: 24 }, (_, i) => [`z${i}`, zeros])));
  const content = zipSync({
    'in.zip': [bomb, { level: 0 }],
    'b.txt': strToU8('hello'),
    'c.env': ENV,
  });
  const report = await scanEntries([
    { name: 'a.zip', content },
    { name: 'b.env', content: ENV },
  ]);
  expect(pathsOf(report, TOKEN)).toEqual(['b.env']);
  expect(report.problems.map(({ code }) => code)).toEqual(['nested-ratio']);
});

describe('what could not be opened is scanned as it stands', () => {
  const line = strToU8(`DATABASE=postgres://app:${TOKEN}@db.internal/a\n`);
  const damaged = (bytes: Uint8Array, at: number): Uint8Array => {
    const copy = Uint8Array.from(bytes);
    copy.fill(0xff, at, at + 40);
    return copy;
  };
  test.each<[string, Uint8Array]>([
    ['behind gzip data', Buffer.concat([gzipSync(noise(5000)), line])],
    ['behind gzip data that are damaged', Buffer.concat([damaged(gzipSync(DUMP), 900), line])],
    ['behind zstd data', Buffer.concat([storedZstd(noise(5000)), line])],
    ['behind xz data', Buffer.concat([storedXz(noise(5000)), line])],
    ['behind a tar', Buffer.concat([tar([{ name: 'a', content: 'b' }]), line])],
    [
      'behind a damaged header of a tar',
      Buffer.concat([tar([{ name: 'a', content: 'b' }]).subarray(0, 1024), noise(512), line]),
    ],
    ['behind a zip', Buffer.concat([zipSync({ a: strToU8('b') }), line])],
    ['in what begins like a zip', Buffer.concat([Buffer.from('PK\x03\x04'), line])],
    ['in what begins like gzip', Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), line])],
    ['in what begins like zstd', Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), line])],
    [
      'in what begins like an RPM package',
      Buffer.concat([Buffer.from([0xed, 0xab, 0xee, 0xdb]), line]),
    ],
    ['in what begins like ar', Buffer.concat([Buffer.from('!<arch>\n'), line])],
    [
      'in a large file that begins like gzip',
      Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), noise(3 << 20), Buffer.from('\n'), line]),
    ],
    ['behind a large gzip file', Buffer.concat([gzipSync(noise(3 << 20)), line])],
  ])('%s', async (_, content) => {
    expect(pathsOf(await scanEntries([{ name: 'file', content }]), TOKEN)).toEqual(['file']);
  });

  test('an offset in it is the one in the file', async () => {
    const content = Buffer.concat([gzipSync(noise(5000)), line]);
    const [found] = (await scanEntries([{ name: 'file', content }])).findings;
    expect(found?.places[0]?.offset).toBe(content.indexOf(TOKEN));
    expect(found?.places[0]?.line).toBeUndefined();
  });

  test('entries of a zip that cannot be read, those that can being read once', async () => {
    const zip = zipSync({ 'a.env': ENV, 'b.txt': line }, { level: 0 });
    const central = Buffer.from(zip).lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    zip[central + 10] = 14; // LZMA, which is not read
    const report = await scanEntries([{ name: 'a.zip', content: zip }]);
    expect(pathsOf(report, TOKEN)).toEqual(['a.zip', 'a.zip!/a.env']);
    expect(report.problems).toMatchObject([{ code: 'nested-unread', path: 'a.zip!/b.txt' }]);
  });
});

describe('damaged and hostile', () => {
  test('any byte of an archive may be damaged, and it may end anywhere', async () => {
    const small = ['newc.cpio', 'odc.cpio', 'gnu.a', 'initramfs.img', 'xz.deb', 'w9.xzdio.rpm'];
    const whole = [
      ...small.map(packed),
      storedZstd(ENV),
      storedXz(tar([{ name: 'a', content: ENV }])),
      zipSync({ 'a.env': ENV, 'b.zst': storedZstd(ENV) }),
    ];
    const entries = whole.flatMap((bytes, i) =>
      Array.from({ length: 80 }, (_, j): TarInput => {
        const damaged = Uint8Array.from(bytes);
        const at = (j * 7919) % bytes.length;
        damaged[at] = (damaged[at] as number) ^ (1 << (j % 8));
        return { name: `${i}-${j}`, content: j % 4 === 0 ? damaged.subarray(0, at + 1) : damaged };
      }),
    );
    expect((await scanEntries(entries)).totals.files).toBe(entries.length);
  });

  test('thousands of small compressed files take no more than their bytes', async () => {
    const bzip2 = readFileSync('tests/fixtures/compressed/image.tar.bz2');
    const kinds = [storedZstd(ENV), storedXz(ENV), bzip2];
    const entries = Array.from({ length: 900 }, (_, i): TarInput => ({
      name: `${i}`,
      content: kinds[i % 3] as Uint8Array,
    }));
    const began = performance.now();
    expect(pathsOf(await scanEntries(entries), TOKEN).length).toBe(600);
    expect(performance.now() - began).toBeLessThan(15_000);
  });

  test('a name table without an end is not searched to its end for every member', async () => {
    const header = (name: string, size: number): string =>
      `${name.padEnd(16)}${''.padEnd(32)}${String(size).padEnd(10)}\`\n`;
    const names = 'x'.repeat(1 << 20);
    const members = `${header('/0', 2)}ab`.repeat(30_000);
    const content = Buffer.from(`!<arch>\n${header('//', names.length)}${names}${members}`);
    const began = performance.now();
    const report = await scanEntries([{ name: 'a.a', content }]);
    expect(report.totals.scanned?.['nested']?.files).toBe(30_000);
    expect(performance.now() - began).toBeLessThan(15_000);
  });

  test('what a compressed file unpacks to is bounded', async () => {
    const blocks = Buffer.alloc(4 * 400_000);
    // zstd blocks of one byte, repeated 128 KiB times.
    for (let at = 0; at < blocks.length; at += 4) blocks.writeUIntLE((131_072 << 3) | 2, at, 3);
    const content = Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x50]), blocks]);
    const report = await scanEntries([{ name: 'a.zst', content }]);
    expect(report.problems.map(({ code }) => code)).toEqual(['nested-ratio']);
  });
});

test('every file of a layer is counted once, with all its bytes', async () => {
  const entries = [
    { name: 'text', content: 'plain\n' },
    { name: 'empty', content: '' },
    { name: 'binary', content: noise(2000) },
    { name: 'a.zip', content: zipSync({ a: ENV, 'b.tar': tar([{ name: 'c', content: 'd' }]) }) },
    { name: 'a.gz', content: gzipSync(ENV) },
    { name: 'a.tar.zst', content: storedZstd(tar([{ name: 'c', content: 'd' }])) },
    { name: 'utf16', content: Buffer.from('\ufeffhello', 'utf16le') },
    { name: 'a.pyc', content: readFileSync('tests/fixtures/pyc/build.cpython-311.pyc') },
    { name: 'bad.pyc', content: 'no bytecode' },
    {
      name: 'elf',
      content: Buffer.concat([Buffer.from('\x7fELF', 'latin1'), noise(900), zipSync({ a: ENV })]),
    },
    { name: 'a.rpm', content: packed('w.ufdio.rpm') },
  ];
  const { totals } = await scanEntries(entries);
  const sum = { files: 0, bytes: 0 };
  for (const [what, { files, bytes }] of Object.entries(totals.scanned ?? {})) {
    if (what === 'nested' || what.endsWith('inside archives')) continue;
    sum.files += files;
    sum.bytes += bytes;
  }
  expect(sum).toEqual({ files: totals.files, bytes: totals.bytes });
  expect(sum.files).toBe(entries.length);
});
