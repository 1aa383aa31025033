/** A redacted report has no secret anywhere, and takes no longer for many of them. */
import { describe, expect, test } from 'vitest';
import { redact } from '../../../src/engine/report/redact.ts';
import type {
  Finding,
  Place,
  PythonPlace,
  Report,
  ReportImage,
  ReportLayer,
  ReportTotals,
} from '../../../src/engine/report/report.ts';
import { toSarif } from '../../../src/engine/report/sarif.ts';
import { toText } from '../../../src/engine/report/text.ts';
import { scanArchive } from '../../../src/engine/scan/scan-archive.ts';
import { maskOf } from '../../../src/engine/secrets/preview.ts';
import { constructedToken } from '../../make/sample-source.ts';
import { sha256 } from '../../make/image-writer.ts';
import { tar } from '../../make/tar-writer.ts';

const TOKEN = constructedToken('in every field');
const DIGEST = `sha256:${'0'.repeat(64)}`;
const quoting = (what: string): string => `${what} of ${TOKEN} here`;

/** A report that quotes the token wherever an image's own text may stand; with all fields, optional ones too. */
function fullReport(): Report {
  const python: Required<PythonPlace> = {
    version: '3.12',
    qualname: quoting('qualname'),
    name: quoting('name'),
    binding: 'variable',
    line: 1,
    source: 'differs',
    sourcePath: quoting('source'),
  };
  const place: Required<Place> = {
    kind: 'file',
    layer: DIGEST,
    images: [{ id: DIGEST, state: 'present', origin: 'base' }],
    path: quoting('path'),
    key: quoting('key'),
    stepLayer: DIGEST,
    offset: 0,
    line: 1,
    column: 1,
    python,
  };
  const finding: Required<Finding> = {
    id: 'an-id-of-it',
    rule: 'a-rule',
    title: 'A token',
    provider: 'A provider',
    category: 'secret',
    severity: 'critical',
    confidence: 'certain',
    secret: { preview: quoting('preview'), length: 40, value: TOKEN, written: `%61${TOKEN}` },
    why: [quoting('why')],
    facts: { account: quoting('fact') },
    advice: { revoke: '', steps: ['Revoke it.'] },
    places: [place],
  };
  const image: Required<ReportImage> = {
    id: DIGEST,
    names: [quoting('name')],
    platform: quoting('platform'),
    created: quoting('created'),
    layers: [DIGEST],
    baseLayers: 0,
    baseName: quoting('base'),
    dockerignore: { text: quoting('pattern'), files: 1, bytes: 1 },
  };
  const layer: Required<ReportLayer> = {
    digest: DIGEST,
    index: 0,
    createdBy: quoting('command'),
    compression: 'none',
    size: 1,
    files: 1,
    blob: quoting('blob'),
  };
  const count = { files: 1, bytes: 1 };
  const totals: Required<ReportTotals> = {
    ...count,
    seconds: 1,
    bySeverity: { critical: 1 },
    scanned: { text: count },
    notScanned: { [quoting('reason')]: count, [`reason of ${TOKEN.toUpperCase()}`]: count },
  };
  return {
    format: 'porthole-report',
    formatVersion: 1,
    tool: { name: 'porthole', version: '0', rules: 1 },
    scannedAt: '2026-01-01T00:00:00Z',
    secrets: 'included',
    archive: { name: quoting('archive'), size: 1, form: 'layer', compression: 'none' },
    images: [image],
    layers: [layer],
    findings: [finding, { ...finding, category: 'bytecode' }, { ...finding, category: 'hygiene' }],
    problems: [
      { code: 'layer-absent', message: quoting('Message'), layer: DIGEST, path: quoting('path') },
      { code: 'config-json', message: quoting('Message'), path: quoting('path') },
    ],
    totals,
  };
}

test.each([
  ['JSON', (report: Report) => JSON.stringify(report)],
  ['SARIF', (report: Report) => JSON.stringify(toSarif(report))],
  ['text', toText],
])('%s quotes the token with secrets, and nowhere without', (_, write) => {
  const report = fullReport();
  expect(write(report)).toContain(TOKEN);
  expect(write(redact(report))).not.toContain(TOKEN);
});

test('a scanned image that has the token in its names, labels, files and configuration', async () => {
  const compiled = `${TOKEN}/a.py`;
  const layer = tar([
    { name: `app/${TOKEN}/.env`, content: `GITHUB_TOKEN=${TOKEN}\n` },
    { name: `app/${TOKEN}.zip`, content: 'PK\x03\x04 and no more' },
    { name: compiled, content: 'x = 1\n' },
    { name: `app/.git/${TOKEN}`, content: `a ${TOKEN}` },
  ]);
  const config = JSON.stringify({
    os: TOKEN,
    architecture: `arch-${TOKEN}`,
    created: TOKEN,
    config: {
      Env: [`GITHUB_TOKEN=${TOKEN}`, `${TOKEN}=x`],
      Labels: {
        'org.opencontainers.image.base.name': `https://x:${TOKEN}@r.internal/a:1`,
        [`token.${TOKEN}`]: TOKEN,
      },
      Cmd: ['run', '--token', TOKEN],
    },
    rootfs: { diff_ids: [`sha256:${sha256(layer)}`, TOKEN, TOKEN] },
    history: [
      { created_by: `RUN curl -H 'Authorization: token ${TOKEN}' https://x/` },
      { created_by: `COPY ${TOKEN} /`, comment: TOKEN },
    ],
  });
  const manifest = {
    Config: `${TOKEN}.json`,
    RepoTags: [`r.internal/${TOKEN}:1`],
    Layers: [`${TOKEN}/layer.tar`, `${TOKEN}.gone`, `${TOKEN}.none`],
  };
  const bytes = tar([
    { name: `${TOKEN}.json`, content: config },
    { name: `${TOKEN}/layer.tar`, content: layer },
    { name: `${TOKEN}.none`, content: 'this is no layer, whatever it is called\n'.repeat(50) },
    { name: 'manifest.json', content: JSON.stringify([manifest]) },
  ]);
  const blob = new Blob([bytes as Uint8Array<ArrayBuffer>]);
  const { report } = await scanArchive(blob, `${TOKEN}.tar`, undefined, { verify: true });
  expect(report.problems.length).toBeGreaterThan(1);
  expect(JSON.stringify(report).split(TOKEN).length).toBeGreaterThan(15);
  const safe = redact(report);
  for (const text of [JSON.stringify(safe), JSON.stringify(toSarif(safe)), toText(safe)])
    expect(text).not.toContain(TOKEN);
});

describe('the mask', () => {
  test.each([
    ['one in another', 'hunter2-pass', ['hunter2', 'hunter2-pass'], 'hu…ss'],
    ['two that overlap', 'xxabcdefghijkl', ['xxab', 'abcdefghijkl'], 'ab…kl'],
    ['two that overlap, the longer first', 'abcdefghijklmn', ['klmn', 'abcdefghijkl'], 'ab…kl'],
    ['one after the other', 'abcdabcd', ['abcd'], 'a…da…d'],
    [
      'an end that is another',
      'ghp_0123456789abcdefghijklmn',
      ['ghp_', 'x'],
      'g…_0123456789abcdefghijklmn',
    ],
    [
      'ends that are others',
      'abcd0123456789012345efgh',
      ['abcd0123456789012345efgh', 'abcd'],
      'a…d…efgh',
    ],
    ['none', 'abc', ['abc', ''], 'abc'],
  ])('%s', (_, text, secrets, masked) => {
    expect(maskOf(secrets)(`<${text}>`)).toBe(`<${masked}>`);
  });

  test('tells secrets apart that have long beginnings in common', () => {
    const common = 'k'.repeat(100);
    const secrets = Array.from({ length: 20 }, (_, i) => `${common}${i}`);
    expect(maskOf(secrets)(secrets.join(' '))).not.toContain('kkkkk');
  });
});

test('eight thousand secrets are masked in well under a second', () => {
  const report = fullReport();
  const [first] = report.findings as [Finding];
  report.findings = Array.from({ length: 8000 }, (_, i) => {
    const value = `ghp_${constructedToken(`secret ${i}`)}`;
    const [place] = first.places as [Place];
    const places = [{ ...place, path: `app/${value}.env` }];
    return { ...first, secret: { preview: 'a…b', length: 44, value }, why: ['has ghp_'], places };
  });
  const started = performance.now();
  const safe = redact(report);
  expect(performance.now() - started).toBeLessThan(1000);
  expect(JSON.stringify(safe)).not.toMatch(/ghp_[0-9a-f]{5}/);
});
