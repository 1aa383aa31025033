/**
 * Settings whose name only tells a secret beside what stands before it: `session({ secret: "…" })`,
 * `JwtModule.register({ secret: "…" })`, `register(require('@fastify/jwt'), { secret: "…" })`, `auth: { user: "…", pass: "…" }`.
 */
import { charactersOf } from '../archive/plain-text.ts';

const REACH = 200; // bytes before the name
const SIGNED = /(session|jwt)[\w.]{0,40}(?:["']\)\s{0,4},|\s{0,4}\()\s{0,8}\{[^{}()]{0,160}$/i;
const ACCOUNT = /(?:^|[^a-z])(?:user(?:name)?|usr|login|account|(?:e-?)?mail)["']?\s{0,4}[:=]/i;

/** The name that begins at `start`, with what goes before it where that tells what it is. */
export function settingName(name: string, bytes: Uint8Array, start: number): string {
  if (name !== 'secret' && name !== 'pass') return name;
  const before = charactersOf(bytes, Math.max(0, start - REACH), start);
  if (name === 'pass') return ACCOUNT.test(before) ? 'user.pass' : name;
  const signed = SIGNED.exec(before)?.[1];
  return signed === undefined ? name : `${signed.toLowerCase()}.${name}`;
}
