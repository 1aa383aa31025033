/** zstd with and without WebAssembly: both give the same, whatever they are given. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type * as Decompress from '../../../src/engine/archive/decompress.ts';
import { scriptStripes, Xxh64 } from '../../../src/engine/archive/xxh64.ts';
import { kernelStripes } from '../../../src/engine/archive/xxh64-wasm.ts';
import { compressedText } from '../../make/compressed-text.ts';
import { gather, inPieces } from '../../make/pieces.ts';

type Decompressing = typeof Decompress.decompress;

const load = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(`tests/fixtures/compressed/text.${name}`));
const LEVELS = ['level3.zst', 'level19.zst', 'unchecked.zst', 'long27.zst'];

let kernel: Decompressing;
let script: Decompressing;

async function read(
  decompress: Decompressing,
  bytes: Uint8Array,
): Promise<{ out: Uint8Array; problems: string[] }> {
  const problems: string[] = [];
  const stream = decompress(inPieces(bytes, 65_536), 'zstd', ({ message }) =>
    problems.push(message),
  );
  return { out: await gather(stream), problems };
}

/** The decompressors as they are after a first use, with which the engine is chosen. */
async function freshly(): Promise<Decompressing> {
  vi.resetModules();
  const { decompress } = await import('../../../src/engine/archive/decompress.ts');
  await read(decompress, load('level3.zst'));
  return decompress;
}

beforeAll(async () => {
  kernel = await freshly();
  vi.stubGlobal('WebAssembly', undefined);
  script = await freshly();
  vi.unstubAllGlobals();
});

test.each(LEVELS)('%s', async (name) => {
  for (const decompress of [kernel, script]) {
    const { out, problems } = await read(decompress, load(name));
    expect(problems).toEqual([]);
    expect(Buffer.compare(out, compressedText())).toBe(0);
  }
});

describe.each(LEVELS)('%s, damaged', (name) => {
  test('gives the same both ways', async () => {
    const whole = load(name);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.nat(255),
        fc.nat(whole.length),
        async (at, byte, cut) => {
          const damaged = whole.slice(0, whole.length - (cut % 3 === 0 ? cut : 0));
          if (at < damaged.length) damaged[at] = byte;
          const [one, other] = [await read(kernel, damaged), await read(script, damaged)];
          expect(one.problems).toEqual(other.problems);
          expect(Buffer.compare(one.out, other.out)).toBe(0);
        },
      ),
      { numRuns: 100 },
    );
  });
});

test('XXH64 gives the same both ways, in any pieces', () => {
  const stripes = kernelStripes();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (bytes, cut) => {
      const sums = [stripes, scriptStripes].map((engine) => {
        const sum = new Xxh64(engine);
        sum.update(bytes.subarray(0, cut));
        sum.update(bytes.subarray(cut));
        return sum.low();
      });
      expect(sums[0]).toBe(sums[1]);
    }),
  );
  const long = new Uint8Array(200_001).map((_, i) => (i * i) >> 3);
  const [one, other] = [new Xxh64(stripes), new Xxh64(scriptStripes)];
  one.update(long);
  other.update(long);
  expect(one.low()).toBe(other.low());
});
