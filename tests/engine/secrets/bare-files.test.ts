import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { ContentScanner } from '../../../src/engine/secrets/content-scanner.ts';
import { fileKind } from '../../../src/engine/secrets/file-kind.ts';
import type { Detection } from '../../../src/engine/secrets/finding.ts';

function scan(content: string, path: string): Detection[] {
  const bytes = new TextEncoder().encode(content);
  const scanner = new ContentScanner();
  scanner.begin(fileKind(path), bytes.length);
  scanner.push(bytes);
  return scanner.end();
}

const HEX = createHash('md5').update('a key that opens nothing').digest('hex');

test.each([
  ['var/jenkins_home/secrets/initialAdminPassword', 'generic-password', /Jenkins is set up/],
  ['srv/shop/config/master.key', 'rails-master', /name master_key/],
  ['srv/shop/config/credentials/production.key', 'rails-master', /name master_key/],
  ['root/.vault-token', 'generic-token', /Vault was last used/],
  ['srv/deploy/.vault_pass', 'generic-password', /Ansible Vault/],
  ['srv/deploy/vault-password.txt', 'generic-password', /Ansible Vault/],
  ['var/lib/rabbitmq/.erlang.cookie', 'generic-secret', /join others/],
])('%s is a secret as a whole', (path, id, why) => {
  for (const end of ['', '\n', '\r\n']) {
    const [found, ...more] = scan(`${HEX}${end}`, path);
    expect(more).toEqual([]);
    expect(found).toMatchObject({ rule: { id }, value: HEX });
    expect(found?.why.join('; ')).toMatch(why);
  }
  expect(scan(`# nothing yet\n${HEX}\n`, path)).toEqual([]);
  expect(scan(HEX, 'srv/shop/notes')).toEqual([]);
});
