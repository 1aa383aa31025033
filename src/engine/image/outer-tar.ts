/**
 * The outer tar of an image archive, indexed by hopping from header to header: it has tens of entries,
 * however large, and nothing of a layer is read here.
 */
import {
  MAX_JSON,
  MAX_OUTER_ENTRIES,
  MAX_PATH,
  READ_SLICE,
  ROOTFS_AFTER_ENTRIES,
} from '../archive/limits.ts';
import type { Problem } from '../archive/problem.ts';
import { type ByteSource, readBytes } from '../archive/read-blob.ts';
import { EntryKind, type TarHeader, TarReader } from '../archive/tar.ts';
import { isMark, isRootName } from './archive-names.ts';

/** A file of the outer tar: where its bytes are. */
export interface OuterFile {
  name: string;
  /** Bytes from the start of the tar. */
  start: number;
  size: number;
  /** Set where it was stored without its holes (`tar -S`), so that these bytes are not those of the file. */
  sparse?: true;
}

/** What stands in an outer tar. Names are normalised; links are followed. */
export interface OuterTar {
  files: Map<string, OuterFile>;
  /** Set where the entries are those of a file system, so that the tar itself is a layer. */
  fileSystem: boolean;
  /** True where offsets count inside a compressed archive. */
  insideCompressed: boolean;
  /** Bytes of a file; undefined where there is none, and, with a problem told, where it has more than `most`. */
  read(
    name: string,
    onProblem: (problem: Problem) => void,
    most?: number,
  ): Promise<Uint8Array | undefined>;
}

const WINDOW = 1 << 20;
const FIRST_WINDOW = 64 * 1024;

/** Indexes a plain outer tar. Damage ends the index early and is told to `onProblem`. */
export async function indexOuterTar(
  blob: ByteSource,
  onProblem: (problem: Problem) => void,
): Promise<OuterTar> {
  const index = new OuterIndex();
  const reader = new TarReader(onProblem);
  let at = 0;
  let window = FIRST_WINDOW;
  while (at < blob.size && !reader.finished && !index.fileSystem) {
    const end = Math.min(blob.size, at + window);
    const bytes = await readBytes(blob, at, end);
    const skipped = hop(reader, bytes, index);
    at = end + skipped;
    // Hopping lands on a header: read little there, more once the entries prove to be small.
    window = skipped > 0 ? FIRST_WINDOW : Math.min(READ_SLICE, Math.max(WINDOW, window * 2));
  }
  if (at > blob.size) {
    onProblem({
      code: 'archive-truncated',
      message: `The archive ends early: ${(at - blob.size).toLocaleString('en')} bytes are missing. What is there was read.`,
    });
  } else if (!index.fileSystem) for (const event of reader.end()) index.add(event);
  return index.finish(async (file) => readBytes(blob, file.start, file.start + file.size));
}

/** Feeds a window of bytes; returns how many content bytes after it may be skipped unread. */
function hop(reader: TarReader, bytes: Uint8Array, index: OuterIndex): number {
  for (const event of reader.push(bytes)) index.add(event);
  return reader.skipContent();
}

/** Collects what a tar reader says of an outer tar. */
export class OuterIndex {
  fileSystem = false;
  #files = new Map<string, OuterFile>();
  #links = new Map<string, string>();
  #marked = false;
  #rootNames = 0;
  #count = 0;

  /** Takes an event of the tar's reader; for an entry, its name as the index has it. */
  add(event: { type: string; header?: TarHeader }): string | undefined {
    const header = event.header;
    if (!header || this.fileSystem) return undefined;
    this.#count++;
    const name = normalise(header.name);
    if (isMark(name)) this.#marked = true;
    else if (isRootName(name)) this.#rootNames++;
    // Many a file system has a mark as well, but no image archive has names by the thousand.
    const root = !this.#marked || this.#rootNames > ROOTFS_AFTER_ENTRIES / 2;
    if (root && this.#count > ROOTFS_AFTER_ENTRIES) this.fileSystem = true;
    if (this.#count > MAX_OUTER_ENTRIES) this.fileSystem = true;
    if (name === '') return undefined;
    if (header.kind === EntryKind.file) {
      const file: OuterFile = { name, start: header.dataOffset, size: header.stored };
      if (hasHoles(header)) file.sparse = true;
      this.#files.set(name, file);
      this.#links.delete(name);
    } else if (header.kind === EntryKind.symlink || header.kind === EntryKind.hardLink) {
      const target = new TextDecoder().decode(header.link);
      const base = header.kind === EntryKind.symlink ? name.replace(/[^/]*$/, '') : '';
      this.#links.set(name, resolve(target.startsWith('/') ? target : base + target));
    }
    return name;
  }

  /** The index, complete; `readFile` gives a file's bytes, or undefined where they were not kept. */
  finish(
    readFile: (file: OuterFile) => Promise<Uint8Array | undefined>,
    insideCompressed = false,
  ): OuterTar {
    const files = this.#files;
    for (const [name, target] of this.#links) {
      // One hop, as containers/image does: skopeo's `<id>/layer.tar` is a link to its layer.
      const file = files.get(target) ?? files.get(this.#links.get(target) ?? '');
      if (file && !files.has(name)) files.set(name, file);
    }
    return {
      files,
      fileSystem: this.fileSystem,
      insideCompressed,
      read: async (name, onProblem, most = MAX_JSON) => {
        const file = files.get(name);
        const bytes = file && !file.sparse && file.size <= most ? await readFile(file) : undefined;
        if (file && !bytes) onProblem(notRead(file, most));
        return bytes;
      },
    };
  }
}

/** Whether a file is stored without its holes. */
export function hasHoles({ sparse, size, stored }: TarHeader): boolean {
  return sparse && size !== stored;
}

function notRead({ name, size, sparse }: OuterFile, most: number): Problem {
  if (sparse) {
    const message = 'This file of the archive is stored as a sparse one (tar -S); it was not read.';
    return { code: 'json-sparse', message, path: name };
  }
  const bytes = size.toLocaleString('en');
  return {
    code: 'json-size',
    message:
      size > most
        ? `This file of the archive has ${bytes} bytes, more than any real one; it was not read.`
        : `This file of the archive has ${bytes} bytes; with the others like it, it is more than is kept, and it was not read.`,
    path: name,
  };
}

function normalise(bytes: Uint8Array): string {
  return resolve(new TextDecoder().decode(bytes.subarray(0, MAX_PATH)));
}

/** A path inside the archive without `.`, `..`, doubled or leading slashes. */
function resolve(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}
