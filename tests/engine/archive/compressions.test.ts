import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sniffCompression } from '../../../src/engine/archive/compression.ts';
import { crc32 } from '../../../src/engine/archive/crc32.ts';
import { decompress, unwrap } from '../../../src/engine/archive/decompress.ts';
import type { Problem } from '../../../src/engine/archive/problem.ts';
import { Xxh64 } from '../../../src/engine/archive/xxh64.ts';
import { branchingCode } from '../../make/branching-code.ts';
import { compressedText } from '../../make/compressed-text.ts';
import { gather, inPieces, noise } from '../../make/pieces.ts';
import { join } from '../../make/tar-writer.ts';

const TEXT = compressedText();
const FIXTURES = [
  'level3.zst',
  'level19.zst',
  'unchecked.zst',
  'long27.zst',
  'crc64.xz',
  'delta.xz',
  'bz2',
  'lzma',
  'linked.lz4',
  'independent.lz4',
  'legacy.lz4',
];
const UNCHECKED = ['unchecked.zst', 'lzma', 'legacy.lz4']; // they have no checksum to go by
const load = (name: string, what = 'text'): Uint8Array =>
  new Uint8Array(readFileSync(`tests/fixtures/compressed/${what}.${name}`));

async function read(
  bytes: Uint8Array,
  pieces = 65_536,
): Promise<{ out: Uint8Array; problems: Problem[] }> {
  const problems: Problem[] = [];
  const compression = sniffCompression(bytes);
  const out = await gather(
    decompress(inPieces(bytes, pieces), compression, (problem) => problems.push(problem)),
  );
  return { out, problems };
}

describe('xz with filters for machine code', () => {
  test.each(['x86', 'powerpc', 'arm', 'armthumb', 'arm64', 'sparc', 'delta-x86', 'x86-delta'])(
    '%s',
    async (name) => {
      for (const pieces of [1, 600, 65_536]) {
        const { out, problems } = await read(load(`${name}.xz`, 'code'), pieces);
        expect(problems).toEqual([]);
        expect(Buffer.compare(out, branchingCode())).toBe(0);
      }
    },
  );

  test('of a kind that is not known is a problem', async () => {
    const bytes = load('x86.xz', 'code').slice();
    bytes[14] = 0x0b;
    new DataView(bytes.buffer).setUint32(20, crc32(bytes.subarray(12, 20)), true);
    expect((await read(bytes)).problems).toMatchObject([{ code: 'xz-filter' }]);
  });
});

describe.each(['level3.zst', 'bz2', 'linked.lz4', 'crc64.xz', 'lzma'])('behind %s', (name) => {
  const whole = load(name);
  const zeros = new Uint8Array(4 << 20);
  const codes = async (...behind: Uint8Array[]): Promise<string[]> =>
    (await read(join([whole, ...behind]))).problems.map(({ code }) => code);

  test('data behind zeros are told, as many as these may be', async () => {
    const again = name === 'crc64.xz' ? [] : [expect.stringMatching(/-trailing-data$/)];
    expect(await codes(zeros, whole)).toEqual(again);
    expect(await codes(zeros, noise(100))).toHaveLength(1);
    expect(
      await codes(new Uint8Array(8), new TextEncoder().encode('a secret that is left')),
    ).toHaveLength(1);
  });

  test('zeros alone are padding, but for lz4, which has none', async () => {
    expect(await codes(zeros)).toHaveLength(name === 'linked.lz4' ? 1 : 0);
    if (name !== 'lzma') expect(await codes(new Uint8Array([7, 7]))).toHaveLength(1);
  });
});

describe('lzma', () => {
  const sized = (size: number): Uint8Array => {
    const bytes = load('lzma').slice();
    new DataView(bytes.buffer).setBigUint64(5, BigInt(size), true);
    return bytes;
  };

  test('ends where its header says', async () => {
    const { out, problems } = await read(sized(TEXT.length));
    expect(problems).toEqual([]);
    expect(Buffer.compare(out, TEXT)).toBe(0);
  });

  test.each([TEXT.length - 1, TEXT.length + 1])('of %i bytes by its header', async (size) => {
    const { out, problems } = await read(sized(size));
    if (size > TEXT.length) expect(problems).toMatchObject([{ code: 'lzma-damaged' }]);
    expect(Buffer.compare(out, TEXT.subarray(0, out.length))).toBe(0);
    expect(out.length).toBeGreaterThan(0.7 * TEXT.length);
  });

  test('is not taken for what merely begins like it', () => {
    const bytes = load('lzma').slice(0, 20);
    expect(sniffCompression(bytes)).toBe('lzma');
    expect(sniffCompression(bytes.subarray(0, 13))).toBe('none');
    for (const at of [0, 2, 3, 12, 13]) {
      const other = bytes.slice();
      other[at] = 7;
      expect(sniffCompression(other)).toBe('none');
    }
  });
});

describe.each(FIXTURES)('text.%s', (name) => {
  const bytes = load(name);

  test.each([1, 511, 65_536])('decompresses in pieces of %i bytes', async (pieces) => {
    const { out, problems } = await read(bytes, pieces);
    expect(problems).toEqual([]);
    expect(Buffer.compare(out, TEXT)).toBe(0);
  });

  test.skipIf(name === 'lzma')('reads one after the other', async () => {
    const { out, problems } = await read(join([bytes, bytes]));
    expect(problems).toEqual([]);
    expect(Buffer.compare(out, join([TEXT, TEXT]))).toBe(0);
  });

  test('says where it is cut short, and keeps what came before', async () => {
    for (const part of [0.1, 0.5, 0.9, 0.999]) {
      const { out, problems } = await read(bytes.subarray(0, Math.floor(bytes.length * part)));
      expect(problems).toHaveLength(1);
      expect(problems[0]?.code).toMatch(/-truncated$/);
      expect(Buffer.compare(out, TEXT.subarray(0, out.length))).toBe(0);
    }
  });

  test('never gives wrong bytes in silence', async () => {
    if (UNCHECKED.includes(name)) return;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 12, max: bytes.length - 1 }),
        fc.nat(7),
        async (at, bit) => {
          const damaged = bytes.slice();
          damaged[at] = (damaged[at] as number) ^ (1 << bit);
          const { out, problems } = await read(damaged);
          // A flip in what is not checked (an index, a footer) may leave everything right.
          if (problems.length === 0) expect(Buffer.compare(out, TEXT)).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('zstd', () => {
  const uint32 = (value: number): Uint8Array => new Uint8Array(new Uint32Array([value]).buffer);

  test('passes over skippable frames, before, between and behind', async () => {
    const skippable = join([uint32(0x184d2a57), uint32(1000), noise(1000)]);
    const { out, problems } = await read(
      join([skippable, load('level3.zst'), skippable, load('level19.zst'), skippable]),
    );
    expect(problems).toEqual([]);
    expect(out.length).toBe(2 * TEXT.length);
  });

  test('refuses a window larger than the bound, in words', async () => {
    const frame = new Uint8Array([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 1, 0, 0]); // 2 GiB
    const { problems } = await read(frame);
    expect(problems).toMatchObject([
      { code: 'zstd-window', message: expect.stringContaining('2,048 MiB') as string },
    ]);
  });

  test('a block that claims 2 MiB of one byte is refused, and empty blocks without end make progress', async () => {
    const rle = new Uint8Array([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58, 0xfb, 0xff, 0xff, 0x61]);
    expect((await read(rle)).problems).toMatchObject([{ code: 'zstd-damaged' }]);
    const empty = join([
      new Uint8Array([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]),
      new Uint8Array(300_000),
    ]);
    expect((await read(empty)).problems).toMatchObject([{ code: 'zstd-truncated' }]);
  });

  test('XXH64 agrees with its reference', () => {
    // Low words of the values that the reference implementation's own tests give.
    const low = (bytes: Uint8Array): number => {
      const sum = new Xxh64();
      sum.update(bytes.subarray(0, 5));
      sum.update(bytes.subarray(5));
      return sum.low();
    };
    expect(low(new Uint8Array(0))).toBe(0x51d8e999);
    expect(low(new TextEncoder().encode('Nobody inspects the spammish repetition'))).toBe(
      0x8a378bf1,
    );
  });
});

test('compressions around one another come off, up to a bound', async () => {
  const { gzipSync } = await import('node:zlib');
  const nested = gzipSync(gzipSync(load('level3.zst')));
  const { stream, wrappers } = await unwrap(inPieces(nested, 1000), () => undefined);
  expect(wrappers).toEqual(['gzip', 'gzip', 'zstd']);
  expect(Buffer.compare(await gather(stream), TEXT)).toBe(0);
  let deep: Uint8Array = gzipSync('x');
  for (let i = 0; i < 10; i++) deep = gzipSync(deep);
  const { wrappers: taken } = await unwrap(inPieces(deep, 1000), () => undefined);
  expect(taken).toHaveLength(3);
});
