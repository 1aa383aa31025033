/** What a scan tells while it runs: how far it is, and what it has found, without the values. */
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { openArchive } from '../../../src/engine/image/open-archive.ts';
import { scanArchive } from '../../../src/engine/scan/scan-archive.ts';
import { type Lane, scanInLanes } from '../../../src/engine/scan/scan-in-lanes.ts';
import type { LayerProgress } from '../../../src/engine/scan/scan-layer.ts';
import { scanLayerPart } from '../../../src/engine/scan/scan-layer-part.ts';
import { scanWrapped } from '../../../src/engine/scan/scan-wrapped.ts';
import { imageArchive } from '../../make/image-writer.ts';
import { noise } from '../../make/pieces.ts';
import { constructedToken } from '../../make/sample-source.ts';

const token = constructedToken('progress');
const MiB = 1 << 20;
/** One layer: a secret near its front, then megabytes of nothing. */
const bytes = imageArchive([
  {
    tags: ['t:1'],
    layers: [
      {
        createdBy: 'x',
        entries: [
          { name: 'app/first.env', content: `TOKEN=${token}\n` },
          ...Array.from({ length: 4 }, (_, i) => ({
            name: `data/${i}.bin`,
            content: noise(6 * MiB, i + 1),
          })),
        ],
      },
    ],
  },
]);
const file = new Blob([bytes]);

/** The secret is told of long before the end, once, and its value never. */
function expectTold(told: readonly LayerProgress[], size: number): void {
  const first = told.find(({ latest }) => latest.length > 0);
  expect(first?.latest).toEqual([
    {
      severity: expect.any(String) as string,
      title: expect.any(String) as string,
      path: 'app/first.env',
    },
  ]);
  expect(first?.read).toBeLessThan(size / 2);
  expect(told.flatMap(({ latest }) => latest)).toHaveLength(1);
  expect(Object.values(told.at(-1)?.found ?? {})).toEqual([1]);
  expect(told.at(-1)?.files).toBe(5);
  expect(JSON.stringify(told)).not.toContain(token);
}

describe('progress', () => {
  test('of a layer tells what is found as it is found', async () => {
    const told: LayerProgress[] = [];
    const { archive } = await scanArchive(file, 'x.tar', (progress) => told.push(progress));
    expectTold(told, archive.layers[0]?.size ?? 0);
    expect(told.at(-1)?.read).toBe(archive.layers[0]?.size);
  });

  test('of an archive that is compressed as a whole too', async () => {
    const packed = new Blob([new Uint8Array(gzipSync(bytes, { level: 1 }))]);
    const told: LayerProgress[] = [];
    await scanWrapped(packed, 'x.tar.gz', (progress) => told.push(progress));
    expectTold(told, packed.size);
  });

  test('adds up what several workers find in one layer', async () => {
    const zeros = new Uint8Array(66 * MiB);
    const entries = ['one', 'two'].flatMap((name) => [
      { name: `${name}.env`, content: `TOKEN=${constructedToken(name)}\n` },
      { name: `${name}.bin`, content: zeros },
    ]);
    const large = new Blob([imageArchive([{ tags: [], layers: [{ createdBy: 'x', entries }] }])]);
    const { layers } = await openArchive(large, 'x.tar');
    const told: LayerProgress[] = [];
    let parts = 0;
    const lane = (): Lane => (part, tell) => {
      parts++;
      return scanLayerPart(large, part, tell);
    };
    await scanInLanes(layers, 2, lane, {
      progress: (progress) => told.push(progress),
      layerDone: () => undefined,
    });
    expect(parts).toBeGreaterThan(1);
    const paths = told.flatMap(({ latest }) => latest.map(({ path }) => path));
    expect(paths.sort()).toEqual(['one.env', 'two.env']);
    expect(Object.values(told.at(-1)?.found ?? {})).toEqual([2]);
    expect(told.at(-1)).toMatchObject({ files: 4 });
  });
});
