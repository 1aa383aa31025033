/**
 * One pass over the bytes that leaves about one position in a thousand to look at.
 *
 * A rolling hash of the last four bytes, case folded, is looked up in a table of 65,536
 * bytes; only where it hits is the exact group of four looked up, and only then does a matcher run.
 * Nothing else is ever run over whole contents.
 */

/** Folds case, and a few signs with it: good enough to select, never to decide. */
const FOLD = 0x20;
const MULTIPLIER = 0x9e3779b1;

/** What to do at a position; `at` is where the trigger's text begins. */
export interface Trigger<T> {
  /** The text that must stand there, ASCII. */
  text: string;
  /** For a text of three characters: those of which one must follow. */
  following?: string;
  /** Whether its case must agree. */
  exactCase: boolean;
  target: T;
}

interface Entry<T> {
  trigger: Trigger<T>;
  bytes: Uint8Array;
  /** Where in the text the group of four stands that selects it. */
  groupAt: number;
}

/** A set of literals to find. Each has four characters or more, or three and what may follow. */
export class Prefilter<T> {
  /** By hash, eight more bits of the group's product, so that few groups pass that are not looked for. */
  #tags = new Uint8Array(65536);
  /** By hash, where among the groups to begin looking, plus one; groups of one hash stand together. */
  #slots = new Uint16Array(65536);
  #keys: Int32Array;
  #groups: (readonly Entry<T>[])[] = [];

  constructor(triggers: readonly Trigger<T>[]) {
    const byKey = new Map<number, Entry<T>[]>();
    for (const trigger of triggers) {
      const bytes = Uint8Array.from(trigger.text, (character) => character.charCodeAt(0));
      const groupAt = bytes.length < 4 ? 0 : rarestGroup(bytes);
      const entry = { trigger, bytes, groupAt };
      for (const key of groupKeys(bytes, groupAt, trigger.following ?? '')) {
        const entries = byKey.get(key);
        if (entries) entries.push(entry);
        else byKey.set(key, [entry]);
      }
    }
    const keys = [...byKey.keys()].sort((a, b) => hashOf(a) - hashOf(b));
    // A key that no text has ends the last hash's groups.
    this.#keys = Int32Array.from([...keys, 0]);
    for (const [i, key] of keys.entries()) {
      const hash = hashOf(key);
      const tag = tagOf(key);
      this.#tags[hash] = this.#tags[hash] === 0 || this.#tags[hash] === tag ? tag : SEVERAL;
      if (this.#slots[hash] === 0) this.#slots[hash] = i + 1;
      this.#groups.push(byKey.get(key) ?? []);
    }
  }

  /** Calls `onHit` for every literal that begins within `[from, to)` of `bytes`. */
  scan(bytes: Uint8Array, from: number, to: number, onHit: (target: T, at: number) => void): void {
    const tags = this.#tags;
    // A literal that begins before `to` may have its group up to its length later.
    const end = Math.min(bytes.length, to + MAX_LITERAL);
    let key = 0;
    for (let i = from, warm = from + 3; i < end; i++) {
      key = (key << 8) | ((bytes[i] as number) | FOLD);
      const product = Math.imul(key, MULTIPLIER);
      const tag = tags[product >>> 16] as number;
      if (tag !== 0 && (tag === SEVERAL || tag === ((product & 0xff) | 1)) && i >= warm) {
        this.#confirm(bytes, i - 3, key, from, to, onHit);
      }
    }
  }

  #confirm(
    bytes: Uint8Array,
    group: number,
    key: number,
    from: number,
    to: number,
    onHit: (target: T, at: number) => void,
  ): void {
    const hash = hashOf(key);
    let slot = (this.#slots[hash] as number) - 1;
    for (; this.#keys[slot] !== key; slot++)
      if (hashOf(this.#keys[slot] as number) !== hash) return;
    for (const { trigger, bytes: literal, groupAt } of this.#groups[slot] as Entry<T>[]) {
      const at = group - groupAt;
      if (at < from || at >= to || at + literal.length > bytes.length) continue;
      if (equal(bytes, at, literal, trigger.exactCase)) onHit(trigger.target, at);
    }
  }
}

/** Stands for groups of several tags; no tag is even. */
const SEVERAL = 2;

function tagOf(key: number): number {
  return (Math.imul(key, MULTIPLIER) & 0xff) | 1;
}

function hashOf(key: number): number {
  return Math.imul(key, MULTIPLIER) >>> 16;
}

/** No trigger may be longer. */
export const MAX_LITERAL = 64;

function equal(bytes: Uint8Array, at: number, literal: Uint8Array, exactCase: boolean): boolean {
  for (let i = 0; i < literal.length; i++) {
    const a = bytes[at + i] as number;
    const b = literal[i] as number;
    if (a !== b && (exactCase || (a | FOLD) !== (b | FOLD))) return false;
  }
  return true;
}

/** The groups that select a text: one, but for a text of three characters one for each that may follow. */
function groupKeys(bytes: Uint8Array, at: number, following: string): Iterable<number> {
  let key = 0;
  for (let i = at; i < Math.min(at + 4, bytes.length); i++)
    key = (key << 8) | ((bytes[i] as number) | FOLD);
  if (bytes.length > 3) return [key];
  const keys = new Set<number>();
  for (let i = 0; i < following.length; i++)
    keys.add((key << 8) | (following.charCodeAt(i) | FOLD));
  return keys;
}

/** The group of four with the most signs and digits: letters are common in text. */
function rarestGroup(bytes: Uint8Array): number {
  let best = 0;
  let bestScore = -1;
  for (let at = 0; bytes.length > 4 && at + 4 <= bytes.length; at++) {
    let score = 0;
    let dashes = 0;
    for (let i = at; i < at + 4; i++) {
      score += rarity(bytes[i] as number);
      if (bytes[i] === DASH) dashes++;
    }
    if (dashes < 4 && score > bestScore) {
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
