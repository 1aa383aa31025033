import { describe, expect, test } from 'vitest';
import { ArchiveError } from '../../../src/engine/archive/problem.ts';
import { openArchive } from '../../../src/engine/image/open-archive.ts';
import { indexOuterTar } from '../../../src/engine/image/outer-tar.ts';
import {
  blobName,
  imageArchive,
  type ImageInput,
  ociArchive,
  sha256,
} from '../../make/image-writer.ts';
import { tar } from '../../make/tar-writer.ts';

const blob = (bytes: Uint8Array): Blob => new Blob([bytes as Uint8Array<ArrayBuffer>]);
const LAYER = {
  createdBy: 'COPY . /app # buildkit',
  entries: [{ name: 'app/file', content: 'hello' }],
};
const BASE = {
  createdBy: '/bin/sh -c #(nop) ADD file:abc in / ',
  entries: [{ name: 'etc/os-release', content: 'x' }],
  compression: 'gzip' as const,
};
const IMAGE: ImageInput = { tags: ['app:1'], layers: [BASE, LAYER] };

describe('opening an archive', () => {
  test.each(['legacy', 'docker25', 'oci'] as const)(
    '%s: images, layers and their commands',
    async (form) => {
      const archive = await openArchive(blob(imageArchive([IMAGE], form)), 'x.tar');
      expect(archive.form).toBe(form === 'oci' ? 'oci-archive' : 'docker-archive');
      expect(archive.images).toMatchObject([
        { names: ['app:1'], platform: 'linux/amd64', layers: [0, 1] },
      ]);
      expect(archive.layers.map(({ createdBy, compression }) => [createdBy, compression])).toEqual([
        ['ADD file:abc in /', 'gzip'],
        ['COPY . /app', 'none'],
      ]);
      expect(archive.layers[1]?.digest).toBe(`sha256:${sha256(tar(LAYER.entries))}`);
      expect(archive.problems).toEqual([]);
    },
  );

  test('several images share their layers, and RepoTags may be null', async () => {
    const archive = await openArchive(
      blob(imageArchive([IMAGE, { tags: null, layers: [BASE] }], 'docker25')),
      'x.tar',
    );
    expect(archive.images.map(({ names, layers }) => [names, layers])).toEqual([
      [['app:1'], [0, 1]],
      [[], [0]],
    ]);
  });

  test('keys may be lower-case, as jib wrote them', async () => {
    const archive = await openArchive(
      blob(
        tar([
          {
            name: 'config.json',
            content: JSON.stringify({ os: 'linux', rootfs: { diff_ids: [] } }),
          },
          { name: 'layer.tar.gz', content: tar(LAYER.entries) },
          {
            name: 'manifest.json',
            content: JSON.stringify([
              { config: 'config.json', repoTags: ['jib:1'], layers: ['layer.tar.gz'] },
            ]),
          },
        ]),
      ),
      'x.tar',
    );
    expect(archive.images).toMatchObject([{ names: ['jib:1'], layers: [0] }]);
    expect(archive.layers[0]).toMatchObject({ compression: 'none', digest: '' });
  });

  test('a layer that is a link to another is read there', async () => {
    const archive = await openArchive(
      blob(
        tar([
          { name: 'a.json', content: '{}' },
          { name: 'abc.tar', content: tar(LAYER.entries) },
          { name: 'v1/layer.tar', type: '2', link: '../abc.tar' },
          {
            name: 'manifest.json',
            content: JSON.stringify([
              { Config: 'a.json', RepoTags: null, Layers: ['v1/layer.tar'] },
            ]),
          },
        ]),
      ),
      'x.tar',
    );
    expect(archive.layers[0]?.unreadable).toBeUndefined();
    expect(archive.layers[0]?.size).toBeGreaterThan(0);
  });

  test('a layer that is not there is a problem, not an end', async () => {
    const archive = await openArchive(
      blob(
        tar([
          { name: 'a.json', content: '{}' },
          {
            name: 'manifest.json',
            content: JSON.stringify([{ Config: 'a.json', Layers: ['gone/layer.tar'] }]),
          },
        ]),
      ),
      'x.tar',
    );
    expect(archive.problems.map(({ code }) => code)).toEqual(['layer-absent']);
  });

  test('a file system and a single layer open as what they are', async () => {
    const root = await openArchive(blob(tar([{ name: 'etc/passwd', content: 'x' }])), 'x.tar');
    expect(root.form).toBe('rootfs');
    const layer = await openArchive(blob(tar([{ name: 'opt/.wh.gone' }])), 'x.tar');
    expect(layer.form).toBe('layer');
  });

  test.each([
    ['nothing', new Uint8Array(0), /empty/],
    [
      'a picture',
      new Uint8Array([0x89, 0x50, 0x4e, 0x47, ...new Array<number>(2000).fill(7)]),
      /not an image archive/,
    ],
    ['a web page', new TextEncoder().encode('<!DOCTYPE html><html></html>'), /web page/],
    ['a PowerShell redirect', new Uint8Array([0xff, 0xfe, 0x62, 0]), /PowerShell/],
  ])('says why %s cannot be opened', async (_, bytes, message) => {
    await expect(openArchive(blob(bytes), 'x')).rejects.toThrow(message);
  });

  test('an archive without its manifest shows the layers that are left', async () => {
    const whole = imageArchive([IMAGE], 'legacy');
    const text = new TextDecoder('latin1').decode(whole);
    const cut = whole.subarray(0, text.indexOf('manifest.json'));
    const archive = await openArchive(blob(cut), 'cut.tar');
    expect(archive.problems.map(({ code }) => code)).toEqual(['manifest-missing']);
    expect(archive.layers).toHaveLength(2);
  });

  test.each(['null', '[]', '[null]', '{}', '7', '['.repeat(100_000)])(
    'a manifest that names nothing is an error in words: %.20s',
    async (json) => {
      const opened = openArchive(blob(tar([{ name: 'manifest.json', content: json }])), 'x.tar');
      await opened.then(
        ({ form }) => {
          expect(form).toBe('layer');
        },
        (error: unknown) => {
          expect(error).toBeInstanceOf(ArchiveError);
        },
      );
    },
  );

  test('images with the same configuration and other layers are two', async () => {
    const layers = ['one', 'two'].map((name) => tar([{ name, content: name }]));
    const archive = await openArchive(blob(ociArchive(layers.map((l) => ['{}', [l]]))), 'x.tar');
    expect(archive.images.map((image) => image.layers)).toEqual([[0], [1]]);
    expect(new Set(archive.images.map(({ id }) => id)).size).toBe(2);
    expect(archive.images[0]?.id).toBe(`sha256:${sha256(new TextEncoder().encode('{}'))}`);
  });

  test('an index may name other layers for the configuration of manifest.json', async () => {
    const other = tar([{ name: 'other', content: 'x' }]);
    const manifest = [{ Config: blobName('{}'), RepoTags: ['a:1'], Layers: ['l.tar'] }];
    const beside = [
      { name: 'l.tar', content: tar(LAYER.entries) },
      { name: 'manifest.json', content: JSON.stringify(manifest) },
    ];
    const bytes = ociArchive([['{}', [other]]], beside);
    const archive = await openArchive(blob(bytes), 'x.tar');
    expect(archive.images.map((image) => image.layers)).toEqual([[0], [1]]);
    const gone = ociArchive([['{}', [other]]], beside, (name) => name === blobName(other));
    expect((await openArchive(blob(gone), 'x.tar')).images).toHaveLength(1);
  });

  test('a foreign layer that is in the archive is read', async () => {
    const type = 'application/vnd.oci.image.layer.nondistributable.v1.tar';
    const { layers, problems } = await openArchive(
      blob(ociArchive([['{}', [tar(LAYER.entries)]]], [], undefined, { mediaType: type })),
      'x.tar',
    );
    expect(layers[0]?.unreadable).toBeUndefined();
    expect(problems).toEqual([]);
  });

  test('manifests that are absent do not count, and those past the bound are told', async () => {
    const layer = tar(LAYER.entries);
    const absent = Array.from({ length: 1500 }, (_, i) => ({
      digest: `sha256:${i.toString(16).padStart(64, '0')}`,
    }));
    const far = await openArchive(
      blob(ociArchive([['{}', [layer]]], [], undefined, {}, absent)),
      'x',
    );
    expect([far.images.length, far.problems]).toEqual([1, []]);
    const present = absent.map(({ digest }) => ({
      name: `blobs/sha256/${digest.slice(7)}`,
      content: '{}',
    }));
    const first = await openArchive(
      blob(
        tar([
          ...present,
          { name: 'l.tar', content: layer },
          { name: 'manifest.json', content: '[{"Config":"","Layers":["l.tar"]}]' },
          { name: 'index.json', content: JSON.stringify({ manifests: absent }) },
        ]),
      ),
      'x',
    );
    expect(first.problems.map(({ code }) => code)).toContain('index-manifests');
  });

  test('a configuration too large to be read is told as that', async () => {
    const large = `{"os":"linux","x":"${'a'.repeat(9 << 20)}"}`;
    const archive = await openArchive(blob(ociArchive([[large, [tar(LAYER.entries)]]])), 'x.tar');
    expect(archive.problems).toMatchObject([{ code: 'json-size', path: blobName(large) }]);
    expect(archive.images).toHaveLength(1);
  });

  test('a plain layer that is shorter than its manifest says is told', async () => {
    const layer = tar([...LAYER.entries, { name: 'more', content: 'x' }]);
    const config = JSON.stringify({ rootfs: { diff_ids: [`sha256:${sha256(layer)}`] } });
    const whole = ociArchive([[config, [layer]]]);
    const cut = { name: blobName(layer), content: layer.subarray(0, 1024) };
    const bytes = ociArchive([[config, [layer]]], [cut], (name) => name === blobName(layer));
    expect((await openArchive(blob(whole), 'x.tar')).problems).toEqual([]);
    expect((await openArchive(blob(bytes), 'x.tar')).problems).toMatchObject([
      { code: 'layer-size', path: blobName(layer), layer: `sha256:${sha256(layer)}` },
    ]);
  });

  const inner = tar([{ name: 'hello', content: 'hi' }]);
  test.each([
    ['a layer.tar somewhere', 'srv/t/layer.tar', inner],
    ['blobs and an index.json', 'blobs/sha256/x', inner],
    ['a list as manifest.json', 'manifest.json', '[{"name":"x"}]'],
    ['a manifest of layers it has not', 'manifest.json', '[{"Config":"c.json","Layers":["x"]}]'],
    ['an index.json of its own', 'index.json', '{"manifests":[]}'],
    ['a manifest too large to be one', 'manifest.json', new Uint8Array(9 << 20).fill(0x20)],
  ])('a file system with %s is one', async (_, name, content) => {
    for (const own of ['etc/passwd', 'data/.env', 'x.txt']) {
      const entries = [
        { name: own, content: 'x' },
        { name: 'index.json', content: '{"a":1}' },
        { name, content },
      ];
      const archive = await openArchive(blob(tar(entries)), 'x.tar');
      expect(archive.images).toMatchObject([{ id: '', layers: [0] }]);
      expect(['rootfs', 'layer']).toContain(archive.form);
      expect(archive.problems).toEqual([]);
    }
  });

  test('a large file system is told by its names before all of them are read', async () => {
    const files = Array.from({ length: 6000 }, (_, i) => ({ name: `usr/lib/${i}` }));
    const bytes = tar([{ name: 'index.json', content: '{}' }, ...files]);
    const outer = await indexOuterTar(blob(bytes), () => undefined);
    expect(outer.fileSystem).toBe(true);
    expect(outer.files.size).toBeLessThan(5000);
  });

  test('a layer may lie where a root file system has its files', async () => {
    const entries = [
      { name: 'app/one.tar', content: inner },
      { name: 'c.json', content: '{}' },
      { name: 'manifest.json', content: '[{"Config":"c.json","Layers":["app/one.tar"]}]' },
    ];
    const { form, problems } = await openArchive(blob(tar(entries)), 'x.tar');
    expect([form, problems]).toEqual(['docker-archive', []]);
  });

  test('a file beside the images is told of', async () => {
    const entries = [
      { name: 'l.tar', content: inner },
      { name: 'c.json', content: '{}' },
      { name: 'index.json.lock', content: '' },
      { name: 'notes.txt', content: 'x' },
      { name: 'manifest.json', content: '[{"Config":"c.json","Layers":["l.tar"]}]' },
    ];
    const { problems } = await openArchive(blob(tar(entries)), 'x.tar');
    expect(problems).toMatchObject([{ code: 'outside-images', path: 'notes.txt' }]);
  });

  test('names that climb out of the archive lead nowhere', async () => {
    const json = '[{"Config":"../../etc/passwd","Layers":["/../x"]}]';
    const archive = await openArchive(
      blob(tar([{ name: 'manifest.json', content: json }])),
      'x.tar',
    );
    expect(archive.layers.map(({ unreadable }) => unreadable)).toEqual(['absent']);
  });
});
