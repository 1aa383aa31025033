/**
 * Log-ins to package and image registries kept as JSON: Docker's `config.json` and `.dockercfg`, podman's
 * and Composer's `auth.json`. Docker's are described in its manual of `docker login`.
 */
import { base64Password } from './base64-text.ts';
import type { ReadValue } from './file-readers.ts';
import { IDENTITY_TOKEN } from './registry-rules.ts';

const REGISTRY = /"([^"\\\s]{1,256})"\s{0,40}:\s{0,40}\{([^{}]{0,16384})\}/g;
const FIELD = /"(auth|identitytoken|registrytoken|password)"\s{0,40}:\s{0,40}"([^"\\]{4,8192})"/g;
const COMPOSER =
  /"(github-oauth|gitlab-oauth|gitlab-token|bearer|forgejo-token)"\s{0,40}:\s{0,40}\{([^{}]{0,16384})\}/g;
const HOST = /"([^"\\\s]{1,256})"\s{0,40}:\s{0,40}"([^"\\]{4,1024})"/g;

/** The passwords and tokens of every registry in a file. */
export function readRegistryAuth(text: string): ReadValue[] {
  const values: ReadValue[] = [];
  for (const entry of text.matchAll(REGISTRY)) {
    const [whole, registry = '', body = ''] = entry;
    const from = entry.index + whole.length - 1 - body.length;
    for (const field of body.matchAll(FIELD)) {
      const [pair, name = '', value = ''] = field;
      const at = from + field.index + pair.length - 1 - value.length;
      const facts = { host: registry };
      const base = { name, at, length: value.length, where: `for the registry ${registry}`, facts };
      if (name !== 'auth') {
        const kind = name === 'password' ? 'password' : 'token';
        const refreshing = name === 'identitytoken' && { rule: IDENTITY_TOKEN };
        values.push({ ...base, kind, ...refreshing });
        continue;
      }
      const login = base64Password(value);
      if (!login) continue;
      values.push({
        ...base,
        kind: 'password',
        value: login.password,
        user: login.user,
        coded: 'in base64, which hides nothing',
      });
    }
  }
  for (const section of text.matchAll(COMPOSER)) {
    const [whole, name = '', body = ''] = section;
    const from = section.index + whole.length - 1 - body.length;
    for (const pair of body.matchAll(HOST)) {
      const [all, host = '', value = ''] = pair;
      const at = from + pair.index + all.length - 1 - value.length;
      const where = `for ${host}`;
      values.push({ name, at, length: value.length, kind: 'token', where, facts: { host } });
    }
  }
  return values;
}
