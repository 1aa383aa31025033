/** Secrets that their file makes out: files that are one secret, tokens of registries, published clients, tests. */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { constructedToken } from '../../make/sample-source.ts';
import { scanContent as scan } from '../../make/scan-content.ts';

const HEX = constructedToken('the content of a file');
const HEX_32 = HEX.slice(0, 32);
const HEX_256 = `${HEX}${constructedToken('b')}`.repeat(4).slice(0, 256);
const WORDS = ['correct', 'horse'].join('');
const P = ['Tr0ub', '4dor', '&3x'].join('');
const COOKIE = Array.from(
  HEX.slice(0, 20),
  (digit) => 'ABCDEFGHIJKLMNOP'[parseInt(digit, 16)],
).join('');
const UUID = HEX.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

describe('a file that is one secret', () => {
  test.each([
    ['srv/app/config/master.key', HEX_32, 'rails-master-key'],
    ['srv/app/config/credentials/production.key', `${HEX_32}\n`, 'rails-master-key'],
    ['run/secrets/db_password', WORDS, 'mounted-secret'],
    ['run/secrets/smtp', `${P}\n`, 'mounted-secret'],
    ['srv/ansible/.vault_pass', `${WORDS}\n`, 'ansible-vault-password'],
    ['srv/ansible/vault-password-file.txt', WORDS, 'ansible-vault-password'],
    ['root/.ansible/.vault_password', P, 'ansible-vault-password'],
    ['root/.vault-token', UUID, 'vault-token-file'],
    ['var/lib/rabbitmq/.erlang.cookie', COOKIE, 'erlang-cookie'],
    ['var/lib/jenkins/secrets/initialAdminPassword', `${HEX_32}\n`, 'jenkins-initial-password'],
    ['var/lib/jenkins/secrets/master.key', HEX_256, 'jenkins-master-key'],
    ['var/jenkins_home/secret.key', HEX_256.slice(0, 64), 'jenkins-master-key'],
    ['srv/app/secret_key', HEX, 'secret-key-file'],
    ['srv/app/.flask_secret_key', `${P}${P}\n`, 'secret-key-file'],
    [
      'root/.docker/.token_seed',
      Buffer.from(HEX_256.slice(0, 64), 'hex').toString('base64'),
      'docker-token-seed',
    ],
    ['var/lib/rancher/k3s/server/node-token', `K10${HEX_32}::server:${HEX}`, 'k3s-token'],
    ['var/lib/kubelet/pods/1/volumes/kubernetes.io~secret/db/key', HEX_32, 'mounted-secret'],
    ['srv/app/db_password.txt', `${WORDS}\n`, 'password-file'],
    ['srv/app/secrets/api_token', HEX_32, 'password-file'],
  ])('%s', (path, content, rule) => {
    expect(scan(content, path)).toMatchObject([
      { rule: { id: rule }, value: content.trim(), offset: 0, line: 1, confidence: 'high' },
    ]);
  });

  test.each([
    ['srv/app/config/master.key', '-----BEGIN PUBLIC KEY-----\nMFkw\n'],
    ['run/secrets/db_user', 'application'],
    ['run/secrets/kubernetes.io/serviceaccount/namespace', 'production'],
    ['run/secrets/ca.crt', HEX],
    ['srv/ansible/.vault_pass', '#!/bin/sh\npass show vault\n'],
    ['srv/ansible/.vault_pass', '${VAULT_PASSWORD}'],
    ['var/lib/jenkins/secrets/slave-to-master-security-kill-switch', 'false'],
    ['srv/app/secrets/index.ts', 'export default {};'],
    ['srv/app/secrets/readme', 'nothing'],
    ['srv/app/passwords.txt', 'one1\ntwo2\nthree3\n'],
    ['srv/app/forgot_password.txt', 'Please follow this link to set a password:'],
    ['srv/app/db_password.txt', 'changeme'],
    ['srv/app/secret_key', '\0\x01\x02'],
    ['srv/app/secret_key', ''],
  ])('%s holding %j is none', (path, content) => {
    expect(scan(content, path).filter(({ severity }) => severity !== 'info')).toEqual([]);
  });
});

describe('tokens of registries', () => {
  test('a UUID for a private host is that registry’s, for npm’s own it is npm’s', () => {
    const line = (host: string): string => `//${host}/:_authToken=${UUID}\n`;
    expect(scan(line('nexus.internal/repository/npm'), 'root/.npmrc')).toMatchObject([
      {
        rule: { id: 'package-registry-token' },
        severity: 'high',
        value: UUID,
        facts: { host: 'nexus.internal/repository/npm' },
      },
    ]);
    expect(scan(line('registry.npmjs.org'), 'root/.npmrc')).toMatchObject([
      { rule: { id: 'npm-legacy' }, severity: 'critical', value: UUID },
    ]);
  });

  test('an identity token of Docker’s is a refresh token', () => {
    const text = JSON.stringify({ auths: { 'r.internal': { auth: '', identitytoken: UUID } } });
    expect(scan(text, 'root/.docker/config.json')).toMatchObject([
      { rule: { id: 'registry-identity-token' }, severity: 'high', facts: { host: 'r.internal' } },
    ]);
  });
});

describe('whose password it is stands in the facts', () => {
  const coded = Buffer.from(`deploy:${P}`).toString('base64');
  test.each([
    ['root/.npmrc', `//r.internal/:_auth=${coded}\n`, { host: 'r.internal', user: 'deploy' }],
    ['root/.npmrc', `_auth = "${coded}"\n`, { user: 'deploy' }],
    [
      'root/.docker/config.json',
      JSON.stringify({ auths: { 'r.internal': { auth: coded } } }),
      { host: 'r.internal', user: 'deploy' },
    ],
    [
      'root/.dockercfg',
      JSON.stringify({ 'r.internal': { auth: coded, email: 'ann@r.internal' } }),
      { host: 'r.internal', user: 'deploy' },
    ],
    [
      'root/.netrc',
      `machine r.internal login deploy password ${P}\n`,
      { host: 'r.internal', user: 'deploy' },
    ],
    [
      'root/.pgpass',
      `db.internal:5432:shop:deploy:${P}\n`,
      { host: 'db.internal', database: 'shop', user: 'deploy' },
    ],
    ['srv/app/client.conf', `Authorization: Basic ${coded}\n`, { user: 'deploy' }],
  ])('%s: %s', (path, content, facts) => {
    expect(scan(content, path)).toMatchObject([{ value: P, facts }]);
  });

  test('of a token too that stands where a password may', () => {
    const token = `glpat-${HEX.slice(0, 20)}`;
    const auth = Buffer.from(`robot:${token}`).toString('base64');
    const text = JSON.stringify({ auths: { 'r.internal': { auth } } });
    expect(scan(text, 'root/.docker/config.json')).toMatchObject([
      { value: token, facts: { host: 'r.internal', user: 'robot' } },
    ]);
  });
});

describe('what Google gives out', () => {
  test('the published secret of the Cloud SDK is information, the refresh token beside it is not', () => {
    const secret = ['d-FL95Q19q', '7MQmFpd7hHD0Ty'].join('');
    const refresh = `1//0${HEX}${HEX}`;
    const text = JSON.stringify({
      client_id: '764086051850-x.apps.googleusercontent.com',
      client_secret: secret,
      refresh_token: refresh,
      type: 'authorized_user',
    });
    const found = scan(text, 'root/.config/gcloud/application_default_credentials.json');
    expect(found.map(({ value, severity }) => [value, severity])).toEqual([
      [secret, 'info'],
      [refresh, 'critical'],
    ]);
    const other = text.replace(secret, HEX.slice(0, 24));
    expect(scan(other, 'root/.config/gcloud/x.json')[0]?.severity).not.toBe('info');
  });

  test('the default that Grafana comes with is information too', () => {
    const value = ['SW2YcwTIb9', 'zpOOhoPsMm'].join('');
    expect(scan(`secret_key = ${value}\n`, 'etc/grafana/grafana.ini')).toMatchObject([
      { value, severity: 'info' },
    ]);
  });

  test('a service account’s key is called so, with its fingerprint', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const account = {
      type: 'service_account',
      private_key_id: HEX,
      private_key: key,
      client_email: 'robot@shop.iam.gserviceaccount.com',
    };
    const plain = scan(key, 'srv/app/key.pem');
    expect(scan(JSON.stringify(account, null, 2), 'srv/app/account.json')).toMatchObject([
      {
        rule: { title: 'Google service account key', provider: 'Google' },
        severity: 'critical',
        facts: {
          user: account.client_email,
          'key ID': HEX,
          'SPKI SHA-256': plain[0]?.facts['SPKI SHA-256'],
        },
      },
    ]);
    expect(plain[0]?.rule.id).toBe('private-key');
    expect(plain[0]?.facts['SPKI SHA-256']).toMatch(/./);
  });
});

describe('a password where examples stand is shown, and never loud', () => {
  test.each([
    ['srv/app/tests/test_login.py', `password = "${P}"\n`],
    ['srv/app/spec/login_spec.rb', `password = '${P}'\n`],
    ['srv/app/mocks/user.json', `{"password": "${P}"}`],
    ['srv/app/mocks/user.json', `{"password": "${WORDS}"}`],
    ['srv/app/examples/config.yml', `db_password: ${WORDS}\n`],
    ['srv/app/docs/setup.md', `DB_PASSWORD=${P}\n`],
    ['srv/app/docs/setup.md', `curl -u deploy:${P} https://repo/\n`],
    ['srv/app/docs/setup.md', `postgres://app:${P.replace('&', '')}@db.internal/main\n`],
    ['srv/app/tests/test_db.py', `URL = "postgres://app:${P.replace('&', '')}@db.internal/main"\n`],
  ])('%s: %s', (path, text) => {
    const found = scan(text, path);
    expect(found).toHaveLength(1);
    expect(['info', 'low']).toContain(found[0]?.severity);
  });
});

describe('a password in a sentence of somebody’s notes', () => {
  const DRAWN = Buffer.from(HEX, 'hex').toString('base64').replace(/\W/g, '').slice(2, 14);

  test.each([
    `Router password is ${DRAWN}\n`,
    `The password for the router is: ${DRAWN}.\nBye\n`,
    `wifi password ${DRAWN}\n`,
    `Ann's password was '${P}' (old)\n`,
  ])('%s', (text) => {
    const [found] = scan(text, 'root/notes.txt');
    expect([P, DRAWN]).toContain(found?.value);
    expect(text.slice(found?.offset)).toMatch(found?.value.slice(0, 8) ?? 'none');
    expect(scan(text, 'usr/share/doc/x/notes.txt')).toEqual([]);
  });

  test.each([
    'The password is Base64Encoded1.\nThe password is SHA256Hashed\n',
    'The password is required for UserAccount2\nYour password is too short!\n',
    'wifi password 8characters\nThe password for ServerName01 is unknown\n',
  ])('%s holds none', (text) => {
    expect(scan(text, 'root/notes.txt')).toEqual([]);
  });
});

describe('a password that stands where it tells of itself', () => {
  const MIXED = ['vR7k', 'Pq2mXw'].join('');
  test.each([
    ['srv/app/a.js', `// admin password: ${MIXED}\n`],
    ['srv/app/a.js', `start(); /* pwd = ${MIXED} */\n`],
    ['srv/app/a.py', `#password=${MIXED}\n`],
    ['srv/app/index.html', `<p></p><!-- admin password: ${MIXED} -->\n`],
    ['srv/app/dist/bundle.js', `!function(){var e={password:"${MIXED}"}}();\n`],
    ['etc/asterisk/sip.conf', `[100]\nsecret=${MIXED}\n`],
    ['etc/samba/credentials', `username=me\npassword=${MIXED}\n`],
    ['root/.smbcredentials', `username=me\npassword=${MIXED}\n`],
    ['root/.mongo_history', `db.changeUserPassword("me", "${MIXED}")\n`],
    ['srv/paypal.php', `'API_SIGNATURE' => 'A${HEX_256.slice(0, 55)}',\n`],
  ])('%s: %s', (path, text) => {
    expect(scan(text, path)).toHaveLength(1);
  });

  test('under an account in a Secret of Kubernetes, whatever base64 makes of it', () => {
    const words = ['walnut', 'copper'].join('-');
    const text = `kind: Secret\nstringData:\n  admin: ${words}\n`;
    expect(scan(text, 'srv/k8s/secret.yaml').map(({ value }) => value)).toEqual([words]);
  });

  test.each([
    ['srv/app/a.js', '// password: see the README\n'],
    ['srv/app/a.js', '// password: config.dbPassword2\n'],
    ['srv/app/a.js', `const a = b; // https://x.local/?password=${MIXED}&c=d e\n`],
    ['srv/app/a.js', `password: ${MIXED}\n`],
    ['srv/app/a.py', '# token: Base64Url of the body\n'],
    ['etc/app.conf', 'secret=enabled\n'],
  ])('and none in %s: %s', (path, text) => {
    expect(scan(text, path)).toEqual([]);
  });
});
