/** Passwords in URLs: `postgresql://user:password@host/db`. */
import { byteSet } from './byte-set.ts';

/** A URL's user part, and where its password stands in the text. */
export interface UrlCredentials {
  scheme: string;
  user: string;
  /** As it stands in the text. */
  password: string;
  /** Percent-decoded. */
  decoded: string;
  host: string;
  start: number;
  /** A token stands where a user would, without a password. */
  tokenOnly: boolean;
}

const USER_INFO =
  /:\/\/([^\s:@/"'<>\\`,;]{0,128}):([^\s/"'<>\\`]{1,256})@([A-Za-z0-9_.-]{1,253}|\[[0-9a-fA-F:]+\]|[$#]?\{[^}\n]{0,128}\}|%[sv]|%\(\w{1,64}\)s|\$\(?[A-Za-z_][\w.]{0,64}|(?=["'`][ \t]{0,4}[+.&])|(?=\0)|$)/y;

/** A token by itself where a user would stand, as git hosts take it. */
const TOKEN_ONLY =
  /:\/\/(?:([A-Za-z0-9_-]{20,255}):?|([A-Za-z0-9_.-]{8,255}):x-oauth-basic)@([A-Za-z0-9_.-]{1,253})/y;
/** What stands in a password's place to say that the user is the token. */
const NO_PASSWORD = /^(?:x-oauth-basic|api_token)$/;

const LONGEST_USER_INFO = 512; // more than either expression reads before its `@`
const AT_SIGN = 0x40;
/** What ends a user part before its `@`, in both. */
const ENDS = byteSet(' \t\n\v\f\r/"\'<>\\`');

/** Whether a user part may stand behind the `://` at `at`: cheap, before any text is decoded. */
export function mayHoldUser(bytes: Uint8Array, at: number): boolean {
  const most = Math.min(bytes.length, at + LONGEST_USER_INFO);
  for (let i = at + 3; i < most; i++) {
    const byte = bytes[i] as number;
    if (byte === AT_SIGN) return true;
    if (ENDS[byte]) return false;
  }
  return false;
}

/** Reads the URL around `://` at `at`; undefined where it has no password. */
export function urlCredentials(text: string, at: number): UrlCredentials | undefined {
  TOKEN_ONLY.lastIndex = at;
  const token = TOKEN_ONLY.exec(text);
  if (token) {
    const [, alone, marked = '', host = ''] = token;
    const password = alone ?? marked;
    return {
      scheme: schemeBefore(text, at),
      user: '',
      password,
      decoded: password,
      host,
      start: at + 3,
      tokenOnly: true,
    };
  }
  USER_INFO.lastIndex = at;
  const match = USER_INFO.exec(text);
  if (!match) return undefined;
  const [, user = '', password = '', host = ''] = match;
  if (NO_PASSWORD.test(password)) return undefined;
  if (/^\d{1,5}[?#,]/.test(password)) return undefined; // a port, and an address behind it
  return {
    scheme: schemeBefore(text, at),
    user: /^(?:%|\$|#?\{)/.test(user) ? '' : user, // only a variable's place
    password,
    decoded: decode(password),
    host,
    start: at + 3 + user.length + 1,
    tokenOnly: false,
  };
}

function schemeBefore(text: string, at: number): string {
  return /[A-Za-z][A-Za-z0-9+.-]{0,30}$/.exec(text.slice(Math.max(0, at - 32), at))?.[0] ?? '';
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
