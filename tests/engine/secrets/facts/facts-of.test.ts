import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { factsOf, withFacts } from '../../../../src/engine/secrets/facts/facts-of.ts';
import { CONFIGURATION, fileKind } from '../../../../src/engine/secrets/file-kind.ts';
import type { Detection } from '../../../../src/engine/secrets/finding.ts';
import { marvin32 } from '../../../../src/engine/secrets/marvin.ts';
import { scanContent } from '../../../make/scan-content.ts';
import { scanEntries } from '../../../make/scan-image.ts';

const NOW = Date.UTC(2026, 10, 23);
const SECONDS = NOW / 1000;

const word = (
  length: number,
  alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
): string => Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join('');
const hex = (length: number): string => randomBytes(length).toString('hex').slice(0, length);
const json = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');
const facts = (rule: string, value: string): Record<string, string> =>
  factsOf(rule, value, NOW).facts;

/** A macaroon in libmacaroons' second binary format, signed as a chain. */
function macaroon(location: string, identifier: string, caveats: unknown[]): string {
  const packet = (type: number, data: string | Buffer): Buffer => {
    const bytes = Buffer.from(data);
    const length =
      bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7];
    return Buffer.concat([Buffer.from([type, ...length]), bytes]);
  };
  const end = Buffer.from([0]);
  let signature = createHmac('sha256', 'k').update(identifier).digest();
  const parts = [Buffer.from([2]), packet(1, location), packet(2, identifier), end];
  for (const caveat of caveats) {
    const text = JSON.stringify(caveat);
    signature = createHmac('sha256', signature).update(text).digest();
    parts.push(packet(2, text), end);
  }
  return `pypi-${Buffer.concat([...parts, end, packet(6, signature)]).toString('base64url')}`;
}

describe('PyPI', () => {
  const id = randomUUID();
  const user = randomUUID();
  test.each([
    ['whole account', [[3, user]], 'critical', { scope: 'whole account', user }],
    [
      'whole account of old',
      [{ version: 1, permissions: 'user' }],
      'critical',
      { scope: 'whole account' },
    ],
    ['projects', [[1, ['shop', 'web']]], 'high', { scope: 'project', project: 'shop, web' }],
    [
      'projects of old',
      [{ version: 1, permissions: { projects: ['shop'] } }, { project_ids: ['p-1'] }],
      'high',
      { project: 'shop', 'project ID': 'p-1' },
    ],
    [
      'a publisher',
      [
        [4, 'x', { iss: 'y' }],
        [0, SECONDS + 900, SECONDS],
      ],
      'high',
      { scope: 'trusted publisher', expires: '2026-11-23T00:15:00Z' },
    ],
    [
      'an end that is past',
      [
        [3, user],
        [0, SECONDS - 1, SECONDS - 900],
      ],
      'low',
      { expired: 'yes' },
    ],
    ['an end of old', [{ nbf: 1, exp: SECONDS - 1 }], 'low', { expired: 'yes' }],
    [
      'many caveats',
      [[1, Array.from({ length: 12 }, (_, i) => `p${i}`)]],
      'high',
      { project: 'p0, p1, p2, p3, p4, p5, p6, p7 and 4 more' },
    ],
  ])('%s', (_, caveats, severity, expected) => {
    const told = factsOf('pypi', macaroon('pypi.org', id, caveats), NOW);
    expect(told).toMatchObject({
      severity,
      confidence: 'certain',
      facts: { ...expected, host: 'pypi.org', 'token ID': id },
    });
  });

  test('the testing index, and what is no macaroon', () => {
    expect(factsOf('pypi-test', macaroon('test.pypi.org', id, [[3, user]]), NOW)).toMatchObject({
      severity: 'low',
    });
    expect(factsOf('pypi', `pypi-AgEIcHlwaS5vcmc${word(80)}`, NOW)).toEqual({ facts: {}, why: [] });
  });
});

describe('AWS', () => {
  /** An ID made by the published arithmetic, in whole numbers. */
  const idOf = (account: string, kind = 'AKIA'): string => {
    const bits = (1n << 79n) | (BigInt(account) << 39n) | BigInt(`0x${hex(9)}`);
    let text = '';
    for (let shift = 75n; shift >= 0n; shift -= 5n)
      text += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number((bits >> shift) & 31n)] as string;
    return kind + text;
  };

  test.each(['000000000001', '123456789012', '999999999999'])('the account %s', (account) => {
    expect(facts('aws-akia', idOf(account))).toEqual({ account });
    expect(facts('aws-asia', idOf(account, 'ASIA'))).toEqual({ account });
  });

  test('a canary account is named as such, and IDs of old have none', () => {
    expect(facts('aws-akia', idOf('052310077262'))).toMatchObject({ canary: 'yes' });
    expect(facts('aws-akia', `AKIAI${word(15, 'ABCDEFGHQRST2345')}`)).toEqual({});
  });

  test('a key ID and its secret name one another', () => {
    const id = idOf('123456789012');
    const secret = Buffer.from(hex(60), 'hex').toString('base64').replace(/^.../, 'q74');
    const run = (text: string): Detection[] => scanContent(text, 'root/.aws/credentials');
    const found = run(`[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`);
    expect(found.find(({ value }) => value === id)?.facts).toMatchObject({
      account: '123456789012',
      'secret key': 'stands beside it',
    });
    expect(found.find(({ rule }) => rule.id === 'aws-secret')?.facts).toMatchObject({
      'key ID': id,
      account: '123456789012',
    });
    expect(run(`aws_access_key_id = ${id}`)[0]?.facts).toMatchObject({
      'secret key': 'not beside it',
    });
  });

  test('a canary and the secret beside it are told to be one, and not to be used', () => {
    const id = idOf('171436882533');
    const secret = Buffer.from(hex(60), 'hex').toString('base64').replace(/^.../, 'q74');
    for (const text of [
      `[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`,
      `AWS_SECRET_ACCESS_KEY=${secret}\nAWS_ACCESS_KEY_ID=${id}\n`,
    ]) {
      const found = scanContent(text, 'root/.aws/credentials');
      expect(found.map(({ value }) => value).sort()).toEqual([id, secret].sort());
      for (const { severity, rule, why, facts } of found) {
        expect(severity).toBe('low');
        expect(rule.revoke).toBe('');
        expect(rule.steps[0]).toMatch(/^Do not use it/);
        expect(why.join()).toContain('alerts its owner');
        expect(facts).toMatchObject({ account: '171436882533', canary: 'yes' });
      }
    }
  });

  test('and so is the secret where it stands alone, when another file has both', async () => {
    const id = idOf('171436882533');
    const secret = Buffer.from(hex(60), 'hex').toString('base64').replace(/^.../, 'q74');
    const { findings } = await scanEntries([
      { name: 'srv/app/.env', content: `AWS_SECRET_ACCESS_KEY=${secret}\n` },
      {
        name: 'root/.aws/credentials',
        content: `[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`,
      },
    ]);
    const found = findings.find(({ secret: found }) => found.value === secret);
    expect(found).toMatchObject({ severity: 'low', facts: { 'key ID': id, canary: 'yes' } });
    expect(found?.places).toHaveLength(2);
    expect(found?.advice.revoke).toBe('');
  });

  test('Bedrock keys, long and short', () => {
    const long = `ABSK${Buffer.from(`BedrockAPIKey-x1y2-at-123456789012:${word(60)}`).toString('base64')}`;
    expect(facts('aws-bedrock-long', long)).toEqual({
      user: 'BedrockAPIKey-x1y2-at-123456789012',
      account: '123456789012',
    });
    const query = new URLSearchParams({
      Action: 'CallWithBearerToken',
      'X-Amz-Credential': `${idOf('123456789012', 'ASIA')}/20261122/eu-west-1/bedrock/aws4_request`,
      'X-Amz-Date': '20261122T120000Z',
      'X-Amz-Expires': '43200',
    });
    const short = `bedrock-api-key-${Buffer.from(`bedrock.amazonaws.com/?${query.toString()}&Version=1`).toString('base64')}`;
    expect(factsOf('aws-bedrock-short', short, NOW + 1)).toMatchObject({
      severity: 'low',
      facts: {
        account: '123456789012',
        region: 'eu-west-1',
        issued: '2026-11-22T12:00:00Z',
        expires: '2026-11-23T00:00:00Z',
        expired: 'yes',
      },
    });
  });

  test('the region of a session token', () => {
    const head = Buffer.concat([
      Buffer.from('!\n\torigin_ec\u0010\u0001\u001a\teu-west-1"H0F', 'latin1'),
      randomBytes(400),
    ]);
    expect(facts('aws-session-token', head.toString('base64'))).toEqual({ region: 'eu-west-1' });
  });
});

/** A key of so many bytes as Azure's services make them: a signature before the sum's four bytes. */
function identifiable(size: 32 | 64, signature: string, seed: string): string {
  const random = randomBytes(size).toString('base64');
  const at = size === 64 ? 76 : 33;
  const marked = random.slice(0, at) + signature + random.slice(at + 4);
  const body = Buffer.from(marked, 'base64').subarray(0, -4);
  const [high, low] = [0, 4].map((from) => Buffer.from(seed).readUInt32BE(from)) as [
    number,
    number,
  ];
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(marvin32(body, high, low));
  return Buffer.concat([body, sum]).toString('base64');
}

/** Another character in place of one of a key's random ones. */
const spoiled = (key: string): string => key.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));

const CONNECTIONS: [string, (key: string) => string, string, Record<string, string>][] = [
  [
    'storage',
    (key) =>
      `DefaultEndpointsProtocol=https;AccountName=shop1;AccountKey=${key};EndpointSuffix=core.windows.net`,
    identifiable(64, '+ASt', 'Default0'),
    { account: 'shop1', service: 'Storage' },
  ],
  [
    'Service Bus',
    (key) =>
      `Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=${key}`,
    identifiable(32, '+ASb', 'Manage00'),
    { host: 'shop.servicebus.windows.net', policy: 'Root', service: 'Service Bus' },
  ],
  [
    'Event Hubs',
    (key) =>
      `Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=${key};EntityPath=orders`,
    identifiable(32, '+AEh', 'Listen00'),
    { policy: 'Root', service: 'Event Hubs' },
  ],
  [
    'Cosmos DB',
    (key) => `AccountEndpoint=https://shop.documents.azure.com:443/;AccountKey=${key};`,
    identifiable(64, 'ACDb', 'MastRW00'),
    { host: 'shop.documents.azure.com:443', service: 'Cosmos DB' },
  ],
  [
    'IoT Hub',
    (key) => `HostName=shop.azure-devices.net;SharedAccessKeyName=owner;SharedAccessKey=${key}`,
    identifiable(32, 'AIoT', 'IoTHub00'),
    { host: 'shop.azure-devices.net', policy: 'owner', service: 'IoT Hub' },
  ],
];

describe.each(CONNECTIONS)('a connection string of %s', (_, write, key, told) => {
  const found = (one: string): Detection[] =>
    scanContent(`CONNECTION=${write(one)}\n`, 'srv/app/settings.env');

  test('with a right key is one certain finding that tells the account', () => {
    expect(found(key)).toMatchObject([
      { severity: 'critical', confidence: 'certain', facts: told },
    ]);
  });

  test('with a key whose sum is wrong is one finding, of what cannot be real', () => {
    const [one, ...more] = found(spoiled(key));
    expect(more).toEqual([]);
    expect(one).toMatchObject({ severity: 'info', confidence: 'low', rule: { revoke: '' } });
    expect(one?.facts).toMatchObject(told);
    expect(one?.why.join()).toContain('is wrong, so it cannot be a real one');
  });

  test('with a key of old, which has no sum, stays what it was', () => {
    const old = Buffer.from(hex(key.length > 50 ? 128 : 64), 'hex').toString('base64');
    expect(found(old)).toMatchObject([{ severity: 'critical', confidence: 'high' }]);
  });
});

describe('Azure', () => {
  test('a key alone, and in a connection string of another file, is one finding that tells the account', async () => {
    const key = identifiable(64, '+ASt', 'Default0');
    const { findings } = await scanEntries([
      { name: 'srv/app/a.env', content: `AZURE_STORAGE_KEY=${key}\n` },
      {
        name: 'srv/app/b.env',
        content: `A=DefaultEndpointsProtocol=https;AccountName=shop1;AccountKey=${key};\n`,
      },
      { name: 'srv/app/c.env', content: `AZURE_STORAGE_KEY=${key}\n` },
    ]);
    const found = findings.filter(({ secret }) => secret.value === key);
    expect(found).toMatchObject([{ facts: { account: 'shop1', service: 'Storage' } }]);
    expect(found[0]?.places).toHaveLength(3);
  });

  test('where two places contradict one another, one of them is told as a whole', async () => {
    const key = identifiable(64, '+ASt', 'Default0');
    const written = (account: string): string =>
      `A=DefaultEndpointsProtocol=https;AccountName=${account};AccountKey=${key};\n`;
    const { findings } = await scanEntries([
      { name: 'srv/app/a.env', content: written('shop1') },
      { name: 'srv/app/b.env', content: written('shop2') },
    ]);
    const found = findings.find(({ secret }) => secret.value === key);
    expect(found?.facts).toEqual({ account: 'shop1', service: 'Storage' });
  });

  test('identifiable keys, and when annotated ones were made', () => {
    expect(facts('azure-storage-key', `${word(76)}+ASt${word(6)}==`)).toEqual({
      service: 'Storage',
    });
    expect(facts('azure-acr-password', `${word(42)}+ACR${word(6)}`)).toEqual({
      service: 'Container Registry',
    });
    const key = `${word(52)}JQQJ99CK${word(12)}${word(4)}AZDO${word(4)}`;
    expect(facts('azure-devops-pat', key)).toEqual({ service: 'DevOps', made: '2026-11' });
  });

  test('a shared access signature', () => {
    const sas = (se: string): string =>
      `https://shop1.blob.core.windows.net/c?sv=2024-01-01&st=2024-01-01T00:00:00Z&se=${encodeURIComponent(se)}&sr=c&sp=rwdl&sig=${encodeURIComponent(randomBytes(32).toString('base64'))}`;
    expect(factsOf('azure-sas', sas('2026-11-24T00:00:00Z'), NOW)).toMatchObject({
      why: ['lets its holder write'],
      facts: {
        account: 'shop1',
        service: 'blob',
        resource: 'container',
        scope: 'read, write, delete, list',
        expires: '2026-11-24T00:00:00Z',
      },
    });
    expect(factsOf('azure-sas', sas('2026-11-01'), NOW)).toMatchObject({
      severity: 'low',
      facts: { expired: 'yes' },
    });
    const bus = `SharedAccessSignature sr=sb%3A%2F%2Fshop.servicebus.windows.net%2Fq&sig=${encodeURIComponent(randomBytes(32).toString('base64'))}&se=${SECONDS - 5}&skn=send`;
    expect(factsOf('azure-sas', bus, NOW)).toMatchObject({
      severity: 'low',
      facts: { host: 'shop.servicebus.windows.net/q', policy: 'send' },
    });
  });

  test('connection strings', () => {
    expect(
      facts(
        'azure-storage-conn',
        `DefaultEndpointsProtocol=https;AccountName=shop1;AccountKey=${word(76)}+ASt${word(6)}==;EndpointSuffix=core.windows.net`,
      ),
    ).toEqual({ account: 'shop1', service: 'Storage' });
    expect(
      facts(
        'azure-servicebus-conn',
        `Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=${word(33)}+ASb${word(6)}=`,
      ),
    ).toEqual({ host: 'shop.servicebus.windows.net', policy: 'Root', service: 'Service Bus' });
    expect(
      facts(
        'azure-sql-conn',
        `Server=tcp:shop.database.windows.net,1433;Database=main;User ID=ann;Password=${word(12)};`,
      ),
    ).toEqual({ host: 'shop.database.windows.net,1433', database: 'main', user: 'ann' });
  });
});

describe('a token that is packed from several secrets is one finding', () => {
  const group = (length: number): string => word(length, 'ABCDEFGHJKLMNPQRSTVWXYZ23456789');
  const secretKey = `A3-${group(6)}-${group(6)}-${[5, 5, 5, 5].map(group).join('-')}`;
  const request = new URLSearchParams({
    Action: 'CallWithBearerToken',
    'X-Amz-Credential': `ASIA${word(16, 'QRSTUVWXYZ234567')}/20991122/eu-west-1/bedrock/aws4_request`,
    'X-Amz-Date': '20991122T120000Z',
    'X-Amz-Expires': '43200',
    'X-Amz-Security-Token': randomBytes(400).toString('base64'),
    'X-Amz-Signature': hex(64),
  });
  test.each([
    [
      'onepassword-sa',
      `ops_${json({
        signInAddress: 'my.1password.com',
        email: 'robot@1passwordserviceaccounts.com',
        srpX: hex(64),
        muk: { alg: 'A256GCM', ext: true, k: randomBytes(32).toString('base64url'), kty: 'oct' },
        secretKey,
        throttleSecret: { seed: hex(64), uuid: group(26) },
      })}`,
    ],
    [
      'aws-bedrock-long',
      `ABSK${Buffer.from(`BedrockAPIKey-x1y2-at-123456789012:${word(60)}`).toString('base64')}`,
    ],
    [
      'aws-bedrock-short',
      `bedrock-api-key-${Buffer.from(`bedrock.amazonaws.com/?${request.toString()}`).toString('base64')}`,
    ],
  ])('%s', (id, token) => {
    for (const text of [`API_TOKEN=${token}\n`, `token: "${token}"\n`, `run --key '${token}'\n`])
      expect(scanContent(text, 'srv/app/settings.env')).toMatchObject([
        { rule: { id }, value: token },
      ]);
  });
});

const PARTS: [string, string, Record<string, string>][] = [
  ['github-pat-fine', `github_pat_11AAAAABA0${word(12)}_${word(59)}`, { ID: '4' }],
  ['github-app-server', `ghs_${word(36)}`, { lifetime: '1 hour' }],
  [
    'gitlab-pat-routable',
    `glpat-${Buffer.concat([Buffer.from('c:1\no:10\nu:2s\n'), randomBytes(16)]).toString('base64url')}.01.${word(9, '0123456789abcdefghijklmnopqrstuvwxyz')}`,
    { cell: '1', 'organisation ID': '36', 'user ID': '100' },
  ],
  [
    'gitlab-pat-routable',
    `glpat-${Buffer.concat([randomBytes(16), Buffer.from('o:1\nu:7'), Buffer.of(16)]).toString('base64url')}.01.${word(9, '0123456789abcdefghijklmnopqrstuvwxyz')}`,
    { 'organisation ID': '1', 'user ID': '7' },
  ],
  [
    'bitbucket-dc-http',
    `BBDC-${Buffer.concat([Buffer.from('123456789012:'), randomBytes(20)]).toString('base64')}`,
    { 'token ID': '123456789012' },
  ],
  [
    'artifactory-ref',
    Buffer.from(`reftkn:01:${SECONDS + 60}:${word(26)}`).toString('base64'),
    { expires: '2026-11-23T00:01:00Z' },
  ],
  [
    'artifactory-ref',
    Buffer.from(`reftkn:01:0000000000:${word(26)}`).toString('base64'),
    { expires: 'never' },
  ],
  ['sourcegraph', `sgp_0123456789abcdef_${hex(40)}`, { instance: '0123456789abcdef' }],
  [
    'harness-pat',
    `pat.${'a'.repeat(22)}.${'b'.repeat(24)}.${word(20)}`,
    { account: 'a'.repeat(22), 'token ID': 'b'.repeat(24), kind: 'personal' },
  ],
  [
    'slack-bot',
    `xoxb-12345678901-123456789012-${word(24)}`,
    { workspace: '12345678901', bot: '123456789012' },
  ],
  [
    'slack-user',
    `xoxp-12345678901-12345678901-12345678901-${hex(32)}`,
    { workspace: '12345678901', user: '12345678901' },
  ],
  ['slack-app', `xapp-1-A0123456789-1234567890123-${hex(64)}`, { app: 'A0123456789' }],
  [
    'slack-webhook',
    `https://hooks.slack.com/services/T01234567/B0123456789/${word(24)}`,
    { workspace: 'T01234567', webhook: 'B0123456789' },
  ],
  // Discord's own documentation works this ID out to 2016-04-30.
  [
    'discord-bot',
    `${Buffer.from('175928847299117063').toString('base64url')}.${word(6)}.${word(38)}`,
    { bot: '175928847299117063', created: '2016-04-30T11:18:25Z' },
  ],
  [
    'discord-webhook',
    `https://discord.com/api/webhooks/175928847299117063/${word(68)}`,
    { webhook: '175928847299117063', created: '2016-04-30T11:18:25Z' },
  ],
  ['telegram-bot', `123456789:AA${word(33)}`, { bot: '123456789' }],
  ['sendgrid', `SG.${'k'.repeat(22)}.${word(43)}`, { 'key ID': 'k'.repeat(22) }],
  ['mailchimp', `${hex(32)}-us14`, { host: 'us14.api.mailchimp.com' }],
  ['twilio-sid', `AC${'0'.repeat(32)}`, { account: `AC${'0'.repeat(32)}` }],
  [
    'teams-webhook',
    `https://x.webhook.office.com/webhookb2/${'1'.repeat(36)}@${'2'.repeat(36)}/IncomingWebhook/${hex(32)}/${randomUUID()}`,
    { group: '1'.repeat(36), tenant: '2'.repeat(36) },
  ],
  ['hubspot-pat', `pat-eu1-${randomUUID()}`, { region: 'eu1' }],
  [
    'cisco-webex',
    `${word(64)}_P0A1_00000000-0000-0000-0000-000000000001`,
    { organisation: '00000000-0000-0000-0000-000000000001' },
  ],
  [
    'stripe-live',
    `sk_live_51${'A'.repeat(15)}${word(82)}`,
    { mode: 'live', account: `acct_1${'A'.repeat(15)}` },
  ],
  [
    'stripe-restricted-live',
    `rk_live_${word(24).replace(/^5/, 'x')}`,
    { mode: 'live', scope: 'restricted' },
  ],
  ['stripe-test', `sk_test_${word(24).replace(/^5/, 'x')}`, { mode: 'test' }],
  [
    'braintree-access',
    `access_token$production$${'m'.repeat(16)}$${hex(32)}`,
    { mode: 'live', merchant: 'm'.repeat(16) },
  ],
  ['plaid-access', `access-sandbox-${randomUUID()}`, { mode: 'test' }],
  ['plaid-access', `access-production-${randomUUID()}`, { mode: 'live' }],
  ['flutterwave-test', `FLWSECK_TEST-${hex(32)}-X`, { mode: 'test' }],
  ['easypost', `EZAK${word(54)}`, { mode: 'live' }],
  ['easypost-test', `EZTK${word(54)}`, { mode: 'test' }],
  ['square-secret', `sq0csp-${word(43)}`, { kind: 'application secret' }],
  [
    'paddle',
    `pdl_live_apikey_${'0'.repeat(26)}_${word(22)}_${word(3)}`,
    { mode: 'live', 'key ID': '0'.repeat(26) },
  ],
  ['shippo', `shippo_test_${hex(40)}`, { mode: 'test' }],
  ['duffel', `duffel_live_${word(43)}`, { mode: 'live' }],
  ['onfido', `api_live.${word(43)}`, { mode: 'live' }],
  [
    'grafana-cloud',
    `glc_${json({ o: '12', n: 'stack-1', k: word(20), m: { r: 'eu' } })}`,
    { 'organisation ID': '12', name: 'stack-1', region: 'eu' },
  ],
  ['grafana-old', json({ k: word(32), n: 'ci', id: 3 }), { name: 'ci', 'organisation ID': '3' }],
  [
    'sentry-org',
    `sntrys_${json({ iat: SECONDS, url: 'https://sentry.io', region_url: 'https://de.sentry.io', org: 'acme' })}_${word(43)}`,
    {
      organisation: 'acme',
      host: 'https://sentry.io',
      region: 'https://de.sentry.io',
      issued: '2026-11-23T00:00:00Z',
    },
  ],
  [
    'sentry-dsn',
    `https://${hex(32)}@o12.ingest.sentry.io/34`,
    { 'organisation ID': '12', host: 'ingest.sentry.io', 'project ID': '34' },
  ],
  [
    'onepassword-sa',
    `ops_${json({ signInAddress: 'acme.1password.com', email: 'a@b.example', secretKey: 'x', deviceUuid: 'd1' })}`,
    { user: 'a@b.example', host: 'acme.1password.com', device: 'd1' },
  ],
  ['onepassword-secret-key', `A3-ABCDEF-${word(6)}-AAAAA-BBBBB-CCCCC-DDDDD`, { account: 'ABCDEF' }],
  [
    'mapbox-secret',
    `sk.${Buffer.from(JSON.stringify({ u: 'ann', a: word(24) })).toString('base64url')}.${word(22)}`,
    { user: 'ann' },
  ],
  ['docker-config-auth', Buffer.from(`ann:${word(12)}`).toString('base64'), { user: 'ann' }],
  [
    'dockerconfigjson',
    json({ auths: { 'ghcr.io': { auth: Buffer.from('bob:x1').toString('base64') } } }),
    { host: 'ghcr.io', user: 'bob' },
  ],
  ['npmrc-auth', `_auth=${Buffer.from('ann:pw12').toString('base64')}`, { user: 'ann' }],
  ['gcp-oauth-access', `ya29.${word(80)}`, { lifetime: '1 hour' }],
  [
    'gcp-service-account',
    JSON.stringify({ type: 'service_account', project_id: 'p', client_email: 'r@p.example' }),
    { user: 'r@p.example', project: 'p' },
  ],
  [
    'tailscale-auth',
    `tskey-auth-${'k'.repeat(12)}-${word(32)}`,
    { kind: 'auth', 'key ID': 'k'.repeat(12) },
  ],
  ['doppler-service', `dp.st.prd.${word(42)}`, { config: 'prd', kind: 'service token' }],
  ['openai-service', `sk-svcacct-${word(74)}T3BlbkFJ${word(74)}`, { kind: 'service account key' }],
  ['anthropic-admin', `sk-ant-admin01-${word(93)}AA`, { kind: 'admin key' }],
  ['vault-batch', `hvb.${word(140)}`, { kind: 'batch token' }],
  ['nkey-seed', `SU${word(56, 'ABCDEFGH234567')}`, { kind: 'user seed' }],
  ['packagist-private', `packagist_ort_${hex(68)}`, { kind: 'organisation, read' }],
  [
    'salesforce-session',
    `00D${'1'.repeat(12)}!${word(96)}`,
    { 'organisation ID': `00D${'1'.repeat(12)}` },
  ],
  [
    'workos',
    `sk_live_${Buffer.from(`key_${'W'.repeat(26)},${word(14)}`).toString('base64')}`,
    { 'key ID': 'W'.repeat(26) },
  ],
];

test.each(PARTS)('%s', (rule, value, expected) => {
  expect(facts(rule, value)).toEqual(expected);
});

test('a stateless token of a GitHub App: its ID, and the end in the token', () => {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = `ghs_12345_${part({ alg: 'RS256' })}.${part({ iss: 'github', exp: SECONDS - 60 })}.${randomBytes(256).toString('base64url')}`;
  expect(factsOf('github-app-server-jwt', token, NOW)).toMatchObject({
    severity: 'low',
    facts: { 'app ID': '12345', expired: 'yes' },
  });
});

describe('in a detection', () => {
  const detection = (over: Partial<Detection> = {}): Detection => ({
    rule: { id: 'stripe-test', title: '', provider: '', severity: 'high', revoke: '', steps: [] },
    severity: 'high',
    confidence: 'high',
    value: `sk_test_${word(24)}`,
    why: ['first'],
    facts: { user: 'u' },
    ...over,
  });

  test('facts are added, and a lesser severity counts', () => {
    expect(withFacts(detection(), CONFIGURATION)).toMatchObject({
      severity: 'low',
      facts: { user: 'u', mode: 'test' },
    });
  });

  test('a greater one does not among tests, nor where the checksum is wrong', () => {
    const token = detection({
      rule: { ...detection().rule, id: 'pypi' },
      value: macaroon('pypi.org', 'x', [[3, 'u']]),
      severity: 'low',
    });
    expect(withFacts(token, CONFIGURATION).severity).toBe('critical');
    expect(withFacts(token, fileKind('app/tests/x.py')).severity).toBe('low');
    expect(withFacts({ ...token, confidence: 'low' }, CONFIGURATION).severity).toBe('low');
  });
});

test('no value makes any reader throw, and facts stay short', () => {
  const rules = [
    ...new Set(PARTS.map(([rule]) => rule)),
    'pypi',
    'aws-akia',
    'aws-session-token',
    'azure-sas',
    'jwt',
    'age-identity',
  ];
  const seeds = PARTS.map(([, value]) => value);
  fc.assert(
    fc.property(
      fc.constantFrom(...rules),
      fc.constantFrom(...seeds),
      fc.nat(300),
      fc.string(),
      (rule, seed, at, text) => {
        for (const value of [text, seed.slice(0, at), seed.slice(0, at) + text + seed.slice(at)]) {
          for (const fact of Object.values(factsOf(rule, value, NOW).facts))
            expect(fact.length).toBeLessThan(2000);
        }
      },
    ),
    { numRuns: 1500 },
  );
});
