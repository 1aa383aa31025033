/** How commands take secrets among their arguments, as their manuals have it. */
import type { NameKind } from './names.ts';

/** How a command takes a secret. */
export interface CommandSyntax {
  /** Options whose next word is the secret, or that have it glued on where they end so or `glued` says so. */
  options: readonly string[];
  /** The word is `user` + this sign + secret. */
  after?: string;
  /** The word begins with this, as `pass:`; others only say where the secret is kept. */
  prefix?: string;
  /** What stands behind the secret in its word. */
  until?: string;
  /** Which of the words that are no options is the secret, from 0. */
  positional?: (options: readonly string[], plain: readonly string[]) => number | undefined;
  /** A setting in one word: its name, an equals sign, the secret. */
  assigned?: RegExp;
  /** Options begin with a slash too. */
  slash?: true;
  /** Options of one letter may stand together, the last one with its word. */
  clustered?: true;
  kind?: NameKind;
  glued?: 'only' | 'also';
  /** A password may come by standard input: `echo … | command`, `command <<< …`. */
  echoed?: boolean;
}

const LOGIN: CommandSyntax = { options: ['-p', '--password'], glued: 'also', echoed: true };
const LDAP: CommandSyntax = { options: ['-w'] };
const MYSQL: CommandSyntax = { options: ['-p'], glued: 'only' };
const MONGO: CommandSyntax = { options: ['-p'] };
const KEYTOOL: CommandSyntax = {
  options: [
    '-storepass',
    '-keypass',
    '-srcstorepass',
    '-deststorepass',
    '-srckeypass',
    '-destkeypass',
  ],
};
const SNMP: CommandSyntax = { options: ['-A', '-X'] };
const SECOND_WORD: CommandSyntax = { options: [], positional: () => 1 };
const MOSQUITTO: CommandSyntax = { options: ['-P', '--pw'] };
const ECHOED: CommandSyntax = { options: [], echoed: true };
const USERADD: CommandSyntax = { options: ['-p', '--password'] };
const NPM_NAME = /(?:^|:)(?:_authToken|_auth|_password|npmAuthToken|npmAuthIdent)$/;
const NPM_SETTING: CommandSyntax = {
  options: [],
  positional: (_, [name = '']) => (NPM_NAME.test(name) ? 1 : undefined),
  assigned: /^\S*?_(?:authToken|auth|password)=/,
  kind: 'token',
};
/** By how a command begins. */
export const COMMANDS: Readonly<Record<string, CommandSyntax>> = {
  'curl ': {
    options: ['-u', '--user', '-U', '--proxy-user'],
    after: ':',
    glued: 'also',
    clustered: true,
  },
  'mysql ': MYSQL,
  'mysqldump ': MYSQL,
  'mysqladmin ': {
    ...MYSQL,
    positional: (_, plain) => plain.indexOf('password') + 1 || undefined,
  },
  'mysqlimport ': MYSQL,
  'mysqlcheck ': MYSQL,
  'mysqlshow ': MYSQL,
  'mariadb ': MYSQL,
  'mariadb-dump ': MYSQL,
  'sshpass ': { options: ['-p'], glued: 'also' },
  'docker login': LOGIN,
  'podman login': LOGIN,
  'buildah login': LOGIN,
  'skopeo login': LOGIN,
  'nerdctl login': LOGIN,
  'registry login': LOGIN,
  'oras login': LOGIN,
  'crane auth login': LOGIN,
  'az login': LOGIN,
  'oc login': LOGIN,
  'cf login': LOGIN,
  'redis-cli ': { options: ['-a', '--pass'] },
  'ldapsearch ': LDAP,
  'ldapadd ': LDAP,
  'ldapmodify ': LDAP,
  'ldapdelete ': LDAP,
  'ldapwhoami ': LDAP,
  'ldappasswd ': { options: ['-w', '-s', '-a'] },
  'smbclient ': { options: ['-U', '--user'], after: '%' },
  'rpcclient ': { options: ['-U', '--user'], after: '%' },
  'mongo ': MONGO,
  'mongosh ': MONGO,
  'mongodump ': MONGO,
  'mongorestore ': MONGO,
  'sqlcmd ': { options: ['-P'], glued: 'also' },
  'unzip ': { options: ['-P'] },
  '7z a ': { options: ['-p'], glued: 'only' },
  '7z x ': { options: ['-p'], glued: 'only' },
  '7za a ': { options: ['-p'], glued: 'only' },
  '7za x ': { options: ['-p'], glued: 'only' },
  'rar a ': { options: ['-hp', '-p'], glued: 'only' },
  'pdftk ': { options: ['user_pw', 'owner_pw', 'input_pw'] },
  'qpdf ': { options: ['--encrypt'] },
  'ipmitool ': { options: ['-P'] },
  'psexec ': { options: ['-p'] },
  'psexec64 ': { options: ['-p'] },
  chpasswd: { options: [], after: ':', echoed: true },
  'passwd ': ECHOED,
  'passwd --stdin': ECHOED,
  'sudo -s': ECHOED,
  'openconnect ': ECHOED,
  'kinit ': ECHOED,
  'cryptsetup ': ECHOED,
  'vncpasswd ': ECHOED,
  'smbpasswd ': ECHOED,
  'useradd ': USERADD,
  'usermod ': USERADD,
  'cmdkey ': { options: ['/pass:', '-pass:'] },
  'vault login ': { options: [''] },
  'openssl ': { options: ['-pass', '-passin', '-passout'], prefix: 'pass:' },
  'openssl enc': { options: ['-k', '-K'] },
  'htpasswd ': {
    options: [],
    positional: (options) => {
      if (!options.some((one) => /^-[a-zA-Z0-9]*b/.test(one))) return undefined;
      return options.some((one) => /^-[a-zA-Z0-9]*n/.test(one)) ? 1 : 2;
    },
  },
  'npm config set': NPM_SETTING,
  'pnpm config set': NPM_SETTING,
  'yarn config set': NPM_SETTING,
  'npm set ': NPM_SETTING,
  'composer config': {
    options: [],
    positional: (_, [name = '']) =>
      name.startsWith('http-basic.') ? 2 : /^(?:git|bearer)[\w-]*\./.test(name) ? 1 : undefined,
  },
  'aws configure set': {
    options: ['aws_secret_access_key', 'aws_session_token'],
    kind: 'key',
  },
  'lftp ': { options: ['-u', '--user'], after: ',' },
  'sqlplus ': { options: [''], after: '/', until: '@' },
  'twine upload': { options: ['-p', '--password'] },
  'keytool ': KEYTOOL,
  'jarsigner ': KEYTOOL,
  'rabbitmqctl add_user': SECOND_WORD,
  'rabbitmqctl change_password': SECOND_WORD,
  'mc alias set': { options: [], positional: () => 3, kind: 'key' },
  'mosquitto_pub ': MOSQUITTO,
  'mosquitto_sub ': MOSQUITTO,
  'ssh-keygen ': { options: ['-N', '-P'] },
  'zip -': { options: ['-P', '--password'] },
  'unrar x ': { options: ['-p'], glued: 'only' },
  'bcp ': { options: ['-P'], glued: 'also' },
  'net use ': {
    options: [],
    slash: true,
    // Behind the share that it opens.
    positional: (_, plain) => {
      const share = plain.findIndex((word) => word.startsWith('\\\\'));
      return share < 0 ? undefined : share + 1;
    },
  },
  'net user ': { ...SECOND_WORD, slash: true },
  'schtasks ': { options: ['/rp', '-rp'] },
  'plink ': { options: ['-pw'] },
  'pscp ': { options: ['-pw'] },
  'psftp ': { options: ['-pw'] },
  'rdesktop ': { options: ['-p'] },
  'xfreerdp ': { options: ['/p:', '-p'] },
  'influx ': { options: ['-password'] },
  'cqlsh ': { options: ['-p'] },
  'cypher-shell ': { options: ['-p'] },
  'rabbitmqadmin ': { options: ['-p'] },
  'beeline ': { options: ['-p'] },
  'nmcli ': { options: ['password', 'wifi-sec.psk', '802-11-wireless-security.psk'] },
  'wpa_passphrase ': SECOND_WORD,
  'snmpwalk ': SNMP,
  'snmpget ': SNMP,
  'snmpset ': SNMP,
  'gh secret set': { options: ['-b', '--body'], glued: 'also', kind: 'token' },
  // Of HAProxy's configuration.
  'stats auth ': { options: [''], after: ':' },
  'insecure-password ': { options: [''] },
  'http -a': { options: [''], after: ':' },
};
