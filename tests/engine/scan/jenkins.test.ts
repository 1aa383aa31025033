/** Jenkins' credentials and the keys that open them, in one image; written as Jenkins writes them. */
import { createCipheriv, createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { redact } from '../../../src/engine/report/redact.ts';
import type { Finding, Report } from '../../../src/engine/report/report.ts';
import { constructedToken } from '../../make/sample-source.ts';
import { scanEntries } from '../../make/scan-image.ts';
import type { TarInput } from '../../make/tar-writer.ts';

const noise = (of: string, length: number): Buffer =>
  createHash('sha512').update(of).digest().subarray(0, length);
const MASTER = ['a', 'b', 'c', 'd'].map((of) => noise(of, 32).toString('hex')).join('');
const KEY = noise('the key of credentials', 16);

function sealed(master: string): Buffer {
  const hash = createHash('sha256').update(master).digest().subarray(0, 16);
  const cipher = createCipheriv('aes-128-ecb', hash, null);
  const body = Buffer.concat([KEY, noise('more', 64), noise('and more', 64), noise('rest', 64)]);
  return Buffer.concat([cipher.update(body), cipher.update('::::MAGIC::::'), cipher.final()]);
}

function credential(text: string): string {
  const start = noise(text, 16);
  const cipher = createCipheriv('aes-128-cbc', KEY, start);
  const body = Buffer.concat([cipher.update(text), cipher.final()]);
  const head = Buffer.alloc(9);
  head[0] = 1;
  head.writeUInt32BE(start.length, 1);
  head.writeUInt32BE(body.length, 5);
  return Buffer.concat([head, start, body]).toString('base64');
}

const TOKEN = constructedToken('a password of Jenkins');
const CREDENTIAL = credential(TOKEN);
const HOME = 'var/jenkins_home';
const XML = `<list><entry><username>ci</username>\n<password>{${CREDENTIAL}}</password></entry></list>\n`;

const entry = (name: string, content: string | Uint8Array): TarInput => ({
  name: `${HOME}/${name}`,
  content: typeof content === 'string' ? new TextEncoder().encode(content) : content,
});
const find = (report: Report, value: string): Finding | undefined =>
  report.findings.find(({ secret }) => secret.value?.includes(value));

test('a credential whose keys are in the image is reported as what it opens to', async () => {
  const report = await scanEntries([
    entry('credentials.xml', XML),
    entry('secrets/master.key', `${MASTER}\n`),
    entry('secrets/hudson.util.Secret', sealed(MASTER)),
  ]);
  const found = find(report, TOKEN);
  expect(found).toMatchObject({ severity: 'critical', confidence: 'certain' });
  expect(found?.secret).toEqual({
    value: TOKEN,
    preview: `${TOKEN.slice(0, 4)}…${TOKEN.slice(-4)}`,
    length: TOKEN.length,
    written: expect.stringContaining(CREDENTIAL) as string,
  });
  const shared = JSON.stringify(redact(report));
  expect(shared).not.toContain(TOKEN);
  expect(shared).not.toContain(CREDENTIAL);
  expect(find(report, MASTER)).toMatchObject({ severity: 'critical', confidence: 'certain' });
  expect(find(report, sealed(MASTER).toString('base64'))?.why.join()).toMatch(
    /opens 1 credential /,
  );
});

test('without its keys, or with others, it is encrypted', async () => {
  const other = MASTER.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
  for (const keys of [
    [],
    [entry('secrets/master.key', other), entry('secrets/hudson.util.Secret', sealed(MASTER))],
  ]) {
    const found = find(await scanEntries([entry('credentials.xml', XML), ...keys]), CREDENTIAL);
    expect(found?.severity).not.toBe('critical');
    expect(found?.secret.written).toBeUndefined();
  }
});
