/** Passwords that programs keep in a form that anyone can undo, written here as the programs write them. */
import { createCipheriv, createHash, pbkdf2Sync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Aes, aesCounter, aesGcm } from '../../../src/engine/secrets/aes.ts';
import type { Detection } from '../../../src/engine/secrets/finding.ts';
import { scanContent as scan } from '../../make/scan-content.ts';

const noise = (of: string, length: number): Buffer =>
  createHash('sha512').update(of).digest().subarray(0, length);
const PASSWORD = ['Sommer', 'regen!', '27 ä'].join('');
const PLAIN = ['Sommer', 'regen', '27'].join('');

/** Whether a stored form was undone, rather than found as it stands by a name and the look of it. */
const isUndone = ({ written }: Detection): boolean => written !== undefined;

/** The one finding, with its place in the text checked. */
function one(content: string, path: string, value = PASSWORD): Detection {
  const found = scan(content, path);
  expect(found.map((detection) => detection.value)).toEqual([value]);
  const [detection] = found as [Detection];
  expect(detection).toMatchObject({ severity: 'high', confidence: 'high' });
  const bytes = Buffer.from(content);
  const { offset = -1, written = value } = detection;
  expect(bytes.subarray(offset, offset + Buffer.byteLength(written)).toString()).toBe(written);
  return detection;
}

describe('AES agrees with OpenSSL', () => {
  test.each([16, 24, 32])('with keys of %i bytes, both ways', (size) => {
    const key = noise('key', size);
    const aes = new Aes(key);
    const block = noise('block', 16);
    const cipher = createCipheriv(`aes-${size * 8}-ecb`, key, null).setAutoPadding(false);
    const sealed = Buffer.concat([cipher.update(block), cipher.final()]);
    expect(Buffer.from(aes.encrypt(block))).toEqual(sealed);
    expect(Buffer.from(aes.decrypt(sealed))).toEqual(block);
  });

  test('counting over the end of the counter', () => {
    const key = noise('key', 16);
    const counter = Buffer.alloc(16, 255);
    const text = noise('text', 50);
    const cipher = createCipheriv('aes-128-ctr', key, counter);
    const sealed = Buffer.concat([cipher.update(text), cipher.final()]);
    expect(Buffer.from(aesCounter(new Aes(key), counter, sealed))).toEqual(text);
  });

  test.each([0, 5, 16, 50])(
    'in Galois/counter mode, %i bytes, and a wrong tag is told',
    (length) => {
      const key = noise('key', 32);
      const nonce = noise('nonce', 16);
      const additional = noise('additional', 20);
      const text = noise('text', length);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(additional);
      const sealed = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
      expect(Buffer.from(aesGcm(new Aes(key), nonce, sealed, additional) ?? [1])).toEqual(text);
      sealed.writeUInt8(sealed.readUInt8(0) ^ 1, 0);
      expect(aesGcm(new Aes(key), nonce, sealed, additional)).toBeUndefined();
    },
  );
});

describe('group policy preferences', () => {
  const KEY = '4e9906e8fcb66cc9faf49310620ffee8f496e806cc057990209b09a433b66c1b';
  const sealed = (text: string): string => {
    const cipher = createCipheriv('aes-256-cbc', Buffer.from(KEY, 'hex'), Buffer.alloc(16));
    const bytes = Buffer.concat([cipher.update(Buffer.from(text, 'utf16le')), cipher.final()]);
    return bytes.toString('base64').replace(/=+$/, '');
  };

  test('the password of an account', () => {
    const text = `<Groups>\n<User name="x"><Properties action="U" cpassword="${sealed(PASSWORD)}" userName="svc"/></User></Groups>`;
    const found = one(text, 'srv/Groups.xml');
    expect(found.why.join()).toMatch(/account svc.*published/);
  });

  test('the published example', () => {
    const example = ['j1Uyj3Vx8TY9LtLZil2uAuZ', 'kFQA/4latT76ZwgdHdhw'].join('');
    expect(scan(`<p cpassword="${example}"/>`, 'srv/Groups.xml')).toMatchObject([
      { value: ['Local*P4', 'ssword!'].join('') },
    ]);
  });

  test('nothing where it does not decrypt', () => {
    const text = `<p cpassword="${noise('x', 32).toString('base64')}"/>`;
    expect(scan(text, 'srv/Groups.xml').filter(isUndone)).toEqual([]);
    expect(scan('<p cpassword=""/>', 'srv/Groups.xml')).toEqual([]);
  });
});

describe('Cisco’s type 7', () => {
  test('of a user, of a line and of a key, the manual’s example among them', () => {
    const config = `hostname r1\nusername bob privilege 15 password 7 060506324F41\n`;
    // A password that everybody knows is still what opens this device.
    expect(scan(config, 'srv/router.cfg')).toMatchObject([
      { value: ['cis', 'co'].join(''), name: 'password' },
    ]);
    const text = Array.from(PLAIN);
    const table = 'dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87';
    const sealed = (start: number): string =>
      `${start}`.padStart(2, '0') +
      text
        .map((c, i) => c.charCodeAt(0) ^ table.charCodeAt((start + i) % table.length))
        .map((code) => code.toString(16).toUpperCase().padStart(2, '0'))
        .join('');
    for (const start of [0, 2, 15]) {
      one(`line vty 0 4\n password 7 ${sealed(start)}\n login\n`, 'srv/router.cfg', PLAIN);
      one(`tacacs-server host 10.1.1.1 key 7 ${sealed(start)}\n`, 'srv/router.conf', PLAIN);
    }
  });

  test('nothing where other numbers stand', () => {
    const text = 'password 7 99AABBCC\npassword 7 01FFFFFFFF\nthe key 7 is 1234 of 5678\n';
    expect(scan(text, 'srv/router.cfg')).toEqual([]);
  });
});

describe('FileZilla', () => {
  const server = (pass: string): string =>
    `<FileZilla3><Servers><Server>\n<Host>ftp.example.net</Host><User>web</User>\n${pass}\n</Server></Servers></FileZilla3>`;

  test('in base64, and in clear as older versions kept it', () => {
    const encoded = Buffer.from(PASSWORD).toString('base64');
    const found = one(server(`<Pass encoding="base64">${encoded}</Pass>`), 'root/sitemanager.xml');
    expect(found.why.join()).toMatch(/web at ftp\.example\.net/);
    one(server(`<Pass>${PLAIN}</Pass>`), 'root/recentservers.xml', PLAIN);
  });

  test('nothing where a master password guards it', () => {
    const text = server(
      `<Pass encoding="crypt" pubkey="x">${noise('x', 30).toString('base64')}</Pass>`,
    );
    expect(scan(text, 'root/sitemanager.xml')).toEqual([]);
  });
});

describe('WinSCP', () => {
  const hex = (codes: readonly number[]): string =>
    codes
      .map((code) => (~code & 0xff) ^ 0xa3)
      .map((code) => code.toString(16).toUpperCase().padStart(2, '0'))
      .join('');
  const section = (sealed: string): string =>
    `[Configuration]\nRandomSeed=1\n[Sessions\\web]\nHostName=ftp.example.net\nUserName=web\nPassword=${sealed}\n[Sessions\\other]\nHostName=x\n`;

  test('with names in front, as today, and without', () => {
    const bytes = [...Buffer.from(`webftp.example.net${PASSWORD}`)];
    one(section(hex([255, 0, bytes.length, 3, 9, 9, 9, ...bytes, 7, 7])), 'root/WinSCP.ini');
    const old = [...Buffer.from(PLAIN)];
    one(section(hex([old.length, 0, ...old, 7])), 'root/WinSCP.ini', PLAIN);
  });

  test('nothing where other names stand in front', () => {
    const bytes = [...Buffer.from(`rootftp.example.org${PLAIN}`)];
    const text = section(hex([255, 0, bytes.length, 0, ...bytes]));
    expect(scan(text, 'root/WinSCP.ini').filter(isUndone)).toEqual([]);
  });
});

describe('mRemoteNG', () => {
  const sealed = (text: string, master: string): string => {
    const salt = noise('salt', 16);
    const nonce = noise('nonce', 16);
    const cipher = createCipheriv('aes-256-gcm', pbkdf2Sync(master, salt, 1000, 32, 'sha1'), nonce);
    cipher.setAAD(salt);
    const body = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
    return Buffer.concat([salt, nonce, body]).toString('base64');
  };
  const file = (password: string): string =>
    `<?xml version="1.0"?>\n<mrng:Connections xmlns:mrng="http://mremoteng.org" EncryptionEngine="AES" BlockCipherMode="GCM" KdfIterations="1000" FullFileEncryption="false">\n<Node Name="db" Type="Connection" Username="sa" Hostname="db1" Password="${password}" />\n</mrng:Connections>`;

  test('under the program’s own password', () => {
    const found = one(file(sealed(PASSWORD, ['mR', '3m'].join(''))), 'root/confCons.xml');
    expect(found.why.join()).toMatch(/sa at db1/);
  });

  test('not under one of the user’s', () => {
    const found = scan(file(sealed(PASSWORD, 'another one')), 'root/confCons.xml');
    expect(found.map(({ value }) => value)).not.toContain(PASSWORD);
  });
});

test('Maven’s master password', () => {
  const salt = noise('salt', 8);
  const hash = createHash('sha256').update('settings.security').update(salt).digest();
  const cipher = createCipheriv('aes-128-cbc', hash.subarray(0, 16), hash.subarray(16));
  const body = Buffer.concat([cipher.update(PASSWORD), cipher.final()]);
  const filling = noise('filling', 7);
  const value = Buffer.concat([salt, Buffer.of(filling.length), body, filling]).toString('base64');
  const text = `<settingsSecurity>\n  <master>{${value}}</master>\n</settingsSecurity>\n`;
  expect(one(text, 'root/.m2/settings-security.xml').why.join()).toMatch(/part of Maven/);
});

test('DBeaver’s connections', () => {
  const start = noise('start', 16);
  const key = Buffer.from('babb4a9f774ab853c96c2d653dfe544a', 'hex');
  const cipher = createCipheriv('aes-128-cbc', key, start);
  const json = JSON.stringify({
    'postgres-1': { '#connection': { user: 'app', password: PASSWORD } },
  });
  const bytes = Buffer.concat([start, cipher.update(json), cipher.final()]);
  const path = 'root/.local/share/DBeaverData/workspace6/General/.dbeaver/credentials-config.json';
  const [found, ...more] = scan(bytes, path);
  expect(more).toEqual([]);
  expect(found).toMatchObject({ value: PASSWORD, severity: 'high' });
  expect(found?.written).toBeUndefined();
  expect(found?.why.join()).toMatch(/app in the connection postgres-1/);
  expect(scan(bytes.subarray(0, 40), path)).toEqual([]);
});

test('MySQL’s login paths', () => {
  const key = Buffer.concat([noise('key', 20)]);
  const folded = Buffer.alloc(16);
  key.forEach((byte, i) => (folded[i % 16] = (folded[i % 16] ?? 0) ^ byte));
  const lines = ['[client]\n', 'user = "root"\n', `password = "${PASSWORD}"\n`, 'host = "db1"\n'];
  const parts = lines.map((line) => {
    const cipher = createCipheriv('aes-128-ecb', folded, null);
    const sealed = Buffer.concat([cipher.update(line), cipher.final()]);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(sealed.length);
    return Buffer.concat([length, sealed]);
  });
  const bytes = Buffer.concat([Buffer.alloc(4), key, ...parts]);
  expect(scan(bytes, 'root/.mylogin.cnf')).toMatchObject([
    {
      value: PASSWORD,
      why: expect.arrayContaining([
        expect.stringMatching(/root in the login path client/),
      ]) as string[],
    },
  ]);
  for (let length = 0; length < bytes.length; length += 7)
    expect(scan(bytes.subarray(0, length), 'root/.mylogin.cnf').length).toBeLessThan(2);
});

describe('VNC', () => {
  /** Three times DES under one key is DES. */
  const des = (text: string): Buffer => {
    const key = Buffer.from(
      [23, 82, 107, 6, 35, 78, 88, 7].map((byte) =>
        parseInt(Array.from(byte.toString(2).padStart(8, '0')).reverse().join(''), 2),
      ),
    );
    const cipher = createCipheriv('des-ede3-ecb', Buffer.concat([key, key, key]), null);
    const block = Buffer.alloc(8);
    block.write(text);
    return cipher.setAutoPadding(false).update(block);
  };

  test.each(['root/.vnc/passwd', 'etc/x11vnc.pass', 'home/me/.vncpasswd'])('in %s', (path) => {
    for (const word of ['Som7mer!', 'k3nn', PLAIN.slice(0, 8)])
      expect(scan(des(word), path)).toMatchObject([{ value: word, severity: 'high' }]);
    const both = Buffer.concat([des('Som7mer!'), des('Nur5Seh')]);
    expect(scan(both, path).map(({ value }) => value)).toEqual(['Som7mer!', 'Nur5Seh']);
  });

  test('nothing in other files of that name', () => {
    expect(scan(noise('x', 8), 'root/.vnc/passwd')).toEqual([]);
    expect(scan('a:b\n', 'root/.vnc/passwd')).toEqual([]);
  });
});

test('Subversion’s stored logins', () => {
  const text = `K 8\npasstype\nV 6\nsimple\nK 8\npassword\nV ${PLAIN.length}\n${PLAIN}\nK 15\nsvn:realmstring\nV 3\nabc\nK 8\nusername\nV 3\nbob\nEND\n`;
  const path = 'root/.subversion/auth/svn.simple/0123456789abcdef0123456789abcdef';
  expect(one(text, path, PLAIN).why.join()).toMatch(/for bob/);
});
