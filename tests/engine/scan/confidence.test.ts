/** The same kind of value is as sure to be a secret wherever it stands: every carrier, every kind of value. */
import { expect, test } from 'vitest';
import { scanArchive } from '../../../src/engine/scan/scan-archive.ts';
import { assigningPyc } from '../../make/assigning-pyc.ts';
import { imageArchive } from '../../make/image-writer.ts';
import { noise } from '../../make/pieces.ts';
import { CARRIERS } from '../../make/secret-carriers.ts';

const WORDS = ['copper', 'lantern', 'meadow', 'harbour', 'velvet', 'orchid', 'granite', 'thimble'];
const word = (seed: number): string => WORDS[seed % WORDS.length] as string;

/** Values of each kind, all different. */
const VALUES: Record<string, (seed: number) => string> = {
  'drawn at random': (seed) =>
    Buffer.from(noise(30, seed + 100))
      .toString('base64')
      .replace(/\W/g, 'x'),
  'letters and digits': (seed) =>
    `${word(seed).replace(/^./, (letter) => letter.toUpperCase())}${word(seed >> 3)}${7103 + 17 * seed}`,
  words: (seed) => `${word(seed)}-${word((seed >> 3) + 3)}-${word((seed >> 6) + 5)}`,
};

interface Written {
  path?: string;
  content?: string | Uint8Array;
  env?: string;
}

/** Files of Kubernetes in which all values are secrets. */
const KUBERNETES = new Set(['secretYaml', 'secretData']);

function settings(
  chosen: (carrier: string) => boolean,
): Record<string, (value: string, seed: number) => Written> {
  const carriers = Object.entries(CARRIERS).filter(([carrier]) => chosen(carrier));
  return Object.fromEntries(
    carriers.map(([carrier, { path, write }]) => [
      carrier,
      (value: string, seed: number): Written => ({
        path: `${seed}/${path}`,
        content: write(['db', 'password'], value),
      }),
    ]),
  );
}

const BY_NAME: Record<string, (value: string, seed: number) => Written> = {
  environment: (value, seed) => ({ env: `DB_${seed}_PASSWORD=${value}` }),
  bytecode: (value, seed) => ({
    path: `srv/${seed}/settings.pyc`,
    content: assigningPyc('DB_PASSWORD', value),
  }),
  'Terraform state': (value, seed) => ({
    path: `srv/${seed}/terraform.tfstate`,
    content: JSON.stringify({
      version: 4,
      resources: [{ type: 'aws_db_instance', instances: [{ attributes: { db_password: value } }] }],
    }),
  }),
  ...settings((carrier) => !KUBERNETES.has(carrier)),
};

const BY_SYNTAX: typeof BY_NAME = {
  ...settings((carrier) => KUBERNETES.has(carrier)),
  'URL of a database': (value, seed) => ({
    path: `srv/${seed}/url.env`,
    content: `DATABASE=postgres://app:${value}@db.internal/app\n`,
  }),
  netrc: (value, seed) => ({
    path: `home/${seed}/.netrc`,
    content: `machine git.internal login ci password ${value}\n`,
  }),
  pgpass: (value, seed) => ({
    path: `home/${seed}/.pgpass`,
    content: `db.internal:5432:app:app:${value}\n`,
  }),
  command: (value, seed) => ({
    path: `srv/${seed}/backup.sh`,
    content: `mysqldump -u root -p'${value}' app > app.sql\n`,
  }),
  'Terraform’s own': (value, seed) => ({
    path: `own/${seed}/terraform.tfstate`,
    content: JSON.stringify({
      version: 4,
      resources: [{ type: 'random_password', instances: [{ attributes: { result: value } }] }],
    }),
  }),
};

/** Each carrier's confidence in each kind of value; `none` where nothing is found. */
async function confidences(
  carriers: typeof BY_NAME,
): Promise<Record<string, Record<string, string>>> {
  let seed = 0;
  const cases = Object.entries(VALUES).flatMap(([kind, make]) =>
    Object.entries(carriers).map(([carrier, write]) => {
      const value = make(++seed);
      return { kind, carrier, value, written: write(value, seed) };
    }),
  );
  const entries = cases.flatMap(({ written: { path, content } }) =>
    path === undefined ? [] : [{ name: path, content: content ?? '' }],
  );
  const env = cases.flatMap(({ written }) => (written.env === undefined ? [] : [written.env]));
  const layers = [{ createdBy: 'COPY', entries }];
  const image = imageArchive([{ tags: ['a:1'], layers, env }]);
  const { report } = await scanArchive(new Blob([image]), 'image.tar');
  const table: Record<string, Record<string, string>> = {};
  for (const { kind, carrier, value } of cases) {
    const found = report.findings.find(({ secret }) => secret.value === value);
    (table[carrier] ??= {})[kind] = found?.confidence ?? 'none';
  }
  return table;
}

const same = (carriers: typeof BY_NAME, row: Record<string, string>): unknown =>
  Object.fromEntries(Object.keys(carriers).map((carrier) => [carrier, row]));

test('where a name says that it is a secret', async () => {
  expect(await confidences(BY_NAME)).toEqual(
    same(BY_NAME, { 'drawn at random': 'high', 'letters and digits': 'medium', words: 'low' }),
  );
});

test('where the syntax says so, one step more', async () => {
  expect(await confidences(BY_SYNTAX)).toEqual(
    same(BY_SYNTAX, { 'drawn at random': 'high', 'letters and digits': 'high', words: 'medium' }),
  );
});
