/** Tokens among the strings of compiled programs, whatever stands before and behind them there. */
import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { dexStrings } from '../../../src/engine/java/dex.ts';
import { FORMATS } from '../../../src/engine/secrets/formats.ts';
import { scanArchive } from '../../../src/engine/scan/scan-archive.ts';
import { imageArchive } from '../../make/image-writer.ts';
import { scanContent } from '../../make/scan-content.ts';
import { exampleOf } from '../../make/secret-examples.ts';

/** A `classes.dex` of strings only, each behind its length. */
function dex(strings: readonly string[]): Buffer {
  const head = Buffer.alloc(0x70);
  head.write('dex\n035\0', 'latin1');
  const data = strings.map((text) => {
    const length =
      text.length < 128 ? [text.length] : [(text.length & 127) | 128, text.length >> 7];
    return Buffer.concat([Buffer.from(length), Buffer.from(`${text}\0`)]);
  });
  const table = Buffer.alloc(4 * strings.length);
  head.writeUInt32LE(strings.length, 0x38);
  head.writeUInt32LE(head.length, 0x3c);
  let at = head.length + table.length;
  data.forEach((bytes, i) => {
    table.writeUInt32LE(at, 4 * i);
    at += bytes.length;
  });
  return Buffer.concat([head, table, ...data]);
}

/** The heap of a .NET program's texts: a length, UTF-16, and a byte that says whether any is not ASCII. */
function dotnet(strings: readonly string[]): Buffer {
  const heap = strings.map((text) => {
    const size = 2 * text.length + 1;
    const length = size < 128 ? [size] : [(size >> 8) | 128, size & 255];
    return Buffer.concat([Buffer.from(length), Buffer.from(text, 'utf16le'), Buffer.of(0)]);
  });
  return Buffer.concat([
    Buffer.from('MZ'),
    Buffer.alloc(510),
    Buffer.of(0),
    ...heap,
    Buffer.alloc(64),
  ]);
}

async function values(name: string, content: Uint8Array): Promise<(string | undefined)[]> {
  const entries = [{ name, content: new Uint8Array(content) }];
  const image = imageArchive([{ tags: ['a:1'], layers: [{ createdBy: 'COPY . /', entries }] }]);
  const { report } = await scanArchive(new Blob([image]), 'image.tar');
  return report.findings.map(({ secret }) => secret.value).sort();
}

const IDS = ['github-pat-classic', 'stripe-sk-live', 'slack-bot', 'pypi', 'gitlab-pat', 'sendgrid'];
const TOKENS = FORMATS.filter(({ id }) => IDS.includes(id)).map((row) => exampleOf(row));
const STRINGS = ['<init>', ...TOKENS, 'Landroid/app/Activity;', 'x'.repeat(300)];

describe('tokens are found', () => {
  test('there are enough of them, of lengths that are letters too', () => {
    expect(TOKENS.length).toBeGreaterThan(3);
  });

  test('in code for Android, in a package', async () => {
    expect(await values('app/classes.dex', dex(STRINGS))).toEqual([...TOKENS].sort());
    const apk = zipSync({ 'classes.dex': dex(STRINGS), 'AndroidManifest.xml': strToU8('x') });
    expect(await values('app/app.apk', apk)).toEqual([...TOKENS].sort());
    const large = dex([...STRINGS, ...Array.from({ length: 40 }, (_, i) => `${i}`.repeat(30_000))]);
    expect(await values('app/classes.dex', large)).toEqual([...TOKENS].sort());
  });

  test('in a program of .NET', async () => {
    expect(await values('app/App.dll', dotnet(STRINGS))).toEqual([...TOKENS].sort());
  });
});

test('code for Android that is damaged is scanned as it stands, quickly', () => {
  const bytes = dex(STRINGS);
  for (let at = 8; at < 0x70 + 4 * STRINGS.length; at++) {
    const damaged = Buffer.from(bytes);
    damaged.writeUInt8(255 - damaged.readUInt8(at), at);
    expect(dexStrings(damaged)?.length ?? 0).toBeLessThanOrEqual(bytes.length);
  }
  const many = Buffer.alloc(1 << 20, 0x80);
  dex([]).copy(many);
  many.writeUInt32LE(100_000, 0x38);
  many.writeUInt32LE(0x70, 0x3c);
  for (let i = 0; i < 100_000; i++) many.writeUInt32LE(500_000, 0x70 + 4 * i);
  const began = performance.now();
  dexStrings(many);
  expect(performance.now() - began).toBeLessThan(1000);
});

test('connection strings among the strings of a program', async () => {
  const secrets = ['Kormoran', 'Seeadler', 'Bussard'].map((word, i) => `${word}0${i}!`);
  const [one, two, three] = secrets;
  const strings = [
    `Server=db.internal;Uid=sa;Pwd=${one};`,
    `User Id=sa;Password=${two};Database=shop`,
    `host=pg user=app password=${three} dbname=shop`,
    'host=%s user=%s password=%s dbname=%s',
    'usage: app [-host=ADDRESS] [-password=WORD]',
  ];
  const elf = Buffer.concat([
    Buffer.from('\x7fELF\x02\x01\x01\0\0', 'latin1'),
    Buffer.alloc(200),
    ...strings.map((text) => Buffer.from(`${text}\0`)),
    Buffer.alloc(64),
  ]);
  expect(await values('srv/app', elf)).toEqual([...secrets].sort());
});

describe('of a program written in C', () => {
  const P = ['Tr0ub', '4dor', 'Kx3'].join('');
  const BASIC = Buffer.from(`me:${P}`).toString('base64');
  const program = (text: string): string => `\x7fELF\0\0usage: %s\0${text}\0another\0`;

  test.each([
    `mysql -u root -p${P} app`,
    `curl -u me:${P} https://api.local/`,
    `sshpass -p '${P}' ssh me@host`,
    `Authorization: Basic ${BASIC}`,
    `<login><password>${P}</password></login>`,
    `CREATE USER app IDENTIFIED BY '${P}'`,
    `password: ${P}`,
    `password=${P}`,
  ])('%s', (text) => {
    const found = scanContent(program(text), 'srv/app/bin/tool');
    expect(found.map(({ value }) => value)).toEqual([P]);
    expect(program(text)).toContain(found[0]?.written ?? P);
    // What everybody has is no secret of the image's.
    expect(scanContent(program(text), 'usr/bin/tool').map(({ value }) => value)).toEqual(
      text.startsWith('password=') ? [P] : [],
    );
  });

  test.each([
    'mysql -u %s -p%s %s',
    "ALTER USER %s IDENTIFIED BY '%s'",
    '<password>%s</password>',
    'password: at least 8 characters',
    'sshpass -p PASSWORD ssh host',
    'Authorization: Basic %s',
    'invalid password: try again',
  ])('nothing in %s', (text) => {
    expect(scanContent(program(text), 'srv/app/bin/tool')).toEqual([]);
  });
});
