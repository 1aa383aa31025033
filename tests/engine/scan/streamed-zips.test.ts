/** Zips inside layers that are not held: read by their local headers, as their bytes come. */
import { readFileSync } from 'node:fs';
import { strToU8, Zip, ZipDeflate, ZipPassThrough, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { PushDecoder } from '../../../src/engine/archive/input-buffer.ts';
import type { MemberEvent } from '../../../src/engine/archive/member-events.ts';
import { zipStreamMembers } from '../../../src/engine/archive/zip-stream.ts';
import { noise } from '../../make/pieces.ts';
import { constructedToken, TOKEN_MARKER } from '../../make/sample-source.ts';
import { memberOf, pathsOf, scanEntries } from '../../make/scan-image.ts';

const TOKEN = constructedToken();
const ENV = strToU8(`GITHUB_TOKEN=${TOKEN}\n`);
const contents: Record<string, Uint8Array> = {
  'a/one.txt': strToU8('one '.repeat(5000)),
  'empty.txt': new Uint8Array(0),
  'b/noise.bin': noise(70_000),
  'PK.txt': Buffer.from('PK\x07\x08 and PK\x03\x04 and PK\x01\x02'.repeat(50), 'latin1'),
};

const one = contents['a/one.txt'] as Uint8Array;

/** As Java and every writer to a pipe does: lengths stand behind the data. */
function described(level: number): Uint8Array {
  const parts: Uint8Array[] = [];
  const zip = new Zip((error, part) => {
    if (error) throw error;
    parts.push(part);
  });
  for (const [name, bytes] of Object.entries(contents)) {
    const file = level === 0 ? new ZipPassThrough(name) : new ZipDeflate(name, { level: 6 });
    zip.add(file);
    file.push(bytes, true);
  }
  zip.end();
  return Buffer.concat(parts);
}

interface Read {
  files: Map<string, Buffer>;
  errors: string[];
  /** What belongs to no entry and not to the directory. */
  loose: Buffer;
  problems: string[];
}

function read(zip: Uint8Array, size: number): Read {
  const files = new Map<string, Buffer>();
  const errors: string[] = [];
  const loose: Uint8Array[] = [];
  const problems: string[] = [];
  let name = '';
  const take = (events: Iterable<MemberEvent>): void => {
    for (const event of events) {
      if (event.type === 'member') files.set((name = event.name), Buffer.alloc(0));
      else if (event.type === 'data')
        files.set(name, Buffer.concat([files.get(name) ?? Buffer.alloc(0), event.bytes]));
      else if (event.type === 'end' && event.error !== undefined) errors.push(event.error);
      else if (event.type === 'loose') loose.push(event.bytes.slice());
      else if (event.type === 'problem') problems.push(event.problem.message);
    }
  };
  const decoder = new PushDecoder(zipStreamMembers);
  for (let at = 0; at < zip.length; at += size) take(decoder.push(zip.subarray(at, at + size)));
  take(decoder.end());
  return { files, errors, loose: Buffer.concat(loose), problems };
}

test.each([
  ['deflated, lengths in front', zipSync(contents)],
  ['stored, lengths in front', zipSync(contents, { level: 0 })],
  ['deflated, lengths behind', described(6)],
  ['stored, lengths behind', described(0)],
])('%s', (_, zip) => {
  for (const size of [7, 1000, zip.length]) {
    const { files, errors, loose, problems } = read(zip, size);
    expect(errors).toEqual([]);
    expect(problems).toEqual([]);
    for (const [name, bytes] of Object.entries(contents))
      expect(Buffer.compare(files.get(name) ?? Buffer.from('missing'), bytes)).toBe(0);
    expect(files.size).toBe(4);
    expect(loose.toString()).toBe('');
  }
});

test('a comment behind the directory is handed back, the directory is not', () => {
  const comment = `GITHUB_TOKEN=${TOKEN_MARKER}`;
  const zip = Buffer.concat([zipSync(contents), Buffer.from(comment)]);
  zip.writeUInt16LE(comment.length, zip.length - comment.length - 2);
  for (const size of [7, 1000, zip.length]) expect(read(zip, size).loose.toString()).toBe(comment);
});

test("entries' comments are handed back", () => {
  const zip = zipSync({
    a: [one, { comment: 'the first' }],
    b: one,
    c: [one, { comment: `GITHUB_TOKEN=${TOKEN_MARKER}` }],
  });
  for (const size of [7, 1000, zip.length]) {
    const { files, loose, problems } = read(zip, size);
    expect([files.size, problems]).toEqual([3, []]);
    expect(loose.toString()).toBe(`the firstGITHUB_TOKEN=${TOKEN_MARKER}`);
  }
});

const [FLAGS, PACKED, SIZE] = [6, 18, 22]; // in a local header
test.each<[string, (zip: Buffer) => unknown]>([
  [
    'its data reach to the directory',
    (zip) => zip.writeUInt32LE(zip.indexOf('PK\x01\x02') - 35, PACKED),
  ],
  ['its data are shorter', (zip) => zip.writeUInt32LE(20, PACKED)],
  ['its sizes are elsewhere', (zip) => zip.fill(0xff, PACKED, PACKED + 8)],
  ['its sizes are 0', (zip) => zip.fill(0, PACKED, PACKED + 8)],
  ['its content is larger', (zip) => zip.writeUInt32LE(1e6, SIZE)],
  ['its sizes stand behind it, where nothing does', (zip) => zip.writeUInt16LE(8, FLAGS)],
  ['it is a folder', (zip) => zip.write('a.tx/', 30)],
])('an entry that is deflated is read to its end where the header says that %s', (_, change) => {
  const zip = Buffer.from(zipSync({ 'a.txt': one, 'b.txt': ENV }));
  change(zip);
  for (const size of [7, 1000, zip.length]) {
    const { files, errors, problems } = read(zip, size);
    expect([...files.values()].map((bytes) => bytes.length)).toEqual([one.length, ENV.length]);
    expect([errors, problems]).toEqual([[], []]);
  }
});

test.each([0, 100])('zips one behind the other are all read, %i bytes between', (between) => {
  const zip = Buffer.concat([zipSync({ a: one }), Buffer.alloc(between, 'x'), zipSync({ b: ENV })]);
  for (const size of [7, 1000, zip.length]) {
    const { files, loose } = read(zip, size);
    expect([...files.keys()]).toEqual(['a', 'b']);
    expect(loose.length).toBe(between);
  }
});

test.each<[string, (zip: Buffer) => Buffer, RegExp]>([
  [
    'without a directory',
    (zip) => zip.subarray(0, zip.indexOf('PK\x01\x02')),
    /directory is missing/,
  ],
  [
    'cut in its directory',
    (zip) => zip.subarray(0, zip.indexOf('PK\x01\x02') + 20),
    /directory is missing/,
  ],
  ['with an entry that its directory alone has', (zip) => zip.fill('X', 0, 2), /1 of the entries/],
])('one %s says so, and ends', (_, change, message) => {
  const zip = change(Buffer.from(zipSync({ a: one, b: ENV })));
  for (const size of [7, 1000, zip.length]) {
    const { files, problems } = read(zip, size);
    expect(files.get('b')?.toString()).toBe(Buffer.from(ENV).toString());
    expect(problems.join()).toMatch(message);
  }
});

test.each<[string, (zip: Buffer) => unknown]>([
  ['stored', (zip) => zip.writeUInt16LE(0, 8)],
  ['encrypted', (zip) => zip.writeUInt16LE(1, FLAGS)],
])('an entry that is called %s by its header alone is told of', (_, change) => {
  const zip = Buffer.from(zipSync({ a: one, b: ENV }));
  change(zip);
  expect(read(zip, 1000).problems).toEqual([expect.stringContaining('differ in how')]);
});

test('damage is told', () => {
  const zip = Buffer.from(zipSync({ 'a.txt': one }));
  const data = 30 + 'a.txt'.length;
  const damaged = Buffer.from(zip).fill(0xff, data + 4, data + 20);
  expect(read(damaged, 1000).errors).toEqual([expect.stringContaining('damaged')]);
});

test.each([
  ['lengths in front', (files: Record<string, Uint8Array>) => zipSync(files)],
  ['stored', (files: Record<string, Uint8Array>) => zipSync(files, { level: 0 })],
])("Java's large archives are read so, and archives in them: %s", async (_, make) => {
  const inner = zipSync({ 'META-INF/MANIFEST.MF': strToU8('v'), 'inner.env': ENV });
  const content = make({
    'META-INF/MANIFEST.MF': strToU8('Manifest-Version: 1.0\n'),
    'noise.bin': noise(17 << 20),
    'BOOT-INF/lib/inner.jar': inner,
    'app.env': ENV,
  });
  const report = await scanEntries([{ name: 'app.jar', content }]);
  expect(pathsOf(report, TOKEN)).toEqual([
    'app.jar!/BOOT-INF/lib/inner.jar!/inner.env',
    'app.jar!/app.env',
  ]);
  expect(report.problems).toEqual([]);
  expect(report.totals.scanned).toMatchObject({
    'zip, by its local headers': { files: 1, bytes: content.length },
  });
  const nested = 'app.jar!/BOOT-INF/lib/inner.jar!/inner.env';
  expect((await memberOf(content, nested)).includes(TOKEN)).toBe(true);
});

test.each(['bzip2', 'lzma', 'lzma-piped'])('compressed with %s', (name) => {
  const zip = readFileSync(`tests/fixtures/archives/${name}.zip`);
  const { files, errors } = read(zip, 10);
  expect(errors).toEqual([]);
  expect(files.get('root/etc/app.env')?.toString()).toBe(`GITHUB_TOKEN=${TOKEN_MARKER}\n`);
});

test('one with damaged LZMA says so', () => {
  const zip = readFileSync('tests/fixtures/archives/lzma.zip');
  const data = zip.indexOf('app.env') + 'app.env'.length;
  for (const at of [data + 2, data + 4, data + 20]) {
    const damaged = Buffer.from(zip);
    damaged[at] = 0xe7;
    expect(read(damaged, 1000).errors).toEqual([expect.stringContaining('damaged')]);
  }
});

test('a cut one says in which entry it ends', () => {
  const zip = zipSync({ 'b.bin': noise(70_000) }, { level: 0 });
  expect(read(zip.subarray(0, 60_000), 1000).errors).toEqual(['the data end early']);
});

test('a stored entry that is larger than its header says is not mixed with another file', async () => {
  const line = Buffer.concat([ENV, Buffer.from('y = 1\n'.repeat(20_000))]);
  const zip = Buffer.from(
    zipSync({ 'big.bin': noise(17 << 20), 'a.txt': noise(200_000), 'app.env': line }, { level: 0 }),
  );
  zip.writeUInt32LE(65_536, zip.indexOf('app.env') - 30 + SIZE);
  const report = await scanEntries([{ name: 'app.jar', content: zip }]);
  expect(pathsOf(report, TOKEN)).toEqual(['app.jar!/app.env']);
});

test('one that is too large to be held is opened, and the ledger says how', async () => {
  const content = zipSync({ 'big.bin': noise(97 << 20), 'x/app.env': ENV }, { level: 0 });
  const report = await scanEntries([{ name: 'big.zip', content }]);
  expect(pathsOf(report, TOKEN)).toEqual(['big.zip!/x/app.env']);
  expect(report.totals.scanned).toMatchObject({
    'zip, by its local headers': { files: 1, bytes: content.length },
  });
  expect((await memberOf(content, 'big.zip!/x/app.env')).includes(TOKEN)).toBe(true);
});

test.each([
  '#!/usr/bin/env python3\n',
  `#!/bin/bash\n${'# launcher\n'.repeat(1000)}exec java -jar "$0"\n`,
])('a large zip behind lines for the shell is opened: %.20s', async (lines) => {
  const zip = zipSync({ 'noise.bin': noise(1_500_000), 'app.env': ENV });
  const report = await scanEntries([
    { name: 'app', content: Buffer.concat([strToU8(lines), zip]) },
  ]);
  expect(pathsOf(report, TOKEN)).toEqual(['app!/app.env']);
});
