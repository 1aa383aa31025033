/**
 * One member of an archive inside a file, by the path that findings give it: `pkg.whl!/pkg/settings.py`. It is
 * looked for by the scan's own way through archives, so that what the scan names can be read again.
 */
import type { ByteStream } from '../archive/read-blob.ts';
import { concat } from '../archive/read-blob.ts';
import { emptyLedger } from './ledger.ts';
import { ARCHIVE_MARK } from './open-nested.ts';
import { FileScanner } from './scan-file.ts';

const MAX_READ = 128 << 20; // bytes of a member; what is beyond is left out

/**
 * Reads what stands at `path` in a file of `size` bytes, which are read only as far as need be; `path` begins
 * with the file's own. Undefined where nothing stands there.
 */
export async function readMember(
  content: ByteStream,
  size: number,
  path: string,
): Promise<Uint8Array | undefined> {
  const mark = path.indexOf(ARCHIVE_MARK);
  if (mark < 0) return undefined;
  const search = new Search(path.slice(mark + ARCHIVE_MARK.length));
  const nothing = (): void => undefined;
  const sink = { found: nothing, bytecode: nothing, javaPackage: nothing, problem: nothing };
  const reader = new FileScanner(emptyLedger(), sink, 0, search);
  reader.begin(path.slice(0, mark), size);
  try {
    // The last piece is read at the end, when the stream has moved on.
    for await (const piece of content) reader.push(piece.slice());
    reader.end(true);
  } catch (error) {
    if (error !== FOUND) throw error;
  }
  return search.found;
}

/** Thrown once the member has been read to its end: the rest is of no interest. */
const FOUND = new Error('found');

class Search {
  readonly inside: string;
  #pieces: Uint8Array[] = [];
  #length = 0;
  #begun = false;

  constructor(inside: string) {
    this.inside = inside;
  }

  get found(): Uint8Array | undefined {
    return this.#begun ? concat(this.#pieces, this.#length) : undefined;
  }

  take(bytes: Uint8Array): void {
    this.#begun = true;
    const piece = bytes.slice(0, MAX_READ - this.#length);
    this.#pieces.push(piece);
    this.#length += piece.length;
    if (this.#length === MAX_READ) this.end();
  }

  end(): void {
    throw FOUND;
  }
}
