/** What is to be done about a secret: the sentences that rules share, and how a row of the table is put into words. */
import type { Rule } from './finding.ts';
import type { FormatRow } from './formats.ts';

export const EVERY_COPY = 'Treat it as public: it is in every copy of this image.';
export const REBUILD =
  'Delete the image from its registry and build it anew; a new layer does not remove it.';
/** For the private half of a pair. */
export const REPLACE_PAIR = `Replace the key pair and take the old public key out of everywhere it is trusted. ${EVERY_COPY}`;
/** For a key of a program's own: nobody else knows of it. */
export const NEW_KEY = 'Make a new key and put it wherever this one is used.';
/** For a key that signs. */
export const NEW_PAIR =
  'Make a new key pair, and have nothing signed with this one trusted any more.';
/** For what is worth nothing without a key or passphrase that stands elsewhere. */
export const LOOK_FOR_KEY =
  'Look for what opens it in the same image: without that it gives nothing away.';
const IDENTIFIES = 'It opens nothing by itself; look for the secret that belongs to it.';

/** What is to be done about a value of a row's format. */
export function stepsOf({ severity, revoke, step, title }: FormatRow): string[] {
  if (revoke) {
    const where = revoke.replace(/^https:\/\//, '');
    if (severity === 'info') return [IDENTIFIES];
    const first = `Revoke it at ${where}. ${EVERY_COPY}`;
    return step ? [first, step, REBUILD] : [first, REBUILD];
  }
  if (title.endsWith('(encrypted)')) return [LOOK_FOR_KEY, REBUILD];
  if (severity === 'info' && !step) return [IDENTIFIES];
  return [`${step ?? 'Revoke it where it was issued.'} ${EVERY_COPY}`, REBUILD];
}

/** The rule of a canary: a trap that opens nothing and reports whoever tries it. */
export function canary(rule: Rule): Rule {
  return {
    ...rule,
    title: `${rule.title}, a canary`,
    revoke: '',
    steps: [
      'Do not use it, not even to test it: that alarms whoever set it up.',
      'Ask them whether it is meant to be in this image.',
    ],
  };
}

/** The rule of a value that cannot be a real one: there is nothing to revoke. */
export function notReal(rule: Rule): Rule {
  return {
    ...rule,
    revoke: '',
    steps: ['There is nothing to revoke: no service takes it. Was it meant as an example, or cut?'],
  };
}
