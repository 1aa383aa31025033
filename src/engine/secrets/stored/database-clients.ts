/** Passwords that clients of databases keep: DBeaver under a key of its own, MySQL's login paths under one in the same file. */
import { Aes, aesBlocks, aesUnchain } from '../aes.ts';
import { parseObject, isObject, utf8 } from '../facts/encodings.ts';
import type { ReadValue } from '../file-readers.ts';

/** DBeaver's own key, the same everywhere: `DefaultValueEncryptor` of its base secrets. */
const DBEAVER = [0xbabb4a9f, 0x774ab853, 0xc96c2d65, 0x3dfe544a];
const BLOCK = 16;
const MOST_LINES = 1000;

/** The passwords of DBeaver's `credentials-config.json`: a start of 16 bytes, then JSON in AES-128. */
export function readDbeaver(_text: string, bytes: Uint8Array): ReadValue[] {
  const key = Uint8Array.from(DBEAVER.flatMap((word) => [24, 16, 8, 0].map((by) => word >>> by)));
  const plain = aesUnchain(new Aes(key), bytes.subarray(0, BLOCK), bytes.subarray(BLOCK));
  const connections = plain && parseObject(utf8(plain));
  return Object.entries(connections ?? {}).flatMap(([connection, parts]): ReadValue[] => {
    if (!isObject(parts)) return [];
    return Object.values(parts).flatMap((part): ReadValue[] => {
      const password = isObject(part) ? part['password'] : undefined;
      if (typeof password !== 'string' || password === '') return [];
      const user = isObject(part) && typeof part['user'] === 'string' ? part['user'] : '';
      return [
        {
          name: 'password',
          at: 0,
          length: 0,
          value: password,
          kind: 'password',
          where: `for ${user} in the connection ${connection} of DBeaver`,
          coded: 'encrypted with a key that is part of DBeaver',
        },
      ];
    });
  });
}

const KEY_AT = 4;
const KEY_BYTES = 20;

/** The passwords of `.mylogin.cnf`: 4 bytes unused, 20 of a key, then each line in AES-128 behind its length. */
export function readMysqlLogin(_text: string, bytes: Uint8Array): ReadValue[] {
  const start = KEY_AT + KEY_BYTES;
  if (bytes.length < start + 4) return [];
  const key = new Uint8Array(BLOCK);
  for (let i = 0; i < KEY_BYTES; i++)
    key[i % BLOCK] = (key[i % BLOCK] as number) ^ (bytes[KEY_AT + i] as number);
  const aes = new Aes(key);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const values: ReadValue[] = [];
  let path = '';
  let user = '';
  for (let at = start, lines = 0; at + 4 <= bytes.length && lines < MOST_LINES; lines++) {
    const length = view.getUint32(at, true);
    const plain = aesBlocks(aes, bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
    const line = plain && utf8(plain);
    if (line === undefined) break;
    path = /^\[([^\]]{1,128})\]/.exec(line)?.[1] ?? path;
    user = /^user = "?([^"\n]{1,128})/.exec(line)?.[1] ?? user;
    const password = /^password = "?([^\n]{1,512}?)"?\s*$/.exec(line)?.[1];
    if (password === undefined) continue;
    values.push({
      name: 'password',
      at: 0,
      length: 0,
      value: password,
      kind: 'password',
      where: `for ${user} in the login path ${path} of MySQL`,
      coded: 'encrypted with a key that stands in the same file',
    });
  }
  return values;
}
