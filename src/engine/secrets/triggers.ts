/** Every text that the prefilter looks for, and what is to be done where one stands. */
import { COMMAND_STARTS } from './command-lines.ts';
import { type Format, SELF_EVIDENT } from './compiled-formats.ts';
import { FILE_READERS, type FileReader } from './file-readers.ts';
import { bitOf, classOf, membership } from './format-alphabets.ts';
import { CALL_STARTS } from './key-calls.ts';
import { KEY_TRIGGERS, type KeyForm } from './key-material.ts';
import { NAME_TRIGGERS } from './name-hits.ts';
import { Prefilter, type Trigger } from './prefilter.ts';

/** What a text announces. */
export type Target =
  | { kind: 'format'; format: Format; look: Look }
  | { kind: 'name' }
  | { kind: 'call' }
  | { kind: 'command'; command: string }
  | { kind: 'reader'; reader: FileReader }
  | { kind: 'url' }
  | { kind: 'key'; form: KeyForm }
  | { kind: 'percent' }
  | { kind: 'module' };

/** What the bytes around a format's literal must be, before anything is decoded. */
interface Look {
  /** The literal is the match's start, and begins with a letter or a digit. */
  wordStart: boolean;
  /** Where the next run begins after the literal's start, how many of its bytes are looked at, and what they are. */
  from: number;
  count: number;
  bit: number;
}

/** What follows a name, or goes on in one: no letter but a plural's. */
const NAME_ENDS = ' \t\n\r!"#$%&\'()*+,-./0123456789:;<=>?@[\\]^_`{|}~s';
const URL_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
/** What a URL's user may begin with. */
const USER_STARTS = `${URL_LETTERS}:%$<{[(_-.~!*+`;

function triggers(): Trigger<Target>[] {
  const all: Trigger<Target>[] = [
    { text: '<module>', exactCase: true, target: { kind: 'module' } },
    { text: '%3a%2f%2f', exactCase: false, target: { kind: 'percent' } },
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
  for (const command of COMMAND_STARTS)
    all.push({ text: command, exactCase: false, target: { kind: 'command', command } });
  for (const reader of FILE_READERS)
    for (const text of reader.triggers ?? [])
      all.push({ text, exactCase: true, target: { kind: 'reader', reader } });
  for (const format of SELF_EVIDENT) all.push(...formatTriggers(format));
  return all;
}

function formatTriggers(format: Format): Trigger<Target>[] {
  const { anchor, context } = format.template;
  const { next, leadMax, following } = anchor;
  // A text that is short is looked for with what may follow it.
  const after = next ? classOf(next.alphabet) : following;
  return anchor.texts.map((text) => {
    const look: Look = {
      wordStart: leadMax === 0 && context.length === 0 && /^\w/.test(text),
      from: text.length,
      count: next?.count ?? 0,
      bit: next ? bitOf(next.alphabet) : 0,
    };
    const target: Target = { kind: 'format', format, look };
    return { text, exactCase: true, target, ...(after !== '' && { after }) };
  });
}

/** The one prefilter, over all texts. */
export const PREFILTER = new Prefilter<Target>(triggers());

const MEMBERSHIP = membership();
const WORD = bitOf('b62');
const HEX_DIGIT = bitOf('hexa');
const UNDERSCORE = 0x5f;
const BACKSLASH = 0x5c;
const PERCENT = 0x25;

/** Whether a match can stand here, as far as a few bytes tell: most literals in text are not formats. */
export function isLikely(bytes: Uint8Array, at: number, look: Look): boolean {
  const start = at + look.from;
  if (start + look.count > bytes.length) return false;
  if (look.wordStart && isWordBefore(bytes, at)) return false;
  for (let i = start; i < start + look.count; i++)
    if (((MEMBERSHIP[bytes[i] as number] as number) & look.bit) === 0) return false;
  return true;
}

/** Whether a word goes on up to `at`, other than one that ends an escape: `\\n`, `%3D`. */
function isWordBefore(bytes: Uint8Array, at: number): boolean {
  if (at === 0) return false;
  const before = bytes[at - 1] as number;
  if (((MEMBERSHIP[before] as number) & WORD) === 0) return before === UNDERSCORE;
  if (bytes[at - 2] === BACKSLASH) return before !== 0x6e && before !== 0x72 && before !== 0x74;
  if (bytes[at - 3] === PERCENT) {
    const second = bytes[at - 2] as number;
    return ((MEMBERSHIP[before] as number) & (MEMBERSHIP[second] as number) & HEX_DIGIT) === 0;
  }
  return true;
}
