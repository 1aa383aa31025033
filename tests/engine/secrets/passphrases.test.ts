/** Passwords and signing secrets of words with blanks, of letters alone, and of pieces with dots between. */
import { describe, expect, test } from 'vitest';
import { scanBytecode } from '../../../src/engine/scan/scan-bytecode.ts';
import { fileKind } from '../../../src/engine/secrets/file-kind.ts';
import { assigningPyc } from '../../make/assigning-pyc.ts';
import { scanContent as scan } from '../../make/scan-content.ts';

const PHRASE = ['my', 'tulip', 'garden'].join(' ');
const TWO = ['blue', 'tiger7'].join(' ');
const HYPHENS = ['tulip', 'garden', 'green', 'lantern'].join('-');
const LETTERS = ['QzVh', 'TkwMxr'].join('');
const DOTTED = ['abc', 'def9', 'X'].join('.');

const values = (text: string, path: string): string[] => scan(text, path).map(({ value }) => value);

describe('is found', () => {
  test.each([
    ['server.js', `app.use(session({ secret: '${PHRASE}', resave: false }));`, PHRASE],
    ['server.js', `app.use(session({ secret: ['${PHRASE}', other] }));`, PHRASE],
    ['server.js', `cookieSession({ name: 'session', keys: ['${HYPHENS}'] })`, HYPHENS],
    ['server.js', `app.use(cookieParser('${PHRASE}'))`, PHRASE],
    ['server.js', `const token = jwt.sign(payload, '${PHRASE}');`, PHRASE],
    ['server.js', `const JWT_SECRET = process.env.JWT_SECRET || '${PHRASE}';`, PHRASE],
    ['server.js', `const secret = '${PHRASE}';\njwt.sign(payload, secret);`, PHRASE],
    ['server.js', `register(require('@fastify/jwt'), { secret: '${PHRASE}' })`, PHRASE],
    ['server.js', `new Keygrip(['${PHRASE}'])`, PHRASE],
    ['index.php', `$cfg['blowfish_secret'] = '${PHRASE}';`, PHRASE],
    ['index.php', `putenv('DB_PASSWORD=${TWO}');`, TWO],
    ['web.config', `<add connectionString="Server=h;User Id=sa;Password=${TWO};"/>`, TWO],
    ['views.py', `app.secret_key = b"${PHRASE}"`, PHRASE],
    ['views.py', `app.config.update(SECRET_KEY='${PHRASE}')`, PHRASE],
    ['views.py', `key: bytes = b"${PHRASE}"\nhmac.new(key, message, sha256)`, PHRASE],
    ['views.py', `password = "${TWO}"`, TWO],
    ['views.py', `password = "${LETTERS}"`, LETTERS],
    ['Program.java', `private static final String SECRET_KEY = "${PHRASE}";`, PHRASE],
    ['main.go', `var jwtKey = []byte("${PHRASE}")`, PHRASE],
    ['appsettings.json', `{ "Jwt": { "Key": "${HYPHENS}" } }`, HYPHENS],
    ['appsettings.json', `{ "JwtSettings": { "SecretKey": "${HYPHENS}" } }`, HYPHENS],
    ['.env', `SECRET_KEY=${TWO}`, TWO],
    ['.env', `APP_SECRET="${PHRASE}"`, PHRASE],
    ['.env', `PASSWORD=${DOTTED}`, DOTTED],
    ['run.sh', `export DB_PASSWORD=${DOTTED}`, DOTTED],
    ['app.ini', `password = ${DOTTED}`, DOTTED],
    ['Dockerfile', `ENV DB_PASSWORD=${DOTTED}`, DOTTED],
    ['db.php', `$password = '${TWO}';`, TWO],
    ['db.php', `define('DB_PASSWORD', '${TWO}');`, TWO],
    ['auth.lua', `local ok, err = red:auth("${LETTERS}")`, LETTERS],
    ['auth.php', `$redis->auth(['default', '${TWO}']);`, TWO],
  ])('in %s: %s', (name, text, secret) => {
    expect(values(`${text}\n`, `srv/app/${name}`)).toEqual([secret]);
  });
});

describe('is not found', () => {
  test.each([
    ['form.js', "const labels = { password: 'enter it again', secret: 'shared with your team' };"],
    ['form.js', "errors.password = 'at least 8 characters';"],
    ['form.js', "password: 'too short'"],
    ['form.js', "password: 'Blue Tiger'"],
    ['form.py', 'password = "must match"'],
    ['form.py', 'PASSWORD = "reset by email"'],
    ['form.py', 'db_password = "database password"'],
    ['server.js', "const secret = 'tulip two garden';\nopen(secret);"],
    ['server.js', "const NAMES = ['DB_PASSWORD=', 'DB_USER=app'];"],
    ['views.py', 'key = b"some other thing"\nprint(key)'],
    ['app.ini', 'password = config.Values.db1'],
    ['app.ini', 'password = store.production.txt'],
    ['run.sh', 'PASSWORD=secrets.db1.password'],
    ['auth.lua', 'red:auth("$password")'],
    ['app.yml', 'jwt:\n  secretKey: app-signing-lantern\n'],
  ])('in %s: %s', (name, text) => {
    expect(values(`${text}\n`, `srv/app/${name}`)).toEqual([]);
  });
});

test('and in bytecode, under a name that says so', () => {
  const own = fileKind('srv/app/settings.pyc');
  const found = scanBytecode(assigningPyc('SECRET_KEY', PHRASE), own).detections;
  expect(found.map(({ detection }) => detection.value)).toEqual([PHRASE]);
  expect(scanBytecode(assigningPyc('SECRET_KEY', 'must be set by you'), own).detections).toEqual(
    [],
  );
});
