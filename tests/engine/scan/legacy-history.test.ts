/** `docker save` before 1.10 keeps what made a layer beside the layer, and has no history. */
import { expect, test } from 'vitest';
import { redact } from '../../../src/engine/report/redact.ts';
import { scanArchive } from '../../../src/engine/scan/scan-archive.ts';
import { constructedToken } from '../../make/sample-source.ts';
import { tar } from '../../make/tar-writer.ts';

const TOKEN = constructedToken('in a command of an old image');

test('what stands in a command that made a layer is found there, and masked in its layer', async () => {
  const [base, top] = ['a'.repeat(64), 'b'.repeat(64)];
  const json = (id: string, Cmd: string[], more: object): string =>
    JSON.stringify({ id, container_config: { Cmd }, ...more });
  const request = `curl -H 'Authorization: token ${TOKEN}' https://x/`;
  const bytes = tar([
    { name: `${base}/json`, content: json(base, ['/bin/sh', '-c', '#(nop) ADD file:x in /'], {}) },
    { name: `${base}/layer.tar`, content: tar([{ name: 'x', content: 'x' }]) },
    { name: `${top}/json`, content: json(top, ['/bin/sh', '-c', request], { parent: base }) },
    { name: `${top}/layer.tar`, content: tar([{ name: 'y', content: 'y' }]) },
    { name: 'repositories', content: JSON.stringify({ 'old/app': { '1': top } }) },
  ]);
  const blob = new Blob([bytes as Uint8Array<ArrayBuffer>]);
  const { report, archive } = await scanArchive(blob, 'old.tar');
  expect(report.findings.filter(({ category }) => category === 'secret')).toMatchObject([
    {
      secret: { value: TOKEN },
      places: [{ kind: 'history', key: '2', stepLayer: report.layers[1]?.digest }],
    },
  ]);
  expect(archive.images[0]?.history.map(({ layer }) => layer)).toEqual([0, 1]);
  expect(JSON.stringify(report)).toContain(TOKEN);
  expect(JSON.stringify(redact(report))).not.toContain(TOKEN);
});
