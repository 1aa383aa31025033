/**
 * The files of an archive that may turn out to be manifests or configurations, kept until that is known. Where there
 * are too many the largest go first: what an image is made of is small.
 */
import { MAX_JSON } from '../archive/limits.ts';

const FIRST = new Set(['manifest.json', 'index.json', 'repositories']);

/** Whether a file is one that begins it all: those do not count, and are never given up. */
function isFirst(name: string, { length }: Uint8Array): boolean {
  return FIRST.has(name) && length <= MAX_JSON;
}

/** Holds up to `most` bytes. */
export class KeptFiles {
  #most: number;
  #length = 0;
  #files = new Map<string, Uint8Array>();
  /** Names by the power of two that their sizes are below. */
  #bySize: string[][] = [];

  constructor(most: number) {
    this.#most = most;
  }

  get(name: string): Uint8Array | undefined {
    return this.#files.get(name);
  }

  /** Keeps a file, in place of one that was called the same. */
  set(name: string, bytes: Uint8Array): void {
    this.#remove(name);
    this.#files.set(name, bytes);
    if (isFirst(name, bytes)) return;
    this.#length += bytes.length;
    (this.#bySize[32 - Math.clz32(bytes.length)] ??= []).push(name);
    while (this.#length > this.#most) this.#giveUpLargest();
  }

  #giveUpLargest(): void {
    const name = this.#bySize.at(-1)?.pop();
    if (name === undefined) this.#bySize.pop();
    else this.#remove(name);
  }

  #remove(name: string): void {
    const bytes = this.#files.get(name);
    if (!bytes) return;
    this.#files.delete(name);
    if (!isFirst(name, bytes)) this.#length -= bytes.length;
  }
}

/** Whether bytes begin as JSON that is an object or a list. */
export function startsLikeJson(head: Uint8Array): boolean {
  const bom = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
  for (const byte of head.subarray(bom ? 3 : 0)) {
    if (byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)) continue;
    return byte === 0x7b || byte === 0x5b;
  }
  return false;
}
