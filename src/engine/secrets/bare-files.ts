/** Files that hold one secret and nothing else, not even its name: only the path tells. */
import type { FileReader, ReadValue } from './file-readers.ts';
import type { NameKind } from './names.ts';

interface BareFile {
  path: RegExp;
  name: string;
  kind: NameKind;
  where: string;
}

const FILES: readonly BareFile[] = [
  {
    path: /(^|\/)secrets\/initialAdminPassword$/,
    name: 'initialAdminPassword',
    kind: 'password',
    where: 'the password with which Jenkins is set up',
  },
  {
    path: /(^|\/)config\/(master|credentials\/[\w-]{1,64})\.key$/,
    name: 'master_key',
    kind: 'key',
    where: 'the key of the encrypted credentials of Rails',
  },
  {
    path: /(^|\/)\.vault-token$/,
    name: '.vault-token',
    kind: 'token',
    where: 'the token with which Vault was last used',
  },
  {
    path: /(^|\/)\.?(ansible[_-])?vault[_-]pass(word)?(\.txt)?$/,
    name: 'vault_password',
    kind: 'password',
    where: 'the password of files of Ansible Vault',
  },
  {
    path: /(^|\/)\.erlang\.cookie$/,
    name: '.erlang.cookie',
    kind: 'secret',
    where: 'what lets a node join others of Erlang, and run anything there',
  },
];
const SECRET = /^\s{0,8}([\x21-\x7e]{6,512})\s{0,8}$/;

/** A reader for each such file. */
export const BARE_FILES: readonly FileReader[] = FILES.map(({ path, name, kind, where }) => ({
  path,
  read: (text: string): ReadValue[] => {
    const value = SECRET.exec(text)?.[1];
    if (value === undefined) return [];
    return [{ name, at: text.indexOf(value), length: value.length, kind, where }];
  },
}));
