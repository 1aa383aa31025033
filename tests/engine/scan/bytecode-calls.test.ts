/** Secrets that bytecode hands to calls; the fixtures are compiled by `npm run pyc` from `tests/make/python/calls.py`. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { scanBytecode } from '../../../src/engine/scan/scan-bytecode.ts';
import { fileKind } from '../../../src/engine/secrets/file-kind.ts';

/** Label in the fixture, and the name that its secret is found by. */
const NAMES: Record<string, string> = {
  'option token': 'token',
  'fallback password': 'password',
  client: 'Client',
  ssh: 'ssh.connect',
  ftp: 'FTP',
  cipher: 'AES.new',
  serializer: 'URLSafeTimedSerializer',
  pair: 'auth',
  'mysql list': 'run',
  'option list': 'run',
  'login list': 'run',
  'data pump': 'run',
  'format url': 'app',
  'sum url': 'app',
  header: 'X-Thing',
  'signing key': 'jwt.encode',
  'asked header': 'X-Api-Key',
  compared: 'password',
  redis: 'StrictRedis',
  'paired header': 'X-Api-Key',
  'paired password': 'password',
  'looped pair': 'password',
  'second pair': 'password',
  looped: 'token',
  'second loop': 'token',
  'added header': 'Authorization',
  asserted: 'token',
  instead: 'api_key',
};
/** What is put together of two constants, and the attribute that it becomes. */
const JOINED = [
  ['first half', '9', 'second half', 'password'],
  ['third quarter', '', 'fourth quarter', 'api_key'],
] as const;

/** Letters and digits, as long as what stands in their place. */
function secretFor(label: string, length: number): string {
  const digest = createHash('sha256').update(label).digest('base64');
  return `Ab3${digest.replace(/[+/=]/g, 'x')}`.slice(0, length);
}

function fixture(name: string): { bytes: Uint8Array; secrets: Map<string, string> } {
  const bytes = readFileSync(`tests/fixtures/pyc/${name}.pyc`);
  const secrets = new Map<string, string>();
  for (const { 0: whole, 1: label = '', index } of bytes
    .toString('latin1')
    .matchAll(/~([a-z ]+)~+/g)) {
    secrets.set(label, secretFor(label, whole.length));
    bytes.write(secretFor(label, whole.length), index, 'latin1');
  }
  return { bytes: new Uint8Array(bytes), secrets };
}

describe.each(['2.7', '3.6', '3.8', '3.11', '3.13'])('Python %s', (version) => {
  const { bytes, secrets } = fixture(`calls.${version}`);
  const { detections } = scanBytecode(bytes, fileKind('srv/app/calls.pyc'));

  test.each(Object.entries(NAMES))('%s is found by the name %s', (label, name) => {
    const found = detections.filter(({ detection }) => detection.value === secrets.get(label));
    expect(found.map(({ detection }) => detection.name)).toEqual([name]);
    const { offset = 0 } = found[0]?.detection ?? {};
    const stands = Buffer.from(bytes).toString('latin1', offset);
    expect(stands.startsWith(secrets.get(label) ?? '?')).toBe(true);
  });

  test('what signs a token is a key, and no token', () => {
    const found = detections.find(
      ({ detection }) => detection.value === secrets.get('signing key'),
    );
    expect(found?.detection.rule.id).toBe('generic-key');
  });

  test('the password in an address whose user and host are put in', () => {
    const found = detections.find(({ detection }) => detection.value === secrets.get('second url'));
    // From 3.11 on compilers take such formats apart, and the variable's name is known.
    const user = Number(version.split('.')[1]) >= 11 ? 'user' : '';
    expect([found?.python.binding, found?.detection.name]).toEqual(['url', user]);
  });

  const wholes = JOINED.map(
    ([first, between, second]) => `${secrets.get(first)}${between}${secrets.get(second)}`,
  );

  test.each(JOINED.map(([first, , , name], i) => [first, name, wholes[i]]))(
    '%s and what follows are one secret, named %s',
    (_, name, whole = '') => {
      const found = detections.filter(({ detection }) => whole.includes(detection.value));
      expect(found.map(({ detection }) => [detection.value, detection.name])).toEqual([
        [whole, name],
      ]);
    },
  );

  test('hosts, users and other arguments are none', () => {
    const known = new Set([...secrets.values(), ...wholes]);
    expect(detections.filter(({ detection }) => !known.has(detection.value))).toEqual([]);
  });
});

describe.each(['3.12', '3.13', '3.14'])('Python %s with type parameters', (version) => {
  const { bytes, secrets } = fixture(`type-parameters.${version}`);
  const { detections } = scanBytecode(bytes, fileKind('srv/app/generics.pyc'));

  test.each([
    ['generic positional', 'password', 'opened'],
    ['generic keyword', 'token', 'opened'],
    ['keyword alone', 'secret', 'closed'],
    ['generic method', 'api_key', 'Client.fetch'],
  ])('%s is the default of %s of %s', (label, name, qualname) => {
    const found = detections.filter(({ detection }) => detection.value === secrets.get(label));
    expect(found.map(({ python }) => [python.binding, python.name, python.qualname])).toEqual([
      ['default-argument', name, qualname],
    ]);
  });

  test.each(['annotated class', 'annotated call'])('%s has a call that is given it', (label) => {
    const found = detections.filter(({ detection }) => detection.value === secrets.get(label));
    expect(found.map(({ python }) => [python.binding, python.name])).toEqual([
      ['keyword-argument', 'password'],
    ]);
  });
});
