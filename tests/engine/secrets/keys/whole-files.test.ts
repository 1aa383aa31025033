/** Files that are one secret as a whole; the fixtures are made by `tests/make/key-fixtures.sh`. */
import { execFileSync } from 'node:child_process';
import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  X509Certificate,
} from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Detection } from '../../../../src/engine/secrets/finding.ts';
import { scanContent } from '../../../make/scan-content.ts';

function scan(content: string | Uint8Array, path = 'srv/app/server.key'): Detection[] {
  return scanContent(content, path);
}

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(`tests/fixtures/keys/${name}`));

function has(program: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((path) => existsSync(join(path, program)));
}

function spkiOf(key: KeyObject): string {
  const open = key.type === 'public' ? key : createPublicKey(key);
  const der = open.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('base64');
}

const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const ED = generateKeyPairSync('ed25519').privateKey;

const DER: [string, KeyObject, 'pkcs1' | 'pkcs8' | 'sec1'][] = [
  ['RSA in PKCS #1', RSA, 'pkcs1'],
  ['RSA in PKCS #8', RSA, 'pkcs8'],
  ['EC in SEC 1', EC, 'sec1'],
  ['EC in PKCS #8', EC, 'pkcs8'],
  ['Ed25519', ED, 'pkcs8'],
];

describe('a private key in DER', () => {
  test.each(DER)('%s, as a file, with its fingerprint', (_, key, type) => {
    const der = key.export({ type, format: 'der' } as { type: 'pkcs8'; format: 'der' });
    for (const path of ['srv/app/AuthKey.p8', 'x']) {
      expect(scan(der, path)).toMatchObject([
        {
          rule: { id: 'private-key' },
          severity: 'critical',
          confidence: 'certain',
          value: der.toString('base64'),
          facts: { encrypted: 'no', 'SPKI SHA-256': spkiOf(key) },
        },
      ]);
    }
    // Some editors end every file with a line's end.
    expect(scan(Buffer.concat([der, Buffer.from('\n')]))).toHaveLength(1);
    expect(scan(der.subarray(0, der.length - 1))).toEqual([]);
  });

  test.each(DER)('%s, in base64 without armour', (_, key, type) => {
    const der = key.export({ type, format: 'der' } as { type: 'pkcs8'; format: 'der' });
    const text = der.toString('base64');
    for (const content of [
      `SIGNER="${text}"\n`,
      `{"jwt": {"private": "${text}"}}`,
      `key: |\n  ${text.replace(/.{64}/g, '$&\n  ')}\n`,
      Buffer.from(`X=${text}`).toString('base64'),
    ]) {
      const found = scan(content, 'srv/app/config.json');
      expect(found.map(({ rule }) => rule.id)).toEqual(['private-key']);
      expect(found[0]?.facts['SPKI SHA-256']).toBe(spkiOf(key));
    }
  });

  test('encrypted is one that also needs its passphrase', () => {
    const options = { cipher: 'aes-256-cbc', passphrase: 'words' };
    const der = EC.export({ type: 'pkcs8', format: 'der', ...options });
    expect(scan(der)).toMatchObject([{ severity: 'medium', facts: { encrypted: 'yes' } }]);
  });

  test('in PEM is found once, though its body is base64', () => {
    for (const format of ['pkcs1', 'pkcs8'] as const) {
      const pem = RSA.export({ type: format, format: 'pem' }).toString();
      expect(scan(pem).map(({ rule }) => rule.id)).toEqual(['private-key']);
    }
  });

  test('is not what is written alike: public keys, certificates, digests', () => {
    const digest = createHash('sha256').update('x').digest();
    const info = Buffer.concat([
      Buffer.from('3031300d060960864801650304020105000420', 'hex'),
      digest,
    ]);
    const open = createPublicKey(RSA);
    for (const bytes of [
      open.export({ type: 'spki', format: 'der' }),
      open.export({ type: 'pkcs1', format: 'der' }),
      info,
    ]) {
      expect(scan(bytes)).toEqual([]);
      expect(scan(`value = "${bytes.toString('base64')}"`)).toEqual([]);
    }
  });
});

describe.runIf(has('ssh-keygen') && has('gpg'))('a private key without armour', () => {
  test('of OpenSSH, and of OpenPGP', () => {
    const folder = mkdtempSync(join(tmpdir(), 'whole-'));
    const run = (program: string, ...args: string[]): Buffer =>
      execFileSync(program, args, {
        cwd: folder,
        env: { ...process.env, GNUPGHOME: folder },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    try {
      run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', 'id', '-C', 'who@where');
      const lines = readFileSync(join(folder, 'id'), 'utf8').split('\n');
      const body = Buffer.from(lines.filter((line) => !line.startsWith('--')).join(''), 'base64');
      expect(scan(body)).toMatchObject([
        { rule: { id: 'private-key' }, severity: 'critical', facts: { comment: 'who@where' } },
      ]);
      const plain = ['--batch', '--pinentry-mode', 'loopback', '--passphrase', ''];
      run('gpg', ...plain, '--quick-gen-key', 'who@where', 'rsa2048', 'sign', '1d');
      const secring = run('gpg', ...plain, '--export-secret-keys');
      expect(scan(secring, 'root/.gnupg/secring.gpg')).toMatchObject([
        { rule: { id: 'private-key' }, severity: 'critical', facts: { user: 'who@where' } },
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);
});

describe('an RSA key in .NET’s XML', () => {
  const jwk = RSA.export({ format: 'jwk' });
  const tag = (name: string, value = ''): string =>
    `<${name}>${Buffer.from(value, 'base64url').toString('base64')}</${name}>`;
  const open = tag('Modulus', jwk.n) + tag('Exponent', jwk.e);
  const primes = tag('P', jwk.p) + tag('Q', jwk.q);
  const xml = (body: string): string => `<RSAKeyValue>${body}</RSAKeyValue>`;

  test('is found with its fingerprint', () => {
    const text = `<add key="sign" value="x"/>\n${xml(open + primes + tag('D', jwk.d))}\n`;
    expect(scan(text, 'app/keys.xml')).toMatchObject([
      {
        severity: 'critical',
        confidence: 'certain',
        facts: { algorithm: 'RSA, 2048 bits', 'SPKI SHA-256': spkiOf(RSA) },
      },
    ]);
  });

  test('is none where only its public half is there, and no use where its numbers are off', () => {
    expect(scan(xml(open), 'app/keys.xml')).toEqual([]);
    const swapped = xml(open + tag('P', jwk.p) + tag('Q', jwk.p) + tag('D', jwk.d));
    expect(scan(swapped, 'app/keys.xml')).toMatchObject([
      { severity: 'info', facts: { sound: 'no' } },
    ]);
  });
});

describe('Bouncy Castle’s keystore', () => {
  test.each(['BKS', 'BKS-V1'])('%s with a common password, which is proven', (version) => {
    expect(scan(fixture(`common-${version}.bks`))).toMatchObject([
      {
        rule: { id: 'keystore', title: 'Keystore, BKS' },
        severity: 'high',
        facts: { entries: 'mine', password: ['change', 'it'].join('') },
      },
    ]);
  });

  test.each(['BKS', 'BKS-V1'])('%s with a password of its own', (version) => {
    const [found] = scan(fixture(`own-${version}.bks`));
    expect(found).toMatchObject({ severity: 'medium', facts: { entries: 'mine' } });
    expect(found?.facts['password']).toBeUndefined();
  });

  test.each(['common-BKS', 'common-BKS-V1', 'own-BKS', 'own-BKS-V1'])(
    '%s tells of the key what its certificate says',
    (name) => {
      const store = Buffer.from(fixture(`${name}.bks`));
      const at = store.indexOf('X.509') + 'X.509'.length;
      const certificate = store.subarray(at + 4, at + 4 + store.readUInt32BE(at));
      const { publicKey } = new X509Certificate(certificate);
      expect(scan(store)[0]?.facts['SPKI SHA-256']).toBe(spkiOf(publicKey));
    },
  );
});

describe('Kerberos keytabs', () => {
  test('are read as a whole: principals and ciphers', () => {
    expect(scan(fixture('service.keytab'), 'etc/krb5.keytab')).toMatchObject([
      {
        rule: { id: 'kerberos-keytab' },
        severity: 'critical',
        confidence: 'certain',
        facts: {
          principals: 'HTTP/web.example@EXAMPLE.ORG, host/web@EXAMPLE.ORG',
          encryption: 'aes256-cts-hmac-sha1-96, arcfour-hmac',
        },
      },
    ]);
  });

  test('with a hole that a deleted entry left', () => {
    const bytes = fixture('service.keytab');
    const hole = Buffer.concat([
      bytes.subarray(0, 2),
      Buffer.from([255, 255, 255, 252, 0, 0, 0, 0]),
      bytes.subarray(2),
    ]);
    expect(scan(hole)).toHaveLength(1);
  });

  test('are none where an entry does not fit', () => {
    const bytes = fixture('service.keytab');
    for (const length of [2, 20, 60, bytes.length - 1])
      expect(scan(bytes.subarray(0, length))).toEqual([]);
  });
});

test('a KeePass database is named, with its version and cipher, and is encrypted', () => {
  expect(scan(fixture('passwords.kdbx'), 'home/me/passwords.kdbx')).toMatchObject([
    {
      rule: { id: 'password-store', title: 'Store of passwords, KeePass 2' },
      severity: 'low',
      facts: { version: '4.0', encryption: 'AES-256' },
    },
  ]);
});

test('any damage to such a file leaves an answer', () => {
  for (const name of ['common-BKS.bks', 'service.keytab', 'passwords.kdbx']) {
    const bytes = fixture(name);
    // Every damaged store's password is looked for: a few of them are enough.
    for (let at = 0; at < bytes.length; at += name.endsWith('.bks') ? 37 : 5) {
      const damaged = bytes.slice();
      damaged[at] = 255 - (damaged[at] as number);
      expect(scan(damaged).length).toBeLessThan(2);
    }
  }
});
