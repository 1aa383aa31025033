/** Compressed files that hold their bytes as they stand, so that a test's token can be in them. */
import { crc32 } from '../../src/engine/archive/crc32.ts';

const ZSTD_BLOCK = 128 * 1024;
const LZMA2_CHUNK = 1 << 16;

/** A zstd frame of raw blocks (RFC 8878, 3.1.1). */
export function storedZstd(bytes: Uint8Array): Buffer {
  // A window of 1 MiB, neither size nor checksum.
  const parts = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x50])];
  for (let at = 0; at === 0 || at < bytes.length; at += ZSTD_BLOCK) {
    const block = bytes.subarray(at, at + ZSTD_BLOCK);
    const header = Buffer.alloc(3);
    header.writeUIntLE((block.length << 3) | (at + ZSTD_BLOCK >= bytes.length ? 1 : 0), 0, 3);
    parts.push(header, Buffer.from(block));
  }
  return Buffer.concat(parts);
}

/** An .xz stream of LZMA2 chunks that are not compressed, without a check (xz-file-format.txt, 1.2.1). */
export function storedXz(bytes: Uint8Array): Buffer {
  const flags = Buffer.from([0, 0]);
  const blockHeader = Buffer.from([2, 0, 0x21, 1, 16, 0, 0, 0]);
  const data: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += LZMA2_CHUNK) {
    const chunk = bytes.subarray(at, at + LZMA2_CHUNK);
    const header = Buffer.from([at === 0 ? 1 : 2, 0, 0]);
    header.writeUInt16BE(chunk.length - 1, 1);
    data.push(header, Buffer.from(chunk));
  }
  data.push(Buffer.from([0]));
  const block = Buffer.concat([withCrc(blockHeader), ...data]);
  const index = padded(
    Buffer.concat([Buffer.from([0, 1]), multibyte(block.length), multibyte(bytes.length)]),
  );
  const footer = Buffer.alloc(6);
  footer.writeUInt32LE((index.length + 4) / 4 - 1);
  return Buffer.concat([
    Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]),
    withCrc(flags),
    padded(block),
    withCrc(index),
    checksum(footer),
    footer,
    Buffer.from('YZ'),
  ]);
}

function checksum(bytes: Uint8Array): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(bytes));
  return sum;
}

function withCrc(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, checksum(bytes)]);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

function multibyte(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}
