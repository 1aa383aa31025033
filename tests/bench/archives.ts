/** Archives for the benchmark, made of the machine's own files: by what is in them, and how layers lie. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What a benchmark archive is made of. */
export interface BenchArchive {
  name: string;
  content: Content;
  compression: 'none' | 'gzip' | 'zstd';
  layers: number;
  /** At least so many files, each layer's below a folder of its own; else the archive's size says how many. */
  files?: number;
}

/** Sorts of files, as `find` tells them apart. */
export type Content = 'mixed' | 'binary' | 'text' | 'bytecode' | 'small';

const ROOTS = [
  '/usr/lib',
  '/usr/bin',
  '/usr/share',
  '/usr/include',
  join(homedir(), '.pyenv'),
  '/opt',
];
const TEXT =
  '*.py *.js *.ts *.json *.h *.c *.txt *.md *.html *.css *.xml *.sh *.pm *.rb *.svg *.po';
const FIND: Record<Content, string[]> = {
  mixed: [],
  binary: ['(', '-perm', '/111', '-o', '-name', '*.so*', ')', '-size', '+8k'],
  text: [
    '(',
    ...TEXT.split(' ')
      .flatMap((name) => ['-name', name, '-o'])
      .slice(0, -1),
    ')',
  ],
  bytecode: ['-name', '*.pyc'],
  small: ['-size', '-4k'],
};

/** The archive that the file tree is measured with. */
export const MANY_FILES: BenchArchive = {
  name: 'plain, 500,000 files',
  content: 'small',
  compression: 'none',
  layers: 8,
  files: 500_000,
};

/** The archive whose size grows. */
export const GROWING: BenchArchive = {
  name: 'plain, growing',
  content: 'mixed',
  compression: 'none',
  layers: 2,
};

/** The archives that the benchmark measures. */
export const ARCHIVES: readonly BenchArchive[] = [
  { name: 'plain, two layers', content: 'mixed', compression: 'none', layers: 2 },
  { name: 'plain, one layer', content: 'mixed', compression: 'none', layers: 1 },
  { name: 'plain, forty layers', content: 'mixed', compression: 'none', layers: 40 },
  { name: 'plain, mostly binary', content: 'binary', compression: 'none', layers: 2 },
  { name: 'plain, mostly text', content: 'text', compression: 'none', layers: 2 },
  { name: 'plain, mostly bytecode', content: 'bytecode', compression: 'none', layers: 2 },
  { name: 'gzip, two layers', content: 'mixed', compression: 'gzip', layers: 2 },
  { name: 'zstd, two layers', content: 'mixed', compression: 'zstd', layers: 2 },
  MANY_FILES,
];

/** Whether the machine has what an archive is made with. */
export function canMake({ compression }: BenchArchive): boolean {
  return compression !== 'zstd' || spawnSync('zstd', ['--version']).status === 0;
}

/** Makes an archive of about `megabytes` of uncompressed layers, once; gives its path. */
export function makeArchive(archive: BenchArchive, megabytes: number, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const label = archive.name.replace(/\W+/g, '-');
  const path = join(folder, `${label}${archive.files === undefined ? `-${megabytes}` : ''}.tar`);
  if (existsSync(path)) return path;
  const bytes = archive.files === undefined ? megabytes * 1e6 : Infinity;
  const files = listFiles(archive.content, bytes, archive.files);
  const share = Math.ceil(files.length / archive.layers);
  const work = join(folder, 'work');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work);
  const names: string[] = [];
  const diffIds: string[] = [];
  for (let i = 0; i < archive.layers; i++) {
    const list = join(work, 'files');
    writeFileSync(list, files.slice(i * share, (i + 1) * share).join('\0'));
    const layer = join(work, `${i}.tar`);
    const below = archive.files === undefined ? [] : [`--transform=s,^,part-${i}/,`];
    execFileSync('tar', ['-cf', layer, ...below, '--null', '-C', '/', '-T', list], {
      stdio: 'ignore',
    });
    diffIds.push(`sha256:${digestOf(layer)}`);
    if (archive.compression === 'gzip') execFileSync('gzip', ['-6', '-S', '.packed', layer]);
    else if (archive.compression === 'zstd')
      execFileSync('zstd', ['-q', '-3', '--rm', layer, '-o', `${layer}.packed`]);
    if (archive.compression !== 'none') renameSync(`${layer}.packed`, layer);
    names.push(`${i}.tar`);
  }
  const history = names.map((name) => ({ created_by: `COPY ${name} /` }));
  const config = {
    architecture: 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: diffIds },
    history,
  };
  writeFileSync(join(work, 'config.json'), JSON.stringify(config));
  const manifest = [{ Config: 'config.json', RepoTags: ['bench:1'], Layers: names }];
  writeFileSync(join(work, 'manifest.json'), JSON.stringify(manifest));
  execFileSync('tar', ['-cf', path, '-C', work, 'manifest.json', 'config.json', ...names]);
  rmSync(work, { recursive: true });
  return path;
}

/** Paths without the leading slash, in an order that mixes folders, until their bytes or they are enough. */
function listFiles(content: Content, bytes: number, files = Infinity): string[] {
  const roots = ROOTS.filter((root) => existsSync(root));
  const { stdout } = spawnSync('find', [...roots, '-type', 'f', ...FIND[content], '-print0'], {
    maxBuffer: 1 << 30,
    encoding: 'latin1',
  });
  const all = stdout.split('\0').filter((path) => /^[\x20-\x7e]+$/.test(path));
  // By a hash of the folder, so that layers of any size have a bit of everything.
  const key = (path: string): string =>
    createHash('md5')
      .update(path.slice(0, path.lastIndexOf('/')))
      .digest('hex');
  const order = all.map((path) => [key(path), path] as const).sort((a, b) => (a < b ? -1 : 1));
  const chosen: string[] = [];
  let sum = 0;
  for (let round = 0; sum < bytes && chosen.length < files && order.length > 0; round++) {
    for (const [, path] of order) {
      if (sum >= bytes || chosen.length >= files) break;
      try {
        sum += statSync(path).size;
      } catch {
        continue; // gone since it was listed
      }
      chosen.push(path.slice(1));
    }
    // A machine with too little of it gives the same files again.
    if (round > 20) break;
  }
  return chosen;
}

function digestOf(path: string): string {
  const hash = createHash('sha256');
  const file = openSync(path, 'r');
  const buffer = Buffer.alloc(1 << 20);
  for (let n = readSync(file, buffer); n > 0; n = readSync(file, buffer))
    hash.update(buffer.subarray(0, n));
  closeSync(file);
  return hash.digest('hex');
}
