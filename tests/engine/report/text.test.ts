/** What the text report says, and how often; and that a layer which was not read is told of loudly. */
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { BindingKind } from '../../../src/engine/python/binding.ts';
import type { SourceVerdict } from '../../../src/engine/python/source-check.ts';
import { toText } from '../../../src/engine/report/text.ts';
import { unreadLayers } from '../../../src/engine/report/unread-layers.ts';
import type { LayerInput } from '../../make/image-writer.ts';
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
  expect(text).toMatch(/^ {2}layer 1 \(RUN echo one \\ && echo .{60,90}…\): present$/m);
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
    return /^ {4}a:1 {2}(.*)$/m.exec(toText(report))?.[1] ?? '';
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
