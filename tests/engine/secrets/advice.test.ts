import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { stepsOf } from '../../../src/engine/secrets/advice.ts';
import { article } from '../../../src/engine/secrets/article.ts';
import type { Detection } from '../../../src/engine/secrets/finding.ts';
import { FORMATS } from '../../../src/engine/secrets/formats.ts';
import { exampleOf } from '../../make/secret-examples.ts';
import { scanContent } from '../../make/scan-content.ts';

function scan(content: string | Uint8Array, path = 'srv/app/settings.env'): Detection[] {
  return scanContent(content, path);
}

function row(id: string): (typeof FORMATS)[number] {
  const found = FORMATS.find((one) => one.id === id);
  if (!found) throw new Error(`no row ${id}`);
  return found;
}

describe('advice', () => {
  test('for a token says where it is revoked', () => {
    const [found] = scan(`x=${exampleOf(row('github-pat-classic'))}`);
    expect(found?.rule.steps[0]).toMatch(/^Revoke it at github\.com/);
  });

  test('for a token whose checksum is wrong, and for a key that is damaged, is not to revoke', () => {
    const token = exampleOf(row('github-pat-classic'));
    const off = token.slice(0, -1) + (token.endsWith('a') ? 'b' : 'a');
    const pem = generateKeyPairSync('rsa', { modulusLength: 1024 })
      .privateKey.export({ type: 'pkcs1', format: 'der' })
      .toString('base64');
    const at = 120; // inside of the modulus
    const damaged = pem.slice(0, at) + (pem[at] === 'A' ? 'B' : 'A') + pem.slice(at + 1);
    const lines = damaged.replace(/.{64}/g, '$&\n');
    const label = ['RSA', 'PRIVATE', 'KEY'].join(' ');
    for (const text of [`x=${off}`, `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----`]) {
      const [found] = scan(text);
      expect(found?.severity).toBe('info');
      expect(found?.rule.revoke).toBe('');
      expect(found?.rule.steps.join(' ')).not.toMatch(/^Revoke|public: it is in/);
      expect(found?.rule.steps[0]).toMatch(/nothing to revoke/);
    }
  });

  test('never is to revoke what nobody issued, or what is public', () => {
    for (const id of ['bcrypt', 'fernet', 'age-identity', 'ansible-vault', 'mapbox-public'])
      expect(stepsOf(row(id)).join(' ')).not.toMatch(/Revoke/);
  });
});

test('titles are read out with the article that they sound like', () => {
  expect(['OpenAI key', 'OneLogin secret', 'npm token', 'HCP secret', 'Slack token'].map(article))
    // prettier-ignore
    .toEqual([
      'an OpenAI key',
      'a OneLogin secret',
      'an npm token',
      'an HCP secret',
      'a Slack token',
    ]);
  expect(article('Password hash (bcrypt)')).toBe('a password hash (bcrypt)');
});

describe('a name that only says whose key it is', () => {
  test.each([
    ['snyk', 'SNYK_KEY'],
    ['deepgram', 'deepgram-key'],
    ['mailjet', 'services.mailjet.key'],
  ])('%s, as %s', (id, name) => {
    const value = exampleOf(row(id));
    expect(scan(`${name}=${value}\n`)).toMatchObject([{ rule: { id }, value, name }]);
  });

  test('is nothing where the value has another form, or the name means another thing', () => {
    const value = exampleOf(row('snyk'));
    for (const text of [`SNYK_KEY=${value.slice(2)}`, `primary_key=${value}`, `SNYK_KEYS=${value}`])
      expect(scan(`${text}\n`)).toEqual([]);
  });
});
