import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import Ajv from 'ajv';
import { describe, expect, test } from 'vitest';
import { lifeOf } from '../../../src/app/findings.ts';
import { readReport } from '../../../src/engine/report/read-report.ts';
import { redact } from '../../../src/engine/report/redact.ts';
import type { Finding, Report } from '../../../src/engine/report/report.ts';
import { toText } from '../../../src/engine/report/text.ts';
import { scanArchive } from '../../../src/engine/scan/scan-archive.ts';
import { imageArchive, type ImageInput } from '../../make/image-writer.ts';
import { noise } from '../../make/pieces.ts';
import { sampleImage } from '../../make/sample.ts';
import { constructedToken, withToken } from '../../make/sample-source.ts';
import { paxHeader, tar } from '../../make/tar-writer.ts';

const schema = JSON.parse(readFileSync('public/schema/porthole-report-1.json', 'utf8')) as object;
const validate = new Ajv({ allowUnionTypes: true }).compile(schema);

/** Scans, and checks the report against the published schema, with secrets and without. */
async function scan(bytes: Uint8Array): Promise<Report> {
  const { report } = await scanArchive(new Blob([bytes as Uint8Array<ArrayBuffer>]), 'image.tar');
  for (const one of [report, redact(report)]) {
    const plain = JSON.parse(JSON.stringify(one)) as unknown;
    expect(validate(plain), JSON.stringify(validate.errors)).toBe(true);
  }
  return report;
}

/** The findings that are secrets; the others say what else is odd about an image. */
const secretsOf = (report: Report): Finding[] =>
  report.findings.filter(({ category }) => category === 'secret');

const TOKEN = constructedToken();
const PYC = 'app/cabotage/celery/tasks/__pycache__/build.cpython-311.pyc';

describe('the incident', () => {
  test('is one critical finding that says who, where, since when, and that the source is clean', async () => {
    const report = await scan(await sampleImage());
    expect(secretsOf(report)).toHaveLength(1);
    const [finding] = secretsOf(report);
    expect(finding).toMatchObject({
      rule: 'github-pat-legacy-40hex',
      severity: 'critical',
      confidence: 'high',
      secret: { value: TOKEN, length: 40 },
    });
    expect(finding?.why.join('; ')).toContain('access_token');
    expect(finding?.places).toHaveLength(1);
    const place = finding?.places[0];
    expect(place).toMatchObject({
      kind: 'file',
      path: PYC,
      line: 36,
      python: {
        version: '3.11',
        qualname: '_fetch_github_file',
        name: 'access_token',
        binding: 'default-argument',
        line: 36,
        source: 'differs',
        sourcePath: 'app/cabotage/celery/tasks/build.py',
      },
    });
    const layer = report.layers.find(({ digest }) => digest === place?.layer);
    expect(layer).toMatchObject({ index: 2, createdBy: 'COPY . /app' });
    const states = report.images.map(({ names, id }) => [
      names[0],
      place?.images.find((image) => image.id === id)?.state,
    ]);
    expect(states).toEqual([
      ['cabotage-app:v3.0.0b35', 'present'],
      ['cabotage-app:v3.0.0b110', 'deleted'],
    ]);
  });

  test('without secrets, the report does not hold the token anywhere', async () => {
    const report = await scan(await sampleImage());
    expect(JSON.stringify(report)).toContain(TOKEN);
    expect(JSON.stringify(redact(report))).not.toContain(TOKEN);
  });

  test.each([
    [
      'no source',
      (entries: { name: unknown }[]) =>
        entries.filter(({ name }) => !String(name).endsWith('build.py')),
      'missing',
    ],
  ])('with %s the verdict is another', async (_, change, verdict) => {
    const compiled = withToken(
      new Uint8Array(readFileSync('tests/fixtures/pyc/build.cpython-311.pyc')),
      TOKEN,
    );
    const entries = change([
      { name: 'app/build.py', content: 'x' },
      { name: 'app/__pycache__/build.cpython-311.pyc', content: compiled },
    ] as never);
    const report = await scan(
      imageArchive([{ tags: ['a:1'], layers: [{ createdBy: 'COPY', entries: entries as never }] }]),
    );
    expect(secretsOf(report)[0]?.places[0]?.python?.source).toBe(verdict);
  });
});

describe('places and states', () => {
  const secret = `password=${Buffer.from(TOKEN, 'hex').toString('base64').slice(0, 20)}`;
  const image = (...layers: ImageInput['layers']): Uint8Array =>
    imageArchive([{ tags: ['a:1'], layers }]);
  const copy = (name: string, content: string): ImageInput['layers'][number] => ({
    createdBy: `COPY ${name}`,
    entries: [{ name, content }],
  });
  const states = (report: Report): string[] =>
    secretsOf(report).flatMap(({ places }) =>
      places.flatMap(({ images }) => images.map(({ state }) => state)),
    );

  test('present, deleted, replaced, and written again unchanged', async () => {
    expect(states(await scan(image(copy('.env', secret))))).toEqual(['present']);
    expect(states(await scan(image(copy('.env', secret), copy('.wh..env', ''))))).toEqual([
      'deleted',
    ]);
    expect(states(await scan(image(copy('.env', secret), copy('.env', 'nothing'))))).toEqual([
      'replaced',
    ]);
    const again = copy('.env', secret);
    again.entries?.push({ name: 'another', content: 'x' });
    expect(states(await scan(image(copy('.env', secret), again)))).toEqual(['present', 'present']);
    expect(states(await scan(image(copy('a/.env', secret), copy('.wh.a', ''))))).toEqual([
      'deleted',
    ]);
  });

  test('environment, labels and history are places without a layer', async () => {
    const value = Buffer.from(TOKEN, 'hex').toString('base64').slice(0, 20);
    const report = await scan(
      imageArchive([
        {
          tags: ['a:1'],
          layers: [copy('x', 'x')],
          env: [`DB_PASSWORD=${value}`],
          labels: { 'com.example.token': value },
          emptySteps: [`ENV DB_PASSWORD=${value}`],
        },
      ]),
    );
    expect(secretsOf(report)).toHaveLength(1);
    expect(secretsOf(report)[0]?.places.map(({ kind, layer, key }) => [kind, layer, key])).toEqual([
      ['environment', null, 'DB_PASSWORD'],
      ['label', null, 'com.example.token'],
      ['history', null, '2'],
    ]);
    const redacted = redact(report);
    expect(JSON.stringify(redacted)).not.toContain(value);
  });

  test('a step of the history tells which layer it made, where it made one', async () => {
    const value = Buffer.from(TOKEN, 'hex').toString('base64').slice(0, 20);
    const report = await scan(
      imageArchive([
        {
          tags: ['a:1'],
          layers: [
            copy('x', 'x'),
            {
              ...copy('y', 'y'),
              createdBy: `RUN |1 DB_PASSWORD=${value} /bin/sh -c make # buildkit`,
            },
          ],
          emptySteps: [`ENV DB_PASSWORD=${value}`],
        },
      ]),
    );
    const places = secretsOf(report).flatMap((finding) => finding.places);
    expect(places.map(({ kind, key, stepLayer }) => [kind, key, stepLayer])).toEqual([
      ['history', '2', report.layers[1]?.digest],
      ['history', '3', undefined],
    ]);
    expect(readReport(Buffer.from(JSON.stringify(report))).findings).toEqual(report.findings);
    expect(toText(report)).toContain(
      'image configuration, of the step that made layer 2, present: step 2 of the history',
    );
    expect(lifeOf(secretsOf(report)[0] as Finding, report, 0)).toEqual(['absent', 'present']);
  });

  test('the same secret has the same id in every image', async () => {
    const one = await scan(image(copy('.env', secret)));
    const two = await scan(image(copy('x', 'y'), copy('other/.env', secret)));
    expect(secretsOf(one)[0]?.id).toBe(secretsOf(two)[0]?.id);
    expect(secretsOf(one)[0]?.id).toMatch(/^[0-9a-f]{20}$/);
  });
});

describe('bad input', () => {
  const secret = {
    createdBy: 'COPY',
    entries: [{ name: '.env', content: `API_TOKEN=${TOKEN}\n` }],
  };
  const codes = (report: Report): string[] => report.problems.map(({ code }) => code);

  test('a layer with damaged gzip costs only what is behind the damage', async () => {
    const entries = [...secret.entries, { name: 'noise', content: noise(300_000) }];
    const bytes = new Uint8Array(gzipSync(tar(entries)));
    bytes.fill(0xee, 100_000, 100_050);
    const report = await scan(
      imageArchive([{ tags: ['a:1'], layers: [{ createdBy: 'COPY', bytes }] }]),
    );
    expect(secretsOf(report)).toHaveLength(1);
    expect(codes(report).some((code) => code.startsWith('gzip-'))).toBe(true);
  });

  test('a truncated archive shows what is there', async () => {
    const bytes = imageArchive(
      [
        {
          tags: ['a:1'],
          layers: [
            secret,
            { createdBy: 'COPY', entries: [{ name: 'noise', content: noise(300_000) }] },
          ],
        },
      ],
      'legacy',
    );
    for (let length = 512; length < bytes.length; length += 25_000) {
      const report = await scan(bytes.subarray(0, length));
      expect(report.problems.length).toBeGreaterThan(0);
    }
  });

  test('bytecode of noise is a problem, and is scanned as bytes all the same', async () => {
    const content = Buffer.concat([
      Buffer.from([0xa7, 0x0d, 0x0d, 0x0a]),
      noise(200),
      Buffer.from(`\0sk_live_${TOKEN.slice(0, 24)}\0`),
    ]);
    const report = await scan(
      imageArchive([
        { tags: ['a:1'], layers: [{ createdBy: 'COPY', entries: [{ name: 'a/x.pyc', content }] }] },
      ]),
    );
    expect(codes(report)).toEqual(['bytecode-damaged']);
    expect(secretsOf(report).map(({ rule }) => rule)).toEqual(['stripe-live']);
    expect(report.totals.notScanned).toMatchObject({
      'bytecode that cannot be decoded, scanned as raw bytes': { files: 1 },
    });
  });

  test('an empty layer and an image without layers are no problem', async () => {
    expect(
      codes(
        await scan(imageArchive([{ tags: ['a:1'], layers: [{ createdBy: 'COPY', entries: [] }] }])),
      ),
    ).toEqual([]);
    expect(codes(await scan(imageArchive([{ tags: ['a:1'], layers: [] }])))).toEqual([]);
  });

  test('a file system of its own gets the digest of its bytes', async () => {
    const report = await scan(tar([{ name: 'etc/environment', content: `API_TOKEN=${TOKEN}` }]));
    expect(report.archive.form).toBe('rootfs');
    expect(report.layers[0]?.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(secretsOf(report)[0]?.places[0]?.images[0]?.state).toBe('present');
  });
});

describe('a sparse file', () => {
  test('has its secrets where they stand in the file, holes counted', async () => {
    const pieces = ['head\n', `${'x'.repeat(599)}\n`, `token: "${TOKEN}"\n`];
    const map = [0, 5, 1 << 20, 600, 2 << 20, (pieces[2] as string).length];
    const entries = [
      paxHeader({ 'GNU.sparse.map': map.join(), 'GNU.sparse.size': `${3 << 20}` }),
      { name: 'app/disk.img', content: pieces.join('') },
      { name: 'app/plain', content: `12345\ntoken: "${TOKEN}"\n` },
    ];
    const report = await scan(imageArchive([{ tags: [], layers: [{ createdBy: 'x', entries }] }]));
    const places = secretsOf(report)[0]?.places.map(({ path, offset }) => [path, offset]);
    expect(places).toEqual([
      ['app/disk.img', (2 << 20) + 8],
      ['app/plain', 14],
    ]);
  });
});

test('of a path that stands twice in a layer the last can be seen', async () => {
  const states = async (...contents: string[]): Promise<unknown> => {
    const entries = contents.map((content) => ({ name: 'a', content }));
    const report = await scan(imageArchive([{ tags: [], layers: [{ createdBy: 'x', entries }] }]));
    return secretsOf(report)[0]?.places.map(({ images }) => images[0]?.state);
  };
  const secret = `token: "${TOKEN}"\n`;
  expect(await states(secret, 'clean')).toEqual(['replaced']);
  expect(await states('clean', secret)).toEqual(['present']);
  expect(await states(secret, secret)).toEqual(['present']);
});
