import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ContentScanner } from '../../../src/engine/secrets/content-scanner.ts';
import { fileKind } from '../../../src/engine/secrets/file-kind.ts';
import type { Detection } from '../../../src/engine/secrets/finding.ts';
import { namedTextAt, type TextWindow } from '../../../src/engine/secrets/named-text.ts';
import { secretKind, wordsOf } from '../../../src/engine/secrets/names.ts';
import { maskOf, preview } from '../../../src/engine/secrets/preview.ts';
import { constructedToken } from '../../make/sample-source.ts';

function scan(content: string, path = 'app/config.py'): Detection[] {
  const bytes = new TextEncoder().encode(content);
  const scanner = new ContentScanner();
  scanner.begin(fileKind(path), bytes.length);
  scanner.push(bytes);
  return scanner.end();
}

function windowOf(text: string): TextWindow {
  return { text, lineEnd: text.length, settings: false };
}

const RANDOM = Buffer.from(constructedToken('a password'), 'hex')
  .toString('base64')
  .slice(0, 24)
  .replace(/[+/]/g, 'x');

describe('names', () => {
  test.each([
    'password',
    'DB_PASSWORD',
    'dbPassword',
    'github-token',
    'accessToken',
    'API_KEY',
    'apiKey',
    'client_secret',
    'AWS_SECRET_ACCESS_KEY',
    'encryption_key',
  ])('%s names a secret', (name) => {
    expect(secretKind(name)).toBeDefined();
  });
  test.each([
    'password_field',
    'token_url',
    'TokenType',
    'secret_name',
    'public_key',
    'primary_key',
    'next_token',
    'pad_token',
    'keyboard',
    'bypass',
    'compass',
    'tokenizer',
    'key',
    'cache_key',
    'tokenConstructor',
    'toString',
    'password_hash',
    'author',
    'constructor',
  ])('%s does not', (name) => {
    expect(secretKind(name)).toBeUndefined();
  });
});

describe('named values in text', () => {
  test.each([
    ['password = "abc123"', 'abc123', true],
    ["'password': 'abc123',", 'abc123', true],
    ['"password": "abc123"', 'abc123', true],
    ['\\"password\\": \\"abc123\\"', 'abc123', true],
    ['password: abc123 # comment', 'abc123', false],
    ['export password=abc123', 'abc123', false],
    ['ENV password abc123', 'abc123', false],
    ['tool --password abc123 --user x', 'abc123', false],
    ['tool --password=abc123', 'abc123', false],
    ['<password>abc123</password>', 'abc123', true],
    ['<add key="password" value="abc123"/>', 'abc123', true],
    ['password: str = "abc123"', 'abc123', true],
    ['password: str | None = "abc123"', 'abc123', true],
    ['password := `abc123`', 'abc123', true],
    ['$password = b"abc123";', 'abc123', true],
    ['set("password", "abc123")', 'abc123', true],
    ['password = SecretStr("abc123")', 'abc123', true],
    ['machine x login y password abc123', 'abc123', false],
    ['if password == "abc123":', 'abc123', true],
  ])('%s', (line, value, exact) => {
    expect(namedTextAt(windowOf(line), line.indexOf('password'))).toMatchObject({
      name: 'password',
      value,
      exact,
    });
  });

  test.each([
    'the password is wrong',
    'password',
    'password =',
    'def f(password, token):',
    'password=',
    'password: # none',
  ])('%s names no value', (line) => {
    expect(namedTextAt(windowOf(line), line.indexOf('password'))?.value ?? '').toBe('');
  });
});

describe('the judge is quiet', () => {
  test.each([
    'password = "changeme"',
    'password = "your-password-here"',
    'PASSWORD=${DB_PASSWORD}',
    'token: {{ .Values.token }}',
    'password = os.environ["DB_PASSWORD"]',
    'token = get_token(request)',
    'password = "********"',
    'secret_key = "secret"',
    'password = None',
    'api_key = "xxxxxxxxxxxxxxxxxxxxxxxx"',
    'token = "0123456789abcdef"',
    'self.token = token.value',
    'raise ValueError("password: must have 8 characters")',
    'postgres://user:password@host/db',
    'https://user:pass@example.com/',
    '-----BEGIN RSA PRIVATE KEY-----',
    '"-----BEGIN PRIVATE KEY-----" not in data',
    'revision = "0d6a4f5b6c7d8e9f0a1b2c3d4e5f60718293a4b5"',
    'sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"',
  ])('%s', (line) => {
    expect(scan(line)).toEqual([]);
  });
});

describe('the judge finds', () => {
  test('a random password, and says why', () => {
    expect(scan(`db_password = "${RANDOM}"`)).toMatchObject([
      {
        rule: { id: 'generic-password' },
        value: RANDOM,
        severity: 'high',
        line: 1,
        column: 16,
        name: 'db_password',
      },
    ]);
  });

  test('a password in a URL, decoded, with its user and host', () => {
    expect(
      scan('DATABASE_URL=postgresql://app:Tr0ub%40dor7@db.internal:5432/main', '.env'),
    ).toMatchObject([
      {
        rule: { id: 'url-password' },
        value: 'Tr0ub@dor7',
        facts: { user: 'app', host: 'db.internal' },
        line: 1,
      },
    ]);
  });

  test('a prefix-less token by its name alone', () => {
    const token = constructedToken();
    expect(scan(`GITHUB_TOKEN = "${token}"`)).toMatchObject([
      { rule: { id: 'github-pat-legacy-40hex' }, severity: 'critical' },
    ]);
    expect(scan(`access_token = "${token}"`)).toMatchObject([{ rule: { id: 'generic-token' } }]);
    expect(scan(`__revision__ = "${token}"`)).toEqual([]);
  });

  test('the secret key beside an access key ID', () => {
    const id = ['AKIA', 'QZ7RTYHNVB2DK3WX'].join('');
    const secret = Buffer.from(
      constructedToken('an AWS key') + constructedToken('the rest of it'),
      'hex',
    )
      .toString('base64')
      .slice(0, 40);
    const found = scan(`KEYS = ("${id}", "${secret}")`);
    expect(found.map(({ rule, value }) => [rule.id, value])).toEqual([
      ['aws-akia', id],
      ['aws-secret', secret],
    ]);
  });

  test('is not any value beside the ID whose name says another thing', () => {
    const id = ['AKIA', 'QZ7RTYHNVB2DK3WX'].join('');
    const drawn = (label: string): string =>
      Buffer.from(constructedToken(label) + constructedToken(`${label}, on`), 'hex')
        .toString('base64')
        .slice(0, 40);
    const [secret, other] = [drawn('a secret key'), drawn('another value')];
    const lines = [
      `AWS_ACCESS_KEY_ID=${id}`,
      `COMMIT=${other}`,
      `AWS_SECRET_ACCESS_KEY=${secret}`,
      `RECAPTCHA_SITE_KEY=${drawn('a site key')}`,
      `ASSET=static/js/Main9Chunk/aB3dE5fG7hJ9kL1mN2p`,
    ];
    const found = scan(`${lines.join('\n')}\n`, 'app/.env');
    expect(found.filter(({ rule }) => rule.id === 'aws-secret').map(({ value }) => value)).toEqual([
      secret,
    ]);
    const alone = scan(`${id}\nclientId: '${other}'\n`, 'app/a.yml');
    expect(alone.map(({ rule }) => rule.id)).toEqual(['aws-akia']);
  });

  test.each(['!Sommer2031', '@Sommer2031', 'xK#9$(vQ2m!L'])('a password may be %s', (password) => {
    expect(scan(`DB_PASSWORD='${password}'\n`, 'app/.env').map(({ value }) => value)).toEqual([
      password,
    ]);
  });

  test.each([
    '!Ref DbPassword',
    '!vault',
    '@DB_PASSWORD@',
    '$(cat /run/x)',
    'a$(cat y)b',
    'ENC(G6N718UuyPE5bHyWKyuLQSm02auQPUtm)',
  ])('%s is no password, but where one is kept', (reference) => {
    expect(scan(`DB_PASSWORD: '${reference}'\n`, 'app/a.yml')).toEqual([]);
  });

  test.each([
    [16, 0.08],
    [20, 0.05],
    [32, 0.005],
  ])(
    'of values of %i letters and digits that are drawn at random hardly one is missed',
    (length, share) => {
      const all = Array.from({ length: 2000 }, (_, i) =>
        Buffer.from(constructedToken(`drawn ${i}`) + constructedToken(`on ${i}`), 'hex')
          .toString('base64')
          .replace(/[+/=]/g, '')
          .slice(0, length),
      );
      const missed = all.filter((value) => scan(`api_token = "${value}"`).length === 0);
      expect(missed.length).toBeLessThan(all.length * share);
    },
  );

  test.each(['LEGACY_TOKEN', 'FACEBOOK_PAGE_TOKEN', 'REQUEST_SECRET'])(
    'a variable %s is one by its value',
    (name) => {
      const value = Buffer.from(constructedToken(name), 'hex').toString('base64').slice(0, 26);
      expect(scan(`${name}=${value}\n`, 'app/.env').map((one) => one.value)).toEqual([value]);
      expect(scan(`${name}=hello\nNEXT_PAGE_TOKEN=${value}\n`, 'app/.env')).toEqual([]);
    },
  );

  test('keys of Django in a list', () => {
    const key = `${constructedToken('one key').slice(0, 20)}!#$%^&*(${constructedToken('two').slice(0, 22)}`;
    const text = `SECRET_KEY_FALLBACKS = ['${key}']\n`;
    expect(scan(text, 'srv/shop/settings.py').map(({ value }) => value)).toEqual([key]);
  });

  test.each([
    ['bot.py', (token: string) => `client.run("${token}")\n`],
    ['bot.js', (token: string) => `client.login('${token}');\n`],
    ['.env', (token: string) => `BOT_TOKEN=${token}\n`],
  ])('the token of a bot of Discord in %s', (path, write) => {
    const id = Buffer.from('175928847299117063').toString('base64url');
    const drawn = constructedToken('a bot').repeat(2);
    const token = `${id}.${drawn.slice(0, 6)}.${drawn.slice(6, 44)}`;
    expect(scan(write(token), `srv/${path}`)).toMatchObject([
      { rule: { id: 'discord-bot' }, value: token },
    ]);
    expect(scan(write('production'), `srv/${path}`)).toEqual([]);
  });

  test('private keys of every kind, encrypted or not, and nothing without a body', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const pem = (type: 'pkcs1' | 'pkcs8', cipher?: string): string =>
      privateKey
        .export({ type, format: 'pem', ...(cipher && { cipher, passphrase: 'x' }) })
        .toString();
    const title = (text: string): string[] => scan(text, 'id_rsa').map(({ rule }) => rule.title);
    expect(title(pem('pkcs1'))).toEqual(['Private key, RSA, not encrypted']);
    expect(title(pem('pkcs8'))).toEqual(['Private key, PKCS #8, not encrypted']);
    expect(title(pem('pkcs8', 'aes-256-cbc'))).toEqual(['Private key, PKCS #8, encrypted']);
    expect(title(pem('pkcs1', 'aes-256-cbc'))).toEqual(['Private key, RSA, encrypted']);
    expect(title(`KEY = "${pem('pkcs8').replaceAll('\n', '\\n')}"`)).toEqual([
      'Private key, PKCS #8, not encrypted',
    ]);
    expect(title(pem('pkcs8').replace(/[A-Za-z0-9+/]{20}/, '!'))).toEqual([]);
  });
});

describe('secrets that stand where their name does not', () => {
  test.each([
    `API_TOKEN = os.getenv("API_TOKEN") or "${RANDOM}"`,
    `API_TOKEN = os.getenv("API_TOKEN", "${RANDOM}")`,
    `SECRET_KEY = config('SECRET_KEY', default='${RANDOM}')`,
    `const apiKey = process.env.API_KEY || "${RANDOM}";`,
    `const apiKey = process.env.API_KEY ?? '${RANDOM}';`,
    `{"Authorization": "Bearer ${RANDOM}"}`,
    `Authorization: Bearer ${RANDOM}`,
    `- name: DB_PASSWORD\n  value: "${RANDOM}"`,
    `- name: DB_PASSWORD\n  value: ${RANDOM}`,
    `- {name: API_TOKEN, value: "${RANDOM}"}`,
  ])('%s', (text) => {
    expect(scan(text, 'app/deploy.yaml').map(({ value }) => value)).toEqual([RANDOM]);
  });

  test.each([
    '- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef: x',
    '- name: password\n  description: "not a value"',
    'const token = getToken("API_TOKEN");',
  ])('%s is none', (text) => {
    expect(scan(text, 'app/deploy.yaml')).toEqual([]);
  });
});

test('what is in tests counts for less, and says so', () => {
  const [detection] = scan(`sk = "sk_live_${RANDOM}"`, 'app/tests/test_pay.py');
  expect(detection).toMatchObject({ severity: 'high' });
  expect(detection?.why).toContain('stands among tests or examples');
});

test('a preview shows little, of a short secret least, and masks longest first', () => {
  expect(preview('0123456789012345678901234567890123456789')).toBe('0123…6789');
  expect(preview('hunter2-pass')).toBe('hu…ss');
  expect(preview('hunter2')).toBe('h…2');
  expect(preview('-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----')).toBe(
    '-----BEGIN PRIVATE KEY-----…',
  );
  expect(maskOf(['hunter2', 'hunter2-pass'])('a hunter2 b hunter2-pass c')).toBe('a h…2 b hu…ss c');
});

test('names fall into words at signs and capitals', () => {
  // What the words are, said by expressions.
  const byExpressions = (name: string): string[] =>
    name
      .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
      .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .filter(Boolean);
  const piece = fc.constantFrom('a', 'key', 'HTTP', 'Z', 'Server', '2', '_', '-', '.', ' ', 'é');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      expect(wordsOf(pieces.join(''))).toEqual(byExpressions(pieces.join('')));
    }),
    { numRuns: 2000 },
  );
});
