/**
 * One pass over the bytes that leaves about one position in a thousand to look at.
 *
 * Every second group of four bytes, case folded, is looked up by its hash in a table of 256 Ki bytes: each
 * text to be found is entered with one group at an even and one at an odd distance from its start, so that
 * one of them is met wherever it stands. Only where the table hits is the exact group looked up, and only
 * then the whole text. Nothing else is ever run over whole contents.
 */

/** Folds case, and a few signs with it: good enough to select, never to decide. */
const FOLD = 0x20;
const FOLD_WORD = 0x20202020;
const MULTIPLIER = 0x9e3779b1;
const TABLE_BITS = 18;
const SHIFT = 32 - TABLE_BITS;
const GROUP = 4;

/** What to do at a position; `at` is where the trigger's text begins. */
export interface Trigger<T> {
  /** The text that must stand there, ASCII, of three characters or more; one of three not at the very front. */
  text: string;
  /** Whether its case must agree. */
  exactCase: boolean;
  /** Characters that may follow a text of three or four characters; printable ones and white space by default. */
  after?: string;
  /** Characters that may stand before a text of three; the same by default. */
  before?: string;
  target: T;
}

interface Entry<T> {
  trigger: Trigger<T>;
  bytes: Uint8Array;
  /** Where the group that selects it stands, from the text's start; -1 is one before. */
  groupAt: number;
  /** The next entry with the same group, or -1. */
  next: number;
}

const ANY = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('') + '\t\n\r\0';

/** No trigger may be longer. */
export const MAX_LITERAL = 64;

/** A set of texts to find. */
export class Prefilter<T> {
  #table = new Uint8Array(1 << TABLE_BITS);
  #entries: Entry<T>[] = [];
  /** Exact groups by open addressing: the group, and the first of its entries. */
  #keys: Int32Array;
  #first: Int32Array;
  #mask: number;

  constructor(triggers: readonly Trigger<T>[]) {
    const byKey = new Map<number, number>();
    for (const trigger of triggers) {
      const bytes = new TextEncoder().encode(trigger.text);
      for (const { key, groupAt } of groupsOf(bytes, trigger)) {
        const next = byKey.get(key) ?? -1;
        byKey.set(key, this.#entries.length);
        this.#entries.push({ trigger, bytes, groupAt, next });
      }
    }
    let size = 1024;
    while (size < byKey.size * 4) size *= 2;
    this.#mask = size - 1;
    this.#keys = new Int32Array(size);
    this.#first = new Int32Array(size).fill(-1);
    for (const [key, entry] of byKey) {
      const hash = Math.imul(key, MULTIPLIER);
      const tag = tagOf(hash);
      const other = this.#table[hash >>> SHIFT];
      this.#table[hash >>> SHIFT] = other === 0 || other === tag ? tag : SEVERAL;
      let slot = (hash >>> 8) & this.#mask;
      while (this.#first[slot] !== -1) slot = (slot + 1) & this.#mask;
      this.#keys[slot] = key;
      this.#first[slot] = entry;
    }
  }

  /** Calls `onHit` for every text that begins within `[from, to)` of `bytes`. */
  scan(bytes: Uint8Array, from: number, to: number, onHit: (target: T, at: number) => void): void {
    const table = this.#table;
    const look = (key: number, group: number): void => {
      const hash = Math.imul(key, MULTIPLIER);
      const tag = table[hash >>> SHIFT] as number;
      if (tag !== 0 && (tag === SEVERAL || tag === tagOf(hash)))
        this.#confirm(bytes, group, key, from, to, onHit);
    };
    // A text that begins before `to` may have its group up to its length later, and one before it.
    const last = Math.min(bytes.length, to + MAX_LITERAL) - GROUP;
    const { byteOffset } = bytes;
    let at = Math.max(0, from - 1);
    if ((byteOffset + at) & 1) at++;
    // Groups are looked at where their address is even; words begin where it is a multiple of four.
    if (((byteOffset + at) & 3) !== 0 && at <= last) {
      look(keyAt(bytes, at), at);
      at += 2;
    }
    const count = (last - at) >> 2;
    if (count > 1) {
      const words = new Uint32Array(bytes.buffer, byteOffset + at, count + 1);
      const pairs = count & ~1;
      let word = (words[0] as number) | FOLD_WORD;
      let i = 0;
      for (; i < pairs; i += 2) {
        const second = (words[i + 1] as number) | FOLD_WORD;
        // The group between two words: the later half of one, the first half of the next.
        const between = (second << 16) | (word >>> 16);
        const third = (words[i + 2] as number) | FOLD_WORD;
        const after = (third << 16) | (second >>> 16);
        if (
          ((table[Math.imul(word, MULTIPLIER) >>> SHIFT] as number) |
            (table[Math.imul(between, MULTIPLIER) >>> SHIFT] as number) |
            (table[Math.imul(second, MULTIPLIER) >>> SHIFT] as number) |
            (table[Math.imul(after, MULTIPLIER) >>> SHIFT] as number)) !==
          0
        ) {
          const here = at + i * 4;
          look(word, here);
          look(between, here + 2);
          look(second, here + 4);
          look(after, here + 6);
        }
        word = third;
      }
      at += i * 4;
    }
    for (; at <= last; at += 2) look(keyAt(bytes, at), at);
  }

  #confirm(
    bytes: Uint8Array,
    group: number,
    key: number,
    from: number,
    to: number,
    onHit: (target: T, at: number) => void,
  ): void {
    let slot = (Math.imul(key, MULTIPLIER) >>> 8) & this.#mask;
    while (this.#keys[slot] !== key || this.#first[slot] === -1) {
      if (this.#first[slot] === -1) return;
      slot = (slot + 1) & this.#mask;
    }
    for (let index = this.#first[slot] as number; index >= 0;) {
      const { trigger, bytes: literal, groupAt, next } = this.#entries[index] as Entry<T>;
      const at = group - groupAt;
      if (at >= from && at < to && at + literal.length <= bytes.length) {
        if (equal(bytes, at, literal, trigger.exactCase)) onHit(trigger.target, at);
      }
      index = next;
    }
  }
}

/** Stands in the table for groups of several tags; no tag is even. */
const SEVERAL = 2;

/** Eight more bits of a group's hash, so that few others pass that share its place in the table. */
function tagOf(hash: number): number {
  return (hash & 0xff) | 1;
}

function equal(bytes: Uint8Array, at: number, literal: Uint8Array, exactCase: boolean): boolean {
  for (let i = 0; i < literal.length; i++) {
    const a = bytes[at + i] as number;
    const b = literal[i] as number;
    if (a !== b && (exactCase || (a | FOLD) !== (b | FOLD))) return false;
  }
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

interface GroupOf {
  key: number;
  groupAt: number;
}

/** The groups that select a text: the rarest at an even distance from its start and the rarest at an odd one. */
function groupsOf<T>(bytes: Uint8Array, trigger: Trigger<T>): GroupOf[] {
  if (bytes.length < 3 || bytes.length > MAX_LITERAL)
    throw new Error(`a text of ${bytes.length} bytes cannot be found: ${trigger.text}`);
  const within = (parity: number): GroupOf[] => {
    const at = rarestGroup(bytes, parity);
    return at < 0 ? [] : [{ key: keyAt(bytes, at), groupAt: at }];
  };
  const followed = (from: number): GroupOf[] =>
    spelled(trigger.after, (character) => [...bytes.subarray(from), character], from);
  if (bytes.length > GROUP) return [...within(0), ...within(1)];
  if (bytes.length === GROUP) return [...within(0), ...followed(1)];
  return [...followed(0), ...spelled(trigger.before, (character) => [character, ...bytes], -1)];
}

/** One group for each character that may stand beside a short text. */
function spelled(
  characters: string | undefined,
  group: (character: number) => number[],
  groupAt: number,
): GroupOf[] {
  const keys = new Set(
    Array.from(characters ?? ANY, (character) =>
      keyAt(Uint8Array.from(group(character.charCodeAt(0))), 0),
    ),
  );
  return [...keys].map((key) => ({ key, groupAt }));
}

/** The group with the most signs and digits: letters are common in text. */
function rarestGroup(bytes: Uint8Array, parity: number): number {
  let best = -1;
  let bestScore = -1;
  for (let at = parity; at + GROUP <= bytes.length; at += 2) {
    let score = 0;
    let dashes = 0;
    for (let i = at; i < at + GROUP; i++) {
      score += rarity(bytes[i] as number);
      if (bytes[i] === DASH) dashes++;
    }
    // A row of dashes is a ruler under a heading.
    if (dashes === GROUP) score = 0;
    if (score > bestScore) {
      best = at;
      bestScore = score;
    }
  }
  return best;
}

const DASH = 0x2d;
const RARE_LETTERS = new Set(Array.from('jkqvxz', (letter) => letter.charCodeAt(0)));

function rarity(byte: number): number {
  const c = byte | FOLD;
  if (c < 0x61 || c > 0x7a) return c >= 0x30 && c <= 0x39 ? 2 : 3;
  return RARE_LETTERS.has(c) ? 2 : 0;
}
