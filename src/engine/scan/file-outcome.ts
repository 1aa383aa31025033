/** What is told of one file: its detections, its problems, and its one line in the ledger. */
import { MAX_NESTING } from '../archive/limits.ts';
import type { Problem } from '../archive/problem.ts';
import type { CompiledFrom } from '../python/pyc.ts';
import type { Detection } from '../secrets/finding.ts';
import type { SourceComparison } from './compare-in-archive.ts';
import { count, countDecoded, countSkipped, type Ledger } from './ledger.ts';
import type { Contents } from './lookout.ts';
import { tooMany } from './note-problems.ts';
import type { Station } from './open-nested.ts';
import type { BytecodeDetection } from './scan-bytecode.ts';

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
  /** A package of Java of a web application, as `javaPackage` gives it. */
  javaPackage(path: string): void;
  problem(problem: Problem): void;
}

/** Reused from file to file: `begin`, then whatever there is to tell. Every file of the layer is counted once. */
export class FileOutcome {
  #ledger: Ledger;
  #sink: FileSink;
  #nested: boolean;
  #path = '';
  #inside: string | undefined;

  /** `nested` says whether the files are members of archives. */
  constructor(ledger: Ledger, sink: FileSink, nested: boolean) {
    this.#ledger = ledger;
    this.#sink = sink;
    this.#nested = nested;
  }

  begin({ path, inside }: Station): void {
    this.#path = path;
    this.#inside = inside;
  }

  found(found: FileDetection): void {
    if (this.#inside !== undefined) found.inside = this.#inside;
    this.#sink.found(found);
  }

  /** `detections` of a scanner that has ended, and what it says besides. */
  content(scanner: Contents, detections: readonly Detection[]): void {
    for (const detection of detections) this.found({ detection });
    if (scanner.capped) this.tooMany();
    for (const reason of scanner.unread) this.skipped(reason, 0);
  }

  tooMany(): void {
    this.#sink.problem(tooMany(this.#path));
  }

  problem(code: string, message: string): void {
    this.#sink.problem({ code, message, path: this.#path });
  }

  /** Counts a file that was scanned as it stands. */
  countContent(binary: boolean, bytes: number): void {
    if (!this.#nested) count(binary ? this.#ledger.binary : this.#ledger.text, bytes);
  }

  /** Counts a file by what it was decoded as. */
  countDecoded(what: string, bytes: number): void {
    countDecoded(this.#ledger, this.#nested ? `${what} inside archives` : what, bytes);
  }

  /** Counts what was not scanned, or not as what it is. */
  skipped(reason: string, bytes: number): void {
    countSkipped(this.#ledger, reason, bytes);
  }

  /** Says of an archive that it stands too deep in others to be opened. */
  tooDeep(bytes: number): void {
    this.skipped(`archives in more than ${MAX_NESTING} others, scanned as raw bytes`, bytes);
    const told = `This archive stands in more than ${MAX_NESTING} others: it was not opened, and only its bytes were scanned.`;
    this.problem('nested-depth', told);
  }
}
