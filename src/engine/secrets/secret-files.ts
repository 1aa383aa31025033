/**
 * Files whose whole content is one secret, known by their paths: keys of frameworks, tokens of daemons,
 * secrets that an engine mounts. Their neighbours, which hold certificates, names or scripts, are left out.
 */
import { EVERY_COPY, REBUILD } from './advice.ts';
import type { FileReader, ReadValue } from './file-readers.ts';
import type { Rule, Severity } from './finding.ts';
import { secretKind } from './names.ts';

/** One kind of such a file. */
interface SecretFile {
  path: RegExp;
  rule: Rule;
  /** What its whole content looks like. */
  form: RegExp;
}

/** One line of printable characters, not the first line of a script, a key block or a document. */
const LINE = /^(?!#!|-----BEGIN|[{[<])[\x21-\x7e](?:[\x20-\x7e]{2,1022}[\x21-\x7e])$/;
const WORD = /^(?!#!|[{[<])[\x21-\x7e]{6,512}$/;
const HEX_32 = /^[0-9a-f]{32}$/i;

const secretFile = (
  id: string,
  title: string,
  severity: Severity,
  path: RegExp,
  step: string,
  form = LINE,
): SecretFile => ({
  path,
  form,
  rule: {
    id,
    title,
    provider: '',
    severity,
    revoke: '',
    steps: [`${step} ${EVERY_COPY}`, REBUILD],
  },
});

/** Rows in order: the first that fits is meant. Paths are from the root, without a leading slash. */
const SECRET_FILES: readonly SecretFile[] = [
  secretFile(
    'rails-master-key',
    'Rails master key',
    'critical',
    /(?:^|\/)config\/(?:master|credentials\/[\w-]{1,64})\.key$/,
    'Encrypt the credentials anew with another key, and change what they hold.',
    HEX_32,
  ),
  secretFile(
    'ansible-vault-password',
    'Password of an Ansible vault',
    'high',
    /(?:^|\/)\.?(?:ansible[-_.])?vault[-_.]?pass(?:wd|word|phrase)?(?:[-_.]?file)?(?:\.\w{1,8})?$/i,
    'Rekey the vault, and change what it holds.',
  ),
  secretFile(
    'vault-token-file',
    'Token of HashiCorp Vault',
    'high',
    /(?:^|\/)\.vault-token$/,
    'Revoke the token.',
  ),
  secretFile(
    'erlang-cookie',
    'Erlang cookie',
    'high',
    /(?:^|\/)\.erlang\.cookie$/,
    'Change the cookie on every node: whoever has it may run code on them.',
  ),
  secretFile(
    'jenkins-initial-password',
    'First password of a Jenkins administrator',
    'high',
    /(?:^|\/)secrets\/initialAdminPassword$/,
    'Change the password of the administrator.',
    HEX_32,
  ),
  secretFile(
    'jenkins-master-key',
    'Master key of Jenkins',
    'critical',
    /(?:^|\/)secrets\/master\.key$|(?:^|\/)(?:jenkins|jenkins_home|\.jenkins)\/secret\.key$/,
    'Change every credential that this Jenkins has kept.',
    /^[0-9a-f]{64}(?:[0-9a-f]{192})?$/i,
  ),
  secretFile(
    'k3s-token',
    'Token to join a k3s or RKE2 cluster',
    'critical',
    /(?:^|\/)rancher\/(?:k3s|rke2)\/(?:server\/)?(?:node-|agent-)?token$/,
    'Rotate the token of the cluster.',
  ),
  secretFile(
    'docker-token-seed',
    'Token seed of the Docker client',
    'medium',
    /(?:^|\/)\.docker\/\.?token_seed$/,
    'Log the client out, and in again.',
  ),
  secretFile(
    'secret-key-file',
    'Secret key of an application',
    'high',
    /(?:^|\/)\.?(?:\w{1,24}[-_.])?secret[-_]?key(?:[-_]base)?(?:\.(?:txt|secret))?$/i,
    'Give the application a new key.',
  ),
  secretFile(
    'ldap-secret-file',
    'Password of an LDAP client',
    'high',
    /(?:^|\/)(?:pam_|libnss-|nss_)?ldap\.secret$/,
    'Change the password of the account.',
    WORD,
  ),
  secretFile(
    'rsync-password-file',
    'Password of an rsync client',
    'high',
    /(?:^|\/)rsync[\w-]{0,16}\.(?:secret|pass(?:wd|word)?)$/,
    'Change the password of the account.',
    WORD,
  ),
  secretFile(
    'zabbix-shared-key',
    'Shared key of a Zabbix agent',
    'high',
    /(?:^|\/)zabbix[\w.-]{0,32}\/[\w.-]{0,32}psk$/,
    'Give the agent and the server a new key.',
    /^[0-9a-f]{32,512}$/i,
  ),
  secretFile(
    'mounted-secret',
    'Secret that was mounted',
    'high',
    /(?:^|\/)run\/secrets\/[^/]{1,128}$|\/volumes\/kubernetes\.io~secret\/[^/]{1,253}\/[^/.][^/]{0,253}$/,
    'Change it where it is used.',
  ),
  secretFile(
    'password-file',
    'Password in a file of its own',
    'high',
    /(?:^|\/)(?:\.?secrets?\/[\w-]{1,96}|[\w.-]{0,64}(?:password|passwd|passphrase))(?:\.(?:txt|secret|token|pass|key))?$/i,
    'Change it where it is used.',
    WORD,
  ),
];

/** Files beside them that are no secret. */
const PUBLIC =
  /(?:^|[._-])(?:user(?:name)?|login|host(?:name)?|port|url|uri|email|name|namespace|database|db|ca|cert|crt|pub|public|version|readme|type|kind)(?:\.\w{1,8})?$|\.(?:crt|cer|pub|py|js|ts|go|rs|rb|php|java|md|html?|tsx?|sh|ya?ml|json|so)$/i;

/** A line of passwd(5): user, password or `x`, two numbers. */
const ACCOUNT = /^[^:\s]{1,64}:[^:\s]{0,256}:\d{1,10}:\d{1,10}:/;

/** The whole content of a file that its path calls a secret. */
function readSecretFile(text: string, _bytes: Uint8Array, path: string): ReadValue[] {
  const row = SECRET_FILES.find((one) => one.path.test(path));
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (!row || PUBLIC.test(name)) return [];
  const value = text.trim();
  // Of files that only look as if they were such, the name must announce a secret.
  if (row.rule.id === 'password-file' && !secretKind(name.replace(/\.\w{1,8}$/, ''))) return [];
  if (!row.form.test(value) || / .* .* /.test(value) || ACCOUNT.test(value)) return [];
  const at = text.indexOf(value);
  const where = 'the whole content of the file';
  return [{ name, at, length: value.length, kind: 'secret', rule: row.rule, where }];
}

/** The reader of all of them; one expression, so that other files cost one look. */
export const SECRET_FILE_READER: FileReader = {
  path: new RegExp(SECRET_FILES.map(({ path }) => `(?:${path.source})`).join('|'), 'i'),
  read: readSecretFile,
};
