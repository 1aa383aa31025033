import { describe, expect, test } from 'vitest';
import type { Image } from '../../../src/engine/image/model.ts';
import { readConfig } from '../../../src/engine/image/config.ts';
import { scanConfiguration } from '../../../src/engine/scan/scan-configuration.ts';
import { constructedToken } from '../../make/sample-source.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const R = base64(constructedToken('in a configuration')).slice(3, 27);
const PHRASE = ['my', 'tulip', 'garden'].join(' ');
const P = ['Tr0ub', '4dor', '&3x'].join('');

/** What is found in a configuration, as the place, its key and the secret. */
function found(config: object, history: string[] = []): string[][] {
  const read = readConfig({
    config: config as never,
    history: history.map((text) => ({ created_by: text, empty_layer: true })),
  });
  const image: Image = { id: '', names: [], layers: [], ...read };
  return scanConfiguration(image).map(({ kind, key, detection }) => [kind, key, detection.value]);
}

describe('a configuration', () => {
  test.each([
    [{ Env: ['PATH=/bin', `DB_PASSWORD=${P}`] }, ['environment', 'DB_PASSWORD', P]],
    [{ Env: [`DB=Server=x;Pwd=${P};`] }, ['environment', 'DB', P]],
    [{ Labels: { 'com.internal.api-token': R } }, ['label', 'com.internal.api-token', R]],
    [{ Entrypoint: ['app', '--db-password', P] }, ['config', 'Entrypoint', P]],
    [{ Cmd: ['redis-server', `--requirepass ${P}`] }, ['config', 'Cmd', P]],
    [
      { Healthcheck: { Test: ['CMD', 'mysqladmin', 'ping', '-uroot', `-p${P}`] } },
      ['config', 'Healthcheck', P],
    ],
    [{ OnBuild: [`RUN curl -u ci:${P} https://r.internal/`] }, ['config', 'OnBuild', P]],
  ])('%j', (config, expected) => {
    expect(found(config)).toEqual([expected]);
  });
});

describe('a step of its history', () => {
  test.each([
    [`ENV DB_PASSWORD=${P}`, P],
    [`ENV DB_PASSWORD ${P}`, P],
    [`/bin/sh -c #(nop)  ENV DB_PASSWORD=${P}`, P],
    [`ARG NPM_TOKEN=${R}`, R],
    [`RUN |2 NODE_ENV=production NPM_TOKEN=${R} /bin/sh -c npm ci # buildkit`, R],
    [`|1 DB_PASSWORD=${P} /bin/sh -c make`, P],
    [`ENTRYPOINT ["/app/run" "--token" "${R}"]`, R],
    [`/bin/sh -c #(nop)  CMD ["app" "--password" "${P}"]`, P],
    [`HEALTHCHECK &{["CMD-SHELL" "mysqladmin ping -uroot -p${P}"] "30s" "0s" '\\x03'}`, P],
    [`RUN /bin/sh -c curl -sSL -u ci:${P} https://r.internal/x | tar xz # buildkit`, P],
    [
      `RUN /bin/sh -c pip install --index-url https://ci:${P.replace('&', '')}@r.internal/ x`,
      P.replace('&', ''),
    ],
    [`RUN /bin/sh -c echo "//r.internal/:_authToken=${R}" > ~/.npmrc && npm ci`, R],
    [`RUN /bin/sh -c echo 'machine r.internal login ci password ${P}' > ~/.netrc`, P],
    [`RUN /bin/sh -c echo "root:${P}" | chpasswd # buildkit`, P],
    [`RUN /bin/sh -c sshpass -p '${P}' scp x@h:/f . # buildkit`, P],
    [`ARG DB_PASSWORD=${PHRASE}`, PHRASE],
    [`ENV SECRET_KEY=${PHRASE} PORT=8080`, PHRASE],
    [`RUN |2 DB_PASSWORD=${PHRASE} A=b /bin/sh -c make # buildkit`, PHRASE],
    [`|1 DB_PASSWORD=${PHRASE} /bin/sh -c make`, PHRASE],
  ])('%s', (step, secret) => {
    expect(found({}, [step])).toEqual([['history', '1', secret]]);
  });

  test.each([
    'RUN /bin/sh -c apt-get update && apt-get install -y gnupg # buildkit',
    'ENV GPG_KEY=7169605F62C751356D054A26A821E680E5FA6305',
    'RUN /bin/sh -c --mount=type=secret,id=token cat /run/secrets/token2 # buildkit',
    'RUN |1 NPM_TOKEN=$NPM_TOKEN /bin/sh -c npm ci',
    'ARG DB_PASSWORD',
  ])('%s is silent', (step) => {
    expect(found({}, [step])).toEqual([]);
  });
});
