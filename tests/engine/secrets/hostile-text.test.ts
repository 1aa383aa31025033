import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ContentScanner } from '../../../src/engine/secrets/content-scanner.ts';
import { fileKind } from '../../../src/engine/secrets/file-kind.ts';
import { FILE_READERS } from '../../../src/engine/secrets/file-readers.ts';

function scan(bytes: Uint8Array, path: string): number {
  const scanner = new ContentScanner();
  scanner.begin(fileKind(path), bytes.length);
  scanner.push(bytes);
  return scanner.end().length;
}

const SIZE = 60_000;
const PATHS = [
  'app/x.py',
  'root/.netrc',
  'root/.docker/config.json',
  'root/.pgpass',
  'etc/shadow',
  'a.class',
  'app/appsettings.json',
  'app/config.yaml',
  'app/config.toml',
];

/** Pieces of what the readers look for, repeated without ever coming to an end. */
const REPEATED = [
  'api_keys: [',
  'api_keys: ["a", ',
  'api_keys:\n- a\n',
  'password = "a" +\n',
  'password: >-\n  a\n',
  'password=a\\\n',
  '\\u0041',
  '\\x41',
  '{"jwt":{"key":"',
  'jwt:\n  key: ',
  '[jwt]\nkey=',
  'app:pw@tcp(',
  'host=a password=',
  'BUNDLE_A__COM: "',
  '<param-name>password</param-name>',
  'htpasswd -b ',
  'password ',
  'password=',
  'password="',
  'password: |\n  ',
  '<password ',
  '<password a="',
  '"name":"password",',
  'variable "password" { ',
  '"auths":{"a":{',
  '"a":{"auth":"',
  'kind: Secret\ndata:\n  a: ',
  'kind: Secret ',
  '"kind":"Secret","data":{"a":"',
  'curl -u a:b ',
  'echo a b c d | chpasswd',
  'docker login -p " ',
  'docker login -p ',
  'docker", "login", "-p", "',
  'openssl passwd $(',
  'sqlplus a/b ',
  "session({secret: ['a",
  'key = "a" jwt.sign(a ',
  'password%3dabc%26',
  'operator unseal -a -a ',
  'chpasswd:\n list:\n',
  'jwt.sign((((',
  'jwt.sign("a","b',
  "identified by '",
  'redis://a:b',
  'redis://:@@@@',
  'token = x or y or ',
  'Authorization: Bearer ',
  'client-key-data: aaaa',
  'machine a login b password ',
  'a:1:b:c:',
  'x:$6$',
  '_auth=',
  'password = ${A:-',
  'password: "\\u00',
  'key=a-b-c-d-',
  '<p cpassword="aaaa" userName="',
  'username a password 7 ',
  '<Server><Host>a</Pass>',
  'BlockCipherMode="GCM"<Connections <Node ',
  '<settingsSecurity <master>{',
  'K 8\npassword\nV 1\n',
  '[Sessions\\a]\nPassword=00',
  '<RSAKeyValue><Modulus>AAAA',
  '"value":"google.crypto.tink.',
  '{"crypto":{"cipher":"aes-128-ctr","ciphertext":"',
  'mnemonic = "abandon ability ',
  'password:\n  type: a\n  default: ',
  '"password":{"type":"a","type":"b",',
  'name: password\ntype: a\n',
  '$h->{password} //= ',
  '&quot;password&quot;:&quot;a',
  'a, password = "b", (',
  '(password, (a, [',
  'password = a if b else ',
  'def password():\n    """',
  'match password:\n    case "a" | ',
  'password in ("a", ',
  'compare_digest(password, ',
  'x: Annotated[password, ',
  'sha1(sha1(password) == ',
  'a a/password password ',
  "PASSWORD='a'\\''",
  'API_KEYS=a:b,c:d,',
  'password = required|min:8|',
  '-----BEGIN%20PRIVATE%20KEY-----%0A',
  'temporary password is generated for a: b',
  'Password for the elastic user (',
  '[admins]\na = b\n',
  'PlainLoginModule user_a="b" ',
  'aws ssm put-parameter --name a --value ',
];

describe('text made to take long takes no longer than its size allows', () => {
  test.each(REPEATED)(
    '%j',
    (piece) => {
      const of = (text: string): Uint8Array => new TextEncoder().encode(text);
      const contents = [
        of(piece.repeat(Math.ceil(SIZE / piece.length))),
        of(piece + ' '.repeat(SIZE)),
        of(piece + 'a'.repeat(SIZE)),
        of(`${piece.trimEnd()}${'\\"'.repeat(SIZE / 2)}`),
        of(piece + '\n'.repeat(SIZE)),
      ];
      for (const path of PATHS) {
        for (const bytes of contents) {
          const began = process.cpuUsage().user;
          scan(bytes, path);
          expect((process.cpuUsage().user - began) / 1e6, path).toBeLessThan(3);
        }
      }
    },
    120_000,
  );
});

test('no bytes make a reader throw', () => {
  const words = REPEATED.map((text) => new TextEncoder().encode(text));
  const piece = fc.oneof(fc.uint8Array({ maxLength: 12 }), fc.constantFrom(...words));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const bytes = new Uint8Array(pieces.flatMap((one) => [...one]));
      const text = new TextDecoder('latin1').decode(bytes);
      for (const reader of FILE_READERS) {
        for (const { at, length } of reader.read(text, bytes, 'srv/secret_key')) {
          expect(at).toBeGreaterThanOrEqual(0);
          expect(at + length).toBeLessThanOrEqual(bytes.length);
        }
      }
      for (const path of PATHS) scan(bytes, path);
    }),
    { numRuns: 300 },
  );
});
