/** What the text report says, and how often; and that a layer which was not read is told of loudly. */
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { BindingKind } from '../../../src/engine/python/binding.ts';
import type { SourceVerdict } from '../../../src/engine/python/source-check.ts';
import { toText } from '../../../src/engine/report/text.ts';
import { unreadLayers } from '../../../src/engine/report/unread-layers.ts';
import { scanArchive } from '../../../src/engine/scan/scan-archive.ts';
import { imageArchive, type LayerInput } from '../../make/image-writer.ts';
import { noise } from '../../make/pieces.ts';
import { constructedToken } from '../../make/sample-source.ts';
import { scanLayers } from '../../make/scan-image.ts';
import { tar } from '../../make/tar-writer.ts';

const LINE = `GITHUB_TOKEN=${constructedToken()}\n`;

const times = (text: string, what: string): number => text.split(what).length - 1;

test('a layer, its command and the state of its places stand once', async () => {
  const entries = Array.from({ length: 30 }, (_, i) => ({ name: `app/${i}.cfg`, content: LINE }));
  const text = toText(await scanLayers([{ createdBy: 'COPY the-application /app', entries }]));
  expect(times(text, 'COPY the-application /app')).toBe(1);
  expect(times(text, 'present')).toBe(1);
  expect(times(text, '.cfg:1')).toBe(20);
  expect(text).toContain('and 10 more places, all of them in the JSON report');
});

test('a long command is cut, and stays on its line', async () => {
  const createdBy = `RUN echo one \\\n  && ${'echo more '.repeat(50)}`;
  const text = toText(
    await scanLayers([{ createdBy, entries: [{ name: 'a.cfg', content: LINE }] }]),
  );
  expect(text).toMatch(/^ {2}layer 1 {2}RUN echo one \\ && echo .{60,90}…$/m);
});

describe('what is alike', () => {
  const token = (i: number): string => constructedToken(`token ${i} of a file`);
  const reportOf = async (count: number): ReturnType<typeof scanLayers> => {
    const content = Array.from({ length: count }, (_, i) => `GITHUB_TOKEN=${token(i)}\n`).join('');
    const entries = [
      { name: 'app/many.txt', content },
      { name: 'app/one.txt', content: `GITHUB_TOKEN=${token(99)}\n` },
    ];
    return scanLayers([{ createdBy: 'COPY', entries }]);
  };

  test('stands under one heading, with what holds of all said once', async () => {
    const text = toText(await reportOf(3));
    expect(text).toMatch(/^CRITICAL {2}GitHub .* {2}4 findings$/m);
    for (const once of ['bound to the name GITHUB_TOKEN', 'layer 1, present', 'app/many.txt'])
      expect(times(text.replace(/\s+/g, ' '), once)).toBe(1);
    const lines = text.split('\n');
    const file = lines.indexOf('    app/many.txt');
    expect(lines.slice(file + 1, file + 4)).toEqual(
      [0, 1, 2].map((i) => `      :${i + 1}  ${token(i)}`),
    );
    expect(lines).toContain(`    app/one.txt:1  ${token(99)}`);
  });

  test('is folded where one file has many: every line is still named', async () => {
    const text = toText(await reportOf(20));
    const own = Array.from(text.matchAll(/^ {6}:(\d+) {2}/gm), ([, line]) => Number(line));
    const [, count, rest = ''] = /^ {6}and (\d+) more, lines ([\d, -]+)$/m.exec(text) ?? [];
    expect(count).toBe('15');
    const folded = rest.split(', ').flatMap((run) => {
      const [from = 0, to = from] = run.split('-').map(Number);
      return Array.from({ length: to - from + 1 }, (_, i) => from + i);
    });
    expect([...own, ...folded].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
  });

  test('the lines of a file with one secret several times stand together', async () => {
    const content = `${LINE}${LINE}a\n${LINE}`;
    const text = toText(
      await scanLayers([{ createdBy: 'COPY', entries: [{ name: 'a.cfg', content }] }]),
    );
    expect(text).toMatch(/^ {2}layer 1, present: a\.cfg:1-2, 4$/m);
  });

  test('of what differs each has its own reasons, and places in several layers', async () => {
    const report = await reportOf(2);
    const [one] = report.findings;
    if (!one) throw new Error('there are findings');
    one.why.push('a reason of its own');
    one.places.push({ ...one.places[0], path: 'b.txt' } as (typeof one.places)[number]);
    const text = toText(report);
    expect(text).toMatch(/^ {2}\S+ {2}a reason of its own\n {4}layer 1, present:\n {6}app\//m);
    expect(text).toMatch(/^ {6}b\.txt:\d+$/m);
  });
});

test('the advice of a rule stands once, under what it is for, and what all share stands once', async () => {
  const other = `STRIPE=sk_live_${Buffer.from(noise(18)).toString('base64').replace(/\W/g, 'x')}\n`;
  const entries = [
    { name: 'a.cfg', content: LINE },
    { name: 'b.cfg', content: LINE.replace(/(?<=.{20})[^\n]/, 'Q') },
    { name: 'c.cfg', content: other },
  ];
  const report = await scanLayers([{ createdBy: 'COPY', entries }]);
  const text = toText(report);
  for (const step of ['Treat it as public', 'Delete the image from its registry'])
    expect(times(text, step)).toBe(1);
  expect(times(text, 'Revoke it at dashboard.stripe.com/apikeys')).toBe(1);
  expect(text).toMatch(/^ {2}Stripe live secret key\n {4}> Revoke it at dashboard/m);
});

test('the totals stand before the findings, and what was scanned as what takes one sentence', async () => {
  const entries = [
    { name: 'a.cfg', content: LINE },
    { name: 'b', content: '' },
  ];
  const report = await scanLayers([{ createdBy: 'COPY', entries }]);
  const lines = toText(report).split('\n');
  expect(lines[2]).toMatch(/^1 critical; 2 files, \d+ bytes in [\d.]+ s$/);
  expect(lines.filter((line) => line.startsWith('files scanned: '))).toEqual([
    `files scanned: text 1 (${LINE.length} bytes), empty 1 (0 bytes)`,
  ]);
});

test('a long key is shown by its ends and its length; a short token whole', async () => {
  const report = await scanLayers([{ createdBy: 'COPY', entries: [{ name: 'a', content: LINE }] }]);
  const [finding] = report.findings;
  if (!finding) throw new Error('there is a finding');
  const body = Buffer.from(noise(1200)).toString('base64');
  const armour = (part: string): string => `-----${part} RSA PRIVATE KEY-----`;
  finding.secret.value = `${armour('BEGIN')}\n${body}\n${armour('END')}\n`;
  const [line = ''] = toText(report).match(/^CRITICAL.*/m) ?? [];
  const length = finding.secret.value.length.toLocaleString('en');
  const ends = `${body.slice(0, 24)}…${body.slice(-24)}`;
  expect(line).toContain(`${armour('BEGIN')} ${ends} (${length} characters)`);
  expect(line).not.toContain(body.slice(0, 40));
  finding.secret.value = constructedToken();
  expect(toText(report)).toMatch(new RegExp(`^CRITICAL.*${constructedToken()}$`, 'm'));
});

test('how bytecode binds a value reads as a sentence', async () => {
  const report = await scanLayers([{ createdBy: 'COPY', entries: [{ name: 'a', content: LINE }] }]);
  const place = report.findings[0]?.places[0];
  if (!place) throw new Error('there is a place');
  const python = (binding: BindingKind, source: SourceVerdict, qualname = '<module>'): string => {
    const common = { version: '3.12', name: 'n', line: 7, qualname };
    place.python = { ...common, binding, source, sourcePath: 'a.py' };
    return /present: a:1 {2}(.*)$/m.exec(toText(report))?.[1] ?? '';
  };
  expect(python('argument', 'same', 'run')).toBe('passed to n() in run, as in its source a.py');
  expect(python('url', 'unknown', 'g')).toBe('in a URL with the user n in g');
  expect(python('variable', 'differs')).toBe(
    'assigned to n at module level, DIFFERS from its source a.py',
  );
  expect(python('default-argument', 'missing', 'f')).toBe(
    'default of the parameter n of f, without its source',
  );
});

test('of bytecode that is itself what was found, nothing is said of a constant', async () => {
  const report = await scanLayers([{ createdBy: 'COPY', entries: [{ name: 'a', content: LINE }] }]);
  const [finding] = report.findings;
  const place = finding?.places[0];
  if (!finding || !place) throw new Error('there is a place');
  finding.category = 'bytecode';
  const common = { version: '3.12', qualname: '<module>', name: '', line: null };
  place.python = { ...common, binding: 'none', source: 'missing' };
  expect(toText(report)).toMatch(/present: a:1 {2}without its source$/m);
});

test('severities are coloured where asked for, and nothing else is', async () => {
  const report = await scanLayers([{ createdBy: 'COPY', entries: [{ name: 'a', content: LINE }] }]);
  expect(toText(report)).not.toContain('\x1b');
  const coloured = toText(report, { colour: true });
  expect(coloured).toContain('\x1b[1;31mCRITICAL\x1b[0m  GitHub');
  expect(coloured.replace(/\x1b\[[\d;]*m/g, '')).toBe(toText(report));
});

test('prose is broken at 100 characters, between its words', async () => {
  const report = await scanLayers([{ createdBy: 'COPY', entries: [{ name: 'a', content: LINE }] }]);
  const [finding] = report.findings;
  if (!finding) throw new Error('there is a finding');
  finding.why = Array.from({ length: 30 }, (_, i) => `reason ${i}`);
  const lines = toText(report)
    .split('\n')
    .filter((line) => line.includes('reason'));
  expect(lines.length).toBeGreaterThan(2);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  expect(lines.join(' ').replace(/ +/g, ' ')).toContain(finding.why.join('; '));
});

describe('a layer that was not read', () => {
  const whole: LayerInput = { createdBy: 'ADD base', entries: [{ name: 'a', content: 'b' }] };
  const packed = gzipSync(tar([{ name: 'a', content: noise(50_000) }]));

  test.each<[string, Uint8Array, boolean]>([
    ['cut short', packed.subarray(0, 20_000), false],
    ['damaged', Buffer.concat([packed.subarray(0, 20_000), Buffer.alloc(999, 0xff)]), false],
    ['no tar', Buffer.from('this is no layer, whatever it is called\n'.repeat(50)), true],
    ['empty', new Uint8Array(0), true],
  ])('%s', async (_, bytes, wholly) => {
    const report = await scanLayers([whole, { createdBy: 'COPY . /app', bytes }]);
    expect(unreadLayers(report)).toMatchObject([{ index: 1, createdBy: 'COPY . /app', wholly }]);
    const text = toText(report);
    expect(text).toMatch(
      new RegExp(`^NOT ${wholly ? '' : 'WHOLLY '}READ {2}layer 2 \\(COPY \\. /app\\): `, 'm'),
    );
    expect(text).toMatch(/; 1 layer not wholly read; /);
  });

  test('may be lost with the end of the archive', async () => {
    const noisy = { createdBy: 'COPY . /app', entries: [{ name: 'a', content: noise(9000) }] };
    const bytes = imageArchive([{ tags: ['a:1'], layers: [whole, noisy] }], 'legacy');
    const { report } = await scanArchive(new Blob([bytes.subarray(0, 9000)]), 'cut.tar');
    expect(unreadLayers(report)[0]).toMatchObject({ archive: true, index: undefined });
    const text = toText(report);
    expect(text).toMatch(/^NOT WHOLLY READ {2}the archive: The archive ends early/m);
    expect(text).toMatch(/; the archive( and 1 layer)? not wholly read; /);
  });

  test('is none whose files alone could not be read', async () => {
    const entries = [
      { name: 'a.tar.gz', content: packed.subarray(0, 20_000) },
      { name: 'a.tar', content: tar([{ name: 'a', content: noise(5000) }]).subarray(0, 3000) },
      { name: 'a.pyc', content: 'nothing' },
    ];
    const report = await scanLayers([{ createdBy: 'COPY . /app', entries }]);
    expect(report.problems.length).toBeGreaterThanOrEqual(3);
    expect(unreadLayers(report)).toEqual([]);
  });
});
