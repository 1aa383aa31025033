/**
 * Formats that are read as whole files, since no single line of them says what its values are. A reader is
 * chosen by the file's path, or by a text in it that the prefilter finds.
 */
import { APPLICATION_FILE_READERS } from './application-files.ts';
import { CLOUD_INIT_READER } from './cloud-init.ts';
import {
  readBundler,
  readHashes,
  readNetrc,
  readNpmrc,
  readPgpass,
  readRclone,
  readSubversion,
} from './credential-files.ts';
import { readKubeconfig, readKubernetesSecrets } from './kubernetes.ts';
import type { Rule } from './finding.ts';
import { memoised } from './memoised.ts';
import type { NameKind } from './names.ts';
import { readRegistryAuth } from './registry-auth.ts';
import { CISCO_TRIGGERS, readCisco } from './stored/cisco.ts';
import { readDbeaver, readMysqlLogin } from './stored/database-clients.ts';
import { readFilezilla, readWinscp } from './stored/file-transfer.ts';
import { readHudsonSecret } from './stored/jenkins.ts';
import { readMavenMaster } from './stored/maven.ts';
import { MREMOTENG_TRIGGERS, readMremoteng } from './stored/mremoteng.ts';
import { readVnc, VNC_PATH } from './stored/vnc.ts';
import { readGroupPolicy } from './stored/windows-policy.ts';
import {
  readCouchdb,
  readCurlrc,
  readDavSecrets,
  readDirectives,
  readDovecot,
  readEximPasswords,
  readGossipKey,
  readIpsecSecrets,
  readJaas,
  readJmx,
  readLibeditHistory,
  readMbsync,
  readPgbouncer,
  readPppSecrets,
  readRedis,
  readSaslPasswords,
  readRdp,
  readRsync,
  readSnmp,
  readSquid,
  readStaticTokens,
  readUsers,
  readVpnLogin,
  readVpnProfile,
} from './service-credentials.ts';
import { DOCUMENT_READERS } from './document-lines.ts';
import { FIRST_PASSWORDS_READER } from './first-passwords.ts';
import { FOREIGN_NAMES_READER } from './foreign-names.ts';
import { readPostman } from './postman.ts';
import { NOTES_READER } from './noted-passwords.ts';
import { NESTED_SETTINGS_READER } from './nested-settings.ts';
import { SECRET_FILE_READER } from './secret-files.ts';
import { readTerraformState } from './terraform-state.ts';
import { VAULT_READER } from './vault-init.ts';
import { NGINX_READER } from './web-access.ts';

/** A value that a file's format names. */
export interface ReadValue {
  name: string;
  /** Where it stands: bytes from the start of the file. */
  at: number;
  /** How many bytes it takes up there; 0 where the file is encrypted as a whole. */
  length: number;
  /** The value is a text, in which secrets and names are looked for. */
  text?: boolean;
  /** What it decodes to, where that is not how it stands. */
  value?: string;
  /** In words, what the format says of the value. */
  where: string;
  /** What the format itself says that the value is; without it the name decides. */
  kind?: NameKind;
  /** How it is encoded, where that hides nothing. */
  coded?: string;
  user?: string;
  /** It is a hash, not the password. */
  hash?: boolean;
  /** What the secret is called, where its file says more than its kind. */
  rule?: Rule;
  /** What the file tells of it. */
  facts?: Record<string, string>;
}

/** Reads a file's text, in which each character is one byte, or its bytes; its path is given too. Never throws. */
export interface FileReader {
  /** The path's end that calls for it. */
  path?: RegExp;
  /** Texts in a file of any name that call for it; at least four characters, case matters. */
  triggers?: readonly string[];
  read(text: string, bytes: Uint8Array, path: string): ReadValue[];
}

/** Larger files than this, in bytes, are not read as a whole. */
export const MAX_READ = 1 << 20;

/** All readers; of two that a path calls for the first is taken. */
export const FILE_READERS: readonly FileReader[] = [
  { path: VNC_PATH, read: readVnc },
  { path: /(^|\/)[._]?netrc$/, read: readNetrc },
  { path: /(^|\/)\.?pgpass(\.conf)?$/, read: readPgpass },
  { path: /(^|\/)\.?npmrc$/, triggers: [':_authToken', ':_password', '_auth='], read: readNpmrc },
  { path: /(^|\/)rclone\.conf$/, read: readRclone },
  { path: /(^|\/)(\.?htpasswd[^/]*|[^/]*\.htpasswd|g?shadow-?|passwd)$/, read: readHashes },
  {
    path: /(^|\/)(\.docker\/config\.json|\.dockercfg|\.?dockerconfigjson|auth\.json)$/,
    triggers: ['"auths"'],
    read: readRegistryAuth,
  },
  {
    triggers: ['kind: Secret', '"kind": "Secret"', '"kind":"Secret"', 'kind: "Secret"'],
    read: readKubernetesSecrets,
  },
  { triggers: ['client-key-data:', 'client-key-data":'], read: readKubeconfig },
  { path: /(^|\/)svn\.(simple|ssl\.client-passphrase)\/[0-9a-f]{32}$/, read: readSubversion },
  { triggers: ['cpassword="'], read: readGroupPolicy },
  { triggers: CISCO_TRIGGERS, read: readCisco },
  { triggers: ['</Pass>'], read: readFilezilla },
  { path: /(^|\/)winscp\.ini$/i, read: readWinscp },
  { triggers: MREMOTENG_TRIGGERS, read: readMremoteng },
  { triggers: ['<settingsSecurity'], read: readMavenMaster },
  { path: /(^|\/)\.dbeaver\/credentials-config\.json$/, read: readDbeaver },
  { path: /(^|\/)secrets\/hudson\.util\.Secret$/, read: readHudsonSecret },
  { path: /(^|\/)\.mylogin\.cnf$/, read: readMysqlLogin },
  {
    path: /(^|\/)(\.rediscli_history|redis[^/]{0,32}\.conf|[^/]{0,64}\.acl)$/,
    read: readRedis,
  },
  { path: /(^|\/)userlist\.txt$/, read: readPgbouncer },
  { path: /(^|\/)(chap|pap)-secrets$/, read: readPppSecrets },
  { path: /(^|\/)sasl_passwd$/, read: readSaslPasswords },
  { path: /(^|\/)exim4?\/passwd\.client$/, read: readEximPasswords },
  { path: /(^|\/)ipsec\.secrets$|\/ipsec\.d\/[^/]{1,64}\.secrets$/, read: readIpsecSecrets },
  {
    path: /(^|\/)(\.?msmtprc|ldap\.conf|ldaprc|nslcd\.conf|sssd\.conf|slapd\.conf|pam_ldap\.conf|libnss-ldap\.conf|\.?(smb|cifs|samba)[-_.]?cred(ential)?s?|(samba|cifs)\/[\w.-]{0,32}cred[\w.-]{0,16})$/,
    read: readDirectives,
  },
  { path: /(^|\/)\.?davfs2\/secrets$/, read: readDavSecrets },
  { path: /(^|\/)snmpd?\.conf$/, read: readSnmp },
  { path: /(^|\/)[._]curlrc$/, read: readCurlrc },
  {
    path: /(^|\/)(openvpn\/([^/]{1,64}\/)?(auth|pass|passwd|login|credentials?|userpass|up)(\.(txt|conf))?|auth-user-pass(\.(txt|conf))?|[^/]{1,64}\.auth)$/,
    read: readVpnLogin,
  },
  { triggers: ['<auth-user-pass>'], read: readVpnProfile },
  { path: /(^|\/)\.\w{1,32}_history$/, read: readLibeditHistory },
  { triggers: ['"apikey": [', '"apikey":['], read: readPostman },
  { path: /\.tfstate(\.backup)?$/, read: readTerraformState },
  { path: /(^|\/)\.bundle\/config$/, read: readBundler },
  ...DOCUMENT_READERS,
  { path: /\.rdp$/i, read: readRdp },
  {
    path: /(?:(?:kube|k8s|k3s)[^/]{0,32}\/(?:pki\/)?|known_|static_|auth_)tokens?\.csv$/,
    read: readStaticTokens,
  },
  { triggers: ['cachemgr_passwd', 'cache_peer '], read: readSquid },
  { path: /(^|\/)[\w.-]{0,32}jmx[\w.-]{0,32}\.password$/, read: readJmx },
  {
    path: /(^|\/)(?:conf|etc|config|configuration)\/(?:[\w-]{1,32}-)?(?:users|realm)\.properties$/,
    read: readUsers,
  },
  { path: /(^|\/)rsyncd?[\w.-]{0,16}\.secrets$/, read: readRsync },
  { path: /(^|\/)\.?mbsyncrc$/, read: readMbsync },
  { triggers: [':{PLAIN}', ':{CLEARTEXT}', ':{CLEAR}'], read: readDovecot },
  { triggers: ['PlainLoginModule', 'ScramLoginModule'], read: readJaas },
  { triggers: ['[admins]'], read: readCouchdb },
  { path: /(^|\/)(?:consul|nomad)[\w.-]{0,32}\/[^/]{1,64}\.(?:hcl|json)$/, read: readGossipKey },
  VAULT_READER,
  NGINX_READER,
  CLOUD_INIT_READER,
  ...APPLICATION_FILE_READERS,
  SECRET_FILE_READER,
  NESTED_SETTINGS_READER,
  FOREIGN_NAMES_READER,
  NOTES_READER,
  FIRST_PASSWORDS_READER,
];

/**
 * What is in the name of any file that a path calls a reader for, and what the folders of the others are called:
 * nearly every path is passed over by these two looks.
 */
const TELLING_NAME =
  /pass|secret|cred|auth|token|history|netrc|npmrc|docker|rclone|shadow|winscp|mylogin|redis|ldap|nslcd|sssd|slapd|msmtp|snmp|curlrc|tfstate|cookie|kaggle|(?:^|-)(?:users|realm)\.properties$|mbsync|psk$|samba|smb|cifs|^(?:login|up|userlist|content|config)(?:\.|$)|\.(?:acl|rdp|key)$|^env\.php$|^(?:app|bootstrap|values|setting|prod|staging|dev|local|default|parameters|config).*\.(?:json|ya?ml|toml|ini|cfg|conf)$/i;
const TELLING_FOLDER =
  /secret|svn\.|(?:^|\/)(?:consul|nomad)[\w.-]{0,32}\/$|(?:^|\/)(?:config|conf|settings|word|slides|notesslides|worksheets)\/$/i;

const isTellingFolder = memoised((folder) => TELLING_FOLDER.test(folder));

/** The reader that a path calls for. */
export function readerFor(path: string): FileReader | undefined {
  const nameAt = path.lastIndexOf('/') + 1;
  if (!TELLING_NAME.test(path.slice(nameAt)) && !isTellingFolder(path.slice(0, nameAt)))
    return undefined;
  return FILE_READERS.find((reader) => reader.path?.test(path));
}
