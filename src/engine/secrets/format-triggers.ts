/** What the prefilter looks for of each format, and what must stand around it before anything is decoded. */
import { type Format, SELF_EVIDENT } from './compiled-formats.ts';
import { bitOf, classOf, membership } from './format-alphabets.ts';

/** What the bytes around a format's literal must be, before anything is decoded. */
export interface Look {
  /** The literal is the match's start. */
  start: boolean;
  /** And begins with a letter or a digit, before which no other may stand. */
  wordStart: boolean;
  /** Where the next run begins after the literal's start, how many of its bytes are looked at, and what they are. */
  from: number;
  count: number;
  bit: number;
}

/** A literal of a format. */
export interface FormatTrigger {
  text: string;
  before?: string;
  after?: string;
  format: Format;
  look: Look;
}

const MEMBERSHIP = membership();
const WORD = bitOf('b62');
const HEX_DIGIT = bitOf('hexa');
const UNDERSCORE = 0x5f;
const BACKSLASH = 0x5c;
const PERCENT = 0x25;
const LEAST_START = 8; // no token is shorter
/** What may stand before a word: a sign, white space, or the end of an escape. */
const BEFORE_WORD = ' \t\n\r\0!"#$%&\'()*+,-./:;<=>?@[\\]^`{|}~nrt0123456789abcdef';

/** The literals of every format that is recognised by itself. */
export function formatTriggers(): FormatTrigger[] {
  const all: FormatTrigger[] = [];
  for (const format of SELF_EVIDENT) {
    const { anchor, context } = format.template;
    const { next, leadMax, previous } = anchor;
    const after = next && classOf(next.alphabet);
    for (const text of anchor.texts) {
      const look: Look = {
        start: leadMax === 0,
        wordStart: leadMax === 0 && context.length === 0 && /^\w/.test(text),
        from: text.length,
        count: next?.count ?? 0,
        bit: next ? bitOf(next.alphabet) : 0,
      };
      const before = look.wordStart ? BEFORE_WORD : previous && classOf(previous);
      all.push({ text, ...(before && { before }), ...(after && { after }), format, look });
    }
  }
  return all;
}

/** Whether a match can stand here, as far as a few bytes tell: most literals in text are not formats. */
export function isLikely(bytes: Uint8Array, at: number, look: Look, glued = false): boolean {
  const start = at + look.from;
  if (start + look.count > bytes.length) return false;
  if (look.wordStart && !glued && isWordBefore(bytes, at)) return false;
  for (let i = start; i < start + look.count; i++)
    if (((MEMBERSHIP[bytes[i] as number] as number) & look.bit) === 0) return false;
  return true;
}

/** The formats that may begin where a text does, by its first three characters. */
let starts: Map<number, FormatTrigger[]> | undefined;

/**
 * What a format begins with that may stand at the very start of the text in `[start, end)`, whatever stands before that:
 * in bytecode and classes a text's length does, whose byte is often that of a letter. Undefined where none begins there.
 */
export function lookAtStart(bytes: Uint8Array, start: number, end: number): Look | undefined {
  if (end - start < LEAST_START) return undefined;
  if (!starts) {
    starts = new Map();
    for (const trigger of formatTriggers()) {
      if (!trigger.look.start) continue;
      const key = startKey((at) => trigger.text.charCodeAt(at));
      starts.set(key, [...(starts.get(key) ?? []), trigger]);
    }
  }
  const begun = starts.get(startKey((at) => bytes[start + at] as number));
  return begun?.find(({ text, look }) => {
    if (start + look.from + look.count > end || !isLikely(bytes, start, look, true)) return false;
    for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false;
    return true;
  })?.look;
}

const startKey = (code: (at: number) => number): number =>
  code(0) | (code(1) << 8) | (code(2) << 16);

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
