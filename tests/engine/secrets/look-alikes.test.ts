/** Look-alikes of secrets in every form they are written in, and beside them the true ones whose shape is nearest. */
import { describe, expect, test } from 'vitest';
import { scanBytecode } from '../../../src/engine/scan/scan-bytecode.ts';
import { fileKind } from '../../../src/engine/secrets/file-kind.ts';
import type { Detection } from '../../../src/engine/secrets/finding.ts';
import { assigningPyc } from '../../make/assigning-pyc.ts';
import { scanContent } from '../../make/scan-content.ts';

let state = 20_251;

/** A number below `most`, the next of a row that is the same on every run (xorshift). */
function next(most: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % most;
}

const drawn = (from: string, length: number): string =>
  Array.from({ length }, () => from[next(from.length)]).join('');
const DIGITS = '0123456789';
const CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LETTERS = `${CAPITALS}${CAPITALS.toLowerCase()}`;
const hex = (length: number): string => drawn(`${DIGITS}abcdef`, length);
const HEX = (length: number): string => hex(length).toUpperCase();
const mixed = (length: number): string => `a7${drawn(`${LETTERS}${DIGITS}`, length - 4)}Q3`;
const base58 = (length: number): string =>
  drawn(`${LETTERS}${DIGITS}`.replace(/[0OIl]/g, ''), length);
const uuid = (): string => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;

type Named = readonly [name: string, value: string];

const LOOK_ALIKES: Record<string, readonly Named[]> = {
  'codes of errors': [
    ['InvalidPassword', 'AUTH_1002'],
    ['INVALID_PASSWORD', 'AUTH-1002'],
    ['PasswordTooWeak', 'E1042'],
    ['BadCredentials', 'AUTH.0017'],
    ['WeakPassword', 'PWD_4001'],
    ['PasswordReused', 'USR-00123'],
    ['ExpiredSecret', 'SEC_9001'],
    ['EmptyPassword', 'AUTH1002'],
    ['PASSWORD', 'ERR_AUTH_1002'],
    ['LOCKED_PASSWORD', 'Z-99812'],
    ['TOKEN_EXPIRED', 'E_AUTH_4011'],
  ],
  'fingerprints and public keys': [
    ['GPG_KEY', HEX(40)],
    ['PGP_KEY', HEX(40)],
    ['RELEASE_SIGNING_KEY', HEX(40)],
    ['REPO_SIGNING_KEY', `0x${HEX(40)}`],
    ['gpg_signing_key', `0x${HEX(16)}`],
    ['apt_signing_key', hex(40)],
    ['SIGNING_KEY', `0x${HEX(16)}`],
    ['signing_key', `RWQ${mixed(53)}`],
    ['minisign_key', `RWT${mixed(53)}`],
    ['verify_key', hex(64)],
    ['jwt_key', `MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE${mixed(86)}==`],
    ['signing_public_key', hex(64)],
    ['vapidPublicKey', `B${mixed(86)}`],
  ],
  'digests and revisions': [
    ['token_commit', hex(40)],
    ['secret_sha', hex(40)],
    ['api_key_checksum', hex(32)],
    ['token_sha256', hex(64)],
    ['apiKeyHash', hex(64)],
    ['md5_key', hex(32)],
    ['integrity_key', `sha512-${mixed(86)}==`],
    ['token_digest', `sha256:${hex(64)}`],
    ['token_image', `registry.acme.eu/auth/token@sha256:${hex(64)}`],
    ['etag_token', hex(32)],
    ['etagToken', `W/${hex(27)}`],
  ],
  'places in a list': [
    ['next_page_token', mixed(40)],
    ['cursor', mixed(48)],
    ['continuationToken', mixed(60)],
    ['nextSyncToken', mixed(32)],
    ['sync_token', mixed(40)],
    ['resume_token', mixed(40)],
    ['watch_token', mixed(32)],
    ['delta_token', mixed(44)],
    ['skip_token', mixed(44)],
    ['chunk_token', hex(20)],
    ['scroll_token', mixed(40)],
  ],
  'what pages give to everybody': [
    ['csrf_token', mixed(43)],
    ['XSRF_TOKEN', mixed(40)],
    ['csrfToken', mixed(43)],
    ['authenticity_token', `${mixed(86)}==`],
    ['__RequestVerificationToken', mixed(92)],
    ['clientToken', `pub${hex(32)}`],
    ['DD_CLIENT_TOKEN', `pub${hex(32)}`],
    ['captcha_key', `6L${mixed(38)}`],
    ['recaptcha_site_key', `6L${mixed(38)}`],
    ['nonce', mixed(32)],
  ],
  'addresses and accounts': [
    ['tokenMint', base58(44)],
    ['token_address', base58(44)],
    ['token_program', base58(43)],
    ['tokenAccount', base58(44)],
    ['tokenContract', `0x${hex(40)}`],
    ['MINIO_ACCESS_KEY', mixed(20)],
    ['s3_access_key', mixed(20)],
    ['accessKeyId', mixed(20)],
    ['token_id', uuid()],
    ['secret_uid', uuid()],
    ['resourceVersion', drawn(DIGITS, 8)],
  ],
  'hashes of passwords': [
    ['password', `$S$E${mixed(51)}`],
    ['password', `${hex(64)}:${mixed(32)}:2`],
    ['password', `${hex(64)}:${mixed(32)}:3_32_2_67108864`],
    ['password', `${hex(32)}:${mixed(32)}`],
    ['passwd', `${hex(32)}:${drawn(LETTERS, 2)}`],
    ['password', `0x0200${HEX(136)}`],
    ['password', `!${mixed(40)}`],
    ['hashed_secret', hex(40)],
    ['hashed_password', hex(64)],
  ],
  'what is encrypted for somebody': [
    ['DB_PASSWORD', `AQICAHh${mixed(160)}`],
    ['API_KEY', `kms:AQICAHh${mixed(160)}=`],
    ['token', `CiQA${mixed(120)}`],
    ['token', `wcFMA${mixed(300)}`],
    ['db_password', 'conjur:prod/db2'],
  ],
  'what declares a field': [
    ['password', 'required|string|min:6|confirmed'],
    ['password', 'required|min_length[8]'],
    ['password', 'bail|nullable|min:8'],
    ['password', 'sometimes|string|between:8,64'],
    ['old_password', 'trim|required|callback_check2'],
    ['password', 'required|min:8|regex:/^(?=.*[a-z]|x)/'],
    ['api_token', 'required|string|size:60'],
    ['secret', 'required_if:type,x|min:8'],
    ['password', 'string:8..64'],
    ['password', 'varchar(255)'],
    ['secret', 'text(1000)'],
    ['password', '#ff00aa'],
    ['secret', 'rgba(1,2,3,0.5)'],
    ['api_key', 'CharField(max_length=64)'],
    ['secret', '#1F2E3D4c'],
    ['password', 'Passwort#2'],
    ['dedup_key', hex(40)],
  ],
  'words and names': [
    ['password', 'Passwort2'],
    ['password', 'Kennwort'],
    ['passwordFeature', 'ff_pw_2fa_v2'],
    ['password_error', 'msg.pw.0001'],
    ['token', 'color.text.subtlest.100'],
    ['token_type', 'urn:ietf:params:oauth:token-type:access_token'],
    ['secret', 'labels.secret.step2'],
    ['token_cache_key', 'tok:v1:%s'],
  ],
};

const SECRETS: readonly Named[] = [
  ['password', 'PASS1234'],
  ['password', 'USER1234'],
  ['password', 'APP_2024'],
  ['db_password', 'PASS_1234'],
  ['password', 'AUTH_1002x!9'],
  ['SYNC_API_KEY', hex(40)],
  ['sync_secret', mixed(40)],
  ['chunk_secret', mixed(40)],
  ['csrf_secret', hex(64)],
  ['api_sync_token', mixed(40)],
  ['watch_access_token', hex(40)],
  ['WATCH_TOKEN', hex(40)],
  ['SYNC_TOKEN', hex(40)],
  ['verify_token', mixed(32)],
  ['SIGNING_KEY', hex(40)],
  ['signing_key', HEX(64)],
  ['release_signing_key', mixed(40)],
  ['gpg_passphrase', 'Harbour4417!x'],
  ['recaptcha_secret_key', `6L${mixed(38)}`],
  ['MINIO_SECRET_KEY', mixed(40)],
  ['s3_access_key', mixed(40)],
  ['client_token', hex(32)],
  ['admin_token', base58(44)],
  ['token', mixed(44)],
  ['build_token', hex(40)],
  ['cache_token', hex(64)],
  ['cache_access_key', hex(40)],
  ['encryption_key', hex(64)],
  ['password', 'walrus|min:x9|Tul1p'],
  ['password', 'Required|8harbour'],
  ['client_secret', `${hex(32)}:${mixed(32)}`],
  ['secret', `AQICAH${mixed(34)}`],
  ['hashed_secret', mixed(44)],
];

const FORMS: Record<string, (name: string, value: string) => string> = {
  'client.py': (name, value) => `${name} = "${value}"\n`,
  'table.py': (name, value) => `TABLE = {"${name}": "${value}"}\n`,
  'names.ts': (name, value) => `export enum Names {\n  ${name} = '${value}',\n}\n`,
  'table.js': (name, value) => `const table = { ${name}: '${value}' };\n`,
  'plain.yaml': (name, value) => `service:\n  ${name}: ${value}\n`,
  'quoted.yaml': (name, value) => `service:\n  ${name}: "${value}"\n`,
  'service.json': (name, value) => `{"service": {"${name}": "${value}"}}\n`,
  '.env': (name, value) => `${name}=${value}\n`,
  'app.properties': (name, value) => `app.${name}=${value}\n`,
};

const isLoud = ({ severity }: Detection): boolean => severity !== 'low' && severity !== 'info';

/** The forms in which a value under a name is taken for a secret, by the names of their files. */
function loudIn(name: string, value: string): string[] {
  const inText = Object.entries(FORMS).filter(([file, form]) =>
    scanContent(form(name, value), `srv/app/${file}`).some(isLoud),
  );
  const { detections } = scanBytecode(assigningPyc(name, value), fileKind('srv/app/client.pyc'));
  return [
    ...inText.map(([file]) => file),
    ...(detections.some(({ detection }) => isLoud(detection)) ? ['client.pyc'] : []),
  ];
}

describe.each(Object.entries(LOOK_ALIKES))('%s are no secrets', (_, named) => {
  test.each(named)('%s: %s', (name, value) => expect(loudIn(name, value)).toEqual([]));
});

const EVERYWHERE = [...Object.keys(FORMS), 'client.pyc'];

describe('secrets of the nearest shape are found', () => {
  test.each(SECRETS)('%s: %s', (name, value) => expect(loudIn(name, value)).toEqual(EVERYWHERE));

  test('what a list is read on with, in settings, where it is long and in hex', () => {
    for (const name of ['sync_token', 'resume_token', 'delta_token', 'sync_key'])
      expect(loudIn(name, hex(40))).toEqual([
        'plain.yaml',
        'quoted.yaml',
        '.env',
        'app.properties',
      ]);
    expect(loudIn('next_page_token', hex(40))).toEqual([]);
  });
});

describe('an access key of 20 characters', () => {
  const account = mixed(20);
  const secret = mixed(40);
  const of = (text: string): string[] =>
    scanContent(text, 'srv/app/store.yaml')
      .filter(isLoud)
      .map(({ value }) => value);

  test('is an account beside its secret key, and a secret alone', () => {
    expect(of(`accessKey: ${account}\nsecretKey: ${secret}\n`)).toEqual([secret]);
    expect(of(`secret_key: ${secret}\naccess_key: ${account}\n`)).toEqual([secret]);
    expect(of(`accessKey: ${account}\n`)).toEqual([account]);
    expect(of(`accessKey: ${account}\n${'#\n'.repeat(200)}secretKey: ${secret}\n`)).toHaveLength(2);
  });
});
