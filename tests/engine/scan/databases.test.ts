/** Secrets in what databases save, and in statements of SQL; the files are PHP's and a Redis server's own. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../../src/engine/report/report.ts';
import { noise } from '../../make/pieces.ts';
import { constructedToken } from '../../make/sample-source.ts';
import { scanFile } from '../../make/scan-image.ts';

const TOKENS = Array.from({ length: 4 }, (_, i) => constructedToken(`token ${i} of a database`));
const PASSWORD = ['Kestrel', 41, 'Lagoon!'].join('-');

/** A fixture of `tests/make/database-fixtures.sh`, its markers replaced. */
function fixture(name: string): Buffer {
  const bytes = readFileSync(`tests/fixtures/databases/${name}`);
  TOKENS.forEach((token, digit) => {
    const at = bytes.indexOf(`placeholderforatokenoffortyhexadecimal_${digit}`);
    if (at >= 0) bytes.write(token, at, 'latin1');
  });
  return bytes;
}

const named = ({ findings }: Report): [string, string][] =>
  findings
    .map(({ secret, why }): [string, string] => [
      secret.value ?? '',
      / the name (\S+?)(?:;|,|$)/.exec(why.join(';'))?.[1] ?? '',
    ])
    .sort(([a], [b]) => order(a) - order(b));

const order = (value: string): number => {
  const index = TOKENS.indexOf(value);
  return index < 0 ? TOKENS.length : index;
};

describe('what a server saved', () => {
  test('an array that PHP serialised', async () => {
    const report = await scanFile('srv/cache.dat', fixture('array.serialized'));
    expect(named(report)).toEqual([
      [TOKENS[0], 'smtp_password'],
      [TOKENS[1], 'api_key'],
    ]);
  });

  test('the same as a value of a dump, its quotes escaped', async () => {
    const row = fixture('array.serialized').toString().replaceAll('"', '\\"');
    const report = await scanFile('a.sql', `INSERT INTO \`o\` VALUES (1,'${row}');\n`);
    expect(named(report).map(([value]) => value)).toEqual(TOKENS.slice(0, 2));
  });

  test('a session of PHP', async () => {
    const report = await scanFile('sess_1', `user|s:3:"bob";db_password|s:40:"${TOKENS[0]}";`);
    expect(named(report)).toEqual([[TOKENS[0], 'db_password']]);
  });

  test('an append-only file of Redis', async () => {
    const report = await scanFile('srv/appendonly.aof', fixture('appendonly.aof'));
    expect(named(report).slice(0, 4)).toEqual([
      [TOKENS[0], 'smtp_password'],
      [TOKENS[1], 'db_password'],
      [TOKENS[2], 'api_token'],
      [TOKENS[3], 'client_secret'],
    ]);
  });

  test('a dump of Redis: strings, hashes of both sizes, compressed ones', async () => {
    const content = fixture('dump.rdb');
    const report = await scanFile('srv/dump.rdb', content);
    expect(named(report).slice(0, 4)).toEqual([
      [TOKENS[0], 'smtp_password'],
      [TOKENS[1], 'db_password'],
      [TOKENS[2], 'api_token'],
      [TOKENS[3], 'client_secret'],
    ]);
    const packed = report.findings.filter(({ secret }) => order(secret.value ?? '') === 4);
    expect(packed.map(({ secret }) => secret.value).sort()).toEqual([
      'Kestrel-41-Lagoon',
      'Lagoon-73-Kestrel',
      'Pelican-58-Otter',
    ]);
    expect(report.problems).toEqual([]);
    expect(report.totals.scanned).toMatchObject({ 'Redis dump': { files: 1 } });
    const place = report.findings.find(({ secret }) => secret.value === TOKENS[0])?.places[0];
    expect(place?.offset).toBe(content.indexOf(TOKENS[0] ?? ''));
  });

  test('a dump that is cut short or damaged anywhere gives what can be read, and ends', async () => {
    const whole = fixture('dump.rdb');
    for (let at = 9; at < whole.length; at += 997) {
      const damaged = Buffer.from(whole);
      damaged.set(noise(64), Math.min(at, whole.length - 64));
      await scanFile('a.rdb', damaged);
      expect((await scanFile('a.rdb', whole.subarray(0, at))).problems).toEqual([]);
    }
  });
});

describe('statements of SQL', () => {
  test.each([
    ["UPDATE settings SET value='P' WHERE name='smtp_password';"],
    ["update `wp_options` set `option_value` = 'P' where `option_name` = 'mailserver_pass';"],
    [
      "UPDATE core_config_data SET value = 'P', updated_at = NOW() WHERE scope_id = 0 AND path = 'smtp/auth/password';",
    ],
    ["UPDATE users SET login = 'bob', password = 'P' WHERE id = 1;"],
    ["ALTER USER 'root'@'localhost' IDENTIFIED BY 'P';"],
    ["CREATE USER 'a'@'%' IDENTIFIED WITH caching_sha2_password BY 'P';"],
    ["CHANGE MASTER TO MASTER_HOST='m', MASTER_USER='r', MASTER_PASSWORD='P';"],
    ["CHANGE REPLICATION SOURCE TO SOURCE_HOST='m', SOURCE_PASSWORD='P';"],
    ["SET PASSWORD FOR 'root'@'localhost' = 'P';"],
    ["SET PASSWORD FOR 'root'@'localhost' = PASSWORD('P');"],
  ])('%s', async (statement) => {
    const report = await scanFile(
      'srv/setup.sql',
      `${statement.replace("'P'", `'${PASSWORD}'`)}\n`,
    );
    expect(report.findings.map(({ secret }) => secret.value)).toEqual([PASSWORD]);
    expect(report.findings[0]?.places[0]?.line).toBe(1);
  });

  test.each([
    ["UPDATE settings SET value='P' WHERE name='theme';"],
    ["Update the set of names, and set value = 'P' where name = 'smtp_password'"],
    ["UPDATE settings SET value = (SELECT 'P') WHERE name = 'smtp_password'"],
  ])('none: %s', async (statement) => {
    const report = await scanFile(
      'srv/setup.sql',
      `${statement.replace("'P'", `'${PASSWORD}'`)}\n`,
    );
    expect(report.findings).toEqual([]);
  });

  test('an address in XML ends with its element', async () => {
    const address = `jdbc:postgresql://h/x?user=a&amp;password=${PASSWORD}`;
    const report = await scanFile('a.xml', `<a><jdbc-url>${address}</jdbc-url></a>`);
    expect(report.findings.map(({ secret }) => secret.value)).toEqual([PASSWORD]);
  });
});
