import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { FileTree } from '../../../src/app/file-tree.svelte.ts';
import { historyOf } from '../../../src/app/path-history.ts';
import { folderArchive } from '../../../src/engine/image/folder-archive.ts';
import { scanArchive, type ScanResult } from '../../../src/engine/scan/scan-archive.ts';
import { blobName, imageArchive, ociArchive, sha256 } from '../../make/image-writer.ts';
import { noise } from '../../make/pieces.ts';
import { constructedToken } from '../../make/sample-source.ts';
import { join, paxHeader, tar, type TarInput, toBytes } from '../../make/tar-writer.ts';

const LAYER = tar([{ name: 'app/file', content: 'hello' }]);
const DIFF_ID = `sha256:${sha256(LAYER)}`;
const CONFIG = JSON.stringify({
  os: 'linux',
  architecture: 'amd64',
  rootfs: { diff_ids: [DIFF_ID] },
  history: [{ created_by: 'COPY . /app' }],
});

const digest = (content: string): string => `sha256:${sha256(toBytes(content))}`;

async function scan(bytes: Uint8Array, options = {}): Promise<ScanResult> {
  return scanArchive(new Blob([bytes as Uint8Array<ArrayBuffer>]), 'x.tar', undefined, {
    verify: true,
    ...options,
  });
}

function archive(manifest: object, ...entries: TarInput[]): Uint8Array {
  return tar([...entries, { name: 'manifest.json', content: JSON.stringify([manifest]) }]);
}

describe('archives as tools write them', () => {
  test('Docker before 1.10: repositories and parents, no manifest', async () => {
    const [base, top] = ['a'.repeat(64), 'b'.repeat(64)];
    const { report } = await scan(
      tar([
        {
          name: `${base}/json`,
          content: JSON.stringify({
            id: base,
            container_config: { Cmd: ['/bin/sh', '-c', '#(nop) ADD file:x in /'] },
          }),
        },
        { name: `${base}/layer.tar`, content: LAYER },
        {
          name: `${top}/json`,
          content: JSON.stringify({
            id: top,
            parent: base,
            os: 'linux',
            architecture: 'amd64',
            config: { Env: ['A=b'] },
            container_config: { Cmd: ['/bin/sh', '-c', 'touch /x'] },
          }),
        },
        { name: `${top}/layer.tar`, content: tar([{ name: 'x' }]) },
        { name: 'repositories', content: JSON.stringify({ 'old/app': { '1': top } }) },
      ]),
    );
    expect(report).toMatchObject({
      archive: { form: 'docker-archive' },
      images: [{ names: ['old/app:1'], platform: 'linux/amd64' }],
      problems: [],
    });
    expect(report.layers.map(({ createdBy }) => createdBy)).toEqual([
      'ADD file:x in /',
      'RUN touch /x',
    ]);
    expect(report.totals.files).toBe(2);
  });

  test('crane, kaniko and ko: a colon in the configuration’s name, .tar.gz over anything', async () => {
    const config = `sha256:${sha256(new TextEncoder().encode(CONFIG))}`;
    const { report } = await scan(
      archive(
        { Config: config, RepoTags: ['ko:1'], Layers: ['abc.tar.gz'] },
        { name: config, content: CONFIG },
        { name: 'abc.tar.gz', content: LAYER },
      ),
    );
    expect(report).toMatchObject({
      images: [{ names: ['ko:1'] }],
      layers: [{ compression: 'none', createdBy: 'COPY . /app' }],
      problems: [],
    });
  });

  test('buildpacks: absolute names, and blanks where the base is left out', async () => {
    const name = `/${DIFF_ID}.tar`;
    const { report } = await scan(
      archive(
        { Config: 'c.json', RepoTags: ['b:1'], Layers: ['blank_0', name] },
        { name: 'c.json', content: CONFIG },
        { name: 'blank_0' },
        { name, content: LAYER },
      ),
    );
    expect(report.problems.map(({ code }) => code)).toContain('layer-left-out');
    expect(report.totals.files).toBe(1);
  });

  test('nix: absolute names inside the layers', async () => {
    const { trees, report } = await scan(
      archive(
        { Config: 'c.json', RepoTags: ['n:1'], Layers: ['h/layer.tar'] },
        { name: 'c.json', content: '{}' },
        { name: 'h/layer.tar', content: tar([{ name: '/nix/store/x', content: 'x' }]) },
      ),
    );
    expect(report.totals.files).toBe(1);
    expect(new TextDecoder().decode(trees.tree.names)).toBe('nixstorex');
  });

  test('eStargz: read whole, and its own entries as any file', async () => {
    const members = [
      tar([{ name: '.no.prefetch.landmark', content: `token: ${constructedToken()}\n` }], false),
      tar([{ name: 'app/file', content: 'hello' }]),
      tar([{ name: 'stargz.index.json', content: '{}' }]),
    ];
    const layer = join(members.map((member) => gzipSync(member)));
    const { report, trees } = await scan(
      archive(
        { Config: 'c.json', RepoTags: ['e:1'], Layers: ['l'] },
        { name: 'c.json', content: '{}' },
        { name: 'l', content: layer },
      ),
    );
    expect(report.problems).toEqual([]);
    expect(report.totals.files).toBe(2);
    expect(report.findings[0]?.places[0]?.path).toBe('.no.prefetch.landmark');
    expect(new TextDecoder().decode(trees.tree.names)).toBe('.no.prefetch.landmarkappfile');
  });

  test('a folder with an OCI layout, and a dir: copy', async () => {
    const oci = imageArchive(
      [{ tags: ['f:1'], layers: [{ createdBy: 'COPY', entries: [{ name: 'a', content: 'b' }] }] }],
      'oci',
    );
    const { archive: packed } = await scan(oci);
    expect(packed.form).toBe('oci-archive');
    const config = sha256(new TextEncoder().encode(CONFIG));
    const parts = folderArchive([
      { path: 'version', content: new Blob(['Directory Transport Version: 1.1\n']) },
      { path: config, content: new Blob([CONFIG]) },
      { path: sha256(LAYER), content: new Blob([LAYER as Uint8Array<ArrayBuffer>]) },
      {
        path: 'manifest.json',
        content: new Blob([
          JSON.stringify({
            schemaVersion: 2,
            config: { digest: `sha256:${config}` },
            layers: [{ digest: DIFF_ID }],
          }),
        ]),
      },
    ]);
    const { report } = await scan(new Uint8Array(await new Blob(parts).arrayBuffer()), {
      folder: true,
    });
    expect(report).toMatchObject({
      archive: { form: 'docker-dir' },
      layers: [{ digest: DIFF_ID }],
      problems: [],
      totals: { files: 1 },
    });
  });

  test('a dir: copy of all platforms: a list of manifests, each in its file', async () => {
    const files = new Map<string, Uint8Array>();
    const add = (content: Uint8Array | string, suffix = ''): string => {
      const bytes = toBytes(content);
      files.set(`${sha256(bytes)}${suffix}`, bytes);
      return `sha256:${sha256(bytes)}`;
    };
    const manifests = ['amd64', 'arm64'].map((architecture) => {
      const layer = tar([{ name: `app/${architecture}`, content: 'x' }]);
      const config = {
        os: 'linux',
        architecture,
        rootfs: { diff_ids: [`sha256:${sha256(layer)}`] },
      };
      const manifest = {
        schemaVersion: 2,
        config: { digest: add(JSON.stringify(config)) },
        layers: [{ digest: add(layer), size: layer.length }],
      };
      return { digest: add(JSON.stringify(manifest), '.manifest.json') };
    });
    files.set('manifest.json', toBytes(JSON.stringify({ schemaVersion: 2, manifests })));
    files.set('version', toBytes('Directory Transport Version: 1.1\n'));
    const entries = [...files].map(([name, content]) => ({ name, content }));
    const { report } = await scan(tar(entries));
    expect(report).toMatchObject({
      archive: { form: 'docker-dir' },
      images: [{ platform: 'linux/amd64' }, { platform: 'linux/arm64' }],
      problems: [],
      totals: { files: 2 },
    });
  });

  test.each([
    ['plain', (bytes: Uint8Array): Uint8Array => bytes],
    ['compressed', (bytes: Uint8Array): Uint8Array => gzipSync(bytes, { level: 1 })],
  ])('%s: large statements, and many large files before the index', async (_, wrap) => {
    const statement = JSON.stringify({
      x: 'a'.repeat(9 << 20),
      predicate: { args: { 'build-arg:API_TOKEN': '3f9a1c07d2b84e65a0f7c9d1e2b3a4f586970812' } },
    });
    const attesting = JSON.stringify({ layers: [{ digest: digest(statement) }] });
    const large = Array.from({ length: 12 }, (_, i) =>
      JSON.stringify({ i, x: 'b'.repeat(8_000_000) }),
    );
    const blobs = [statement, attesting, ...large].map((content) => ({
      name: blobName(content),
      content,
    }));
    const before = [
      {
        digest: digest(attesting),
        annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
      },
    ];
    const { report } = await scan(
      wrap(ociArchive([[CONFIG, [LAYER]]], blobs, undefined, {}, before)),
      { verify: false },
    );
    expect(report.images).toMatchObject([{ platform: 'linux/amd64' }]);
    expect(report.problems).toEqual([]);
    expect(report.findings.map(({ places }) => places[0]?.kind)).toEqual(['config']);
  });

  test('a layer that is packed without its holes, or is not there, is told as that', async () => {
    const manifest = { Config: 'c.json', RepoTags: ['s:1'], Layers: ['l/layer.tar', 'gone'] };
    const bytes = archive(
      manifest,
      { name: 'c.json', content: CONFIG },
      paxHeader({ 'GNU.sparse.map': `0,1024,${1 << 20},1024`, 'GNU.sparse.size': `${2 << 20}` }),
      { name: 'l/layer.tar', content: LAYER.subarray(0, 2048) },
    );
    for (const one of [bytes, gzipSync(bytes)]) {
      const { report } = await scan(one);
      expect(report.problems.map(({ code }) => code)).toEqual(['layer-sparse', 'layer-absent']);
      expect(report.totals.files).toBe(0);
    }
  });

  test('encrypted and foreign layers are named, and the others read', async () => {
    const blob = (
      content: Uint8Array | string,
    ): { digest: string; name: string; content: Uint8Array | string } => {
      const hex = sha256(typeof content === 'string' ? new TextEncoder().encode(content) : content);
      return { digest: `sha256:${hex}`, name: `blobs/sha256/${hex}`, content };
    };
    const [config, plain, secret, far] = [
      blob(CONFIG),
      blob(LAYER),
      blob(noise(700)),
      { digest: `sha256:${'f'.repeat(64)}` },
    ];
    const manifest = blob(
      JSON.stringify({
        config: { digest: config.digest },
        layers: [
          { digest: plain.digest, mediaType: 'application/vnd.oci.image.layer.v1.tar' },
          { digest: secret.digest, mediaType: 'application/vnd.oci.image.layer.v1.tar+encrypted' },
          {
            digest: far.digest,
            mediaType: 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
          },
        ],
      }),
    );
    const { report } = await scan(
      tar([
        config,
        plain,
        secret,
        manifest,
        {
          name: 'index.json',
          content: JSON.stringify({ manifests: [{ digest: manifest.digest }] }),
        },
      ]),
    );
    expect(report.problems.map(({ code }) => code)).toEqual(['layer-encrypted', 'layer-foreign']);
    expect(report.totals.files).toBe(1);
  });

  test('attestations are kept apart, and a build argument in one is found', async () => {
    const statement = JSON.stringify({
      predicate: { args: { 'build-arg:API_TOKEN': '3f9a1c07d2b84e65a0f7c9d1e2b3a4f586970812' } },
    });
    const hex = (text: string): string => sha256(new TextEncoder().encode(text));
    const manifest = JSON.stringify({
      layers: [
        {
          digest: `sha256:${hex(statement)}`,
          annotations: { 'in-toto.io/predicate-type': 'https://slsa.dev/provenance/v0.2' },
        },
      ],
    });
    const index = JSON.stringify({
      manifests: [
        {
          digest: `sha256:${hex(manifest)}`,
          annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
        },
      ],
    });
    const { report, archive: opened } = await scan(
      archive(
        { Config: 'c.json', RepoTags: ['a:1'], Layers: ['l/layer.tar'] },
        { name: 'c.json', content: CONFIG },
        { name: 'l/layer.tar', content: LAYER },
        { name: `blobs/sha256/${hex(statement)}`, content: statement },
        { name: `blobs/sha256/${hex(manifest)}`, content: manifest },
        { name: 'index.json', content: index },
      ),
    );
    expect(opened.attestations).toMatchObject([{ type: 'https://slsa.dev/provenance/v0.2' }]);
    expect(report.images).toHaveLength(1);
    expect(report.findings[0]?.places).toMatchObject([
      { kind: 'config', key: 'attestation https://slsa.dev/provenance/v0.2' },
    ]);
  });

  test('a digest that is not the content’s is told where digests are checked', async () => {
    const wrong = CONFIG.replace(DIFF_ID, `sha256:${'0'.repeat(64)}`);
    const bytes = archive(
      { Config: 'c.json', RepoTags: ['w:1'], Layers: ['l/layer.tar'] },
      { name: 'c.json', content: wrong },
      { name: 'l/layer.tar', content: LAYER },
    );
    expect((await scan(bytes)).report.problems.map(({ code }) => code)).toEqual([
      'diff-id-mismatch',
    ]);
    expect((await scan(bytes, { verify: false })).report.problems).toEqual([]);
    expect((await scan(gzipSync(bytes))).report.problems.map(({ code }) => code)).toEqual([
      'diff-id-mismatch',
    ]);
  });
});

describe('a path’s history', () => {
  const copy = (...entries: TarInput[]) => ({ createdBy: 'COPY', entries });

  test('tells added, changed, touched, deleted and added again', async () => {
    const result = await scan(
      imageArchive([
        {
          tags: ['h:1'],
          layers: [
            copy({ name: 'd/f', content: 'one' }, { name: 'd/g', content: 'x' }),
            copy({ name: 'd/f', content: 'one', mode: 0o600 }),
            { ...copy({ name: 'd/f', content: 'two' }), compression: 'gzip' as const },
            copy({ name: '.wh.d' }),
            copy({ name: 'd/f', content: 'six' }),
          ],
        },
      ]),
    );
    expect(historyOf(result, 0, 0, 0).map(({ position, what }) => `${position} ${what}`)).toEqual([
      '0 added',
      '1 attributes changed',
      '2 changed',
      '3 deleted',
      '4 added',
    ]);
    expect(historyOf(result, 0, 0, 1).map(({ position, what }) => `${position} ${what}`)).toEqual([
      '0 added',
      '3 deleted',
    ]);
  });

  test('shows in the tree of a layer', async () => {
    const result = await scan(
      imageArchive([
        {
          tags: ['h:1'],
          layers: [
            copy({ name: 'f', content: 'one' }),
            copy({ name: 'f', content: 'one', mode: 0o600 }, { name: 'g', content: 'x' }),
          ],
        },
      ]),
    );
    const tree = new FileTree(result, { layer: 1 });
    expect(
      [...tree.visible].map((node) => tree.row(node)).map(({ name, state }) => `${name} ${state}`),
    ).toEqual(['f attributes', 'g added']);
  });
});
