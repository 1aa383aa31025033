import { execFileSync } from 'node:child_process';
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Detection } from '../../../../src/engine/secrets/finding.ts';
import { scanContent } from '../../../make/scan-content.ts';

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'keys-'))));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function scan(content: string | Uint8Array, path = 'etc/id_key'): Detection[] {
  return scanContent(content, path);
}

/** The one private key in a text. */
function key(content: string | Uint8Array, path?: string, rule = 'private-key'): Detection {
  const found = scan(content, path);
  expect(found.map(({ rule }) => rule.id)).toEqual([rule]);
  return found[0] as Detection;
}

/** SHA-256 of the SubjectPublicKeyInfo that Node makes of a private key. */
function spkiOf(privateKey: KeyObject): string {
  const der = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('base64');
}

function has(program: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((path) => existsSync(join(path, program)));
}

function run(program: string, ...args: string[]): string {
  return execFileSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ED25519 = generateKeyPairSync('ed25519').privateKey;
/** Bytes of a point in DER, by the curve. */
const CURVES: Record<string, number> = {
  'P-192': 52,
  'P-224': 60,
  'P-256': 68,
  'P-384': 100,
  'P-521': 138,
  secp256k1: 68,
  brainpoolP256r1: 68,
  brainpoolP384r1: 100,
  brainpoolP512r1: 133,
};

describe('keys that Node makes', () => {
  test.each(['pkcs1', 'pkcs8'] as const)('RSA in %s', (type) => {
    const found = key(RSA.export({ type, format: 'pem' }).toString());
    expect(found).toMatchObject({ severity: 'critical', confidence: 'certain' });
    expect(found.facts).toMatchObject({
      algorithm: 'RSA, 2048 bits',
      encrypted: 'no',
      'SPKI SHA-256': spkiOf(RSA),
    });
  });

  test.each(Object.keys(CURVES))('EC on %s, in both forms', (namedCurve) => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve });
    for (const type of ['sec1', 'pkcs8'] as const) {
      const { facts } = key(privateKey.export({ type, format: 'pem' }).toString());
      expect(facts).toMatchObject({
        algorithm: `EC, ${namedCurve}`,
        'SPKI SHA-256': spkiOf(privateKey),
      });
    }
  });

  test.each(Object.keys(CURVES))('EC on %s without its public half', (namedCurve) => {
    for (let i = 0; i < 4; i++) {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve });
      const sec1 = privateKey.export({ type: 'sec1', format: 'der' });
      // The point is the last member, in [1]: cut it off, and take its length from the sequence's.
      const size = CURVES[namedCurve] as number;
      const point = sec1.length - size - (size > 127 ? 1 : 0);
      const at = sec1.indexOf(Buffer.from([0xa1]), point - 2);
      const long = (sec1[1] as number) > 127;
      const head = sec1.subarray(long ? 3 : 2, at);
      const length = head.length > 127 ? [0x30, 0x81, head.length] : [0x30, head.length];
      const body = Buffer.concat([Buffer.from(length), head]).toString('base64');
      const { facts } = key(pem('EC PRIVATE KEY', body));
      expect(facts['SPKI SHA-256']).toBe(spkiOf(privateKey));
    }
  });

  test.each(['ed25519', 'x25519', 'ed448', 'x448'] as const)('%s', (type) => {
    // Overloads of Node's types take one name each.
    const { privateKey } = generateKeyPairSync(type as 'ed25519');
    const { facts } = key(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    expect(facts['algorithm']?.toLowerCase()).toBe(type);
    expect(facts['SPKI SHA-256']).toBe(spkiOf(privateKey));
  });

  test('DSA as OpenSSL writes it is not taken for RSA', () => {
    const integer = (size: number): Buffer => {
      const number = Buffer.alloc(size, 0x41);
      return Buffer.concat([Buffer.of(2, 0x82, size >> 8, size & 255), number]);
    };
    const numbers = [256, 32, 256, 256, 32].map(integer);
    const body = Buffer.concat([Buffer.of(2, 1, 0), ...numbers]);
    const der = Buffer.concat([Buffer.of(0x30, 0x82, body.length >> 8, body.length & 255), body]);
    const found = key(pem('DSA PRIVATE KEY', der.toString('base64')));
    expect(found.severity).not.toBe('info');
    expect(found.facts['algorithm']).toMatch(/^DSA/);
    expect(found.facts['sound']).toBeUndefined();
  });

  test('DSA and RSA-PSS', () => {
    const dsa = generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }).privateKey;
    const pss = generateKeyPairSync('rsa-pss', { modulusLength: 1024 }).privateKey;
    expect(key(dsa.export({ type: 'pkcs8', format: 'pem' }).toString()).facts).toMatchObject({
      algorithm: 'DSA, 1024 bits',
      'SPKI SHA-256': spkiOf(dsa),
    });
    expect(key(pss.export({ type: 'pkcs8', format: 'pem' }).toString()).facts['algorithm']).toBe(
      'RSA-PSS',
    );
  });

  test('encrypted, with the cipher where it is named', () => {
    const how = { format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const;
    const legacy = key(RSA.export({ type: 'pkcs1', ...how }).toString());
    expect(legacy).toMatchObject({
      severity: 'medium',
      facts: {
        encrypted: 'yes',
        encryption: 'AES-256-CBC',
        'key derivation': 'MD5, 1 iteration',
      },
    });
    expect(legacy.why.join()).toContain('guessed quickly');
    const modern = key(RSA.export({ type: 'pkcs8', ...how }).toString());
    expect(modern).toMatchObject({
      severity: 'medium',
      facts: {
        encrypted: 'yes',
        encryption: 'AES-256-CBC',
        'key derivation': 'PBKDF2 with HMAC-SHA-256, 2048 iterations',
      },
    });
  });

  test('JSON Web Keys, as they stand, in a string and in a program', () => {
    const pairs = [
      RSA,
      ED25519,
      ...['P-256', 'secp256k1'].map(
        (namedCurve) => generateKeyPairSync('ec', { namedCurve }).privateKey,
      ),
    ];
    for (const privateKey of pairs) {
      const jwk = { ...privateKey.export({ format: 'jwk' }), kid: 'k-1' };
      const json = JSON.stringify(jwk);
      const sorted = JSON.stringify(Object.fromEntries(Object.entries(jwk).sort()), null, 2);
      const program = `key = {${Object.entries(jwk)
        .map(([name, value]) => `'${name}': '${value}'`)
        .join(', ')}}`;
      for (const text of [
        json,
        sorted,
        `{"keys": [${json}]}`,
        `JWK=${JSON.stringify(json)}`,
        program,
      ]) {
        const found = key(text, 'app/jwk.json');
        expect(found.rule.title).toBe('Private key, JWK, not encrypted');
        expect(found.facts).toMatchObject({ 'key ID': 'k-1', 'SPKI SHA-256': spkiOf(privateKey) });
      }
      expect(
        scan(
          JSON.stringify(createPublicKey(privateKey).export({ format: 'jwk' })),
          'app/jwks.json',
        ),
      ).toEqual([]);
    }
    const shared = JSON.stringify({
      kty: 'oct',
      k: RSA.export({ type: 'pkcs8', format: 'der' }).subarray(40, 72).toString('base64url'),
    });
    expect(scan(shared, 'a.json')).toMatchObject([
      { rule: { id: 'shared-key' }, facts: { algorithm: 'shared key, 256 bits' } },
    ]);
  });
});

describe.runIf(has('openssl'))('the schemes in which OpenSSL encrypts a key', () => {
  test.each([
    [
      ['-v2', 'aes-128-cbc', '-iter', '9000'],
      'AES-128-CBC',
      'PBKDF2 with HMAC-SHA-256, 9000 iterations',
    ],
    [
      ['-v2', 'des3', '-v2prf', 'hmacWithSHA1'],
      'DES-EDE3-CBC',
      'PBKDF2 with HMAC-SHA-1, 2048 iterations',
    ],
    [
      ['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA512'],
      'AES-256-CBC',
      'PBKDF2 with HMAC-SHA-512, 2048 iterations',
    ],
    [['-scrypt'], 'AES-256-CBC', 'scrypt, N 16384, r 8, p 1'],
    [['-v1', 'PBE-SHA1-3DES'], 'DES-EDE3-CBC', 'PKCS #12 with SHA-1, 2048 iterations'],
    [
      ['-v1', 'PBE-MD5-DES', '-provider', 'legacy', '-provider', 'default'],
      'DES-CBC',
      'PBKDF1 with MD5, 2048 iterations',
    ],
  ])('%j', (how, encryption, derivation) => {
    writeFileSync(join(folder, 'open.pem'), RSA.export({ type: 'pkcs8', format: 'pem' }));
    const files = ['-in', 'open.pem', '-out', 'sealed.pem', '-passout', 'pass:x'];
    run('openssl', 'pkcs8', '-topk8', ...files, ...how);
    const found = key(readFileSync(join(folder, 'sealed.pem'), 'utf8'));
    expect(found.facts).toMatchObject({
      encrypted: 'yes',
      encryption,
      'key derivation': derivation,
    });
    expect(found.why.some((text) => text.includes('is weak'))).toBe(encryption === 'DES-CBC');
  });
});

function pem(label: string, base64: string): string {
  const lines = base64.match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

describe.runIf(has('ssh-keygen'))('keys that ssh-keygen makes', () => {
  test.each([
    ['rsa', '2048', 'RSA, 2048 bits'],
    ['ecdsa', '256', 'EC, P-256'],
    ['ecdsa', '521', 'EC, P-521'],
    ['ed25519', '256', 'Ed25519'],
  ])('%s %s, in its own form, in PEM and encrypted', (type, bits, algorithm) => {
    const name = `${type}${bits}`;
    run('ssh-keygen', '-q', '-t', type, '-b', bits, '-N', '', '-C', 'ann@host', '-f', name);
    const printed = (): string => run('ssh-keygen', '-l', '-f', name).split(' ')[1] as string;
    const text = readFileSync(join(folder, name), 'utf8');
    expect(key(text).facts).toMatchObject({
      kind: 'OpenSSH',
      algorithm,
      comment: 'ann@host',
      fingerprint: printed(),
    });
    run('ssh-keygen', '-q', '-p', '-N', 'a passphrase', '-f', name);
    expect(key(readFileSync(join(folder, name), 'utf8'))).toMatchObject({
      severity: 'medium',
      facts: {
        encrypted: 'yes',
        encryption: 'aes256-ctr',
        fingerprint: printed(),
        'key derivation': expect.stringMatching(/^bcrypt, \d+ rounds$/) as string,
      },
    });
    if (type === 'ed25519') return;
    run('ssh-keygen', '-q', '-p', '-P', 'a passphrase', '-N', '', '-m', 'PEM', '-f', name);
    expect(key(readFileSync(join(folder, name), 'utf8')).facts).toMatchObject({
      algorithm,
      fingerprint: printed(),
    });
  });

  test('DSA, where ssh-keygen still knows it', ({ skip }) => {
    const pair = generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 });
    writeFileSync(join(folder, 'dsa.spki'), pair.publicKey.export({ type: 'spki', format: 'pem' }));
    let line = '';
    try {
      line = run('ssh-keygen', '-i', '-m', 'PKCS8', '-f', 'dsa.spki');
    } catch {
      skip('OpenSSH from version 10 on does not');
    }
    writeFileSync(join(folder, 'dsa.pub'), line);
    const fingerprint = run('ssh-keygen', '-l', '-f', 'dsa.pub').split(' ')[1];
    const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(key(pem).facts).toMatchObject({ algorithm: 'DSA, 1024 bits', fingerprint });
  });

  test('Ed25519 in PKCS #8, where the public half must be worked out', () => {
    for (let i = 0; i < 4; i++) {
      const { privateKey } = generateKeyPairSync('ed25519');
      const { facts } = key(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
      const raw = Buffer.from(
        createPublicKey(privateKey).export({ format: 'jwk' }).x as string,
        'base64url',
      );
      const wire = Buffer.concat([
        Buffer.from([0, 0, 0, 11]),
        Buffer.from('ssh-ed25519'),
        Buffer.from([0, 0, 0, 32]),
        raw,
      ]);
      const digest = createHash('sha256').update(wire).digest('base64').replace(/=+$/, '');
      expect(facts['fingerprint']).toBe(`SHA256:${digest}`);
    }
  });
});

describe.runIf(has('gpg'))('keys that GnuPG makes', () => {
  let home = '';
  const gpg = (...args: string[]): string =>
    run('gpg', '--homedir', home, '--batch', '--no-tty', '--pinentry-mode', 'loopback', ...args);
  beforeAll(() => (home = mkdtempSync(join(folder, 'gpg-'))));
  afterAll(() => run('gpgconf', '--homedir', home, '--kill', 'all'));

  test.each([
    ['rsa2048', 'RSA, 2048 bits', ''],
    ['ed25519', 'EdDSA', 'a passphrase'],
    ['nistp256', 'ECDSA', ''],
  ])('%s', (type, algorithm, passphrase) => {
    const user = `Ann <${type}@example.org>`;
    gpg('--passphrase', passphrase, '--quick-gen-key', user, type, 'sign', 'never');
    const text = gpg('--passphrase', passphrase, '--armor', '--export-secret-keys', user);
    const listed = gpg('--with-colons', '--fingerprint', user);
    expect(key(text)).toMatchObject({
      severity: passphrase ? 'medium' : 'critical',
      facts: {
        kind: 'PGP',
        algorithm,
        user,
        encrypted: passphrase ? 'yes' : 'no',
        fingerprint: /^fpr:+([0-9A-F]{40}):/m.exec(listed)?.[1],
      },
    });
    if (passphrase === '') return;
    writeFileSync(join(folder, 'guarded.asc'), text);
    const packets = gpg('--list-packets', 'guarded.asc');
    const told = /algo: (\d+), .*\n?.*hash: (\d+)/.exec(packets);
    expect(told).not.toBeNull();
    const count = /protect count: (\d+)/.exec(packets)?.[1];
    expect(key(text).facts['encryption']).toBe({ 7: 'AES-128', 9: 'AES-256' }[told?.[1] ?? '']);
    expect(key(text).facts['key derivation']).toBe(
      `salted ${told?.[2] === '2' ? 'SHA-1' : 'SHA-256'} of ${count ?? ''} bytes`,
    );
  });
});

describe('what is no key', () => {
  const whole = RSA.export({ type: 'pkcs8', format: 'pem' }).toString();
  const open = createPublicKey(RSA).export({ type: 'spki', format: 'pem' }).toString();

  test.each([
    ['a marker', '-----BEGIN RSA PRIVATE KEY-----'],
    [
      'markers around words',
      '-----BEGIN PRIVATE KEY-----\nput the key of your account here, please\n-----END PRIVATE KEY-----',
    ],
    ['a body that is cut short', whole.replace(/(.{64}\n){6}(?=.*\n-----END)/, '')],
    ['a certificate', open.replaceAll('PUBLIC KEY', 'CERTIFICATE')],
    ['random bytes', pem('PRIVATE KEY', createHash('sha512').update('x').digest('base64'))],
    [
      'random bytes in OpenSSH',
      pem('OPENSSH PRIVATE KEY', createHash('sha512').update('x').digest('base64')),
    ],
    ['a public JWK of no sort', '{"kty": "RSA", "d": 1}'],
    [
      'half of a PuTTY key',
      'PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: x\nPublic-Lines: 6\nAAAA',
    ],
  ])('%s', (_, text) => {
    expect(scan(text)).toEqual([]);
  });

  test('numbers that do not belong together are said to open nothing', () => {
    const der = RSA.export({ type: 'pkcs1', format: 'der' });
    der[60] = (der[60] as number) ^ 1; // within the modulus
    expect(key(pem('RSA PRIVATE KEY', der.toString('base64')))).toMatchObject({
      severity: 'info',
      confidence: 'low',
      facts: { sound: 'no' },
    });
  });

  test('any damage leaves an answer, and quickly', () => {
    const texts = [whole, JSON.stringify(RSA.export({ format: 'jwk' }))];
    for (const text of texts) {
      for (let i = 0; i < 300; i++) {
        const at = (i * 7919) % text.length;
        const damaged = text.slice(0, at) + String.fromCharCode(33 + (i % 90)) + text.slice(at + 1);
        expect(() => scan(damaged)).not.toThrow();
      }
    }
    const start = performance.now();
    scan('-----BEGIN RSA PRIVATE KEY-----\n'.repeat(40_000));
    scan('{"kty":'.repeat(40_000));
    scan('PuTTY-User-Key-File-2: ssh-rsa\n'.repeat(20_000));
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

describe('a key is read however it is written', () => {
  const whole = RSA.export({ type: 'pkcs8', format: 'pem' }).toString();
  const lines = whole.trim().split('\n');
  test.each([
    ['k.yaml', `key: |\n${lines.map((line) => `    ${line}`).join('\n')}\n`],
    ['k.json', JSON.stringify({ key: whole })],
    ['k.json', JSON.stringify(JSON.stringify({ key: whole }))],
    ['.env', `KEY="${whole.replaceAll('\n', '\\n')}"`],
    ['.env', `KEY=${lines.join(' ')}`],
    ['k.c', lines.map((line) => `"${line}\\n"`).join('\n')],
    ['K.java', lines.map((line) => `"${line}\\n"`).join(' +\n    ')],
    ['k.sh', lines.join('\\\n')],
    ['k.js', `[${lines.map((line) => `'${line}'`).join(',\n')}].join('\\n')`],
    ['k.xml', `<key>${lines.join('&#10;')}</key>`],
    ['k.pem', lines.join('\r\n')],
    ['k.pem', lines.join('\r')],
  ])('%s: %#', (path, text) => {
    expect(key(text, path).facts['SPKI SHA-256']).toBe(spkiOf(RSA));
  });
});

test('a key in a JSON string, with its account beside it', () => {
  const account = {
    type: 'service_account',
    project_id: 'my-shop',
    private_key_id: 'abcdef',
    private_key: RSA.export({ type: 'pkcs8', format: 'pem' }).toString(),
    client_email: 'robot@my-shop.iam.gserviceaccount.com',
  };
  const text = JSON.stringify(account, null, 2);
  expect(key(text, 'app/credentials.json', 'private-key-google').facts).toMatchObject({
    user: 'robot@my-shop.iam.gserviceaccount.com',
    project: 'my-shop',
    'key ID': 'abcdef',
  });
});
