/** The buffer of a held file, which goes from file to file. */
import { expect, test } from 'vitest';
import { HeldBytes } from '../../../src/engine/scan/held-bytes.ts';

test('what came in one piece and then goes on is held from its start', () => {
  const held = new HeldBytes();
  held.append(new Uint8Array(1000).fill(1), 1000, 1 << 20);
  held.take();
  held.done();
  held.set(Uint8Array.of(2, 3));
  held.append(Uint8Array.of(4), 2, 1 << 20);
  expect([...held.take()]).toEqual([2, 3, 4]);
});

test('a large buffer is given back, a small one is used again', () => {
  const held = new HeldBytes();
  for (const [size, again] of [
    [1 << 20, true],
    [3 << 20, false],
  ] as const) {
    held.append(new Uint8Array(size), size, 8 << 20);
    const { buffer } = held.take();
    held.done();
    held.append(Uint8Array.of(1), 1, 8 << 20);
    expect(held.take().buffer === buffer).toBe(again);
    expect(buffer.byteLength > 0).toBe(again);
  }
});
