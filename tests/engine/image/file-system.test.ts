import { describe, expect, test } from 'vitest';
import { TarReader } from '../../../src/engine/archive/tar.ts';
import { type EntryTable, EntryTableBuilder } from '../../../src/engine/image/entry-table.ts';
import { type FileSystem, mergeLayers, stackLayer } from '../../../src/engine/image/file-system.ts';
import { PathTree } from '../../../src/engine/image/path-tree.ts';
import { paxHeader, tar, type TarInput } from '../../make/tar-writer.ts';

function table(entries: TarInput[]): EntryTable {
  const builder = new EntryTableBuilder();
  const reader = new TarReader(() => undefined);
  for (const event of reader.push(tar(entries)))
    if (event.type === 'entry') builder.add(event.header);
  return builder.finish();
}

function merge(...layers: TarInput[][]): {
  fs: FileSystem;
  tree: PathTree;
  paths: Record<string, number>;
} {
  const tree = new PathTree();
  const fs = mergeLayers(
    tree,
    layers.map((entries) => stackLayer(tree, table(entries))),
  );
  const paths: Record<string, number> = {};
  for (let node = 1; node < tree.count; node++) {
    const layer = fs.layer[node] as number;
    if (layer >= 0) paths[tree.path(node)] = layer;
  }
  return { fs, tree, paths };
}

const file = (name: string): TarInput => ({ name, content: 'x' });
const dir = (name: string): TarInput => ({ name: `${name}/`, type: '5' });
const link = (name: string, target: string): TarInput => ({ name, type: '2', link: target });

describe('the merged file system', () => {
  test('a whiteout removes what is below, and is not a file itself', () => {
    const { paths, fs, tree } = merge(
      [dir('a'), file('a/one'), file('a/two')],
      [file('a/.wh.one')],
    );
    expect(paths).toEqual({ a: 0, 'a/two': 0 });
    const gone = tree.find(new TextEncoder().encode('a/one'));
    expect([fs.removedBy[gone], fs.lastLayer[gone]]).toEqual([1, 0]);
  });

  test('a whiteout removes a directory with all below it', () => {
    expect(merge([dir('a'), dir('a/b'), file('a/b/c')], [file('.wh.a')]).paths).toEqual({});
  });

  test('an opaque directory hides the layers below, not its own layer, whatever the order', () => {
    const base = [dir('a'), file('a/old')];
    for (const upper of [
      [file('a/.wh..wh..opq'), file('a/new')],
      [file('a/new'), file('a/.wh..wh..opq')],
    ]) {
      expect(merge(base, upper).paths).toEqual({ a: 0, 'a/new': 1 });
    }
  });

  test('a whiteout does not remove a file of its own layer', () => {
    expect(merge([file('a')], [file('a'), file('.wh.a')]).paths).toEqual({ a: 1 });
  });

  test('a file takes the place of a directory, and a directory of a file', () => {
    expect(merge([dir('a'), file('a/b')], [file('a')]).paths).toEqual({ a: 1 });
    expect(merge([file('a')], [dir('a'), file('a/b')]).paths).toEqual({ a: 1, 'a/b': 1 });
  });

  test('a directory over a directory keeps its children', () => {
    expect(merge([dir('a'), file('a/b')], [dir('a')]).paths).toEqual({ a: 1, 'a/b': 0 });
  });

  test('an entry below a symlink lands where the link points', () => {
    const { paths } = merge(
      [dir('usr'), dir('usr/lib'), link('lib', 'usr/lib')],
      [file('lib/new')],
    );
    expect(paths).toEqual({ usr: 0, 'usr/lib': 0, lib: 0, 'usr/lib/new': 1 });
  });

  test('markers in a directory that takes the place of a link are that directory’s', () => {
    const base = [dir('usr'), dir('usr/bin'), file('usr/bin/a'), link('bin', 'usr/bin')];
    const kept = { usr: 0, 'usr/bin': 0, 'usr/bin/a': 0, bin: 1 };
    expect(merge(base, [dir('bin'), file('bin/.wh..wh..opq')]).paths).toEqual(kept);
    expect(merge(base, [dir('bin'), file('bin/.wh.a')]).paths).toEqual(kept);
    // Without an entry of its own the directory is the link's.
    expect(merge(base, [file('bin/.wh.a')]).paths).toEqual({ usr: 0, 'usr/bin': 0, bin: 0 });
    expect(merge(base, [file('bin/.wh..wh..opq')]).paths).toEqual({ usr: 0, 'usr/bin': 0, bin: 0 });
    // A link that the layer puts is followed as well.
    const other = [dir('opt'), file('opt/a'), dir('bin'), file('bin/a')];
    expect(merge(other, [link('bin', 'opt'), file('bin/.wh.a')]).paths).toEqual({ opt: 0, bin: 1 });
  });

  test('a link to a path longer than Linux allows leads nowhere', () => {
    const far = link('l', 'a');
    const entries = [paxHeader({ linkpath: 'a/'.repeat(130_000) }), far];
    const { paths } = merge(entries, [file('l/x'), file('ok')]);
    expect(paths).toEqual({ l: 0, ok: 1 });
  });

  test('a directory that is emptied again and again costs what is in it once', () => {
    const count = 30_000;
    const repeat = (name: (i: number) => string): EntryTable =>
      table(Array.from({ length: count }, (_, i) => file(name(i))));
    const many = repeat((i) => `d/${i}`);
    for (const upper of [
      repeat(() => 'd/.wh..wh..opq'),
      repeat(() => 'd'),
      repeat((i) => (i % 2 === 0 ? 'd/0' : 'd')),
    ]) {
      const tree = new PathTree();
      const layers = [many, upper].map((one) => stackLayer(tree, one));
      const started = performance.now();
      const fs = mergeLayers(tree, layers);
      expect(performance.now() - started).toBeLessThan(5000);
      expect(fs.layer.filter((layer) => layer >= 0)).toHaveLength(2);
    }
  });

  test('links that turn in a circle end', () => {
    const { paths } = merge([link('a', 'b'), link('b', 'a')], [file('a/x'), file('ok')]);
    expect(paths).toEqual({ a: 0, b: 0, ok: 1 });
  });

  test('bare and strange markers are no whiteouts', () => {
    const { paths } = merge(
      [dir('a'), file('a/b')],
      [file('a/.wh.'), file('a/.wh..wh.aufs'), file('awh.b')],
    );
    expect(paths).toEqual({ a: 0, 'a/b': 0, 'awh.b': 1 });
  });

  test('parents that no layer lists are implied', () => {
    expect(merge([file('a/b/c')]).paths).toEqual({ a: 0, 'a/b': 0, 'a/b/c': 0 });
  });

  test('names like those of JavaScript objects, and names that are not UTF-8, stay apart', () => {
    const strange = new Uint8Array([0x66, 0xff]);
    const other = new Uint8Array([0x66, 0xfe]);
    const { tree } = merge([
      file('__proto__'),
      file('constructor'),
      { name: strange },
      { name: other },
    ]);
    expect(tree.count).toBe(5);
    expect(tree.find(strange)).not.toBe(tree.find(other));
  });
});
