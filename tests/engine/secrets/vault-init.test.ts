import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { scanContent } from '../../make/scan-content.ts';

const bytes = (seed: string, length: number): Buffer =>
  createHash('sha512').update(seed).digest().subarray(0, length);
/** Shares as one of several, and as the only one. */
const SHARES = [bytes('a', 33), bytes('b', 33), bytes('c', 32)];
const BASE64 = SHARES.map((share) => share.toString('base64'));
const HEX = SHARES.map((share) => share.toString('hex'));
const ROOT = `hvs.${bytes('root', 48)
  .toString('base64')
  .replace(/[^A-Za-z0-9]/g, '')
  .slice(0, 24)}`;

function unsealKeys(text: string, path = 'root/vault.txt'): string[] {
  return scanContent(text, path)
    .filter(({ rule }) => rule.id.startsWith('vault-unseal'))
    .map(({ value }) => value);
}

describe('keys that unseal Vault', () => {
  test('are looked for in time that grows as the text does', () => {
    const began = performance.now();
    for (const text of [
      'keys: ',
      'keys:           ',
      `"keys":["${HEX[0]}",`,
      'operator unseal -x ',
    ])
      expect(unsealKeys(`unseal_keys\n${text.repeat(30_000)}`)).toEqual(
        text.includes(HEX[0] ?? '') ? expect.any(Array) : [],
      );
    expect(performance.now() - began).toBeLessThan(5000);
  });

  test.each(['Unseal', 'Recovery'])('as a table: %s', (kind) => {
    const lines = BASE64.map((share, i) => `${kind} Key ${i + 1}: ${share}`);
    const text = `${lines.join('\n')}\n\nInitial Root Token: ${ROOT}\n`;
    expect(unsealKeys(text)).toEqual(BASE64);
    expect(scanContent(text, 'vault.txt').at(-1)).toMatchObject({
      rule: { id: 'vault-root' },
      value: ROOT,
    });
  });

  test('as JSON, of the command and of the API, in one line or many', () => {
    const command = {
      unseal_keys_b64: BASE64,
      unseal_keys_hex: HEX,
      unseal_shares: 3,
      recovery_keys_b64: [],
      root_token: ROOT,
    };
    const api = { keys: HEX, keys_base64: BASE64, root_token: ROOT };
    for (const indent of [undefined, 2]) {
      expect(unsealKeys(JSON.stringify(command, undefined, indent), 'init.json')).toEqual([
        ...BASE64,
        ...HEX,
      ]);
      expect(unsealKeys(JSON.stringify(api, undefined, indent), 'init.json')).toEqual([
        ...HEX,
        ...BASE64,
      ]);
    }
  });

  test('as YAML, in commands, and under names', () => {
    const yaml = `unseal_keys_b64:\n${BASE64.map((share) => `- ${share}\n`).join('')}root_token: x\n`;
    expect(unsealKeys(yaml, 'init.yaml')).toEqual(BASE64);
    for (const text of [
      `vault_unseal_keys:\n${BASE64.map((share) => `  - "${share}"\n`).join('')}`,
      `unseal_keys = [\n${BASE64.map((share) => `  "${share}",\n`).join('')}]\n`,
      `{"unsealKeys": ["${BASE64.join('", "')}"]}`,
    ])
      expect(unsealKeys(text, 'group_vars/all.yml'), text).toEqual(BASE64);
    const commands = [...BASE64, ...HEX].map((share) => `vault operator unseal ${share}\n`);
    expect(unsealKeys(commands.join(''), 'start.sh')).toEqual([...BASE64, ...HEX]);
    for (const share of [...BASE64, ...HEX])
      expect(unsealKeys(`VAULT_UNSEAL_KEY=${share}\n`, '.env'), share).toEqual([share]);
  });

  test('are not made out of what stands beside other words', () => {
    for (const text of [
      `Unseal Key (will be hidden): \n`,
      `vault operator unseal $UNSEAL_KEY_1\n`,
      `vault operator unseal <key>\n`,
      `Unseal Key Nonce: ${HEX[2]}\n`,
      `"recovery_keys": null, "digest": "${HEX[2]}"\n`,
      `"unseal_keys_b64": ["${BASE64[0]?.slice(0, 30)}"]\n`,
    ])
      expect(unsealKeys(text, 'notes.txt'), text).toEqual([]);
  });
});
