import { execFileSync } from 'node:child_process';
import {
  createHash,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  X509Certificate,
} from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { factsOf } from '../../../../src/engine/secrets/facts/facts-of.ts';
import type { Detection } from '../../../../src/engine/secrets/finding.ts';
import { scanContent } from '../../../make/scan-content.ts';

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'keystores-'))));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function scan(content: string | Uint8Array, path = 'etc/key', pieces = 0): Detection[] {
  return scanContent(content, path, pieces);
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

/** SHA-256 of the SubjectPublicKeyInfo in a certificate in PEM, as Node reads it. */
function spkiOf(certificate: string): string {
  const der = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('base64');
}

/** The certificate of a keystore's entry. */
function certificateIn(store: string, alias: string, password: string): string {
  const named = ['-keystore', store, '-alias', alias, '-storepass', password];
  return run('keytool', '-exportcert', '-rfc', ...named);
}

function read(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(folder, name)));
}

describe.runIf(has('keytool'))('keystores that keytool makes', () => {
  const make = (name: string, type: string, password: string, alias = 'server'): Uint8Array => {
    const store = ['-keystore', name, '-storetype', type, '-storepass', password];
    run(
      'keytool',
      '-genkeypair',
      '-alias',
      alias,
      '-keyalg',
      'EC',
      '-dname',
      'CN=x',
      '-keypass',
      password,
      ...store,
    );
    return read(name);
  };

  test('JKS with a common password, which is proven, and with another', () => {
    const common = scan(make('a.jks', 'JKS', ['change', 'it'].join('')), 'opt/app/a.jks');
    expect(common).toMatchObject([
      {
        rule: { id: 'keystore', title: 'Keystore, JKS' },
        severity: 'high',
        confidence: 'certain',
        facts: { entries: 'server', password: ['change', 'it'].join('') },
      },
    ]);
    const other = scan(make('b.jks', 'JKS', randomBytes(9).toString('hex')), 'opt/app/b.jks', 100);
    expect(other).toMatchObject([{ severity: 'medium', facts: { entries: 'server' } }]);
    expect(other[0]?.facts['password']).toBeUndefined();
  });

  test.each(['JKS', 'JCEKS', 'PKCS12'])('%s, with the public key of its pair', (type) => {
    const common = ['change', 'it'].join('');
    const [found] = scan(make(`f.${type}`, type, common), 'opt/app/f');
    expect(found?.facts).toMatchObject({
      algorithm: expect.stringMatching(/^EC, P-/) as string,
      password: common,
      'SPKI SHA-256': spkiOf(certificateIn(`f.${type}`, 'server', common)),
    });
  });

  test('JCEKS and PKCS #12', () => {
    const password = randomBytes(9).toString('hex');
    expect(scan(make('c.jceks', 'JCEKS', password, 'mine'))).toMatchObject([
      { rule: { title: 'Keystore, JCEKS' }, facts: { entries: 'mine' } },
    ]);
    expect(scan(make('d.p12', 'PKCS12', password, 'mine'))).toMatchObject([
      { rule: { title: 'Keystore, PKCS #12' }, severity: 'medium', facts: { entries: 'mine' } },
    ]);
  });

  test('stores of certificates only are none', () => {
    make('e.jks', 'JKS', 'aaaaaa1');
    run(
      'keytool',
      '-exportcert',
      '-alias',
      'server',
      '-keystore',
      'e.jks',
      '-storepass',
      'aaaaaa1',
      '-file',
      'e.crt',
    );
    for (const type of ['JKS', 'PKCS12']) {
      run(
        'keytool',
        '-importcert',
        '-noprompt',
        '-alias',
        'ca',
        '-file',
        'e.crt',
        '-keystore',
        `trust.${type}`,
        '-storetype',
        type,
        '-storepass',
        'aaaaaa1',
      );
      expect(scan(read(`trust.${type}`), 'etc/ssl/certs/java/cacerts')).toEqual([]);
    }
  });
});

describe.runIf(has('openssl'))('PKCS #12 that OpenSSL makes', () => {
  test('with a key under a password, and with one that is open', () => {
    run(
      'openssl',
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-subj',
      '/CN=x',
      '-keyout',
      'k.pem',
      '-out',
      'c.pem',
      '-days',
      '2',
    );
    const make = (...args: string[]): Detection[] => {
      run(
        'openssl',
        'pkcs12',
        '-export',
        '-inkey',
        'k.pem',
        '-in',
        'c.pem',
        '-out',
        'k.p12',
        ...args,
      );
      return scan(read('k.p12'), 'opt/k.p12');
    };
    expect(make('-passout', 'pass:x1y2', '-name', 'web')).toMatchObject([
      { severity: 'medium', facts: { entries: 'web' } },
    ]);
    expect(make('-passout', 'pass:', '-keypbe', 'NONE', '-certpbe', 'NONE')).toMatchObject([
      { severity: 'critical' },
    ]);
  });

  test.each(['sha1', 'sha256'])(
    'with a common password, which its code over %s proves',
    (digest) => {
      const common = ['change', 'it'].join('');
      const args = ['-inkey', 'k.pem', '-in', 'c.pem', '-macalg', digest];
      run('openssl', 'pkcs12', '-export', ...args, '-out', 'm.p12', '-passout', `pass:${common}`);
      expect(scan(read('m.p12'), 'opt/m.p12')).toMatchObject([
        { severity: 'high', facts: { password: common } },
      ]);
    },
  );

  test.each([
    ['AES-256-CBC', ['-keypbe', 'AES-256-CBC']],
    ['AES-128-CBC', ['-keypbe', 'AES-128-CBC', '-iter', '5000']],
    ['3DES', ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']],
    ['nothing', ['-keypbe', 'NONE', '-certpbe', 'NONE']],
  ])('with a key in %s, whose public half is told', (_, how) => {
    const common = ['change', 'it'].join('');
    const args = ['-inkey', 'k.pem', '-in', 'c.pem', '-out', 'n.p12', '-passout', `pass:${common}`];
    run('openssl', 'pkcs12', '-export', ...args, ...how);
    expect(scan(read('n.p12'), 'opt/n.p12')[0]?.facts).toMatchObject({
      algorithm: 'RSA, 2048 bits',
      'SPKI SHA-256': spkiOf(readFileSync(join(folder, 'c.pem'), 'utf8')),
    });
  });

  test('damaged ones leave an answer', () => {
    const store = read('k.p12');
    for (let length = 0; length < store.length; length += 37)
      expect(() => scan(store.subarray(0, length))).not.toThrow();
  });
});

/** A field of SSH's wire format. */
function field(bytes: Uint8Array | string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, Buffer.from(bytes)]);
}

describe.runIf(has('ssh-keygen'))('PuTTY and ssh.com', () => {
  test.each([2, 3])('a PuTTY key of version %i, open and encrypted', (version) => {
    const name = `p${version}`;
    run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', name);
    const [type = '', wire = ''] = readFileSync(join(folder, `${name}.pub`), 'utf8').split(' ');
    const printed = run('ssh-keygen', '-l', '-f', name).split(' ')[1];
    for (const cipher of ['none', 'aes256-cbc']) {
      const argon = version === 3 && cipher !== 'none';
      const lines = [
        `PuTTY-User-Key-File-${version}: ${type}`,
        `Encryption: ${cipher}`,
        'Comment: ann@host',
        'Public-Lines: 2',
        wire.slice(0, 64),
        wire.slice(64),
        ...(argon
          ? [
              'Key-Derivation: Argon2id',
              'Argon2-Memory: 8192',
              'Argon2-Passes: 21',
              'Argon2-Parallelism: 1',
              `Argon2-Salt: ${randomBytes(16).toString('hex')}`,
            ]
          : []),
        'Private-Lines: 1',
        field(randomBytes(32)).toString('base64'),
        `Private-MAC: ${createHmac(version === 2 ? 'sha1' : 'sha256', '')
          .update(wire)
          .digest('hex')}`,
      ];
      for (const end of ['\n', '\r\n']) {
        const block = lines.join(end);
        expect(scan(`# my key${end}${block}${end}`, 'home/ann/key.ppk')).toMatchObject([
          {
            rule: { id: 'private-key' },
            severity: cipher === 'none' ? 'critical' : 'medium',
            value: block,
            facts: {
              kind: 'PuTTY',
              algorithm: 'Ed25519',
              fingerprint: printed,
              comment: 'ann@host',
              ...(cipher !== 'none' && {
                'key derivation': argon
                  ? 'Argon2id, memory 8192 KiB, passes 21, parallelism 1'
                  : 'SHA-1, 1 iteration',
              }),
            },
          },
        ]);
      }
    }
  });

  test('a key of ssh.com', () => {
    for (const cipher of ['none', '3des-cbc']) {
      const rest = Buffer.concat([
        field('if-modn{sign{rsa-pkcs1-sha1},encrypt{rsa-pkcs1v2-oaep}}'),
        field(cipher),
        field(randomBytes(300)),
      ]);
      const head = Buffer.alloc(8);
      head.writeUInt32BE(0x3f6ff9eb);
      head.writeUInt32BE(rest.length + 8, 4);
      const body =
        Buffer.concat([head, rest])
          .toString('base64')
          .match(/.{1,70}/g) ?? [];
      const marker = (word: string): string => `---- ${word} SSH2 ENCRYPTED PRIVATE KEY ----`;
      const text = [
        marker('BEGIN'),
        'Subject: ann',
        'Comment: "2048-bit RSA, made on a \\',
        'Monday"',
        ...body,
        marker('END'),
      ].join('\n');
      expect(scan(text)).toMatchObject([
        {
          severity: cipher === 'none' ? 'critical' : 'medium',
          facts: { kind: 'SSH2', algorithm: 'RSA' },
        },
      ]);
    }
  });
});

test('a static key of OpenVPN', () => {
  const lines = Array.from({ length: 16 }, () => randomBytes(16).toString('hex'));
  const marker = (word: string): string => `-----${word} OpenVPN Static key V1-----`;
  const text = (body: string[]): string => [marker('BEGIN'), ...body, marker('END'), ''].join('\n');
  expect(scan(text(lines), 'etc/openvpn/ta.key')).toMatchObject([
    { rule: { id: 'openvpn-static' }, facts: { kind: 'OpenVPN' } },
  ]);
  expect(scan(text(lines.map(() => '0'.repeat(32))), 'etc/openvpn/ta.key')).toEqual([]);
});

/** Node's X25519 pair as raw bytes. */
function pair(): { secret: Buffer; open: Buffer } {
  const { privateKey } = generateKeyPairSync('x25519');
  const jwk = privateKey.export({ format: 'jwk' });
  const open = createPublicKey(privateKey).export({ format: 'jwk' }).x as string;
  return {
    secret: Buffer.from(jwk.d as string, 'base64url'),
    open: Buffer.from(open, 'base64url'),
  };
}

test('a WireGuard interface, with its public key', () => {
  for (let i = 0; i < 5; i++) {
    const { secret, open } = pair();
    secret[0] = (secret[0] as number) & 248;
    secret[31] = ((secret[31] as number) & 127) | 64;
    const value = secret.toString('base64');
    expect(
      scan(`[Interface]\nPrivateKey = ${value}\nAddress = 10.0.0.2/32\n`, 'etc/wireguard/wg0.conf'),
    ).toMatchObject([
      {
        rule: { id: 'wireguard-private' },
        value,
        severity: 'critical',
        facts: { 'public key': open.toString('base64') },
      },
    ]);
    expect(scan(`PublicKey = ${open.toString('base64')}`, 'etc/wireguard/wg0.conf')).toEqual([]);
  }
});

/** Bech32 as BIP 173 writes it down, bit by bit. */
function bech32(prefix: string, bytes: Buffer): string {
  const letters = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const words = (bits.match(/.{1,5}/g) ?? []).map((group) => parseInt(group.padEnd(5, '0'), 2));
  const codes = Array.from(prefix, (letter) => letter.charCodeAt(0));
  const all = [
    ...codes.map((code) => code >> 5),
    0,
    ...codes.map((code) => code % 32),
    ...words,
    0,
    0,
    0,
    0,
    0,
    0,
  ];
  let sum = 1n;
  for (const word of all) {
    const top = sum >> 25n;
    sum = ((sum & 0x1ffffffn) << 5n) ^ BigInt(word);
    [0x3b6a57b2n, 0x26508e6dn, 0x1ea119fan, 0x3d4233ddn, 0x2a1462b3n].forEach((generator, i) => {
      if (((top >> BigInt(i)) & 1n) === 1n) sum ^= generator;
    });
  }
  sum ^= 1n;
  const check = [25n, 20n, 15n, 10n, 5n, 0n].map((shift) => Number((sum >> shift) & 31n));
  return `${prefix}1${[...words, ...check].map((word) => letters[word] as string).join('')}`;
}

test('an age identity, with its recipient', () => {
  const { secret, open } = pair();
  const identity = bech32('age-secret-key-', secret).toUpperCase();
  expect(factsOf('age-identity', identity)).toMatchObject({
    confidence: 'certain',
    facts: { recipient: bech32('age', open) },
  });
  expect(
    factsOf('age-identity', `${identity.slice(0, -1)}${identity.endsWith('Q') ? 'P' : 'Q'}`).facts,
  ).toEqual({});
});

test('a key that stands in a file of its own name is found in pieces too', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const text = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  writeFileSync(join(folder, 'x.pem'), text);
  expect(scan(read('x.pem'), 'etc/x.pem', 7)).toMatchObject([
    { facts: { algorithm: 'EC, P-256' } },
  ]);
});
