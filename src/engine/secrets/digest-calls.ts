/** Calls whose result is a digest of what they are given: what is compared with `sha1(token)` is no token. */

const DIGESTS =
  /(?:sha\d{0,3}|md[245]|digest|hash|crc\d{0,2}|blake\w{0,3}|checksum|fingerprint|hmac|encrypt|bcrypt|scrypt|argon2)\w{0,24}(?:[.:]{1,2}\w{1,24}){0,2}[!?]?\([^()\n]{0,64}$/i;
/** Calls that are named after a digest, and say whether two are the same. */
const COMPARES = /equal|compar|verif|check(?!sum)/i;
const REACH = 160; // characters before an argument

/** Whether a name that begins at `start` of a text is an argument of such a call. */
export function isDigested(text: string, start: number): boolean {
  const call = DIGESTS.exec(text.slice(Math.max(0, start - REACH), start))?.[0];
  return call !== undefined && !COMPARES.test(call);
}
