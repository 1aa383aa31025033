/** Which names tell a secret by themselves, which only beside their value, and which values are passwords that people make. */
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../src/engine/report/report.ts';
import { FORMATS } from '../../../src/engine/secrets/formats.ts';
import type { FormatRow } from '../../../src/engine/secrets/formats/row.ts';
import { noise } from '../../make/pieces.ts';
import { scanFile } from '../../make/scan-image.ts';
import { exampleOf } from '../../make/secret-examples.ts';

const WORDS = ['walnut', 'bridge', 'purple', 'engine', 'orange', 'potato', 'castle', 'pencil'];
const word = (i: number): string => WORDS[i % WORDS.length] as string;
const name = (i: number): string => word(i).charAt(0).toUpperCase() + word(i).slice(1);

/** Passwords as people make them, another for every number. */
const MADE: Record<string, (n: number) => string> = {
  'a sign between words': (n) => `${name(n)}!${name(n + 3)}${31 + n}`,
  'digits for letters': (n) =>
    `${word(n).replace('e', '3').replace('a', '4')}.${name(n + 5)}${n + 20}`,
  'a sentence': (n) => `My${name(n)}Is${n % 9}${name(n + 3)}!`,
  'a year': (n) => `${name(n)}${1990 + n}_`,
  'a short one': (n) => `Qf${n % 10}-${name(n)}!`,
};
const characters = (length: number, seed: number, alphabet: string): string =>
  Array.from(noise(length, seed), (byte) => alphabet[byte % alphabet.length]).join('');
const HEX = '0123456789abcdef';
const SMALL = 'abcdefghijklmnopqrstuvwxyz';
const DRAWN = `${SMALL}${SMALL.toUpperCase()}0123456789`;
const drawn = (seed: number): string => characters(32, seed, DRAWN);

async function loud(path: string, content: string): Promise<Finding[]> {
  const { findings } = await scanFile(path, content);
  return findings.filter(
    ({ category, severity }) => category === 'secret' && /critical|high|medium/.test(severity),
  );
}
const GOOGLE_KEY = FORMATS.find(({ id }) => id === 'gcp-api-key') as FormatRow;
const values = (findings: readonly Finding[]): (string | undefined)[] =>
  findings.map(({ secret }) => secret.value);

const CARRIERS: [path: string, text: string][] = [
  ['srv/a.ini', '[web]\nsecret = @\n'],
  ['srv/a.yaml', 'web:\n  signing_secret: @\n'],
  ['srv/a.env', 'A=1\nHMAC_SECRET=@\n'],
  ['srv/a.json', '{"hmacKey": "@"}\n'],
  ['srv/Dockerfile', 'FROM x\nENV A=b \\\n    ADMIN_SECRET="@" \\\n    C=d\n'],
  ['srv/A.java', 'class A { void a() { c.setSecret("@"); } }\n'],
  ['srv/a.py', 'SIGNING_SECRET = "@"\n'],
  ['srv/a.js', 'module.exports = { dialect: "mysql", pw: "@" };\n'],
  ['var/log/nginx/access.log.1', '10.0.0.1 - - "GET /login?user=x&passwd=@ HTTP/1.1" 200 5\n'],
];

describe('a password that a person made', () => {
  const cases = CARRIERS.flatMap(([path, text], i) =>
    Object.entries(MADE).map(([how, make]) => ({ path, text, how, value: make(i) })),
  );
  test.each(cases)('of $how in $path', async ({ path, text, value }) => {
    expect(values(await loud(path, text.replace('@', value)))).toEqual([value]);
  });
});

describe('words as a secret', () => {
  test.each([
    ['srv/radius.conf', 'client x {\n  secret = @\n}\n', 'walnut_bridge'],
    ['srv/radius.conf', 'secret = @\n', 'walnutcastle'],
    ['srv/a.yaml', 'hook:\n  webhook_secret: @\n', 'walnut-castle'],
    ['srv/a.json', '{"Jwt": {"clientSecret": "@"}}\n', 'WalnutCastle'],
    ['srv/NuGet.Config', '<add key="ClearTextPassword" value="@"/>\n', 'walnut_castle'],
    ['srv/app.yml', 'spring:\n  password: "{noop}@"\n', 'WalnutInCastle32'],
  ])('%s: %s', async (path, text, value) => {
    expect(values(await loud(path, text.replace('@', value)))).toEqual([value]);
  });

  test.each([
    ['srv/a.yaml', 'volumes:\n- secret: walnut-castle\n'],
    ['srv/a.yaml', 'token: walnut-castle\n'],
    ['srv/a.json', '{"secret": "kubernetes"}\n'],
    ['srv/a.py', 'token = "walnut_castle"\n'],
  ])('are the name of one in %s: %s', async (path, text) => {
    expect(await loud(path, text)).toEqual([]);
  });
});

const BY_VALUE =
  'DATA_KEY USER_KEY CF_KEY HEX_KEY KEY SALT AUTH JWT SIGNING HMAC PW CREDS ROOT_PSW OTP_SEED RABBITMQ_ERLANG_COOKIE';

describe('a name that tells a secret beside a value drawn at random', () => {
  test.each(BY_VALUE.split(' ').map((one, i) => [one, drawn(i + 1)] as const))(
    '%s, in the environment, in code, and on a first line',
    async (one, value) => {
      for (const [path, text] of [
        ['srv/.env', `A=1\n${one}=${value}\n`],
        ['srv/.env', `${one}=${value}\n`],
        ['srv/a.py', `import os\n${one} = "${value}"\n`],
        ['srv/A.java', `class A { static final String ${one} = "${value}"; }\n`],
      ] as const)
        expect(values(await loud(path, text))).toEqual([value]);
    },
  );

  test.each(['SORT_KEY', 'CACHE_KEY', 'S3_KEY', 'PARTITION_KEY', 'I18N_KEY', 'GIT_KEY'])(
    '%s is no such name',
    async (one) => {
      expect(await loud('srv/.env', `A=1\n${one}=${drawn(3)}\n`)).toEqual([]);
    },
  );

  test.each([
    ['a fingerprint', 'GPG_FILE_KEY', characters(40, 5, '0123456789ABCDEF')],
    ['a UUID', 'DATA_KEY', '5f0c7a52-91b3-4d2e-8a67-3c1e9b7d2f40'],
    ['a name', 'DATA_KEY', 'walnut-castle-bridge'],
  ])('%s is no such value', async (_what, one, value) => {
    expect(await loud('srv/.env', `A=1\n${one}=${value}\n`)).toEqual([]);
  });

  test('the salt of a hash in JSON is none', async () => {
    const text = `{"kdf": "scrypt", "salt": "${characters(64, 7, HEX)}"}\n`;
    expect(await loud('srv/a.json', text)).toEqual([]);
  });

  test.each(['alarm_code', 'admin_pin'])('%s takes digits', async (one) => {
    expect(values(await loud('srv/home.yaml', `x: 1\n${one}: 804715\n`))).toEqual(['804715']);
    expect(await loud('srv/home.yaml', `x: 1\n${one}: 17\n`)).toEqual([]);
  });
});

describe('a user and a password in one value', () => {
  test.each([
    ['srv/.env', 'A=1\nPROBE_BASIC=admin:@\n'],
    ['srv/a.yaml', 'x: 1\nproxy_stats_auth: "stats:@"\n'],
    ['srv/prod.tfvars', 'a           = 1\nboards_auth      = "ops:@"\n'],
    ['srv/Jenkinsfile', "environment { STORE_CREDS = 'admin:@' }\n"],
  ])('in %s: %s', async (path, text) => {
    for (const value of ['Walnut!Castle31', 'walnut-castle', 'PotatoInBridge28']) {
      const [found, ...more] = await loud(path, text.replace('@', value));
      expect(found?.secret.value).toBe(value);
      expect(found?.why.join()).toMatch(/as the password of the user (?:admin|stats|ops)/);
      expect(more).toEqual([]);
    }
  });

  test.each(['localhost:8080', 'plugin:Walnut31', 'https://walnut', 'backend:castle-bridge'])(
    '%s is none',
    async (value) => {
      expect(await loud('srv/.env', `A=1\nPROBE_BASIC=${value}\n`)).toEqual([]);
    },
  );
});

describe('the word for a password in other languages', () => {
  const words =
    'contraseña Contraseña mot_de_passe senha hasło HASŁO haslo wachtwoord parola пароль Пароль 密码 パスワード heslo';
  test.each(words.split(' ').map((one, i) => [one, `${name(i)}!${name(i + 3)}${i + 31}`] as const))(
    '%s',
    async (one, value) => {
      for (const [path, text] of [
        ['srv/a.yaml', `db:\n  ${one}: ${value}\n`],
        ['srv/a.json', `{"${one}": "${value}"}\n`],
        ['srv/a.env', `A=1\n${one}=${value}\n`],
        ['srv/notes.txt', `server, ${one}: ${value}\n`],
        ['srv/long.yaml', `# ${'-'.repeat(200)}\ndb:\n  ${one}: ${value}\n`],
      ] as const) {
        const [found, ...more] = await loud(path, text);
        expect(found?.secret.value).toBe(value);
        expect(found?.why[0]).toBe(`bound to the name ${one}`);
        expect(more).toEqual([]);
      }
    },
  );

  test('labels and names in code are none', async () => {
    const text = 'пароль: Введите\n"contraseña": "Introduzca su contraseña"\n密码: 请输入密码\n';
    expect(await loud('srv/a.yaml', text)).toEqual([]);
    expect(await loud('srv/a.py', 'contraseña = leer_entrada2\n')).toEqual([]);
  });
});

test("WordPress' keys and salts are found whatever signs they hold", async () => {
  const signs = `${DRAWN}!@#$%^&*()-_[]{}<>~\`+=,.;:/?|`;
  const salts = Array.from({ length: 64 }, (_, i) => characters(60, i + 9, signs) + '{a}%');
  const text = salts.map((salt) => `define( 'NONCE_SALT', '${salt}' );`).join('\n');
  const found = await loud('srv/wp-config.php', `<?php\n${text}\n`);
  expect(new Set(values(found))).toEqual(new Set(salts));
});

describe('what programs give to everybody', () => {
  test.each([
    ['PUSHER_APP_KEY', characters(20, 3, HEX)],
    ['PUSHER_KEY', characters(20, 4, HEX)],
    ['STRIPE_PUBLISHABLE_KEY', drawn(4)],
    ['ALGOLIA_SEARCH_KEY', characters(32, 5, HEX)],
    ['RECAPTCHA_SITE_KEY', drawn(6)],
    ['MIXPANEL_TOKEN', characters(32, 7, HEX)],
    ['AMPLITUDE_API_KEY', characters(32, 8, HEX)],
    ['DATADOG_CLIENT_TOKEN', `pub${characters(32, 9, HEX)}`],
  ])('%s', async (one, value) => {
    expect(await loud('srv/.env', `A=1\n${one}=${value}\n`)).toEqual([]);
  });

  test('but not what is kept from it', async () => {
    const [app, store] = [characters(20, 3, HEX), drawn(9)];
    const text = `PUSHER_APP_SECRET=${app}\nAZURE_SEARCH_KEY=${store}\n`;
    expect(values(await loud('srv/.env', text)).sort()).toEqual([app, store].sort());
  });

  test("a Google key is a web app's where it is Firebase's", async () => {
    const key = exampleOf(GOOGLE_KEY);
    const app = `const app = { apiKey: "${key}", authDomain: "a.firebaseapp.com" };\n`;
    expect(await loud('srv/a.js', app)).toEqual([]);
    expect(values(await loud('srv/a.js', `const app = { apiKey: "${key}" };\n`))).toEqual([key]);
  });
});

describe('what names a token', () => {
  const key = exampleOf(GOOGLE_KEY);
  test.each([
    ['please rotate it: @ (old)', undefined],
    ['see https://bob:@@git.acme.dev/x', undefined],
    ['api_key: @', 'api_key'],
    ['found token: @', 'token'],
  ])('%s', async (text, bound) => {
    const [found] = await loud('srv/notes.txt', `${text.replace('@', key)}\n`);
    expect(found?.secret.value).toBe(key);
    const names = found?.why.filter((one) => one.startsWith('bound to'));
    expect(names).toEqual(bound === undefined ? [] : [`bound to the name ${bound}`]);
  });
});

test('what builds the documentation of an application is no documentation', async () => {
  const value = drawn(12);
  const severity = async (path: string): Promise<string | undefined> =>
    (await loud(path, `api_token = "${value}"\n`))[0]?.severity;
  expect(await severity('srv/app/docs/conf.py')).toBe('high');
  expect(await severity('srv/app/docs/client.py')).toBe('medium');
});

test('the names of functions that a question returns are no passwords', async () => {
  const text = 'def has_psk_tls13():\n    return { "has_psk_tls13": "TLS_SESSION_set2_master" }\n';
  expect(await loud('srv/a.py', text)).toEqual([]);
});
