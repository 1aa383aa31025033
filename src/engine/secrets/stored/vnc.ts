/** Passwords of VNC servers (`vncpasswd`, `x11vnc -storepasswd`): DES under a key that is part of every such program. */
import { charactersOf } from '../../archive/plain-text.ts';
import { desDecrypt } from '../des.ts';
import type { ReadValue } from '../file-readers.ts';

/** As the programs have it; they take the bits of each byte from the lowest up. */
const KEY = Uint8Array.of(23, 82, 107, 6, 35, 78, 88, 7).map((byte) =>
  [0, 1, 2, 3, 4, 5, 6, 7].reduce((turned, bit) => turned | (((byte >> bit) & 1) << (7 - bit)), 0),
);
const BLOCK = 8; // bytes, and characters of a password at most

/** Where such files are kept. */
export const VNC_PATH = /(^|\/)(\.vnc\/passwd|[\w.-]{0,24}vnc[\w.-]{0,8}pass(wd|word)?)$/;

/** The password, and behind it the one for watching only, where there is one. */
export function readVnc(_text: string, bytes: Uint8Array): ReadValue[] {
  if (bytes.length !== BLOCK && bytes.length !== 2 * BLOCK) return [];
  const values: ReadValue[] = [];
  for (let at = 0; at < bytes.length; at += BLOCK) {
    const plain = charactersOf(desDecrypt(KEY, bytes.subarray(at, at + BLOCK)));
    const value = /^([\x21-\x7e]{1,8})\0*$/.exec(plain)?.[1];
    if (value === undefined) continue;
    values.push({
      name: 'password',
      at,
      length: 0,
      value,
      kind: 'password',
      where: `of a VNC server${at > 0 ? ', for watching only' : ''}`,
      coded: 'encrypted with a key that is part of every VNC program',
    });
  }
  return values;
}
