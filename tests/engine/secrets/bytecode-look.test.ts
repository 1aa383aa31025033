/** The quick look at bytecode costs no finding: with it and without it the same is found. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bindingsOf } from '../../../src/engine/python/bindings.ts';
import { decodePyc } from '../../../src/engine/python/pyc.ts';
import { holdsInside, mayBeSecret } from '../../../src/engine/secrets/bytecode-look.ts';
import { fileKind } from '../../../src/engine/secrets/file-kind.ts';
import { judgeNamed } from '../../../src/engine/secrets/judge.ts';
import { constructedToken, withToken } from '../../make/sample-source.ts';

const FOLDER = 'tests/fixtures/pyc';

test('what the judge takes by its name is never passed over', () => {
  const letters = 'AbCdEfGhIjKlMnOpQrStUv';
  const values = [
    constructedToken(),
    Buffer.from(constructedToken(), 'hex').toString('base64'),
    'hunter2!x',
    'Summer2024x',
    'pa$$wordy',
    'a-b_c.d/e9f8g7h6',
    letters,
    letters.toLowerCase(),
    'correct horse battery staple',
    'plain-words-only',
    `x${'y7'.repeat(30)}`,
    `Bearer ${constructedToken().slice(0, 24)}`,
  ];
  for (const name of ['password', 'api_key', 'access_token', 'secret', 'db_password']) {
    for (const value of values) {
      const named = { name, value, where: '', context: [], exact: true };
      const file = { ...fileKind('app/pkg/client.py'), code: true };
      if (judgeNamed(named, file)) expect([value, mayBeSecret(value)]).toEqual([value, true]);
    }
  }
});

test.each(readdirSync(FOLDER).filter((name) => name.endsWith('.pyc')))(
  'of %s only what is of no interest is left out',
  (name) => {
    const bytes = new Uint8Array(readFileSync(`${FOLDER}/${name}`));
    const { code, version } = decodePyc(bytes);
    if (!code) throw new Error('the fixture does not decode');
    const all = bindingsOf(code, version);
    const some = new Set(
      bindingsOf(code, version, { wanted: mayBeSecret }).map((one) => one.value),
    );
    expect(all.filter(({ value }) => mayBeSecret(value) && !some.has(value))).toEqual([]);
  },
);

test('secrets inside a constant are seen in the raw bytes', () => {
  const pyc = new Uint8Array(readFileSync(`${FOLDER}/build.cpython-311.pyc`));
  expect(holdsInside(pyc)).toBe(false);
  const insides = [
    ['postgres://a:', 'p4ssw0rd', '@db.internal/x'].join(''),
    ['Server=db;Password=', 'tr0ub4dor', ';'].join(''),
    `{"api_key": "${'x9'.repeat(8)}"}`,
  ];
  for (const inside of insides) {
    expect(holdsInside(withToken(pyc, inside.padEnd(40, ' ')))).toBe(true);
  }
});
