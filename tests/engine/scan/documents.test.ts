/** Passwords in documents, as pandoc, openpyxl and Python's email wrote them: `tests/make/python/documents.py`. */
import { readFileSync } from 'node:fs';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../../src/engine/report/report.ts';
import { constructedToken } from '../../make/sample-source.ts';
import { scanFile } from '../../make/scan-image.ts';

const PASSWORDS = ['Otter', 'Koala', 'Raven', 'Heron'].map(
  (word, i) => `${word}-3${i}-Lagoon!${word}`,
);

/** Puts passwords in the place of markers, wherever a line of mail is broken. */
const filled = (text: string): string =>
  text.replace(
    /Marker(?:=\r?\n)?ForPass(?:=\r?\n)?word(\d)/g,
    (_, i) => PASSWORDS[Number(i)] ?? '',
  );

function document(name: string): Uint8Array {
  const bytes = readFileSync(`tests/fixtures/documents/${name}`);
  if (bytes[0] !== 0x50) return Buffer.from(filled(bytes.toString('latin1')), 'latin1');
  const members = Object.entries(unzipSync(bytes)).map(([path, content]): [string, Buffer] => [
    path,
    Buffer.from(filled(Buffer.from(content).toString('latin1')), 'latin1'),
  ]);
  return zipSync(Object.fromEntries(members));
}

const found = ({ findings }: Report): (string | undefined)[] =>
  findings
    .filter(({ category }) => category === 'secret')
    .map(({ secret }) => secret.value)
    .sort((a = '', b = '') => PASSWORDS.indexOf(a) - PASSWORDS.indexOf(b));

describe('passwords in lines and tables', () => {
  test.each(['notes.docx', 'notes.odt', 'notes.pptx', 'notes.rtf', 'notes.html', 'notes.md'])(
    '%s',
    async (name) => {
      const report = await scanFile(`srv/${name}`, document(name));
      expect(found(report)).toEqual(PASSWORDS);
      expect(report.problems).toEqual([]);
      // One place each: what the text shows is what stands in the file.
      for (const { places } of report.findings) expect(places).toHaveLength(1);
    },
  );

  test('a workbook, whose sheets only count its strings', async () => {
    const report = await scanFile('srv/notes.xlsx', document('notes.xlsx'));
    expect(found(report)).toEqual(PASSWORDS.slice(1));
    expect(report.findings.map(({ places }) => places[0]?.path).sort()).toEqual([
      'srv/notes.xlsx!/xl/worksheets/sheet1.xml',
      'srv/notes.xlsx!/xl/worksheets/sheet1.xml',
      'srv/notes.xlsx!/xl/worksheets/sheet2.xml',
    ]);
  });

  test('mail in quoted-printable, over the ends of its lines', async () => {
    const content = document('mail-quoted-printable.eml');
    const report = await scanFile('srv/a.eml', content);
    expect(found(report)).toEqual(PASSWORDS.slice(0, 2));
    const line = filled(Buffer.from(content).toString())
      .split('\n')
      .findIndex((one) => one.includes('=3D'));
    for (const { places } of report.findings) expect(places[0]?.line).toBe(line + 1);
  });

  test('a name and a value in pieces, as editors leave them, and a token', async () => {
    const run = (text: string): string => `<w:r><w:t xml:space="preserve">${text}</w:t></w:r>`;
    const token = constructedToken('a token of a document');
    const xml = `<w:document><w:body><w:p>${run('DB_PASS')}${run('WORD=')}${run(`${PASSWORDS[0]}`)}</w:p><w:p>${run(`api_token=${token.slice(0, 9)}`)}<w:proofErr w:type="spellStart"/>${run(token.slice(9))}</w:p></w:body></w:document>`;
    const content = zipSync({ 'word/document.xml': strToU8(xml) });
    const report = await scanFile('a.docx', content);
    expect(found(report).sort()).toEqual([PASSWORDS[0], token].sort());
  });

  test('a list of terms, and a table without ends of its elements', async () => {
    const html = `<dl><dt>API key<dd>${PASSWORDS[0]}</dl><table><tr><td>Password:<td><code>${PASSWORDS[1]}</code></table>`;
    expect(found(await scanFile('srv/a.html', html))).toEqual(PASSWORDS.slice(0, 2));
  });

  test('a table as a client of a database draws it', async () => {
    const table = `+----+-------+--------------------+
| id | login | password           |
+----+-------+--------------------+
|  1 | bob   | ${PASSWORDS[0]} |
+----+-------+--------------------+
`;
    expect(found(await scanFile('srv/out.txt', table))).toEqual([PASSWORDS[0]]);
    const other = ` id | password           | login
----+--------------------+-------
  1 | ${PASSWORDS[1]} | bob
`;
    expect(found(await scanFile('srv/out.txt', other))).toEqual([PASSWORDS[1]]);
  });
});

describe('what is no password', () => {
  test.each([
    [
      'api.html',
      '<table><tr><th>Name</th><th>Type</th></tr><tr><td>password</td><td>string</td></tr></table>',
    ],
    [
      'a.html',
      `<script>var password = document.getElementById('x') | 0</script><p>Password: your own</p>`,
    ],
    [
      'a.md',
      '| Option | Default |\n|---|---|\n| `token` | `undefined` |\n| `password` | required |\n',
    ],
    ['a.md', '| password | meaning |\n|---|---|\n| see above | no |\n'],
  ])('%s: %s', async (name, content) => {
    expect(found(await scanFile(`srv/${name}`, content))).toEqual([]);
  });
});

describe('any bytes are read in a time that grows with their number', () => {
  const LENGTH = 250_000;
  test.each([
    ['a.html', 'password:<'],
    ['a.html', '<td>password<'],
    ['a.html', '<!--password<tr>'],
    ['a.md', 'password|\n---|\n'],
    ['a.md', '|password'],
    ['a.rtf', '{\\rtf1'],
    ['a.rtf', '{\\rtf1\\cell password\\u9'],
    ['a.eml', 'Content-Transfer-Encoding: quoted-printable\n'],
    ['a.eml', 'Content-Transfer-Encoding: quoted-printable\n\n=\npassword=3D='],
  ])('%s: %s', async (name, piece) => {
    const content = piece.repeat(Math.floor(LENGTH / piece.length));
    const began = performance.now();
    await scanFile(`srv/${name}`, content);
    expect(performance.now() - began).toBeLessThan(4000);
  });

  test.each([
    ['a.html', '<td>password</td><', 'a', ''],
    ['word/document.xml', 'content: a<', 'w:t', ''],
    ['a.md', '| name | password |\n|---|---|\n| db | x |\n', '-', 'x\n'],
    ['a.md', '| name | password |\n|---|---|\n| db | x |\n', '| ', 'x\n'],
  ])('%s: %s and one long line of %s', async (name, start, piece, end) => {
    const began = performance.now();
    await scanFile(`srv/${name}`, start + piece.repeat(LENGTH / piece.length) + end);
    expect(performance.now() - began).toBeLessThan(4000);
  });

  test('many sheets over many strings, which are read once', async () => {
    const sheets = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [`xl/worksheets/s${i}.xml`, strToU8('<sheetData/>')]),
    );
    const shared = strToU8(`<sst>${'<si><t>a</t></si>'.repeat(200_000)}</sst>`);
    const began = performance.now();
    await scanFile('a.xlsx', zipSync({ 'xl/sharedStrings.xml': shared, ...sheets }));
    expect(performance.now() - began).toBeLessThan(4000);
  });

  test('a sheet that counts one long string again and again', async () => {
    const cells = '<c r="A1" t="s"><v>0</v></c>'.repeat(20_000);
    const content = zipSync({
      'xl/sharedStrings.xml': strToU8(`<sst><si><t>${'long '.repeat(20_000)}</t></si></sst>`),
      'xl/worksheets/sheet1.xml': strToU8(`<sheetData><row>${cells}</row></sheetData>`),
    });
    const report = await scanFile('a.xlsx', content);
    expect(report.totals.scanned?.['nested']?.bytes).toBeLessThan(10 << 20);
  });
});
