/** A layer scanned in parts is the layer scanned whole, whatever its content looks like. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Layer } from '../../../src/engine/image/model.ts';
import { scanLayer, type LayerScan } from '../../../src/engine/scan/scan-layer.ts';
import { type LayerPart, partsOf, PartsOfLayer } from '../../../src/engine/scan/layer-parts.ts';
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
    insideCompressed: false,
    createdBy: '',
    created: undefined,
  };
}

async function inParts(
  bytes: Uint8Array,
  workers: number,
  smallest = 4096,
  onPart: (part: LayerPart) => void = () => undefined,
): Promise<LayerScan & { scans: number }> {
  const file = new Blob([bytes as Uint8Array<ArrayBuffer>]);
  const queue = partsOf(layerOf(bytes), workers, smallest);
  const gathered = new PartsOfLayer(queue, workers, smallest);
  for (let scans = 1, part = queue.pop(); part; scans++) {
    onPart(part);
    const scanned = await scanLayerPart(file, part, undefined, smallest);
    const { scan, again = [] } = gathered.add(part, scanned);
    if (scan) return { ...scan, scans };
    queue.push(...again);
    part = queue.pop();
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
    expect(parts).toEqual(whole);
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
      expect(parts).toEqual(whole);
    }
  }
  rmSync(folder, { recursive: true });
});

/** A file of random bytes with a token at every so many bytes, some of them across any border. */
function manyTokens(length: number, every: number): Uint8Array {
  const bytes = noise(length);
  for (let i = 1; i * every + 100 < length; i++) {
    const token = ` API_TOKEN=${constructedToken(`in binary ${i}`)} `;
    bytes.set(new TextEncoder().encode(token), i * every);
  }
  return bytes;
}

describe('a binary file that is larger than a part', () => {
  const bytes = tar([
    { name: 'a.env', content: secret(1) },
    { name: 'usr/local/bin/tool', content: manyTokens(7 << 20, 9973) },
    { name: 'b.env', content: secret(2) },
  ]);

  test.each([2, 3, 5])('is shared by %i workers', async (workers) => {
    const whole = await scanLayer(new Blob([bytes as Uint8Array<ArrayBuffer>]), layerOf(bytes));
    expect(whole.detections.length).toBeGreaterThan(700);
    const { scans, ...parts } = await inParts(bytes, workers, 300_000);
    expect(parts).toEqual(whole);
    expect(scans).toBeGreaterThan(2 * workers);
  });

  test('with more secrets than are listed is told of once', async () => {
    const full = tar([{ name: 'tool', content: manyTokens(7 << 20, 1009) }]);
    const { problems } = await inParts(full, 3, 300_000);
    expect(problems.map(({ code }) => code)).toEqual(['too-many-findings']);
  });

  test('has its secrets on the borders found once', async () => {
    const size = 5 << 20;
    const around = (content: Uint8Array): Uint8Array =>
      tar([
        { name: 'tool', content },
        { name: 'b.env', content: secret(2) },
      ]);
    const borders = new Set<number>();
    await inParts(around(noise(size)), 3, 300_000, ({ content }) => {
      if (content) borders.add(content.from);
    });
    const content = noise(size);
    for (const border of borders) {
      const token = ` API_TOKEN=${constructedToken(`at ${border}`)} `;
      content.set(new TextEncoder().encode(token), border - 25);
    }
    const { detections } = await inParts(around(content), 3, 300_000);
    expect(borders.size).toBeGreaterThan(4);
    expect(detections).toHaveLength(borders.size + 1);
  });

  test('that ends before its header says is read by one', async () => {
    const cut = bytes.subarray(0, 5 << 20);
    const whole = await scanLayer(new Blob([cut as Uint8Array<ArrayBuffer>]), layerOf(cut));
    const { scans: _, ...parts } = await inParts(cut, 3, 300_000);
    expect(parts).toEqual(whole);
  });
});
