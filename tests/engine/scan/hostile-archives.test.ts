/** Archives that are made to take much work or memory for few bytes: what they take is counted. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { asarMembers } from '../../../src/engine/archive/asar.ts';
import { InputBuffer, PushDecoder } from '../../../src/engine/archive/input-buffer.ts';
import { unlz4 } from '../../../src/engine/archive/lz4.ts';
import { xxh32 } from '../../../src/engine/archive/xxh32.ts';
import { squashMembers } from '../../../src/engine/scan/nested-archive.ts';
import { noise } from '../../make/pieces.ts';
import { constructedToken } from '../../make/sample-source.ts';
import { scanFile } from '../../make/scan-image.ts';
import { emptyBlocks, hoppingLinks, longName, manyNames } from '../../make/squashfs-writer.ts';

const MiB = 1 << 20;
const TOKEN = constructedToken();

/** Counts the bytes that are copied from now on, until the test has ended. */
function countCopies(): () => number {
  const set = vi.spyOn(Uint8Array.prototype, 'set');
  const slice = vi.spyOn(Uint8Array.prototype, 'slice');
  const move = vi.spyOn(Uint8Array.prototype, 'copyWithin');
  const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0);
  return () =>
    sum(set.mock.calls.map(([from]) => from.length)) +
    sum(slice.mock.results.map(({ value }) => (value as Uint8Array).length)) +
    sum(move.mock.calls.map(([, from, end = NaN]) => end - from));
}

afterEach(() => vi.restoreAllMocks());

describe('a squashfs image', () => {
  /** Walks through an image that may take so much work, and says how it ended. */
  function walk(bytes: Uint8Array, budget: number): { files: number; work: number; end: unknown } {
    let [files, work] = [0, 0];
    const members = squashMembers(bytes, () => budget - work);
    for (;;) {
      const next = members.next();
      if (next.done) return { files, work, end: next.value };
      work += next.value.cost;
      if (!next.value.pieces) continue;
      files++;
      for (const piece of next.value.pieces) work += piece.length;
    }
  }

  test('whose files share a long list of blocks has it read with the content alone', () => {
    const { files, work } = walk(manyNames(30, 400_000), 256 * MiB);
    expect(files).toBe(30);
    expect(work).toBeLessThan(MiB);
  });

  test('with links from block to block of metadata ends where its work does', () => {
    const { files, work, end } = walk(hoppingLinks(3000, 300), 4 * MiB);
    expect(files).toBe(0);
    expect(work).toBeGreaterThan(4 * MiB);
    expect(work).toBeLessThan(4 * MiB + 65_536);
    expect(end).toMatch(/too much work/);
  });

  test('with a great many of them says so, and is scanned as it stands', async () => {
    const links = hoppingLinks(40_000, 300);
    const report = await scanFile(
      'a.snap',
      Buffer.concat([links, Buffer.from(`\nGITHUB_TOKEN=${TOKEN}\n`)]),
    );
    expect(report.problems).toMatchObject([{ code: 'nested-ratio', path: 'a.snap' }]);
    expect(report.findings.map(({ secret }) => secret.value)).toContain(TOKEN);
  });

  test('whose blocks unpack to nothing has them charged all the same', () => {
    const { files, work, end } = walk(emptyBlocks(100, MiB), 8 * MiB);
    expect(files).toBeLessThan(9);
    expect(work).toBeLessThan(9.5 * MiB);
    expect(end).toMatch(/too much work/);
  });

  test('with a name whose letters are scattered over as many blocks is read', () => {
    expect(walk(longName(60_000), 16_384 * MiB)).toMatchObject({ files: 1, end: undefined });
    expect(walk(longName(60_000), 256 * MiB).end).toMatch(/too much work/);
  });

  test('has names and numbers that reach over blocks of metadata', () => {
    // Entries of 21 bytes do not divide a block of 8192.
    const { files, end } = walk(manyNames(2000, 1), 256 * MiB);
    expect(files).toBe(2000);
    expect(end).toBeUndefined();
  });
});

describe('an asar archive', () => {
  /** An archive with this header and nothing behind. */
  function withHeader(json: string): Uint8Array {
    const padded = Math.ceil(json.length / 4) * 4;
    const bytes = Buffer.alloc(16 + padded, ' ');
    [4, 8 + padded, 4 + padded, json.length].forEach((n, i) => bytes.writeUInt32LE(n, i * 4));
    bytes.write(json, 16);
    return new Uint8Array(bytes);
  }

  test.each([
    ['that is larger than any', `{"files":{"a":"${' '.repeat(9 * MiB)}`, /more than 8 MiB/],
    ['of too many objects', `{"files":{"a":[${'{},'.repeat(400_000)}`, /more than 400,000 objects/],
    ['of too many lists', `{"files":{"a":[${'[],'.repeat(400_000)}`, /more than 400,000 objects/],
  ])('with a header %s is not parsed, and scanned as it stands', async (_, start, message) => {
    const json = `${start}${start.endsWith(',') ? '1]' : '"'},\n"GITHUB_TOKEN":"${TOKEN}"}}`;
    const parse = vi.spyOn(JSON, 'parse');
    const report = await scanFile('app.asar', withHeader(json));
    expect(Math.max(...parse.mock.calls.map(([text]) => text.length))).toBeLessThan(MiB);
    expect(report.problems).toMatchObject([{ code: 'nested-damaged', path: 'app.asar' }]);
    expect(report.problems[0]?.message).toMatch(message);
    expect(report.findings.map(({ secret }) => secret.value)).toContain(TOKEN);
  });

  test('that comes in small pieces has its header copied a few times at most', () => {
    const bytes = withHeader(`{"files":{"a":"${' '.repeat(MiB / 2)}"}}`);
    const decoder = new PushDecoder(asarMembers);
    const copied = countCopies();
    for (let at = 0; at < bytes.length; at += 512)
      Array.from(decoder.push(bytes.subarray(at, at + 512)));
    expect(copied()).toBeLessThan(8 * bytes.length);
    expect(decoder.problem).toBeUndefined();
  });
});

describe('an input buffer', () => {
  test('keeps what was pushed in any pieces, taken in any others', () => {
    const bytes = noise(200_000);
    const room = new Uint8Array(5000);
    for (let seed = 1; seed < 20; seed++) {
      const sizes = noise(4000, seed);
      const input = new InputBuffer();
      let [pushed, at] = [0, 0];
      for (let i = 0; pushed < bytes.length; i++) {
        const piece = bytes.subarray(pushed, pushed + (sizes[i % 4000] as number) * 19 + 1);
        pushed += piece.length;
        room.set(piece);
        input.push(room.subarray(0, piece.length));
        const want = (sizes[(i * 7) % 4000] as number) * 40;
        if (input.fill(want).next().done) {
          const taken = input.take(want);
          expect(Buffer.compare(taken, bytes.subarray(at, at + want))).toBe(0);
          at += want;
        }
        input.keep(i % 3 === 0 ? Math.max(0, at - 100) : undefined);
        room.fill(0xaa);
        expect(input.position).toBe(at);
        if (i % 5 === 0) input.giveBack(input.take(Math.min(9, input.available)).slice());
      }
      expect(Buffer.compare(input.takeFrom(at), bytes.subarray(at))).toBe(0);
    }
  });
});

describe('lz4', () => {
  /** A frame whose blocks are linked; they are not compressed. */
  function linked(blocks: readonly Uint8Array[]): Uint8Array {
    const descriptor = Buffer.from([0x40, 0x40]);
    const header = [0x04, 0x22, 0x4d, 0x18, ...descriptor, (xxh32(descriptor) >>> 8) & 255];
    const pieces = blocks.map((block) => {
      const size = Buffer.alloc(4);
      size.writeUInt32LE(2 ** 31 + block.length);
      return Buffer.concat([size, block]);
    });
    return Buffer.concat([Buffer.from(header), ...pieces, Buffer.alloc(4)]);
  }

  test('with a great many linked blocks moves its window seldom', () => {
    const content = noise(300_000);
    const blocks = Array.from({ length: 30_000 }, (_, i) => content.subarray(i * 10, i * 10 + 10));
    const decoder = new PushDecoder(unlz4);
    const bytes = new Uint8Array(linked(blocks));
    const copied = countCopies();
    const out = [...decoder.push(bytes)];
    expect(copied()).toBeLessThan(10 * bytes.length);
    expect(decoder.problem).toBeUndefined();
    expect(Buffer.compare(Buffer.concat(out), content)).toBe(0);
  });
});
