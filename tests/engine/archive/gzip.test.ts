import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type GzipEnd, gunzip } from '../../../src/engine/archive/gzip.ts';
import { gather, inPieces, noise } from '../../make/pieces.ts';
import { join } from '../../make/tar-writer.ts';

const ONE = noise(50_000);
const TWO = noise(70_000, 2);

async function inflate(bytes: Uint8Array, size = 4096): Promise<{ out: Uint8Array; end: GzipEnd }> {
  let end: GzipEnd | undefined;
  const out = await gather(gunzip(inPieces(bytes, size), (told) => (end = told)));
  if (!end) throw new Error('the end was not told');
  return { out, end };
}

describe('gzip', () => {
  test('inflates one member', async () => {
    const { out, end } = await inflate(gzipSync(ONE));
    expect(Buffer.compare(out, ONE)).toBe(0);
    expect(end).toEqual({ trailing: 0 });
  });

  test.each([1, 7, 511, 512, 65_536])(
    'inflates many members in pieces of %i bytes',
    async (size) => {
      const { out, end } = await inflate(
        join([gzipSync(ONE), gzipSync(TWO), gzipSync(new Uint8Array(0))]),
        size,
      );
      expect(Buffer.compare(out, join([ONE, TWO]))).toBe(0);
      expect(end).toEqual({ trailing: 0 });
    },
  );

  test.each([1, 3, 512, 5000])('accepts %i bytes of zero padding', async (padding) => {
    for (const size of [4096, 1 << 20]) {
      const { out, end } = await inflate(join([gzipSync(ONE), new Uint8Array(padding)]), size);
      expect(Buffer.compare(out, ONE)).toBe(0);
      expect(end).toEqual({ trailing: 0 });
    }
  });

  test('counts bytes behind the end', async () => {
    for (const size of [4096, 1 << 20]) {
      const { out, end } = await inflate(join([gzipSync(ONE), Buffer.from('left over')]), size);
      expect(Buffer.compare(out, ONE)).toBe(0);
      expect(end).toEqual({ trailing: 9 });
    }
  });

  test.each([
    ['zeros', new Uint8Array(4), 0],
    ['other bytes', new Uint8Array(16).fill(7), 16],
  ])(
    'takes %s in a piece of their own behind a member for no damage',
    async (_, after, trailing) => {
      let end: GzipEnd | undefined;
      const pieces = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
        yield gzipSync(ONE);
        yield after;
      };
      const out = await gather(gunzip(pieces(), (told) => (end = told)));
      expect(Buffer.compare(out, ONE)).toBe(0);
      expect(end).toEqual({ trailing });
    },
  );

  test.each([
    ['one member', [ONE]],
    ['members of one length', [ONE, noise(ONE.length, 3)]],
    ['the same member twice', [ONE, ONE]],
    ['an empty member', [new Uint8Array(0)]],
    ['an empty member behind another', [ONE, new Uint8Array(0)]],
  ])('inflates %s that came in one piece', async (_, members) => {
    const whole = join(members.map((member) => gzipSync(member)));
    const { out, end } = await inflate(whole, whole.length);
    expect(Buffer.compare(out, join(members))).toBe(0);
    expect(end).toEqual({ trailing: 0 });
  });

  test('reads headers with all that may stand in them', async () => {
    const [head, body] = [gzipSync(ONE).subarray(0, 10), gzipSync(ONE).subarray(10)];
    const extra = Uint8Array.of(4, 0, 1, 2, 0, 4);
    const text = Buffer.from('name.txt\0a comment\0');
    const full = join([head, extra, text, Uint8Array.of(0, 0), body]);
    full[3] = 4 | 8 | 16 | 2;
    for (const size of [4096, 1 << 20]) {
      const { out, end } = await inflate(full, size);
      expect(Buffer.compare(out, ONE)).toBe(0);
      expect(end).toEqual({ trailing: 0 });
    }
  });

  test('tells of a wrong checksum, and keeps the data', async () => {
    const bytes = new Uint8Array(gzipSync(ONE));
    bytes[bytes.length - 6] = (bytes[bytes.length - 6] as number) ^ 1;
    const { out, end } = await inflate(bytes);
    expect(out.length).toBe(ONE.length);
    expect(end.problem?.code).toBe('gzip-checksum');
  });

  test('tells of a wrong checksum in a member before the last', async () => {
    const first = new Uint8Array(gzipSync(ONE));
    first[first.length - 6] = (first[first.length - 6] as number) ^ 1;
    const { end } = await inflate(join([first, gzipSync(TWO)]));
    expect(end.problem?.code).toBe('gzip-checksum');
  });

  test('gives what came before the end of a truncated stream', async () => {
    const text = Buffer.from(Buffer.from(ONE).toString('hex'));
    const bytes = gzipSync(text).subarray(0, 30_000);
    const { out, end } = await inflate(bytes);
    expect(out.length).toBeGreaterThan(20_000);
    expect(Buffer.compare(out, text.subarray(0, out.length))).toBe(0);
    expect(end.problem?.code).toBe('gzip-truncated');
  });

  test('gives what came before damage', async () => {
    const text = Buffer.from('all work and no play '.repeat(20_000));
    const bytes = new Uint8Array(gzipSync(text));
    bytes.fill(0xff, bytes.length >> 1, (bytes.length >> 1) + 40);
    const { end } = await inflate(bytes);
    expect(end.problem?.code).toMatch(/^gzip-(damaged|checksum|truncated)$/);
  });

  test('does not hide an error of the source', async () => {
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield gzipSync(ONE).subarray(0, 100);
      throw new DOMException('gone', 'NotReadableError');
    };
    await expect(gather(gunzip(failing(), () => undefined))).rejects.toThrow('gone');
  });
});
