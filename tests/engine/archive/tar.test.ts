import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Problem } from '../../../src/engine/archive/problem.ts';
import { EntryKind, type TarHeader, TarReader } from '../../../src/engine/archive/tar.ts';
import { noise } from '../../make/pieces.ts';
import { join, paxHeader, tar, type TarInput } from '../../make/tar-writer.ts';

interface Read {
  entries: { header: TarHeader; name: string; content: string; complete: boolean }[];
  problems: Problem[];
}

/** Reads a tar in pieces of a size; sparse content is written out, holes as dots. */
function read(bytes: Uint8Array, size = 65_536): Read {
  const problems: Problem[] = [];
  const reader = new TarReader((problem) => problems.push(problem));
  const entries: Read['entries'] = [];
  let content = new Uint8Array(0);
  const on = (
    event: ReturnType<TarReader['push']> extends Generator<infer E> ? E : never,
  ): void => {
    if (event.type === 'entry') {
      const name = new TextDecoder().decode(event.header.name);
      content = new Uint8Array(Math.min(event.header.size, 1 << 20)).fill(0x2e);
      entries.push({ header: event.header, name, content: '', complete: false });
    } else if (event.type === 'data') content.set(event.bytes, event.offset);
    else {
      const last = entries.at(-1);
      if (last)
        Object.assign(last, {
          content: Buffer.from(content).toString('latin1'),
          complete: event.complete,
        });
    }
  };
  for (let at = 0; at < bytes.length; at += size) {
    for (const event of reader.push(bytes.subarray(at, at + size))) on(event);
  }
  for (const event of reader.end()) on(event);
  return { entries, problems };
}

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('tar', () => {
  test('reads every kind of entry', () => {
    const { entries, problems } = read(
      tar([
        { name: 'dir/', type: '5', mode: 0o755 },
        {
          name: 'dir/file',
          content: 'hello',
          mode: 0o4755,
          uid: 1000,
          gid: 100,
          mtime: 1_700_000_000,
        },
        { name: 'hard', type: '1', link: 'dir/file' },
        { name: 'soft', type: '2', link: '../x' },
        { name: 'char', type: '3' },
        { name: 'block', type: '4', size: 4096 },
        { name: 'fifo', type: '6' },
        { name: 'old-directory/', type: '\0' },
        { name: 'file/', type: '0' },
      ]),
    );
    expect(problems).toEqual([]);
    expect(entries.map(({ name, header }) => [name, header.kind])).toEqual([
      ['dir/', EntryKind.directory],
      ['dir/file', EntryKind.file],
      ['hard', EntryKind.hardLink],
      ['soft', EntryKind.symlink],
      ['char', EntryKind.charDevice],
      ['block', EntryKind.blockDevice],
      ['fifo', EntryKind.fifo],
      ['old-directory/', EntryKind.directory],
      ['file/', EntryKind.file],
    ]);
    const file = entries[1];
    expect(file?.content).toBe('hello');
    expect(file?.header).toMatchObject({
      mode: 0o4755,
      uid: 1000,
      gid: 100,
      mtime: 1_700_000_000,
      size: 5,
      dataOffset: 1024,
    });
    expect(new TextDecoder().decode(entries[3]?.header.link)).toBe('../x');
  });

  test.each(['0', '\0', '7'])(
    'keeps the content of a file whose name ends in a slash: %j',
    (type) => {
      const { entries, problems } = read(
        tar([
          { name: 'conf/', type, content: 'secret' },
          { name: 'after', content: 'x' },
        ]),
      );
      expect(entries.map(({ name, content }) => [name, content])).toEqual([
        ['conf/', 'secret'],
        ['after', 'x'],
      ]);
      expect(problems).toEqual([]);
    },
  );

  test('reads long names: GNU, ustar prefix and pax', () => {
    const long = `${'d'.repeat(90)}/${'f'.repeat(90)}`;
    const prefix: TarInput = {
      name: 'name',
      content: 'x',
      patch: [{ at: 345, bytes: octets('some/prefix') }],
    };
    const { entries } = read(
      tar([
        { name: long, content: 'a' },
        prefix,
        paxHeader({ path: `${long}/pax`, mtime: '12.5' }),
        { name: 'short', content: 'b' },
        { name: 'plain', content: 'c' },
      ]),
    );
    expect(entries.map(({ name }) => name)).toEqual([
      long,
      'some/prefix/name',
      `${long}/pax`,
      'plain',
    ]);
    expect(entries[2]?.header.mtime).toBe(12.5);
    expect(entries[3]?.header.mtime).toBe(0);
  });

  test('takes the name that Go takes where there are several', () => {
    const named = (...before: TarInput[]): string | undefined =>
      read(tar([...before, { name: 'short', content: 'x' }])).entries[0]?.name;
    const [long, pax] = [
      { name: '././@LongLink', type: 'L', content: 'gnu\0' },
      paxHeader({ path: 'pax' }),
    ];
    expect([named(long, pax), named(pax, long)]).toEqual(['gnu', 'gnu']);
    expect(named(pax, paxHeader({ comment: 'x' }))).toBe('short');
  });

  test('keeps of names and targets what any file system has, and all of the content', () => {
    const long = 'd/'.repeat(100_000);
    const { entries, problems } = read(
      tar([
        paxHeader({ path: `${long}f` }),
        { name: 'short', content: 'a' },
        paxHeader({ linkpath: long }),
        { name: 'link', type: '2' },
        { name: 'next', content: 'b' },
      ]),
    );
    expect(entries.map(({ header, content }) => [header.name.length, content])).toEqual([
      [64 << 10, 'a'],
      [4, ''],
      [4, 'b'],
    ]);
    expect(entries[1]?.header.link).toHaveLength(64 << 10);
    expect(problems.map(({ code, path }) => [code, path?.length])).toEqual([['tar-name', 4096]]);
  });

  test('lets the size in a pax header rule, so that nothing is smuggled in', () => {
    const inner = tar([{ name: 'smuggled', content: 'evil' }], false);
    const { entries } = read(
      tar([
        paxHeader({ size: `${inner.length}` }),
        { name: 'outer', content: inner, size: 0 },
        { name: 'next', content: 'x' },
      ]),
    );
    expect(entries.map(({ name }) => name)).toEqual(['outer', 'next']);
  });

  test('reads base-256 numbers and signed checksums', () => {
    const size = new Uint8Array(12);
    size[0] = 0x80;
    size[11] = 3;
    expect(
      read(tar([{ name: 'big', content: 'abc', patch: [{ at: 124, bytes: size }] }])).entries[0]
        ?.content,
    ).toBe('abc');
    const bytes = tar([{ name: new Uint8Array([0xe9, 0x74, 0xe9]), content: 'x' }]);
    const signed = bytes
      .subarray(0, 512)
      .reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 0x20 : (byte << 24) >> 24), 0);
    bytes.set(octets(`${signed.toString(8).padStart(6, '0')}\0 `), 148);
    expect(read(bytes)).toMatchObject({ problems: [], entries: [{ content: 'x' }] });
  });

  test('reads sparse files of every form', () => {
    const region = (offset: number, length: number): Uint8Array =>
      octets(`${offset.toString(8).padStart(11, '0')}\0${length.toString(8).padStart(11, '0')}\0`);
    const old: TarInput = {
      name: 'old',
      type: 'S',
      magic: 'gnu',
      content: 'abcd',
      patch: [
        { at: 386, bytes: join([region(2, 2), region(6, 2)]) },
        { at: 483, bytes: octets('00000000012\0') },
      ],
    };
    const map = '2\n2\n2\n6\n2\n'.padEnd(512, '\0');
    const { entries, problems } = read(
      tar([
        old,
        paxHeader({
          'GNU.sparse.map': '2,2,6,2',
          'GNU.sparse.size': '10',
          'GNU.sparse.name': 'pax01',
        }),
        { name: 'GNUSparseFile.1/pax01', content: 'abcd' },
        paxHeader({
          'GNU.sparse.major': '1',
          'GNU.sparse.minor': '0',
          'GNU.sparse.realsize': '10',
          'GNU.sparse.name': 'pax10',
        }),
        { name: 'GNUSparseFile.1/pax10', content: `${map}abcd` },
        { name: 'after', content: 'x' },
      ]),
    );
    expect(problems).toEqual([]);
    expect(entries.map(({ name, content }) => [name, content])).toEqual([
      ['old', '..ab..cd..'],
      ['pax01', '..ab..cd..'],
      ['pax10', '..ab..cd..'],
      ['after', 'x'],
    ]);
  });

  test('accepts a tar without its end, and one that ends in the padding', () => {
    const bytes = tar([{ name: 'one', content: 'x' }], false);
    expect(read(bytes).problems).toEqual([]);
    expect(read(bytes.subarray(0, 513))).toMatchObject({
      problems: [],
      entries: [{ complete: true }],
    });
  });

  test.each([
    ['inside a file', 700, 'tar-truncated'],
    ['inside a header', 100, 'tar-truncated'],
  ])('says where it is cut short: %s', (_, length, code) => {
    const bytes = tar([{ name: 'one', content: noise(600) }]);
    expect(read(bytes.subarray(0, length)).problems.map((problem) => problem.code)).toEqual([code]);
  });

  test('stops at a damaged header and keeps what came before', () => {
    const bytes = tar([
      { name: 'one', content: 'x' },
      { name: 'two', content: 'y' },
    ]);
    bytes[1024] = 0xff;
    const { entries, problems } = read(bytes);
    expect(entries.map(({ name }) => name)).toEqual(['one']);
    expect(problems.map(({ code }) => code)).toEqual(['tar-header']);
  });

  test('counts what stands behind the end', () => {
    const { problems } = read(join([tar([{ name: 'one' }]), octets('hidden')]));
    expect(problems).toMatchObject([{ code: 'tar-trailing-data' }]);
  });

  test('allocates nothing for a claim: a header of 64 MiB is skipped, an impossible size ends it', () => {
    const big: TarInput = { name: 'x', type: 'x', size: 64 << 20 };
    expect(read(tar([big], false)).problems.map(({ code }) => code)).toEqual(['tar-truncated']);
    const negative = new Uint8Array(12).fill(0xff);
    const { problems } = read(tar([{ name: 'neg', patch: [{ at: 124, bytes: negative }] }]));
    expect(problems.map(({ code }) => code)).toEqual(['tar-size']);
  });

  test('negative sizes never turn the reader back', () => {
    const minus512 = new Uint8Array(12).fill(0xff);
    minus512.set([0xfe, 0x00], 10);
    const { problems } = read(
      tar([{ name: 'x', type: 'x', patch: [{ at: 124, bytes: minus512 }] }]),
    );
    expect(problems.map(({ code }) => code)).toEqual(['tar-size']);
    const sparse: TarInput = {
      name: 's',
      type: 'S',
      magic: 'gnu',
      content: 'abcd',
      patch: [
        { at: 386, bytes: join([minus512, minus512]) },
        { at: 483, bytes: minus512 },
      ],
    };
    expect(
      read(tar([sparse, { name: 'after', content: 'x' }])).entries.map(({ name }) => name),
    ).toEqual(['s', 'after']);
  });

  test('gives the same whatever the pieces it comes in', () => {
    const bytes = tar([
      { name: 'a'.repeat(150), content: noise(1500) },
      paxHeader({
        path: 'renamed',
        'GNU.sparse.major': '1',
        'GNU.sparse.realsize': '4',
        'GNU.sparse.name': 's',
      }),
      { name: 'x', content: `${'1\n0\n4\n'.padEnd(512, '\0')}abcd` },
      { name: 'last', content: '!' },
    ]);
    const whole = JSON.stringify(read(bytes));
    for (const size of [1, 3, 511, 512, 513, 4096])
      expect(JSON.stringify(read(bytes, size))).toBe(whole);
  });

  test('never throws and never loses what came before, on any prefix and any damage', () => {
    const bytes = tar([
      { name: 'first', content: 'content of the first' },
      paxHeader({ path: 'second' }),
      { name: 'x', content: noise(700) },
      { name: 'soft', type: '2', link: 'first' },
    ]);
    for (let length = 0; length <= bytes.length; length += 13) {
      const { entries } = read(bytes.subarray(0, length));
      if (length >= 1024) expect(entries[0]?.content).toBe('content of the first');
    }
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const damaged = bytes.slice();
        damaged[at] = value;
        const { entries } = read(damaged);
        if (at >= 1024) expect(entries[0]?.name).toBe('first');
      }),
      { numRuns: 400 },
    );
  });
});
