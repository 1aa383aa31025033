/**
 * Files in which single applications keep their secrets under names that say too little: what Keycloak exports of a
 * realm, the key of Kaggle's client, Magento's `env.php`.
 */
import { EVERY_COPY, REBUILD } from './advice.ts';
import type { FileReader, ReadValue } from './file-readers.ts';
import type { Rule } from './finding.ts';
import { jsonLeaves } from './json-leaves.ts';
import type { NameKind } from './names.ts';

/** Passwords of users and secrets of clients in a realm that Keycloak exports (`RealmRepresentation`). */
function readKeycloakRealm(text: string): ReadValue[] {
  if (!/"realm"\s{0,8}:\s{0,8}"/.test(text)) return [];
  const leaves = jsonLeaves(text);
  const types = new Map(
    leaves.flatMap(({ path, raw }) => (path.at(-1) === 'type' ? [[above(path), raw]] : [])),
  );
  return leaves.flatMap(({ path, raw, at }): ReadValue[] => {
    const [list, , key] = path.slice(-3);
    let kind: NameKind | undefined;
    if (list === 'credentials' && key === 'value' && types.get(above(path)) === 'password')
      kind = 'password';
    else if (list === 'clients' && key === 'secret') kind = 'secret';
    if (kind === undefined) return [];
    return [
      { name: `${list}.${key}`, at, length: raw.length, kind, where: 'in a realm of Keycloak' },
    ];
  });
}

/** What tells the object of a leaf from others. */
function above(path: readonly string[]): string {
  return path.slice(0, -1).join('\0');
}

/** The key in `kaggle.json`, beside its user's name. */
function readKaggle(text: string): ReadValue[] {
  return jsonLeaves(text).flatMap(({ path, raw, at }) =>
    path.join() === 'key' && raw.length >= 32
      ? [
          {
            name: 'key',
            at,
            length: raw.length,
            kind: 'key',
            where: 'in a configuration of Kaggle',
          },
        ]
      : [],
  );
}

const MAGENTO: Rule = {
  id: 'magento-crypt-key',
  title: 'Key that Magento encrypts with',
  provider: 'Magento',
  severity: 'high',
  revoke: '',
  steps: [`Give Magento a new key, and change what it has encrypted. ${EVERY_COPY}`, REBUILD],
};
const MAGENTO_KEY =
  /'crypt'\s{0,8}=>\s{0,8}(?:\[|array\s?\()\s{0,16}'key'\s{0,8}=>\s{0,8}'([^']{16,512})'/d;

/** The keys that Magento encrypts with, a line for each. */
function readMagento(text: string): ReadValue[] {
  const [start = 0, end = 0] = MAGENTO_KEY.exec(text)?.indices?.[1] ?? [];
  return Array.from(text.slice(start, end).matchAll(/[^\s\\]{16,512}/g), ({ 0: key, index }) => ({
    name: 'crypt.key',
    at: start + index,
    length: key.length,
    kind: 'key' as const,
    rule: MAGENTO,
    where: 'in a configuration of Magento',
  }));
}

/** A reader for each of them. */
export const APPLICATION_FILE_READERS: readonly FileReader[] = [
  {
    triggers: ['"credentials": [', '"credentials":[', '"clients": [', '"clients":['],
    read: readKeycloakRealm,
  },
  { path: /(^|\/)kaggle\.json$/, read: readKaggle },
  { path: /(^|\/)app\/etc\/env\.php$/, read: readMagento },
];
