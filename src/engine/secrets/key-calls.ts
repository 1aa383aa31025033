/**
 * Calls that take a secret by its position: `hmac.new(b"…")`, `jwt.sign(payload, "…")`, `login("user", "…")`,
 * and SQL's `IDENTIFIED BY '…'`, `PRAGMA key = '…'`.
 */

/** Which argument is the secret, from 0, by what is called and how the call begins. */
const SECRET_AT: Record<string, number> = {
  'hmac.new(': 0,
  'hmac.digest(': 0,
  'Fernet(': 0,
  'jwt.encode(': 1,
  'jwt.decode(': 1,
  'jwt.sign(': 1,
  'jwt.verify(': 1,
  'createHmac(': 1,
  'auth=(': 1,
  'BasicAuth(': 1,
  '.login(': 1,
  'NetworkCredential(': 1,
  'db.auth(': 1,
  'getConnection(': 2,
  'mysqli_connect(': 2,
  'mysql_connect(': 2,
  'new mysqli(': 2,
  'new PDO(': 2,
  'SecretKeySpec(': 0,
  'PBEKeySpec(': 0,
  'HMAC256(': 0,
  'HMAC384(': 0,
  'HMAC512(': 0,
  'BasicAWSCredentials(': 1,
  'BasicSessionCredentials(': 1,
  'AwsBasicCredentials.create(': 1,
  'PasswordAuthentication(': 1,
  'UsernamePasswordCredentials(': 1,
  'UsernamePasswordToken(': 1,
  'StorageSharedKeyCredential(': 1,
  'Credentials.basic(': 1,
  'setBasicAuth(': 1,
  'basicAuthentication(': 1,
  'withOAuthToken(': 0,
};

/** Those above that classes of Java call, without what only stands before them in text. */
const COMPILED = new Map(
  Object.entries(SECRET_AT)
    .filter(([start]) => /^\.?[A-Z]|^\.login|^getC|^set|^basic|^with/.test(start))
    .map(([start, at]) => [start.replace(/^\.|\($/g, ''), at]),
);

/**
 * The name under which a call's argument, counted from 0, is the secret that the call takes: `getConnection`,
 * `Credentials.basic`; empty for its other arguments, and undefined for calls that are not known.
 */
export function takenAs(owner: string, callee: string, argument: number): string | undefined {
  const name = COMPILED.has(callee) ? callee : `${owner}.${callee}`;
  const at = COMPILED.get(name);
  return at === undefined ? undefined : at === argument ? name : '';
}

/** What the prefilter looks for. */
export const CALL_STARTS: readonly string[] = [
  ...Object.keys(SECRET_AT),
  'IDENTIFIED BY',
  'identified by',
  'IDENTIFIED WITH',
  'identified with',
  'PRAGMA key',
  'PRAGMA rekey',
];

const STRING = String.raw`(?:'([^'\n]{1,256})'|"([^"\n]{1,256})")`;
/** Statements of SQL with a password, by what names it. */
const STATEMENTS: readonly (readonly [name: string, form: RegExp])[] = [
  [
    'IDENTIFIED BY',
    new RegExp(
      String.raw`^IDENTIFIED (?:WITH\s{1,8}['"\x60]?\w{1,64}['"\x60]?\s{1,8})?BY\s{1,8}${STRING}`,
      'i',
    ),
  ],
  // The key of an SQLite database that is encrypted.
  ['database key', new RegExp(String.raw`^PRAGMA (?:re)?key\s{0,4}=\s{0,4}${STRING}`, 'i')],
];

/** The secret in a call that `text` begins with, if it is written out as a string. */
export function keyArgument(
  text: string,
): { name: string; value: string; start: number } | undefined {
  for (const [name, statement] of STATEMENTS) {
    const match = statement.exec(text);
    const value = match?.[1] ?? match?.[2];
    if (match && value !== undefined)
      return { name, value, start: match[0].length - 1 - value.length };
  }
  const open = text.indexOf('(');
  const wanted = SECRET_AT[text.slice(0, open + 1)];
  if (wanted === undefined) return undefined;
  const name = text.slice(0, open).replace(/^\.|^new |=$/g, '');
  let depth = 0;
  let argument = 0;
  let begins = true; // whether an argument begins here
  for (let i = open + 1; i < text.length; i++) {
    const c = text[i] as string;
    if (c === '"' || c === "'" || c === '`') {
      const end = closingQuote(text, i);
      if (end < 0) return undefined;
      if (depth === 0 && argument === wanted && begins)
        return { name, value: text.slice(i + 1, end), start: i + 1 };
      i = end;
    } else if ('([{'.includes(c)) depth++;
    else if (')]}'.includes(c) && --depth < 0) return undefined;
    else if (c === ',' && depth === 0) {
      argument++;
      begins = true;
      if (argument > wanted) return undefined;
      continue;
    }
    // Blanks and the letter of a bytes literal stand before a string; anything else is an expression.
    if (!/[\sbu]/.test(c)) begins = false;
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
