import { describe, expect, test } from 'vitest';
import { withoutKnown } from '../../../src/engine/report/baseline.ts';
import { readReport } from '../../../src/engine/report/read-report.ts';
import { redact } from '../../../src/engine/report/redact.ts';
import type { Report } from '../../../src/engine/report/report.ts';
import { toSarif } from '../../../src/engine/report/sarif.ts';
import { toText } from '../../../src/engine/report/text.ts';
import { scanArchive } from '../../../src/engine/scan/scan-archive.ts';
import { sampleImage } from '../../make/sample.ts';
import { constructedToken } from '../../make/sample-source.ts';

interface SarifLog {
  runs: [
    {
      tool: {
        driver: {
          rules: {
            id: string;
            defaultConfiguration: { level: string };
            properties: Record<string, unknown>;
          }[];
        };
      };
      results: {
        ruleId: string;
        ruleIndex: number;
        locations: { physicalLocation: { artifactLocation: { uri: string } } }[];
      }[];
    },
  ];
}

const { report } = await scanArchive(new Blob([await sampleImage()]), 'sample.tar');
const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

test('a report reads back as it was written, with secrets and without', () => {
  for (const one of [report, redact(report)]) {
    expect(readReport(encode(one))).toEqual(JSON.parse(JSON.stringify(one)));
  }
});

describe('a report that is off is refused in a sentence', () => {
  test.each([
    ['no JSON', new TextEncoder().encode('{'), /not valid JSON/],
    ['other JSON', encode({ hello: 1 }), /not a findings report/],
    ['a later version', encode({ ...report, formatVersion: 2 }), /version 2/],
    ['no findings', encode({ ...report, findings: 7 }), /list of findings/],
    [
      'a strange severity',
      encode({ ...report, findings: [{ severity: 'dire' }] }),
      /unknown severity/,
    ],
    ['a finding without an id', encode({ ...report, findings: [{ severity: 'low' }] }), /no id/],
    [
      'a size below nothing',
      encode({ ...report, layers: [{ ...report.layers[0], size: -5 }] }),
      /number -5 cannot be its “size”/,
    ],
    [
      'a size without end',
      new TextEncoder().encode(JSON.stringify(report).replace(/"size":\d+/, '"size":1e999')),
      /cannot be its “size”/,
    ],
  ])('%s', (_, bytes, message) => {
    expect(() => readReport(bytes)).toThrow(message);
  });

  test('an address that is no https address is dropped', () => {
    const [finding] = report.findings;
    const evil = {
      ...report,
      findings: [{ ...finding, advice: { revoke: 'javascript:alert(1)', steps: [] } }],
    };
    expect(readReport(encode(evil)).findings[0]?.advice.revoke).toBe('');
  });
});

test('a baseline leaves out what it knows, and keeps what stands in a new place', () => {
  expect(withoutKnown(report, report)).toMatchObject({ findings: [], totals: { bySeverity: {} } });
  const moved: Report = structuredClone(report);
  const place = moved.findings[0]?.places[0];
  if (place) place.path = 'elsewhere.pyc';
  expect(withoutKnown(moved, report).findings).toHaveLength(1);
});

test('a baseline knows a step of the history though steps were added before it, and no more steps than it had', () => {
  const withSteps = (...keys: string[]): Report => {
    const one: Report = structuredClone(report);
    const [finding] = one.findings;
    if (!finding) throw new Error('the sample has findings');
    finding.places = keys.map((key) => ({ kind: 'history', layer: null, images: [], key }));
    return { ...one, findings: [finding] };
  };
  const left = (now: Report, before: Report): (string | undefined)[] =>
    withoutKnown(now, before).findings.flatMap(({ places }) => places.map(({ key }) => key));
  expect(left(withSteps('2'), withSteps('1'))).toEqual([]);
  expect(left(withSteps('2', '5'), withSteps('1'))).toEqual(['5']);
  expect(left(withSteps('1', '2'), withSteps('1'))).toEqual(['2']);
  expect(left(withSteps('3', '4'), withSteps('4', '5'))).toEqual([]);
  const label = withSteps('x');
  for (const { places } of label.findings) for (const place of places) place.kind = 'label';
  expect(left(label, withSteps('1'))).toEqual(['x']);
});

test('SARIF and text hold the finding, and no secret of a redacted report', () => {
  const sarif = JSON.stringify(toSarif(redact(report)));
  expect(sarif).toContain('github-pat-legacy-40hex');
  const text = toText(redact(report));
  expect(text).toContain('CRITICAL  GitHub personal access token');
  expect(text).toContain('deleted in cabotage-app:v3.0.0b110');
  for (const out of [sarif, text]) expect(out).not.toContain(constructedToken());
});

test('SARIF: each result names its rule by index, and a rule the most severe of its findings', () => {
  const [first] = report.findings;
  if (!first) throw new Error('the sample has findings');
  const eased = { ...first, id: 'eased', severity: 'info' as const };
  const { runs } = toSarif({ ...report, findings: [...report.findings, eased] }) as SarifLog;
  const [run] = runs;
  for (const { ruleId, ruleIndex } of run.results)
    expect(run.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  const rule = run.tool.driver.rules.find(({ id }) => id === first.rule);
  expect(rule?.properties['security-severity']).toBe('9.5');
  expect(rule?.defaultConfiguration.level).toBe('error');
  expect(new Set(run.tool.driver.rules.map(({ id }) => id)).size).toBe(
    run.tool.driver.rules.length,
  );
});

test.each([
  ['a.zip!/b c/d.py', 'a.zip!/b%20c/d.py'],
  ['c:/windows/x', 'c%3A/windows/x'],
  ['//host/x', 'host/x'],
  ['a#b?c', 'a%23b%3Fc'],
  ['a/\ud800é%', 'a/%EF%BF%BD%C3%A9%25'],
])('SARIF: the path %j is the relative reference %s', (path, uri) => {
  const moved: Report = structuredClone(report);
  const place = moved.findings[0]?.places[0];
  if (place) place.path = path;
  const [run] = (toSarif(moved) as SarifLog).runs;
  const found = run.results[0]?.locations[0]?.physicalLocation.artifactLocation.uri ?? '';
  expect(found).toBe(uri);
  const base = 'file:///layer/';
  expect(decodeURIComponent(new URL(found, base).href.slice(base.length))).toBe(
    path.replace(/^\/+/, '').replace('\ud800', '\ufffd'),
  );
});

test('text for a terminal has no control characters of an image’s making', () => {
  const evil: Report = structuredClone(report);
  evil.archive.name = 'a\x1b[2Jb\u202e';
  expect(toText(evil)).not.toMatch(/[\x1b\u202e]/);
});

test('a key of several lines is one line of text, its ends written out', () => {
  const long: Report = structuredClone(report);
  const [first] = long.findings;
  if (!first) throw new Error('the sample has findings');
  first.secret.value = 'first\r\nsecond\n';
  const text = toText(long);
  expect(text).toContain('first\\r\\nsecond\\n');
  expect(text).not.toContain('\ufffd');
});
