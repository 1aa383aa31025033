import { describe, expect, test } from 'vitest';
import { bareTokens } from '../../../src/engine/secrets/bare-tokens.ts';
import { BARE } from '../../../src/engine/secrets/compiled-formats.ts';
import { exampleOf, withWrongCheck } from '../../make/secret-examples.ts';
import { scanContent } from '../../make/scan-content.ts';

const ids = (content: string | Uint8Array): string[] =>
  scanContent(content, 'srv/notes').map(({ rule }) => rule.id);

describe.each(BARE.map((format) => [format.row.id, format.row] as const))('%s', (id, row) => {
  const token = exampleOf(row);

  test('is found wherever a word may stand', () => {
    for (const text of [
      token,
      `${token}\n${token}\n`,
      `the key (${token}), as written`,
      `{"log": "one\\n${token}\\ttwo"}`,
      `https://host/?q=${token}&r=1`,
      `pre-${token}_post`,
    ])
      expect(new Set(ids(text)), text).toEqual(new Set([id]));
    const binary = new Uint8Array([0, 1, ...new TextEncoder().encode(token), 0, 2]);
    expect(ids(binary)).toEqual([id]);
  });

  test('is found once, wherever a window is cut', () => {
    const bytes = new TextEncoder().encode(`some words ${token} and more`);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const starts: number[] = [];
      for (const [from, to] of [
        [0, cut],
        [cut, bytes.length],
      ] as const)
        bareTokens(bytes, from, to, (_, start) => starts.push(start));
      expect(starts, `at ${cut}`).toEqual([11]);
    }
  });

  test('is not found with a wrong checksum, nor within a longer word', () => {
    expect(ids(withWrongCheck(row, token))).toEqual([]);
    for (const text of [`x${token}`, `${token}x`, `${token}${token}`, `Q${token}Q`])
      expect(ids(text), text).toEqual([]);
  });
});

test('long words take time that grows as they do', () => {
  const word = new Uint8Array(8 << 20).fill(0x4b);
  const began = performance.now();
  expect(ids(word)).toEqual([]);
  expect(performance.now() - began).toBeLessThan(5000);
});
