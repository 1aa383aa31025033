/**
 * Secrets among the arguments of commands that take them: `curl -u user:…`, `mysql -p…`, `sshpass -p …`,
 * `docker login -p …`, in shell histories, scripts, Dockerfiles and CI files. Works on one command's words.
 */
import type { NameKind } from './names.ts';

/** A secret that a command is given; `start` is in the text's characters. */
export interface CommandSecret {
  /** The command and its option, as `curl -u`. */
  name: string;
  value: string;
  start: number;
  kind: NameKind;
}

/** How a command takes a secret. */
interface Syntax {
  /** Options whose next word is the secret, or that have it glued on where `glued` says so. */
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
  kind?: NameKind;
  glued?: 'only' | 'also';
  /** A password may come by standard input: `echo … | command`. */
  echoed?: boolean;
}

const LOGIN: Syntax = { options: ['-p', '--password'], glued: 'also', echoed: true };
const LDAP: Syntax = { options: ['-w'] };
const MYSQL: Syntax = { options: ['-p'], glued: 'only' };
const MONGO: Syntax = { options: ['-p'] };
const KEYTOOL: Syntax = {
  options: [
    '-storepass',
    '-keypass',
    '-srcstorepass',
    '-deststorepass',
    '-srckeypass',
    '-destkeypass',
  ],
};
const SECOND_WORD: Syntax = { options: [], positional: () => 1 };
const MOSQUITTO: Syntax = { options: ['-P', '--pw'] };
const NPM_NAME = /(?:^|:)(?:_authToken|_auth|_password|npmAuthToken|npmAuthIdent)$/;
const NPM_SETTING: Syntax = {
  options: [],
  positional: (_, [name = '']) => (NPM_NAME.test(name) ? 1 : undefined),
  assigned: /^\S*?_(?:authToken|auth|password)=/,
  kind: 'token',
};
const COMMANDS: Record<string, Syntax> = {
  'curl ': { options: ['-u', '--user', '-U', '--proxy-user'], after: ':' },
  'mysql ': MYSQL,
  'mysqldump ': MYSQL,
  'mysqladmin ': MYSQL,
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
  'ipmitool ': { options: ['-P'] },
  'psexec ': { options: ['-p'] },
  'psexec64 ': { options: ['-p'] },
  chpasswd: { options: [], after: ':', echoed: true },
  'passwd --stdin': { options: [], echoed: true },
  'sudo -s': { options: [], echoed: true },
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
  'http -a': { options: [''], after: ':' },
};

/** What the prefilter looks for; case does not matter. */
export const COMMAND_STARTS: readonly string[] = Object.keys(COMMANDS);

const MAX_WORDS = 64;

interface Word {
  text: string;
  start: number;
}

/**
 * The secrets of the command that begins at `at` of `text`, which holds its line and, where it goes on
 * behind a backslash, the next ones.
 */
export function commandSecrets(text: string, at: number, command: string): CommandSecret[] {
  const syntax = COMMANDS[command];
  const before = text[at - 1];
  if (!syntax || (before !== undefined && /[\w.-]/.test(before))) return [];
  const name = command.trim();
  const found: CommandSecret[] = [];
  const keep = (option: string, word: Word): void => {
    const secret = secretIn(word, syntax);
    if (!secret) return;
    const { text: value, start } = secret;
    found.push({ name: `${name} ${option}`.trim(), value, start, kind: syntax.kind ?? 'password' });
  };
  const words = wordsFrom(text, at + command.replace(/-$/, '').length);
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as Word;
    for (const option of syntax.options) {
      const next = words[i + 1];
      if (option === '') {
        if (i === 0 && !word.text.startsWith('-')) keep(option, word);
      } else if (word.text === option && syntax.glued !== 'only') {
        if (next && !next.text.startsWith('-')) keep(option, next);
      } else if (word.text.startsWith(`${option}=`) && option.startsWith('--')) {
        keep(option, cut(word, option.length + 1));
      } else if (syntax.glued && option.length === 2 && word.text.startsWith(option)) {
        if (word.text.length > 2) keep(option, cut(word, 2));
      }
    }
  }
  const placed = positionalWord(words, syntax);
  if (placed) keep('', placed);
  if (syntax.echoed) {
    const echo = echoedInto(text, at);
    if (echo) keep('', echo);
  }
  return found;
}

/** The password that `echo … |` or `<<<` hands to the command at `at`. */
function echoedInto(text: string, at: number): Word | undefined {
  const line = text.lastIndexOf('\n', at - 1) + 1;
  const before = text.slice(Math.max(line, at - 512), at);
  const echo =
    /(?:echo|printf)[ \t]{1,4}(?:-n[ \t]{1,4}|-e[ \t]{1,4}|["']?%s(?:\\n)?["']?[ \t]{1,4})?(?:"([^"\n]{4,256})"|'([^'\n]{4,256})'|([^\s"'|]{4,256}))[ \t]{0,4}\|[ \t]{0,4}(?:sudo[ \t]{1,4})?$/.exec(
      before,
    );
  const value = echo?.[1] ?? echo?.[2] ?? echo?.[3];
  if (!echo || value === undefined) return undefined;
  return { text: value, start: at - before.length + echo.index + echo[0].indexOf(value) };
}

/** The word at the place where a command takes its secret, or that sets it by name. */
function positionalWord(words: readonly Word[], syntax: Syntax): Word | undefined {
  const { positional, assigned } = syntax;
  if (!positional) return undefined;
  const redirected = words.findIndex(({ text }) => /^\d?[<>]/.test(text));
  const own = redirected < 0 ? words : words.slice(0, redirected);
  const options = own.filter(({ text }) => text.startsWith('-'));
  const plain = own.filter(({ text }) => !text.startsWith('-'));
  const set = assigned && plain[0] && assigned.exec(plain[0].text);
  if (set) return cut(plain[0] as Word, set[0].length);
  const texts = (some: readonly Word[]): string[] => some.map(({ text }) => text);
  const at = positional(texts(options), texts(plain));
  return at === undefined ? undefined : plain[at];
}

/** The secret within the word that holds it; undefined where the word holds something else. */
function secretIn(word: Word, { after, prefix, until }: Syntax): Word | undefined {
  if (prefix !== undefined)
    return word.text.startsWith(prefix) ? cut(word, prefix.length) : undefined;
  const secret = afterSign(word, after);
  const end = until === undefined ? -1 : (secret?.text.indexOf(until) ?? -1);
  return secret && end > 0 ? { ...secret, text: secret.text.slice(0, end) } : secret;
}

function afterSign(word: Word, sign: string | undefined): Word | undefined {
  if (sign === undefined) return word;
  const at = word.text.indexOf(sign);
  return at > 0 && at + 1 < word.text.length ? cut(word, at + 1) : undefined;
}

function cut(word: Word, length: number): Word {
  return { text: word.text.slice(length), start: word.start + length };
}

/** The words of a command up to its end: a line's end, a pipe, a semicolon. */
function wordsFrom(text: string, from: number): Word[] {
  const words: Word[] = [];
  let i = from;
  while (i < text.length && words.length < MAX_WORDS) {
    const c = text[i] as string;
    if (c === '\\' && /^\\\r?\n/.test(text.slice(i, i + 3))) i = text.indexOf('\n', i) + 1;
    else if (c === '\n' || c === '|' || c === ';') break;
    else if (c === '&' && text[i + 1] === '&') break;
    else if (c === ' ' || c === '\t' || c === ',') i++;
    else {
      const word = wordAt(text, i);
      words.push({ text: word.text, start: word.start });
      i = word.end;
    }
  }
  return words;
}

function wordAt(text: string, at: number): Word & { end: number } {
  const quote = text[at];
  if (quote === '"' || quote === "'") {
    const closed = text.indexOf(quote, at + 1);
    const line = text.indexOf('\n', at + 1);
    if (closed > 0 && (line < 0 || closed < line))
      return { text: text.slice(at + 1, closed), start: at + 1, end: closed + 1 };
  }
  let end = at + 1;
  while (end < text.length && !' \t\n\r|;"\''.includes(text[end] as string)) end++;
  // An option with its value in quotes, as -p"…".
  const inner = text[end];
  if ((inner === '"' || inner === "'") && /^-{1,2}[\w-]{1,16}=?$/.test(text.slice(at, end))) {
    const closed = text.indexOf(inner, end + 1);
    if (closed > 0 && closed - end < 256) {
      const option = text.slice(at, end);
      const value = text.slice(end + 1, closed);
      // The offset is that of the value: options are cut off by their length.
      return { text: option + value, start: end + 1 - option.length, end: closed + 1 };
    }
  }
  return { text: text.slice(at, end).replace(/\\+$/, ''), start: at, end: Math.max(end, at + 1) };
}
