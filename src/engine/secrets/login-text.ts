/** Users and passwords in one value, under a name that says that it logs in: `BASIC_AUTH=user:…`, `auth-users: "user:…,other:…"`. */

const LOGIN = /(?:auth|basic|creds|credentials)(?:[_.-]?users?)?$/i;
/** A user, a colon, a password: no address, no digest. */
const PAIR = /^(?!sha|md5|https?:)[\w.@+-]{1,64}:([^\s:/,][^\s:,]{3,127})$/i;

/** Whether a name says that its value is what someone logs in with. */
export function namesLogin(name: string): boolean {
  return LOGIN.test(name);
}

/** The password in a value so named. */
export function loginPassword(name: string, value: string): string | undefined {
  return namesLogin(name) ? PAIR.exec(value)?.[1] : undefined;
}
