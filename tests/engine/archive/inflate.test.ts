import { deflateRawSync, deflateSync, constants } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  inflatePieces,
  inflateRaw,
  InflateRoom,
  inflateZlib,
} from '../../../src/engine/archive/inflate.ts';
import {
  CUT_SHORT,
  DAMAGED,
  ENDED,
  type InflateEngine,
  LEAST_INPUT,
} from '../../../src/engine/archive/inflate-engine.ts';
import { ScriptInflater } from '../../../src/engine/archive/inflate-script.ts';
import { kernelInflater } from '../../../src/engine/archive/inflate-wasm.ts';
import { crc32 } from '../../../src/engine/archive/crc32.ts';
import { InputBuffer } from '../../../src/engine/archive/input-buffer.ts';
import { noise } from '../../make/pieces.ts';

/** Runs an engine over data that come in pieces of `size` bytes, as a stream gives them. */
function runAll(
  engine: InflateEngine,
  bytes: Uint8Array,
  size: number,
): { out: Buffer; state: number; used: number; crc: number } {
  engine.reset();
  const out: Uint8Array[] = [];
  let at = 0;
  let crc = 0;
  for (let have = Math.min(size, bytes.length); ;) {
    const last = have === bytes.length;
    if (!last && have - at < LEAST_INPUT) {
      have = Math.min(bytes.length, have + size);
      continue;
    }
    const state = engine.run(bytes.subarray(at, have), last);
    at += engine.used;
    crc = engine.crc(crc);
    out.push(engine.output.slice());
    if (state >= ENDED) return { out: Buffer.concat(out), state, used: at, crc };
  }
}

const kernel = kernelInflater();
if (!kernel) throw new Error('Node has WebAssembly');
const ENGINES: [string, InflateEngine][] = [
  ['the kernel', kernel],
  ['the script', new ScriptInflater()],
];
const LETTERS = Buffer.from('all work and no play makes a dull boy, '.repeat(9000));
const SKEWED = Uint8Array.from(noise(300_000), (byte) => Math.clz32(byte << 24) * 9 + (byte & 1));
const { Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE } = constants;

describe.each(ENGINES)('%s', (_, engine) => {
  test.each([
    ['nothing', new Uint8Array(0), {}],
    ['noise, which is stored', noise(200_000), {}],
    ['text', LETTERS, { level: 9 }],
    ['text in fixed codes', LETTERS, { strategy: Z_FIXED }],
    ['no copies', SKEWED, { strategy: Z_HUFFMAN_ONLY }],
    ['runs of one byte', new Uint8Array(400_000), { strategy: Z_RLE }],
    ['long codes', SKEWED, { level: 1 }],
    ['copies from afar', Buffer.concat([noise(32_000), noise(32_000), noise(32_000)]), {}],
    ['a small window', LETTERS, { windowBits: 9 }],
  ])('inflates %s', (_name, content, options) => {
    const packed = deflateRawSync(content, options);
    for (const size of [1, 7, 1000, 65_537, packed.length]) {
      const { out, state, used, crc } = runAll(
        engine,
        Buffer.concat([packed, Buffer.from('behind')]),
        size,
      );
      expect(state).toBe(ENDED);
      expect(Buffer.compare(out, content)).toBe(0);
      expect(used).toBe(packed.length);
      expect(crc).toBe(crc32(content));
    }
  });

  test('gives all that stands before where the data are cut, and nothing else', () => {
    const content = Buffer.from(Buffer.from(noise(3000)).toString('hex'));
    for (const options of [{}, { strategy: Z_FIXED }, { level: 0 }]) {
      const packed = deflateRawSync(content, options);
      for (let length = 0; length < packed.length; length += 1 + (length >> 5)) {
        const { out, state } = runAll(engine, packed.subarray(0, length), 700);
        expect(state).toBe(CUT_SHORT);
        expect(Buffer.compare(out, content.subarray(0, out.length))).toBe(0);
      }
      const { out } = runAll(engine, packed.subarray(0, packed.length - 40), 700);
      expect(out.length).toBeGreaterThan(content.length - 120);
    }
  });

  test.each([
    ['an unknown kind of block', [7]],
    ['lengths of a stored block that differ', [1, 5, 0, 5, 0]],
    ['a copy from before the front', [0x63, 0x00, 0x42, 0x00]],
    ['code lengths that are no code', [0x05, 0xc0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
  ])('tells of %s', (_name, bytes) => {
    const { state } = runAll(engine, Uint8Array.of(...bytes, ...new Uint8Array(40).fill(0xff)), 64);
    expect(state).toBe(DAMAGED);
  });
});

test('both engines say the same of damaged data', () => {
  const packed = deflateRawSync(LETTERS.subarray(0, 5000));
  const two = [kernel, new ScriptInflater()] as const;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(packed.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      fc.nat(packed.length),
      (changes, length) => {
        const bytes = Uint8Array.from(packed.subarray(0, length));
        for (const [at, value] of changes) if (at < length) bytes[at] = value;
        const [one, other] = two.map((engine) => runAll(engine, bytes, 1500));
        expect(one?.state).toBe(other?.state);
        expect(one && other && Buffer.compare(one.out, other.out)).toBe(0);
        if (one?.state === ENDED) expect(one.used).toBe(other?.used);
      },
    ),
    { numRuns: 3000 },
  );
});

test('whole data end where they do, or at the limit', () => {
  const packed = deflateSync(LETTERS);
  const bytes = Buffer.concat([packed, Buffer.from('more')]);
  const whole = inflateZlib(bytes, 0, 1 << 20);
  expect(whole).toMatchObject({ end: packed.length, error: undefined });
  expect(Buffer.compare(whole.bytes, LETTERS)).toBe(0);
  const limited = inflateRaw(bytes, 2, 1000);
  expect(limited.error).toBe('limit');
  expect(Buffer.compare(limited.bytes, LETTERS.subarray(0, 1000))).toBe(0);
  bytes[packed.length - 1] = (packed.at(-1) as number) ^ 1;
  expect(inflateZlib(bytes, 0, 1 << 20).error).toBe('damaged');
});

test('contents unpack into the same room, whatever a header claims', () => {
  const room = new InflateRoom();
  const contents = [noise(5000), noise(100), noise(300_000), noise(10), new Uint8Array(0)];
  for (const content of contents)
    for (const claimed of [content.length, 7, 1 << 30, undefined]) {
      const packed = deflateRawSync(content);
      const { bytes, error, end } = inflateRaw(packed, 0, 1 << 20, claimed, room);
      expect([error, end, Buffer.compare(bytes, content)]).toEqual([undefined, packed.length, 0]);
    }
  expect(inflateRaw(deflateRawSync(noise(100)), 0, -5, 100, room)).toMatchObject({
    bytes: new Uint8Array(0),
    error: 'limit',
  });
});

test('a piece stays as it is until the one behind the next comes', () => {
  const content = noise(1_000_000);
  const input = new InputBuffer();
  input.push(deflateRawSync(content));
  input.finish();
  const seen: Buffer[] = [];
  let before: Uint8Array | undefined;
  for (const piece of inflatePieces(input)) {
    if (before) seen.push(Buffer.from(before));
    before = piece;
  }
  if (before) seen.push(Buffer.from(before));
  expect(seen.length).toBeGreaterThan(2);
  expect(Buffer.compare(Buffer.concat(seen), content)).toBe(0);
});
