/** Archives made to harm their reader, one for each attack that is known; see the tests for what must be shown. */
import { gzipSync } from 'node:zlib';
import { imageArchive, type LayerInput } from './image-writer.ts';
import { noise } from './pieces.ts';
import { join, paxHeader, tar, type TarInput } from './tar-writer.ts';

const SECRET_FILE: TarInput = {
  name: 'app/.env',
  content: 'API_TOKEN=3f9a1c07d2b84e65a0f7c9d1e2b3a4f586970812\n',
};

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);
const layer = (entries: TarInput[]): LayerInput => ({
  createdBy: 'COPY',
  entries: [SECRET_FILE, ...entries],
});
const bytes = (content: Uint8Array): LayerInput => ({ createdBy: 'COPY', bytes: content });
const image = (...layers: LayerInput[]): Uint8Array =>
  imageArchive([{ tags: ['hostile:1'], layers }]);
const withManifest = (manifest: string, ...entries: TarInput[]): Uint8Array =>
  tar([
    { name: 'l/layer.tar', content: tar([SECRET_FILE]) },
    { name: 'c.json', content: '{}' },
    ...entries,
    { name: 'manifest.json', content: manifest },
  ]);

/** A layer that holds the secret first and the attack behind it: the secret must be found. */
export const HOSTILE_LAYERS: Record<string, () => Uint8Array> = {
  'a negative size': () =>
    image(layer([{ name: 'x', patch: [{ at: 124, bytes: new Uint8Array(12).fill(0xff) }] }])),
  'a size of 2^95': () =>
    image(
      layer([
        {
          name: 'x',
          patch: [{ at: 124, bytes: new Uint8Array([0x80, ...new Array<number>(11).fill(0xff)]) }],
        },
      ]),
    ),
  'a size of 8 GiB without data': () =>
    image(bytes(tar([SECRET_FILE, { name: 'x', size: 8 * 2 ** 30 - 1 }], false))),
  'a pax header of 64 MiB': () =>
    image(
      bytes(
        tar([
          SECRET_FILE,
          { name: 'x', type: 'x', content: new Uint8Array(2 << 20) },
          { name: 'after', content: 'x' },
        ]),
      ),
    ),
  '2,000 stacked extended headers': () =>
    image(
      layer([
        ...Array.from({ length: 2000 }, () => paxHeader({ comment: 'x' })),
        { name: 'after', content: 'x' },
      ]),
    ),
  'smuggling by a pax size': () =>
    image(
      layer([
        paxHeader({ size: '1024' }),
        { name: 'x', content: tar([{ name: 'hidden', content: 'x' }], false), size: 0 },
      ]),
    ),
  'a sparse map of a million regions': () =>
    image(
      layer([
        paxHeader({
          'GNU.sparse.major': '1',
          'GNU.sparse.realsize': '9999999999999',
          'GNU.sparse.name': 's',
        }),
        { name: 'x', content: `9999999\n${'1\n1\n'.repeat(5000)}` },
      ]),
    ),
  'a sparse file of 2^52 bytes': () =>
    image(
      layer([
        paxHeader({
          'GNU.sparse.map': '4503599627370000,4',
          'GNU.sparse.size': '4503599627370496',
        }),
        { name: 'x', content: 'abcd' },
      ]),
    ),
  'every type flag there is': () =>
    image(
      layer(
        Array.from({ length: 256 }, (_, type) => ({
          name: `t${type}`,
          patch: [{ at: 156, bytes: new Uint8Array([type]) }],
        })),
      ),
    ),
  'a device with a size': () =>
    image(
      layer([
        { name: 'dev', type: '3', size: 1 << 20 },
        { name: 'after', content: 'x' },
      ]),
    ),
  'a bad checksum': () => {
    const damaged = tar([SECRET_FILE, { name: 'x', content: 'x' }]);
    damaged[1024] = 7;
    return image(bytes(damaged));
  },
  'entries behind the end': () =>
    image(bytes(join([tar([SECRET_FILE]), tar([{ name: 'late', content: 'x' }])]))),
  'a lone zero block': () =>
    image(
      bytes(
        join([
          tar([SECRET_FILE], false),
          new Uint8Array(512),
          tar([{ name: 'late', content: 'x' }]),
        ]),
      ),
    ),
  'a path 20,001 folders deep': () =>
    image(layer([{ name: 'd/'.repeat(20_000) + 'x', content: 'x' }])),
  'a name of 300 kB': () => image(layer([{ name: 'n'.repeat(300_000), content: 'x' }])),
  'names that turn, hide and break': () =>
    image(
      layer(
        [
          'a\u202eb',
          'a\x1b[2Jb',
          '<img src=x onerror=alert(1)>',
          '=cmd|1',
          'a\nb',
          '\u200b',
          'e\u0301',
          '\u00e9',
          '__proto__',
          'constructor',
          'toString',
        ].map((name) => ({ name, content: 'x' })),
      ),
    ),
  'names that are not UTF-8': () =>
    image(layer([{ name: new Uint8Array([0xff, 0xfe, 0x2f, 0xc0, 0x80]), content: 'x' }])),
  'names that climb out': () =>
    image(
      layer(
        ['../../etc/passwd', '/etc/shadow', 'a/../../b', 'C:\\windows', '..', '.'].map((name) => ({
          name,
          content: 'x',
        })),
      ),
    ),
  'links in a circle, to themselves, to folders': () =>
    image(
      layer([
        { name: 'a', type: '2', link: 'b' },
        { name: 'b', type: '2', link: 'a' },
        { name: 's', type: '2', link: 's' },
        { name: 'h', type: '1', link: 'h' },
        { name: 'd/', type: '5' },
        { name: 'hd', type: '1', link: 'd' },
        { name: '.', type: '2', link: '/etc' },
      ]),
      layer([
        { name: 'a/x', content: 'x' },
        { name: 's/x/y', content: 'x' },
      ]),
    ),
  'a time of 10^20': () =>
    image(layer([paxHeader({ mtime: '99999999999999999999' }), { name: 'x', content: 'x' }])),
  'whiteouts of all kinds': () =>
    image(
      layer([{ name: 'd/f', content: 'x' }]),
      layer(
        [
          '.wh.',
          '.wh..wh..opqX',
          'd/.wh..wh..opq',
          '.wh.d',
          '.wh..wh.plnk/1',
          '.wh.../x',
          'f/.wh.g',
        ].map((name) => ({ name })),
      ),
    ),
  'the same file twice, ten thousand times': () =>
    image(layer(Array.from({ length: 10_000 }, () => ({ name: 'same', content: 'x' })))),
  'a layer of a thousand gzip members': () =>
    image(
      bytes(
        join([gzipSync(tar([SECRET_FILE])), ...Array.from({ length: 1000 }, () => gzipSync(''))]),
      ),
    ),
  'gzip with its header fields at their largest': () => {
    const plain = new Uint8Array(gzipSync(tar([SECRET_FILE])));
    const extra = join([
      new Uint8Array([0xff, 0xff]),
      new Uint8Array(65_535),
      octets(`${'n'.repeat(100_000)}\0`),
    ]);
    const head = plain.slice(0, 10);
    head[3] = 4 | 8;
    return image(bytes(join([head, extra, plain.subarray(10)])));
  },
  'gzip with a wrong checksum': () => {
    const damaged = new Uint8Array(gzipSync(tar([SECRET_FILE])));
    damaged[damaged.length - 5] = (damaged[damaged.length - 5] as number) ^ 255;
    return image(bytes(damaged));
  },
  'gzip with bytes behind it': () =>
    image(bytes(join([gzipSync(tar([SECRET_FILE])), noise(5000)]))),
  'a layer that occurs two thousand times': () =>
    withManifest(
      JSON.stringify([
        {
          Config: 'c.json',
          RepoTags: ['x:1'],
          Layers: new Array<string>(2000).fill('l/layer.tar'),
        },
      ]),
    ),
  'ten thousand diff IDs': () =>
    withManifest(
      JSON.stringify([{ Config: 'big.json', RepoTags: ['x:1'], Layers: ['l/layer.tar'] }]),
      {
        name: 'big.json',
        content: JSON.stringify({
          rootfs: { diff_ids: new Array<string>(10_000).fill('sha256:..') },
        }),
      },
    ),
  'an index that leads to itself': () =>
    withManifest(
      JSON.stringify([{ Config: 'c.json', RepoTags: ['x:1'], Layers: ['l/layer.tar'] }]),
      {
        name: 'index.json',
        content: JSON.stringify({ manifests: [{ digest: `sha256:${'a'.repeat(64)}` }] }),
      },
      {
        name: `blobs/sha256/${'a'.repeat(64)}`,
        content: JSON.stringify({ manifests: [{ digest: `sha256:${'a'.repeat(64)}` }] }),
      },
    ),
  'digests that climb out': () =>
    withManifest(
      JSON.stringify([{ Config: 'c.json', RepoTags: ['x:1'], Layers: ['l/layer.tar'] }]),
      {
        name: 'index.json',
        content: JSON.stringify({
          manifests: [{ digest: 'sha256:../../../etc/passwd' }, { digest: 7 }, null],
        }),
      },
    ),
  'an index three hundred deep': () => indexed(chainedIndexes(300, 1)),
  'an index that fans out to nine million paths': () => indexed(chainedIndexes(7, 10)),
  'an index with both layers and manifests': () =>
    indexed([
      JSON.stringify({
        manifests: [{ digest: `sha256:${'b'.repeat(64)}` }],
        layers: [{ digest: `sha256:${'c'.repeat(64)}` }],
        config: { digest: `sha256:${'d'.repeat(64)}` },
      }),
    ]),
  'an index of 9 MiB': () => indexed([`{"manifests":[${'{"digest":"x"},'.repeat(600_000)}null]}`]),
  'two manifests': () => {
    const manifest = (layer: string): string =>
      JSON.stringify([{ Config: 'c.json', RepoTags: ['x:1'], Layers: [layer] }]);
    return withManifest(manifest('l/layer.tar'), {
      name: 'manifest.json',
      content: manifest('gone'),
    });
  },
  'a layer that is a link to itself beside one that is not': () =>
    withManifest(
      JSON.stringify([
        { Config: 'c.json', RepoTags: ['x:1'], Layers: ['l/layer.tar', 'm/layer.tar'] },
      ]),
      { name: 'm/layer.tar', type: '2', link: 'layer.tar' },
    ),
  'a configuration with a byte order mark and keys twice': () =>
    withManifest(
      JSON.stringify([{ Config: 'b.json', RepoTags: ['x:1'], Layers: ['l/layer.tar'] }]),
      { name: 'b.json', content: '\ufeff{"os":"a","os":"linux","created":1e999}' },
    ),
  'a layer that inflates a thousandfold': () =>
    image({
      ...layer([{ name: 'zeros', content: new Uint8Array(64 << 20) }]),
      compression: 'gzip',
    }),
  'ten thousand empty gzip members': () =>
    image(
      bytes(
        join([gzipSync(tar([SECRET_FILE])), ...new Array<Uint8Array>(10_000).fill(gzipSync(''))]),
      ),
    ),
  'a deflate block of an impossible type behind the secret': () => {
    const damaged = new Uint8Array(gzipSync(tar([{ name: 'noise', content: noise(2000) }])));
    damaged.fill(0xff, 10, 100);
    return image(bytes(join([gzipSync(tar([SECRET_FILE], false)), damaged])));
  },
  'labels and variables of all types': () =>
    withManifest(
      JSON.stringify([
        { Config: 'odd.json', RepoTags: [null, 7, 'x:1'], Layers: ['l/layer.tar', null, 7] },
      ]),
      {
        name: 'odd.json',
        content:
          '{"config":{"Env":[1,null,"A=b"],"Labels":{"__proto__":"x","a":7},"Cmd":"x"},"history":[null,{"created_by":7}],"rootfs":7}',
      },
    ),
};

/** An archive with the secret in it, and an index that leads to these blobs, the first of them first. */
function indexed(blobs: string[]): Uint8Array {
  const digest = (i: number): string => i.toString(16).padStart(64, '0');
  return withManifest(
    JSON.stringify([{ Config: 'c.json', RepoTags: ['x:1'], Layers: ['l/layer.tar'] }]),
    {
      name: 'index.json',
      content: JSON.stringify({ manifests: [{ digest: `sha256:${digest(0)}` }] }),
    },
    ...blobs.map((content, i) => ({ name: `blobs/sha256/${digest(i)}`, content })),
  );
}

/** Indexes of which each leads to the next, `times` over. */
function chainedIndexes(depth: number, times: number): string[] {
  return Array.from({ length: depth }, (_, i) => {
    const next = { digest: `sha256:${(i + 1).toString(16).padStart(64, '0')}` };
    return JSON.stringify({ manifests: new Array<object>(times).fill(next) });
  });
}

/** Manifests that name nothing readable: the archive must open, or say in a sentence why not. */
export const HOSTILE_MANIFESTS: readonly string[] = [
  'null',
  '[]',
  '7',
  '"x"',
  '[null]',
  '[[]]',
  '{}',
  '[{"Config":"c.json","Layers":"x"}]',
  '[{"Config":{},"Layers":[{}]}]',
  '[{"Config":"c.json","Layers":["../../x","/dev/zero","gone"]}]',
  '\ufeff[]',
  '['.repeat(100_000),
  '[{"Config":"c.json","Layers":[1e999]}',
  '{"__proto__":{"x":1}}',
];
