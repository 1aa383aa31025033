/**
 * A folder as a tar: an OCI layout or a `dir:` copy that lies unpacked is read like one that is packed.
 * Headers are made here; the files themselves stay where they are and are read when their turn comes.
 */
import type { ByteSource } from '../archive/read-blob.ts';
import { BLOCK } from '../archive/tar-fields.ts';

/** A file of the folder. */
export interface FolderFile<Source extends ByteSource> {
  /** Below the folder, with `/` between its parts. */
  path: string;
  content: Source;
}

const MODE = '0000644\0';

/** The parts that, one after the other, read as a tar of the files. */
export function folderArchive<Source extends ByteSource>(
  files: readonly FolderFile<Source>[],
): (Source | Uint8Array<ArrayBuffer>)[] {
  const parts: (Source | Uint8Array<ArrayBuffer>)[] = [];
  for (const { path, content } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const name = new TextEncoder().encode(path);
    if (name.length > 100) parts.push(header('././@LongLink', name.length, 'L'), padded(name));
    parts.push(header(name, content.size, '0'), content);
    const over = content.size % BLOCK;
    if (over > 0) parts.push(new Uint8Array(BLOCK - over));
  }
  parts.push(new Uint8Array(2 * BLOCK));
  return parts;
}

function padded(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(Math.ceil(bytes.length / BLOCK) * BLOCK);
  out.set(bytes);
  return out;
}

function header(name: string | Uint8Array, size: number, type: string): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string | Uint8Array, length = 100): void => {
    block.set(
      (typeof text === 'string' ? new TextEncoder().encode(text) : text).subarray(0, length),
      at,
    );
  };
  put(0, name);
  put(100, MODE);
  // Base-256, for files past 8 GiB too.
  block[124] = 0x80;
  for (let i = 135, rest = size; i > 127; i--, rest = Math.floor(rest / 256)) block[i] = rest % 256;
  put(156, type);
  put(257, 'ustar\u000000');
  put(148, '        ');
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  return block;
}
