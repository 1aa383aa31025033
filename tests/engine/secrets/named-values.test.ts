import { describe, expect, test } from 'vitest';
import { CONFIGURATION, fileKind } from '../../../src/engine/secrets/file-kind.ts';
import type { NamedValue } from '../../../src/engine/secrets/finding.ts';
import { detectNamed } from '../../../src/engine/secrets/named-values.ts';
import { constructedToken } from '../../make/sample-source.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const R = base64(constructedToken('a named value')).slice(3, 27);

function named(name: string, value: string, binding?: NamedValue['binding']): NamedValue {
  return { name, value, where: '', context: [], exact: true, ...(binding && { binding }) };
}

describe('a value of the environment', () => {
  test.each([
    ['DB_PASSWORD', R, R],
    ['DB_PASSWORD', `Winter2023`, 'Winter2023'],
    ['DB_PASSWORD', 'dragonfly', 'dragonfly'],
    ['CONNECTION', `Server=db;User Id=app;Password=${R};`, R],
    ['JAVA_OPTS', `-Xmx1g -Ddb.password=${R} -Dx=1`, R],
    ['DOCKER_AUTH_CONFIG', `{"auths":{"r.internal":{"auth":"${base64(`ci:${R}`)}"}}}`, R],
    ['CURL_ARGS', `--header "Authorization: Bearer ${R}"`, R],
    ['STARTUP', `curl -u ci:${R} https://r.internal/`, R],
    ['REDIS_URL', `redis://:${R}@redis:6379`, R],
  ])('%s=%s', (name, value, secret) => {
    const values = [named('PATH', '/usr/bin:/bin'), named(name, value), named('LANG', 'C.UTF-8')];
    expect(detectNamed(values, CONFIGURATION)).toMatchObject([
      { index: 1, detection: { value: secret } },
    ]);
  });

  test.each([
    ['PATH', '/usr/local/sbin:/usr/local/bin'],
    ['GPG_KEY', constructedToken().toUpperCase()],
    ['PYTHON_SHA256', `${constructedToken()}${constructedToken('b').slice(0, 24)}`],
    ['DB_PASSWORD', '$DB_PASSWORD'],
    ['DB_PASSWORD_FILE', '/run/secrets/db_password1'],
    ['MYSQL_ALLOW_EMPTY_PASSWORD', 'yes'],
    ['TOKEN_URL', 'https://auth.internal/token2'],
    ['PWD', '/srv/app2'],
  ])('%s=%s is none', (name, value) => {
    expect(detectNamed([named(name, value)], CONFIGURATION)).toEqual([]);
  });
});

test('a constant of code may hold named values, but its documentation only shows them', () => {
  const value = `Connect with password=${R} to it`;
  const file = { ...fileKind('app/db.pyc'), code: true };
  expect(detectNamed([named('DSN', value, 'variable')], file)).toMatchObject([
    { detection: { value: R, name: 'DSN' } },
  ]);
  expect(detectNamed([named('', value, 'docstring')], file)).toEqual([]);
});
