import {
  constants,
  createHmac,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readJwt, tellJwt } from '../../../../src/engine/secrets/facts/jwt.ts';
import { noteSigningKeys } from '../../../../src/engine/secrets/facts/signing-keys.ts';
import {
  noteSigningSecrets,
  proveSigningSecrets,
  provesJwt,
  type ProvenFinding,
} from '../../../../src/engine/secrets/facts/signing-secrets.ts';

const NOW = Date.UTC(2026, 10, 23);
const SECONDS = NOW / 1000;

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token signed by Node. */
function hsToken(claims: object, secret: string | Buffer, bits = 256): string {
  const signed = `${part({ alg: `HS${bits}`, typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac(`sha${bits}`, secret).update(signed).digest('base64url')}`;
}

const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
function rsToken(claims: object, header: object = {}): string {
  const signed = `${part({ alg: 'RS256', ...header })}.${part(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), RSA).toString('base64url')}`;
}

describe('a token tells', () => {
  test('issuer, user, audience, scope and end', () => {
    const token = hsToken(
      {
        iss: 'https://acme.eu.auth0.com/',
        sub: 'u1',
        aud: ['a', 'b'],
        scope: 'read',
        exp: SECONDS + 60,
        azp: 'c1',
      },
      'k',
    );
    expect(tellJwt(token, NOW)).toMatchObject({
      severity: 'high',
      confidence: 'certain',
      facts: {
        provider: 'Auth0',
        issuer: 'https://acme.eu.auth0.com/',
        user: 'u1',
        audience: 'a, b',
        scope: 'read',
        client: 'c1',
        algorithm: 'HS256',
        expires: '2026-11-23T00:01:00Z',
      },
    });
  });

  test('that it has expired', () => {
    const told = tellJwt(hsToken({ iss: 'x', exp: SECONDS - 86400 }, 'k'), NOW);
    expect(told).toMatchObject({
      severity: 'low',
      facts: { expired: 'yes', expires: '2026-11-22T00:00:00Z' },
    });
    expect(told?.why).toContain('expired on 2026-11-22');
  });

  test.each([
    [
      { iss: 'supabase', role: 'service_role', ref: 'abcd', exp: SECONDS + 9 },
      'critical',
      { provider: 'Supabase', project: 'abcd', scope: 'service_role' },
    ],
    [
      { iss: 'supabase', role: 'anon', ref: 'abcd', exp: SECONDS + 9 },
      'info',
      { provider: 'Supabase' },
    ],
    [
      { iss: 'supabase', role: 'service_role', ref: 'abcd', exp: SECONDS - 9 },
      'low',
      { expired: 'yes' },
    ],
    [
      { iss: 'https://securetoken.google.com/my-shop', sub: 'u', exp: SECONDS + 9 },
      'medium',
      { provider: 'Firebase', project: 'my-shop' },
    ],
    [{ sub: '1234567890', name: 'John Doe', iat: 1516239022 }, 'info', {}],
    [{ licence: 'abc' }, 'medium', { expires: 'never' }],
    [{ iss: 'x', nonce: 'n', exp: SECONDS + 9 }, 'medium', {}],
    [
      { iss: 'https://id.example.org/realms/shop', azp: 'web', exp: SECONDS + 9 },
      'high',
      { provider: 'Keycloak', realm: 'shop', client: 'web' },
    ],
  ])('%j', (claims, severity, facts) => {
    expect(tellJwt(hsToken(claims, 'k'), NOW)).toMatchObject({ severity, facts });
  });

  test('the service account of a cluster, in the old form and in the bound one', () => {
    const old = {
      iss: 'kubernetes/serviceaccount',
      'kubernetes.io/serviceaccount/namespace': 'prod',
      'kubernetes.io/serviceaccount/service-account.name': 'deployer',
      sub: 'system:serviceaccount:prod:deployer',
    };
    const bound = {
      iss: 'https://kubernetes.default.svc.cluster.local',
      exp: SECONDS + 600,
      'kubernetes.io': {
        namespace: 'prod',
        serviceaccount: { name: 'deployer' },
        pod: { name: 'p-0' },
      },
    };
    for (const claims of [old, bound]) {
      expect(tellJwt(rsToken(claims, { kid: 'k1' }), NOW)).toMatchObject({
        severity: 'high',
        confidence: 'certain',
        facts: { provider: 'Kubernetes', namespace: 'prod', user: 'deployer' },
      });
    }
  });

  test('the GitHub App that signed it', () => {
    const told = tellJwt(rsToken({ iss: '12345', iat: SECONDS, exp: SECONDS + 600 }), NOW);
    expect(told).toMatchObject({ facts: { provider: 'GitHub', 'app ID': '12345' } });
  });

  test('that it carries no signature', () => {
    const told = tellJwt(`${part({ alg: 'none' })}.${part({ iss: 'x' })}.`, NOW);
    expect(told).toMatchObject({ severity: 'info' });
    expect(told?.confidence).toBeUndefined();
  });

  test('of an encrypted one the header', () => {
    const token = [
      part({ alg: 'dir', enc: 'A256GCM', kid: 'k' }),
      '',
      ...[12, 40, 16].map((n) => randomBytes(n).toString('base64url')),
    ].join('.');
    expect(tellJwt(token, NOW)).toMatchObject({
      facts: { algorithm: 'dir', encryption: 'A256GCM', 'key ID': 'k' },
    });
  });
});

test.each([
  ['three parts of anything', 'eyJhYmNk.eyJhYmNk.abcd'],
  ['a header without an algorithm', `${part({ typ: 'JWT' })}.${part({ a: 1 })}.abcd`],
  ['a source map in base64', part({ version: 3, sources: ['a.ts'], mappings: 'AAAA' })],
  ['claims that are no object', `${part({ alg: 'HS256' })}.${part([1])}.abcd`],
])('%s is no token', (_, text) => {
  expect(readJwt(text)).toBeUndefined();
});

describe('a secret is proven to sign a token', () => {
  const secret = randomBytes(24).toString('base64url');

  test.each([256, 384, 512])('HS%i', (bits) => {
    const token = hsToken({ sub: 'u' }, secret, bits);
    expect(provesJwt(secret, token)).toBe(true);
    expect(provesJwt(`${secret}x`, token)).toBe(false);
    expect(provesJwt(secret, `${token.slice(0, -4)}AAAA`)).toBe(false);
  });

  test('longer than a block, in base64 and in hex', () => {
    const key = randomBytes(200);
    const token = hsToken({ sub: 'u' }, key, 512);
    expect(provesJwt(key.toString('base64'), token)).toBe(true);
    expect(provesJwt(`base64:${key.toString('base64')}`, token)).toBe(true);
    const short = randomBytes(32);
    expect(provesJwt(short.toString('hex'), hsToken({ sub: 'u' }, short))).toBe(true);
  });

  test('among the findings of an image', () => {
    const live = hsToken({ sub: 'u', exp: SECONDS + 60 }, secret);
    const old = hsToken({ sub: 'u', exp: SECONDS - 60 }, secret);
    const other = hsToken({ sub: 'u' }, randomBytes(24));
    const list = [
      { rule: 'jwt', value: live },
      { rule: 'generic-password', value: randomBytes(12).toString('hex') },
      { rule: 'jwt', value: other },
      { rule: 'generic-secret', value: secret },
      { rule: 'jwt', value: old },
    ];
    expect(proveSigningSecrets(list, NOW)).toEqual([
      { secret: 3, token: 0, expired: false },
      { secret: 3, token: 4, expired: true },
    ]);
    expect(proveSigningSecrets([], NOW)).toEqual([]);
  });

  test('and the findings say so', () => {
    const finding = (rule: string, value: string): ProvenFinding => ({
      rule,
      severity: 'medium',
      confidence: 'low',
      secret: { value, preview: `${value.slice(0, 4)}…` },
      why: [],
      facts: {},
    });
    const live = finding('jwt', hsToken({ sub: 'u', exp: SECONDS + 60 }, secret));
    const key = finding('generic-secret', secret);
    const spent = finding('generic-secret', randomBytes(12).toString('hex'));
    const old = finding('jwt', hsToken({ sub: 'u', exp: SECONDS - 60 }, spent.secret.value));
    noteSigningSecrets([live, key, spent, old], NOW);
    expect(key).toMatchObject({ severity: 'critical', confidence: 'certain' });
    expect(key.why).toEqual([`it signs the token ${live.secret.preview} found in this image`]);
    expect(key.facts).toEqual({ signs: live.secret.preview });
    expect(live.why).toEqual([`signed by the secret ${key.secret.preview} found in this image`]);
    expect(live.severity).toBe('medium');
    expect(spent).toMatchObject({ severity: 'high', confidence: 'certain' });
    expect(old).toMatchObject({ severity: 'medium', confidence: 'low' });
  });

  test('in bounded time, however many there are', () => {
    const long = hsToken({ sub: 'u', pad: 'x'.repeat(5000) }, secret);
    const tokens = Array.from({ length: 300 }, () => ({ rule: 'jwt', value: long }));
    const secrets = Array.from({ length: 300 }, (_, i) => ({
      rule: 'generic-secret',
      value: `secret number ${i}`,
    }));
    const start = performance.now();
    expect(proveSigningSecrets([...tokens, ...secrets], NOW)).toEqual([]);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

describe('a private key is proven to have signed a token', () => {
  const made = (
    alg: string,
    curve?: 'Ed25519' | 'Ed448',
    saltLength: number = constants.RSA_PSS_SALTLEN_DIGEST,
  ): { token: string; key: KeyObject; other: KeyObject } => {
    const named = { ES256: 'P-256', ES256K: 'secp256k1', ES384: 'P-384', ES512: 'P-521' }[alg];
    const pair = (): KeyObject => {
      if (curve === 'Ed25519') return generateKeyPairSync('ed25519').privateKey;
      if (curve === 'Ed448') return generateKeyPairSync('ed448').privateKey;
      return named === undefined
        ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
        : generateKeyPairSync('ec', { namedCurve: named }).privateKey;
    };
    const key = pair();
    const text = `${part({ alg })}.${part({ iss: 'shop', exp: SECONDS + 60 })}`;
    const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
    const how = { key, dsaEncoding: 'ieee-p1363', ...(alg.startsWith('PS') && padding) } as const;
    const hash = curve === undefined ? `sha${alg.slice(2, 5)}` : null;
    const signature = sign(hash, Buffer.from(text), how);
    return { token: `${text}.${signature.toString('base64url')}`, key, other: pair() };
  };
  const finding = (rule: string, value: string): ProvenFinding => ({
    rule,
    severity: 'medium',
    confidence: 'high',
    secret: { value, preview: value.slice(0, 4) },
    why: [],
    facts: {},
  });

  test.each([
    ...['RS256', 'RS384', 'RS512', 'ES256', 'ES256K', 'ES384', 'ES512'].map(
      (alg) => [alg] as const,
    ),
    ...['PS256', 'PS384', 'PS512'].map((alg) => [alg] as const),
    ['PS256', undefined, 0] as const,
    ['EdDSA', 'Ed25519'] as const,
    ['EdDSA', 'Ed448'] as const,
    ['Ed25519', 'Ed25519'] as const,
  ])('in %s %s %s', (alg, curve?: 'Ed25519' | 'Ed448', saltLength?: number) => {
    const { token, key, other } = made(alg, curve, saltLength);
    const pkcs8 = (one: KeyObject): string =>
      one.export({ type: 'pkcs8', format: 'pem' }).toString();
    const forms = [
      pkcs8(key),
      JSON.stringify(key.export({ format: 'jwk' })),
      key.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    ];
    for (const form of forms) {
      const [jwt, mine, others] = [token, form, pkcs8(other)].map((value, i) =>
        finding(i === 0 ? 'jwt' : 'private-key', value),
      );
      noteSigningKeys([jwt, mine, others] as ProvenFinding[], NOW);
      expect(mine).toMatchObject({ severity: 'critical', facts: { signs: token.slice(0, 4) } });
      expect(jwt?.why.join()).toContain('signed by a private key found in this image');
      expect(others).toMatchObject({ severity: 'medium', why: [], facts: {} });
    }
  });

  test.each([
    ['RS256'] as const,
    ['PS256'] as const,
    ['ES256'] as const,
    ['EdDSA', 'Ed25519'] as const,
  ])('and not by one whose token has been changed: %s', (alg, curve?: 'Ed25519') => {
    const { token, key } = made(alg, curve);
    const [head, , signature] = token.split('.');
    const changed = `${head ?? ''}.${part({ iss: 'shop', admin: true })}.${signature ?? ''}`;
    const mine = finding('private-key', key.export({ type: 'pkcs8', format: 'pem' }).toString());
    noteSigningKeys([finding('jwt', changed), mine], NOW);
    expect(mine).toMatchObject({ severity: 'medium', why: [] });
  });

  test('a secret or a key of tests that signs a token of tests stays what it was', () => {
    const token = finding('jwt', hsToken({ sub: 'u', exp: SECONDS + 60 }, 'of a test'));
    const key = finding('generic-secret', 'of a test');
    for (const one of [token, key]) one.severity = 'info';
    noteSigningSecrets([token, key], NOW);
    expect(key).toMatchObject({ severity: 'info', confidence: 'certain' });
    const { token: value, key: pair } = made('RS256');
    const jwt = finding('jwt', value);
    const mine = finding('private-key', pair.export({ type: 'pkcs8', format: 'pem' }).toString());
    for (const one of [jwt, mine]) one.severity = 'info';
    noteSigningKeys([jwt, mine], NOW);
    expect(mine).toMatchObject({ severity: 'info', facts: { signs: value.slice(0, 4) } });
  });
});
