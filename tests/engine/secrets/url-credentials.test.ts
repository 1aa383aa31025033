/** The quick look at a URL's bytes passes whatever the reading of its text takes. */
import { expect, test } from 'vitest';
import { mayHoldUser, urlCredentials } from '../../../src/engine/secrets/url-credentials.ts';

const PIECES = [
  ...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)),
  ...['\x85', '\xa0', '\xff', 'user', ':', ':', ':', '@', '@', 'host.example', '${HOST}', '%s'],
  ...['a'.repeat(20), 'b'.repeat(128), 'c'.repeat(255), 'd'.repeat(256), ':x-oauth-basic@', '://'],
];

test('no user part is missed, whatever signs it has and however long it is', () => {
  let taken = 0;
  const check = (text: string): void => {
    const bytes = Buffer.from(text, 'latin1');
    for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 1)) {
      if (!urlCredentials(text, at)) continue;
      taken++;
      expect(mayHoldUser(bytes, at), text).toBe(true);
    }
  };
  for (const piece of PIECES) {
    check(`ftp://${piece}:word@host`);
    check(`ftp://user:${piece}@host`);
    check(`ftp://user:a${piece}b@host`);
  }
  check(`https://${'u'.repeat(128)}:${'p'.repeat(256)}@host`);
  check(`https://${'t'.repeat(255)}:x-oauth-basic@host`);
  let seed = 1;
  const next = (): number => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) >>> 8;
  for (let round = 0; round < 20_000; round++) {
    let text = 'https://';
    for (let count = 2 + (next() % 6); count > 0; count--)
      text += PIECES[next() % PIECES.length] as string;
    check(text);
  }
  expect(taken).toBeGreaterThan(400);
});
