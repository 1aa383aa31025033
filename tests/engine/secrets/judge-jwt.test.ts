import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { CONFIGURATION } from '../../../src/engine/secrets/file-kind.ts';
import type { Detection } from '../../../src/engine/secrets/finding.ts';
import { detectNamed } from '../../../src/engine/secrets/named-values.ts';
import { scanContent } from '../../make/scan-content.ts';

function scan(content: string | Uint8Array, path = 'app/config.txt', pieces = 0): Detection[] {
  return scanContent(content, path, pieces);
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function token(claims: object, header: object = { alg: 'HS256', typ: 'JWT' }): string {
  const signed = `${part(header)}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', 'k').update(signed).digest('base64url')}`;
}

const LIVE = token({ iss: 'https://login.example.org/', sub: 'u', exp: 4_000_000_000 });

describe('a token is found', () => {
  test.each([
    ['app/settings.py', `TOKEN = "${LIVE}"`],
    ['.env', `API_TOKEN=${LIVE}\n`],
    ['config.json', `{"jwt": "${LIVE}"}`],
    ['config.yaml', `jwt: ${LIVE}\n`],
    ['root/.bash_history', `curl -H "Authorization: Bearer ${LIVE}" https://x.example\n`],
    ['root/.bash_history', `curl 'https://x.example/?access_token=${LIVE}&a=1'\n`],
    ['app/x.js', `fetch("/a?h=Bearer%20${LIVE}")`],
    ['app/notes.txt', `The token is ${LIVE}. Keep it.`],
    ['app/x.xml', `<token>${LIVE}</token>`],
    ['var/log/x.log', `cookie: session=${LIVE}; Path=/`],
  ])('in %s: %#', (path, text) => {
    expect(scan(text, path).map(({ rule, value }) => [rule.id, value])).toEqual([['jwt', LIVE]]);
  });

  test('as the whole of a file, and at every distance from its start', () => {
    for (let before = 0; before < 9; before++) {
      const path = 'run/secrets/kubernetes.io/serviceaccount/token';
      expect(scan(`${' '.repeat(before)}${LIVE}`, path)).toMatchObject([{ value: LIVE }]);
    }
  });

  test.each(['alg', 'typ', 'kid', 'cty', 'crit', 'epk', 'zip', 'x5t', 'jku', 'b64', 'p2s'])(
    'whose header begins with %s',
    (member) => {
      for (const before of ['t=', 't: ']) {
        const text = token({ sub: 'u' }, { [member]: 'x', alg: 'HS256' });
        expect(scan(before + text)).toMatchObject([{ value: text }]);
      }
    },
  );

  test('in binary data, in pieces, and in the constants of bytecode', () => {
    const binary = Buffer.concat([Buffer.from([0, 1, 2, 0]), Buffer.from(LIVE), Buffer.from([0])]);
    expect(scan(binary, 'usr/bin/tool')).toMatchObject([{ rule: { id: 'jwt' } }]);
    const far = `${'x\n'.repeat(600_000)}t=${LIVE}\n`;
    expect(scan(far, 'app/x.log', 4096)).toMatchObject([
      { rule: { id: 'jwt' }, line: 600_001, column: 3 },
    ]);
    const named = { name: 'auth', value: LIVE, where: '', context: [], exact: true };
    expect(detectNamed([named], CONFIGURATION)).toMatchObject([
      { detection: { rule: { id: 'jwt' }, name: 'auth' } },
    ]);
  });

  test.each([
    ['every member order and space', { typ: 'JWT', kid: '1', alg: 'HS256' }],
    ['other members', { x5t: 'a', alg: 'HS256', jku: 'https://x.example' }],
    ['critical ones', { crit: ['exp'], alg: 'HS256' }],
  ])('with %s', (_, header) => {
    expect(scan(`t=${token({ sub: 'u' }, header)}`)).toMatchObject([{ rule: { id: 'jwt' } }]);
  });

  test('with spaces in its JSON', () => {
    const signed = `${Buffer.from('{ "alg": "HS256" }').toString('base64url')}.${part({ sub: 'u' })}`;
    const text = `${signed}.${createHmac('sha256', 'k').update(signed).digest('base64url')}`;
    expect(scan(text)).toMatchObject([{ value: text }]);
  });

  test('by who issued it, with where to revoke it', () => {
    const service = token({ iss: 'supabase', ref: 'p1', role: 'service_role', exp: 4_000_000_000 });
    expect(scan(`KEY=${service}`, '.env')).toMatchObject([
      {
        rule: {
          title: 'JSON web token (Supabase)',
          provider: 'Supabase',
          revoke: expect.stringContaining('supabase.com') as string,
        },
        severity: 'critical',
        confidence: 'certain',
        facts: { project: 'p1' },
      },
    ]);
    const anon = token({ iss: 'supabase', ref: 'p1', role: 'anon', exp: 4_000_000_000 });
    expect(scan(`KEY=${anon}`, '.env')).toMatchObject([{ severity: 'info' }]);
  });

  test('encrypted', () => {
    const jwe = [
      part({ alg: 'RSA-OAEP', enc: 'A256GCM' }),
      ...[256, 12, 80, 16].map((n) => randomBytes(n).toString('base64url')),
    ].join('.');
    expect(scan(`t=${jwe}`)).toMatchObject([
      { rule: { id: 'jwe' }, severity: 'medium', value: jwe },
    ]);
  });
});

test('in an installed package it is nobody’s, and in tests an example', () => {
  expect(scan(LIVE, 'usr/lib/python3/dist-packages/x/METADATA')).toMatchObject([
    { severity: 'low' },
  ]);
  expect(scan(LIVE, 'app/tests/test_x.py')).toMatchObject([{ severity: 'medium' }]);
});

describe('none is found', () => {
  test.each([
    [
      'in a source map',
      `//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify({ version: 3, sources: ['a.ts'], mappings: 'AAAA;'.repeat(50) })).toString('base64')}`,
    ],
    [
      'in JSON in base64',
      Buffer.from(JSON.stringify({ alg: 'HS256', more: 'x'.repeat(90) })).toString('base64'),
    ],
    [
      'without an algorithm',
      `${part({ typ: 'JWT' })}.${part({ sub: 'u' })}.${randomBytes(32).toString('base64url')}`,
    ],
    ['inside of longer base64', `AAAA${LIVE}`],
    ['in a signed cookie', `${part({ user: 1 })}.ZxYwVq.${randomBytes(20).toString('base64url')}`],
    ['in names with dots', 'eyJhbGciOiJIUzI1NiJ9.example.com'],
  ])('%s', (_, text) => {
    expect(scan(text, 'app/x.css').filter(({ rule }) => /^jw/.test(rule.id))).toEqual([]);
  });

  test('quickly, in text full of beginnings', () => {
    const start = performance.now();
    scan('eyJhbGci '.repeat(100_000));
    scan('eyJhbGci.'.repeat(100_000));
    scan(`${'eyJhbGciOiJIUzI1NiJ9.'.repeat(390)} `.repeat(100));
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});
