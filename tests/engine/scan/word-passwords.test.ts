/** Passwords of plain words, in every carrier, in an application's own files; and what only looks like one. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../src/engine/report/report.ts';
import { scanContent } from '../../make/scan-content.ts';
import { scanFile } from '../../make/scan-image.ts';

const WORDS = ['walnut', 'bridge', 'purple', 'engine', 'orange', 'potato', 'castle', 'pencil'];

/** Words of twenty characters, another value for every number. */
function chosen(number: number): string {
  const word = (i: number): string => WORDS[(number * 3 + i * 5 + (number >> 3)) % 8] as string;
  const glue = ['-', '_', ''][number % 3] as string;
  return [word(0), word(1), `${word(2)}${glue === '' ? 'ly' : ''}`].join(glue);
}

async function scan(name: string, content: Uint8Array | string): Promise<Finding[]> {
  const { findings } = await scanFile(name, content);
  return findings.filter(({ category }) => category === 'secret');
}

function told(findings: readonly Finding[]): [string | undefined, string, boolean][] {
  return findings.map(({ secret, confidence, severity }) => [
    secret.value,
    confidence,
    severity === 'high' || severity === 'medium',
  ]);
}

/** A file for each way to write a password down; `@` stands for it. */
const CARRIERS: [path: string, text: string][] = [
  ['app/db.py', 'def connect(host="db", password="@", port=5432): return host\n'],
  ['app/store.py', 'class Store:\n    db_password = "@"\n'],
  ['app/pools.py', 'POOLS = {"default": {"USER": "u", "PASSWORD": "@"}}\n'],
  ['app/run.py', 'conn = psycopg2.connect(host="h", user="u", password="@")\n'],
  ['app/mail.py', 'server.login("me", "@")\n'],
  ['app/web.py', 'app = Flask(__name__)\napp.secret_key = "@"\n'],
  ['app/token.py', 'encoded = jwt.encode({"a": 1}, "@", algorithm="HS256")\n'],
  ['srv/a.ini', '[mail]\nuser = u\npass = @\n'],
  ['srv/a.toml', '[db]\npassword = "@"\n'],
  ['srv/a.yaml', "db: {user: x, password: '@'}\n"],
  ['srv/appsettings.json', '{"Smtp":{"User":"u","Password":"@"}}'],
  ['srv/appsettings.Production.json', '{"Jwt":{"Secret":"@","Issuer":"acme"}}'],
  ['srv/.env', 'SMTP_PASSWORD=@\n'],
  ['srv/deploy.yaml', 'env:\n- name: DB_PASSWORD\n  value: @\n'],
  ['srv/compose.yml', 'services:\n  r:\n    command: redis-server --requirepass @\n'],
  ['srv/values.yaml', 'auth:\n  password: @\n'],
  ['root/.kube/config', 'users:\n- name: a\n  user: {username: x, password: @}\n'],
  ['app/.github/workflows/ci.yml', 'steps:\n- with:\n    password: @\n'],
  ['root/.bash_history', 'ls\nPGPASSWORD=@ psql -h db\n'],
  ['etc/ansible/hosts', 'web ansible_host=10.1.2.3 ansible_become_pass=@\n'],
  ['src/A.java', 'class A { String password = "@"; }'],
  ['src/A.kt', 'val dbPassword = "@"\n'],
  ['src/a.go', 'package a\nconst dbPassword = "@"\n'],
  ['src/a.rs', 'const DB_PASSWORD: &str = "@";\n'],
  ['src/a.php', "<?php define('DB_PASSWORD', '@');\n"],
  ['src/pdo.php', "<?php $pdo = new PDO('mysql:host=x', 'root', '@');\n"],
  ['src/a.rb', "x = { password: '@', user: 'u' }\n"],
  ['src/a.js', "mysql.createConnection({host:'h',user:'u',password:'@'});\n"],
  ['src/session.js', "app.use(session({\n  secret: '@',\n  resave: false,\n}));\n"],
  ['src/mail.js', "transport({ auth: {\n  user: 'a',\n  pass: '@',\n} });\n"],
  ['src/jwt.ts', "JwtModule.register({ secret: '@' })\n"],
  ['src/hmac.js', "crypto.createHmac('sha256', '@')\n"],
  ['src/a.ps1', "$Password = '@'\n"],
  ['src/a.ipynb', '{"cells": [{"source": ["password = \\"@\\"\\n"]}]}'],
  ['www/a.js.map', '{"sourcesContent": ["export const cfg = {\\n  dbPassword: \'@\'\\n};"]}'],
  ['app/config.php~', "<?php $db_password = '@';\n"],
  ['app/settings.py.bak', 'DB_PASS = "@"\n'],
  ['app/db.ini.old', '[a]\npass = @\n'],
  ['app/mail.conf.bak.1', 'password = @\n'],
  ['data/dump.sql', "INSERT INTO `u` (`id`, `password`) VALUES (1, '@');\n"],
  ['data/users.csv', 'name,password\nann,@\n'],
];

describe('words as a password in the files of an application', () => {
  test.each(CARRIERS.map(([path, text], i) => ({ path, text, value: chosen(i) })))(
    '$path',
    async ({ path, text, value }) => {
      const found = await scan(path, text.replace('@', value));
      expect(told(found)).toEqual([[value, 'low', true]]);
    },
  );

  test('with capitals', async () => {
    const value = ['Walnut', 'Bridge'].join('');
    expect(told(await scan('app/a.py', `password = "${value}"\n`))).toEqual([[value, 'low', true]]);
  });

  test('in UTF-16 and in escapes', async () => {
    const value = chosen(50);
    const wide = Buffer.from(`\ufeffpassword=${value}\r\n`, 'utf16le');
    expect(told(await scan('app/a.ini', new Uint8Array(wide)))).toEqual([[value, 'low', true]]);
    const escapes = Array.from(value, (c) => `\\u00${c.charCodeAt(0).toString(16)}`).join('');
    const found = await scan('app/a.json', `{"password": "${escapes}"}`);
    expect(told(found)).toEqual([[value, 'low', true]]);
  });

  test('in a Secret of Kubernetes, under the name of an account', async () => {
    const value = chosen(51);
    const data = Buffer.from(value).toString('base64');
    const found = await scan('k8s/secret.yaml', `kind: Secret\ndata:\n  admin: ${data}\n`);
    expect(found.map(({ secret }) => secret.value)).toEqual([value]);
    const shop = Buffer.from('walnut-castle').toString('base64');
    expect(await scan('k8s/secret.yaml', `kind: Secret\ndata:\n  bucket: ${shop}\n`)).toEqual([]);
  });
});

const FOLDER = 'tests/fixtures/pyc-words';
const MARKERS = ['one', 'two', 'six', 'ten', 'xii'].map((end) => `marker-for-words-${end}`);

describe('words as a password in bytecode', () => {
  test.each(readdirSync(FOLDER))('%s', async (name) => {
    const bytes = readFileSync(`${FOLDER}/${name}`);
    const values = MARKERS.map((marker, i) => {
      bytes.write(chosen(i), bytes.indexOf(marker), 'latin1');
      return chosen(i);
    });
    const found = await scan('app/lib/db.pyc', new Uint8Array(bytes));
    expect(new Set(found.map(({ secret }) => secret.value))).toEqual(new Set(values));
    expect(told(found).every(([, confidence, loud]) => confidence === 'low' && loud)).toBe(true);
    const vendor = 'usr/lib/python3/dist-packages/db/db.pyc';
    expect(await scan(vendor, new Uint8Array(bytes))).toEqual([]);
  });

  test.each([
    ['Shapes-named', ['constant', 'setter', 'connection', 'builder']],
    ['Login', ['annotation default']],
  ])('the class %s of Java', async (name, labels) => {
    const bytes = readFileSync(`tests/fixtures/java/${name}.class`);
    const text = bytes.toString('latin1');
    const values = labels.map((label, i) => {
      const { index = -1, 0: marker = '' } = new RegExp(`~${label}~+`).exec(text) ?? {};
      const value = chosen(i).padEnd(marker.length, 'ly').slice(0, marker.length);
      bytes.write(value, index, 'latin1');
      return value;
    });
    const found = await scan(`app/${name}.class`, new Uint8Array(bytes));
    const seen = new Set(found.map(({ secret }) => secret.value));
    expect(values.filter((value) => !seen.has(value))).toEqual([]);
  });
});

/** Values of names that announce a secret, as forms, messages and programs write them. */
const NONE: [path: string, text: string][] = [
  ['www/form.js', "{ name: 'a', password: 'current-password' }"],
  ['www/form.js', "{ password: 'new-password', pass: 'light-accumulation' }"],
  ['www/form.html', '<input name="password" value="enter-here-please">'],
  ['www/texts.js', "const labels = { password: 'motdepasse', confirmPassword: 'wachtwoordje' };"],
  ['www/texts.js', "texts = { confirmPassword: 'walnut-bridge', weakPassword: 'castle-pencil' };"],
  ['www/filler.js', "user = { login: 'a', password: 'asdfasdfasdf' };"],
  ['www/things.js', "user = { password: 'orange-response-status', passwd: 'defaultwalnut' };"],
  ['www/things.js', "user = { password: 'walnutusername', passwd: 'walnutcastlepath' };"],
  ['www/types.js', "user = { password: 'WalnutResponse', passwd: 'ChallengeCastle' };"],
  ['www/css.js', "styles = { password: 'password-field', passwordIcon: 'walnut-bridge' };"],
  ['www/types.ts', "enum Kind { Password = 'hidden-text', Passphrase = 'masked_input' }"],
  [
    'app/forms.py',
    "ERRORS = {'password': 'invalid-length', 'password_mismatch': 'walnut-bridge'}\n",
  ],
  ['app/forms.py', "sensitive('password', 'credit_card')\nfields = ['password', 'walnut_size']\n"],
  ['app/conn.py', "params = {'password': password, 'virtual_host': virtual_host}\n"],
  ['app/keys.py', "password = 'user_password'\nPASSWORD_KEY = 'smtp_entry_walnut'\n"],
  ['app/auth.py', "if kind.password == 'orchestration':\n    pass\n"],
  ['app/plan.py', "FIRST_PASS = 'walnut-removal'\nSINGLE_PASS_STRATEGY = 'castle-bridge'\n"],
  ['app/ref.yaml', 'password_file: walnut-bridge\nsecretName: walnut-castle\nsecret: castle-tls\n'],
  ['app/ref.yaml', 'data:\n- secretKey: walnut-castle\n  remoteRef: {key: walnut-castle}\n'],
  ['app/ingress.yaml', 'nginx.ingress.kubernetes.io/auth-secret: walnut-castle\n'],
  ['app/code.go', 'password = pencilcastle\nuser.Password = orangecastle\n'],
  ['app/log.txt', 'PASS: walnut-bridge\nPASS: castle-pencil-one\n'],
];

describe('words that are no password', () => {
  test.each(NONE)('%s: %s', (path, text) => {
    expect(scanContent(text, `srv/${path}`)).toEqual([]);
  });

  test.each([
    'usr/lib/python3/dist-packages/pkg/client.py',
    'srv/app/node_modules/pkg/client.js',
    'usr/share/pkg/client.rb',
    'srv/app/docs/client.py',
    'srv/app/tests/client.py',
    'srv/app/locales/de.json',
  ])('in %s', (path) => {
    expect(scanContent(`{"password": "${chosen(1)}"}\n`, path)).toEqual([]);
  });
});
