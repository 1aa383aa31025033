/** A layer scanned in parts is the layer scanned whole, whatever its content looks like. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Layer } from '../../../src/engine/image/model.ts';
import { scanLayer, type LayerScan } from '../../../src/engine/scan/scan-layer.ts';
import { partsOf, PartsOfLayer } from '../../../src/engine/scan/layer-parts.ts';
import { scanLayerPart } from '../../../src/engine/scan/scan-layer-part.ts';
import { noise } from '../../make/pieces.ts';
import { constructedToken } from '../../make/sample-source.ts';
import { tar, type TarInput } from '../../make/tar-writer.ts';

const secret = (i: number): string => `DB_PASSWORD=${constructedToken(`secret ${i}`)}\n`;

function layerOf(bytes: Uint8Array): Layer {
  return {
    index: 0,
    digest: `sha256:${'0'.repeat(64)}`,
    blob: '',
    start: 0,
    size: bytes.length,
    compression: 'none',
    wrapped: false,
    createdBy: '',
    created: undefined,
  };
}

async function inParts(bytes: Uint8Array, workers: number): Promise<LayerScan & { scans: number }> {
  const file = new Blob([bytes as Uint8Array<ArrayBuffer>]);
  const queue = partsOf(layerOf(bytes), workers, 4096);
  const gathered = new PartsOfLayer(queue);
  for (let scans = 1, part = queue.pop(); part; scans++) {
    const { scan, again } = gathered.add(part, await scanLayerPart(file, part));
    if (scan) return { ...scan, scans };
    part = again ?? queue.pop();
  }
  throw new Error('the parts never fitted');
}

const inner = tar(
  Array.from({ length: 40 }, (_, i) => ({ name: `inner/${i}`, content: noise(900, i + 1) })),
);
const files: TarInput[] = Array.from({ length: 60 }, (_, i) => ({
  name: `app/${i}/${'long-name-'.repeat(i % 20)}.env`,
  content: i % 3 === 0 ? secret(i) : noise(1 + ((i * 977) % 5000), i + 1),
}));

const LAYERS: Record<string, Uint8Array> = {
  'small files': tar(files),
  'a file that is a tar itself': tar([
    ...files.slice(0, 10),
    { name: 'backup.tar', content: inner },
    ...files.slice(10, 20),
  ]),
  'one file over several parts': tar([
    { name: 'a.env', content: secret(1) },
    { name: 'big', content: noise(60_000) },
    { name: 'b.env', content: secret(2) },
  ]),
  'a damaged header in the middle': (() => {
    const bytes = tar(files);
    bytes.fill(0xee, 51_200, 51_712);
    return bytes;
  })(),
  'a tar cut short': tar(files).subarray(0, 70_001),
  'nothing but a tar in a tar': tar([{ name: 'x.tar', content: inner }]),
};

describe.each(Object.entries(LAYERS))('%s', (_, bytes) => {
  test.each([2, 3, 5, 8])('in parts for %i workers', async (workers) => {
    const whole = await scanLayer(new Blob([bytes as Uint8Array<ArrayBuffer>]), layerOf(bytes));
    const { scans, ...parts } = await inParts(bytes, workers);
    expect({ ...parts, unpacked: 0 }).toEqual({ ...whole, unpacked: 0 });
    expect(scans).toBeGreaterThan(1);
  });
});

test('extended headers of GNU tar and pax that stand before a part', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-parts-'));
  for (let i = 0; i < 40; i++) writeFileSync(join(folder, `${'n'.repeat(150)}${i}.env`), secret(i));
  for (const format of ['gnu', 'pax']) {
    execFileSync('tar', ['--format', format, '-cf', 'out.tar', '--exclude=out.tar', '.'], {
      cwd: folder,
    });
    const bytes = new Uint8Array(readFileSync(join(folder, 'out.tar')));
    const whole = await scanLayer(new Blob([bytes]), layerOf(bytes));
    expect(whole.detections).toHaveLength(40);
    for (const workers of [2, 4, 7]) {
      const { scans: _, ...parts } = await inParts(bytes, workers);
      expect({ ...parts, unpacked: 0 }).toEqual({ ...whole, unpacked: 0 });
    }
  }
  rmSync(folder, { recursive: true });
});
