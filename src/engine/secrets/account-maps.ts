/**
 * Users and their passwords as code keeps them: `USERS = {"ann": "…"}`, `CREDENTIALS = [("ann", "…")]`,
 * `$users = ['ann' => '…']`. Only values that are mixed as passwords are count.
 */
import { characterClasses } from './entropy.ts';
import type { FileKind } from './file-kind.ts';
import { remembered } from './names.ts';
import { mayHoldWords } from './word-passwords.ts';

/** One of the passwords. Positions are in the characters of the text. */
export interface AccountEntry {
  user: string;
  value: string;
  at: number;
}

/** What the prefilter looks for besides names that announce a secret. */
export const ACCOUNT_MAP_TRIGGERS = [
  'users = {',
  'users = [',
  'users={',
  'users: dict',
  'users: {',
];

const MAP_NAME = /(?:^|_)(?:users|accounts|logins|passwords|credentials|creds)$/i;
/** Lists of what is refused. */
const REFUSED = /common|weak|bad|worst|forbidden|blocked|banned|leaked|breached|invalid/i;
const OPENING =
  /["']?(?:[ ]?:[ ]?[A-Za-z][\w.]{0,24}(?:[[<][\w., |[\]<>]{0,48}[\]>])?(?=[ ]?=))?[ ]{0,4}(?:=>|=|:)[ ]{0,4}(?:array(?=\()|new Map(?=\())?[{[(]/y;
const ENTRY =
  /[\s,([]{0,80}(["'])([\w.@-]{1,64})\1\s{0,4}(?::|=>|,)\s{0,8}(["'])([^\s"'\\]{1,64})\3[\s)\]]{0,80}/y;
/** What an object says of one user. */
const FIELD = /^(?:id|name|title|e?mail|label|type|role|url|key|value|colou?r|text)$/i;
const MOST = 64;

/** Whether a name says that it lists users, passwords or both. */
export const namesAccountMap = remembered((name) => MAP_NAME.test(name) && !REFUSED.test(name));

/** The users and passwords behind a name that ends where the text begins. */
export function accountEntries(name: string, text: string, file: FileKind): AccountEntry[] {
  if (!file.code || !mayHoldWords(file) || !namesAccountMap(name)) return [];
  OPENING.lastIndex = 0;
  if (!OPENING.test(text)) return [];
  const entries: AccountEntry[] = [];
  ENTRY.lastIndex = OPENING.lastIndex;
  for (let one = ENTRY.exec(text); one && entries.length < MOST; one = ENTRY.exec(text)) {
    const [whole, , user = '', quote = '', value = ''] = one;
    const at = one.index + whole.lastIndexOf(`${quote}${value}${quote}`) + 1;
    if (isMixed(value) && !FIELD.test(user)) entries.push({ user, value, at });
    if (text[ENTRY.lastIndex] !== ',') break;
  }
  return entries;
}

/** Digits, letters and a sign that no name, address or path has. */
function isMixed(value: string): boolean {
  return (
    value.length >= 8 &&
    characterClasses(value) >= 3 &&
    /\d/.test(value) &&
    /[!#$%^&*?~+=]/.test(value.slice(1)) &&
    !/[/:]/.test(value)
  );
}
