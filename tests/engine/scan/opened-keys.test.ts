/** Encrypted private keys and what opens them, in one image. */
import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { redact } from '../../../src/engine/report/redact.ts';
import type { Finding, Report } from '../../../src/engine/report/report.ts';
import { scanEntries } from '../../make/scan-image.ts';
import type { TarInput } from '../../make/tar-writer.ts';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const SPKI = createHash('sha256')
  .update(createPublicKey(privateKey).export({ type: 'spki', format: 'der' }))
  .digest('base64');
const P = ['Tr0ub', '4dor', '&3x'].join('');

const entry = (name: string, content: string | Uint8Array): TarInput => ({
  name,
  content: typeof content === 'string' ? new TextEncoder().encode(content) : content,
});
const sealed = (passphrase: string): string =>
  privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString();
const keyIn = (report: Report): Finding | undefined =>
  report.findings.find(({ rule }) => rule === 'private-key');

test('a key whose password is in the image is as good as plain', async () => {
  const cipher = 'aes-128-cbc';
  const der = privateKey.export({ type: 'pkcs8', format: 'der', cipher, passphrase: P });
  for (const key of [entry('srv/app/tls/server.key', sealed(P)), entry('srv/app/tls/k.der', der)]) {
    const report = await scanEntries([key, entry('srv/app/tls.env', `TLS_KEY_PASSWORD=${P}\n`)]);
    const found = keyIn(report);
    expect(found).toMatchObject({
      severity: 'critical',
      facts: { encrypted: 'yes', algorithm: 'EC, P-256', 'SPKI SHA-256': SPKI },
    });
    expect(found?.why.join()).toMatch(/the password Tr…3x found in this image opens it/);
    const password = report.findings.find(({ secret }) => secret.value === P);
    expect(password).toMatchObject({ confidence: 'certain' });
    expect(JSON.stringify(redact(report))).not.toContain(P);
  }
});

test('a key whose password is in every manual is opened too, and one with another is not', async () => {
  const common = ['change', 'it'].join('');
  const opened = keyIn(await scanEntries([entry('srv/app/server.key', sealed(common))]));
  expect(opened).toMatchObject({ severity: 'critical', facts: { 'SPKI SHA-256': SPKI } });
  const env = entry('srv/app/tls.env', `TLS_KEY_PASSWORD=${P}\n`);
  const shut = keyIn(await scanEntries([entry('srv/app/server.key', sealed(`${P}0`)), env]));
  expect(shut).toMatchObject({ severity: 'medium' });
  expect(shut?.facts['SPKI SHA-256']).toBeUndefined();
});
