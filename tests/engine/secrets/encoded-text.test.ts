/** Secrets that stand encoded: base64 wrapped or not, hex, percent-encoding, UTF-16; and what is none. */
import { generateKeyPairSync } from 'node:crypto';
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { scanArchive } from '../../../src/engine/scan/scan-archive.ts';
import { ContentScanner } from '../../../src/engine/secrets/content-scanner.ts';
import { fileKind } from '../../../src/engine/secrets/file-kind.ts';
import type { Detection } from '../../../src/engine/secrets/finding.ts';
import { noise } from '../../make/pieces.ts';
import { constructedToken } from '../../make/sample-source.ts';
import { tar } from '../../make/tar-writer.ts';

const TOKEN = constructedToken();
const LINE = `export GITHUB_TOKEN=${TOKEN}\n`;
const URL_LINE = `postgres://app:${TOKEN}@db.internal:5432/app`;

function detect(text: string | Buffer, path = 'app/values.yaml', piece = Infinity): Detection[] {
  const bytes = new Uint8Array(Buffer.from(text));
  const scanner = new ContentScanner();
  scanner.begin(fileKind(path), bytes.length);
  for (let at = 0; at < bytes.length; at += piece) scanner.push(bytes.subarray(at, at + piece));
  return scanner.end();
}
const GZIP = gzipSync(LINE);
/** What does not compress well, before a line with a token. */
const LONG = Buffer.concat([
  Buffer.from(noise(30_000)).map((byte) => 33 + (byte % 90)),
  Buffer.from(`\n${LINE}`),
]);
const percent = (text: string): string => Buffer.from(text).toString('hex').replace(/../g, '%$&');
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('a secret is found', () => {
  test.each<[string, string]>([
    ['in base64', `data: ${base64(LINE)}\n`],
    ['in base64 for addresses', `data: ${Buffer.from(LINE).toString('base64url')}\n`],
    ['in base64 in base64', `data: ${base64(`data: ${base64(LINE)}`)}\n`],
    [
      'in base64 wrapped at 64',
      `cert:\n${base64(`${'# nothing here, for a while\n'.repeat(9)}${LINE}`).replace(/.{64}/g, '    $&\n')}\n`,
    ],
    [
      'in base64 wrapped at 64, behind tabs',
      `<cert>\n${base64(`${'# nothing here, for a while\n'.repeat(9)}${LINE}`).replace(/.{64}/g, '\t\t\t$&\n')}\n</cert>\n`,
    ],
    [
      'in base64 wrapped at 76, with CR LF',
      `${base64(`${'# nothing here, for a while\n'.repeat(9)}${LINE}`).replace(/.{76}/g, '$&\r\n')}\r\n`,
    ],
    ['in JSON in base64', `{"a": "${base64(`{"github_token": "${TOKEN}"}`)}"}`],
    ['in a long run', `x: "${base64(`${'# filler\n'.repeat(9000)}${LINE}`)}"`],
    ['in hex', `blob = "${Buffer.from(LINE).toString('hex')}"\n`],
    ['in HEX', `blob = "${Buffer.from(URL_LINE).toString('hex').toUpperCase()}"\n`],
    [
      'in hex as SQL has it',
      `INSERT INTO notes VALUES (0x${Buffer.from(LINE).toString('hex')});\n`,
    ],
    ['in gzip in base64', `release: ${GZIP.toString('base64')}\n`],
    ['in gzip in base64 twice', `release: ${base64(GZIP.toString('base64'))}\n`],
    ['in gzip in hex', `INSERT INTO notes VALUES (X'${GZIP.toString('hex')}');\n`],
    ['in zlib in base64', `exec(inflate("${deflateSync(LINE).toString('base64')}"))\n`],
    [
      'in gzip in base64 of many lines',
      `x: ${gzipSync(LONG).toString('base64').replace(/.{76}/g, '$&\n')}`,
    ],
    [
      'in UTF-16 in base64',
      `pwsh -EncodedCommand ${Buffer.from(`$env:GITHUB_TOKEN = "${TOKEN}"`, 'utf16le').toString('base64')}\n`,
    ],
    ['percent-encoded', `https://a.example.net/?next=${encodeURIComponent(URL_LINE)}&x=1\n`],
    [
      'percent-encoded twice',
      `?state=${encodeURIComponent(encodeURIComponent(JSON.stringify({ access_token: TOKEN })))}\n`,
    ],
    ['percent-encoded as a whole', `?next=${percent(LINE)}\n`],
  ])('%s', (_, text) => {
    const found = detect(`first line\n${text}`);
    expect(found.map(({ value }) => value)).toEqual([TOKEN]);
    expect(found[0]?.why.at(-1)).toMatch(/^stands there in /);
    expect(found[0]?.line).toBeGreaterThan(1);
    const { written = '', offset = 0 } = found[0] as Detection;
    expect(`first line\n${text}`.slice(offset, offset + written.length)).toBe(written);
  });

  test('in a run that goes on past a window, whatever the pieces', () => {
    const text = base64(`${'# filler\n'.repeat(200_000)}${LINE}`);
    for (const piece of [65_536, 1_000_003]) {
      expect(detect(text, 'a.txt', piece).map(({ value }) => value)).toEqual([TOKEN]);
    }
  });

  test.each([64, 76])('far into a run wrapped at %i', (columns) => {
    for (const lines of [100, 700, 1100, 2000]) {
      const whole = base64(`${'# nothing here, for a while\n'.repeat(lines)}${LINE}`);
      const wrapped = whole.replace(new RegExp(`.{${columns}}`, 'g'), '$&\n');
      expect(detect(`${wrapped}\n`).map(({ value }) => value)).toEqual([TOKEN]);
    }
  });

  test('percent-encoding upon percent-encoding is read once', () => {
    // Quadratic work would not end before the test's own time.
    expect(detect('%3a%2f%2f'.repeat(30_000))).toEqual([]);
  });

  test.each(['utf-16le', 'utf-16be'])('in %s, with a mark and without', async (order) => {
    const bytes = Buffer.from(`# settings of the service\r\n${LINE}`, 'utf16le');
    if (order === 'utf-16be') bytes.swap16();
    const mark = Buffer.from(order === 'utf-16le' ? [0xff, 0xfe] : [0xfe, 0xff]);
    for (const content of [bytes, Buffer.concat([mark, bytes])]) {
      const { report } = await scanArchive(
        new Blob([tar([{ name: 'etc/settings.ini', content }]) as Uint8Array<ArrayBuffer>]),
        'a.tar',
      );
      expect(report.findings[0]).toMatchObject({
        secret: { value: TOKEN },
        places: [{ path: 'etc/settings.ini', line: 2 }],
      });
      expect(report.totals.scanned?.['UTF-16']?.files).toBe(1);
    }
  });

  test.each<[string, string, Buffer]>([
    ['a program for Windows', 'app/tool.exe', Buffer.from('MZ')],
    ['a program for Linux', 'app/tool', Buffer.from('\x7fELF\x02\x01\x01', 'latin1')],
    ['a document of Office', 'app/plan.doc', Buffer.from('d0cf11e0a1b11ae1', 'hex')],
    ['any binary file', 'app/state.bin', Buffer.from([1, 0, 2])],
  ])('in UTF-16 at any place of %s', async (_, name, magic) => {
    for (const shift of [0, 1, 2, 3]) {
      for (const size of [500, 2_500_000]) {
        const before = Buffer.concat([magic, Buffer.alloc(40 + shift), noise(5001)]);
        const wide = Buffer.from(`\0\0${URL_LINE}\0\0`, 'utf16le');
        const content = Buffer.concat([before, wide, noise(size)]);
        const { report } = await scanArchive(
          new Blob([tar([{ name, content }]) as Uint8Array<ArrayBuffer>]),
          'a.tar',
        );
        expect(report.findings.map(({ secret }) => secret.value)).toEqual([TOKEN]);
        const at = before.length + 4 + 2 * URL_LINE.indexOf(TOKEN);
        expect(report.findings[0]?.places[0]).toMatchObject({ path: name, offset: at });
      }
    }
  });

  test('in base64 among the strings of a program', () => {
    for (const text of [base64(LINE), GZIP.toString('base64'), Buffer.from(LINE).toString('hex')]) {
      const program = Buffer.concat([
        Buffer.from('\x7fELF\0'),
        noise(3000),
        Buffer.from(`\0${text}\0`),
      ]);
      expect(detect(program, 'app/tool').map(({ value }) => value)).toContain(TOKEN);
    }
  });
});

describe('a private key in percent-encoding is found', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  test.each([
    ['in an address', encodeURIComponent(pem)],
    ['in a form, with a plus for a blank', encodeURIComponent(pem).replaceAll('%20', '+')],
  ])('%s', (_, coded) => {
    const [found, ...more] = detect(`curl -d 'name=x&key=${coded}' https://a.dev\n`, 'srv/a.sh');
    expect(found?.rule.id).toMatch(/private-key/);
    expect(more).toEqual([]);
  });

  test('what only begins like one is none', () => {
    expect(detect('x=-----BEGIN%20PRIVATE%20KEY-----%0A...', 'srv/a.sh')).toEqual([]);
    expect(detect('x=-----BEGIN+PUBLIC+KEY-----%0AMIIB', 'srv/a.sh')).toEqual([]);
  });
});

describe('what is not looked into is told', () => {
  /** What the ledger has of a file. */
  async function skipped(content: string): Promise<string[]> {
    const archive = tar([{ name: 'srv/a.yaml', content: Buffer.from(content) }]);
    const { report } = await scanArchive(new Blob([archive as Uint8Array<ArrayBuffer>]), 'a.tar');
    return Object.keys(report.totals.notScanned ?? {});
  }

  test('compressed data that are cut short, or unpack to very much', async () => {
    const reason = 'gzip in base64, read in part';
    const cut = gzipSync(LONG).subarray(0, 9000).toString('base64');
    expect(await skipped(`x: ${cut}\n`)).toContain(reason);
    const bomb = gzipSync(Buffer.alloc(20 << 20, ' ')).toString('base64');
    expect(await skipped(`x: ${bomb}\n`)).toContain(reason);
    expect(await skipped(`x: ${GZIP.toString('base64')}\n`)).not.toContain(reason);
  });
});

describe('nothing is made of', () => {
  test.each<[string, string]>([
    ['digests', `sha256:${'0123456789abcdef'.repeat(4)} sha512-${base64('x'.repeat(64))}\n`],
    [
      'long identifiers',
      `const aVeryLongIdentifierThatGoesOnAndOnWithoutAnEndInSightForever = 1;\n`,
    ],
    ['paths', 'usr/share/doc/python3/examples/of/a/path/that/is/rather/long/Index\n'],
    [
      'images',
      `background: url(data:image/png;base64,${base64(String.fromCharCode(...noise(900)))})\n`,
    ],
  ])('%s', (_, text) => {
    expect(detect(text)).toEqual([]);
  });
});
