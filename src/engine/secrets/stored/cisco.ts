/** Passwords of type 7 in configurations of Cisco's IOS: each character is combined with one of a fixed text, from a start that stands in front. */
import type { ReadValue } from '../file-readers.ts';

/** Part of every such device, and published since 1995; kept as numbers, since it looks like a password itself. */
const TEXT = [
  0x64, 0x73, 0x66, 0x64, 0x3b, 0x6b, 0x66, 0x6f, 0x41, 0x2c, 0x2e, 0x69, 0x79, 0x65, 0x77, 0x72,
  0x6b, 0x6c, 0x64, 0x4a, 0x4b, 0x44, 0x48, 0x53, 0x55, 0x42, 0x73, 0x67, 0x76, 0x63, 0x61, 0x36,
  0x39, 0x38, 0x33, 0x34, 0x6e, 0x63, 0x78, 0x76, 0x39, 0x38, 0x37, 0x33, 0x32, 0x35, 0x34, 0x6b,
  0x3b, 0x66, 0x67, 0x38, 0x37,
];
const LINE =
  /\b(?:username[ \t]{1,4}(\S{1,64})[ \t][^\n]{0,80}?)?\b(password|secret|key|key-string|ascii)[ \t]{1,4}7[ \t]{1,4}(\d\d(?:[0-9A-Fa-f]{2}){1,64})(?=\s|$)/g;

/** What the prefilter looks for. */
export const CISCO_TRIGGERS = ['password 7 ', 'secret 7 ', ' key 7 ', 'key-string 7 ', 'ascii 7 '];

/** The passwords of type 7 in a configuration. */
export function readCisco(text: string): ReadValue[] {
  return [...text.matchAll(LINE)].flatMap((match): ReadValue[] => {
    const [whole, user, name = '', value = ''] = match;
    const plain = revealed(value);
    if (plain === undefined) return [];
    return [
      {
        name,
        at: match.index + whole.length - value.length,
        length: value.length,
        value: plain,
        kind: 'password',
        where: user === undefined ? 'in a configuration of Cisco’s' : `for the user ${user}`,
        coded: 'as type 7, which anyone can undo',
      },
    ];
  });
}

function revealed(value: string): string | undefined {
  const start = Number(value.slice(0, 2));
  if (start > 15) return undefined;
  let plain = '';
  for (let at = 2, i = start; at < value.length; at += 2, i++) {
    const code = parseInt(value.slice(at, at + 2), 16) ^ (TEXT[i % TEXT.length] as number);
    plain += String.fromCharCode(code);
  }
  return /^[\x20-\x7e]+$/.test(plain) ? plain : undefined;
}
