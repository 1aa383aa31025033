/** How commands take secrets among their arguments, as their manuals have it. */
import { type NameKind, secretKind } from './names.ts';

/** How a command takes a secret. */
export interface CommandSyntax {
  /** Options whose next word is the secret, or that have it glued on where they end so or `glued` says so. */
  options: readonly string[];
  /** The word is `user` + this sign + secret. */
  after?: string;
  /** The word begins with this, as `pass:`; others only say where the secret is kept. */
  prefix?: string;
  /** The signs of which one ends the secret in its word. */
  until?: string;
  /** What the secret looks like, where the same place may hold something else. */
  form?: RegExp;
  /** Which of the words that are no options is the secret, from 0; undefined or -1 where none is. */
  positional?: (options: readonly string[], plain: readonly string[]) => number | undefined;
  /** A setting in one word: its name, an equals sign, the secret. */
  assigned?: RegExp;
  /** Options begin with a slash too. */
  slash?: true;
  /** Options of one letter may stand together, the last one with its word. */
  clustered?: true;
  /** Whether the command's words say that it is given a secret. */
  when?: (words: readonly string[]) => boolean;
  kind?: NameKind;
  glued?: 'only' | 'also';
  /** A password may come by standard input: `echo … | command`, `command <<< …`. */
  echoed?: boolean;
}

/** `user/password` of Oracle's clients, and no path of a script. */
const ORACLE_LOGIN =
  /^(?:userid=)?[\w$#]{1,64}\/[^/@\s]+(?:@|$(?<!\.(?:sql|par|ctl|rman|rcv|log|dmp)))/i;
/** A key in one piece, as servers give them out. */
const ISSUED = /^(?=.*\d)[\w-]{20,}$/;
const NPM_NAME = /(?:^|:)(?:_authToken|_auth|_password|npmAuthToken|npmAuthIdent)$/;

/** The last word before a bracket that closes `$(…)` around the command. */
function lastInside(plain: readonly string[]): number {
  const closing = plain.findIndex((word) => /[)`]$/.test(word));
  return closing < 0 ? plain.length - 1 : closing;
}

/** How commands take secrets, by how they begin; the starts of a row are parted by bars. */
const SYNTAXES: readonly (readonly [
  starts: string,
  syntax: Omit<CommandSyntax, 'options'>,
  options?: string,
])[] = [
  ['curl ', { after: ':', glued: 'also', clustered: true }, '-u --user -U --proxy-user'],
  [
    'mysql |mysqldump |mysqlimport |mysqlcheck |mysqlshow |mariadb |mariadb-dump ',
    { glued: 'only' },
    '-p',
  ],
  [
    'mysqladmin ',
    { glued: 'only', positional: (_, plain) => plain.indexOf('password') + 1 || undefined },
    '-p',
  ],
  [
    'docker login|podman login|buildah login|skopeo login|nerdctl login|registry login|oras login|crane auth login|az login|oc login|cf login',
    { glued: 'also', echoed: true },
    '-p --password',
  ],
  ['redis-cli ', {}, '-a --pass'],
  ['ldapsearch |ldapadd |ldapmodify |ldapdelete |ldapwhoami ', { glued: 'also' }, '-w'],
  ['ldappasswd ', {}, '-w -s -a'],
  ['slappasswd ', {}, '-s'],
  ['smbclient |rpcclient |winexe |net ads|net rpc', { after: '%' }, '-U --user'],
  ['mongo |mongosh |mongodump |mongorestore ', { glued: 'also' }, '-p'],
  [
    'psexec |psexec64 |rdesktop |cqlsh |cypher-shell |rabbitmqadmin |beeline |ncftp |ncftpget |ncftpput |' +
      'evil-winrm |crackmapexec |netexec |az sql|az mysql|az postgres|nuget add source|nuget update source',
    {},
    '-p',
  ],
  ['gbak |gfix |isql-fb ', {}, '-p -pas -pass -password'],
  ['nuget sources', {}, '-Password'],
  [
    'nuget push',
    { kind: 'key', form: ISSUED, positional: (_, plain) => plain.findIndex((w) => ISSUED.test(w)) },
    '-k --api-key -ApiKey',
  ],
  ['sqlcmd |bcp ', { glued: 'also' }, '-P'],
  // Of Sybase, and of unixODBC: source, user, password.
  ['isql ', { positional: (options) => (options.includes('-U') ? undefined : 2) }, '-P'],
  ['sshpass ', { glued: 'also' }, '-p'],
  ['unzip |ipmitool ', {}, '-P'],
  ['7z a |7z x |7za a |7za x |7zz a |7zz x |unrar x ', { glued: 'only' }, '-p'],
  ['rar a ', { glued: 'only' }, '-hp -p'],
  ['pdftk ', {}, 'user_pw owner_pw input_pw'],
  ['qpdf ', {}, '--encrypt'],
  ['chpasswd', { after: ':', echoed: true }],
  [
    'passwd |passwd --stdin|sudo -s|openconnect |kinit |cryptsetup |vncpasswd |smbpasswd |realm join',
    { echoed: true },
  ],
  ['gh auth login', { echoed: true, kind: 'token' }],
  ['docker secret create|gcloud secrets', { echoed: true, kind: 'secret', form: /^[^{[<]/ }],
  [
    'ConvertTo-SecureString ',
    {
      // What was encrypted with a key of its own is no password in clear.
      positional: (options) =>
        options.some((one) => /^-(?:k|sec|string$)/i.test(one)) ? undefined : 0,
      echoed: true,
    },
    '-String -string',
  ],
  ['useradd |usermod |twine upload', {}, '-p --password'],
  // An option without a name is the command's first word.
  ['vault login |insecure-password ', {}, ' '],
  ['openssl ', { prefix: 'pass:' }, '-pass -passin -passout'],
  ['openssl enc', {}, '-k -K'],
  [
    'openssl passwd',
    {
      until: ')`',
      positional: (options, plain) =>
        options.some((one) => /^-(?:in|stdin)$/.test(one)) ? undefined : lastInside(plain),
    },
  ],
  [
    'htpasswd ',
    {
      positional: (options) => {
        if (!options.some((one) => /^-[a-zA-Z0-9]*b/.test(one))) return undefined;
        return options.some((one) => /^-[a-zA-Z0-9]*n/.test(one)) ? 1 : 2;
      },
    },
  ],
  [
    'npm config set|pnpm config set|yarn config set|npm set ',
    {
      positional: (_, [name = '']) => (NPM_NAME.test(name) ? 1 : undefined),
      assigned: /^\S*?_(?:authToken|auth|password)=/,
      kind: 'token',
    },
  ],
  [
    'composer config',
    {
      positional: (_, [name = '']) =>
        name.startsWith('http-basic.') ? 2 : /^(?:git|bearer)[\w-]*\./.test(name) ? 1 : undefined,
    },
  ],
  [
    'poetry config',
    {
      positional: (_, [name = '']) =>
        name.startsWith('http-basic.') ? 2 : name.startsWith('pypi-token.') ? 1 : undefined,
    },
  ],
  // What is kept under a name that announces a secret.
  [
    'consul kv put|etcdctl put|etcdctl set',
    { positional: (_, [name = '']) => (secretKind(name) ? 1 : undefined), kind: 'secret' },
  ],
  [
    'pulumi config set',
    { positional: (_, [name = '']) => (secretKind(name) ? 1 : undefined), kind: 'secret' },
  ],
  [
    'aws ssm put-parameter',
    {
      kind: 'secret',
      when: (words) =>
        words.includes('SecureString') ||
        secretKind((words[words.indexOf('--name') + 1] ?? '').replace(/^.*\//, '')) !== undefined,
    },
    '--value',
  ],
  ['etcdctl ', { after: ':' }, '--user'],
  ['az keyvault secret set', { kind: 'secret' }, '--value'],
  ['aws configure set', { kind: 'key' }, 'aws_secret_access_key aws_session_token'],
  ['lftp ', { after: ',' }, '-u --user'],
  ['open -u ', { after: ',' }, ' '],
  [
    'sqlplus |expdp |impdp |sqlldr |rman ',
    {
      after: '/',
      until: '@',
      positional: (_, plain) => plain.findIndex((word) => ORACLE_LOGIN.test(word)),
    },
  ],
  [
    'keytool |jarsigner ',
    {},
    '-storepass -keypass -srcstorepass -deststorepass -srckeypass -destkeypass',
  ],
  [
    'rabbitmqctl add_user|rabbitmqctl change_password|wpa_passphrase |samba-tool user create|samba-tool user add',
    { positional: () => 1 },
  ],
  ['mc alias set|mc config host add', { positional: () => 3, kind: 'key' }],
  ['rclone config create', {}, 'pass password key secret_access_key'],
  ['skopeo |buildah |podman |crictl |ctr ', { after: ':' }, '--creds --src-creds --dest-creds'],
  ['ctr image', { after: ':' }, '-u --user'],
  ['kadmin ', {}, '-w'],
  ['addprinc |change_password ', {}, '-pw'],
  ['x11vnc ', {}, '-passwd'],
  ['cargo login|snyk auth', { kind: 'token', form: ISSUED }, ' '],
  ['mosquitto_pub |mosquitto_sub ', {}, '-P --pw'],
  ['ssh-keygen ', {}, '-N -P'],
  ['zip -', {}, '-P --password'],
  [
    'net use ',
    {
      slash: true,
      // Behind the share that it opens.
      positional: (_, plain) => {
        const share = plain.findIndex((word) => word.startsWith('\\\\'));
        return share < 0 ? undefined : share + 1;
      },
    },
  ],
  ['net user ', { positional: () => 1, slash: true }],
  ['schtasks ', {}, '/rp -rp'],
  ['cmdkey ', {}, '/pass: -pass:'],
  ['plink |pscp |psftp ', {}, '-pw'],
  ['xfreerdp ', {}, '/p: -p'],
  ['influx ', {}, '-password'],
  ['nmcli ', {}, 'password wifi-sec.psk 802-11-wireless-security.psk'],
  [
    'snmpwalk |snmpget |snmpset |snmpbulkwalk ',
    { form: /^(?!(?:public|private|community)$)/ },
    '-A -X -c',
  ],
  ['gh secret set', { glued: 'also', echoed: true, kind: 'token' }, '-b --body'],
  // HTTPie, and HAProxy's configuration.
  ['http -a|stats auth ', { after: ':' }, ' '],
];

/** By how a command begins. */
export const COMMANDS: Readonly<Record<string, CommandSyntax>> = Object.fromEntries(
  SYNTAXES.flatMap(([starts, syntax, options]) =>
    starts.split('|').map((start) => [start, { ...syntax, options: optionsOf(options) }] as const),
  ),
);

function optionsOf(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text === ' ' ? [''] : text.split(' ');
}
