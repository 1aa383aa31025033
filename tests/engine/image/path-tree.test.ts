import { describe, expect, test } from 'vitest';
import { PathTree } from '../../../src/engine/image/path-tree.ts';

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Two texts of five letters that FNV-1a, with its own factor, brings from one state to the same other. */
function colliding(state: number): { pair: [string, string]; state: number } {
  const seen = new Map<number, string>();
  for (let n = 0; ; n++) {
    const text = (n * 7919 + 60_466_176).toString(36).slice(-5);
    let h = state;
    for (const byte of octets(text)) h = Math.imul(h ^ byte, 0x01000193);
    const other = seen.get(h);
    if (other !== undefined && other !== text) return { pair: [other, text], state: h };
    seen.set(h, text);
  }
}

describe('the tree of paths', () => {
  test('takes names that a known hash would bring to one place', () => {
    let names = [''];
    let state = Math.imul(0x811c9dc5, 0x9e3779b1);
    for (let i = 0; i < 15; i++) {
      const found = colliding(state);
      state = found.state;
      names = names.flatMap((name) => found.pair.map((part) => name + part));
    }
    const paths = names.map(octets);
    const tree = new PathTree();
    const started = performance.now();
    for (const path of paths) tree.insert(path);
    expect(performance.now() - started).toBeLessThan(500);
    expect(tree.count).toBe(1 + names.length);
    for (const path of paths.slice(0, 100)) expect(tree.path(tree.find(path))).toHaveLength(75);
  });

  test('takes no more than it has room for', () => {
    const tree = new PathTree(4);
    expect(['a/b', 'a/c', 'a/d', 'a/b', 'x/y'].map((path) => tree.insert(octets(path)))).toEqual([
      2, 3, -1, 2, -1,
    ]);
    expect([tree.count, tree.full]).toEqual([4, true]);
    expect(tree.insertChild(-1, octets('z'))).toBe(-1);
  });
});
