/** Where secrets stand in a text or in bytes: one pass, however many secrets there are. */

import { SecretTree } from '../engine/secrets/secret-tree.ts';

/** Characters of the shortest text that is looked for: shorter ones stand everywhere. */
const SHORTEST = 4;

/** A stretch of a text or of bytes, `to` behind its end. */
export interface Stretch {
  from: number;
  to: number;
}

/** Looks for texts in texts. */
export class TextSearch {
  #tree: SecretTree;

  constructor(wanted: readonly string[]) {
    this.#tree = new SecretTree(new Set(wanted.filter(({ length }) => length >= SHORTEST)));
  }

  /** All stretches of `text` that are one of the texts, from left to right; of several that begin alike the longest. */
  find(text: string): Stretch[] {
    const found: Stretch[] = [];
    for (let at = 0; at < text.length; at++) {
      const one = this.#tree.longestAt(text, at);
      if (one === undefined) continue;
      found.push({ from: at, to: at + one.length });
      at += one.length - 1;
    }
    return found;
  }
}

interface Needle {
  bytes: Uint8Array;
  index: number;
}

/** Looks for texts in bytes, as UTF-8 and as UTF-16 in both orders; those of several lines also line by line. */
export class ByteSearch {
  /** By the last four bytes: tokens of a kind begin alike. */
  #byEnd = new Map<number, Needle[]>();
  #filter = new Uint8Array(1 << 16);

  constructor(wanted: readonly string[]) {
    wanted.forEach((text, index) => {
      for (const part of new Set([text, ...linesOf(text)])) {
        if (part.length < SHORTEST) continue;
        for (const bytes of encodings(part)) this.#add({ bytes, index });
      }
    });
  }

  #add(needle: Needle): void {
    const end = needle.bytes.subarray(-4).reduce((sum, byte) => ((sum << 8) | byte) >>> 0, 0);
    this.#filter[hash(end)] = 1;
    const alike = this.#byEnd.get(end);
    if (alike) alike.push(needle);
    else this.#byEnd.set(end, [needle]);
  }

  /** The stretches that are one of the texts, by their ends, each with the text's index. */
  *find(bytes: Uint8Array): Generator<Stretch & { index: number }> {
    if (this.#byEnd.size === 0) return;
    let end = 0;
    for (let at = 0; at < bytes.length; at++) {
      end = ((end << 8) | (bytes[at] as number)) >>> 0;
      if (this.#filter[hash(end)] === 0) continue;
      for (const { bytes: needle, index } of this.#byEnd.get(end) ?? []) {
        const from = at + 1 - needle.length;
        if (from >= 0 && isAt(bytes, from, needle)) yield { from, to: at + 1, index };
      }
    }
  }

  /** The same as stretches that do not touch, from left to right. */
  stretches(bytes: Uint8Array): Stretch[] {
    const merged: Stretch[] = [];
    for (const { from, to } of [...this.find(bytes)].sort((a, b) => a.from - b.from)) {
      const last = merged.at(-1);
      if (last && from <= last.to) last.to = Math.max(last.to, to);
      else merged.push({ from, to });
    }
    return merged;
  }
}

/** The lines of a key that say something by themselves. */
function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line.length >= 2 * SHORTEST);
}

function encodings(text: string): Uint8Array[] {
  const little = new Uint8Array(text.length * 2);
  const view = new DataView(little.buffer);
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), true);
  const big = little.map((_, i) => little[i ^ 1] as number);
  return [new TextEncoder().encode(text), little, big];
}

function isAt(bytes: Uint8Array, from: number, needle: Uint8Array): boolean {
  for (let i = 0; i < needle.length; i++) if (bytes[from + i] !== needle[i]) return false;
  return true;
}

function hash(key: number): number {
  return (key ^ (key >>> 16)) & 0xffff;
}
