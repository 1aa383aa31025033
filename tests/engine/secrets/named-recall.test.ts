/** How many of the secrets that applications keep are found: every carrier with every kind of value. */
import { describe, expect, test } from 'vitest';
import { constructedToken } from '../../make/sample-source.ts';
import { CARRIERS } from '../../make/secret-carriers.ts';
import { scanContent as scan } from '../../make/scan-content.ts';

const HEX = constructedToken('a value for every carrier');
const BASE64 = Buffer.from(HEX + constructedToken('more of it'), 'hex').toString('base64');

/** Letters of both cases in an order that no name has. */
function letters(length: number, sentence: string): string {
  return Array.from({ length }, (_, i) => {
    const byte = parseInt(constructedToken(`${sentence} ${i}`).slice(0, 4), 16);
    return String.fromCharCode((byte & 1 ? 65 : 97) + ((byte >> 1) % 26));
  }).join('');
}

/** What applications keep: the words of its name, and the value. */
const KINDS: Record<string, [string, string]> = {
  'words without a sign': ['password', ['correct', 'horse'].join('')],
  'words with a hyphen': ['password', ['walnut', 'bridge'].join('-')],
  'words with underscores': ['smtp password', ['pencil', 'castle', 'purple'].join('_')],
  'words with either': ['db pass', ['walnut', 'castlepotato'].join('-')],
  'a name in another language': ['db password', ['Sommer', 'regen'].join('')],
  'a plea': ['datasource password', ['letmein', 'please'].join('')],
  'words with blanks': ['smtp password', ['correct', 'horse', 'battery', 'staple'].join(' ')],
  'a word, a year and a sign': ['admin password', ['Winter', '2023', '!'].join('')],
  'a password of signs': ['redis password', ['Tr0ub', '4dor', '&3x'].join('')],
  'letters of both cases': ['api token', letters(20, 'a token of letters')],
  'letters of both cases as a key': ['secret key', letters(28, 'a key of letters')],
  'hex digits': ['access token', HEX],
  'base64 of 24 characters': ['client secret', BASE64.slice(3, 27).replace(/[+/]/g, 'k')],
  'base64 of 32 characters': ['encryption key', BASE64.slice(5, 37).replace(/[+/]/g, 'Q')],
};

const ALL = Object.entries(CARRIERS).flatMap(([carrier, { path, write, cannot }]) =>
  Object.entries(KINDS)
    .filter(([, [, value]]) => !cannot?.test(value))
    .map(([kind, [name, value]]) => ({
      carrier,
      kind,
      path,
      value,
      text: write(name.split(' '), value),
    })),
);

describe('a secret in a configuration of the application is found', () => {
  test.each(ALL)('$kind in $carrier', ({ path, text, value }) => {
    const found = scan(text, path);
    expect(found.map((one) => one.value)).toEqual([value]);
    expect(found[0]?.severity).not.toBe('info');
  });
});

test('of tokens of letters alone more than eight in ten are found, whatever their length', () => {
  for (const length of [16, 20, 24, 28, 31]) {
    const tokens = Array.from({ length: 100 }, (_, i) => letters(length, `token ${i}`));
    const found = tokens.filter((token) => scan(`API_TOKEN=${token}\n`, 'srv/app/.env').length > 0);
    expect(found.length, `${length} letters`).toBeGreaterThanOrEqual(length < 20 ? 80 : 85);
  }
});
