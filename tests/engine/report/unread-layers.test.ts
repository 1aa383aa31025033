/** Layers that were not read, or are not what they should be, in each form of a report. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import Ajv from 'ajv';
import { expect, test } from 'vitest';
import type { Report } from '../../../src/engine/report/report.ts';
import { toSarif } from '../../../src/engine/report/sarif.ts';
import { toText } from '../../../src/engine/report/text.ts';
import { exchangedLayers, unreadLayers } from '../../../src/engine/report/unread-layers.ts';
import { scanArchive } from '../../../src/engine/scan/scan-archive.ts';
import { verifyLayer } from '../../../src/engine/scan/verify-layer.ts';
import { sha256 } from '../../make/image-writer.ts';
import { tar } from '../../make/tar-writer.ts';

const schema = JSON.parse(readFileSync('public/schema/porthole-report-1.json', 'utf8')) as object;
const validate = new Ajv({ allowUnionTypes: true }).compile(schema);

const LAYER = tar([{ name: 'app/file', content: 'hello' }]);
const DIGEST = `sha256:${sha256(LAYER)}`;

/** An archive whose manifest names these layers, with the files that there are. */
function archive(
  layers: string[],
  files: Record<string, Uint8Array | string>,
  config: object | null = {},
): Uint8Array<ArrayBuffer> {
  const manifest = [{ Config: 'c.json', RepoTags: ['a:1'], Layers: layers }];
  return tar([
    ...Object.entries(files).map(([name, content]) => ({ name, content })),
    ...(config ? [{ name: 'c.json', content: JSON.stringify(config) }] : []),
    { name: 'manifest.json', content: JSON.stringify(manifest) },
  ]) as Uint8Array<ArrayBuffer>;
}

async function reportOf(bytes: Uint8Array<ArrayBuffer>, verify = false): Promise<Report> {
  const { report } = await scanArchive(new Blob([bytes]), 'x.tar', undefined, { verify });
  expect(validate(JSON.parse(JSON.stringify(report))), JSON.stringify(validate.errors)).toBe(true);
  return report;
}

interface Invocation {
  executionSuccessful: boolean;
  toolExecutionNotifications: object[];
}
const invocationOf = (report: Report): Invocation | undefined =>
  (toSarif(report) as { runs: { invocations: Invocation[] }[] }).runs[0]?.invocations[0];

const NO_TAR = 'this is no layer, whatever it is called\n'.repeat(50);

test('layers that nothing names a digest for, and that cannot be read, have none, and count each', async () => {
  const bytes = archive(['gone', 'l', 'text', 'lost'], { l: LAYER, text: NO_TAR });
  for (const one of [bytes, new Uint8Array(gzipSync(bytes))]) {
    const report = await reportOf(one);
    expect(report.layers.map(({ digest }) => digest)).toEqual(['', DIGEST, '', '']);
    expect(report.images[0]?.layers).toEqual(['', DIGEST, '', '']);
    expect(report.problems.map(({ code, layer, path }) => [code, layer, path])).toEqual([
      ['layer-absent', undefined, 'gone'],
      ['layer-not-a-tar', undefined, 'text'],
      ['layer-absent', undefined, 'lost'],
    ]);
    expect(unreadLayers(report).map(({ index, wholly }) => [index, wholly])).toEqual([
      [0, true],
      [2, true],
      [3, true],
    ]);
    expect(toText(report)).toMatch(/; 3 layers not wholly read; /);
  }
});

test('a diff ID that is none gives way to the digest of the layer', async () => {
  const config = { rootfs: { diff_ids: ['evil"<x>'] } };
  const report = await reportOf(archive(['l'], { l: LAYER }, config), true);
  expect(report.layers[0]?.digest).toBe(DIGEST);
  expect(report.problems).toEqual([]);
});

test('SARIF says that a run with an unread layer failed, of which layer and where', async () => {
  const other = `sha256:${'1'.repeat(64)}`;
  const config = { rootfs: { diff_ids: [DIGEST, other] } };
  const report = await reportOf(archive(['l', 'a b/gone'], { l: LAYER }, config));
  expect(invocationOf(report)).toMatchObject({
    executionSuccessful: false,
    toolExecutionNotifications: [
      {
        level: 'error',
        descriptor: { id: 'layer-absent' },
        locations: [{ physicalLocation: { artifactLocation: { uri: 'a%20b/gone' } } }],
        properties: { layer: other },
      },
    ],
  });
});

test('SARIF says that a run failed whose image has no configuration', async () => {
  const report = await reportOf(archive(['l'], { l: LAYER }, null));
  expect(invocationOf(report)).toMatchObject({
    executionSuccessful: false,
    toolExecutionNotifications: [{ level: 'error', descriptor: { id: 'config-missing' } }],
  });
});

test('SARIF: a file in a layer that is damaged is a warning, and the run has not failed', async () => {
  const layer = tar([{ name: 'a.zip', content: 'PK\x03\x04 and no more' }]);
  const report = await reportOf(archive(['l'], { l: layer }));
  expect(invocationOf(report)).toMatchObject({
    executionSuccessful: true,
    toolExecutionNotifications: [
      {
        level: 'warning',
        locations: [{ physicalLocation: { artifactLocation: { uri: 'a.zip' } } }],
        properties: { layer: `sha256:${sha256(layer)}` },
      },
    ],
  });
});

test('a layer whose digest is another is told of, in the words of whoever checks it', async () => {
  const config = { rootfs: { diff_ids: [`sha256:${'1'.repeat(64)}`] }, history: [] };
  const bytes = archive(['l'], { l: LAYER }, config);
  const report = await reportOf(bytes, true);
  const [exchanged] = exchangedLayers(report);
  expect(exchanged).toMatchObject({ index: 0 });
  expect(unreadLayers(report)).toEqual([]);
  const text = toText(report);
  expect(text).toMatch(/^NOT AS NAMED {2}layer 1: This layer's digest is sha256:/m);
  expect(text).toMatch(/; 1 layer not as named; /);
  const blob = new Blob([bytes]);
  const [layer] = (await scanArchive(blob, 'x.tar')).archive.layers;
  if (!layer) throw new Error('the archive has a layer');
  expect(await verifyLayer(blob, layer)).toBe(exchanged?.message);
});

test('of a layer that was not wholly read it goes without saying that its digest is another', async () => {
  const config = { rootfs: { diff_ids: [DIGEST] } };
  const report = await reportOf(archive(['l'], { l: LAYER.subarray(0, 515) }, config), true);
  expect(report.problems.map(({ code }) => code)).toContain('diff-id-mismatch');
  expect(unreadLayers(report)).toMatchObject([{ index: 0, wholly: false }]);
  expect(exchangedLayers(report)).toEqual([]);
});
