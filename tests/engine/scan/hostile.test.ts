import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ArchiveError } from '../../../src/engine/archive/problem.ts';
import type { Report } from '../../../src/engine/report/report.ts';
import { scanArchive } from '../../../src/engine/scan/scan-archive.ts';
import { HOSTILE_LAYERS, HOSTILE_MANIFESTS } from '../../make/hostile.ts';
import { imageArchive } from '../../make/image-writer.ts';
import { tar } from '../../make/tar-writer.ts';

const MOST_SECONDS = 20;

async function scan(bytes: Uint8Array): Promise<Report> {
  const started = performance.now();
  const { report } = await scanArchive(new Blob([bytes as Uint8Array<ArrayBuffer>]), 'hostile.tar');
  expect((performance.now() - started) / 1000).toBeLessThan(MOST_SECONDS);
  return report;
}

/** What must be told of an attack; those that are not here are harmless and must be silent. */
const TOLD: Record<string, string> = {
  'a negative size': 'tar-size',
  'a size of 2^95': 'tar-size',
  'a size of 8 GiB without data': 'tar-truncated',
  'a pax header of 64 MiB': 'tar-special-header',
  'a sparse map of a million regions': 'tar-sparse',
  'a name of 300 kB': 'tar-name',
  'a bad checksum': 'tar-header',
  'entries behind the end': 'tar-trailing-data',
  'a lone zero block': 'tar-trailing-data',
  'gzip with a wrong checksum': 'gzip-checksum',
  'gzip with bytes behind it': 'gzip-trailing-data',
  'ten thousand diff IDs': 'outside-images',
  'an index three hundred deep': 'index-depth',
  'digests that climb out': 'digest-invalid',
  'an index of 9 MiB': 'json-size',
  'a layer that is a link to itself beside one that is not': 'layer-absent',
  'a deflate block of an impossible type behind the secret': 'gzip-damaged',
  'labels and variables of all types': 'outside-images',
  'a configuration with a byte order mark and keys twice': 'outside-images',
};

describe('hostile layers', () => {
  test.each(Object.keys(HOSTILE_LAYERS))('%s', async (name) => {
    const report = await scan(HOSTILE_LAYERS[name]?.() ?? new Uint8Array(0));
    expect(report.findings.map(({ places }) => places[0]?.path)).toContain('app/.env');
    const told = TOLD[name];
    const codes = report.problems.map(({ code }) => code);
    expect([...new Set(codes)]).toEqual(told === undefined ? [] : [told]);
  });
});

describe('hostile manifests', () => {
  test.each(HOSTILE_MANIFESTS.map((text) => [text.slice(0, 60), text]))('%s', async (_, text) => {
    const bytes = tar([
      { name: 'c.json', content: '{}' },
      { name: 'manifest.json', content: text },
    ]);
    try {
      const report = await scan(bytes);
      expect(report.findings).toEqual([]);
    } catch (error) {
      expect(error).toBeInstanceOf(ArchiveError);
    }
  });
});

describe('any damage to an archive', () => {
  const whole = imageArchive([
    {
      tags: ['x:1'],
      layers: [
        {
          createdBy: 'COPY',
          entries: [
            { name: 'a', content: 'x'.repeat(700) },
            { name: 'b/c', content: 'y' },
          ],
          compression: 'gzip',
        },
      ],
    },
  ]);

  async function survives(bytes: Uint8Array): Promise<void> {
    try {
      await scan(bytes);
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      expect(error.message).toMatch(/^[A-Z].*[.A-Z]$/s);
    }
  }

  test('every prefix', async () => {
    for (let length = 0; length < whole.length; length += 97)
      await survives(whole.subarray(0, length));
  });

  test('any byte changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, value) => {
        const damaged = whole.slice();
        damaged[at] = value;
        await survives(damaged);
      }),
      { numRuns: 150 },
    );
  });

  test('any part put anywhere else', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.nat(2000),
        fc.nat(whole.length - 1),
        async (from, length, to) => {
          const spliced = whole.slice();
          spliced.set(
            whole.subarray(
              from,
              Math.min(from + length, whole.length - Math.max(0, to + length - whole.length)),
            ),
            to > whole.length - length ? 0 : to,
          );
          await survives(spliced);
        },
      ),
      { numRuns: 150 },
    );
  });
});
