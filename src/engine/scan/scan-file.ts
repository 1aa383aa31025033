/**
 * The content of one file, as it streams by: told by its bytes what it is, held whole where it must be,
 * scanned as text or raw bytes, decoded as bytecode, or opened as an archive, whose members are files again.
 */
import { sniffCompression } from '../archive/compression.ts';
import { gunzipBytes } from '../archive/gzip.ts';
import { looseObject, startsLikePack } from '../archive/git-objects.ts';
import { inflateZlib } from '../archive/inflate.ts';
import { MAX_NESTED, MAX_NESTING, NESTED_FLOOR, NESTED_RATIO } from '../archive/limits.ts';
import { messageOf, type Problem } from '../archive/problem.ts';
import { concat } from '../archive/read-blob.ts';
import { pyInstallerArchive } from '../archive/pyinstaller.ts';
import { EntryKind, type TarEvent, TarReader } from '../archive/tar.ts';
import { BLOCK, startsLikeTar } from '../archive/tar-fields.ts';
import { endsWithZip, firstEntry, startsLikeZip } from '../archive/zip.ts';
import { frozenModules } from '../python/frozen.ts';
import { looksLikePyc } from '../python/pyc.ts';
import { sourcePaths } from '../python/source-check.ts';
import type { PythonVersion } from '../python/version.ts';
import { ContentScanner } from '../secrets/content-scanner.ts';
import { utf16Order, utf16Strings } from '../secrets/encoded-text.ts';
import { type FileKind, fileKind } from '../secrets/file-kind.ts';
import type { Detection } from '../secrets/finding.ts';
import { compareInArchive, type SourceComparison } from './compare-in-archive.ts';
import { count, countDecoded, countSkipped, type Ledger } from './ledger.ts';
import { type Member, packMembers, pyInstallerMembers, zipMembers } from './nested-archive.ts';
import { type BytecodeDetection, type CompiledFrom, scanBytecode } from './scan-bytecode.ts';
import { scanStructured, structuredForm } from './scan-structured.ts';

/** A detection in a file. */
export interface FileDetection {
  /** Path inside the file, where the file is an archive: `pkg/settings.pyc`. */
  inside?: string;
  detection: Detection;
  bytecode?: Omit<BytecodeDetection, 'detection'>;
  /** Bytecode inside an archive is compared with the source beside it there. */
  comparison?: SourceComparison;
}

/** Where a scan's outcome goes. */
export interface FileSink {
  found(found: FileDetection): void;
  /** A `.pyc` that stands in the layer itself. */
  bytecode(file: CompiledFrom): void;
  problem(problem: Problem): void;
}

const HOLD = 1 << 20; // a file of at most this size is held whole, whatever it is
const KEPT = 8 << 20; // bytes of buffer that the next file may use again
const NOTHING = new Uint8Array(0);
const MOST_UNREAD = 20; // members of one archive that are named one by one
const ARCHIVE_MARK = '!/';
const DEFLATED = /\.(?:joblib|pkl|pickle|zlib|z)$/i;

/** Bytes that one file of the layer may still unpack to. */
interface Budget {
  left: number;
  told: boolean;
}

/** Reused from file to file: `begin`, any number of `push`, `end`. */
export class FileScanner {
  #ledger: Ledger;
  #sink: FileSink;
  #scanner = new ContentScanner();
  #depth: number;
  #child: FileScanner | undefined;

  // The file at hand:
  #path = '';
  #inside: string | undefined;
  #kind: FileKind | undefined;
  #size = 0;
  #mode: 'hold' | 'stream' | 'tar' = 'hold';
  #buffer: Uint8Array = NOTHING;
  #held: Uint8Array = NOTHING;
  #most = HOLD;
  #tar: TarReader | undefined;
  #tarFile = false;
  #wrapper: { path: string; inside: string | undefined } | undefined;
  #budget: Budget = { left: 0, told: false };
  #sourceOf: Member['sourceOf'];

  constructor(ledger: Ledger, sink: FileSink, depth = 0) {
    this.#ledger = ledger;
    this.#sink = sink;
    this.#depth = depth;
  }

  /** `size` is the content's length in bytes, or undefined where only its end will tell. */
  begin(path: string, size: number | undefined): void {
    this.#path = path;
    this.#kind = undefined;
    this.#size = size ?? -1;
    this.#mode = 'hold';
    this.#held = NOTHING;
    this.#most = HOLD;
    if (this.#depth === 0) {
      const left = Math.max(NESTED_FLOOR, (size ?? 0) * NESTED_RATIO);
      this.#budget = { left, told: false };
    }
  }

  push(bytes: Uint8Array): void {
    if (this.#mode === 'stream') this.#scanner.push(bytes);
    else if (this.#mode === 'tar') this.#pushTar(bytes);
    else if (bytes.length === this.#size && this.#held.length === 0) this.#held = bytes;
    else this.#hold(bytes);
  }

  /** `complete` is false where the content was cut short. */
  end(complete: boolean): void {
    if (!complete) countSkipped(this.#ledger, 'cut short', Math.max(0, this.#size));
    const held = this.#held;
    this.#held = NOTHING;
    if (this.#mode === 'stream') this.#endContent();
    else if (this.#mode === 'tar') this.#endTar();
    else if (held.length > 0) this.#whole(held);
    // A large buffer is for one large archive, not for the rest of the layer.
    if (this.#buffer.length > KEPT) this.#buffer = NOTHING;
  }

  #hold(bytes: Uint8Array): void {
    const have = this.#held.length;
    const length = have + bytes.length;
    if (length > this.#most && !this.#holdMore(bytes, length)) return;
    if (length > this.#buffer.length) {
      const known = this.#size >= 0 ? this.#size : 0;
      const room = Math.min(this.#most, Math.max(known, this.#buffer.length * 2));
      const grown = new Uint8Array(Math.max(length, room));
      grown.set(this.#held);
      this.#buffer = grown;
    }
    this.#buffer.set(bytes, have);
    this.#held = this.#buffer.subarray(0, length);
  }

  /** Past what is held of every file: an archive is held on, all else streams from here. */
  #holdMore(bytes: Uint8Array, length: number): boolean {
    const begun = this.#held;
    const start = begun.length >= BLOCK ? begun : concat([begun, bytes.subarray(0, BLOCK)]);
    const what = this.#mustBeWhole(start);
    if (what !== undefined && this.#size <= MAX_NESTED && length <= MAX_NESTED) {
      this.#most = MAX_NESTED;
      return true;
    }
    if (what !== undefined) {
      const megabytes = MAX_NESTED >> 20;
      this.#skip(`${what} larger than ${megabytes} MiB, scanned as raw bytes`, this.#size);
    }
    const held = this.#held;
    this.#held = NOTHING;
    if (this.#depth < MAX_NESTING && startsLikeTar(start)) this.#startTar();
    else {
      this.#mode = 'stream';
      this.#scanner.begin(this.#fileKind(), this.#size >= 0 ? this.#size : Infinity);
    }
    if (held.length > 0) this.push(held);
    this.push(bytes);
    return false;
  }

  /** What a file is that can only be read whole, by its first bytes. */
  #mustBeWhole(start: Uint8Array): string | undefined {
    if (looksLikePyc(start) || /\.py[co]$/.test(this.#path)) return 'bytecode';
    if (this.#depth >= MAX_NESTING) return undefined;
    if (startsLikeZip(start)) return 'a zip';
    if (sniffCompression(start) === 'gzip') return 'a gzip file';
    if (startsLikePack(start)) return 'a git pack';
    if (isExecutable(start)) return 'an executable';
    if (utf16Order(start)) return 'UTF-16 text';
    if (start[0] === 0x78 && DEFLATED.test(this.#path)) return 'zlib data';
    return structuredForm(start, this.#path);
  }

  #fileKind(): FileKind {
    this.#kind ??= fileKind(this.#path);
    return this.#kind;
  }

  #whole(bytes: Uint8Array): void {
    if (looksLikePyc(bytes) || /\.py[co]$/.test(this.#path)) {
      this.#bytecode(bytes, undefined);
      return;
    }
    if (this.#depth < MAX_NESTING && this.#archive(bytes)) return;
    if (!this.#structured(bytes)) this.#content(bytes);
  }

  /** Databases and the like, value by value; false for other files. */
  #structured(bytes: Uint8Array): boolean {
    const scan = scanStructured(bytes, this.#fileKind());
    if (!scan) return false;
    for (const detection of scan.detections) this.#found({ detection });
    if (scan.whole) countDecoded(this.#ledger, scan.what, bytes.length);
    else this.#skip(`${scan.what}: read in part, scanned as it stands`, bytes.length);
    if (this.#depth === 0) count(this.#ledger.binary, bytes.length);
    if (scan.capped) this.#tooMany();
    return true;
  }

  #tooMany(): void {
    this.#problem(
      'too-many-findings',
      'This file holds more secrets than are listed of one file; those beyond were left out.',
    );
  }

  /** Opens what is an archive; false where it is none, or is to be scanned as it stands as well. */
  #archive(bytes: Uint8Array): boolean {
    const first = bytes[0];
    if (first === 0x50 && startsLikeZip(bytes))
      return this.#members('zip', bytes, this.#zip(bytes));
    const packed = sniffCompression(bytes);
    if (packed === 'gzip') return this.#gunzip(bytes);
    if (first === 0x50 && startsLikePack(bytes))
      return this.#members('git pack', bytes, packMembers(bytes));
    if (packed !== 'none')
      this.#skip(`${packed} data inside a layer, scanned as they stand`, bytes.length);
    if (first === 0x78 && /(^|\/)objects\/[0-9a-f]{2}\/[0-9a-f]{38}$/.test(this.#path))
      return this.#loose(bytes);
    if (first === 0x78 && DEFLATED.test(this.#path)) return this.#inflate(bytes);
    if (startsLikeTar(bytes)) {
      this.#startTar();
      this.#pushTar(bytes);
      this.#endTar();
      return true;
    }
    if (first === 0x23 && bytes[1] === 0x21 && endsWithZip(bytes)) {
      // A zipapp: lines for the shell, then the zip.
      this.#content(bytes.subarray(0, Math.max(0, firstEntry(bytes))));
      return this.#members('zip', bytes, this.#zip(bytes));
    }
    if (!isExecutable(bytes)) return false;
    this.#content(bytes);
    this.#executable(bytes, this.#scanner.modules);
    return true;
  }

  #zip(bytes: Uint8Array): Generator<Member, string | undefined> {
    return zipMembers(bytes, () => this.#budget.left);
  }

  /** An executable is scanned as it stands; what is appended to it or frozen in it, besides. */
  #executable(bytes: Uint8Array, modules: boolean): void {
    const appended = pyInstallerArchive(bytes);
    if (appended) this.#members('PyInstaller archive', bytes, pyInstallerMembers(bytes, appended));
    else if (endsWithZip(bytes)) this.#members('zip', bytes, this.#zip(bytes));
    if (bytes[0] === 0x4d) this.#wideStrings(bytes);
    const frozen = modules ? frozenModules(bytes) : [];
    if (frozen.length > 0) this.#members('frozen modules', bytes, frozen.values());
  }

  /** Programs for Windows keep their strings in UTF-16. */
  #wideStrings(bytes: Uint8Array): void {
    const strings = utf16Strings(bytes);
    this.#scanner.begin(this.#fileKind(), strings.length);
    this.#scanner.push(strings);
    for (const detection of this.#scanner.end()) {
      detection.why.push('stands there in UTF-16');
      delete detection.offset;
      delete detection.line;
      delete detection.column;
      this.#found({ detection });
    }
  }

  #members(
    what: string,
    bytes: Uint8Array,
    members: Iterator<Member, string | undefined>,
  ): boolean {
    let read = 0;
    let unread = 0;
    for (;;) {
      const next = members.next();
      if (next.done) {
        if (next.value !== undefined)
          this.#problem('nested-damaged', `This ${what} was read in part: ${next.value}.`);
        break;
      }
      const { path, bytes: content, cost, error, bytecode, sourceOf } = next.value;
      if (error !== undefined) {
        this.#skip(`in a ${what}: ${error}`, content.length);
        if (unread++ < MOST_UNREAD)
          this.#problem('nested-unread', `This was not wholly read: ${error}.`, path);
      }
      if (!this.#spend(content.length + cost)) break;
      if (content.length > 0) this.#enter(path, content, bytecode, sourceOf);
      read++;
    }
    if (unread > MOST_UNREAD) {
      const more = (unread - MOST_UNREAD).toLocaleString('en');
      this.#problem('nested-unread', `${more} more in this ${what} were not wholly read.`);
    }
    if (read === 0) return false;
    countDecoded(this.#ledger, what, bytes.length);
    return true;
  }

  #enter(
    path: string,
    bytes: Uint8Array,
    bytecode: Member['bytecode'],
    sourceOf: Member['sourceOf'],
  ): void {
    const child = this.#inner(path);
    child.begin(child.#path, bytes.length);
    child.#sourceOf = sourceOf;
    if (bytecode) child.#bytecode(bytes, bytecode.version);
    else {
      child.push(bytes);
      child.end(true);
    }
    count(this.#ledger.nested, bytes.length);
  }

  /** The scanner of what is inside this file, its path set. */
  #inner(path: string): FileScanner {
    this.#child ??= new FileScanner(this.#ledger, this.#sink, this.#depth + 1);
    const child = this.#child;
    const name = path.replace(/^(\.?\/)+/, '');
    child.#path = `${this.#path}${ARCHIVE_MARK}${name}`;
    child.#inside = this.#inside === undefined ? name : `${this.#inside}${ARCHIVE_MARK}${name}`;
    child.#budget = this.#budget;
    child.#sourceOf = undefined;
    child.#wrapper = undefined;
    return child;
  }

  #gunzip(bytes: Uint8Array): boolean {
    const child = this.#inner(nameInGzip(this.#path));
    child.begin(child.#path, undefined);
    child.#wrapper = { path: this.#path, inside: this.#inside };
    let length = 0;
    const outcome = gunzipBytes(bytes, (piece) => {
      if (!this.#spend(piece.length)) return false;
      length += piece.length;
      child.push(piece);
      return true;
    });
    if (length === 0) return false;
    child.end(true);
    if (outcome === 'damaged')
      this.#problem('nested-damaged', 'This gzip file is damaged; what came before was read.');
    count(this.#ledger.nested, length);
    countDecoded(this.#ledger, 'gzip', bytes.length);
    return true;
  }

  #loose(bytes: Uint8Array): boolean {
    const object = looseObject(bytes);
    if (!object) {
      // Trees hold names and hashes only.
      countDecoded(this.#ledger, 'git object', bytes.length);
      return true;
    }
    if (!this.#spend(object.bytes.length)) return true;
    this.#enter(object.type, object.bytes, undefined, undefined);
    countDecoded(this.#ledger, 'git object', bytes.length);
    return true;
  }

  /** A zlib stream, as joblib writes; false where it is none. */
  #inflate(bytes: Uint8Array): boolean {
    const limit = Math.max(0, Math.min(MAX_NESTED, this.#budget.left));
    const { bytes: inflated, error } = inflateZlib(bytes, 0, limit, bytes.length * 4);
    if (inflated.length === 0) return false;
    if (!this.#spend(inflated.length)) return true;
    if (error !== undefined) this.#skip(`in zlib data: ${error}`, bytes.length);
    this.#enter(nameInGzip(this.#path), inflated, undefined, undefined);
    countDecoded(this.#ledger, 'zlib', bytes.length);
    return true;
  }

  #startTar(): void {
    this.#mode = 'tar';
    this.#tarFile = false;
    // A compressed tar is one archive: `a.tar.gz!/b`, not `a.tar.gz!/a.tar!/b`.
    if (this.#wrapper) {
      this.#path = this.#wrapper.path;
      this.#inside = this.#wrapper.inside;
    }
    this.#tar = new TarReader((problem) => this.#problem(problem.code, problem.message));
  }

  #pushTar(bytes: Uint8Array): void {
    for (const event of this.#tar?.push(bytes) ?? []) this.#onTar(event);
  }

  #endTar(): void {
    for (const event of this.#tar?.end() ?? []) this.#onTar(event);
    countDecoded(this.#ledger, 'tar', Math.max(0, this.#size));
    this.#tar = undefined;
  }

  #onTar(event: TarEvent): void {
    if (event.type === 'entry') {
      const { header } = event;
      this.#tarFile = header.kind === EntryKind.file && header.stored > 0;
      if (!this.#tarFile) return;
      const child = this.#inner(new TextDecoder().decode(header.name));
      child.begin(child.#path, header.stored);
      count(this.#ledger.nested, header.size);
    } else if (!this.#tarFile) return;
    else if (event.type === 'data') this.#child?.push(event.bytes);
    else this.#child?.end(event.complete);
  }

  /** Takes from what may still be unpacked; false, and a word in the report, where nothing is left. */
  #spend(bytes: number): boolean {
    this.#budget.left -= bytes;
    if (this.#budget.left > 0) return true;
    if (!this.#budget.told) {
      this.#budget.told = true;
      this.#skip('unpacks to too much', 0);
      this.#problem(
        'nested-ratio',
        `This unpacks to more than ${NESTED_RATIO} times its size; reading it stopped there.`,
      );
    }
    return false;
  }

  #content(bytes: Uint8Array): void {
    const order = utf16Order(bytes);
    const text = order ? new TextEncoder().encode(new TextDecoder(order).decode(bytes)) : bytes;
    if (order) countDecoded(this.#ledger, 'UTF-16', bytes.length);
    this.#scanner.begin(this.#fileKind(), text.length);
    this.#scanner.push(text);
    this.#size = bytes.length;
    this.#endContent(order !== undefined);
  }

  /** `recoded`: what was scanned are not the file's own bytes, so that offsets in it mean nothing. */
  #endContent(recoded = false): void {
    const { capped } = this.#scanner;
    for (const detection of this.#scanner.end()) {
      if (recoded) {
        detection.why.push('stands there in UTF-16');
        delete detection.offset;
      }
      this.#found({ detection });
    }
    if (this.#depth === 0) {
      const size = Math.max(0, this.#size);
      count(this.#scanner.binary ? this.#ledger.binary : this.#ledger.text, size);
    }
    if (capped || this.#scanner.capped) this.#tooMany();
  }

  #bytecode(bytes: Uint8Array, hint: PythonVersion | undefined): void {
    const kind = this.#fileKind();
    const scan = scanSafely(bytes, kind, hint);
    if (scan.file && this.#depth === 0) this.#sink.bytecode(scan.file);
    for (const { detection, ...bytecode } of scan.detections) {
      const found: FileDetection = { detection, bytecode };
      if (this.#depth > 0) found.comparison = this.#compare(bytecode);
      this.#found(found);
    }
    if (scan.error !== undefined) {
      this.#problem(
        'bytecode-damaged',
        scan.decoded
          ? `This bytecode was decoded in part: ${scan.error}. The rest was scanned as raw bytes.`
          : `This is no bytecode that can be decoded: ${scan.error}. It was scanned as raw bytes.`,
      );
      this.#scanner.begin(kind, bytes.length);
      this.#scanner.push(bytes);
      const seen = new Set(scan.detections.map(({ detection }) => detection.value));
      for (const detection of this.#scanner.end()) {
        if (!seen.has(detection.value)) this.#found({ detection });
      }
    }
    if (scan.decoded) countDecoded(this.#ledger, 'bytecode', bytes.length);
    else this.#skip('bytecode that cannot be decoded, scanned as raw bytes', bytes.length);
  }

  #compare(bytecode: Omit<BytecodeDetection, 'detection'>): SourceComparison {
    const outer = this.#inside ?? '';
    const cut = outer.lastIndexOf(ARCHIVE_MARK);
    const name = cut < 0 ? outer : outer.slice(cut + ARCHIVE_MARK.length);
    const folder = this.#path.slice(0, this.#path.length - name.length);
    if (!this.#sourceOf) return { verdict: 'unknown' };
    for (const path of sourcePaths(name, '')) {
      const source = this.#sourceOf(path);
      if (source) return compareInArchive(bytecode, source, `${folder}${path}`);
    }
    return { verdict: 'missing' };
  }

  #found(found: FileDetection): void {
    if (this.#inside !== undefined) found.inside = this.#inside;
    this.#sink.found(found);
  }

  #problem(code: string, message: string, member?: string): void {
    const path = member === undefined ? this.#path : `${this.#path}${ARCHIVE_MARK}${member}`;
    this.#sink.problem({ code, message, path });
  }

  #skip(reason: string, bytes: number): void {
    countSkipped(this.#ledger, reason, Math.max(0, bytes));
  }
}

/** One file must never cost the layer: whatever a hostile one provokes becomes a problem. */
function scanSafely(
  bytes: Uint8Array,
  kind: FileKind,
  hint: PythonVersion | undefined,
): ReturnType<typeof scanBytecode> {
  try {
    return scanBytecode(bytes, kind, hint);
  } catch (error) {
    return { detections: [], error: messageOf(error), decoded: false, file: undefined };
  }
}

/** ELF, PE and Mach-O. */
function isExecutable(bytes: Uint8Array): boolean {
  const [a, b, c, d] = bytes;
  if (a === 0x7f) return b === 0x45 && c === 0x4c && d === 0x46;
  if (a === 0x4d) return b === 0x5a;
  if (a === 0xcf || a === 0xce) return b === 0xfa && c === 0xed && d === 0xfe;
  return a === 0xca && b === 0xfe && c === 0xba && d === 0xbe && (bytes[7] ?? 0) < 20; // not a Java class
}

/** `a.tar.gz` holds `a.tar`; a `.tgz` holds a `.tar` too. */
function nameInGzip(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const inner = name.replace(/\.tgz$/i, '.tar').replace(/\.(gz|z)$/i, '');
  return inner === name ? 'content' : inner;
}
