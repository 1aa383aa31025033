/** Secrets of cloud-init, Keycloak, Kaggle, Magento and rclone, each in the files that they write. */
import { describe, expect, test } from 'vitest';
import { constructedToken } from '../../make/sample-source.ts';
import { scanContent as scan } from '../../make/scan-content.ts';

const HEX = constructedToken('a key of an application').slice(0, 32);
const P = ['Tr0ub', '4dor', '&3x'].join('');
const WORDS = ['tulip', 'garden'].join('');
const PHRASE = ['tulip', 'garden'].join(' ');

const found = (text: string, path: string): string[] =>
  scan(text, path)
    .map(({ rule, value }) => `${rule.id} ${value}`)
    .sort();

describe('cloud-init', () => {
  test.each([
    ['a block', `chpasswd:\n  list: |\n    root:${P}\n    me:${WORDS}\n  expire: False\n`],
    ['a list', `chpasswd:\n  list:\n    - root:${P}\n    - "me:${WORDS}"\n`],
    ['a list at the same depth', `chpasswd:\n  list:\n  - root:${P}\n  - me:${WORDS}\n`],
    [
      'users',
      `chpasswd:\n  users:\n    - {name: root, password: '${P}', type: text}\n    - name: me\n      password: ${WORDS}\n`,
    ],
    ['settings', `password: ${WORDS}\nusers:\n  - name: me\n    plain_text_passwd: "${P}" # now\n`],
  ])('as %s', (_, text) => {
    const expected = [`generic-password ${P}`, `generic-password ${WORDS}`];
    for (const path of ['etc/cloud/cloud.cfg.d/50.cfg', 'var/lib/cloud/instance/user-data.txt'])
      expect(found(`#cloud-config\n${text}`, path)).toEqual(expected);
  });

  test('of two words', () => {
    const text = `#cloud-config\nusers:\n  - name: me\n    plain_text_passwd: ${PHRASE}\n`;
    expect(found(text, 'srv/seed/user-data')).toEqual([`generic-password ${PHRASE}`]);
  });

  test.each([
    'chpasswd:\n  list: |\n    root:RANDOM\n    me:R\n',
    'chpasswd: { expire: False }\npassword: ${PASSWORD}\n',
    'chpasswd:\n  list: []\nruncmd:\n  - echo done:here\n',
    'packages:\n  list: |\n    one\nhosts:\n  - name:another\n',
  ])('none in %j', (text) => {
    expect(found(`#cloud-config\n${text}`, 'etc/cloud/cloud.cfg.d/50.cfg')).toEqual([]);
  });
});

describe('Keycloak', () => {
  const realm = (credentials: object[], secret: string): string =>
    JSON.stringify({
      realm: 'own',
      clients: [{ clientId: 'web', secret }],
      users: [{ username: 'me', credentials }],
    });

  test('passwords of users and secrets of clients', () => {
    const text = realm([{ type: 'password', value: WORDS }], PHRASE);
    expect(found(text, 'srv/keycloak/import/own.json')).toEqual([
      `generic-password ${WORDS}`,
      `generic-secret ${PHRASE}`,
    ]);
  });

  test('nothing where they are masked, or kept as hashes', () => {
    const hashed = { type: 'password', secretData: '{"value":"aGFzaA==","salt":"c2FsdA=="}' };
    const text = realm([hashed, { type: 'otp', value: 'totp-device' }], '**********');
    expect(found(text, 'srv/keycloak/import/own.json')).toEqual([]);
  });

  test('nothing in another file of credentials', () => {
    const text = JSON.stringify({ credentials: [{ type: 'password', value: 'field' }] });
    expect(found(text, 'srv/app/forms.json')).toEqual([]);
  });
});

test.each([
  ['root/.kaggle/kaggle.json', `{"username":"me","key":"${HEX}"}`, `generic-key ${HEX}`],
  [
    'srv/shop/app/etc/env.php',
    `<?php return ['crypt' => ['key' => '${HEX}'], 'x' => 1];`,
    `magento-crypt-key ${HEX}`,
  ],
  [
    'srv/shop/app/etc/env.php',
    `<?php return array('crypt' => array('key' => '${HEX}'));`,
    `magento-crypt-key ${HEX}`,
  ],
  ['root/.config/rclone/rclone.conf', `[b2]\ntype = b2\nkey = ${HEX}\n`, `generic-key ${HEX}`],
])('%s', (path, text, expected) => {
  expect(found(text, path)).toEqual([expected]);
});
