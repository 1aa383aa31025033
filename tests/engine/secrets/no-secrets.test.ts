/** What looks like a secret by its name, its form or its place, and is none; and what stands in the same places and is one. */
import { describe, expect, test } from 'vitest';
import { noise } from '../../make/pieces.ts';
import { scanContent } from '../../make/scan-content.ts';

const characters = (length: number, seed: number, alphabet: string): string =>
  Array.from(noise(length, seed), (byte) => alphabet[byte % alphabet.length]).join('');
const HEX = '0123456789abcdef';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const SHA1 = characters(40, 3, HEX);
const SHA256 = characters(64, 4, HEX);
const CODED = characters(86, 5, LETTERS);
const TOKEN = `q7${characters(12, 6, LETTERS)}Z3`;

const loud = (text: string, path: string): string[] =>
  scanContent(text, path)
    .filter(({ severity }) => severity !== 'low' && severity !== 'info')
    .map(({ value }) => value);

describe('no secrets', () => {
  test.each([
    ['srv/.secrets.baseline', `{"a.py":[{"type":"Keyword","hashed_secret":"${SHA1}"}]}`],
    ['srv/appveyor.yml', `environment:\n  API_KEY:\n    secure: ${CODED}==\n`],
    ['srv/appveyor.yml', `deploy:\n- provider: X\n  auth_token:\n    secure: ${CODED}==\n`],
    ['srv/renovate.json', `{"encrypted":{"npmToken":"${CODED}${CODED}=="}}`],
    ['srv/renovate.json', `{"encrypted":{"token":"wcFMA/xDd${CODED}${CODED}"}}`],
    ['srv/passwd.txt', 'app:x:1000:1000::/home/app:/bin/sh\n'],
    ['srv/a.sql', `CREATE LOGIN a WITH PASSWORD = 0x0200${SHA256}${SHA256} HASHED;\n`],
    ['srv/a.sql', `INSERT INTO users (name, password) VALUES ('a','!${CODED.slice(0, 40)}');\n`],
    ['srv/a.sql', "INSERT INTO t VALUES ('password','Passwort#2'),('password','Kennwort!2');\n"],
    ['srv/a.py', `s3_key = "models/v1/model.bin"\nkey = "${SHA1}"\n`],
    ['srv/a.py', `if sha1(token) == "${SHA1}":\n`],
    ['srv/a.py', `assert digest(token) == "${SHA1}"\nassert hash_password("x") == "${SHA1}"\n`],
    ['srv/a.js', `if (hashPassword(password) === '${SHA256}') go();\n`],
    ['srv/a.php', `if (hash('sha256', $password) == '${SHA256}') {}\n`],
    ['srv/a.php', `if ('${SHA1}' === sha1($password)) {}\n`],
    ['srv/a.rb', `if Digest::SHA1.hexdigest(password) == '${SHA1}'\n`],
    ['srv/a.sh', 'git clone https://user:x-oauth-basic@github.com/a/b\n'],
    ['srv/a.sh', 'curl -u deployment_account: https://api.acme.dev/x\\n'],
    ['srv/a.sh', 'curl -u "$KEY:api_token" https://api.track.toggl.com/x\n'],
  ])('%s: %s', (path, text) => {
    expect(loud(text, path)).toEqual([]);
  });
});

describe('secrets in such places', () => {
  test.each([
    ['srv/appveyor.yml', `environment:\n  API_KEY: ${TOKEN}\n`, TOKEN],
    ['srv/renovate.json', `{"hostRules":[{"token":"${TOKEN}"}]}`, TOKEN],
    ['srv/passwd.txt', `${TOKEN}\n`, TOKEN],
    ['srv/a.py', `if normalise(token) == "${SHA1}":\n`, SHA1],
    ['srv/a.php', `if (hash_equals('${SHA1}', $_POST['token'])) {}\n`, SHA1],
    ['srv/.env', `AWS_REGION=eu\nAWS_SECRET_ACCESS_KEY=${SHA1}\n`, SHA1],
    ['srv/a.sh', `git clone https://${TOKEN}:x-oauth-basic@github.com/a/b\n`, TOKEN],
    ['srv/a.sh', `curl -u ${TOKEN}:api_token https://api.track.toggl.com/x\n`, TOKEN],
    ['srv/a.sh', `curl -u ${TOKEN}: https://api.acme.dev/x\n`, TOKEN],
    ['srv/a.sh', `curl -u ${TOKEN}:X https://acme.freshdesk.com/api\n`, TOKEN],
  ])('%s: %s', (path, text, value) => {
    expect(loud(text, path)).toEqual([value]);
  });
});
