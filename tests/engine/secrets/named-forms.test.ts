/** The forms in which names and values are written: lists, sections, connection strings, pieces, commands. */
import { describe, expect, test } from 'vitest';
import { formatOf } from '../../../src/engine/secrets/compiled-formats.ts';
import { constructedToken } from '../../make/sample-source.ts';
import { exampleOf } from '../../make/secret-examples.ts';
import { scanContent as scan } from '../../make/scan-content.ts';

/** 24 characters drawn at random, the same in every run. */
const drawn = (sentence: string): string =>
  Buffer.from(constructedToken(sentence)).toString('base64').slice(3, 27);
const A = drawn('the first of a list');
const B = drawn('the second of a list');
const P = ['Tr0ub', '4dor', '&3x'].join('');
const W = ['correct', 'horse'].join('');
const GOOGLE = exampleOf((formatOf('gcp-api-key') as { row: Parameters<typeof exampleOf>[0] }).row);

/** The path, the text, and what is found in it: name and value. */
type Case = [string, string, ...[string, string][]];

function finds(cases: readonly Case[]): void {
  test.each(cases)('%s: %s', (path, text, ...expected) => {
    const found = scan(text, path);
    expect(found.map(({ name, value }) => [name, value])).toEqual(expected);
    for (const { offset, written, value } of found) {
      const stands = Buffer.from(text).subarray(offset).toString();
      expect(stands.startsWith(written ?? value)).toBe(true);
    }
  });
}

describe('lists under a name', () => {
  finds([
    ['srv/app/x.yaml', `api_keys: [${A}, ${B}]\n`, ['api_keys', A], ['api_keys', B]],
    ['srv/app/x.yaml', `tokens:\n- ${A}\n- "${B}" # ci\nx: 1\n`, ['tokens', A], ['tokens', B]],
    ['srv/app/x.yaml', `passwords: [${P}, ${W}]\n`, ['passwords', P], ['passwords', W]],
    ['srv/app/x.json', `{"apiKeys": [\n  "${A}",\n  "${B}"\n]}`, ['apiKeys', A], ['apiKeys', B]],
    ['srv/app/x.toml', `api_keys = ["${A}", "${B}"]`, ['api_keys', A], ['api_keys', B]],
    ['srv/app/x.py', `TOKENS = ("${A}", "${B}")`, ['TOKENS', A], ['TOKENS', B]],
    [
      'srv/app/x.py',
      `API_KEYS: list[str] = [\n    "${A}",  # ci\n    b"${B}",\n]`,
      ['API_KEYS', A],
      ['API_KEYS', B],
    ],
    [
      'srv/app/x.py',
      `API_KEYS = {"ci": "${A}", "x": "${B}"}`,
      ['API_KEYS.ci', A],
      ['API_KEYS.x', B],
    ],
    ['srv/app/x.go', `var apiKeys = []string{"${A}", "${B}"}`, ['apiKeys', A], ['apiKeys', B]],
    ['srv/app/x.js', `const tokens = ['${A}', '${B}'];`, ['tokens', A], ['tokens', B]],
    ['srv/app/x.py', `SECRETS = ["${A}"]`, ['SECRETS', A]],
    ['srv/app/x.py', `USERS = {"ann": "${P}", "bob": "see"}`, ['USERS.ann', P]],
    ['srv/app/x.py', `USERS: dict[str, str] = {\n    'ann': '${P}',\n}`, ['USERS.ann', P]],
    ['srv/app/x.py', `PASSWORDS = {"ann": "${P}"}`, ['PASSWORDS.ann', P]],
    ['srv/app/x.py', `CREDENTIALS = [("a", "x"), ("ann", "${P}")]`, ['CREDENTIALS.ann', P]],
    ['srv/app/x.php', `$users = ['ann' => '${P}'];`, ['users.ann', P]],
  ]);

  test.each([
    ['srv/app/x.py', 'max_tokens = [4096, 8192]\nTOKENS = ["if", "else", "identifier1"]'],
    ['srv/app/x.py', 'COMMON_PASSWORDS = ["hunter22", "Password1", "qwerty12"]'],
    ['srv/app/x.json', '{"tokens": {"color": {"type": "string16Max"}}}'],
    ['srv/app/x.yaml', 'imagePullSecrets:\n- name: registry-2024-a\nsecrets:\n  - source: db_1\n'],
    ['srv/app/x.py', 'USERS = {"ann": "Ann_Miller-7", "bob": "bob7@x.org", "c": "/home/C7"}'],
    ['srv/app/x.js', `const users = [{"nick": "${P}", "id": "${P}"}];`],
    ['srv/app/x.js', `x = {users: {"name": "${P}", "title": "${P}"}};`],
    ['srv/app/x.py', `WEAK_PASSWORDS = {"ann": "${P}"}`],
    ['srv/app/x.py', `users = {"ann": load("${P}")}\nCOLOURS = {"ann": "${P}"}`],
    ['srv/app/x.yaml', 'api_keys: []\npasswords:\n  - ${PASSWORD_1}\n'],
  ])('%s: %s are none', (path, text) => {
    expect(scan(text, path)).toEqual([]);
  });
});

describe('sections that give a common key its meaning', () => {
  finds([
    ['srv/app/appsettings.json', `{"Jwt": {"Key": "${A}", "Issuer": "x"}}`, ['Jwt.Key', A]],
    [
      'srv/app/appsettings.json',
      `{\n  // signs\n  "Jwt": {"Key": "${W} battery staple 1"}\n}`,
      ['Jwt.Key', `${W} battery staple 1`],
    ],
    ['srv/app/appsettings.Prod.json', `{"A": {"Token": {"Value": "${A}"}}}`, ['Token', A]],
    ['srv/app/config.yaml', `jwt:\n  issuer: x\n  key: ${A}\n`, ['jwt.key', A]],
    ['srv/app/config.yaml', `a:\n  api:\n    key: "${A}"\n  b: 1\n`, ['a.api.key', A]],
    ['srv/app/config.yaml', `password:\n  value: ${P}\n`, ['password', P]],
    ['srv/app/config.toml', `[jwt]\nkey = "${A}"\n`, ['jwt.key', A]],
    ['srv/app/app.ini', `[api]\nkey = ${A} ; of ours\n`, ['api.key', A]],
    ['srv/app/config.ts', `export const c = { jwt: { key: "${A}" } };`, ['jwt.key', A]],
    ['srv/app/config.js', `x = {\n  encryption: {key: '${A}'},\n}`, ['encryption.key', A]],
    ['srv/app/settings.py', `JWT = {"alg": "a", "key": "${A}"}`, ['JWT.key', A]],
    ['srv/app/config.php', `'jwt' => ['key' => '${A}'],`, ['jwt.key', A]],
    ['srv/app/config.json', `{"Stripe": {"Secret": "${A}"}}`, ['Secret', A]],
    ['srv/app/s.yaml', `kind: Secret\nstringData:\n  key: ${A}\n  id: x\n`, ['key', A]],
    ['srv/app/s.yaml', `kind: Secret\nstringData:\n  token: ${W}\n`, ['token', W]],
    [
      'srv/app/.bundle/config',
      `BUNDLE_GEMS__X__COM: "ab12:${P}"\nBUNDLE_PATH: "v"\n`,
      ['BUNDLE_GEMS__X__COM', P],
    ],
    [
      'srv/app/web.xml',
      `<param-name>dbPassword</param-name>\n<param-value>${W}</param-value>`,
      ['dbPassword', W],
    ],
    ['etc/nslcd.conf', `bindpw ${W}\n`, ['password', W]],
    ['srv/app/config.ini', `ldap_bind_pw = ${W}\n`, ['ldap_bind_pw', W]],
    ['etc/sssd/sssd.conf', `ldap_default_authtok = ${W}\n`, ['password', W]],
  ]);

  test.each([
    ['srv/app/config.yaml', 'sort:\n  key: createdAtTimestamp1\napi:\n  key: ${API_KEY}\n'],
    [
      'srv/app/appsettings.json',
      '{"Jwt": {"Key": "/etc/keys/jwt.pem"}, "Cache": {"Key": "a1 b2 c3 d4 e5 f6"}}',
    ],
    ['srv/app/config.ts', `x = { cache: { key: "${A}" }, jwt: { key: "id" } };`],
    ['srv/app/Table.ts', `x = { column: { key: "${A}" } };`],
    ['srv/app/config.yaml', 'password:\n  policy: strictest1\n  value: changeme\n'],
    [
      'srv/app/.bundle/config',
      'BUNDLE_BUILD__NOKOGIRI: "--use-system-libraries"\nBUNDLE_FROZEN: "true"\n',
    ],
  ])('%s: %s holds none', (path, text) => {
    expect(scan(text, path)).toEqual([]);
  });

  test('a Terraform state: what it drew, and outputs marked as sensitive', () => {
    const state = {
      version: 4,
      outputs: {
        db: { value: W, type: 'string', sensitive: true },
        zone: { value: 'eu-central-1a2b', type: 'string' },
      },
      resources: [
        { type: 'aws_db_instance', instances: [{ attributes: { result: 'available-1' } }] },
        { type: 'random_password', instances: [{ attributes: { length: 12, result: `${P}"` } }] },
      ],
    };
    const found = scan(JSON.stringify(state, null, 2), 'srv/app/terraform.tfstate');
    expect(found.map(({ name, value }) => [name, value])).toEqual([
      ['db', W],
      ['random_password.result', `${P}"`],
    ]);
  });
});

describe('connection strings', () => {
  finds([
    ['srv/app/main.go', `sql.Open("mysql", "app:${P}@tcp(db.internal:3306)/main")`, ['app', P]],
    ['srv/app/.env', `DSN=app:${W}@tcp(db.internal:3306)/main`, ['app', W]],
    ['srv/app/Main.java', `u = "jdbc:sqlserver://db;user=sa;password=${P};";`, ['password', P]],
    ['srv/app/a.properties', `url=jdbc:sqlserver://db;user=sa;password=${W}\n`, ['password', W]],
    ['srv/app/x.py', `connect("host=db dbname=x user=app password=${P}")`, ['password', P]],
    ['srv/app/x.py', `connect("host=db dbname=x user=app password=${W}")`, ['password', W]],
    ['srv/app/x.json', `{"Default": "Server=db;User Id=sa;Password=${W};"}`, ['Password', W]],
  ]);

  test.each([
    'sql.Open("mysql", user+":"+password+"@tcp(db:3306)/main")',
    'sql.Open("mysql", "user:password@tcp(localhost:3306)/main")',
    'fmt.Sprintf("%s:%s@tcp(%s)/main", u, p, h)',
    'connect("host=db user=app password=" + password)',
  ])('%s holds none', (text) => {
    expect(scan(text, 'srv/app/main.go')).toEqual([]);
  });
});

describe('values in pieces', () => {
  const [a, b] = [A.slice(0, 10), A.slice(10)];
  const [g, h] = [GOOGLE.slice(0, 15), GOOGLE.slice(15)];
  finds([
    ['srv/app/x.py', `API_TOKEN = (\n    "${a}"\n    "${b}"\n)`, ['API_TOKEN', A]],
    ['srv/app/x.py', `API_TOKEN = ("${a}" "${b}")`, ['API_TOKEN', A]],
    ['srv/app/x.py', `API_TOKEN = "${a}" \\\n    "${b}"`, ['API_TOKEN', A]],
    ['srv/app/x.js', `const apiKey = '${a}' + '${b}';`, ['apiKey', A]],
    ['srv/app/X.java', `String apiKey = "${a}"\n    + "${b}";`, ['apiKey', A]],
    ['srv/app/x.go', `apiKey := "${a}" +\n\t"${b}"`, ['apiKey', A]],
    ['srv/app/x.php', `$apiKey = '${a}' .\n  '${b}';`, ['apiKey', A]],
    ['srv/app/run.sh', `export API_TOKEN=${a}\\\n${b}\n`, ['API_TOKEN', A]],
    ['srv/app/run.sh', `export API_TOKEN="${a}\\\n${b}"\n`, ['API_TOKEN', A]],
    ['srv/app/x.yaml', `api_token: "${a}\\\n  ${b}"\n`, ['api_token', A]],
    [
      'srv/app/x.yaml',
      `password: >-\n  ${W} battery\n  staple mine\nuser: x\n`,
      ['password', `${W} battery staple mine`],
    ],
  ]);

  test('are known by their form, as a whole', () => {
    for (const text of [`API_KEY = (\n    "${g}"\n    "${h}"\n)`, `apiKey = "${g}" +\n  "${h}"`])
      expect(scan(text, 'srv/app/x.js')).toMatchObject([
        { rule: { id: 'gcp-api-key' }, value: GOOGLE },
      ]);
  });

  test('what stands beside a value is no piece of it', () => {
    const text = `password = "${P}"\n"user" = "${B}"\n`;
    expect(scan(text, 'srv/app/x.toml').map(({ value }) => value)).toEqual([P]);
    expect(scan(`key("token", "${A}", "${B}")`, 'srv/app/x.js').map(({ value }) => value)).toEqual([
      A,
    ]);
  });
});

describe('values in escapes', () => {
  const escaped = (text: string, form: (code: string) => string): string =>
    Array.from(text, (character) => form(character.charCodeAt(0).toString(16))).join('');
  const forms: [string, (code: string) => string][] = [
    ['\\u0041', (code) => `\\u00${code}`],
    ['\\x41', (code) => `\\x${code}`],
    ['\\x4F', (code) => `\\x${code.toUpperCase()}`],
  ];
  test.each(forms)('%s', (_, form) => {
    const google = escaped(GOOGLE, form);
    for (const text of [`call("${google}")`, `x = b"${google}"`, `api_key = "${google}"`])
      expect(scan(text, 'srv/app/x.py')).toMatchObject([
        { rule: { id: 'gcp-api-key' }, value: GOOGLE },
      ]);
    expect(scan(`API_TOKEN = "${escaped(A, form)}"`, 'srv/app/x.py')).toMatchObject([
      { rule: { id: 'generic-token' }, value: A },
    ]);
  });

  test('a single escape within a token', () => {
    const text = `call("${GOOGLE.slice(0, 6)}${escaped(GOOGLE.slice(6, 7), (code) => `\\u00${code}`)}${GOOGLE.slice(7)}")`;
    expect(scan(text, 'srv/app/x.js')).toMatchObject([{ value: GOOGLE }]);
  });

  test('tables of bytes take no longer than other text', () => {
    const seconds = (text: string): number => {
      const began = process.cpuUsage().user;
      scan(text, 'srv/app/table.py');
      return process.cpuUsage().user - began;
    };
    const table = '\\x41\\x6b\\x00\\u0041\\u0061'.repeat(40_000);
    seconds(table);
    expect(seconds(table)).toBeLessThan(2e6);
  });
});

describe('commands', () => {
  const history = (line: string, name: string, value: string): Case => [
    'root/.bash_history',
    `${line}\n`,
    [name, value],
  ];
  finds([
    history(`openssl enc -aes-256-cbc -k ${W} -in a`, 'openssl enc -k', W),
    history(`openssl enc -aes-256-cbc -pass pass:${W} -in a`, 'openssl -pass', W),
    history(`htpasswd -b .htpasswd admin ${W}`, 'htpasswd', W),
    history(`htpasswd -Bbn admin ${W} >> users`, 'htpasswd', W),
    history(`npm config set //r.internal/:_authToken ${A}`, 'npm config set', A),
    history(`npm config set //r.internal/:_authToken=${A}`, 'npm config set', A),
    history(`yarn config set npmAuthToken ${A}`, 'yarn config set', A),
    history(`aws configure set aws_session_token ${A}`, 'aws configure set aws_session_token', A),
    history(`lftp -u ftp,${W} host`, 'lftp -u', W),
    history(`sqlplus scott/${W}@db`, 'sqlplus', W),
    history(`keytool -list -storepass ${W}`, 'keytool -storepass', W),
    history(`rabbitmqctl add_user app ${W}`, 'rabbitmqctl add_user', W),
    history(`mc alias set s3 https://x access ${A}`, 'mc alias set', A),
    history(`ssh-keygen -t rsa -N ${W} -f x`, 'ssh-keygen -N', W),
    history(`zip -P ${W} a b`, 'zip - -P', W),
    history(`composer config http-basic.r.internal ci ${W}`, 'composer config', W),
    history(`kubectl create secret generic x --from-literal=password=${W}`, 'password', W),
    history(`PGPASSWORD=${W} psql`, 'PGPASSWORD', W),
  ]);

  test.each([
    'openssl rsa -passin env:PW -in k',
    'htpasswd -c .htpasswd admin',
    'npm config set registry https://r.internal/',
    "ssh-keygen -N '' -f x",
    'rabbitmqctl add_user app "$PASSWORD"',
    'gzip -P8 file',
    'composer config repositories.x vcs https://x/y',
  ])('%s takes none', (line) => {
    expect(scan(`${line}\n`, 'root/.bash_history')).toEqual([]);
  });
});
