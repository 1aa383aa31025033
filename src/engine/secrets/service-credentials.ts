/**
 * Files in which services keep other services' passwords, line by line. Their formats are described in the
 * manuals redis.conf(5), pgbouncer(5), pppd(8), openvpn(8), postfix's SASL_README, exim4_passwd_client(5),
 * ipsec.secrets(5), ldap.conf(5), slapd.conf(5), sssd-ldap(5), msmtp(1), davfs2.conf(5), snmpd.conf(5), curl(1),
 * squid.conf and kube-apiserver.
 */
import { lines } from './credential-files.ts';
import type { ReadValue } from './file-readers.ts';
import type { NameKind } from './names.ts';
import { isPasswordHash } from './not-secrets.ts';

/** How one form of line gives a password. */
interface Line {
  /** Its groups: `password`, and where there are any `user` and `more`, with further passwords. */
  form: RegExp;
  /** What it is, in words. */
  where: string;
  /** A password, where nothing else is said. */
  kind?: NameKind;
}

const MAX_LINE = 2048;
/** A word, or text in quotes. */
const VALUE = String.raw`(?:"(?<quoted>[^"]{1,512})"|'(?<single>[^']{1,512})'|(?<password>[^\s"'#]\S{0,511}))`;
const USER = String.raw`(?:"[^"]{1,128}"|\S{1,128})`;

function form(pattern: string): RegExp {
  const whole = pattern.replaceAll('VALUE', VALUE).replaceAll('USER', `(?<user>${USER})`);
  return new RegExp(whole, 'di');
}

const REDIS: readonly Line[] = [
  { form: form(String.raw`^\s*auth\s+(?:USER\s+)?VALUE\s*$`), where: 'given to Redis to log in' },
  {
    form: form(String.raw`^\s*config\s+set\s+(?:requirepass|masterauth)\s+VALUE\s*$`),
    where: 'set as the password of a Redis server',
  },
];
const REDIS_USER = /^\s*(?:acl\s+setuser|user)\s+(\S{1,128})\s/i;

/** Commands of `.rediscli_history`, users of `redis.conf` and of ACL files. */
export function readRedis(text: string): ReadValue[] {
  const logins = readLines(text, REDIS);
  const users = lines(text).flatMap(({ line, at }): ReadValue[] => {
    const user = REDIS_USER.exec(line)?.[1];
    if (user === undefined) return [];
    return Array.from(line.matchAll(/\s>(\S{1,512})/g), ({ 1: password = '', index }) => ({
      name: 'password',
      at: at + index + 2,
      length: password.length,
      kind: 'password',
      where: `of the user ${user} of a Redis server`,
    }));
  });
  return [...logins, ...users];
}

const PGBOUNCER: readonly Line[] = [
  {
    form: /^\s*"(?<user>[^"]{1,128})"\s+"(?<quoted>[^"]{1,512})"/d,
    where: 'in a list of users of PgBouncer',
  },
];
const PPP: readonly Line[] = [
  { form: form(String.raw`^\s*(?!#)USER\s+${USER}\s+VALUE`), where: 'in a file of secrets of PPP' },
];
const SASL: readonly Line[] = [
  {
    form: /^\s*(?!#)\S{1,256}\s+(?<user>[^\s:]{1,128}):(?<password>\S{1,512})\s*$/d,
    where: 'for a mail relay of Postfix',
  },
];
const EXIM: readonly Line[] = [
  {
    form: /^(?!#)[^\s:]{1,256}:(?<user>[^\s:]{1,128}):(?<password>\S{1,512})\s*$/d,
    where: 'for a mail relay of Exim',
  },
];
const IPSEC: readonly Line[] = [
  {
    form: form(String.raw`^[^#\n]{0,256}?:\s*(?:PSK|EAP|XAUTH|NTLM|PIN)\s+VALUE`),
    where: 'in a file of secrets of IPsec',
  },
];
const DIRECTIVES: readonly Line[] = [
  {
    form: form(
      String.raw`^\s*(?:bindpw|rootpw|rootbindpw|ldap_default_authtok|password|passwd)(?:\s+|\s*=\s*)VALUE\s*$`,
    ),
    where: 'in a configuration of a service',
  },
];
const DAVFS: readonly Line[] = [
  { form: form(String.raw`^\s*(?!#)${USER}\s+USER\s+VALUE\s*$`), where: 'for a WebDAV share' },
];
const SNMP: readonly Line[] = [
  {
    form: form(
      String.raw`^\s*createUser\s+(?:-e\s+\S+\s+)?USER\s+(?:MD5|SHA(?:-\d{3})?)\s+VALUE(?:\s+(?:DES|AES(?:-\d{3})?)(?:\s+(?<more>.{1,512}))?)?$`,
    ),
    where: 'of an SNMP user',
  },
  {
    form: form(
      String.raw`^\s*(?:r[ow]community6?\s+|com2sec6?\s+(?:-Cn\s+\S+\s+)?\S+\s+\S+\s+)(?!public\b|private\b)VALUE`,
    ),
    where: 'a community of SNMP',
  },
];
const CURL: readonly Line[] = [
  {
    form: /^\s*-{0,2}(?:proxy-)?user\s*[=:\s]\s*"?(?<user>[^\s":]{1,128}):(?<password>[^\s"]{1,512})"?\s*$/d,
    where: 'in a configuration of curl',
  },
];

const RDP: readonly Line[] = [
  {
    form: /^gatewayaccesstoken:s:(?<password>\S{8,4096})$/d,
    where: 'in a connection of Remote Desktop',
    kind: 'token',
  },
];
const SQUID: readonly Line[] = [
  {
    form: form(
      String.raw`^\s*cachemgr_passwd\s+(?!(?:disable|none)\b)VALUE|^\s*cache_peer\s[^#]{1,256}\slogin=(?<user>[^\s:*]{1,128}):(?<more>\S{1,512})`,
    ),
    where: 'in a configuration of Squid',
  },
];
const TOKENS: readonly Line[] = [
  {
    form: /^(?<password>[^\s,"#]{8,512}),(?<user>[^\s,]{1,128}),[^\s,]{0,128}(?:,|$)/d,
    where: 'in a file of tokens of a Kubernetes API server',
    kind: 'token',
  },
];

const JMX: readonly Line[] = [
  { form: form(String.raw`^\s*(?!#)USER\s+VALUE\s*$`), where: 'in a file of passwords for JMX' },
];
/** A digest, of which WildFly's files are full, is no password; nor is what Jetty hides or hashes. */
const USERS: readonly Line[] = [
  {
    form: /^\s*(?![#!])(?<user>[\w@-]{1,64})\s*[=:]\s*(?!(?:MD5|OBF|CRYPT):|[0-9a-f]{32}\s*$)(?<password>[^\s,{][^\s,]{3,255})(?=\s*(?:,|$))/d,
    where: "in a server's file of users",
  },
];
const RSYNC: readonly Line[] = [
  {
    form: /^\s*(?!#)(?<user>[^\s:]{1,64}):(?<password>\S{4,512})\s*$/d,
    where: 'in a file of secrets of rsync',
  },
];
const MBSYNC: readonly Line[] = [
  { form: form(String.raw`^\s*Pass\s+VALUE\s*$`), where: 'in a configuration of mbsync' },
];
const DOVECOT: readonly Line[] = [
  {
    form: /^(?<user>[^:\s#]{1,128}):\{(?:PLAIN|CLEAR|CLEARTEXT)\}(?<password>[^:\s]{4,256})(?::|\s*$)/d,
    where: 'in a list of users of Dovecot',
  },
];
const JAAS: readonly Line[] = [
  {
    form: /\buser_(?<user>[\w.-]{1,64})\s{0,8}=\s{0,8}"(?<password>[^"]{1,256})"/d,
    where: 'for a client of Kafka',
  },
];

/** What reads a file of lines of one form. */
const reader =
  (forms: readonly Line[]) =>
  (text: string): ReadValue[] =>
    readLines(text, forms);

/** Users and passwords of PgBouncer's `userlist.txt`. */
export const readPgbouncer = reader(PGBOUNCER);
/** Secrets of `chap-secrets` and `pap-secrets`: client, server, secret. */
export const readPppSecrets = reader(PPP);
/** Logins of Postfix's `sasl_passwd`: server, then user and password. */
export const readSaslPasswords = reader(SASL);
/** Logins of Exim's `passwd.client`: server, user and password with colons between. */
export const readEximPasswords = reader(EXIM);
/** Shared keys and passwords of `ipsec.secrets`. */
export const readIpsecSecrets = reader(IPSEC);
/** Files of directives, of which a few are passwords: LDAP clients and servers, SSSD, msmtp, shares of Samba. */
export const readDirectives = reader(DIRECTIVES);
/** Logins of davfs2: share, user, password. */
export const readDavSecrets = reader(DAVFS);
/** Users that `snmpd.conf` creates. */
export const readSnmp = reader(SNMP);
/** The token for a gateway in an `.rdp` file. */
export const readRdp = reader(RDP);
/** Passwords of Squid's manager and of the proxies behind it. */
export const readSquid = reader(SQUID);
/** The file that `kube-apiserver --token-auth-file` reads: token, user, its number, groups. */
export const readStaticTokens = reader(TOKENS);
/** The `user` of a `.curlrc`. */
export const readCurlrc = reader(CURL);

/** Roles and passwords of `jmxremote.password`. */
export const readJmx = reader(JMX);
/** Users of ActiveMQ, Artemis, Karaf and Jetty, in `users.properties` and `realm.properties`. */
export const readUsers = reader(USERS);
/** Users and passwords of `rsyncd.secrets`. */
export const readRsync = reader(RSYNC);
/** Accounts of mbsync. */
export const readMbsync = reader(MBSYNC);
/** Users of Dovecot whose passwords stand in clear. */
export const readDovecot = reader(DOVECOT);
/** Clients that a broker of Kafka knows, a line for each. */
export const readJaas = reader(JAAS);

const ADMINS = /^\[admins\][ \t]*\r?\n((?:[^\n[][^\n]{0,512}\n?|\n){0,64})/m;

/** Administrators of CouchDB, until it hashes their passwords. */
export function readCouchdb(text: string, _bytes: Uint8Array, path: string): ReadValue[] {
  const section = /couch/i.test(path) ? ADMINS.exec(text) : null;
  if (!section) return [];
  const [whole, body = ''] = section;
  const from = section.index + whole.length - body.length;
  return lines(body).flatMap(({ line, at }): ReadValue[] => {
    const [found = '', , password = ''] =
      /^(?![;#])([\w.@-]{1,64})[ \t]{0,8}=[ \t]{0,8}(?!-)(\S{4,256})(?=[ \t]*$)/.exec(line) ?? [];
    if (password === '') return [];
    const start = from + at + found.length - password.length;
    return [bound(password, start, 'of an administrator of CouchDB')];
  });
}

const GOSSIP =
  /(?:^|[\s{,])"?encrypt"?[ \t]{0,8}[:=][ \t]{0,8}"([A-Za-z0-9+/]{22}==|[A-Za-z0-9+/]{32}|[A-Za-z0-9+/]{43}=)"/d;

/** The key by which agents of Consul or Nomad talk to one another: 16, 24 or 32 bytes in base64. */
export function readGossipKey(text: string): ReadValue[] {
  const [at = 0, end = 0] = GOSSIP.exec(text)?.indices?.[1] ?? [];
  if (end === 0) return [];
  const where = 'for agents to talk to one another';
  return [{ name: 'encrypt', at, length: end - at, kind: 'key', where }];
}

/** The second line of a file that OpenVPN is given to log in; a user stands on the first. */
export function readVpnLogin(text: string): ReadValue[] {
  const [user, password, more] = lines(text);
  if (!user || !password || (more && more.line.trim() !== '')) return [];
  return /\s/.test(`${user.line}${password.line}`) ? [] : [vpnPassword(password)];
}

/** The same within a profile, between `<auth-user-pass>` and its end. */
export function readVpnProfile(text: string): ReadValue[] {
  const opened = /<auth-user-pass>\r?\n[^\n]{1,256}\n/.exec(text);
  if (!opened) return [];
  const at = opened.index + opened[0].length;
  const [line = ''] = text.slice(at, at + 512).split(/\r?\n/);
  return line.startsWith('<') ? [] : [vpnPassword({ line, at })];
}

function vpnPassword({ line, at }: { line: string; at: number }): ReadValue {
  const where = 'the password of an OpenVPN client';
  return { name: 'password', at, length: line.length, kind: 'password', where };
}

/**
 * Histories that libedit has written: a line `_HiStOrY_V2_`, then commands with `\040` for each blank. Each
 * is given as what was typed.
 */
export function readLibeditHistory(text: string): ReadValue[] {
  if (!text.startsWith('_HiStOrY_V2_')) return [];
  return lines(text).flatMap(({ line, at }): ReadValue[] => {
    if (!line.includes('\\')) return [];
    const value = line.replace(/\\([0-7]{3})/g, (_, octal: string) =>
      String.fromCharCode(parseInt(octal, 8)),
    );
    const where = 'typed at a prompt';
    return [{ name: '', at, length: line.length, value, where, coded: 'blanks in octal' }];
  });
}

const NAMES = ['quoted', 'single', 'password', 'more'] as const;

function readLines(text: string, forms: readonly Line[]): ReadValue[] {
  return lines(text).flatMap(({ line, at }): ReadValue[] => {
    for (const { form, where, kind } of forms) {
      const match = line.length < MAX_LINE ? form.exec(line) : null;
      if (!match) continue;
      const user = match.groups?.['user'];
      const of = user === undefined ? where : `${where}, of the user ${unquoted(user)}`;
      return NAMES.flatMap((name) => {
        const [from = 0, to = 0] = match.indices?.groups?.[name] ?? [];
        const [, quote = '', password = ''] = /^(["']?)(.*)\1$/.exec(line.slice(from, to)) ?? [];
        return password === '' ? [] : [bound(password, at + from + quote.length, of, kind)];
      });
    }
    return [];
  });
}

function bound(value: string, at: number, where: string, kind: NameKind = 'password'): ReadValue {
  const what = isPasswordHash(value) ? { hash: true } : { kind };
  return { name: kind, at, length: value.length, where, ...what };
}

function unquoted(word: string): string {
  return word.replace(/^(["'])(.*)\1$/, '$2');
}
