/** Passwords of Windows group policy preferences (`cpassword`): AES-256 under a key that Microsoft has published in MS-GPPREF 2.2.1.1.4. */
import { Aes, aesUnchain } from '../aes.ts';
import { decodeBase64 } from '../facts/encodings.ts';
import type { ReadValue } from '../file-readers.ts';

const KEY = [
  0x4e9906e8, 0xfcb66cc9, 0xfaf49310, 0x620ffee8, 0xf496e806, 0xcc057990, 0x209b09a4, 0x33b66c1b,
];
const ATTRIBUTE = /\bcpassword="([A-Za-z0-9+/]{4,2048}={0,2})"/g;
const USER = /\b(?:userName|runAs|accountName)="([^"]{1,256})"/;
const REACH = 1024; // characters before a password in which its element begins

/** The passwords in a policy's XML. */
export function readGroupPolicy(text: string): ReadValue[] {
  const aes = new Aes(
    Uint8Array.from(KEY.flatMap((word) => [24, 16, 8, 0].map((by) => word >>> by))),
  );
  return [...text.matchAll(ATTRIBUTE)].flatMap((match): ReadValue[] => {
    const [whole, value = ''] = match;
    const sealed = decodeBase64(value);
    const plain = sealed && aesUnchain(aes, new Uint8Array(16), sealed);
    if (!plain) return [];
    const around = text.slice(Math.max(0, match.index - REACH), match.index + whole.length + REACH);
    const element = around.slice(around.lastIndexOf('<', Math.min(match.index, REACH)));
    const user = USER.exec(element.split('>', 1)[0] ?? '')?.[1];
    return [
      {
        name: 'cpassword',
        at: match.index + whole.length - 1 - value.length,
        length: value.length,
        value: new TextDecoder('utf-16le').decode(plain),
        kind: 'password',
        where:
          user === undefined ? 'in a group policy' : `for the account ${user} in a group policy`,
        coded: 'encrypted with a key that Microsoft has published',
      },
    ];
  });
}
