/**
 * Which argument of which call is a secret, as the manuals of the clients and libraries have it: `login(user, password)`,
 * `jwt.sign(payload, secret)`, `createCipheriv(algorithm, key, iv)`, `Client(account, token)`.
 */
import { isDrawn } from './entropy.ts';
import type { NameKind } from './names.ts';

/** How a call takes a secret. */
export interface SecretCall {
  /** How the call begins in text, up to its first argument. */
  start: string;
  /** Which argument is the secret, from 0. */
  argument: number;
  kind: NameKind;
  /** Only what looks drawn at random counts, since other calls of this name take other things. */
  drawn: boolean;
}

type Row = [argument: number, kind: NameKind, starts: string];

/** The starts of a row are parted by spaces; a `+` in one stands for a space, and a bracket follows a word. */
const CALLS: readonly Row[] = [
  [0, 'password', 'ssh.Password .pass_ PBEKeySpec DialPassword redis.auth client.auth'],
  [
    1,
    'password',
    'auth=( auth+=+( "auth":+( BasicAuth HTTPBasicAuth HTTPDigestAuth basic_auth basic_auth+ :basic_auth,+ .login .changeUserPassword NetworkCredential db.auth ' +
      'cx_Oracle.connect oracledb.connect PasswordAuthentication UsernamePasswordCredentials UsernamePasswordToken ' +
      'UsernamePasswordAuthenticationToken Credentials.basic setBasicAuth basicAuthentication client.Authenticate ' +
      'simple_bind_s simple_bind oci_connect AuthenticateAsync \'auth\'+=>+[ "auth"+=>+[ passwd_cb SetUserPassword ' +
      'CreateAsync AddPasswordAsync CheckPasswordAsync PasswordSignInAsync ResetPasswordAsync',
  ],
  [
    2,
    'password',
    'getConnection mysqli_connect mysql_connect new+mysqli new+PDO PDO->__construct mysqli->__construct ->real_connect FTP FTP_TLS ftp_login ' +
      'MySQLdb.connect pymysql.connect transport.connect PlainAuth imap_open ldap_bind odbc_connect ' +
      'ssh2_auth_password Sequelize ldap3.Connection DBI->connect DBI->connect_cached keyring.set_password',
  ],
  [
    3,
    'password',
    'mysqli_real_connect ssh.connect client.connect redis.Redis StrictRedis ->credentials',
  ],
  [
    0,
    'key',
    'hmac.new hmac.digest Fernet SecretKeySpec HMAC256 HMAC384 HMAC512 withOAuthToken SignedString ' +
      'aes.NewCipher NewCookieStore securecookie.New from_secret SymmetricSecurityKey HMACSHA1 HMACSHA256 ' +
      'HMACSHA384 HMACSHA512 hmacShaKeyFor SigningKey AES.new URLSafeTimedSerializer URLSafeSerializer ' +
      'TimedJSONWebSignatureSerializer TimestampSigner cookieParser',
  ],
  [
    1,
    'key',
    'jwt.encode jwt.decode jwt.sign jwt.verify JWT.encode JWT.encode+ JWT.decode JWT.decode+ JWT::encode ' +
      'JWT::decode createHmac createCipheriv createDecipheriv createCipher createDecipher AES.encrypt ' +
      'AES.decrypt HmacSHA1 HmacSHA256 HmacSHA512 HMAC.hexdigest HMAC.digest hmac.New signWith ' +
      'BasicAWSCredentials BasicSessionCredentials AwsBasicCredentials.create StorageSharedKeyCredential ' +
      'NewStaticCredentials NewStaticCredentialsProvider NewStaticV4 NewStaticV2',
  ],
  [2, 'key', 'hash_hmac openssl_encrypt openssl_decrypt'],
  [2, 'secret', 'provider+: config.omniauth+:'],
];
/** The same, for calls of whose names there are others. */
const DRAWN_CALLS: readonly Row[] = [
  [
    0,
    'token',
    'Github Octokit Stripe OpenAI WebClient SendGridAPIClient KeyCredential bearer_auth ApiKeyAuth',
  ],
  [
    0,
    'key',
    'new_from_slice TextEncoder().encode signWith key+:=+[]byte key+=+[]byte byte[]+key+= let+key+= key+=+b',
  ],
  [
    1,
    'token',
    'Client Client.new Twilio.init TwilioClient.Init require(\'twilio\')( require("twilio")( twilio Gitlab ' +
      'algoliasearch SearchClient.create',
  ],
  [2, 'secret', 'ClientSecretCredential'],
];

/** Every call that takes a secret; a start may have several rows. */
export const SECRET_CALLS: readonly SecretCall[] = [
  ...CALLS.flatMap((row) => calls(row, false)),
  ...DRAWN_CALLS.flatMap((row) => calls(row, true)),
];

function calls([argument, kind, starts]: Row, drawn: boolean): SecretCall[] {
  return starts.split(' ').map((start) => ({
    start: start.replaceAll('+', ' ').replace(/(?<=\w)\w$/, '$&('),
    argument,
    kind,
    drawn,
  }));
}

/** Those that bytecode calls, by what is called: `getConnection`, `Credentials.basic`, `jwt.encode`. */
const COMPILED = new Map<string, SecretCall[]>();
for (const call of SECRET_CALLS) {
  const name = /^(?:new |\.)?([A-Za-z_][\w.]*)\($/.exec(call.start)?.[1];
  if (name === undefined) continue;
  COMPILED.set(name, [...(COMPILED.get(name) ?? []), call]);
}

/** The last words of their names. */
export const CALLED_WORDS: ReadonlySet<string> = new Set(
  [...COMPILED.keys()].map((name) => name.slice(name.lastIndexOf('.') + 1)),
);

/** Whether something of this name may be called with a secret. */
export function isCalledWithSecret(name: string): boolean {
  return CALLED_WORDS.has(name);
}

/** What a call takes at one of its arguments. */
export interface Taken {
  /** The call as it is known; empty where another argument of it is the secret. */
  name: string;
  kind?: NameKind;
}

/**
 * What a call of bytecode takes a text for, as its argument counted from 0; undefined for calls that are not known,
 * and for texts that such a call need not take for a secret.
 */
export function takenAs(
  owner: string,
  callee: string,
  argument: number,
  text: string,
): Taken | undefined {
  const name = COMPILED.has(callee) ? callee : `${owner}.${callee}`;
  const known = COMPILED.get(name);
  if (!known) return undefined;
  const taken = known.find((call) => call.argument === argument);
  if (taken) return taken.drawn && !isDrawn(text) ? undefined : { name, kind: taken.kind };
  return known.every(({ drawn }) => drawn) ? undefined : { name: '' };
}
