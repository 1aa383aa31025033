/**
 * One pass over the bytes that leaves about one position in a thousand to look at.
 *
 * Every second group of four bytes, case folded, is looked up by its hash in a table of two million bits: each
 * text to be found is entered with one group at an even and one at an odd distance from its start, so that
 * one of them is met wherever it stands. Only where the table hits is the exact group looked up, and only
 * then the whole text. Nothing else is ever run over whole contents.
 */
import { FREQUENT_GROUPS } from './frequent-groups.ts';

/** Folds case, and a few signs with it: good enough to select, never to decide. */
const FOLD = 0x20;
const FOLD_WORD = 0x20202020;
const MULTIPLIER = 0x9e3779b1;
/**
 * The table has a bit for each value of a hash's upper 21 bits: the first 16 select a word, the next five its
 * bit. Shifts count modulo 32 by themselves.
 */
const WORD_SHIFT = 16;
const BIT_SHIFT = 11;
const GROUP = 4;
const FIELDS = 4; // of an entry

/** What to do at a position; `at` is where the trigger's text begins. */
export interface Trigger<T> {
  /** The text that must stand there, of three bytes of UTF-8 or more. */
  text: string;
  /** Whether its case must agree. */
  exactCase: boolean;
  /** Characters that may follow a text of three or four characters; printable ones and white space by default. */
  after?: string;
  /** Characters that may stand before a text of three; the same by default. */
  before?: string;
  target: T;
}

const ANY = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('') + '\t\n\r\0';

/** No trigger may be longer. */
export const MAX_LITERAL = 64;

const ENCODER = new TextEncoder();

/** A set of texts to find. */
export class Prefilter<T> {
  #table = new Int32Array(1 << (32 - WORD_SHIFT));
  /** Exact groups by open addressing, a group and where its first entry begins at a time; 0 is none. */
  #groups: Int32Array;
  #mask: number;
  /**
   * What a group selects, `FIELDS` numbers each: which trigger, where the group stands from its text's start (-1 is
   * one before), where its text lies in `#texts`, and where the same group's next entry begins; 0 is none.
   */
  #entries: Int32Array;
  /** Every trigger's text, its length before it. */
  #texts: Uint8Array;
  #triggers: readonly Trigger<T>[];
  /** Texts of three characters. */
  #short: number[] = [];

  constructor(triggers: readonly Trigger<T>[]) {
    this.#triggers = triggers;
    const texts = ENCODER.encode(triggers.map(({ text }) => `\0${text}`).join('') + '\0');
    this.#texts = texts;
    /** A group, then the first three fields of what it selects; and so on. */
    const found: number[] = [];
    let textAt = 0;
    for (const [index, trigger] of triggers.entries()) {
      const bytes = texts.subarray(textAt + 1, texts.indexOf(0, textAt + 1));
      if (bytes.length < GROUP) this.#short.push(index);
      eachGroup(bytes, trigger, (key, groupAt) => found.push(key, index, groupAt, textAt));
      texts[textAt] = bytes.length;
      textAt += 1 + bytes.length;
    }
    if (textAt !== texts.length - 1) throw new Error('a text with a NUL cannot be found');
    let size = 1024;
    while (size < (found.length / FIELDS) * 2) size *= 2;
    const mask = (this.#mask = size - 1);
    const groups = (this.#groups = new Int32Array(size * 2));
    const entries = (this.#entries = new Int32Array(FIELDS + found.length));
    const table = this.#table;
    // From the last on, so that of one group the first comes to stand before the others.
    for (let at = found.length - FIELDS; at >= 0; at -= FIELDS) {
      const key = found[at] as number;
      const hash = Math.imul(key, MULTIPLIER);
      (table[hash >>> WORD_SHIFT] as number) |= 1 << (hash >>> BIT_SHIFT);
      let slot = (hash >>> 8) & mask;
      while (groups[slot * 2 + 1] !== 0 && groups[slot * 2] !== key) slot = (slot + 1) & mask;
      const entry = FIELDS + at;
      for (let i = 0; i < 3; i++) entries[entry + i] = found[at + 1 + i] as number;
      entries[entry + 3] = groups[slot * 2 + 1] as number;
      groups[slot * 2] = key;
      groups[slot * 2 + 1] = entry;
    }
  }

  /**
   * Calls `onHit` for every text that begins within `[from, to)` of `bytes`, and ends before `end`. Who scans many
   * stretches of the same bytes gives the words in them as well.
   */
  scan(
    bytes: Uint8Array,
    from: number,
    to: number,
    onHit: (target: T, at: number) => void,
    end = bytes.length,
    words = alignedWords(bytes),
  ): void {
    const table = this.#table;
    // A text that begins before `to` may have its group up to its length later, and one before it.
    const last = Math.min(end, to + MAX_LITERAL) - GROUP;
    const { byteOffset } = bytes;
    let at = Math.max(0, from - 1);
    if ((byteOffset + at) & 1) {
      at++;
      if (from === 0 && to > 0) this.#start(bytes, onHit);
    }
    // Groups are looked at where their address is even; words begin where it is a multiple of four.
    if (((byteOffset + at) & 3) !== 0 && at <= last) {
      this.#look(bytes, at, keyAt(bytes, at), from, to, onHit);
      at += 2;
    }
    const count = (last - at) >> 2;
    if (count > 1) {
      const first = (at - toWord(byteOffset)) >> 2;
      const pairs = first + (count & ~1);
      let i = next(table, words, first, pairs);
      for (; i < pairs; i = next(table, words, i + 2, pairs)) {
        const here = at + (i - first) * 4;
        for (let group = here; group < here + 8; group += 2)
          this.#look(bytes, group, keyAt(bytes, group), from, to, onHit);
      }
      at += (i - first) * 4;
    }
    for (; at <= last; at += 2) this.#look(bytes, at, keyAt(bytes, at), from, to, onHit);
  }

  /** A text of three at the very front, at an odd address, has no group before it. */
  #start(bytes: Uint8Array, onHit: (target: T, at: number) => void): void {
    for (const index of this.#short) {
      const { target, exactCase, text } = this.#triggers[index] as Trigger<T>;
      if (equal(bytes, 0, ENCODER.encode(text), 0, text.length, exactCase)) onHit(target, 0);
    }
  }

  #look(
    bytes: Uint8Array,
    group: number,
    key: number,
    from: number,
    to: number,
    onHit: (target: T, at: number) => void,
  ): void {
    const hash = Math.imul(key, MULTIPLIER);
    if ((((this.#table[hash >>> WORD_SHIFT] as number) >>> (hash >>> BIT_SHIFT)) & 1) === 0) return;
    const groups = this.#groups;
    let slot = (hash >>> 8) & this.#mask;
    while (groups[slot * 2] !== key) {
      if (groups[slot * 2 + 1] === 0) return;
      slot = (slot + 1) & this.#mask;
    }
    const entries = this.#entries;
    const texts = this.#texts;
    let entry = groups[slot * 2 + 1] as number;
    for (; entry !== 0; entry = entries[entry + 3] as number) {
      const at = group - (entries[entry + 1] as number);
      if (at < from || at >= to) continue;
      const text = entries[entry + 2] as number;
      const length = texts[text] as number;
      if (!equal(bytes, at, texts, text + 1, length, false)) continue;
      const { target, exactCase } = this.#triggers[entries[entry] as number] as Trigger<T>;
      if (!exactCase || equal(bytes, at, texts, text + 1, length, true)) onHit(target, at);
    }
  }
}

const NO_WORDS = new Uint32Array(0);

/** The whole words of bytes, by their addresses. */
export function alignedWords(bytes: Uint8Array): Uint32Array {
  const { buffer, byteOffset, length } = bytes;
  const skipped = toWord(byteOffset);
  if (length < skipped) return NO_WORDS;
  return new Uint32Array(buffer, byteOffset + skipped, (length - skipped) >> 2);
}

/** Bytes to the next address of a word. */
function toWord(address: number): number {
  return -address & 3;
}

/** The first pair of words from `i` on in or between which a group of the table's may begin; `end` where there is none. */
function next(table: Int32Array, words: Uint32Array, i: number, end: number): number {
  let word = (words[i] as number) | FOLD_WORD;
  for (; i < end; i += 2) {
    const second = (words[i + 1] as number) | FOLD_WORD;
    // The group between two words: the later half of one, the first half of the next.
    const between = (second << 16) | (word >>> 16);
    const third = (words[i + 2] as number) | FOLD_WORD;
    const after = (third << 16) | (second >>> 16);
    const a = Math.imul(word, MULTIPLIER);
    const b = Math.imul(between, MULTIPLIER);
    const c = Math.imul(second, MULTIPLIER);
    const d = Math.imul(after, MULTIPLIER);
    if (
      ((((table[a >>> WORD_SHIFT] as number) >>> (a >>> BIT_SHIFT)) |
        ((table[b >>> WORD_SHIFT] as number) >>> (b >>> BIT_SHIFT)) |
        ((table[c >>> WORD_SHIFT] as number) >>> (c >>> BIT_SHIFT)) |
        ((table[d >>> WORD_SHIFT] as number) >>> (d >>> BIT_SHIFT))) &
        1) !==
      0
    )
      return i;
    word = third;
  }
  return end;
}

/** Whether a text stands at `at`; with `exactCase` false, letters of either case count. */
function equal(
  bytes: Uint8Array,
  at: number,
  texts: Uint8Array,
  text: number,
  length: number,
  exactCase: boolean,
): boolean {
  if (at + length > bytes.length) return false;
  const fold = exactCase ? 0 : FOLD;
  for (let i = 0; i < length; i++)
    if (((bytes[at + i] as number) | fold) !== ((texts[text + i] as number) | fold)) return false;
  return true;
}

/** A group as a little-endian word, folded: what the words of the pass hold. */
function keyAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24) |
    FOLD_WORD
  );
}

/** The groups that select a text: the rarest at an even distance from its start and the rarest at an odd one. */
function eachGroup<T>(
  bytes: Uint8Array,
  { text, before, after }: Trigger<T>,
  found: (key: number, groupAt: number) => void,
): void {
  if (bytes.length < 3 || bytes.length > MAX_LITERAL)
    throw new Error(`a text of ${bytes.length} bytes cannot be found: ${text}`);
  const within = (parity: number): void => {
    const at = rarestGroup(bytes, parity);
    found(keyAt(bytes, at), at);
  };
  if (bytes.length >= GROUP) within(0);
  if (bytes.length > GROUP) {
    within(1);
    return;
  }
  // Of a short text, one group for each character that may stand beside it.
  const behind = bytes.length - 3;
  const last = keyAt(bytes, behind) & 0xffffff;
  for (const byte of foldedBytes(after)) found(last | (byte << 24), behind);
  if (bytes.length === GROUP) return;
  for (const byte of foldedBytes(before)) found((last << 8) | byte, -1);
}

const folded = new Map<string, readonly number[]>();

/** The bytes of characters as they stand in groups, each once. */
function foldedBytes(characters = ANY): readonly number[] {
  const known = folded.get(characters);
  if (known) return known;
  const bytes = [...new Set(Array.from(ENCODER.encode(characters), (byte) => byte | FOLD))];
  folded.set(characters, bytes);
  return bytes;
}

/** The group that is met least often. */
function rarestGroup(bytes: Uint8Array, parity: number): number {
  let best = -1;
  let bestRarity = -1;
  // Nothing to compare.
  if (parity + 2 + GROUP > bytes.length) return parity;
  for (let at = parity; at + GROUP <= bytes.length; at += 2) {
    const rarity = RARITY.get(keyAt(bytes, at)) ?? FREQUENT_GROUPS.length;
    if (rarity > bestRarity) {
      best = at;
      bestRarity = rarity;
    }
  }
  return best;
}

const RARITY = new Map(
  FREQUENT_GROUPS.map((group, rank) => [keyAt(ENCODER.encode(group), 0), rank] as const),
);
