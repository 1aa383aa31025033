/**
 * Looks for secrets in the bytes of one file at a time, as they stream by. Only a window is held: a
 * candidate is judged once all that a match may span has come.
 */
import { charactersOf, isText } from '../archive/plain-text.ts';
import { bareTokens } from './bare-tokens.ts';
import { dsnCredentials } from './connection-strings.ts';
import { type Decoded, decodeRuns } from './encoded-text.ts';
import { decodeEscapes } from './escaped-text.ts';
import type { FileKind } from './file-kind.ts';
import type { Detection } from './finding.ts';
import { FormHits } from './form-hits.ts';
import { FoundInFile } from './found-in-file.ts';
import { LONGEST_KEY } from './key-material.ts';
import { beginsWithWhole } from './name-hits.ts';
import { NamedHits } from './named-hits.ts';
import { decodePercent } from './percent-encoded.ts';
import { SigningCandidates } from './signing-candidates.ts';
import { TableText } from './table-text.ts';
import { prefilter, type Target } from './triggers.ts';
import { mayHoldUser, urlCredentials } from './url-credentials.ts';
import { WideStrings } from './utf16.ts';
import { WholeFileValues } from './whole-file-values.ts';
import { unwrapBytes } from './wrapped-bytes.ts';

const WINDOW = 1 << 20;
/** Bytes that a secret may go on for from where it begins. */
export const AHEAD = LONGEST_KEY;
/** Bytes before a secret that may tell what it is: a name before its value. */
export const BEHIND = 1024;
const BINARY_SNIFF = 8000; // as git decides
const PAGE = /\.x?html?$/i;
/** Encodings in one another that are taken off; base64 in base64 is how cluster secrets come. */
const MAX_ENCODINGS = 3;
/** Bytes that one file's encoded stretches may unpack to. */
const MAX_UNPACKED = 16 << 20;
const USTAR = 257; // where a tar says so

/** Reused from file to file: `begin`, any number of `push`, `end`. */
export class ContentScanner {
  #depth: number;
  #room: { left: number };
  #inner: ContentScanner | undefined;
  #size = 0;
  #buffer: Uint8Array | undefined;
  #filled = 0;
  #scannedTo = 0; // in the buffer
  #stretchEnd = -1;
  #modules = false;
  #unread = new Set<string>();
  #found = new FoundInFile();
  #forms = new FormHits(this.#found);
  #named = new NamedHits(this.#found, (text) => this.#inside(text));
  #whole = new WholeFileValues(this.#found, this.#named, (text, lined) =>
    this.#inside(text, lined),
  );
  #signing = new SigningCandidates();
  #candidates: Detection[] = [];
  #tables = new TableText((value) => this.#named.row(value));

  /** `depth` counts the encodings around the content; `room` is what may be unpacked of it, in bytes. */
  constructor(depth = 0, room = { left: 0 }) {
    this.#depth = depth;
    this.#room = room;
  }

  /**
   * `size` is the file's expected length in bytes; contents that come in one piece are not copied.
   * `text` says that NULs only separate pieces of text: names count as they do in text, and the file's form does not.
   */
  begin(file: FileKind, size: number, text = false): void {
    this.#size = size;
    this.#filled = 0;
    this.#scannedTo = 0;
    this.#stretchEnd = -1;
    this.#modules = false;
    this.#unread.clear();
    if (this.#depth === 0) this.#room.left = MAX_UNPACKED;
    this.#found.begin(file, text);
    this.#named.begin();
    this.#whole.begin(!text);
    this.#signing.begin();
    this.#candidates = [];
    this.#tables.begin(file.path);
  }

  /** Begins within a binary file, `offset` bytes from its start. */
  beginWithin(file: FileKind, offset: number): void {
    this.begin(file, Infinity);
    this.#found.binary = true;
    this.#found.bytesBefore = offset;
  }

  /** Whether there was more in the file than is reported of one. */
  get capped(): boolean {
    return this.#found.capped;
  }

  /** What of it was not looked into, and why; as the ledger says it. */
  get unread(): Iterable<string> {
    return this.#unread;
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
    const settled = this.#found.settled();
    this.#candidates = settled.filter(({ candidate }) => candidate);
    return this.#candidates.length === 0 ? settled : settled.filter(({ candidate }) => !candidate);
  }

  /** Of the file that has ended, what only a token elsewhere may prove to be a secret. */
  get candidates(): readonly Detection[] {
    return this.#candidates;
  }

  /** Whether the content so far is binary. */
  get binary(): boolean {
    return this.#found.binary ?? false;
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
    this.#found.drop(buffer, drop);
    this.#named.drop(drop);
    this.#signing.drop(drop);
    buffer.copyWithin(0, drop, this.#filled);
    this.#filled -= drop;
    this.#scannedTo = BEHIND;
    this.#stretchEnd -= drop;
  }

  #finish(bytes: Uint8Array): void {
    this.#tables.end();
    if (this.#found.bytesBefore === 0) this.#whole.read(bytes);
    this.#found.place(bytes, bytes.length);
  }

  #scan(bytes: Uint8Array, from: number, to: number): void {
    const found = this.#found;
    // By the file's first bytes, whatever the pieces it came in.
    if (found.binary === undefined) {
      found.binary = isBinary(bytes);
      this.#forms.wholeFile(bytes);
      if (!found.binary && beginsWithWhole(bytes)) this.#named.name(bytes, 0);
    }
    if (!found.binary) {
      this.#tables.feed(bytes, to, found.bytesBefore);
    } else this.#wide(bytes, from, to);
    decodeRuns(
      bytes,
      from,
      to,
      found.binary,
      (decoded) => this.#decoded(bytes, decoded),
      (start, end) =>
        bareTokens(bytes, start, end, (format, at, length) => {
          if (!found.capped) this.#forms.whole(bytes, format, at, length);
        }),
    );
    prefilter().scan(bytes, from, to, (target, at) => {
      if (!found.capped) this.#hit(bytes, target, at, to);
    });
  }

  #hit(bytes: Uint8Array, target: Target, at: number, to: number): void {
    switch (target.kind) {
      case 'format':
        this.#forms.format(bytes, target.format, target.look, at);
        break;
      case 'name':
        this.#named.name(bytes, at);
        break;
      case 'reader':
        this.#whole.call(target.reader);
        break;
      case 'url':
        if (mayHoldUser(bytes, at)) this.#forms.url(bytes, at, urlCredentials);
        break;
      case 'dsn':
        this.#forms.url(bytes, at, dsnCredentials);
        break;
      case 'key':
        this.#forms.key(bytes, target.form, at);
        break;
      case 'percent':
        this.#stretch(bytes, at, decodePercent);
        break;
      case 'module':
        this.#modules = true;
        break;
      default:
        if (!this.#found.binary) this.#textHit(bytes, target, at, to);
        else if (target.kind === 'call' || target.kind === 'command')
          this.#named.inProgram(bytes, at);
    }
  }

  /** What means something in text only. */
  #textHit(bytes: Uint8Array, target: Target, at: number, to: number): void {
    switch (target.kind) {
      case 'call':
        this.#named.call(bytes, at);
        break;
      case 'command':
        this.#named.command(bytes, at, target.command);
        break;
      case 'table':
        this.#tables.statement(target.statement, bytes, at, to, this.#found.bytesBefore);
        break;
      case 'signing':
        if (this.#depth === 0)
          this.#signing.line(bytes, at, this.#found.file, (candidate, from, length) =>
            this.#found.add(candidate, from, length, false),
          );
        break;
      case 'escape':
        this.#stretch(bytes, at, decodeEscapes);
        break;
    }
  }

  /** Secrets in a text that was decoded; `lined` keeps their lines, and takes the text for no code. */
  #inside(text: string, lined = false): Detection[] {
    const scanner = new ContentScanner();
    const bytes = new TextEncoder().encode(text);
    const { file } = this.#found;
    const code = file.code && !lined;
    // A page's tables explain fields more often than they hold values.
    const prose = file.prose || (lined && PAGE.test(file.path));
    scanner.begin({ ...file, path: '', settings: false, code, prose }, bytes.length);
    scanner.push(bytes);
    return scanner
      .end()
      .map(({ offset: _offset, line, column: _column, ...detection }) =>
        lined && line !== undefined ? { ...detection, line } : detection,
      );
  }

  /** Decodes what stands around `at`, once for all that announces the same stretch. */
  #stretch(bytes: Uint8Array, at: number, decode: typeof decodePercent): void {
    if (at < this.#stretchEnd) return;
    const decoded = decode(bytes, at);
    if (!decoded) return;
    this.#stretchEnd = decoded.end;
    this.#decoded(bytes, decoded);
  }

  /** Looks into decoded text; what is found there stands where the encoded text does. */
  #decoded(bytes: Uint8Array, { start, end, bytes: decoded, encoding }: Decoded): void {
    if (this.capped) return;
    if (this.#depth >= MAX_ENCODINGS) {
      if (isText(decoded)) this.#unread.add(`encoded more than ${MAX_ENCODINGS} times over`);
      return;
    }
    const unwrapped = unwrapBytes(decoded, this.#room.left);
    const inner = unwrapped?.bytes ?? decoded;
    if (unwrapped) {
      this.#room.left -= inner.length;
      if (unwrapped.partial) this.#unread.add(`${unwrapped.wrapper} in ${encoding}, read in part`);
    }
    // What comes out of an address is data, whatever language the address stands in.
    const code = this.#found.file.code && encoding !== 'percent-encoding';
    const written = charactersOf(bytes, start, end);
    const wrapper = unwrapped ? `${unwrapped.wrapper} in ` : '';
    for (const detection of this.#within(inner, { ...this.#found.file, code })) {
      detection.why.push(`stands there in ${wrapper}${encoding}`);
      detection.written = written;
      this.#found.add(detection, start, end - start, true, true);
    }
  }

  /** Looks into the strings of UTF-16 among binary data. */
  #wide(bytes: Uint8Array, from: number, to: number): void {
    if (this.#depth >= MAX_ENCODINGS) return;
    const strings = new WideStrings(bytes, from, to);
    if (strings.text.length === 0) return;
    for (const detection of this.#within(strings.text, this.#found.file)) {
      detection.why.push('stands there in UTF-16');
      const at = strings.offsetOf(detection.offset ?? 0);
      this.#found.add(detection, at, 2 * detection.value.length, true, true);
    }
  }

  /** What is found in content that was taken out of this one. */
  #within(content: Uint8Array, file: FileKind): Detection[] {
    this.#inner ??= new ContentScanner(this.#depth + 1, this.#room);
    this.#inner.begin(file, content.length, isTar(content));
    this.#inner.push(content);
    const detections = this.#inner.end();
    for (const reason of this.#inner.unread) this.#unread.add(reason);
    return detections;
  }
}

/** Whether content is a tar, whose NULs stand between files of text. */
function isTar(content: Uint8Array): boolean {
  return content.length > USTAR && charactersOf(content, USTAR, USTAR + 5) === 'ustar';
}

function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, BINARY_SNIFF).includes(0);
}
