/**
 * Strings of compiled programs, as C keeps them: each ends with a NUL. One may be a command, a header, a statement or
 * a list of settings with a secret in it, and is read as a line of text; most are formats and messages.
 */
import { charactersOf, isPrintable } from '../archive/plain-text.ts';
import { characterClasses, looksRandom } from './entropy.ts';
import type { Detection } from './finding.ts';

const REACH = 256; // bytes to either side of what is looked for
/** A host or a database, and a password, as clients of databases take them in one string. */
const CONNECTION =
  /(?:^|[;\s])(?:server|data source|host(?:addr|name)?|addr(?:ess)?|database|initial catalog|dbname|user id|uid)\s?=\s?[^;\s=%]+.{0,200}(?:pwd|password)\s?=\s?[^;\s=%]/i;

/** The whole string around `[start, end)`, and where it begins; undefined where none ends there with a NUL. */
export function programString(
  bytes: Uint8Array,
  start: number,
  end: number,
): { text: string; from: number } | undefined {
  let from = start;
  while (from > 0 && start - from < REACH && isPrintable(bytes[from - 1] ?? 0)) from--;
  let to = end;
  while (to - end < REACH && isPrintable(bytes[to] ?? 0)) to++;
  return bytes[to] === 0 ? { text: charactersOf(bytes, from, to), from } : undefined;
}

/** Whether a string says with a password where it connects to. */
export function isConnection(text: string): boolean {
  return CONNECTION.test(text);
}

/** Whether what a name, a command or a call tells of is written out: no format's field, and no word. */
export function isWrittenOut({ rule, value }: Detection): boolean {
  if (!rule.id.startsWith('generic-') || /[%\\]/.test(value)) return false;
  return (
    (value.length >= 8 && /\d/.test(value) && characterClasses(value) >= 3) || looksRandom(value)
  );
}
