import { describe, expect, test } from 'vitest';
import { lifeOf, mainPlace, summaryOf } from '../../src/app/findings.ts';
import { instructionOf } from '../../src/app/instruction.ts';
import { counted, duration, size, visible } from '../../src/app/quantities.ts';
import type { Place, PythonPlace } from '../../src/engine/report/report.ts';
import { scanArchive } from '../../src/engine/scan/scan-archive.ts';
import { sampleImage } from '../make/sample.ts';

test('numbers read as a person would say them', () => {
  expect([size(0), size(1), size(999), size(1200), size(54_880_000), size(1_240_000_000)]).toEqual([
    '0 bytes',
    '1 byte',
    '999 bytes',
    '1.2 kB',
    '55 MB',
    '1.2 GB',
  ]);
  expect([counted(1, 'file'), counted(54880, 'file'), counted(0, 'entry', 'entries')]).toEqual([
    '1 file',
    '54,880 files',
    '0 entries',
  ]);
  expect([duration(2.14), duration(42), duration(80)]).toEqual(['2.1 s', '42 s', '1 min 20 s']);
});

test('names that would turn or hide text are made visible', () => {
  expect(visible('a\u202eb\x1b\u200bc')).toBe('a\\u202eb\\u001b\\u200bc');
  expect(visible('\u061c\u00ad\u2028\u2029\u{e0041}')).toBe(
    '\\u061c\\u00ad\\u2028\\u2029\\udb40\\udc41',
  );
  expect(visible('ÉTÉ Привет 文件 😀')).toBe('ÉTÉ Привет 文件 😀');
});

test('of a command only the instruction is told while nobody knows what in it is secret', () => {
  expect(
    [
      'COPY . /app # buildkit',
      'RUN |1 T=1 /bin/sh -c mysql -phunter2 # buildkit',
      '/bin/sh -c #(nop)  ENV TOKEN=hunter2',
      '/bin/sh -c curl -u admin:hunter2 x',
      'hunter2',
      'ADDENDUM hunter2',
      '',
    ].map(instructionOf),
  ).toEqual(['COPY', 'RUN', 'ENV', 'RUN', '', '', '']);
});

describe('a finding’s life', async () => {
  const { report } = await scanArchive(new Blob([await sampleImage()]), 'sample.tar');
  const [finding] = report.findings;
  if (!finding) throw new Error('the sample has one finding');

  test('shows where it comes in, and where a layer hides it', () => {
    expect(lifeOf(finding, report, 0)).toEqual(['absent', 'absent', 'present']);
    expect(lifeOf(finding, report, 1)).toEqual(['absent', 'absent', 'present', 'hidden']);
  });

  test('is told in the words of the text report, with its name set apart', () => {
    const place = mainPlace(finding);
    expect(place && summaryOf(place)).toEqual({
      before: 'default of the parameter ',
      name: 'access_token',
      after: ' of _fetch_github_file',
    });
    const python = { ...place?.python, qualname: '<module>', name: '' } as PythonPlace;
    const bound = (binding: PythonPlace['binding']): string =>
      summaryOf({ ...(place as Place), python: { ...python, binding } }).before;
    expect([bound('docstring'), bound('returned'), bound('unreferenced')]).toEqual([
      'in a docstring at module level',
      'returned at module level',
      'a constant that no code uses at module level',
    ]);
  });

  test('puts the bytecode that differs first', () => {
    expect(mainPlace(finding)?.python?.source).toBe('differs');
  });
});
