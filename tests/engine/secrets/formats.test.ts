import { describe, expect, test } from 'vitest';
import { checksumOf } from '../../../src/engine/secrets/checksums.ts';
import { ContentScanner } from '../../../src/engine/secrets/content-scanner.ts';
import { fileKind } from '../../../src/engine/secrets/file-kind.ts';
import type { Detection } from '../../../src/engine/secrets/finding.ts';
import { FORMATS } from '../../../src/engine/secrets/formats.ts';
import { detectNamed } from '../../../src/engine/secrets/named-values.ts';
import { exampleOf, withWrongChecksum } from '../../make/secret-examples.ts';

function scan(content: string | Uint8Array, path: string, pieces = 0): Detection[] {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const scanner = new ContentScanner();
  scanner.begin(fileKind(path), bytes.length);
  if (pieces === 0) scanner.push(bytes);
  else
    for (let at = 0; at < bytes.length; at += pieces) scanner.push(bytes.subarray(at, at + pieces));
  return scanner.end();
}

/** Files of every sort that hold a value under a name. */
const CARRIERS: Record<string, (name: string, value: string) => string> = {
  'app/settings.py': (name, value) => `import os\n\n${name} = "${value}"\n`,
  '.env': (name, value) => `DEBUG=1\n${name}=${value}\n`,
  'config.json': (name, value) => `{"debug": true, "${name}": "${value}"}`,
  'config.yaml': (name, value) => `debug: true\n${name}: ${value}\n`,
  'config.toml': (name, value) => `[app]\n${name} = "${value}"\n`,
  'app.ini': (name, value) => `[app]\n${name} = ${value}\n`,
  'app.properties': (name, value) => `app.debug=true\n${name}=${value}\n`,
  'web.xml': (name, value) => `<add key="${name}" value="${value}"/>`,
  'run.sh': (name, value) => `#!/bin/sh\nexport ${name}='${value}'\n`,
  Dockerfile: (name, value) => `FROM x\nENV ${name}=${value}\n`,
  'app.js': (name, value) => `const ${name} = '${value}';\n`,
  'main.go': (name, value) => `\t${name} := "${value}"\n`,
};

const SELF_EVIDENT = FORMATS.filter((row) => !row.context);
const CONTEXTUAL = FORMATS.filter((row) => row.context);

test('the table has at least sixty formats, each with an id of its own', () => {
  expect(FORMATS.length).toBeGreaterThanOrEqual(60);
  expect(new Set(FORMATS.map(({ id }) => id)).size).toBe(FORMATS.length);
});

describe.each(SELF_EVIDENT)('$id', (row) => {
  const example = exampleOf(row);

  test('is found in every carrier', () => {
    for (const [path, write] of Object.entries(CARRIERS)) {
      const found = scan(write('my_value', example), path);
      expect(
        found.map(({ rule, value }) => [rule.id, value]),
        path,
      ).toEqual([[row.id, example]]);
    }
  });

  test('is found in binary data and in a value with other text', () => {
    const binary = new Uint8Array([0, 1, 2, 0, ...new TextEncoder().encode(example), 0, 3]);
    expect(scan(binary, 'usr/bin/tool').map(({ rule }) => rule.id)).toEqual([row.id]);
    const named = detectNamed(
      [{ name: 'x', value: `Bearer ${example}`, where: '', context: [], exact: true }],
      fileKind(''),
    );
    expect(named.map(({ detection }) => detection.rule.id)).toEqual([row.id]);
  });

  test('is not found inside a longer word', () => {
    const last = row.template.endsWith('}');
    if (last)
      expect(
        scan(`x = "${example}${example.slice(-1).repeat(3)}"`, 'a.py').filter(
          ({ value }) => value === example,
        ),
      ).toEqual([]);
  });

  if (row.check) {
    test('is certain with its checksum, and only information without', () => {
      expect(scan(`x = "${example}"`, 'a.py')).toMatchObject([
        { confidence: 'certain', severity: row.severity },
      ]);
      expect(scan(`x = "${withWrongChecksum(example)}"`, 'a.py')).toMatchObject([
        { confidence: 'low', severity: 'info' },
      ]);
    });
  }
});

describe.each(CONTEXTUAL)('$id', (row) => {
  const example = exampleOf(row);
  const word = row.context?.[0] ?? '';

  test('is found where its provider names it, in every carrier', () => {
    for (const [path, write] of Object.entries(CARRIERS)) {
      const found = scan(write(`${word}_secret_key`, example), path);
      expect(
        found.map(({ rule, value }) => [rule.id, value]),
        path,
      ).toEqual([[row.id, example]]);
    }
  });

  test('is not found where nothing names it', () => {
    expect(scan(`revision = "${example}"`, 'a.py').map(({ rule }) => rule.id)).not.toContain(
      row.id,
    );
  });
});

test('a secret is found wherever the pieces of a stream are cut', () => {
  const row = SELF_EVIDENT[0];
  if (!row) throw new Error('no format');
  const example = exampleOf(row);
  const filler = 'nothing to see in this line\n'.repeat(60_000);
  const text = `${filler}token = "${example}"\n${filler}`;
  const expected = [{ value: example, line: 60_001, column: 10, offset: filler.length + 9 }];
  for (const pieces of [4093, 65_536, 1 << 20, 0])
    expect(scan(text, 'big.txt', pieces)).toMatchObject(expected);
});

test('checksums agree with tokens that providers publish as examples of their form', () => {
  // Bodies of zeros: values computed with an independent CRC-32 (Python's zlib) and base conversion.
  expect(checksumOf('crc32-base62', `ghp_${'0'.repeat(30)}`, 'ghp_')).toBe('2C8GjS');
  expect(checksumOf('crc32-hex', `cfut_${'0'.repeat(40)}`, 'cfut_')).toBe('963fbb8e');
  expect(checksumOf('crc32-HEX-all', `ATBB${'0'.repeat(24)}`, 'ATBB')).toBe('3FC90AD2');
  expect(checksumOf('crc32-hex-little-endian', `glsa_${'0'.repeat(32)}_`, 'glsa_')).toBe(
    '162149fe',
  );
  expect(checksumOf('crc32-base64', `cflt${'0'.repeat(54)}`, 'cflt')).toBe('X+KS/Q');
});
