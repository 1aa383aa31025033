import { createCipheriv } from 'node:crypto';
import { expect, test } from 'vitest';
import { ContentScanner } from '../../../src/engine/secrets/content-scanner.ts';
import { fileKind } from '../../../src/engine/secrets/file-kind.ts';
import { revealed } from '../../../src/engine/secrets/rclone-obscure.ts';

const KEY = Buffer.from(
  ['9c935b48730a554d6bfd7c63c886a92b', 'd390198eb8128afbf4de162b8b95f638'].join(''),
  'hex',
);

/** As rclone obscures a password, with the cipher of this platform. */
function obscured(password: string, start: number): string {
  const counter = Buffer.alloc(16, start);
  const cipher = createCipheriv('aes-256-ctr', KEY, counter);
  return Buffer.concat([counter, cipher.update(password)]).toString('base64url');
}

test.each([
  ['x', 0],
  ['Tr0ub4dor&3x', 97],
  ['a password of more than one block, with spaces', 255],
  ['größer', 7],
])('%j is revealed', (password, start) => {
  expect(revealed(obscured(password, start))).toBe(password);
});

test('what is not obscured is left alone', () => {
  for (const text of ['', 'short', 'A'.repeat(22), '!'.repeat(40), 'A'.repeat(5000)])
    expect(revealed(text)).toBeUndefined();
});

test('a configuration of rclone gives its passwords in clear, and says how they were written', () => {
  const password = ['Tr0ub', '4dor', '&3x'].join('');
  const written = obscured(password, 42);
  const bytes = new TextEncoder().encode(`[nas]\ntype = sftp\nuser = x\npass = ${written}\n`);
  const scanner = new ContentScanner();
  scanner.begin(fileKind('root/.config/rclone/rclone.conf'), bytes.length);
  scanner.push(bytes);
  expect(scanner.end()).toMatchObject([
    { value: password, written, name: 'pass', line: 4, column: 8, severity: 'high' },
  ]);
});
