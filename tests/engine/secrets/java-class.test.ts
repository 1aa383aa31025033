import { expect, test } from 'vitest';
import { ContentScanner } from '../../../src/engine/secrets/content-scanner.ts';
import { fileKind } from '../../../src/engine/secrets/file-kind.ts';
import type { Detection } from '../../../src/engine/secrets/finding.ts';
import { readJavaClass } from '../../../src/engine/secrets/java-class.ts';
import { javaClass } from '../../make/java-class.ts';
import { constructedToken } from '../../make/sample-source.ts';

const secret = (of: string): string =>
  Buffer.from(constructedToken(of)).toString('base64').slice(3, 27);
const SECRETS = {
  constant: secret('a constant'),
  stored: secret('stored'),
  set: secret('set by a method'),
  put: secret('put under a key'),
};

function scan(bytes: Uint8Array): Detection[] {
  const scanner = new ContentScanner();
  scanner.begin(fileKind('app/Settings.class'), bytes.length);
  scanner.push(bytes);
  return scanner.end();
}

test('strings of a class are found by their field, their method and the key beside them', () => {
  const bytes = javaClass(SECRETS);
  const found = scan(bytes);
  expect(new Map(found.map(({ name, value }) => [name, value]))).toEqual(
    new Map([
      ['DB_PASSWORD', SECRETS.constant],
      ['apiToken', SECRETS.stored],
      ['Password', SECRETS.set],
      ['db.password', SECRETS.put],
    ]),
  );
  for (const { offset = -1, value, line } of found) {
    expect(Buffer.from(bytes.subarray(offset, offset + value.length)).toString()).toBe(value);
    expect(line).toBeUndefined();
  }
});

test('a class that is cut short anywhere, or damaged, gives what was read, and no error', () => {
  const bytes = javaClass(SECRETS);
  const all = readJavaClass('', bytes).length;
  for (let length = 0; length < bytes.length; length++) {
    expect(readJavaClass('', bytes.subarray(0, length)).length).toBeLessThanOrEqual(all);
  }
  for (let at = 8; at < bytes.length; at++) {
    const damaged = bytes.slice();
    damaged[at] = 255 - (damaged[at] as number);
    expect(readJavaClass('', damaged).length).toBeLessThan(5001);
  }
});
