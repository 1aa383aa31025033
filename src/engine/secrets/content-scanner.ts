/**
 * Looks for secrets in the bytes of one file at a time, as they stream by. Only a window is held: a
 * candidate is judged once all that a match may span has come.
 */
import { bytesText } from '../python/values.ts';
import { commandSecrets } from './command-lines.ts';
import { looksRandom } from './entropy.ts';
import { CONFIGURATION, type FileKind } from './file-kind.ts';
import { dsnCredentials } from './connection-strings.ts';
import { type Decoded, decodePercent, decodeRuns } from './encoded-text.ts';
import { decodeEscapes } from './escaped-text.ts';
import { type FileReader, MAX_READ, type ReadValue, readerFor } from './file-readers.ts';
import type { Detection, NamedValue } from './finding.ts';
import { isLikely } from './format-triggers.ts';
import { isAppPassword } from './google-app-password.ts';
import type { Format } from './compiled-formats.ts';
import { judgeFormat, judgeHash, judgeNamed, judgePairs, judgeUrl } from './judge.ts';
import { LIST_REACH, listedKind, listedTexts, mayList } from './list-text.ts';
import { type JoinedText, joinedText } from './joined-text.ts';
import { judgeFile } from './judge-file.ts';
import { type KeyForm, keyMaterialAt, LONGEST_KEY } from './key-material.ts';
import { keyArgument } from './key-calls.ts';
import { bindsInBinary, nameEndAt, nameHit, type NameHit } from './name-hits.ts';
import { type NamedText, namedTextAt } from './named-text.ts';
import { neighbourNames } from './neighbours.ts';
import { PAIR_REACH, pairedTextAt } from './paired-text.ts';
import { type Found, settle } from './settle.ts';
import { spelledOut } from './spelling.ts';
import type { RowValue } from './table-rows.ts';
import { TableText } from './table-text.ts';
import { TextPosition } from './text-position.ts';
import { latin1, LINE_AFTER, LINE_SOON, windowAround } from './text-windows.ts';
import { PREFILTER } from './triggers.ts';
import { urlCredentials } from './url-credentials.ts';

const WINDOW = 1 << 20;
const AHEAD = LONGEST_KEY;
const BEHIND = 1024; // a name before its value
const LINE_BEFORE = 256;
const CHARACTERS_BEFORE = 64; // what may have to stand, or may not stand, before a match
const COMMAND_REACH = 1024; // bytes of a command's words
const BINARY_VALUE = 512; // the longest value in binary data
const PAIR_DISTANCE = 300; // bytes between an ID and its secret
const NEIGHBOURHOOD = 400; // bytes before a name in which its provider may be named
const CALL_REACH = 512;
const URL_BEFORE = 336; // a scheme, or the user and password of a data source name
const BINARY_SNIFF = 8000; // as git decides
const MAX_ENCODINGS = 2; // base64 in base64 is how cluster secrets come
const MAX_PER_FILE = 1000; // different secrets of one file
const MAX_SAME = 20; // places of one secret in one file
const MAX_PLACES = 20_000;
const NO_BYTES = new Uint8Array(0); // a row's own have gone by

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
  #binary: boolean | undefined;
  #found: Found[] = [];
  #nameEnd = -1;
  #stretchEnd = -1;
  #modules = false;
  #readers = new Set<FileReader>();
  #values = new Set<string>();
  #same = new Map<string, number>();
  #tables = new TableText((value) => this.#row(value));
  #position = new TextPosition();
  #placed = 0; // of the found ones, how many have their line and column

  /** `depth` counts the encodings around the content. */
  constructor(depth = 0) {
    this.#depth = depth;
  }

  /**
   * `size` is the file's expected length in bytes; contents that come in one piece are not copied.
   * `text` says that NULs only separate pieces of text, so that names count as they do in text.
   */
  begin(file: FileKind, size: number, text = false): void {
    this.#file = file;
    this.#size = size;
    this.#filled = 0;
    this.#bufferStart = 0;
    this.#scannedTo = 0;
    this.#binary = text ? false : undefined;
    this.#readers.clear();
    this.#tables.begin(file.path);
    this.#position.reset();
    this.#placed = 0;
    this.#found = [];
    this.#nameEnd = -1;
    this.#stretchEnd = -1;
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
      this.#finish(bytes);
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
      const bytes = this.#buffer.subarray(0, this.#filled);
      this.#scan(bytes, this.#scannedTo, this.#filled);
      this.#finish(bytes);
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
    this.#place(buffer, drop);
    if (!this.#binary) this.#position.advance(buffer, this.#bufferStart, this.#bufferStart + drop);
    buffer.copyWithin(0, drop, this.#filled);
    this.#filled -= drop;
    this.#bufferStart += drop;
    this.#scannedTo = BEHIND;
    this.#nameEnd -= drop;
    this.#stretchEnd -= drop;
  }

  #finish(bytes: Uint8Array): void {
    this.#tables.end();
    if (this.#bufferStart === 0) this.#readWhole(bytes);
    this.#place(bytes, bytes.length);
  }

  /** Gives line and column to what was found before `until`, in the bytes at hand. */
  #place(bytes: Uint8Array, until: number): void {
    if (this.#binary || this.#placed === this.#found.length) return;
    const end = this.#bufferStart + until;
    const waiting = this.#found.splice(this.#placed).sort((a, b) => a.start - b.start);
    for (const found of waiting) {
      if (found.start < end) {
        this.#position.advance(bytes, this.#bufferStart, found.start);
        found.line = this.#position.line;
        found.column = this.#position.column;
        this.#placed++;
      }
      this.#found.push(found);
    }
  }

  #scan(bytes: Uint8Array, from: number, to: number): void {
    // By the file's first bytes, whatever the pieces it came in.
    if (this.#binary === undefined) {
      this.#binary = isBinary(bytes);
      this.#wholeFile(bytes);
    }
    if (!this.#binary && this.#depth < MAX_ENCODINGS) {
      decodeRuns(bytes, from, to, (decoded) => this.#decoded(bytes, decoded));
    }
    if (!this.#binary) this.#tables.feed(bytes, to, this.#bufferStart);
    PREFILTER.scan(bytes, from, to, (target, at) => {
      if (this.capped) return;
      switch (target.kind) {
        case 'format':
          if (isLikely(bytes, at, target.look, this.#glued(target.format)))
            this.#format(bytes, target.format, at);
          break;
        case 'name':
          this.#name(bytes, at);
          break;
        case 'call':
          if (!this.#binary) this.#call(bytes, at);
          break;
        case 'command':
          if (!this.#binary) this.#command(bytes, at, target.command);
          break;
        case 'reader':
          this.#readers.add(target.reader);
          break;
        case 'url':
          this.#url(bytes, at);
          break;
        case 'dsn':
          this.#url(bytes, at, dsnCredentials);
          break;
        case 'key':
          this.#key(bytes, target.form, at);
          break;
        case 'table':
          if (!this.#binary)
            this.#tables.statement(target.statement, bytes, at, to, this.#bufferStart);
          break;
        case 'percent':
          this.#stretch(bytes, at, decodePercent);
          break;
        case 'escape':
          if (!this.#binary) this.#stretch(bytes, at, decodeEscapes);
          break;
        case 'module':
          this.#modules = true;
          break;
      }
    });
  }

  /** In binary data strings stand one behind the other; what has a checksum is known by that. */
  #glued({ row }: Format): boolean {
    return this.#binary === true && row.check !== undefined;
  }

  #format(bytes: Uint8Array, format: Format, at: number): void {
    const { template } = format;
    const { leadMin, leadMax } = template.anchor;
    const glued = this.#glued(format) && leadMax === 0 && template.context.length === 0;
    const from = glued ? at : Math.max(0, at - leadMax - CHARACTERS_BEFORE);
    const beyond = glued && template.minLength === template.maxLength ? 0 : 1;
    const end = at - leadMin + template.maxLength + beyond;
    const text = latin1(bytes, from, Math.min(bytes.length, end));
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
    const end = nameEndAt(bytes, at);
    if (this.#binary && !bindsInBinary(bytes, end)) return;
    const hit = nameHit(bytes, at, end);
    this.#nameEnd = end;
    if (!hit) return;
    if (this.#binary) this.#binaryName(bytes, hit);
    else this.#boundName(bytes, hit);
  }

  #boundName(bytes: Uint8Array, hit: NameHit): void {
    const { settings } = this.#file;
    if (this.#listed(bytes, hit)) return;
    let { window, start } = windowAround(bytes, hit, LINE_SOON, settings);
    let found = namedTextAt(window, hit.start - start);
    // Few values go on beyond a short window; those are read again in a long one.
    const ends = found ? found.valueStart + found.value.length : 0;
    if (window.cut || ends >= window.text.length) {
      ({ window, start } = windowAround(bytes, hit, LINE_AFTER, settings));
      found = namedTextAt(window, hit.start - start);
      // Names within a long value that is not in quotes are parts of it.
      if (!found?.exact || found.spelling === 'plain') this.#nameEnd = hit.end + LINE_SOON;
    }
    found ??= this.#paired(bytes, hit, start, window.text);
    if (!found) return;
    this.#bound(bytes, hit, start, found, joinedText(window.text, found));
  }

  /** Judges a value by its name, or by its form where it is not written in one piece or as it is. */
  #bound(
    bytes: Uint8Array,
    hit: NameHit,
    start: number,
    found: NamedText,
    joined: JoinedText | undefined,
  ): void {
    const from = start + found.valueStart;
    const pieces = joined?.pieces ?? [
      { start: found.valueStart, end: found.valueStart + found.value.length },
    ];
    const length = (pieces.at(-1)?.end ?? 0) - found.valueStart;
    const raw = bytesText(bytes.subarray(from, from + length));
    const value = pieces
      .map((one) => bytesText(bytes.subarray(start + one.start, start + one.end)))
      .map((text) => spelledOut(text, found.spelling))
      .join(joined?.glue ?? '');
    if (joined || /\\(?:[ux]|\r?\n)/.test(raw)) {
      const inner = this.#inside(value);
      for (const detection of inner) {
        detection.why.push(`bound to the name ${found.name}`, 'written in pieces or escapes');
        this.#add(bytes, { ...detection, written: raw, name: found.name }, from, length, true);
      }
      if (inner.length > 0) return;
    }
    this.#judge(bytes, from, length, {
      name: found.name,
      value,
      where: joined ? 'joined from its pieces' : '',
      context: this.#context(bytes, hit, value),
      exact: found.exact,
      written: raw,
      ...(found.connection && { connection: true }),
    });
  }

  /** A value in a row of a table in the text. */
  #row({ name, value, written, at, length, hash, context }: RowValue): void {
    if (this.capped) return;
    const from = at - this.#bufferStart;
    const { path, code } = this.#file;
    if (hash) {
      const judged = judgeHash(value, name.where, this.#file);
      if (judged) this.#add(NO_BYTES, { ...judged, name: name.name, written }, from, length, true);
      return;
    }
    // In a program's string what stands between quotes may be a piece of the program.
    const exact = !code || /\.sql$/i.test(path);
    const named = { ...name, value, context: [...context, path], exact, written };
    this.#judge(NO_BYTES, from, length, named);
  }

  /** Judges the values of a list behind a name; false where none stands there. */
  #listed(bytes: Uint8Array, hit: NameHit): boolean {
    if (!mayList(bytes, hit.end)) return false;
    const text = latin1(bytes, hit.end, Math.min(bytes.length, hit.end + LIST_REACH));
    const items = listedTexts(text, 0, this.#file.settings);
    let read = false;
    for (const { key, value: written, valueStart, spelling } of items) {
      const at = hit.end + valueStart;
      const raw = bytesText(bytes.subarray(at, at + written.length));
      const value = spelledOut(raw, spelling);
      // A map lists values only under a plural's name; else it describes one.
      if (key !== undefined && !(looksRandom(value) && listedKind(hit.name))) continue;
      const name = key === undefined ? hit.name : `${hit.name}.${key}`;
      const context = this.#context(bytes, hit, value);
      const where = '';
      const named: NamedValue = { name, value, where, context, exact: true, written: raw };
      this.#judge(bytes, at, written.length, { ...named, listed: true });
      read = true;
    }
    return read;
  }

  /** What stands around a name, for values that only their provider's name makes out. */
  #context(bytes: Uint8Array, hit: NameHit, value: string): string[] {
    const alone = value.length < 20 || !looksRandom(value);
    if (alone && !isAppPassword(value)) return [this.#file.path];
    const before = latin1(bytes, Math.max(0, hit.start - NEIGHBOURHOOD), hit.start);
    return [...neighbourNames(before), this.#file.path];
  }

  #judge(bytes: Uint8Array, at: number, length: number, named: NamedValue, strong = false): void {
    const detection = judgeNamed(named, this.#file);
    if (!detection) return;
    // Tokens behind a scheme, as in `Bearer …`, are found where they stand.
    const raw = named.written ?? named.value;
    if (!raw.includes(detection.value)) detection.written ??= raw;
    const inner = Math.max(0, raw.lastIndexOf(detection.written ?? detection.value));
    this.#add(bytes, detection, at + utf8Length(raw.slice(0, inner)), length - inner, strong);
  }

  #paired(bytes: Uint8Array, hit: NameHit, start: number, line: string): NamedText | undefined {
    if (!/[:=>{]|variable/.test(line)) return undefined;
    const from = Math.max(0, hit.start - PAIR_REACH);
    const text = latin1(bytes, from, Math.min(bytes.length, hit.end + PAIR_REACH));
    const pair = pairedTextAt(text, hit.start - from);
    return pair && { ...pair, valueStart: pair.valueStart + from - start };
  }

  /** `NAME=value` and `"name":"value"` among binary data; only what looks drawn at random counts. */
  #binaryName(bytes: Uint8Array, { name, end }: NameHit): void {
    const separator = /^(?:=|":[ ]?")/.exec(latin1(bytes, end, Math.min(bytes.length, end + 4)));
    if (!separator) return;
    const from = end + separator[0].length;
    const most = Math.min(bytes.length, from + BINARY_VALUE);
    let to = from;
    while (to < most && isValueByte(bytes[to] as number)) to++;
    if (to === most) return;
    const value = latin1(bytes, from, to);
    if (value.length < 20 || !looksRandom(value)) return;
    const where = 'among binary data';
    this.#judge(bytes, from, value.length, {
      name,
      value,
      where,
      context: [this.#file.path],
      exact: true,
    });
  }

  /** `hmac.new(b"…")`, `jwt.encode(payload, "…")`. */
  #call(bytes: Uint8Array, at: number): void {
    const text = latin1(bytes, at, Math.min(bytes.length, at + CALL_REACH));
    const key = keyArgument(text);
    if (!key) return;
    const from = at + key.start;
    const raw = bytesText(bytes.subarray(from, from + key.value.length));
    const named = {
      name: key.name,
      value: raw,
      where: 'an argument in a call',
      // The address before a password says whose mailbox it opens.
      context: isAppPassword(raw) ? [text.slice(0, key.start)] : [this.#file.path],
    };
    this.#judge(bytes, from, key.value.length, { ...named, exact: true });
  }

  #command(bytes: Uint8Array, at: number, command: string): void {
    const from = Math.max(0, at - COMMAND_REACH);
    const text = latin1(bytes, from, Math.min(bytes.length, at + COMMAND_REACH));
    for (const { name, value, start, kind } of commandSecrets(text, at - from, command)) {
      const raw = bytesText(bytes.subarray(from + start, from + start + value.length));
      const where = 'given to a command in clear';
      const named: NamedValue = { name, value: raw, where, context: [], exact: true };
      // In others' files and in code such a word is an example, unless it looks drawn at random.
      const { vendor, code, config } = this.#file;
      const others = vendor || (code && !config);
      if (others && (raw.length < 20 || !looksRandom(raw))) continue;
      this.#judge(bytes, from + start, value.length, { ...named, kind });
    }
  }

  /** Reads a file that is there as a whole by its format. */
  #readWhole(bytes: Uint8Array): void {
    const byPath = readerFor(this.#file.path);
    if (byPath) this.#readers.add(byPath);
    if (this.#readers.size === 0 || bytes.length > MAX_READ) return;
    const text = latin1(bytes, 0, bytes.length);
    for (const reader of this.#readers) {
      for (const found of reader.read(text, bytes, this.#file.path)) {
        if (this.capped) return;
        this.#read(bytes, found);
      }
    }
  }

  #read(bytes: Uint8Array, found: ReadValue): void {
    const { name, at, length, where, kind, coded, user, rule, facts } = found;
    const written = bytesText(bytes.subarray(at, at + length));
    if (found.hash) {
      const hash = judgeHash(written, where, this.#file);
      if (hash) this.#add(bytes, hash, at, length, true);
      return;
    }
    const value = found.value ?? written;
    if (found.value !== undefined && found.value !== written) {
      // What is decoded may be a token, an address with a password, or a key by its own form.
      const inner = this.#inside(found.value);
      for (const detection of inner) {
        detection.why.push(`${where}, ${coded ?? 'decoded'}`);
        const stands = length > 0 ? { written } : {};
        this.#add(bytes, { ...detection, ...stands, name }, at, length, true);
      }
      if (inner.length > 0) return;
    }
    const said = user === undefined ? coded : `${coded ?? ''}, of the user ${user}`;
    this.#judge(
      bytes,
      at,
      length,
      {
        name,
        value,
        where,
        context: [where, this.#file.path],
        exact: true,
        ...(length > 0 && { written }),
        ...(kind && { kind }),
        ...(rule && { rule }),
        ...(facts && { facts }),
        ...(said && { coded: said }),
      },
      kind !== undefined,
    );
  }

  /** Secrets by their form in a text that was decoded. */
  #inside(text: string): Detection[] {
    const scanner = new ContentScanner();
    const bytes = new TextEncoder().encode(text);
    scanner.begin({ ...this.#file, path: '', settings: false }, bytes.length);
    scanner.push(bytes);
    return scanner
      .end()
      .map(({ offset: _offset, line: _line, column: _column, ...detection }) => detection);
  }

  #url(bytes: Uint8Array, at: number, read = urlCredentials): void {
    const from = Math.max(0, at - URL_BEFORE);
    const text = latin1(bytes, from, Math.min(bytes.length, at + 768));
    const url = read(text, at - from);
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

  /** A key or a store of keys that is the whole file, known by its first bytes. */
  #wholeFile(bytes: Uint8Array): void {
    const detection = judgeFile(bytes, this.#file);
    if (detection) this.#add(bytes, detection, 0, 4, true);
  }

  /** Decodes what stands around `at`, once for all that announces the same stretch. */
  #stretch(bytes: Uint8Array, at: number, decode: typeof decodePercent): void {
    if (at < this.#stretchEnd || this.#depth >= MAX_ENCODINGS) return;
    const decoded = decode(bytes, at);
    if (!decoded) return;
    this.#stretchEnd = decoded.end;
    this.#decoded(bytes, decoded);
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
      this.#add(bytes, detection, start, end - start, true, true);
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

  #add(
    bytes: Uint8Array,
    detection: Detection,
    at: number,
    length: number,
    strong: boolean,
    encoded = false,
  ): void {
    const offset = this.#bufferStart + at;
    const key = `${detection.rule.id} ${detection.value}`;
    this.#values.add(key);
    const same = (this.#same.get(key) ?? 0) + 1;
    this.#same.set(key, same);
    if (same > MAX_SAME) return;
    const place = { offset, start: offset, end: offset + length };
    const found: Found = { ...detection, ...place, strong, encoded };
    this.#found.push(found);
  }
}

/** A byte of a value in binary data: printable, and no quote. */
function isValueByte(byte: number): boolean {
  return byte > 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x27 && byte !== 0x3b;
}

function utf8Length(text: string): number {
  return text === '' ? 0 : new TextEncoder().encode(text).length;
}

function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, BINARY_SNIFF).includes(0);
}
