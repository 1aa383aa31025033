/** squashfs images of one folder, laid out by hand as mksquashfs never would. */
import { deflateSync } from 'node:zlib';

const METADATA = 8192;
const SUPERBLOCK = 96;
const ROOT = 40; // bytes of the root's inode
const [FILE, SYMLINK] = [2, 3];

/** An image whose `names` are all one file, of `count` blocks that lie outside of the image. */
export function manyNames(names: number, count: number): Uint8Array {
  const file = Buffer.alloc(32 + count * 4, 0xff);
  file.writeUInt16LE(FILE, 0);
  file.writeUInt32LE(0, 16);
  file.writeUInt32LE(count * 4096, 28);
  return image(file, 1, Array<number>(names).fill(0));
}

/** An image whose `names` are all one file, of a block of so many bytes that unpack to nothing. */
export function emptyBlocks(names: number, stored: number): Uint8Array {
  const data = Buffer.alloc(stored);
  data.writeUInt16BE(0x7801);
  data.fill(Buffer.from([0, 0, 0, 0xff, 0xff]), 2); // deflate's empty blocks
  const file = Buffer.alloc(36, 0xff);
  file.writeUInt16LE(FILE, 0);
  file.writeUInt32LE(SUPERBLOCK, 16);
  file.writeUInt32LE(4096, 28);
  file.writeUInt32LE(stored, 32);
  return image(file, 1, Array<number>(names).fill(0), data);
}

/** An image with many symlinks, each of them in another block of metadata than the one before. */
export function hoppingLinks(links: number, blocks: number): Uint8Array {
  const link = Buffer.alloc(METADATA - ROOT);
  link.writeUInt16LE(SYMLINK, 0);
  return image(
    link,
    blocks,
    Array.from({ length: links }, (_, i) => i % blocks),
  );
}

/** The root, and behind it an inode in each of `blocks` blocks of metadata; `entries` say which block each is of. */
function image(
  inode: Buffer,
  blocks: number,
  entries: readonly number[],
  data = Buffer.alloc(0),
): Uint8Array {
  const root = Buffer.alloc(ROOT);
  root.writeUInt16LE(8, 0);
  root.writeUInt32LE(entries.length * 21 + 3, 20);
  const inodes = new MetadataWriter();
  const starts: number[] = [];
  for (let i = 0; i < blocks; i++) starts.push(inodes.add(Buffer.concat([root, inode])));
  const folder = entries.map((block) => {
    const entry = Buffer.alloc(21); // a header and one entry, whose name has one letter
    entry.writeUInt32LE(starts[block] as number, 4);
    entry.writeUInt16LE(ROOT, 12);
    entry.write('a', 20);
    return entry;
  });
  const folders = new MetadataWriter();
  folders.add(Buffer.concat(folder));
  const superblock = Buffer.alloc(SUPERBLOCK);
  superblock.write('hsqs');
  superblock.writeUInt32LE(4096, 12);
  superblock.writeUInt16LE(1, 20);
  superblock.writeUInt16LE(4, 28);
  superblock.writeBigUInt64LE(BigInt(SUPERBLOCK + data.length), 64);
  const folderTable = SUPERBLOCK + data.length + inodes.length;
  superblock.writeBigUInt64LE(BigInt(folderTable), 72);
  return new Uint8Array(Buffer.concat([superblock, data, ...inodes.pieces, ...folders.pieces]));
}

class MetadataWriter {
  pieces: Buffer[] = [];
  length = 0;

  /** Adds blocks, deflated; says where the first of them stands. */
  add(bytes: Buffer): number {
    const start = this.length;
    for (let at = 0; at < bytes.length; at += METADATA) {
      const stored = deflateSync(bytes.subarray(at, at + METADATA));
      const header = Buffer.alloc(2);
      header.writeUInt16LE(stored.length);
      this.pieces.push(header, stored);
      this.length += 2 + stored.length;
    }
    return start;
  }
}
