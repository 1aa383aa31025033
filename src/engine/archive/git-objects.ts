/**
 * Git's object store: loose objects and packs (git's Documentation/gitformat-pack.txt). A folder of it in
 * an image holds every version of every file, deleted ones too.
 */
import { inflateZlib } from './inflate.ts';

/** An object that a person wrote: a file's content or a commit's message. */
export interface GitObject {
  type: 'blob' | 'commit' | 'tag';
  bytes: Uint8Array;
  /** Offset of the object in its pack; 0 for a loose one. */
  offset: number;
}

const TYPES: Record<number, GitObject['type'] | 'tree'> = {
  1: 'commit',
  2: 'tree',
  3: 'blob',
  4: 'tag',
};
const OFFSET_DELTA = 6;
const REFERENCE_DELTA = 7;
const REFERENCE_LENGTH = 20;
const MAX_OBJECT = 32 << 20;
const MAX_BASES = 64 << 20; // bytes of objects kept, for deltas to be applied to
const MAX_OBJECTS = 1_000_000;

/** Reads a loose object; undefined where the bytes are none, or a tree. */
export function looseObject(bytes: Uint8Array): GitObject | undefined {
  const { bytes: inflated } = inflateZlib(bytes, 0, MAX_OBJECT, bytes.length * 4);
  const end = inflated.subarray(0, 32).indexOf(0);
  if (end < 0) return undefined;
  const header = /^(blob|commit|tag|tree) \d+$/.exec(
    String.fromCharCode(...inflated.subarray(0, end)),
  );
  const type = header?.[1] as GitObject['type'] | 'tree' | undefined;
  if (!type || type === 'tree') return undefined;
  return { type, bytes: inflated.subarray(end + 1), offset: 0 };
}

/** Whether the bytes begin as a pack does. */
export function startsLikePack(bytes: Uint8Array): boolean {
  return (
    bytes[0] === 0x50 &&
    bytes[1] === 0x41 &&
    bytes[2] === 0x43 &&
    bytes[3] === 0x4b &&
    bytes[4] === 0
  );
}

interface Base {
  type: GitObject['type'] | 'tree';
  bytes: Uint8Array;
}

/**
 * The objects of a pack, deltas applied. Of a delta whose base is not at hand (named by its hash, or
 * let go of) only what it inserts is given. Ends early, without a word, at damage; `complete` tells.
 */
export function* packObjects(
  bytes: Uint8Array,
): Generator<GitObject, { complete: boolean }, undefined> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.length >= 12 ? view.getUint32(8) : 0;
  const bases = new Map<number, Base>();
  let kept = 0;
  let at = 12;
  for (let index = 0; index < Math.min(count, MAX_OBJECTS); index++) {
    const offset = at;
    let byte = bytes[at++] ?? 0;
    const kind = (byte >> 4) & 7;
    let size = byte & 15;
    for (let shift = 4; byte & 0x80 && at < bytes.length; shift += 7) {
      byte = bytes[at++] as number;
      size += (byte & 0x7f) * 2 ** shift;
    }
    let base: Base | undefined;
    if (kind === OFFSET_DELTA) {
      byte = bytes[at++] ?? 0;
      let back = byte & 0x7f;
      while (byte & 0x80 && at < bytes.length) {
        byte = bytes[at++] as number;
        back = (back + 1) * 128 + (byte & 0x7f);
      }
      base = bases.get(offset - back);
    } else if (kind === REFERENCE_DELTA) at += REFERENCE_LENGTH;
    else if (!TYPES[kind]) return { complete: false };
    const { bytes: inflated, end, error } = inflateZlib(bytes, at, MAX_OBJECT, size);
    if (error === 'damaged' || error === 'truncated') return { complete: false };
    // Past the limit the object's end is unknown, and with it the next one's start.
    if (error === 'limit') return { complete: false };
    at = end;
    const delta = kind === OFFSET_DELTA || kind === REFERENCE_DELTA;
    const type = delta ? (base?.type ?? 'blob') : (TYPES[kind] as Base['type']);
    const content = delta ? applyDelta(inflated, base?.bytes) : inflated;
    if (!delta || base) {
      bases.set(offset, { type, bytes: content });
      kept += content.length;
      for (const [first, { bytes: old }] of bases) {
        if (kept <= MAX_BASES) break;
        bases.delete(first);
        kept -= old.length;
      }
    }
    if (type !== 'tree') yield { type, bytes: content, offset };
  }
  return { complete: true };
}

/** Applies a delta; without its base, joins what it inserts. */
function applyDelta(delta: Uint8Array, base: Uint8Array | undefined): Uint8Array {
  let at = 0;
  const size = (): number => {
    let value = 0;
    for (let scale = 1; at < delta.length; scale *= 128) {
      const byte = delta[at++] as number;
      value += (byte & 0x7f) * scale;
      if ((byte & 0x80) === 0) break;
    }
    return value;
  };
  size(); // of the base
  const out = new Uint8Array(Math.min(size(), MAX_OBJECT));
  let length = 0;
  const put = (bytes: Uint8Array): void => {
    const fits = bytes.subarray(0, out.length - length);
    out.set(fits, length);
    length += fits.length;
  };
  while (at < delta.length && length < out.length) {
    const command = delta[at++] as number;
    if ((command & 0x80) === 0) {
      if (command === 0) break;
      put(delta.subarray(at, at + command));
      at += command;
      if (!base) put(NEWLINE);
      continue;
    }
    let from = 0;
    let count = 0;
    for (let i = 0; i < 4; i++) if (command & (1 << i)) from += (delta[at++] ?? 0) * 256 ** i;
    for (let i = 0; i < 3; i++) if (command & (16 << i)) count += (delta[at++] ?? 0) * 256 ** i;
    if (base) put(base.subarray(from, from + (count || 0x10000)));
  }
  return out.subarray(0, length);
}

const NEWLINE = new Uint8Array([0x0a]);
