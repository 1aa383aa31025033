/** Secrets in databases, pickles and property lists, as Python's own modules wrote them. */
import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Finding, Report } from '../../../src/engine/report/report.ts';
import { readMember } from '../../../src/engine/scan/read-member.ts';
import { inPieces, noise } from '../../make/pieces.ts';
import { constructedToken } from '../../make/sample-source.ts';
import { scanEntries, scanFile } from '../../make/scan-image.ts';
import { tar } from '../../make/tar-writer.ts';

const TOKENS = Array.from({ length: 10 }, (_, i) => constructedToken(`token ${i} of a structure`));

type Width = 'utf8' | 'utf16le' | 'utf16be';

function encoded(text: string, width: Width): Buffer {
  if (width === 'utf8') return Buffer.from(text);
  const bytes = Buffer.from(text, 'utf16le');
  return width === 'utf16be' ? bytes.swap16() : bytes;
}

/** A fixture of `tests/make/python/structured.py`, its markers replaced. */
function fixture(name: string, width: Width = 'utf8'): Uint8Array {
  const bytes = Buffer.from(readFileSync(`tests/fixtures/structured/${name}`));
  let replaced = 0;
  TOKENS.forEach((token, digit) => {
    const marker = encoded(`placeholderforatokenoffortyhexadecimal_${digit}`, width);
    for (let at = bytes.indexOf(marker); at >= 0; at = bytes.indexOf(marker, at + 1)) {
      encoded(token, width).copy(bytes, at);
      replaced++;
    }
  });
  if (replaced === 0) throw new Error(`${name} has no marker`);
  return new Uint8Array(bytes);
}

const named = ({ findings }: Report): [number, string | undefined][] =>
  findings
    .map(({ secret, why }): [number, string | undefined] => [
      TOKENS.indexOf(secret.value ?? ''),
      /bound to the name (\S+?)(?:;|$)/.exec(why.join(';'))?.[1],
    ])
    .sort(([a], [b]) => a - b);

const findingOf = ({ findings }: Report, digit: number): Finding | undefined =>
  findings.find(({ secret }) => secret.value === TOKENS[digit]);

/** Where a finding's value stands, as its offset says. */
function standsAt(content: Uint8Array, finding: Finding | undefined, width: Width): string {
  const [place] = finding?.places ?? [];
  const length = encoded(finding?.secret.value ?? '', width).length;
  const at = place?.offset ?? 0;
  const bytes = Buffer.from(content.subarray(at, at + length));
  return width === 'utf16be' ? bytes.swap16().toString('utf16le') : bytes.toString(width);
}

const NAMES: Record<string, [digit: number, name: string | undefined][]> = {
  'application.db': [
    [0, 'api_token'],
    [1, 'smtp.password'],
    [2, 'secret_key'],
    [3, 'refresh_token'],
    [4, 'access_token'],
    [5, 'auth_token'],
    [6, 'access_token'],
    [7, 'client_secret'],
  ],
  'stores.db': [
    [0, 'access_token'],
    [1, 'password'],
    [3, 'password'],
    [4, 'api_key'],
    [5, 'session_token'],
    [6, 'authtoken_token.key'],
  ],
  'shelf.dat': [[0, 'api_token']],
  'log.db-wal': [
    [0, 'refresh_token'],
    [1, 'refresh_token'],
  ],
  'settings.plist': [
    [0, 'ApiToken'],
    [1, 'Secrets'],
    [2, 'client_secret'],
    [3, 'access_token'],
    [4, 'refresh_token'],
  ],
  'archive.plist': [
    [0, 'client_secret'],
    [1, 'authToken'],
  ],
  'text.plist': [
    [0, 'ApiToken'],
    [1, 'client_secret'],
  ],
};
const PICKLED: [number, string][] = [
  [0, 'access_token'],
  [1, 'api_token'],
  [2, 'session_token'],
  [3, 'signing_key'],
  [4, 'client_secret'],
  [5, 'auth_token'],
  [6, 'refresh_token'],
];
for (let protocol = 0; protocol < 6; protocol++) {
  NAMES[`protocol${protocol}.pickle`] = PICKLED.filter(([digit]) => digit !== 4 || protocol > 1);
}

describe('values are found by what names them, where they stand', () => {
  test.each(Object.entries(NAMES))('%s', async (name, expected) => {
    const content = fixture(name);
    const report = await scanFile(`srv/${name}`, content);
    expect(named(report).filter(([digit]) => digit >= 0)).toEqual(expected);
    expect(report.problems).toEqual([]);
    for (const finding of report.findings)
      expect(standsAt(content, finding, 'utf8')).toBe(finding.secret.value);
  });

  test.each(['utf16le', 'utf16be'] as const)('text of a database in %s', async (width) => {
    const name = `${width.replace('16', '-16')}.db`;
    const content = fixture(name, width);
    const report = await scanFile(`srv/${name}`, content);
    expect(named(report)).toEqual([[0, 'password']]);
    expect(standsAt(content, findingOf(report, 0), width)).toBe(TOKENS[0]);
  });
});

test('a pickle that is compressed is read, and shown by the path of the finding', async () => {
  const bytes = fixture('model.joblib');
  // Python stored it, so that the token could be put in; its checksum has to follow.
  const content = deflateSync(bytes.subarray(7, -4));
  const report = await scanFile('srv/model.joblib', content);
  expect(named(report)).toEqual([[0, 'license_key']]);
  expect(report.findings[0]?.places[0]?.path).toBe('srv/model.joblib!/content');
  const pieces = inPieces(content, 64);
  const member = await readMember(pieces, content.length, 'srv/model.joblib!/content');
  expect(Buffer.from(member ?? []).includes(TOKENS[0] ?? '')).toBe(true);
});

describe('a database', () => {
  test('tells the hash of a password from a password', async () => {
    const { findings } = await scanFile('srv/stores.db', fixture('stores.db'));
    const hash = findings.find(({ secret }) => secret.value?.startsWith(TOKENS[2] ?? ''));
    expect(hash).toMatchObject({ rule: 'password-hash', severity: 'info' });
    expect(hash?.why.join()).toContain('in the column password of the table user');
  });

  test('says in which column and row a value stands, once for each', async () => {
    const report = await scanFile('srv/application.db', fixture('application.db'));
    const reasons = (digit: number): string | undefined => findingOf(report, digit)?.why.join('; ');
    expect(reasons(0)).toContain('in the column api_token of the table users');
    expect(reasons(1)).toContain('in the row smtp.password of the table settings');
    expect(reasons(2)).toContain('in the column secret_key of the table vault');
    expect(reasons(3)).toContain('in the column value of the table credentials');
    expect(reasons(4)).toContain('among binary data');
    expect(reasons(6)).toContain('in the column access_token of the table gone');
    // The index over the column holds the token a second time.
    expect(findingOf(report, 0)?.places.map(({ path }) => path)).toEqual(['srv/application.db']);
    expect(report.totals.scanned?.['SQLite database']?.files).toBe(1);
  });

  test('that is larger than what other files are held to is read too', async () => {
    const small = fixture('application.db');
    const content = new Uint8Array((2 << 20) + small.length);
    content.set(small);
    content.set(noise(2 << 20), small.length);
    expect(named(await scanFile('srv/a.db', content))).toEqual(NAMES['application.db']);
  });

  test('with a broken header is scanned as it stands', async () => {
    const content = fixture('application.db');
    content[16] = 0x13;
    const report = await scanFile('srv/a.db', content);
    expect(named(report)).toContainEqual([4, 'access_token']);
    expect(Object.keys(report.totals.scanned ?? {})).not.toContain('SQLite database');
  });
});

describe('a write-ahead log whose tables the database beside it declares', () => {
  const database = readFileSync('tests/fixtures/structured/beside.db');
  const log = fixture('beside.db-wal', 'utf16le');
  const scan = async (path: string): Promise<Report> =>
    scanEntries([
      { name: 'srv/a.db', content: database },
      { name: path, content: log },
    ]);

  test('has its values named, where pages above them are not in it, and where others replaced them', async () => {
    const report = await scan('srv/a.db-wal');
    expect(named(report)).toEqual([
      [0, 'api_token'],
      [1, 'smtp.password'],
      [2, 'smtp.password'],
    ]);
    for (const finding of report.findings) {
      expect(finding.places[0]?.path).toBe('srv/a.db-wal');
      expect(standsAt(log, finding, 'utf16le')).toBe(finding.secret.value);
    }
  });

  test('is read in an archive too', async () => {
    const content = tar([
      { name: 'x/a.db', content: database },
      { name: 'x/a.db-wal', content: log },
    ]);
    expect(named(await scanFile('data.tar', content)).map(([digit]) => digit)).toEqual([0, 1, 2]);
  });

  test('is not named by a database of another name or folder', async () => {
    for (const path of ['srv/b.db-wal', 'opt/a.db-wal'])
      expect((await scan(path)).findings).toEqual([]);
  });

  test('that does not belong to it does no harm', async () => {
    const report = await scanEntries([
      { name: 'a.db', content: database },
      { name: 'a.db-wal', content: fixture('log.db-wal') },
    ]);
    expect(named(report).map(([digit]) => digit)).toEqual([0, 1]);
  });
});

describe('damage is survived', () => {
  /** Each way of spoiling bytes; all take a time that grows with their number only. */
  const spoil: Record<string, (bytes: Uint8Array, round: number) => Uint8Array> = {
    cut: (bytes, round) => bytes.slice(0, Math.floor((bytes.length * round) / 15)),
    'changed here and there': (bytes, round) => {
      const changes = noise(64, round + 1);
      for (let i = 0; i < 32; i++) {
        const at = ((changes[2 * i] as number) * 257 + round * 31 + i * 997) % bytes.length;
        if (at > 18) bytes[at] = changes[2 * i + 1] as number;
      }
      return bytes;
    },
    'filled with one byte': (bytes, round) => bytes.fill(round * 17, 100 + round * 19),
  };
  test.each(
    Object.keys(spoil).flatMap((way) =>
      [
        'application.db',
        'log.db-wal',
        'protocol4.pickle',
        'protocol0.pickle',
        'settings.plist',
      ].map((name) => [way, name] as const),
    ),
  )('%s: %s', async (way, name) => {
    const whole = fixture(name);
    for (let round = 0; round < 15; round++) {
      const content = spoil[way]?.(whole.slice(), round) ?? whole;
      const report = await scanFile(`srv/${name}`, content);
      for (const finding of report.findings)
        expect(finding.places[0]?.offset).toBeLessThan(content.length);
    }
  });

  test('pages and chains that lead back to themselves', async () => {
    const content = fixture('application.db');
    const view = new DataView(content.buffer);
    // Every page says that the first is below it, and every cell lies in the same place.
    for (let page = 512; page < content.length; page += 512) {
      view.setUint8(page, 5);
      view.setUint16(page + 3, 200);
      view.setUint32(page + 8, 1);
      for (let at = page + 12; at < page + 412; at += 2) view.setUint16(at, 412);
      view.setUint32(page + 412, page / 512 + 1);
    }
    const report = await scanFile('srv/a.db', content);
    expect(report.totals.files).toBe(1);
  });

  test('a pickle that remembers and names one text a million times', async () => {
    const token = TOKENS[0] as string;
    const head = Buffer.concat([Buffer.from('\x80\x02}X\x28\0\0\0', 'latin1'), Buffer.from(token)]);
    const again = Buffer.from('q\x00h\x00h\x00s'.repeat(500_000), 'latin1');
    const began = performance.now();
    const report = await scanFile('srv/a.pkl', Buffer.concat([head, again, Buffer.from('.')]));
    expect(performance.now() - began).toBeLessThan(5000);
    expect(report.totals.files).toBe(1);
  });

  test('a property list whose objects are all one dictionary', async () => {
    const entries = 30_000;
    const dictionary = Buffer.alloc(6 + 4 * entries);
    dictionary.set([0xdf, 0x12, 0, 0, entries >> 8, entries & 0xff]);
    const table = Buffer.alloc(3 * entries);
    for (let i = 0; i < entries; i++) table.writeUIntBE(8, 3 * i, 3);
    const trailer = Buffer.alloc(32);
    trailer.set([3, 2], 6);
    trailer.writeUInt32BE(entries, 12);
    trailer.writeUInt32BE(8 + dictionary.length, 28);
    const list = Buffer.concat([Buffer.from('bplist00'), dictionary, table, trailer]);
    const began = performance.now();
    await scanFile('srv/a.plist', list);
    expect(performance.now() - began).toBeLessThan(5000);
  });
});
