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

test('SARIF and text hold the finding, and no secret of a redacted report', () => {
  const sarif = JSON.stringify(toSarif(redact(report)));
  expect(sarif).toContain('github-pat-legacy-40hex');
  const text = toText(redact(report));
  expect(text).toContain('CRITICAL  GitHub personal access token');
  expect(text).toContain('deleted in cabotage-app:v3.0.0b110');
  for (const out of [sarif, text]) expect(out).not.toContain(constructedToken());
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
