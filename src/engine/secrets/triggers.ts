/** Every text that the prefilter looks for, and what is to be done where one stands. */
import { COMMAND_STARTS } from './command-lines.ts';
import type { Format } from './compiled-formats.ts';
import { DSN_MARKS } from './connection-strings.ts';
import { escapeTriggers } from './escaped-text.ts';
import { FILE_READERS, type FileReader } from './file-readers.ts';
import { formatTriggers, type Look } from './format-triggers.ts';
import { CALL_STARTS } from './key-calls.ts';
import { KEY_TRIGGERS, type KeyForm } from './key-material.ts';
import { NAME_TRIGGERS } from './name-hits.ts';
import { percentTriggers } from './percent-encoded.ts';
import { Prefilter, type Trigger } from './prefilter.ts';
import { SIGNING_WORDS } from './signing-candidates.ts';
import { TABLE_TRIGGERS, type TableStatement } from './table-text.ts';

/** What a text announces. */
export type Target =
  | { kind: 'format'; format: Format; look: Look }
  | { kind: 'name' }
  | { kind: 'call' }
  | { kind: 'command'; command: string }
  | { kind: 'reader'; reader: FileReader }
  | { kind: 'url' }
  | { kind: 'dsn' }
  | { kind: 'key'; form: KeyForm }
  | { kind: 'table'; statement: TableStatement }
  | { kind: 'percent' }
  | { kind: 'escape' }
  | { kind: 'signing' }
  | { kind: 'module' };

/** What follows a name, or goes on in one: no letter but a plural's. */
const NAME_ENDS = ' \t\n\r!"#$%&\'()*+,-./0123456789:;<=>?@[\\]^_`{|}~s';
const URL_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
/** What a URL's user may begin with. */
const USER_STARTS = `${URL_LETTERS}:%$<{[(_-.~!*+`;
function triggers(): Trigger<Target>[] {
  const all: Trigger<Target>[] = [
    { text: '<module>', exactCase: true, target: { kind: 'module' } },
    ...percentTriggers().map((one) => ({ ...one, target: { kind: 'percent' as const } })),
    {
      text: '://',
      exactCase: true,
      before: URL_LETTERS,
      after: USER_STARTS,
      target: { kind: 'url' },
    },
  ];
  for (const { target: form, ...literal } of KEY_TRIGGERS)
    all.push({ ...literal, target: { kind: 'key', form } });
  for (const text of NAME_TRIGGERS) {
    const name = /\w$/.test(text) ? { after: NAME_ENDS } : {};
    all.push({ text, exactCase: false, ...name, target: { kind: 'name' } });
  }
  for (const text of CALL_STARTS) all.push({ text, exactCase: true, target: { kind: 'call' } });
  for (const text of SIGNING_WORDS)
    all.push({ text, exactCase: true, target: { kind: 'signing' } });
  for (const literal of escapeTriggers()) all.push({ ...literal, target: { kind: 'escape' } });
  for (const text of DSN_MARKS) all.push({ text, exactCase: true, target: { kind: 'dsn' } });
  for (const command of COMMAND_STARTS)
    all.push({ text: command, exactCase: false, target: { kind: 'command', command } });
  for (const [text, statement] of TABLE_TRIGGERS)
    all.push({ text, exactCase: false, target: { kind: 'table', statement } });
  for (const reader of FILE_READERS)
    for (const text of reader.triggers ?? [])
      all.push({ text, exactCase: true, target: { kind: 'reader', reader } });
  for (const { format, look, ...literal } of formatTriggers())
    all.push({ ...literal, exactCase: true, target: { kind: 'format', format, look } });
  return all;
}

let made: Prefilter<Target> | undefined;

/** The one prefilter, over all texts; it is made when it is first asked for, which who only leads a scan does not. */
export function prefilter(): Prefilter<Target> {
  return (made ??= new Prefilter<Target>(triggers()));
}
