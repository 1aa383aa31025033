/** The tests on bytes before a text is decoded pass whatever the reading of the text takes. */
import { expect, test } from 'vitest';
import { accountEntries } from '../../../src/engine/secrets/account-maps.ts';
import { asOwn, fileKind } from '../../../src/engine/secrets/file-kind.ts';
import { judgeNamed } from '../../../src/engine/secrets/judge.ts';
import { listedTexts, mayList } from '../../../src/engine/secrets/list-text.ts';
import { mayPair, pairedTextAt } from '../../../src/engine/secrets/paired-text.ts';

let seed = 1;
/** One of these, drawn anew at each call and alike in each run. */
const one = (of: readonly string[]): string => {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
  return of[(seed >>> 8) % of.length] as string;
};

const BLANKS = ['', '', ' ', '  ', '\t', '\n', '\r\n', '\n    '];
const QUOTES = ['', '', '"', "'", '`'];
const SIGNS = ['=', ':', '=>', ':=', ' = ', ': ', ',', ''];
const TYPES = [
  '',
  '',
  ': list[str] ',
  ': dict[str, str] ',
  ': Foo | None ',
  ': string[]',
  ': T<a>',
];
const WORDS =
  '|new |[]string|String[]|string[]|array|Arrays.asList|List.of|Set.of|frozenset|set|tuple|list|new Map|call'.split(
    '|',
  );

test('no list and no map of users is missed', () => {
  let lists = 0;
  let maps = 0;
  for (let round = 0; round < 60_000; round++) {
    const between = `${one(QUOTES)}${one(BLANKS)}${one(['', '', ']'])}${one(TYPES)}${one(SIGNS)}`;
    const opening = `${one(BLANKS)}${one(WORDS)}${one(['', ' '])}${one(['[', '(', '{', '- ', ''])}`;
    const items = one([
      `"ann": "Wal7!nutBridge", "bob": "Pur8!pleEngine"`,
      `"WalnutBridge", "PurpleEngine"`,
      `("ann", "Wal7!nutBridge"), ("bob", "Pur8!pleEngine")`,
      'WalnutBridge\n- PurpleEngine\n',
    ]);
    const text = `${between}${opening}${items}])},`;
    const list = listedTexts(text, 0, true).length > 0;
    const map = accountEntries('USERS', text, fileKind('app/settings.py')).length > 0;
    if (list) lists++;
    if (map) maps++;
    if (list || map) expect(mayList(Buffer.from(text), 0), text).toBe(true);
  }
  expect(lists).toBeGreaterThan(1000);
  expect(maps).toBeGreaterThan(50);
});

test('no pair of fields is missed', () => {
  const fields =
    'name key Name Key NAME KEY variable ParameterKey ParameterName OptionName id other'.split(' ');
  const values = 'value Value VALUE ParameterValue default defaultValue content stringValue'.split(
    ' ',
  );
  const ends = [
    '</key>\n<string>walnut</string>',
    '": {"value": "walnut"',
    "' : { 'default': \"walnut\"",
    '</param-name>\n<param-value>walnut</param-value>',
    '" {\n default = "walnut"\n}',
  ];
  let pairs = 0;
  for (let round = 0; round < 60_000; round++) {
    const quote = one(QUOTES);
    const sign = (): string => `${one(BLANKS)}${one([':', '=', ' '])}${one(BLANKS)}`;
    const value = `${one(['\n', ', '])}${quote}${one(values)}${quote}${sign()}"walnut"`;
    const before = `${one(['', `value: walnut,\n`])} ${quote}${one(fields)}${quote}${sign()}${one(QUOTES)}`;
    const end = one([quote + value, quote + value, one(ends)]);
    const text = `${before}${one(['\\n', '', '', ''])}db_password${end}`;
    const start = text.indexOf('db_password');
    if (!pairedTextAt(text, start)) continue;
    pairs++;
    expect(mayPair(Buffer.from(text), start, start + 11), text).toBe(true);
  }
  expect(pairs).toBeGreaterThan(1000);
});

test('what is a secret in a package is one in an own file', () => {
  const files = ['a.py', 'a.conf', 'a.json', 'a.yaml', 'a.sh'].map((file) =>
    fileKind(`usr/share/tool/${file}`),
  );
  const names =
    'password api_key token secret credentials auth BASIC_AUTH key salt PIN users_password db_pwd'.split(
      ' ',
    );
  const parts = ['admin', ':', ':', 'walnut', 'Bridge7', '!', '_', '-', '.', ' ', '/', '123456'];
  parts.push('a1f9c3e7b2d84056', 'Xk3vTq9ZrW', '=', 'hunter2');
  let found = 0;
  for (let round = 0; round < 6000; round++) {
    const value = Array.from({ length: 2 + (round % 4) }, () => one(parts)).join('');
    for (const file of files) {
      const packaged = { ...asOwn(file), vendor: true };
      const named = { name: one(names), value, where: '', context: [], exact: round % 3 > 0 };
      if (!judgeNamed(named, packaged)) continue;
      found++;
      expect(judgeNamed(named, asOwn(file)), `${named.name} ${value}`).toBeDefined();
    }
  }
  expect(found).toBeGreaterThan(1000);
});
