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
  return image(file, { entries: Array<number>(names).fill(0) });
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
  return image(file, { entries: Array<number>(names).fill(0), data });
}

/** An image with one file, whose name has so many letters, each of them in a block of metadata of its own. */
export function longName(letters: number): Uint8Array {
  const file = Buffer.alloc(36, 0xff);
  file.writeUInt16LE(FILE, 0);
  file.writeUInt32LE(1, 28);
  return image(file, { name: 'a'.repeat(letters), piece: 1 });
}

/** An image with many symlinks, each of them in another block of metadata than the one before. */
export function hoppingLinks(links: number, blocks: number): Uint8Array {
  const link = Buffer.alloc(METADATA - ROOT);
  link.writeUInt16LE(SYMLINK, 0);
  const entries = Array.from({ length: links }, (_, i) => i % blocks);
  return image(link, { blocks, entries });
}

interface Layout {
  /** Blocks of metadata, in each of which the inode stands behind the root. */
  blocks?: number;
  /** In which of these blocks the inode of each entry stands. */
  entries?: readonly number[];
  /** Of every entry. */
  name?: string;
  /** Bytes of the folder in each of its blocks. */
  piece?: number;
  data?: Buffer;
}

function image(inode: Buffer, layout: Layout): Uint8Array {
  const { blocks = 1, entries = [0], name = 'a', piece = METADATA } = layout;
  const { data = Buffer.alloc(0) } = layout;
  const root = Buffer.alloc(ROOT);
  root.writeUInt16LE(8, 0);
  root.writeUInt32LE(entries.length * (20 + name.length) + 3, 20);
  const inodes = new MetadataWriter();
  const starts: number[] = [];
  for (let i = 0; i < blocks; i++) starts.push(inodes.add(Buffer.concat([root, inode])));
  const folder = entries.map((block) => {
    const entry = Buffer.alloc(20 + name.length); // a header and one entry
    entry.writeUInt32LE(starts[block] as number, 4);
    entry.writeUInt16LE(ROOT, 12);
    entry.writeUInt16LE(name.length - 1, 18);
    entry.write(name, 20);
    return entry;
  });
  const folders = new MetadataWriter();
  folders.add(Buffer.concat(folder), piece);
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

  /** Adds blocks of so many bytes, the small ones plain; says where the first of them stands. */
  add(bytes: Buffer, piece = METADATA): number {
    const start = this.length;
    for (let at = 0; at < bytes.length; at += piece) {
      const plain = bytes.subarray(at, at + piece);
      const stored = piece < METADATA ? plain : deflateSync(plain);
      const header = Buffer.alloc(2);
      header.writeUInt16LE(stored.length + (stored === plain ? 0x8000 : 0));
      this.pieces.push(header, stored);
      this.length += 2 + stored.length;
    }
    return start;
  }
}
