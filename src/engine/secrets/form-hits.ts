/** Hits of the prefilter on what is known by its own form: tokens, URLs with a password, keys. */
import { charactersOf } from '../archive/plain-text.ts';
import type { Format } from './compiled-formats.ts';
import type { Detection, NamedValue } from './finding.ts';
import { isLikely, type Look } from './format-triggers.ts';
import type { FoundInFile } from './found-in-file.ts';
import { judgeFormat, judgeUrl } from './judge.ts';
import { judgeFile } from './judge-file.ts';
import { judgePairs } from './judge-pairs.ts';
import { type KeyForm, keyMaterialAt } from './key-material.ts';
import { secretKind } from './names.ts';
import { easeWebKey } from './published-secrets.ts';
import type { urlCredentials } from './url-credentials.ts';

const LINE_BEFORE = 256;
const CHARACTERS_BEFORE = 64; // what may have to stand, or may not stand, before a match
const PAIR_DISTANCE = 300; // bytes between an ID and its secret
const URL_BEFORE = 336; // a scheme, or the user and password of a data source name
const URL_AFTER = 768;

/** Matches and judges; `at` counts from the window's first byte. */
export class FormHits {
  #found: FoundInFile;

  constructor(found: FoundInFile) {
    this.#found = found;
  }

  /** A literal of a format. */
  format(bytes: Uint8Array, format: Format, look: Look, at: number): void {
    if (isLikely(bytes, at, look, this.#glued(format))) this.#format(bytes, format, at);
  }

  /** In binary data strings stand one behind the other; what has a checksum is known by that. */
  #glued({ row }: Format): boolean {
    return this.#found.binary === true && row.check !== undefined;
  }

  #format(bytes: Uint8Array, format: Format, at: number): void {
    const { template } = format;
    const { leadMin, leadMax } = template.anchor;
    const glued = this.#glued(format) && leadMax === 0 && template.context.length === 0;
    const from = glued ? at : Math.max(0, at - leadMax - CHARACTERS_BEFORE);
    const beyond = glued && template.minLength === template.maxLength ? 0 : 1;
    const end = at - leadMin + template.maxLength + beyond;
    const text = charactersOf(bytes, from, Math.min(bytes.length, end));
    const { inside } = template;
    inside.lastIndex = inside.sticky ? at - leadMax - from : 0;
    if (inside.sticky && at < leadMax) return;
    for (let match = inside.exec(text); match; match = inside.exec(text)) {
      const start = from + match.index;
      const end = start + match[0].length;
      if (inside.sticky || (start <= at && at < end)) {
        this.whole(bytes, format, start, match[0].length);
        return;
      }
      if (start > at || match[0] === '') return;
    }
  }

  /** A whole value of a format, of `length` bytes at `start`. */
  whole(bytes: Uint8Array, format: Format, start: number, length: number): void {
    const value = charactersOf(bytes, start, start + length);
    const named = this.#found.binary ? undefined : this.#nameBefore(bytes, start);
    const judged = judgeFormat(format, value, this.#found.file, named);
    if (!judged) return;
    const detection = easeWebKey(judged, () => aroundOf(bytes, start, start + length));
    this.#found.add(detection, start, length, true);
    this.#pairs(bytes, detection, start, length);
  }

  #pairs(bytes: Uint8Array, first: Detection, at: number, length: number): void {
    const from = Math.max(0, at - PAIR_DISTANCE);
    const around = aroundOf(bytes, at, at + length);
    for (const { detection, start } of judgePairs(first, around, this.#found.file)) {
      this.#found.add(detection, from + start, detection.value.length, true);
    }
  }

  /** The middle of an address; `read` takes it apart. */
  url(bytes: Uint8Array, at: number, read: typeof urlCredentials): void {
    const from = Math.max(0, at - URL_BEFORE);
    const text = charactersOf(bytes, from, Math.min(bytes.length, at + URL_AFTER));
    const url = read(text, at - from);
    if (!url) return;
    const detection = judgeUrl(url, this.#found.file);
    if (detection) this.#found.add(detection, from + url.start, url.password.length, true);
  }

  /** What marks a key. */
  key(bytes: Uint8Array, form: KeyForm, at: number): void {
    const nameBefore = (start: number): NamedValue | undefined =>
      this.#found.binary ? undefined : this.#nameBefore(bytes, start);
    const found = keyMaterialAt(form, bytes, at, this.#found.file, nameBefore);
    if (found) this.#found.add(found.detection, found.start, found.length, true);
  }

  /** A key or a store of keys that is the whole file, known by its first bytes. */
  wholeFile(bytes: Uint8Array): void {
    const detection = judgeFile(bytes, this.#found.file);
    if (detection) this.#found.add(detection, 0, 4, true);
  }

  /** The name on the same line that a value is bound to, for evidence. */
  #nameBefore(bytes: Uint8Array, valueAt: number): NamedValue | undefined {
    let start = valueAt;
    const least = Math.max(0, valueAt - LINE_BEFORE);
    while (start > least && bytes[start - 1] !== 0x0a && bytes[start - 1] !== 0) start--;
    const before = charactersOf(bytes, start, valueAt);
    const match =
      /([A-Za-z_][\w.-]{0,80})["'\])]{0,3}\s{0,4}(?::\s?\w+\s?)?(?:=>|:=|=|:)\s{0,8}(?:[A-Za-z_][\w.]{0,32}\()?[bruf]{0,2}["'`]{0,3}$/i.exec(
        before,
      );
    if (!match) return undefined;
    const name = match[1] as string;
    // A URL's user, or a word of prose before its colon, names nothing.
    const ahead = before.slice(0, match.index);
    if (/\/\/$/.test(ahead)) return undefined;
    if (/[a-z] $/.test(ahead) && /: $/.test(before) && !secretKind(name)) return undefined;
    return { name, value: '', where: '', context: [], exact: true };
  }
}

/** The text around what stands in `[start, end)`, in which its other half or its owner may be. */
function aroundOf(bytes: Uint8Array, start: number, end: number): string {
  const from = Math.max(0, start - PAIR_DISTANCE);
  return charactersOf(bytes, from, Math.min(bytes.length, end + PAIR_DISTANCE));
}
