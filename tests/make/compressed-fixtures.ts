/** `npm run compressed`: compresses the text, the code and the image of the tests with xz and lz4. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { branchingCode } from './branching-code.ts';
import { compressedImage } from './compressed-image.ts';
import { compressedText } from './compressed-text.ts';

const OUT = 'tests/fixtures/compressed';
const XZ_FILTERS: Record<string, string[]> = {
  x86: ['--x86'],
  powerpc: ['--powerpc'],
  arm: ['--arm'],
  armthumb: ['--armthumb'],
  arm64: ['--arm64=start=4096'],
  sparc: ['--sparc'],
  'delta-x86': ['--delta=dist=4', '--x86'],
  'x86-delta': ['--x86', '--delta=dist=4'],
};
const TEXTS: Record<string, [program: string, ...args: string[]]> = {
  lzma: ['xz', '--format=lzma', '-9'],
  'linked.lz4': ['lz4', '-9', '-B4', '-BD', '-BX', '--content-size'],
  'independent.lz4': ['lz4', '-9', '-B5'],
  'legacy.lz4': ['lz4', '-l', '-9'],
};

/** Writes the fixtures. @throws where a program is missing. */
export function main(): void {
  for (const [name, filters] of Object.entries(XZ_FILTERS))
    write(`code.${name}.xz`, 'xz', [...filters, '--lzma2=preset=9'], branchingCode());
  for (const [name, [program, ...args]] of Object.entries(TEXTS))
    write(`text.${name}`, program, args, compressedText());
  write('image.tar.lzma', 'xz', ['--format=lzma'], compressedImage());
  write('image.tar.lz4', 'lz4', ['-9'], compressedImage());
}

function write(name: string, program: string, args: string[], input: Uint8Array): void {
  writeFileSync(`${OUT}/${name}`, execFileSync(program, [...args, '-c'], { input }));
}
