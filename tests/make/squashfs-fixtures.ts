/**
 * `npm run squashfs`: packs a small folder with mksquashfs, once for each compressor, and once plainly, with a
 * marker where a test puts a token.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { compressedText } from './compressed-text.ts';
import { TOKEN_MARKER } from './sample-source.ts';

const OUT = resolve('tests/fixtures/archives');
const COMPRESSORS = ['gzip', 'lzma', 'lzo', 'xz', 'lz4', 'zstd'];

/** Writes the fixtures. @throws where mksquashfs is missing. */
export function main(): void {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-squashfs-'));
  const root = join(folder, 'root');
  mkdirSync(join(root, 'etc/deep'), { recursive: true });
  writeFileSync(join(root, 'etc/deep/app.env'), `GITHUB_TOKEN=${TOKEN_MARKER}\n`);
  writeFileSync(join(root, 'blocks.txt'), compressedText().subarray(0, 20_000));
  writeFileSync(join(root, 'empty'), '');
  writeFileSync(join(root, 'sparse'), 'the start');
  truncateSync(join(root, 'sparse'), 30_000);
  const pack = (name: string, ...options: string[]): void => {
    const image = join(folder, name);
    const common = ['-b', '8K', '-noappend', '-all-root', '-all-time', '0', '-mkfs-time', '0'];
    execFileSync('mksquashfs', [root, image, ...common, '-nopad', '-no-xattrs', ...options]);
    writeFileSync(join(OUT, name), readFileSync(image));
  };
  for (const compressor of COMPRESSORS) pack(`${compressor}.squashfs`, '-comp', compressor);
  pack('plain.squashfs', '-noI', '-noD', '-noF');
  rmSync(folder, { recursive: true });
}
