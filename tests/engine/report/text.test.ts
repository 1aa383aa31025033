/** What the text report says, and how often; and that a layer which was not read is told of loudly. */
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../../src/engine/report/report.ts';
import { toText } from '../../../src/engine/report/text.ts';
import { unreadLayers } from '../../../src/engine/report/unread-layers.ts';
import { scanArchive } from '../../../src/engine/scan/scan-archive.ts';
import { imageArchive, type LayerInput } from '../../make/image-writer.ts';
import { noise } from '../../make/pieces.ts';
import { constructedToken } from '../../make/sample-source.ts';
import { tar } from '../../make/tar-writer.ts';

const LINE = `GITHUB_TOKEN=${constructedToken()}\n`;

async function scan(...layers: LayerInput[]): Promise<Report> {
  const bytes = imageArchive([{ tags: ['a:1'], layers }]);
  return (await scanArchive(new Blob([bytes]), 'image.tar')).report;
}

const times = (text: string, what: string): number => text.split(what).length - 1;

test('a layer, its command and the state of its places stand once', async () => {
  const entries = Array.from({ length: 30 }, (_, i) => ({ name: `app/${i}.cfg`, content: LINE }));
  const text = toText(await scan({ createdBy: 'COPY the-application /app', entries }));
  expect(times(text, 'COPY the-application /app')).toBe(1);
  expect(times(text, 'present')).toBe(1);
  expect(times(text, '.cfg:1')).toBe(20);
  expect(text).toContain('and 10 more places, all of them in the JSON report');
});

test('a long command is cut, and stays on its line', async () => {
  const createdBy = `RUN echo one \\\n  && ${'echo more '.repeat(50)}`;
  const text = toText(await scan({ createdBy, entries: [{ name: 'a.cfg', content: LINE }] }));
  expect(text).toMatch(/^ {2}layer 1 \(RUN echo one \\ && echo .{60,90}…\): present$/m);
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
    const report = await scan(whole, { createdBy: 'COPY . /app', bytes });
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
    const report = await scan({ createdBy: 'COPY . /app', entries });
    expect(report.problems.length).toBeGreaterThanOrEqual(3);
    expect(unreadLayers(report)).toEqual([]);
  });
});
