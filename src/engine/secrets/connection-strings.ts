/**
 * Connection strings that are no URLs: `host=… password=…` of libpq (PostgreSQL manual, section 34.1.1),
 * `Server=…;Password=…` of ADO.NET and JDBC, `user:password@tcp(host)/db` of Go's MySQL driver, and
 * `jdbc:oracle:thin:user/password@host` of Oracle's.
 */
import type { UrlCredentials } from './url-credentials.ts';

const REACH = 256;
const OTHER_FIELD =
  /(?:^|[;\s?&:/"'`])(?:host(?:addr|name)?|server|data source|address|dbname|database(?: ?name)?|initial catalog|user(?: ?id|name)?|uid)[ ]?=[ ]?[^\s=]/i;

/** Whether the field that begins at `start` follows others of a connection string on its line. */
export function inConnectionString(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - REACH), start);
  return OTHER_FIELD.test(before.slice(before.lastIndexOf('\n') + 1));
}

/** What stands between the password and the host in a Go data source name, and before the user in Oracle's for JDBC. */
export const DSN_MARKS: readonly string[] = [
  '@tcp(',
  '@tcp6(',
  '@unix(',
  '@cloudsql(',
  'oracle:thin:',
  'oracle:oci:',
];

const DSN_BEFORE = /(?:^|[\s"'`=(])([\w.%+-]{1,64}):([^\s"'`/]{1,256})$/;
const DSN_HOST = /^@\w{3,8}\(([^)\s"']{1,253})\)/;

const ORACLE =
  /^oracle:(?:thin|oci):([\w.$#-]{1,64})\/(?:"([^"\s]{1,128})"|([^\s"'@/]{1,128}))@(?:\/\/)?([\w.-]{0,253})/d;

/** Reads the data source name whose mark stands at `at`; undefined where no user and password stand before it. */
export function dsnCredentials(text: string, at: number): UrlCredentials | undefined {
  const oracle = ORACLE.exec(text.slice(at, at + REACH * 2));
  if (oracle) {
    const [, user = '', quoted, plain, host = ''] = oracle;
    const password = quoted ?? plain ?? '';
    const start = at + (oracle.indices?.[quoted === undefined ? 3 : 2]?.[0] ?? 0);
    return { scheme: 'Oracle', user, password, decoded: password, host, start, tokenOnly: false };
  }
  const host = DSN_HOST.exec(text.slice(at, at + REACH))?.[1];
  const match = DSN_BEFORE.exec(text.slice(Math.max(0, at - REACH - 80), at));
  if (host === undefined || !match) return undefined;
  const [, user = '', password = ''] = match;
  const start = at - password.length;
  const decoded = password;
  return { scheme: 'MySQL', user, password, decoded, host, start, tokenOnly: false };
}
