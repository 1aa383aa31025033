import { describe, expect, test } from 'vitest';
import { scanBytecode } from '../../../src/engine/scan/scan-bytecode.ts';
import { Format } from '../../../src/engine/secrets/compiled-formats.ts';
import { fileKind } from '../../../src/engine/secrets/file-kind.ts';
import type { Detection } from '../../../src/engine/secrets/finding.ts';
import { FORMATS, type FormatRow } from '../../../src/engine/secrets/formats.ts';
import { detectNamed } from '../../../src/engine/secrets/named-values.ts';
import { isSum } from '../../../src/engine/secrets/token-structure.ts';
import { assigningPyc } from '../../make/assigning-pyc.ts';
import { exampleOf, leadOf, withWrongCheck } from '../../make/secret-examples.ts';
import { scanContent as scan } from '../../make/scan-content.ts';

function found(detections: readonly Detection[]): string[][] {
  return detections.map(({ rule, value }) => [rule.id, value]);
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
  'docker-compose.yml': (name, value) => `    environment:\n      - ${name}=${value}\n`,
  'main.tf': (name, value) => `variable "x" {}\nlocals {\n  ${name} = "${value}"\n}\n`,
  'config.php': (name, value) => `<?php\ndefine('${name}', '${value}');\n`,
  'App.java': (name, value) => `  private static final String ${name} = "${value}";\n`,
  'Program.cs': (name, value) => `  const string ${name} = "${value}";\n`,
  'app.rb': (name, value) => `ENV['${name}'] ||= '${value}'\n`,
  'main.rs': (name, value) => `const ${name}: &str = "${value}";\n`,
  'secret.yaml': (name, value) =>
    `kind: Secret\ndata:\n  ${name}: ${Buffer.from(value).toString('base64')}\n`,
  '.bash_history': (name, value) => `ls\nexport ${name}='${value}'\n`,
  'notes.ipynb': (name, value) =>
    JSON.stringify({ cells: [{ cell_type: 'code', source: [`${name} = "${value}"\n`] }] }),
};

/** Why a value cannot stand in a URL as it is, or undefined where it can. */
function noUrl(value: string): string | undefined {
  return /[^\w.~:/?@!$&()*,;=+%#-]/.test(value) ? 'has characters that a URL escapes' : undefined;
}

const SELF_EVIDENT = FORMATS.filter((row) => !row.context);
const CONTEXTUAL = FORMATS.filter((row) => row.context);

/** The name that makes a row of the table that needs one safe. */
function nameFor(row: FormatRow): string {
  const word = (row.context?.[0] ?? '').replace('=', '');
  const key = row.key?.[0];
  return [word, ...(key !== undefined && key !== word ? [key] : []), 'secret_key'].join('_');
}

test('the table has at least six hundred formats, each with an id of its own', () => {
  expect(FORMATS.length).toBeGreaterThanOrEqual(600);
  expect(new Set(FORMATS.map(({ id }) => id)).size).toBe(FORMATS.length);
});

test('rows say who, what, and where to revoke', () => {
  for (const row of FORMATS) {
    expect(row.id, row.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(row.title.length, row.id).toBeGreaterThan(5);
    expect(row.revoke, row.id).toMatch(/^$|^https:\/\/[a-z0-9.-]+\.[a-z]+(\/\S*)?$/);
    expect(row.context ?? ['x'], row.id).not.toContain('');
  }
});

test('no word of a context is one that any secret may be called', () => {
  const plain =
    /^=?(token|secret|key|password|api|access|auth|client|id|app|user|private|public)s?$/;
  for (const { id, context, template } of CONTEXTUAL) {
    // A fixed start of its own may stand beside a plain word.
    if (id === 'laravel-app-key') expect(template).toMatch(/^base64:/);
    else for (const word of context ?? []) expect(word, id).not.toMatch(plain);
  }
});

test('no two rows are the same', () => {
  const seen = new Map<string, string>();
  for (const { id, template, context, key } of FORMATS) {
    for (const word of context ?? ['']) {
      const row = `${template} ${word} ${key?.join(' ') ?? ''}`;
      expect(`${id} is ${seen.get(row) ?? 'new'}`).toBe(`${id} is new`);
      seen.set(row, id);
    }
  }
});

describe.each(SELF_EVIDENT)('$id', (row) => {
  const example = exampleOf(row);
  const written = leadOf(row) + example;

  test('is found in every carrier', () => {
    for (const [path, write] of Object.entries(CARRIERS)) {
      // A notebook escapes the quote that has to stand before some.
      if (path === 'notes.ipynb' && written.includes('"')) continue;
      expect(found(scan(write('my_value', written), path)), path).toEqual([[row.id, example]]);
    }
    if (!noUrl(written)) {
      const url = `GET https://api.internal/v1/items?page=2&q=${written}\n`;
      expect(found(scan(url, 'var/spool/requests')), 'URL').toEqual([[row.id, example]]);
    }
  });

  test('is found in bytecode and in binary data', () => {
    const pyc = assigningPyc('my_value', written);
    const path = 'app/__pycache__/client.cpython-311.pyc';
    const { detections, error } = scanBytecode(pyc, fileKind(path));
    expect(error).toBeUndefined();
    expect(found(detections.map(({ detection }) => detection))).toEqual([[row.id, example]]);
    const binary = new Uint8Array([0, 1, 2, 0, ...new TextEncoder().encode(written), 0, 3]);
    expect(found(scan(binary, 'opt/tool'))).toEqual([[row.id, example]]);
  });

  test('is found in a value with other text', () => {
    const value = `Bearer ${written}`;
    const named = detectNamed(
      [{ name: 'x', value, where: '', context: [], exact: true }],
      fileKind(''),
    );
    expect(found(named.map(({ detection }) => detection))).toEqual([[row.id, example]]);
    const escaped = scan(`{"log": "one\\n${written}\\ntwo"}`, 'log.json');
    expect(found(escaped)).toEqual([[row.id, example]]);
  });

  test('is not found inside a longer word', () => {
    const { parts } = new Format(row).template;
    if (parts.at(-1)?.kind === 'run') {
      const longer = `x = "${written}${example.slice(-1).repeat(3)}"`;
      expect(scan(longer, 'a.py').filter(({ value }) => value === example)).toEqual([]);
    }
    if (written === example && /^\w/.test(written)) {
      const inside = `x = "Xq7${written}"`;
      expect(scan(inside, 'a.py').filter(({ value }) => value === example)).toEqual([]);
    }
  });

  if (row.check) {
    test('is certain with its check, and only information, or only likely, without', () => {
      expect(scan(`x = "${example}"`, 'a.py')).toMatchObject([{ confidence: 'certain' }]);
      const wrong = withWrongCheck(row, example);
      const without = scan(`x = "${wrong}"`, 'a.py').filter(({ rule }) => rule.id === row.id);
      expect(without).toMatchObject([
        row.lenient
          ? { confidence: 'high', severity: row.severity, value: wrong }
          : { confidence: 'low', severity: 'info', value: wrong },
      ]);
    });
  }
});

describe.each(CONTEXTUAL)('$id', (row) => {
  const example = exampleOf(row);
  const name = nameFor(row);

  test('is found where its provider names it, in every carrier', () => {
    for (const [path, write] of Object.entries(CARRIERS))
      expect(found(scan(write(name, example), path)), path).toEqual([[row.id, example]]);
    if (!noUrl(example)) {
      const url = `fetch("https://api.internal/v1/items?page=2&${name}=${example}")\n`;
      expect(found(scan(url, 'app.js')), 'URL').toEqual([[row.id, example]]);
    }
    // Raw binary data has no names, so that there such a value says nothing.
    const path = 'app/__pycache__/client.cpython-311.pyc';
    const { detections } = scanBytecode(assigningPyc(name, example), fileKind(path));
    expect(found(detections.map(({ detection }) => detection))).toEqual([[row.id, example]]);
  });

  test(row.bare ? 'needs no name' : 'is not found where nothing names it', () => {
    for (const line of [`revision = "${example}"`, `my_secret_key = "${example}"`, example]) {
      const ids = scan(line, 'a.py').map(({ rule }) => rule.id);
      if (row.bare) expect(ids).toEqual([row.id]);
      else expect(ids).not.toContain(row.id);
    }
  });

  if (row.check) {
    test('needs no look of chance where its check is right', () => {
      for (let seed = 1; seed <= 40; seed++) {
        const proven = exampleOf(row, seed);
        expect(scan(`${name} = "${proven}"`, 'a.py'), proven).toMatchObject([
          { rule: { id: row.id }, confidence: 'certain' },
        ]);
      }
    });

    test('is certain with its check, and only information, or something else, without', () => {
      expect(scan(`${name} = "${example}"`, 'a.py')).toMatchObject([{ confidence: 'certain' }]);
      const wrong = scan(`${name} = "${withWrongCheck(row, example)}"`, 'a.py');
      const told = wrong.filter(({ rule }) => rule.id === row.id);
      if (!isSum(row.check)) expect(told).toEqual([]);
      else {
        expect(wrong).toHaveLength(1);
        expect(told).toMatchObject([{ severity: 'info', confidence: 'low' }]);
      }
    });
  }
});

test('some names say what a value is, though they announce no secret', () => {
  const example = (id: string): string => {
    const row = FORMATS.find((one) => one.id === id);
    if (!row) throw new Error(`no format ${id}`);
    return exampleOf(row);
  };
  for (const [name, id] of [
    ['CC_TEST_REPORTER_ID', 'codeclimate'],
    ['SEGMENT_WRITE_KEY', 'segment-write'],
    ['segmentWriteKey', 'segment-write'],
    ['BUGSNAG_API_KEY', 'bugsnag-notifier'],
    ['PRIVATE_KEY', 'eth-private-key'],
    ['privateKey', 'eth-private-key-plain'],
    ['DEPLOYER_KEY', 'eth-private-key-plain'],
    ['ETH_PRIVATE_KEY', 'eth-private-key-plain'],
  ] as const) {
    const value = example(id);
    expect(found(scan(`${name}=${value}\n`, '.env')), name).toEqual([[id, value]]);
  }
  const key = example('eth-private-key');
  const hardhat = `module.exports = { networks: { sepolia: { url: URL, accounts: ["${key}"] } } }`;
  expect(found(scan(hardhat, 'hardhat.config.js'))).toEqual([['eth-private-key', key]]);
  expect(scan(`{"accounts": ["${key}"]}`, 'addresses.json')).toEqual([]);
  const digest = example('eth-private-key-plain');
  for (const name of ['ETH_TX_HASH', 'IMAGE_SHA256', 'JWT_PRIVATE_KEY', 'etherscan_digest'])
    expect(scan(`${name}=${digest}\n`, '.env').map(({ rule }) => rule.id)).not.toContain(
      'eth-private-key-plain',
    );
});

const DRAWN = 60; // values of each row

test('of what is drawn, hardly a value under its provider’s name is taken for words', () => {
  const lost: string[] = [];
  for (const row of CONTEXTUAL) {
    const name = nameFor(row);
    const values = Array.from({ length: DRAWN }, (_, i) => exampleOf(row, (i + 1) * 7919));
    const missed = values.filter((value) => {
      const ids = scan(`${name}=${value}\n`, '.env').map(({ rule }) => rule.id);
      return !ids.includes(row.id);
    });
    expect(missed.length, `${row.id}: ${missed.join(' ')}`).toBeLessThan(4);
    lost.push(...missed);
  }
  expect(lost.length, lost.join(' ')).toBeLessThan((CONTEXTUAL.length * DRAWN) / 1000);
});

test('words and fillers of the right length are no keys', () => {
  for (const text of ['getTheTokenFromItsOwnClientSetting', 'load_the_token_of_this_client', 'x']) {
    for (const row of CONTEXTUAL) {
      const { whole, minLength } = new Format(row).template;
      const value = text.repeat(minLength).slice(0, minLength);
      if (!whole.test(value)) continue;
      const ids = scan(`${nameFor(row)} = "${value}"`, 'a.py').map(({ rule }) => rule.id);
      expect(ids, `${row.id}: ${value}`).not.toContain(row.id);
    }
  }
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
