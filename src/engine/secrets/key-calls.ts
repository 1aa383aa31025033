/**
 * Secrets that stand as arguments in calls, and what is written like one: SQL's `IDENTIFIED BY '…'`,
 * `PRAGMA key = '…'`, a header's `Bearer …`, PHP's `CURLOPT_USERPWD`, a comment's `login: user / password`.
 */
import { SECRET_CALLS, type SecretCall } from './called-secrets.ts';
import type { NameKind } from './names.ts';

/** A secret among a call's arguments; `start` is in the text's characters. */
export interface KeyArgument {
  name: string;
  value: string;
  start: number;
  /** What the call says that it is. */
  kind?: NameKind;
  /** Only what looks drawn at random is one. */
  drawn?: boolean;
  /** Only within an address that names its host. */
  address?: boolean;
}

interface Statement {
  name: string;
  starts: readonly string[];
  form: RegExp;
  kind?: NameKind;
  drawn?: boolean;
  /** Only within an address. */
  address?: boolean;
}

const STRING = String.raw`(?:'([^'\n]{1,256})'|"([^"\n]{1,256})")`;
/** What is no call, by what names it. The last group of a match holds the secret. */
const STATEMENTS: readonly Statement[] = [
  {
    name: 'IDENTIFIED BY',
    starts: ['IDENTIFIED BY', 'identified by', 'IDENTIFIED WITH', 'identified with'],
    form: new RegExp(
      String.raw`^IDENTIFIED (?:WITH\s{1,8}['"\x60]?\w{1,64}['"\x60]?\s{1,8})?BY\s{1,8}${STRING}`,
      'di',
    ),
  },
  {
    // The key of an SQLite database that is encrypted.
    name: 'database key',
    starts: ['PRAGMA key', 'PRAGMA rekey'],
    form: new RegExp(String.raw`^PRAGMA (?:re)?key\s{0,4}=\s{0,4}${STRING}`, 'di'),
  },
  {
    name: 'Bearer',
    starts: ['Bearer '],
    form: /^Bearer[ ]([\w.~+/-]{20,512}={0,2})(?![\w.~+/=-])/d,
    kind: 'token',
    drawn: true,
  },
  {
    name: 'key',
    starts: ['?key=', '&key='],
    form: /^.key=([\w.~+/-]{20,128})(?![\w.~+/=%-])/d,
    kind: 'key',
    drawn: true,
    address: true,
  },
  {
    // Of libraries for SSH: address, port, user, password.
    name: 'connect',
    starts: ['.connect("', ".connect('"],
    form: new RegExp(
      String.raw`^\.connect\(STRING,\s{0,40}\d{1,5},\s{0,40}STRING,\s{0,40}STRING`.replaceAll(
        'STRING',
        STRING,
      ),
      'd',
    ),
    kind: 'password',
  },
  {
    // A field of a Rust program's options, whose name follows.
    name: '',
    starts: ['default_value = ', 'default_value_t = '],
    form: /^default_value(?:_t)? = (?:String::from\()?"(?<secret>[^"\\\n]{4,256})"[^\n]{0,160}\n(?:\s{0,24}(?:#\[|\/\/)[^\n]{0,160}\n){0,4}\s{0,24}(?:pub(?:\(\w{1,16}\))?[ ])?(?<name>\w{2,64}):/d,
  },
  {
    // Keys that sign a session, of which the first signs and the others verify.
    name: 'session',
    starts: ['cookieSession({', 'session({', 'Session({', 'Keygrip(['],
    form: new RegExp(
      String.raw`^(?:Keygrip\(|(?:cookieS|[sS])ession\(\{[^{}()]{0,200}?\b(?:keys|secret):\s{0,4})\[\s{0,8}${STRING}`,
      'd',
    ),
    kind: 'key',
  },
  {
    // A variable that a cipher, a digest or a signature is given as its key.
    name: 'key',
    starts: ['key = ', 'KEY = ', 'secret = ', 'SECRET = ']
      .flatMap((start) => [`${start}"`, `${start}'`, `${start}b"`, `${start}b'`])
      .concat('key: bytes = b', 'KEY: bytes = b'),
    form: new RegExp(
      String.raw`^(?<variable>key|secret)(?:: bytes)? = b?${STRING}(?=[^]{0,400}?\b(?:` +
        String.raw`(?:hmac\.(?:new|digest)|AES\.new|DES3?\.new|Fernet|HMAC|algorithms\.\w{1,16})\(\s{0,8}|` +
        String.raw`(?:jwt\.(?:sign|verify|encode|decode)|createHmac)\([^()\n]{1,120}?)\b\k<variable>\b)`,
      'di',
    ),
    kind: 'key',
  },
  {
    // Of clients of Redis in Lua and PHP: a password, or a user and a password.
    name: 'auth',
    starts: [':auth("', ":auth('", 'redis->auth('],
    form: new RegExp(
      String.raw`^(?:redis->|:)auth\(\s{0,4}(?:\[\s{0,4})?(?:${STRING}\s{0,4},\s{0,4})?${STRING}\s{0,4}[\])]`,
      'd',
    ),
    kind: 'password',
  },
  {
    // Of `kubectl create secret`: whatever it is called, and users among it.
    name: '',
    starts: ['--from-literal=', '--from-literal '],
    form: /^--from-literal[= ]["']?(?<name>[\w.-]{1,96})=["']?(?<secret>[^\s"'$][^\s"']{19,511})(?=[\s"']|$)/d,
    kind: 'secret',
    drawn: true,
  },
  {
    // Of SonarQube, where a user's name may stand as well.
    name: 'sonar.login',
    starts: ['sonar.login'],
    form: /^sonar\.login(?:>|["']?\s{0,4}[=:,]\s{0,4}["']?)([0-9a-f]{40})(?![\w-])/d,
    kind: 'token',
    drawn: true,
  },
  {
    // Of PayPal's classic interfaces: an A, and 55 characters.
    name: 'API signature',
    starts: ['ignature', 'IGNATURE'].flatMap((name) =>
      [
        '=A',
        ' = A',
        '="A',
        "='A",
        ' = "A',
        " = 'A",
        ': A',
        ': "A',
        '": "A',
        "' => 'A",
        "', 'A",
      ].map((sign) => name + sign),
    ),
    form: /^ignature[^\w]{1,6}(A[\w.-]{55})(?![\w.-])/di,
    kind: 'key',
    drawn: true,
  },
  {
    // What a script of Expect types.
    name: 'send',
    starts: ['send "', 'send -- "'],
    // Neither a modem's command nor an interface or a path.
    form: /^send (?:-- )?"((?=[^"]*\d)(?=[^"]*[A-Z])(?=[^"]*[a-z])(?![A-Za-z-]+\d{1,3}\\|AT[A-Z&+])[^\s"[\]\\$/]{8,64})\\[rn]"/d,
    kind: 'password',
  },
  {
    // Clients of Discord, whose token has a form of its own.
    name: 'discord_token',
    starts: ['.run("', ".run('", '.login("', ".login('"],
    form: /^\.(?:run|login)\(["']([MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27,38})["']/d,
  },
  {
    name: 'CURLOPT_USERPWD',
    starts: ['CURLOPT_USERPWD', 'CURLOPT_PROXYUSERPWD'],
    form: /^CURLOPT_(?:PROXY)?USERPWD["']?\]?\s{0,4}(?:,|=>|=)\s{0,4}(?:'[^'\n:]{1,128}:([^'\n]{1,256})'|"[^"\n:]{1,128}:([^"\n]{1,256})")/d,
    kind: 'password',
  },
  {
    name: 'login',
    starts: 'login: |Login: |credentials: |Credentials: |user: |User: |username: '.split('|'),
    // Only what no word and no number is, since forms and manuals are full of such lines; no argument, and no reference.
    form: /^(?:login|credentials|user(?:name)?): [\w.@+-]{2,64}(?:[ ]?[/|]|,?[ ](?:pass|passwd|password|pwd?)[:=])[ ]?((?=\S{0,63}[0-9])(?=\S{0,63}[A-Za-z])(?![*&]|\w+(?:\.\w+)+[\r\n])[^\s"'<>/|(){}[\],;$]{8,64})(?=[ \t]{0,4}(?:-->|\*\/|\r?\n|$))/di,
    kind: 'password',
  },
  {
    name: 'basic authentication',
    starts: ["btoa('", 'btoa("', 'btoa(`', "Buffer.from('", 'Buffer.from("', 'b64encode(b'],
    form: /^(?:btoa|Buffer\.from|b64encode)\(b?(["'`])[\w.@+-]{1,64}:((?:(?!\1)[^\s\\]){4,128})\1\)/d,
    kind: 'password',
  },
];

const BY_START = new Map<string, SecretCall[]>();
for (const call of SECRET_CALLS)
  BY_START.set(call.start, [...(BY_START.get(call.start) ?? []), call]);
/** The longest first, since one may begin as another does. */
const STARTS = [...BY_START.keys()].sort((a, b) => b.length - a.length);

/** What the prefilter looks for. */
export const CALL_STARTS: readonly string[] = [
  ...BY_START.keys(),
  ...STATEMENTS.flatMap(({ starts }) => starts),
];

/** The secret in a call that `text` begins with, if it is written out as a string. */
export function keyArgument(text: string): KeyArgument | undefined {
  return statementSecret(text) ?? callSecret(text);
}

function callSecret(text: string): KeyArgument | undefined {
  const start = STARTS.find((one) => text.startsWith(one));
  if (start === undefined) return undefined;
  const name = start.replace(/^[.:"']|^->|^new |(?:: bytes)? = b$|[ =[(>,:"']+$/g, '');
  for (const { argument, kind, drawn } of BY_START.get(start) ?? []) {
    const found = literalArgument(text, start.length, argument, start.endsWith(' '));
    if (found) return { name, ...found, kind, drawn };
  }
  return undefined;
}

function statementSecret(text: string): KeyArgument | undefined {
  for (const { name, form, kind, drawn, address } of STATEMENTS) {
    const match = form.exec(text);
    if (!match) continue;
    const [start, end] = match.indices?.groups?.['secret'] ??
      match.indices?.filter(Boolean).at(-1) ?? [0, 0];
    return {
      name: match.groups?.['name'] ?? name,
      value: text.slice(start, end),
      start,
      ...(kind && { kind }),
      ...(drawn && { drawn }),
      ...(address && { address }),
    };
  }
  return undefined;
}

/** What only changes a literal's form, or marks it as a secret, before its opening quote. */
const WRAPPERS =
  /(?:\s{0,40}(?:\/\/[^\n]{0,120}\n|#[^\n]{0,120}\n)?[&*]?(?:new[ ])?(?:\[\]byte|(?:[A-Za-z_]\w{0,31}(?:\(\))?(?:::|\.)){0,4}(?:Some|from|FromBase64String|FromHexString|GetBytes|encode|decode|b64decode|parse|fromhex|unhexlify|hex2bin|base64_decode|bytes|SecretStr|SecretString|String|DecodeString|from_hex))\(){0,3}\s{0,80}(?:b?r#{0,3}(?=")|[bBuUrRfF]{1,2}(?=["'])|@(?="))?(["'`])/y;

/**
 * The literal that is argument `wanted` of a call whose arguments begin at `from`. `line` says that it has no
 * brackets and ends with its line, as calls of Ruby may.
 */
function literalArgument(
  text: string,
  from: number,
  wanted: number,
  line: boolean,
): { value: string; start: number } | undefined {
  let depth = 0;
  let argument = 0;
  for (let i = from; i < text.length; i++) {
    if (depth === 0 && argument === wanted) {
      WRAPPERS.lastIndex = i;
      if (!WRAPPERS.test(text)) return undefined;
      const start = WRAPPERS.lastIndex;
      const end = closingQuote(text, start - 1);
      return end < 0 ? undefined : { value: text.slice(start, end), start };
    }
    const c = text[i] as string;
    if (c === '"' || c === "'" || c === '`') {
      const end = closingQuote(text, i);
      if (end < 0) return undefined;
      i = end;
    } else if ('([{'.includes(c)) depth++;
    else if (')]}'.includes(c)) {
      if (--depth < 0) return undefined;
    } else if (c === ',' && depth === 0) argument++;
    else if (c === '\n' && line && depth === 0 && text[i - 1] !== ',') return undefined;
  }
  return undefined;
}

function closingQuote(text: string, at: number): number {
  const quote = text[at];
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === quote) return i;
  }
  return -1;
}
