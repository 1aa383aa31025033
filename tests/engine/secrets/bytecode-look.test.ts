/** The quick look at bytecode costs no finding: with it and without it the same is found. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bindingsOf } from '../../../src/engine/python/bindings.ts';
import { decodePyc } from '../../../src/engine/python/pyc.ts';
import { BytecodeLook, mayBeSecret } from '../../../src/engine/secrets/bytecode-look.ts';
import { fileKind } from '../../../src/engine/secrets/file-kind.ts';
import { judgeNamed } from '../../../src/engine/secrets/judge.ts';
import { detectNamed } from '../../../src/engine/secrets/named-values.ts';
import { secretKind } from '../../../src/engine/secrets/names.ts';
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

/** What a scan would judge of a file, with the quick look and without. */
function detected(bytes: Uint8Array, quick: boolean): unknown[] {
  const { code, version } = decodePyc(bytes);
  if (!code) throw new Error('the file does not decode');
  const look = new BytecodeLook(bytes);
  const all = bindingsOf(code, version, quick ? { wanted: look.wants } : {});
  const bindings = quick ? all.filter(look.keeps) : all;
  const values = bindings.map(({ name, value, others, qualname }) => {
    const names = [name, ...others.map((other) => other.name)];
    const telling = names.find((one) => secretKind(one) !== undefined) ?? name;
    return { name: telling, value, where: '', context: [qualname], exact: true };
  });
  const file = { ...fileKind('app/pkg/client.py'), code: true };
  return detectNamed(values, file).map(({ index, detection }) => [
    values[index]?.name,
    detection.rule.id,
    detection.value,
  ]);
}

test.each(readdirSync(FOLDER).filter((name) => name.endsWith('.pyc')))(
  'nothing of %s is passed over that would be found',
  (name) => {
    const file = new Uint8Array(readFileSync(`${FOLDER}/${name}`));
    const bytes = name.startsWith('build') ? withToken(file, constructedToken()) : file;
    const all = detected(bytes, false);
    expect(all.length > 0).toBe(name.startsWith('build'));
    expect(detected(bytes, true)).toEqual(all);
  },
);

test('secrets inside a constant are seen in the raw bytes', () => {
  const pyc = new Uint8Array(readFileSync(`${FOLDER}/build.cpython-311.pyc`));
  const insides = [
    ['postgres://a:', 'p4ssw0rd', '@db.internal/x'].join(''),
    ['Server=db;Password=', 'tr0ub4dor', ';'].join(''),
    `{"api_key": "${'x9'.repeat(8)}"}`,
  ];
  for (const inside of insides) {
    const text = inside.padEnd(40, ' ');
    expect(new BytecodeLook(pyc).holdsInside(inside.slice(0, 39))).toBe(false);
    expect(new BytecodeLook(withToken(pyc, text)).holdsInside(text)).toBe(true);
  }
  const encoded = Buffer.from(`{"password": "${'z8'.repeat(12)}"}`).toString('base64');
  expect(new BytecodeLook(pyc).holdsInside(`see ${encoded}`)).toBe(true);
});
