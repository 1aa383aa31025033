/**
 * `PORTHOLE_ARCHIVES=FOLDER npm run test:archives`: what real tools wrote must open, and all forms of the
 * one demonstration image must give the same file system and the same secrets.
 */
import { openAsBlob, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { EntryKind } from '../src/engine/archive/tar.ts';
import { linkBytesOf } from '../src/engine/image/entry-table.ts';
import { folderArchive } from '../src/engine/image/folder-archive.ts';
import { scanArchive, type ScanResult } from '../src/engine/scan/scan-archive.ts';

let passed = 0;
let failed = 0;

function expectThat(what: string, holds: boolean): void {
  if (holds) passed++;
  else {
    failed++;
    console.log(`FAIL ${what}`);
  }
}

interface Planted {
  secrets: { value: string; kind: string }[];
}

/** As in the expected list; a hard link is the file it names. */
const TYPES = ['f', 'h', 'l', 'c', 'b', 'd', 'p'];

/** Runs over every archive of the folder; prints what fails. */
export async function main(): Promise<void> {
  const folder = process.env['PORTHOLE_ARCHIVES'];
  if (!folder) {
    console.log('PORTHOLE_ARCHIVES names no folder: nothing to test.');
    return;
  }
  const planted = JSON.parse(readFileSync(join(folder, 'demo/planted.json'), 'utf8')) as Planted;
  const expected = mergedPaths(readFileSync(join(folder, 'demo/expected-merged.tsv0'), 'utf8'));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const archives = files.filter((file) => /\.tar(\.\w+)?$/.test(file)).sort();
  for (const file of archives) {
    const result = await open(join(folder, file), await openAsBlob(join(folder, file)), false);
    if (result && /(^|\/)demo\.(docker|oci)/.test(file)) compare(file, result, planted, expected);
  }
  for (const layout of readdirSync(join(folder, 'demo'), { withFileTypes: true })) {
    if (!layout.isDirectory()) continue;
    const path = join(folder, 'demo', layout.name);
    const result = await open(path, await folderBlob(path), true);
    if (result) compare(layout.name, result, planted, expected);
  }
  console.log(`archives: ${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

/** The same secrets and the same file system, whatever the form. */
function compare(file: string, result: ScanResult, planted: Planted, expected: string[]): void {
  const found = result.report.findings.map(({ secret }) => secret.value ?? '');
  for (const { value, kind } of planted.secrets) {
    expectThat(
      `${file}: ${kind}`,
      found.some((secret) => secret.includes(value)),
    );
  }
  const merged = pathsOf(result);
  const same = JSON.stringify(merged) === JSON.stringify(expected);
  expectThat(`${file}: the merged file system`, same);
  if (same) return;
  console.log('  missing', expected.filter((line) => !merged.includes(line)).slice(0, 10));
  console.log('  too many', merged.filter((line) => !expected.includes(line)).slice(0, 10));
}

async function folderBlob(path: string): Promise<Blob> {
  const entries = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const parts = folderArchive(
    await Promise.all(
      entries.map(async (entry) => {
        const full = join(entry.parentPath, entry.name);
        return { path: relative(path, full), content: await openAsBlob(full) };
      }),
    ),
  );
  return new Blob(parts);
}

async function open(path: string, blob: Blob, folder: boolean): Promise<ScanResult | undefined> {
  try {
    const result = await scanArchive(blob, basename(path), undefined, { folder, verify: true });
    const { images, layers, problems } = result.report;
    expectThat(
      `${path}: has an image`,
      images.length > 0 && images.every((image) => image.layers.length > 0),
    );
    expectThat(`${path}: every layer has files or removes some`, layers.length > 0);
    expectThat(`${path}: no problems: ${JSON.stringify(problems)}`, problems.length === 0);
    return result;
  } catch (error) {
    expectThat(`${path}: opens: ${String(error)}`, false);
    return undefined;
  }
}

/** Type, mode, owner, size of files, path and link target of each record of the expected tree. */
function mergedPaths(text: string): string[] {
  return text
    .split('\0')
    .map((record) => record.split('\t'))
    .filter(([, , , , , , path]) => path !== undefined && path !== '' && path !== '.')
    .map(([type = '', mode = '', uid = '', gid = '', size = '', , path = '', target = '']) =>
      [type, mode, uid, gid, type === 'f' ? size : '', path, type === 'l' ? target : ''].join(' '),
    )
    .sort();
}

function pathsOf({ trees, archive }: ScanResult): string[] {
  const fs = trees.fileSystems[0];
  const layers = archive.images[0]?.layers ?? [];
  const { tree } = trees;
  const decoder = new TextDecoder();
  const name = (node: number): string =>
    decoder.decode(tree.names.subarray(tree.nameStart[node], tree.nameEnd[node]));
  const path = (node: number): string => {
    const up = tree.parent[node] as number;
    return up > 0 ? `${path(up)}/${name(node)}` : name(node);
  };
  const byPath = new Map<string, number>();
  for (let node = 1; node < tree.count; node++) byPath.set(path(node), node);
  interface Entry {
    kind: number;
    size: number;
    link: string;
    owner: string;
  }
  const entry = (node: number): Entry => {
    const row = fs?.row[node] ?? -1;
    const table = trees.tables[layers[fs?.layer[node] ?? -1] ?? -1];
    if (row < 0 || !table)
      return { kind: EntryKind.directory, size: 0, link: '', owner: '755 0 0' };
    return {
      kind: table.kind[row] as number,
      size: table.size[row] as number,
      link: decoder.decode(linkBytesOf(table, row)),
      owner: `${(table.mode[row] as number).toString(8)} ${table.uid[row]} ${table.gid[row]}`,
    };
  };
  const lines: string[] = [];
  for (let node = 1; node < tree.count; node++) {
    if ((fs?.layer[node] ?? -1) < 0) continue;
    let { kind, size, link, owner } = entry(node);
    for (let hops = 0; kind === EntryKind.hardLink && hops < 8; hops++) {
      const target = byPath.get(link);
      if (target === undefined) break;
      ({ kind, size, link, owner } = entry(target));
    }
    lines.push(
      [
        TYPES[kind],
        owner,
        kind === EntryKind.file ? size : '',
        path(node),
        kind === EntryKind.symlink ? link : '',
      ].join(' '),
    );
  }
  return lines.sort();
}
