/**
 * Looks for secrets in the bytes of one file at a time, as they stream by. Only a window is held: a
 * candidate is judged once all that a match may span has come.
 */
import { bytesText } from '../python/values.ts';
import { CONFIGURATION, type FileKind } from './file-kind.ts';
import { type Format, formatOf } from './compiled-formats.ts';
import { type Decoded, decodePercent, decodeRuns } from './encoded-text.ts';
import { formatTriggers, isLikely, type Look } from './format-triggers.ts';
import type { Detection, NamedValue } from './finding.ts';
import { judgeFormat, judgeNamed, judgePairs, judgeUrl } from './judge.ts';
import { judgeKeystore } from './judge-key.ts';
import { KEY_TRIGGERS, type KeyForm, keyMaterialAt, LONGEST_KEY } from './key-material.ts';
import { readKeystore } from './keys/keystore.ts';
import { namedTextAt, pairedTextAt } from './named-text.ts';
import { secretKind } from './names.ts';
import { Prefilter, type Trigger } from './prefilter.ts';
import { urlCredentials } from './url-credentials.ts';

type Target =
  | { kind: 'format'; format: Format; look: Look }
  | { kind: 'name' }
  | { kind: 'url' }
  | { kind: 'key'; form: KeyForm }
  | { kind: 'percent' }
  | { kind: 'module' };

const WINDOW = 1 << 20;
const AHEAD = LONGEST_KEY;
const BEHIND = 1024; // a name before its value
const LINE_BEFORE = 256;
const LINE_AFTER = 4096 + 512; // the longest value that is read
const CHARACTERS_BEFORE = 64; // what may have to stand, or may not stand, before a match
const PAIR_DISTANCE = 300; // bytes between an ID and its secret
const BINARY_SNIFF = 8000; // as git decides
const MAX_ENCODINGS = 2; // base64 in base64 is how cluster secrets come
const MAX_PER_FILE = 1000; // different secrets of one file
const MAX_SAME = 20; // places of one secret in one file
const MAX_PLACES = 20_000;

/** Parts of names that announce a secret; what follows them is then read as a name. */
const NAME_PARTS = [
  ...[
    'passw',
    'passph',
    '_pass',
    'dbpass',
    'pass=',
    'pass:',
    'pass"',
    "pass'",
    '"pw"',
    '_pw=',
    'pat=',
    '_salt',
    'masterkey',
    '_pwd',
    'pwd=',
    'pwd:',
    'pwd"',
  ],
  ...['secret', 'token', 'credential', '_creds', '_key', '-key', '.key', 'apikey', 'accesskey'],
  ...[
    'accountkey',
    'privatekey',
    'secretkey',
    'authkey',
    '_pat',
    'bearer',
    '_jwt',
    'authorization',
  ],
];
/** What follows a name, or goes on in one: nothing else need be looked at. */
const NAME_ENDS = ' \t\n\r"\'`=:.,;_-)]}>/\\0123456789s';
const URL_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
/** What a URL's user may begin with. */
const USER_STARTS = `${URL_LETTERS}:%$<{[(_-.~!*+`;

function triggers(): Trigger<Target>[] {
  const all: Trigger<Target>[] = [
    { text: '<module>', exactCase: true, target: { kind: 'module' } },
    { text: '%3a%2f%2f', exactCase: false, target: { kind: 'percent' } },
  ];
  for (const { target: form, ...literal } of KEY_TRIGGERS)
    all.push({ ...literal, target: { kind: 'key', form } });
  for (const text of NAME_PARTS)
    all.push({ text, exactCase: false, after: NAME_ENDS, target: { kind: 'name' } });
  all.push({
    text: '://',
    exactCase: true,
    before: URL_LETTERS,
    after: USER_STARTS,
    target: { kind: 'url' },
  });
  for (const { format, look, ...literal } of formatTriggers())
    all.push({ ...literal, exactCase: true, target: { kind: 'format', format, look } });
  return all;
}

const PREFILTER = new Prefilter<Target>(triggers());
const LATIN1 = new TextDecoder('latin1');
interface Found extends Detection {
  start: number;
  end: number;
  strong: boolean;
}

/** Reused from file to file: `begin`, any number of `push`, `end`. */
export class ContentScanner {
  #depth: number;
  #inner: ContentScanner | undefined;
  #file: FileKind = CONFIGURATION;
  #size = 0;
  #buffer: Uint8Array | undefined;
  #filled = 0;
  #bufferStart = 0; // offset in the file of the buffer's first byte
  #scannedTo = 0; // in the buffer
  #lines = 0; // newlines before the buffer
  #binary: boolean | undefined;
  #found: Found[] = [];
  #nameEnd = -1;
  #modules = false;
  #values = new Set<string>();
  #same = new Map<string, number>();
  #countedAt = 0; // newlines of the bytes at hand are counted up to here
  #counted = 0;

  /** `depth` counts the encodings around the content. */
  constructor(depth = 0) {
    this.#depth = depth;
  }

  /** `size` is the file's expected length in bytes; contents that come in one piece are not copied. */
  begin(file: FileKind, size: number): void {
    this.#file = file;
    this.#size = size;
    this.#filled = 0;
    this.#bufferStart = 0;
    this.#scannedTo = 0;
    this.#lines = 0;
    this.#binary = undefined;
    this.#found = [];
    this.#nameEnd = -1;
    this.#modules = false;
    this.#values.clear();
    this.#same.clear();
  }

  /** Whether there was more in the file than is reported of one. */
  get capped(): boolean {
    return this.#values.size >= MAX_PER_FILE || this.#found.length >= MAX_PLACES;
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === this.#size) {
      this.#scan(bytes, 0, bytes.length);
      return;
    }
    this.#buffer ??= new Uint8Array(WINDOW + AHEAD + BEHIND);
    let at = 0;
    while (at < bytes.length) {
      const take = Math.min(bytes.length - at, this.#buffer.length - this.#filled);
      this.#buffer.set(bytes.subarray(at, at + take), this.#filled);
      this.#filled += take;
      at += take;
      if (this.#filled === this.#buffer.length) this.#slide();
    }
  }

  /** The file's detections, by rising offset. */
  end(): Detection[] {
    if (this.#filled > 0 && this.#buffer) {
      this.#scan(this.#buffer.subarray(0, this.#filled), this.#scannedTo, this.#filled);
    }
    this.#filled = 0;
    if (this.#found.length === 0) return [];
    return settle(this.#found);
  }

  /** Whether the content so far is binary. */
  get binary(): boolean {
    return this.#binary ?? false;
  }

  /** Whether the name that Python gives a module's code stands in the content. */
  get modules(): boolean {
    return this.#modules;
  }

  #slide(): void {
    const buffer = this.#buffer as Uint8Array;
    const until = this.#filled - AHEAD;
    this.#scan(buffer.subarray(0, this.#filled), this.#scannedTo, until);
    const drop = until - BEHIND;
    if (!this.#binary) this.#lines += countLines(buffer, 0, drop);
    buffer.copyWithin(0, drop, this.#filled);
    this.#filled -= drop;
    this.#bufferStart += drop;
    this.#scannedTo = BEHIND;
    this.#nameEnd -= drop;
  }

  #scan(bytes: Uint8Array, from: number, to: number): void {
    // By the file's first bytes, whatever the pieces it came in.
    if (this.#binary === undefined) {
      this.#binary = isBinary(bytes);
      if (this.#binary) this.#keystore(bytes);
    }
    this.#countedAt = 0;
    this.#counted = 0;
    if (!this.#binary && this.#depth < MAX_ENCODINGS) {
      decodeRuns(bytes, from, to, (decoded) => this.#decoded(bytes, decoded));
    }
    PREFILTER.scan(bytes, from, to, (target, at) => {
      if (this.capped) return;
      switch (target.kind) {
        case 'format':
          if (isLikely(bytes, at, target.look)) this.#format(bytes, target.format, at);
          break;
        case 'name':
          if (!this.#binary) this.#name(bytes, at);
          break;
        case 'url':
          this.#url(bytes, at);
          break;
        case 'key':
          this.#key(bytes, target.form, at);
          break;
        case 'percent':
          this.#percent(bytes, at);
          break;
        case 'module':
          this.#modules = true;
          break;
      }
    });
  }

  #format(bytes: Uint8Array, format: Format, at: number): void {
    const { template } = format;
    const { leadMin, leadMax } = template.anchor;
    const from = Math.max(0, at - leadMax - CHARACTERS_BEFORE);
    const text = latin1(bytes, from, Math.min(bytes.length, at - leadMin + template.maxLength + 1));
    const { inside } = template;
    inside.lastIndex = inside.sticky ? at - leadMax - from : 0;
    if (inside.sticky && at < leadMax) return;
    for (let match = inside.exec(text); match; match = inside.exec(text)) {
      const start = from + match.index;
      const end = start + match[0].length;
      if (inside.sticky || (start <= at && at < end)) {
        const named = this.#binary ? undefined : this.#nameBefore(bytes, start);
        const detection = judgeFormat(format, match[0], this.#file, named);
        if (detection) {
          this.#add(bytes, detection, start, match[0].length, true);
          this.#pairs(bytes, detection, start, match[0].length);
        }
        return;
      }
      if (start > at || match[0] === '') return;
    }
  }

  #pairs(bytes: Uint8Array, first: Detection, at: number, length: number): void {
    const from = Math.max(0, at - PAIR_DISTANCE);
    const around = latin1(bytes, from, Math.min(bytes.length, at + length + PAIR_DISTANCE));
    for (const { detection, start } of judgePairs(first, around, this.#file)) {
      this.#add(bytes, detection, from + start, detection.value.length, true);
    }
  }

  #name(bytes: Uint8Array, at: number): void {
    if (at < this.#nameEnd) return;
    const { text, start } = lineAround(bytes, at);
    const following = latin1(
      bytes,
      start,
      Math.min(bytes.length, start + text.length + PAIR_DISTANCE),
    );
    const found = namedTextAt(text, at - start) ?? pairedTextAt(following, at - start);
    if (!found) return;
    this.#nameEnd = start + found.nameStart + found.name.length;
    if (!secretKind(found.name) && !/authorization$/i.test(found.name)) return;
    const valueStart = start + found.valueStart;
    const value = bytesText(bytes.subarray(valueStart, valueStart + found.value.length));
    const named: NamedValue = {
      name: found.name,
      value,
      where: '',
      context: [text.slice(0, found.nameStart), this.#file.path],
      exact: found.exact,
    };
    const detection = judgeNamed(named, this.#file);
    if (detection) this.#add(bytes, detection, valueStart, found.value.length, false);
  }

  #url(bytes: Uint8Array, at: number): void {
    const from = Math.max(0, at - 32);
    const text = latin1(bytes, from, Math.min(bytes.length, at + 768));
    const url = urlCredentials(text, at - from);
    if (!url) return;
    const detection = judgeUrl(url, this.#file);
    if (detection) this.#add(bytes, detection, from + url.start, url.password.length, true);
  }

  #key(bytes: Uint8Array, form: KeyForm, at: number): void {
    const nameBefore = (start: number): NamedValue | undefined =>
      this.#binary ? undefined : this.#nameBefore(bytes, start);
    const found = keyMaterialAt(form, bytes, at, this.#file, nameBefore);
    if (found) this.#add(bytes, found.detection, found.start, found.length, true);
  }

  /** A keystore is a whole file, known by its first bytes. */
  #keystore(bytes: Uint8Array): void {
    const store = readKeystore(bytes);
    if (store) this.#add(bytes, judgeKeystore(store, this.#file), 0, 4, true);
  }

  #percent(bytes: Uint8Array, at: number): void {
    const decoded = this.#depth < MAX_ENCODINGS && decodePercent(bytes, at);
    if (decoded) this.#decoded(bytes, decoded);
  }

  /** Looks into decoded text; what is found there stands where the encoded text does. */
  #decoded(bytes: Uint8Array, { start, end, bytes: inner, encoding }: Decoded): void {
    if (this.capped) return;
    this.#inner ??= new ContentScanner(this.#depth + 1);
    this.#inner.begin(this.#file, inner.length);
    this.#inner.push(inner);
    const written = latin1(bytes, start, end);
    for (const detection of this.#inner.end()) {
      detection.why.push(`stands there in ${encoding}`);
      detection.written = written;
      this.#add(bytes, detection, start, end - start, true);
    }
  }

  /** The name on the same line that a value is bound to, for evidence. */
  #nameBefore(bytes: Uint8Array, valueAt: number): NamedValue | undefined {
    let start = valueAt;
    const least = Math.max(0, valueAt - LINE_BEFORE);
    while (start > least && bytes[start - 1] !== 0x0a && bytes[start - 1] !== 0) start--;
    const before = latin1(bytes, start, valueAt);
    const match =
      /([A-Za-z_][\w.-]{0,80})["'\])]{0,3}\s{0,4}(?::\s?\w+\s?)?(?:=>|:=|=|:)\s{0,8}(?:[A-Za-z_][\w.]{0,32}\()?[bruf]{0,2}["'`]{0,3}$/i.exec(
        before,
      );
    if (!match) return undefined;
    return { name: match[1] as string, value: '', where: '', context: [], exact: true };
  }

  #add(bytes: Uint8Array, detection: Detection, at: number, length: number, strong: boolean): void {
    const offset = this.#bufferStart + at;
    const key = `${detection.rule.id} ${detection.value}`;
    this.#values.add(key);
    const same = (this.#same.get(key) ?? 0) + 1;
    this.#same.set(key, same);
    if (same > MAX_SAME) return;
    const found: Found = { ...detection, offset, start: offset, end: offset + length, strong };
    if (!this.#binary) {
      found.line = this.#lines + this.#linesBefore(bytes, at) + 1;
      found.column = at - bytes.lastIndexOf(0x0a, at - 1);
      if (at === 0) found.column = 1;
    }
    this.#found.push(found);
  }

  /** Newlines before `at` in the bytes at hand; hits come in rising order, so each is counted once. */
  #linesBefore(bytes: Uint8Array, at: number): number {
    if (at < this.#countedAt) return countLines(bytes, 0, at);
    this.#counted += countLines(bytes, this.#countedAt, at);
    this.#countedAt = at;
    return this.#counted;
  }
}

/**
 * Drops weaker detections inside stronger ones, and doubles. Of two formats that overlap the more
 * specific one is meant; any format says more than that a password stands in a URL.
 */
function settle(found: Found[]): Detection[] {
  const kept: Found[] = [];
  for (const one of found.sort((a, b) => a.start - b.start || b.end - a.end)) {
    let beaten = false;
    // Those kept do not overlap, so that only the last few can reach as far as here.
    while (!beaten) {
      const last = kept.at(-1);
      if (!last || last.end <= one.start) break;
      const same = last.rule.id === one.rule.id && last.start === one.start;
      // Several secrets may stand in one encoded text.
      if (last.written !== undefined && last.end === one.end && last.value !== one.value) break;
      if (same || rank(last) >= rank(one)) beaten = true;
      else kept.pop();
    }
    if (!beaten) kept.push(one);
  }
  return kept.map(({ start: _start, end: _end, strong: _strong, ...detection }) => detection);
}

/** How much a detection says against others that overlap it. */
function rank({ rule, strong }: Found): number {
  if (!strong) return -2;
  if (rule.id === 'url-password') return -1;
  if (rule.id.startsWith('private-key')) return 1000; // what matches inside a key does so by chance
  return formatOf(rule.id)?.specificity ?? 0;
}

function lineAround(bytes: Uint8Array, at: number): { text: string; start: number } {
  let start = at;
  const least = Math.max(0, at - LINE_BEFORE);
  while (start > least && bytes[start - 1] !== 0x0a && bytes[start - 1] !== 0) start--;
  let end = at;
  const most = Math.min(bytes.length, at + LINE_AFTER);
  while (end < most && bytes[end] !== 0x0a && bytes[end] !== 0) end++;
  return { text: latin1(bytes, start, end), start };
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return LATIN1.decode(bytes.subarray(from, to));
}

function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, BINARY_SNIFF).includes(0);
}

function countLines(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let i = bytes.indexOf(0x0a, from); i >= 0 && i < to; i = bytes.indexOf(0x0a, i + 1)) count++;
  return count;
}
