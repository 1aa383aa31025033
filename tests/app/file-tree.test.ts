/** The file tree's rows, against a plain list of paths; in slices or at once. */
import fc from 'fast-check';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { FileTree } from '../../src/app/file-tree.svelte.ts';
import { scanArchive, type ScanResult } from '../../src/engine/scan/scan-archive.ts';
import { imageArchive } from '../make/image-writer.ts';

const scanOf = async (paths: readonly string[]): Promise<ScanResult> => {
  const entries = paths.map((name) => ({ name, content: name.length.toString() }));
  const bytes = imageArchive([{ tags: ['t:1'], layers: [{ createdBy: 'x', entries }] }]);
  return scanArchive(new Blob([bytes]), 'x.tar');
};

/** What is shown: paths in the tree's order. */
const shown = (tree: FileTree): string[] => Array.from(tree.visible, (node) => tree.path(node));

/** What must be shown with every folder open: folders first, then files, each by the bytes of its name. */
function expected(paths: readonly string[], wanted: (path: string) => boolean): string[] {
  const kept = new Set<string>();
  const folders = new Set<string>();
  for (const path of paths) {
    const parts = path.split('/');
    for (let i = 1; i <= parts.length; i++) {
      const one = parts.slice(0, i).join('/');
      if (i < parts.length) folders.add(one);
      if (!wanted(parts[i - 1] as string)) continue;
      for (let j = 1; j <= i; j++) kept.add(parts.slice(0, j).join('/'));
    }
  }
  const key = (path: string): string =>
    path
      .split('/')
      .map((part, i, all) =>
        folders.has(all.slice(0, i + 1).join('/')) ? `0${part}\0` : `1${part}\0`,
      )
      .join('');
  return [...kept].sort((a, b) => Buffer.compare(Buffer.from(key(a)), Buffer.from(key(b))));
}

beforeEach(() => {
  vi.stubGlobal('requestAnimationFrame', (act: () => void) => setTimeout(act));
});

const PATHS = ['b/two', 'b/One', 'a', 'b/c/three', 'z/four', 'ab', 'b/c/one.txt'];

describe('the file tree', () => {
  test('opens a folder, and closes it, in place', async () => {
    const tree = new FileTree(await scanOf(PATHS), { image: 0 });
    expect(shown(tree)).toEqual(['b', 'z', 'a', 'ab']);
    tree.toggle(tree.find('b'));
    tree.toggle(tree.find('b/c'));
    const open = ['b', 'b/c', 'b/c/one.txt', 'b/c/three', 'b/One', 'b/two', 'z', 'a', 'ab'];
    expect(shown(tree)).toEqual(open);
    tree.toggle(tree.find('b'));
    expect(shown(tree)).toEqual(['b', 'z', 'a', 'ab']);
    // What was open inside is open again.
    tree.toggle(tree.find('b'));
    expect(shown(tree)).toEqual(open);
  });

  test('filters by name in any case, with the folders above', async () => {
    const tree = new FileTree(await scanOf(PATHS), { image: 0 });
    tree.filter('ONE');
    expect(shown(tree)).toEqual(['b', 'b/c', 'b/c/one.txt', 'b/One']);
    tree.filter('no such');
    expect(shown(tree)).toEqual([]);
    tree.filter('');
    expect(shown(tree)).toEqual(['b', 'z', 'a', 'ab']);
  });

  test('filters by letters of any script in any case, composed or not', async () => {
    const paths = ['a/ÉTÉ.txt', 'a/Привет', 'a/cafe\u0301', 'a/plain'];
    const tree = new FileTree(await scanOf(paths), { image: 0 });
    for (const [query, found] of [
      ['été', 'a/ÉTÉ.txt'],
      ['ПРИВЕТ', 'a/Привет'],
      ['café', 'a/cafe\u0301'],
    ] as const) {
      tree.filter(query);
      expect(shown(tree)).toEqual(['a', found]);
    }
  });

  test('what a filter shows can be closed, and a folder it found opened', async () => {
    const tree = new FileTree(await scanOf(['x/one/a', 'x/one/b/c', 'y/a', 'z']), { image: 0 });
    tree.filter('one');
    expect(shown(tree)).toEqual(['x', 'x/one']);
    expect(tree.row(tree.find('x'))).toMatchObject({ expanded: true, position: 1, siblings: 1 });
    expect(tree.row(tree.find('x/one')).expanded).toBe(false);
    tree.toggle(tree.find('x/one'));
    expect(shown(tree)).toEqual(['x', 'x/one', 'x/one/b', 'x/one/a']);
    tree.toggle(tree.find('x/one/b'));
    expect(shown(tree)).toContain('x/one/b/c');
    tree.toggle(tree.find('x'));
    expect(shown(tree)).toEqual(['x']);
    tree.filter('');
    expect(shown(tree)).toEqual(['x', 'y', 'z']);
    expect(tree.row(tree.find('z'))).toMatchObject({ position: 3, siblings: 3, expanded: false });
  });

  test('finds names that are no UTF-8, and those that begin with a byte order mark', async () => {
    const result = await scanOf(['a/l#.txt', 'a/\ufeffmark', 'a/z']);
    const { names } = result.trees.tree;
    names[names.indexOf(0x23)] = 0xe9;
    const tree = new FileTree(result, { image: 0 });
    expect(tree.find('a/l\ufffd.txt')).toBeGreaterThan(0);
    expect(tree.find('a/\ufffd')).toBe(-1);
    const marked = tree.find('a/\ufeffmark');
    expect(tree.path(marked)).toBe('a/\ufeffmark');
  });

  test('reveals a path, and knows what it has not', async () => {
    const tree = new FileTree(await scanOf(PATHS), { image: 0 });
    tree.reveal(tree.find('b/c/three'));
    expect(shown(tree)).toContain('b/c/three');
    expect(tree.row(tree.find('b/c/three'))).toMatchObject({ depth: 2, name: 'three', size: 1 });
    expect(tree.find('b/c/four')).toBe(-1);
    expect(tree.files).toBe(7);
  });

  test('is the same for any paths, opened whole or filtered', async () => {
    const part = fc.stringMatching(/^[a-cA-C.]{1,3}$/).filter((text) => !/^\.+$/.test(text));
    const path = fc
      .array(part, { minLength: 1, maxLength: 4 })
      .map((parts) => `r/${parts.join('/')}.f`);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(path, { maxLength: 20 }), part, async (paths, query) => {
        const plain = paths.filter((one) => !paths.some((other) => other.startsWith(`${one}/`)));
        if (plain.length === 0) return;
        const tree = new FileTree(await scanOf(plain), { image: 0 });
        tree.expandAll();
        expect(shown(tree)).toEqual(expected(plain, () => true));
        const needle = query.toLowerCase();
        tree.filter(query);
        expect(shown(tree)).toEqual(expected(plain, (name) => name.toLowerCase().includes(needle)));
      }),
      { numRuns: 40 },
    );
  });

  test('works in slices, and the last request wins', async () => {
    const many = Array.from({ length: 9000 }, (_, i) => `many/${i % 90}/file-${i}`);
    const result = await scanOf([...many, 'z/four']);
    // Every look at the clock finds the slice used up.
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 100));
    const tree = new FileTree(result, { image: 0 });
    expect(tree.built).toBe(false);
    await vi.waitUntil(() => tree.built);
    tree.filter('file-');
    expect(shown(tree)).toEqual(['many', 'z']);
    tree.filter('four');
    await vi.waitUntil(() => shown(tree).length !== 2 || shown(tree)[1] === 'z/four');
    expect(shown(tree)).toEqual(['z', 'z/four']);
    tree.filter('');
    tree.reveal(tree.find('z/four'));
    expect(shown(tree)).toEqual(['many', 'z', 'z/four']);
    tree.expandAll();
    await vi.waitUntil(() => tree.visible.length > 3);
    expect(tree.visible).toHaveLength(9000 + 90 + 1 + 2);
    vi.restoreAllMocks();
  });
});
