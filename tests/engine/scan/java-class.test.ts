/** Secrets in Java classes; the fixtures are compiled by `tests/make/java-fixtures.sh`. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { type ClassBinding, classBindings } from '../../../src/engine/java/bindings.ts';
import { ClassFile } from '../../../src/engine/java/class-file.ts';
import type { Report } from '../../../src/engine/report/report.ts';
import { scanEntries } from '../../make/scan-image.ts';

/** As long as the text that stands in its place, and of letters and digits. */
function secretFor(label: string, length: number): string {
  const digest = createHash('sha256').update(label).digest('base64');
  return digest.replace(/[+/=]/g, 'x').slice(0, length);
}

const GITHUB = ['gh', 'p_'].join('');
/** What stands under each label of a fixture. */
const secrets = new Map<string, string>();

/** A fixture with a secret for each text that begins with `~`. */
function fixture(name: string): Uint8Array {
  const bytes = Buffer.from(readFileSync(`tests/fixtures/java/${name}.class`));
  const text = bytes.toString('latin1');
  for (const match of text.matchAll(/~([a-z ]+)~+/g)) {
    const [whole, label = ''] = match;
    let secret = secretFor(label, whole.length);
    if (label === 'unnamed') secret = GITHUB + secret.slice(4, 40);
    secrets.set(label, secret);
    bytes.write(secret, match.index, 'latin1');
  }
  return new Uint8Array(bytes);
}

const NAMES: [string, RegExp][] = [
  ['annotation of a class', /name password.*in an annotation/],
  ['constant', /name DB_PASSWORD.*a constant of a class/],
  ['static', /name apiToken.*stored to a field/],
  ['field', /name clientSecret.*stored to a field/],
  ['default of a setting', /name smtp\.password.*in an annotation/],
  ['setter', /name Password.*an argument of setPassword in example\.Shapes\.calls/],
  ['builder', /name password.*an argument of password/],
  ['map', /name db\.password.*an argument of put/],
  ['map of', /name api_key.*an argument of of/],
  ['one of two', /name password.*an argument of setProperty/],
  ['other of two', /name password.*an argument of setProperty/],
  ['connection', /name getConnection/],
  ['key', /name SecretKeySpec/],
  ['derived', /name PBEKeySpec/],
  ['login', /name PasswordAuthentication/],
  ['cloud', /name BasicAWSCredentials/],
  ['returned', /name AccessToken.*returned in example\.Shapes\.getAccessToken/],
];

/** The reasons for each label's secret. */
function reasons(report: Report): Map<string, string> {
  const byValue = new Map(report.findings.map((one) => [one.secret.value, one.why.join('; ')]));
  return new Map([...secrets].map(([label, value]) => [label, byValue.get(value) ?? 'not found']));
}

describe('strings of a class are found by what names them', async () => {
  const bytes = fixture('Shapes-named');
  const report = await scanEntries([{ name: 'app/Shapes.class', content: bytes }]);
  const found = reasons(report);

  test.each([
    ...NAMES,
    ['local', /name password.*assigned to a variable in example\.Shapes\.local, line 45/],
    ['own method', /name passphrase.*an argument of own/],
    ['compared', /name password.*an argument of equals/],
  ] as [string, RegExp][])('%s', (label, why) => {
    expect(found.get(label)).toMatch(why);
  });

  test('a token that nothing names, and the offset of each', () => {
    expect(found.get('unnamed')).toMatch(/GitHub/);
    for (const { secret, places } of report.findings.filter(
      ({ category }) => category === 'secret',
    )) {
      const { offset = -1, line } = places[0] ?? {};
      const { value = '' } = secret;
      expect(Buffer.from(bytes.subarray(offset, offset + value.length)).toString()).toBe(value);
      expect(line).toBeUndefined();
    }
  });

  test('and nothing else', () => {
    const values = report.findings.map(({ secret }) => secret.value);
    expect(values.filter((value) => ![...secrets.values()].includes(value ?? ''))).toEqual([]);
  });

  test('the class is counted as what it is', () => {
    expect(report.totals.scanned?.['Java class']).toEqual({ files: 1, bytes: bytes.length });
  });
});

test('arguments that clients take for secrets, and what is compared with what is asked for, and no others', async () => {
  const content = fixture('Calls');
  const report = await scanEntries([{ name: 'app/Calls.class', content }]);
  const found = report.findings.filter(({ category }) => category === 'secret');
  const names = found.map(({ secret, why }) => [secret.value, why[0]]);
  expect(names.sort()).toEqual(
    [
      [secrets.get('twilio'), 'bound to the name Twilio.init'],
      [secrets.get('signing'), 'bound to the name hmacShaKeyFor'],
      [secrets.get('client'), 'bound to the name Client'],
      [secrets.get('asked header'), 'bound to the name X-Api-Key'],
      [secrets.get('asked map'), 'bound to the name db.password'],
      [secrets.get('asked setting'), 'bound to the name API_TOKEN'],
      [secrets.get('asked variable'), 'bound to the name password'],
      [secrets.get('started'), 'bound to the name mysql -p'],
      [secrets.get('listed'), 'bound to the name docker login -p'],
      [secrets.get('executed'), 'bound to the name sshpass -p'],
    ].sort(),
  );
});

test('without names of variables, in a jar', async () => {
  const jar = zipSync({
    'example/Shapes.class': fixture('Shapes-bare'),
    'example/Login.class': fixture('Login'),
    'META-INF/MANIFEST.MF': strToU8('Manifest-Version: 1.0\n'),
  });
  const report = await scanEntries([{ name: 'app/app.jar', content: jar }]);
  const found = reasons(report);
  for (const [label, why] of NAMES) expect(found.get(label)).toMatch(why);
  expect(found.get('annotation default')).toMatch(/name password.*in an annotation/);
  expect(report.findings[0]?.places[0]?.path).toMatch(/^app\/app\.jar!\/example\//);
});

test.each(['Shapes-named', 'Shapes-bare', 'Calls'])(
  'what a text is bound to does not depend on what else matters: %s',
  (name) => {
    const file = new ClassFile(fixture(name));
    const all = classBindings(file, file.texts);
    for (const text of file.texts) {
      const alone = classBindings(file, new Set([text]));
      const bound = ({ command, ...binding }: ClassBinding): boolean =>
        binding.text === text && !command;
      expect(alone.filter(bound)).toEqual(all.filter(bound));
    }
  },
);

test.each(['Shapes-named', 'Shapes-bare', 'Calls'])(
  'the texts of a class are those of its constants and annotations: %s',
  (name) => {
    const file = new ClassFile(fixture(name));
    const constants = Array.from({ length: file.count }, (_, i) => file.textOf(i));
    const annotations = [file, ...file.members].flatMap((one) => one.annotations);
    const texts = [...constants.filter((text) => text > 0), ...annotations.map(({ text }) => text)];
    expect(file.texts).toEqual(new Set(texts));
  },
);

test('a class that is cut short anywhere, or damaged, gives what was read, and no error', async () => {
  const bytes = fixture('Shapes-named');
  const bindings = (some: Uint8Array): number => {
    const file = new ClassFile(some);
    return classBindings(file, file.texts).length;
  };
  const all = bindings(bytes);
  for (let length = 0; length < bytes.length; length += 11)
    expect(bindings(bytes.subarray(0, length))).toBeLessThanOrEqual(all);
  for (let at = 8; at < bytes.length; at += 5) {
    const damaged = bytes.slice();
    damaged[at] = 255 - (damaged[at] as number);
    expect(bindings(damaged)).toBeLessThan(5001);
  }
  const cut = await scanEntries([{ name: 'app/Cut.class', content: bytes.subarray(0, 4000) }]);
  expect(cut.problems.map(({ code }) => code)).toEqual(['decoded-damaged']);
});

test.each([
  ['new SecretKeySpec("~".getBytes(), "AES")', 'SecretKeySpec'],
  ['Algorithm.HMAC256("~")', 'HMAC256'],
  ['new PBEKeySpec("~".toCharArray())', 'PBEKeySpec'],
  ['new PasswordAuthentication(user, "~".toCharArray())', 'PasswordAuthentication'],
  ['new BasicAWSCredentials(id, "~")', 'BasicAWSCredentials'],
  ['AwsBasicCredentials.create(id, "~")', 'AwsBasicCredentials.create'],
  ['DriverManager.getConnection(url, "app", "~")', 'getConnection'],
  ['headers.setBasicAuth("app", "~")', 'setBasicAuth'],
  ['Credentials.basic("app", "~")', 'Credentials.basic'],
])('in source: %s', async (code, name) => {
  const value = secretFor(code, 40);
  const content = strToU8(`class A {\n  Object x = ${code.replace('~', value)};\n}\n`);
  for (const path of ['app/src/A.java', 'app/src/A.kt']) {
    const report = await scanEntries([{ name: path, content }]);
    expect(report.findings.map(({ secret }) => secret.value)).toEqual([value]);
    expect(report.findings[0]?.why).toContain(`bound to the name ${name}`);
  }
});

/** A class whose field `setting` is a constant text. */
function classWith(text: string): Uint8Array {
  const number = (n: number): Buffer => Buffer.from([n >> 8, n & 255]);
  const utf8 = (content: string): Buffer =>
    Buffer.concat([Buffer.of(1), number(content.length), Buffer.from(content)]);
  const constants = [
    ...[utf8('Demo'), Buffer.of(7, 0, 1), utf8('java/lang/Object'), Buffer.of(7, 0, 3)],
    ...[utf8('setting'), utf8('Ljava/lang/String;'), utf8('ConstantValue'), utf8(text)],
    Buffer.of(8, 0, 8),
  ];
  const field = [0x19, 5, 6, 1, 7, 0, 2, 9].map(number);
  return new Uint8Array(
    Buffer.concat([
      Buffer.of(0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 55),
      number(constants.length + 1),
      ...constants,
      ...[0x21, 2, 4, 0, 1].map(number),
      ...field,
      number(0),
      number(0),
    ]),
  );
}

test.each([
  [['sk', 'live', ''], 40], // 48 bytes, the digit 0
  [['dop', 'v1', ''], 64], // 71, the letter G
])('a token is found where the byte of its length is that of a word: %j', async (words, length) => {
  const digest = createHash('sha256').update('a token').digest('hex');
  const token = `${words.join('_')}${digest.slice(0, length)}`;
  const report = await scanEntries([{ name: 'app/Demo.class', content: classWith(token) }]);
  expect(report.findings.map(({ secret }) => secret.value)).toEqual([token]);
});
