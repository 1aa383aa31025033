/**
 * Google's app passwords: sixteen lower-case letters, shown as four groups of four, with which a program signs in
 * to a mailbox. Nothing but the names around one tells it; described in Google's account help, `App passwords`.
 */
import { EVERY_COPY, REBUILD } from './advice.ts';
import type { Detection, NamedValue, Rule } from './finding.ts';
import { wordsOf } from './names.ts';

const APP_PASSWORD: Rule = {
  id: 'google-app-password',
  title: 'Google app password',
  provider: 'Google',
  severity: 'high',
  revoke: 'https://myaccount.google.com/apppasswords',
  steps: [`Delete the app password at myaccount.google.com/apppasswords. ${EVERY_COPY}`, REBUILD],
};
const MAIL = new Set(['gmail', 'google', 'smtp', 'mail', 'email', 'mailer', 'imap', 'nodemailer']);

/** Whether a value has the form: four groups, or sixteen letters that are no words. */
export function isAppPassword(value: string): boolean {
  if (/^[a-z]{4}(?: [a-z]{4}){3}$/.test(value)) return true;
  if (!/^[a-z]{16}$/.test(value)) return false;
  const vowels = value.replace(/[^aeiouy]/g, '').length;
  return vowels <= 3 || /[^aeiouy]{4}/.test(value);
}

/** The app password of a mailbox, before where it stands is looked at. */
export function googleAppPassword(named: NamedValue, value: string): Detection | undefined {
  if (!isAppPassword(value)) return undefined;
  const near = [named.name, ...named.context].find((name) =>
    wordsOf(name).some((word) => MAIL.has(word)),
  );
  if (near === undefined) return undefined;
  const why = [
    'sixteen letters, the form of a Google app password',
    `bound to the name ${named.name}`,
  ];
  if (near !== named.name) why.push('a mailbox is named beside it');
  return {
    rule: APP_PASSWORD,
    severity: 'high',
    confidence: 'medium',
    value,
    why,
    facts: {},
    name: named.name,
  };
}
