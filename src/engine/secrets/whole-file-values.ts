/** Files that are read as a whole by their format: what the format names is judged. */
import { charactersOf } from '../archive/plain-text.ts';
import { bytesText } from '../python/values.ts';
import { CELL_READER } from './document-lines.ts';
import { type FileReader, MAX_READ, type ReadValue, readerFor } from './file-readers.ts';
import type { Detection } from './finding.ts';
import type { FoundInFile } from './found-in-file.ts';
import { judgeHash } from './judge.ts';
import type { NamedHits } from './named-hits.ts';

/** Finds secrets in a text that was decoded; `lined` keeps their lines, and takes the text for prose. */
type Inside = (text: string, lined?: boolean) => Detection[];

/** Reads one file at a time by the readers that its path or its text calls for. */
export class WholeFileValues {
  #found: FoundInFile;
  #named: NamedHits;
  #inside: Inside;
  #readers = new Set<FileReader>();
  #byPath = true;

  /** `inside` finds secrets by their form in a text that was decoded. */
  constructor(found: FoundInFile, named: NamedHits, inside: Inside) {
    this.#found = found;
    this.#named = named;
    this.#inside = inside;
  }

  /** `byPath` says that the file's path may call for a reader, and not only a text in it. */
  begin(byPath: boolean): void {
    this.#readers.clear();
    this.#byPath = byPath;
  }

  /** Says that a text of the file calls for a reader. */
  call(reader: FileReader): void {
    this.#readers.add(reader);
  }

  /** Reads a file that is there as a whole. */
  read(bytes: Uint8Array): void {
    const byPath = this.#byPath && readerFor(this.#found.file.path);
    if (byPath) this.#readers.add(byPath);
    if (this.#named.inCell) this.#readers.add(CELL_READER);
    if (this.#readers.size === 0 || bytes.length > MAX_READ) return;
    const text = charactersOf(bytes, 0, bytes.length);
    for (const reader of this.#readers) {
      const lines: ReadValue[] = [];
      for (const found of reader.read(text, bytes, this.#found.file.path)) {
        if (this.#found.capped) return;
        if (found.text) lines.push(found);
        else this.#value(bytes, found);
      }
      if (lines.length > 0) this.#lines(text, lines);
    }
  }

  /** Secrets in the lines of a document, each where it stands or, where it is not in one piece, where its line does. */
  #lines(text: string, lines: readonly ReadValue[]): void {
    const joined = lines.map(({ value }) => value).join('\n');
    for (const { line = 1, ...detection } of this.#inside(joined, true)) {
      const { at, length, where } = lines[line - 1] as ReadValue;
      const inner = text.slice(at, at + length).indexOf(detection.value);
      detection.why.push(where);
      if (inner < 0) this.#found.add(detection, at, length, true, true);
      else this.#found.add(detection, at + inner, detection.value.length, true);
    }
  }

  #value(bytes: Uint8Array, found: ReadValue): void {
    const { name, at, length, where, kind, coded, user, rule } = found;
    const facts = { ...found.facts, ...(user !== undefined && { user }) };
    const written = bytesText(bytes.subarray(at, at + length));
    if (found.hash) {
      const hash = judgeHash(written, where, this.#found.file);
      if (hash) this.#found.add(hash, at, length, true);
      return;
    }
    const value = found.value ?? written;
    if (found.value !== undefined && found.value !== written) {
      // What is decoded may be a token, an address with a password, or a key by its own form.
      const inner = this.#inside(found.value);
      for (const detection of inner) {
        detection.why.push(`${where}, ${coded ?? 'decoded'}`);
        const stands = length > 0 ? { written } : {};
        const told = { ...facts, ...detection.facts };
        this.#found.add({ ...detection, ...stands, name, facts: told }, at, length, true);
      }
      if (inner.length > 0) return;
    }
    const said = user === undefined ? coded : `${coded ?? ''}, of the user ${user}`;
    this.#named.judge(
      at,
      length,
      {
        name,
        value,
        where,
        context: [where, this.#found.file.path],
        exact: true,
        ...(length > 0 && { written }),
        ...(kind && { kind }),
        ...(rule && { rule }),
        facts,
        ...(said && { coded: said }),
      },
      kind !== undefined,
    );
  }
}
