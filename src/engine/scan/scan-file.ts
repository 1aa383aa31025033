/**
 * The content of one file, as it streams by: told by its bytes what it is, held whole where it must be,
 * scanned as text or raw bytes, decoded as bytecode, or opened as an archive, whose members are files again.
 */
import { MAX_NESTED, MAX_NESTING, MAX_PACKAGE } from '../archive/limits.ts';
import { messageOf, type Problem } from '../archive/problem.ts';
import { concat } from '../archive/read-blob.ts';
import type { PythonVersion } from '../python/version.ts';
import { ContentScanner } from '../secrets/content-scanner.ts';
import { type FileKind, fileKind } from '../secrets/file-kind.ts';
import type { Detection } from '../secrets/finding.ts';
import { SqliteSchemas } from '../secrets/structured/sqlite-schemas.ts';
import { utf16Text } from '../secrets/utf16.ts';
import { compareBeside } from './compare-in-archive.ts';
import { type FileDetection, FileOutcome, type FileSink } from './file-outcome.ts';
import { HeldBytes } from './held-bytes.ts';
import {
  heldArchive,
  inExecutable,
  isArchive,
  isBytecode,
  isExecutable,
  isPackage,
  mustBeWhole,
  STREAMED_ZIP,
  TELLING_START,
  unopenedKind,
} from './held-kinds.ts';
import { javaPackageOf } from './java-packages.ts';
import type { Ledger } from './ledger.ts';
import { BLIND, type Contents, type Lookout } from './lookout.ts';
import type { Member } from './nested-archive.ts';
import { budgetFor, type MemberScanner, NestedOpener, type Station } from './open-nested.ts';
import { scanBytecode } from './scan-bytecode.ts';
import { scanDecoded } from './scan-decoded.ts';
import { streamedKind, type StreamedKind } from './streamed-archives.ts';

const HOLD = 1 << 20; // a file of at most this size is held whole, whatever it is

/** Reused from file to file: `begin`, any number of `push`, `end`. */
export class FileScanner implements MemberScanner {
  #sink: FileSink;
  #outcome: FileOutcome;
  #scanner: Contents;
  #lookout: Lookout | undefined;
  #depth: number;
  #child: FileScanner | undefined;
  #nested: NestedOpener;
  #schemas = new SqliteSchemas();

  // The file at hand:
  #station: Station = { path: '', inside: undefined, level: 0, budget: budgetFor(0) };
  #kind: FileKind | undefined;
  #size = 0; // bytes, or -1 where only the end will tell
  #received = 0;
  #mode: 'hold' | 'stream' | 'open' = 'hold';
  #opened = ''; // what it is opened as
  #held = new HeldBytes();
  #most = HOLD;
  #looseFrom = -1; // where the loose bytes begin that are being scanned
  #looseEnd = 0;

  constructor(ledger: Ledger, sink: FileSink, depth = 0, lookout?: Lookout) {
    this.#scanner = lookout ? BLIND : new ContentScanner();
    this.#lookout = lookout;
    this.#sink = sink;
    this.#outcome = new FileOutcome(ledger, sink, depth > 0);
    this.#depth = depth;
    const child = (): FileScanner =>
      (this.#child ??= new FileScanner(ledger, sink, depth + 1, lookout));
    const loose = (bytes: Uint8Array, offset: number): void => this.#loose(bytes, offset);
    const problem = (told: Problem): void => this.#sink.problem(told);
    this.#nested = new NestedOpener(ledger, { problem, loose }, child);
  }

  /** `size` is the content's length in bytes. */
  begin(path: string, size: number): void {
    this.beginInside({ path, inside: undefined, level: 0, budget: budgetFor(size) }, size);
  }

  /** Begins with a file wherever it stands; of one inside an archive the size may be unknown. */
  beginInside(station: Station, size: number | undefined): void {
    this.#station = station;
    this.#outcome.begin(station);
    const javaPackage = javaPackageOf(station.path);
    if (javaPackage !== undefined) this.#sink.javaPackage(javaPackage);
    this.#kind = undefined;
    this.#size = size ?? -1;
    this.#received = 0;
    this.#mode = 'hold';
    this.#held.take();
    this.#most = HOLD;
    this.#looseFrom = -1;
  }

  push(bytes: Uint8Array): void {
    if (this.#sought) this.#lookout?.take(bytes);
    this.#received += bytes.length;
    if (this.#mode === 'stream') this.#scanner.push(bytes);
    else if (this.#mode === 'open') this.#nested.push(bytes);
    else if (bytes.length === this.#size && this.#held.length === 0) this.#held.set(bytes);
    else this.#hold(bytes);
  }

  /** `complete` is false where the content was cut short. */
  end(complete: boolean): void {
    if (this.#sought) this.#lookout?.end();
    if (!complete && this.#depth === 0)
      this.#outcome.skipped('cut short', Math.max(0, this.#size - this.#received));
    const held = this.#held.take();
    if (this.#mode === 'stream') this.#endContent();
    else if (this.#mode === 'open') this.#endOpen();
    else if (held.length > 0) this.#whole(held);
    this.#held.done();
  }

  /** Whether the rest of the file may be scanned by itself: raw bytes, of which none says what the others are. */
  get isLoose(): boolean {
    return this.#mode === 'stream' && this.#scanner.binary && this.#lookout === undefined;
  }

  /** Ends what `isLoose` early. What begins at `until` of the file or behind is left to others. */
  endAt(until: number): void {
    const detections = this.#scanner.end().filter(({ offset = 0 }) => offset < until);
    this.#outcome.content(this.#scanner, detections);
    this.#outcome.countContent(true, this.#size);
  }

  marshalled(
    station: Station,
    bytes: Uint8Array,
    { version }: NonNullable<Member['bytecode']>,
  ): void {
    this.beginInside(station, bytes.length);
    this.#received = bytes.length;
    if (this.#sought) {
      this.#lookout?.take(bytes);
      this.#lookout?.end();
    }
    this.#bytecode(bytes, version);
  }

  #hold(bytes: Uint8Array): void {
    const length = this.#held.length + bytes.length;
    if (length > this.#most && !this.#holdMore(bytes, length)) return;
    this.#held.append(bytes, this.#size, this.#most);
  }

  /** Past what is held of every file: some kinds are held on, all else streams from here. */
  #holdMore(bytes: Uint8Array, length: number): boolean {
    const held = this.#held.take();
    const missing = Math.max(0, TELLING_START - held.length);
    const start = missing === 0 ? held : concat([held, bytes.subarray(0, missing)]);
    const opens = this.#opens;
    const what = mustBeWhole(start, this.#station.path, opens);
    const most = what === 'a zip' && isPackage(this.#station.path) ? MAX_PACKAGE : MAX_NESTED;
    if (what !== undefined && this.#size <= most && length <= most) {
      this.#most = most;
      this.#held.set(held);
      return true;
    }
    const streamed = opens ? streamedKind(start, this.#station.path) : undefined;
    const kind = what === 'a zip' ? STREAMED_ZIP : streamed;
    if (kind) this.#open(kind);
    else {
      if (what !== undefined) {
        const reason = `${what} larger than ${MAX_NESTED >> 20} MiB, scanned as raw bytes`;
        this.#outcome.skipped(reason, Math.max(0, this.#size));
      } else this.#tellUnopened(start);
      this.#mode = 'stream';
      this.#scanner.begin(this.#fileKind(), this.#size >= 0 ? this.#size : Infinity);
    }
    for (const piece of [held, bytes]) {
      if (kind) this.#nested.push(piece);
      else this.#scanner.push(piece);
    }
    return false;
  }

  get #sought(): boolean {
    return this.#lookout !== undefined && this.#station.inside === this.#lookout.inside;
  }

  #fileKind(): FileKind {
    this.#kind ??= fileKind(this.#station.path);
    return this.#kind;
  }

  #whole(bytes: Uint8Array): void {
    if (isBytecode(bytes, this.#station.path)) this.#bytecode(bytes, undefined);
    else if (this.#opens && this.#archive(bytes)) return;
    else if (!this.#decoded(bytes)) {
      this.#tellUnopened(bytes);
      this.#content(bytes);
    }
  }

  /** Whether archives that stand here are opened. */
  get #opens(): boolean {
    return this.#station.level < MAX_NESTING;
  }

  /** Says of an archive of a kind that is not opened, or too deep in others, that its bytes alone are scanned. */
  #tellUnopened(start: Uint8Array): void {
    const bytes = Math.max(this.#size, this.#received);
    const what = unopenedKind(start);
    if (what !== undefined) this.#outcome.skipped(`${what}, scanned as raw bytes`, bytes);
    else if (!this.#opens && isArchive(start, this.#station.path)) this.#outcome.tooDeep(bytes);
  }

  /** Classes, databases and the like; false for other files. */
  #decoded(bytes: Uint8Array): boolean {
    const scan = this.#lookout ? undefined : scanDecoded(bytes, this.#fileKind(), this.#schemas);
    if (!scan) return false;
    for (const detection of scan.detections) this.#outcome.found({ detection });
    if (scan.capped) this.#outcome.tooMany();
    if (scan.error === undefined && scan.whole) this.#countDecoded(scan.what);
    else if (scan.error === undefined) {
      const reason = `${scan.what} read in part, the rest scanned as it stands`;
      this.#outcome.skipped(reason, this.#received);
      this.#outcome.countContent(true, this.#received);
    } else {
      const part = `This ${scan.what} was decoded in part: ${scan.error}.`;
      this.#outcome.problem('decoded-damaged', `${part} The rest was scanned as raw bytes.`);
      this.#content(bytes);
    }
    return true;
  }

  /** Opens what is an archive; false where it is none. */
  #archive(bytes: Uint8Array): boolean {
    const streamed = streamedKind(bytes, this.#station.path);
    if (streamed) {
      this.#open(streamed);
      this.#nested.push(bytes);
      this.#endOpen();
      return true;
    }
    if (isExecutable(bytes)) {
      this.#executable(bytes);
      return true;
    }
    const held = heldArchive(bytes, this.#station.path, () => this.#station.budget.left);
    if (!held || !this.#nested.members(this.#station, held.what, bytes, held.members)) return false;
    this.#endLoose();
    this.#countDecoded(held.what);
    return true;
  }

  #open(kind: StreamedKind): void {
    this.#mode = 'open';
    this.#opened = kind.what;
    this.#nested.begin(this.#station, kind);
  }

  /** Ends an archive that was read as it came; one of which nothing could be read has been scanned as raw bytes. */
  #endOpen(): void {
    const opened = this.#nested.end();
    const scanned = this.#endLoose();
    if (opened || !scanned) this.#countDecoded(this.#opened);
    else this.#countContent();
  }

  /** An executable is scanned as it stands; what is appended to it or frozen in it, besides. */
  #executable(bytes: Uint8Array): void {
    this.#begin(bytes.length);
    this.#scanner.push(bytes);
    this.#outcome.content(this.#scanner, this.#scanner.end());
    const modules = this.#scanner.modules;
    const opened: string[] = [];
    const left = (): number => this.#station.budget.left;
    for (const { what, members } of inExecutable(bytes, left, modules)) {
      if (this.#nested.members(this.#station, what, bytes, members, false)) opened.push(what);
    }
    if (opened[0] !== undefined) this.#countDecoded(opened[0]);
    else this.#countContent();
  }

  #content(bytes: Uint8Array): void {
    const text = utf16Text(bytes);
    if (!text) {
      this.#begin(bytes.length);
      this.#scanner.push(bytes);
      this.#endContent();
      return;
    }
    this.#begin(text.length);
    this.#scanner.push(text);
    this.#outcome.content(this.#scanner, this.#scanner.end().map(recoded));
    this.#countDecoded('UTF-16');
  }

  #begin(size: number): void {
    this.#scanner.begin(this.#fileKind(), size);
  }

  #endContent(): void {
    this.#outcome.content(this.#scanner, this.#scanner.end());
    for (const detection of this.#scanner.candidates) this.#outcome.found({ detection });
    this.#countContent();
  }

  /** Scans bytes of an archive that are in no member; pieces that follow one another are one. */
  #loose(bytes: Uint8Array, offset: number): void {
    if (this.#looseFrom >= 0 && offset !== this.#looseEnd) this.#endLoose();
    if (this.#looseFrom < 0) {
      this.#looseFrom = offset;
      this.#begin(Infinity);
    }
    this.#looseEnd = offset + bytes.length;
    this.#scanner.push(bytes);
  }

  /** Ends what is scanned of an archive itself; false where nothing is. */
  #endLoose(): boolean {
    const from = this.#looseFrom;
    if (from < 0) return false;
    this.#looseFrom = -1;
    const detections = this.#scanner.end();
    this.#outcome.content(
      this.#scanner,
      from === 0 ? detections : detections.map((detection) => moved(detection, from)),
    );
    return true;
  }

  #countContent(): void {
    this.#outcome.countContent(this.#scanner.binary, this.#received);
  }

  #countDecoded(what: string): void {
    this.#outcome.countDecoded(what, this.#received);
  }

  #bytecode(bytes: Uint8Array, hint: PythonVersion | undefined): void {
    if (this.#lookout) return;
    const kind = this.#fileKind();
    const scan = scanSafely(bytes, kind, hint);
    if (scan.file && this.#depth === 0) this.#sink.bytecode(scan.file);
    for (const { detection, ...bytecode } of scan.detections) {
      const found: FileDetection = { detection, bytecode };
      if (this.#depth > 0) found.comparison = compareBeside(bytecode, this.#station);
      this.#outcome.found(found);
    }
    if (scan.error !== undefined) {
      this.#outcome.problem(
        'bytecode-damaged',
        scan.decoded
          ? `This bytecode was decoded in part: ${scan.error}. The rest was scanned as raw bytes.`
          : `This is no bytecode that can be decoded: ${scan.error}. It was scanned as raw bytes.`,
      );
      this.#begin(bytes.length);
      this.#scanner.push(bytes);
      const seen = new Set(scan.detections.map(({ detection }) => detection.value));
      for (const detection of this.#scanner.end()) {
        if (!seen.has(detection.value)) this.#outcome.found({ detection });
      }
    }
    if (scan.decoded) this.#countDecoded('bytecode');
    else {
      this.#outcome.skipped('bytecode that cannot be decoded, scanned as raw bytes', bytes.length);
      this.#countContent();
    }
  }
}

/** A detection in text that was decoded from UTF-16: offsets in it say nothing. */
function recoded({ offset: _offset, ...detection }: Detection): Detection {
  return { ...detection, why: [...detection.why, 'stands there in UTF-16'] };
}

/** A detection in bytes that begin at `from` of the file. */
function moved({ line: _line, column: _column, ...detection }: Detection, from: number): Detection {
  return {
    ...detection,
    ...(detection.offset !== undefined && { offset: detection.offset + from }),
  };
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
