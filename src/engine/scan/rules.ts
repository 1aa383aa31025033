/** The rules that a finding may have: rows of tables, and those that stand beside the code that judges by them. */
import { FORMATS } from '../secrets/formats.ts';
import { HYGIENE_ROWS } from './hygiene-kinds.ts';
import { ODD_BYTECODE_RULES } from './note-findings.ts';

/** Of secrets that are told by more than their form. */
const JUDGED_RULES: readonly string[] = [
  'ansible-vault-password',
  'bip39-mnemonic',
  'docker-token-seed',
  'erlang-cookie',
  'generic-credential',
  'generic-key',
  'generic-password',
  'generic-secret',
  'generic-token',
  'google-app-password',
  'jenkins-initial-password',
  'jenkins-master-key',
  'jwe',
  'jwt',
  'k3s-token',
  'kerberos-keytab',
  'keystore',
  'ldap-secret-file',
  'magento-crypt-key',
  'mounted-secret',
  'openvpn-static',
  'package-registry-token',
  'password-file',
  'password-hash',
  'password-store',
  'private-key',
  'private-key-google',
  'rails-master-key',
  'registry-identity-token',
  'rsync-password-file',
  'secret-key-file',
  'shared-key',
  'signing-secret',
  'solana-keypair',
  'url-password',
  'vault-token-file',
  'wireguard-private',
  'zabbix-shared-key',
];

/** The ids of all rules. */
export const RULES: ReadonlySet<string> = new Set([
  ...FORMATS.map(({ id }) => id),
  ...JUDGED_RULES,
  ...HYGIENE_ROWS.map(({ id }) => id),
  ...ODD_BYTECODE_RULES,
]);
