/** Archives of applications inside layers: Electron's, scripts that carry one; and those that are not opened, which the ledger tells of. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../../src/engine/report/report.ts';
import { readMember } from '../../../src/engine/scan/read-member.ts';
import { asar } from '../../make/asar-writer.ts';
import { compressedText } from '../../make/compressed-text.ts';
import { inPieces, noise } from '../../make/pieces.ts';
import { constructedToken, TOKEN_MARKER } from '../../make/sample-source.ts';
import { scanFile } from '../../make/scan-image.ts';
import { tar } from '../../make/tar-writer.ts';

const TOKEN = constructedToken();
const LINE = `GITHUB_TOKEN=${TOKEN}\n`;

const pathsOf = (report: Report): (string | undefined)[] =>
  report.findings
    .filter(({ secret }) => secret.value === TOKEN)
    .flatMap(({ places }) => places.map(({ path }) => path));

describe('an asar archive', () => {
  const tree = {
    'package.json': '{"main": "dist/main.js"}',
    dist: { 'main.js': 'run();\n'.repeat(40), deep: { '.env': LINE, empty: '' } },
    'big.bin': noise(2 << 20),
    native: { 'addon.node': { unpacked: 1234 } },
    'last.txt': `the end: ${LINE}`,
  };

  test('is read file by file, as large as it may be', async () => {
    const report = await scanFile('app.asar', asar(tree));
    expect(report.problems).toEqual([]);
    expect(pathsOf(report)).toEqual(['app.asar!/dist/deep/.env', 'app.asar!/last.txt']);
    expect(report.totals.scanned).toMatchObject({
      'asar archive': { files: 1 },
      nested: { files: 5, bytes: 24 + 280 + LINE.length + (2 << 20) + LINE.length + 9 },
    });
  });

  test('gives each of its files', async () => {
    const bytes = asar(tree);
    for (const [path, content] of [
      ['dist/main.js', tree.dist['main.js']],
      ['last.txt', tree['last.txt']],
    ] as const) {
      const read = await readMember(inPieces(bytes, 999), bytes.length, `app.asar!/${path}`);
      expect(Buffer.from(read ?? []).toString()).toBe(content);
    }
  });

  test('that is cut short says so, and gives what there is', async () => {
    const bytes = asar(tree);
    for (const [gone, ...unread] of [
      [30, 'app.asar!/last.txt'],
      [90, 'app.asar!/big.bin', 'app.asar'],
    ] as const) {
      const report = await scanFile('app.asar', bytes.subarray(0, bytes.length - gone));
      expect(report.problems.map(({ path }) => path)).toEqual(unread);
      for (const { message } of report.problems) expect(message).toMatch(/early/);
      expect(pathsOf(report)).toEqual(['app.asar!/dist/deep/.env']);
    }
  });

  test('whose header is no JSON is scanned as it stands', async () => {
    const bytes = asar({ a: LINE });
    bytes[30] = 0;
    const report = await scanFile('app.asar', bytes);
    expect(pathsOf(report)).toEqual(['app.asar']);
    expect(report.totals.scanned?.['asar archive']).toBeUndefined();
  });

  test('with offsets and folders that lie', async () => {
    const header = JSON.stringify({
      files: {
        huge: { size: 2 ** 52, offset: '1' },
        negative: { size: 5, offset: '-5' },
        words: { size: 'many', offset: 'far' },
        nothing: null,
        token: { size: LINE.length, offset: '0' },
      },
    });
    const json = Buffer.from(header.padEnd(Math.ceil(header.length / 4) * 4));
    const sizes = Buffer.alloc(16);
    [4, 8 + json.length, 4 + json.length, json.length].forEach((size, i) =>
      sizes.writeUInt32LE(size, i * 4),
    );
    const report = await scanFile('app.asar', Buffer.concat([sizes, json, Buffer.from(LINE)]));
    expect(pathsOf(report)).toEqual(['app.asar!/token']);
  });
});

describe('a squashfs image', () => {
  const image = (name: string): Buffer => {
    const bytes = readFileSync(`tests/fixtures/archives/${name}.squashfs`);
    const at = bytes.indexOf(TOKEN_MARKER);
    if (at >= 0) bytes.write(TOKEN, at);
    return bytes;
  };
  const text = compressedText().subarray(0, 20_000);

  test.each(['gzip', 'lzma', 'xz', 'lz4', 'zstd', 'plain'])('of %s is read', async (name) => {
    const bytes = image(name);
    const report = await scanFile('app.snap', bytes);
    expect(report.problems).toEqual([]);
    expect(report.totals.scanned).toMatchObject({
      'squashfs image': { files: 1, bytes: bytes.length },
      nested: { files: 3, bytes: 20_000 + 30_000 + LINE.length },
    });
    const read = await readMember(inPieces(bytes, 999), bytes.length, 'app.snap!/blocks.txt');
    expect(Buffer.compare(Buffer.from(read ?? []), text)).toBe(0);
    const sparse = await readMember(inPieces(bytes, 999), bytes.length, 'app.snap!/sparse');
    expect(Buffer.from(sparse ?? []).toString()).toBe('the start'.padEnd(30_000, '\0'));
  });

  test('gives up the token in it', async () => {
    const report = await scanFile('app.snap', image('plain'));
    expect(pathsOf(report)).toEqual(['app.snap!/etc/deep/app.env']);
  });

  test('of lzo is scanned as it stands, and said to be', async () => {
    const report = await scanFile('app.snap', image('lzo'));
    expect(report.problems).toMatchObject([{ code: 'nested-damaged', path: 'app.snap' }]);
    expect(report.problems[0]?.message).toMatch(/not read \(lzo\)/);
  });

  test('that is damaged or cut short never stops the scan', async () => {
    const bytes = image('gzip');
    for (let at = 12; at < bytes.length; at += 97) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] as number) ^ 0x55;
      expect((await scanFile('a.snap', damaged)).totals.files).toBe(1);
      expect((await scanFile('a.snap', bytes.subarray(0, at))).totals.files).toBe(1);
    }
  });
});

describe('a script that carries an archive', () => {
  const head = `#!/bin/sh\n# version 2\n${LINE}tail -n +5 "$0" | tar -xzf - -C /opt; exit\n`;

  test.each([10, 3_000_000])(
    'is read, the script and %i bytes and a file behind it',
    async (size) => {
      const files = [
        { name: 'opt/filler.bin', content: noise(size) },
        { name: 'opt/app.env', content: LINE },
      ];
      const script = Buffer.concat([Buffer.from(head), gzipSync(tar(files))]);
      const report = await scanFile('tool.run', script);
      expect(pathsOf(report)).toEqual(['tool.run!/payload!/opt/app.env', 'tool.run']);
      expect(report.totals.scanned?.['self-extracting script']?.files).toBe(1);
      const read = await readMember(
        inPieces(script, 999),
        script.length,
        'tool.run!/payload!/opt/app.env',
      );
      expect(Buffer.from(read ?? []).toString()).toBe(LINE);
    },
  );

  test('and one that carries none is text, whatever it looks like', async () => {
    const report = await scanFile('tool.sh', Buffer.from(`${head}\nBZh91AY no data\n`));
    expect(report.totals.scanned).toMatchObject({ text: { files: 1 } });
  });
});

describe('an archive that is not opened stands in the ledger', () => {
  test.each([
    ['7z', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0, 4], 'a 7z archive'],
    ['rar', [0x52, 0x61, 0x72, 0x21, 0x1a, 7, 0], 'a RAR archive'],
    ['rar', [0x52, 0x61, 0x72, 0x21, 0x1a, 7, 1, 0], 'a RAR archive'],
    ['cab', [0x4d, 0x53, 0x43, 0x46, 0, 0, 0, 0, 9], 'a cabinet'],
    ['tar.lz', [0x4c, 0x5a, 0x49, 0x50, 1, 9], 'lzip data'],
    ['tar.lzo', [0x89, 0x4c, 0x5a, 0x4f, 0, 0x0d, 0x0a, 0x1a, 0x0a], 'lzop data'],
    ['tar.Z', [0x1f, 0x9d, 0x90, 1], 'data of compress'],
    ['pdf', [...Buffer.from('%PDF-1.7')], 'a PDF document'],
  ])('%s', async (extension, magic, what) => {
    for (const size of [5_000, 2_000_000]) {
      const content = Buffer.concat([Buffer.from(magic), noise(size)]);
      const report = await scanFile(`data.${extension}`, content);
      expect(report.totals.notScanned).toEqual({
        [`${what}, scanned as raw bytes`]: { files: 1, bytes: content.length },
      });
      expect(report.totals.scanned?.['binary']).toEqual({ files: 1, bytes: content.length });
    }
  });
});
