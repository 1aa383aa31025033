/** The quick look at bytecode costs no finding: with it and without it the same is found. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Binding } from '../../../src/engine/python/binding.ts';
import { CODE, CodeIndex, type CodeSelection } from '../../../src/engine/python/code-index.ts';
import { bindingsOf } from '../../../src/engine/python/bindings.ts';
import { decodeParts, decodePyc, skimPyc } from '../../../src/engine/python/pyc.ts';
import { BytecodeLook, mayBeSecret } from '../../../src/engine/secrets/bytecode-look.ts';
import { MAY_ANNOUNCE, wordsSay } from '../../../src/engine/secrets/announcing-words.ts';
import { SECRET_CALLS } from '../../../src/engine/secrets/called-secrets.ts';
import { fileKind } from '../../../src/engine/secrets/file-kind.ts';
import { judgeNamed } from '../../../src/engine/secrets/judge.ts';
import { detectNamed } from '../../../src/engine/secrets/named-values.ts';
import { secretKind } from '../../../src/engine/secrets/names.ts';
import { listedKind } from '../../../src/engine/secrets/list-text.ts';
import { mayHoldWords } from '../../../src/engine/secrets/word-passwords.ts';
import { constructedToken, withToken } from '../../make/sample-source.ts';

const FOLDER = 'tests/fixtures/pyc';

const NAMES = (
  'password api_key access_token smtp_password db_password client_secret session_secret root_psw haslo wachtwoord parola ' +
  'heslo jelszo salasana losenord adgangskode lozinka sifre motdepasse contrasena пароль 密码 otp_seed ERLANG_COOKIE ' +
  'DATA_KEY USER_KEY SALT SIGNING HMAC PIN alarm_code GRAFANA_AUTH APP_BASIC X_CREDS x_auth key'
).split(' ');

/** Values of every form, drawn anew from a number. */
function valuesOf(number: number): string[] {
  const hex = constructedToken(`value ${number}`);
  const base64 = Buffer.from(hex, 'hex').toString('base64');
  const letters = base64.replace(/[^A-Za-z]/g, '');
  const word = (at: number): string =>
    'walnut Bridge purple Engine orange Castle'.split(' ')[at % 6] ?? '';
  const [one, two] = [word(number), word(number + 1 + (number % 4))];
  const sign = '!_.-$%#@*+=/?'[number % 13] ?? '';
  return [
    hex,
    hex.slice(0, 8 + (number % 25)),
    base64,
    base64.slice(0, 6 + (number % 20)),
    letters,
    letters.toLowerCase().slice(0, 16),
    letters
      .toLowerCase()
      .replace(/(.{5})/, `$1${sign}`)
      .slice(0, 9),
    hex.slice(0, 8).replace(/\D/g, '7'),
    `${one}${number}${sign}`,
    `${one}${sign}${two}${number}`,
    `${one}${sign}${two}`.toLowerCase(),
    `${one}${two}`.toLowerCase(),
    `My${one}Is${number % 10}${two}${sign} `,
    `admin:${one}${sign}${two}${number}`,
    `Bearer ${hex.slice(0, 24)}`,
    `{noop}${one}${two}1`,
    `${one}-${two}-${word(number + 2)}`.toLowerCase(),
    'abcd efgh ijkl mnop',
    `${base64.slice(0, 20)} ^%@~;#(h${hex.slice(0, 12)} ]{<)u.${letters.slice(0, 14)}`,
    `x${'y7'.repeat(10 + (number % 20))}`,
  ];
}

test.each(['app/pkg/client.py', 'usr/lib/python3/dist-packages/pkg/client.py'])(
  'what the judge takes by its name in %s is never passed over',
  (path) => {
    const file = { ...fileKind(path), code: true };
    const own = mayHoldWords(file);
    const passed: [string, string][] = [];
    const taken = new Set<string>();
    for (let number = 0; number < 60; number++) {
      for (const name of NAMES) {
        for (const value of valuesOf(number)) {
          const judged = judgeNamed({ name, value, where: '', context: [], exact: true }, file);
          // What only an own file would show is left to the source, which packages come with.
          if (!judged || judged.candidate) continue;
          taken.add(name);
          if (!isSeen(name, value, own)) passed.push([name, value]);
        }
      }
    }
    expect(passed).toEqual([]);
    expect(taken.size).toBeGreaterThan(own ? 30 : 20);
  },
);

/** Whether a module with a name and a value is worth decoding, and the value worth looking at. */
function isSeen(name: string, value: string, own: boolean): boolean {
  const [head, tail] = [Buffer.from(name), Buffer.from(value)];
  const bytes = new Uint8Array(Buffer.concat([head, tail]));
  return mayBeSecret(value, own) && isSelected(bytes, own, [head.length, bytes.length]);
}

/** Whether a code object is selected whose names and constants end at these places, side by side. */
function isSelected(bytes: Uint8Array, own: boolean, ends: readonly number[]): boolean {
  const look = new BytecodeLook(bytes, own);
  const index = new CodeIndex();
  let bits = 0;
  let start = 0;
  for (const end of ends) {
    bits |= look.string(start, end) | look.constant(start, end);
    start = end;
  }
  index.set(index.add(0, -1), CODE.bits, bits);
  return look.select(index) !== undefined;
}

interface Looked {
  look: BytecodeLook;
  selection: CodeSelection | undefined;
}

function lookAt(bytes: Uint8Array, own = true): Looked {
  const look = new BytecodeLook(bytes, own);
  const skimmed = skimPyc(bytes, look);
  if (!skimmed) throw new Error('the file is not sound');
  return { look, selection: look.select(skimmed.index) };
}

const unnamed = (value: string): Binding => ({
  value,
  kind: 'none',
  name: '',
  qualname: '<module>',
  line: 0,
  others: [],
  index: -1,
});

/** What a scan would judge of a file, with the quick look and without. */
function detected(bytes: Uint8Array, quick: boolean): unknown[] {
  const { code, version, header } = decodePyc(bytes);
  if (!code) throw new Error('the file does not decode');
  const { look, selection } = lookAt(bytes);
  if (quick && !selection) return [];
  const parts =
    quick && selection && decodeParts(bytes, { version, header, fileName: '' }, selection);
  if (quick && !parts) throw new Error('no part of the file decodes');
  const bindings = parts
    ? bindingsOf(parts.code, version, parts).filter(look.keeps)
    : bindingsOf(code, version);
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

// The fixtures of calls hold gaps for secrets, and as those of type parameters do, and are scanned with them filled elsewhere; generics have none.
test.each(
  readdirSync(FOLDER).filter((name) => /^(?!calls|generics|type-parameters).*\.pyc$/.test(name)),
)('nothing of %s is passed over that would be found', (name) => {
  const file = new Uint8Array(readFileSync(`${FOLDER}/${name}`));
  const bytes = name.startsWith('build') ? withToken(file, constructedToken()) : file;
  const all = detected(bytes, false);
  expect(all.length).toBeGreaterThan(0);
  expect(detected(bytes, true)).toEqual(all);
});

test('secrets inside a constant are seen in the raw bytes', () => {
  const pyc = new Uint8Array(readFileSync(`${FOLDER}/build.cpython-311.pyc`));
  const insides = [
    ['postgres://a:', 'p4ssw0rd', '@db.internal/x'].join(''),
    ['Server=db;Password=', 'tr0ub4dor', ';'].join(''),
    `{"api_key": "${'x9'.repeat(8)}"}`,
  ];
  for (const inside of insides) {
    const text = inside.padEnd(40, ' ');
    const planted = withToken(pyc, text);
    expect(lookAt(pyc).look.keeps(unnamed(text))).toBe(false);
    expect(lookAt(planted).selection).toBeDefined();
    expect(lookAt(planted).look.keeps(unnamed(text))).toBe(true);
  }
});

test('base64 that holds text is seen', () => {
  const pyc = new Uint8Array(readFileSync(`${FOLDER}/build.cpython-311.pyc`));
  const encoded = Buffer.from(`{"pass": "${'z8'.repeat(8)}xy"}`)
    .toString('base64')
    .slice(0, 40);
  expect(lookAt(withToken(pyc, encoded)).look.keeps(unnamed(encoded))).toBe(true);
  expect(lookAt(pyc).look.keeps(unnamed(encoded))).toBe(false);
});

test('a module without a name of a secret is not worth decoding', () => {
  const pyc = new Uint8Array(readFileSync(`${FOLDER}/build.cpython-311.pyc`));
  const plain = Buffer.from(pyc);
  for (const word of ['token', 'uthorization', 'secret', 'ithub']) {
    for (let at = plain.indexOf(word); at >= 0; at = plain.indexOf(word)) plain[at] = 0x62;
  }
  expect(lookAt(pyc, false).selection).toBeDefined();
  expect(lookAt(new Uint8Array(plain), false).selection).toBeUndefined();
});

function mayAnnounce(name: string): boolean {
  const bytes = new TextEncoder().encode(name);
  return (wordsSay(bytes, 0, bytes.length) & MAY_ANNOUNCE) !== 0;
}

/** Every name for which `secretKind` gives a kind, in whole or beside others, has one of these in it. */
const ANNOUNCING_WORDS = (
  'pass pw psk contrasena senha kennwort token pat jwt bearer secret credential creds key salt auth hmac fernet securestring ' +
  'identifiedby getconnection pdo login pepper psw haslo wachtwoord parola heslo jelszo salasana losenord ' +
  'adgangskode lozinka sifre seed cookie'
).split(' ');

test.each([...ANNOUNCING_WORDS, ...'client ftp connect aes github redis'.split(' ')])(
  '%s is seen in a name',
  (word) => {
    for (const name of [
      word,
      `my_${word}_1`,
      `theDb${word.toUpperCase()}`,
      `${word}Of`,
      `${word}s`,
    ])
      expect([name, mayAnnounce(name)]).toEqual([name, true]);
  },
);

test('no name that announces a secret is passed over, however it is written', () => {
  const befores = 'api client x my otp erlang getDb user redis smtp AWS 2fa root sort'.split(' ');
  const behinds = ['', 's', '1', '_2', 'Value', '_OLD', 'URL', ' of'];
  const passed: string[] = [];
  let announcing = 0;
  const ask = (name: string): void => {
    if (secretKind(name) === undefined && listedKind(name) === undefined) return;
    announcing++;
    if (!mayAnnounce(name)) passed.push(name);
  };
  for (const word of ANNOUNCING_WORDS)
    for (const before of befores)
      for (const behind of behinds) {
        const capital = (word[0] ?? '').toUpperCase() + word.slice(1);
        for (const middle of [word, capital, word.toUpperCase()])
          for (const between of ['', '_', '-', '.', ' ']) ask(before + between + middle + behind);
      }
  expect(passed).toEqual([]);
  expect(announcing).toBeGreaterThan(5000);
});

/** Whether a module with these names and a token is worth decoding. */
function announced(...names: string[]): boolean {
  const texts = [...names, constructedToken()];
  const ends = texts.map((_, i) => texts.slice(0, i + 1).join('').length);
  return isSelected(new TextEncoder().encode(texts.join('')), false, ends);
}

const CALLED = SECRET_CALLS.flatMap(
  ({ start }) => /^(?:new |\.)?([\w.]+)\($/.exec(start)?.[1] ?? [],
);

// Go's `New` stands in no bytecode.
test.each([...new Set(CALLED)].filter((name) => !name.endsWith('.New')))(
  '%s is seen to be called',
  (name) => {
    expect(announced(...name.split('.'))).toBe(true);
  },
);

test('half a name counts beside one that makes it whole', () => {
  expect(announced('keys', 'sort_key', 'items')).toBe(false);
  expect(announced('key', 'row_map', 'x')).toBe(false);
  expect(announced('key', 'client')).toBe(true);
  expect(announced('stripeClient', 'salt')).toBe(true);
  expect(announced('snyk', 'key')).toBe(true);
  expect(announced('hmac', 'new')).toBe(true);
});

test('words count in the files of an application only', () => {
  const [name, value] = ['password', ['walnut', 'bridge'].join('-')];
  for (const own of [true, false]) expect(isSeen(name, value, own)).toBe(own);
});
