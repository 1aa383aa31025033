/** `npm run kernels`: compiles the programs of `src/kernels` to WebAssembly, as modules that hold it as text. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Programs that are compiled; `pages` of 64 KiB are a kernel's memory, which may grow to `most`. */
export const KERNELS = [
  kernel('inflate', 5),
  kernel('xxh64', 1),
  kernel('zstd-sequences', 9, 2400), // a window of 128 MiB, with what is written between two moves of it
];

interface Kernel {
  program: string;
  /** The module that it becomes. */
  module: string;
  pages: number;
  most: number;
}

function kernel(name: string, pages: number, most = pages): Kernel {
  const program = `src/kernels/${name}.ts`;
  return { program, module: `src/engine/archive/${name}-kernel.ts`, pages, most };
}

/** The text of a kernel's module. @throws where the program does not compile. */
export function compileKernel({ program, pages, most }: Kernel): string {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-kernel-'));
  const file = join(folder, 'kernel.wasm');
  try {
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        'node_modules/assemblyscript/bin/asc.js',
        ...[program, '--outFile', file],
        ...`--optimizeLevel 3 --noAssert --runtime stub`.split(' '),
        ...`--use abort= --memoryBase 1024 --initialMemory ${pages} --maximumMemory ${most}`.split(
          ' ',
        ),
      ],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(stderr);
    const text = readFileSync(file).toString('base64');
    return `/** WebAssembly in base64, made of \`${program}\` by \`npm run kernels\`; a test holds that it is. */\nexport const KERNEL =\n  '${text}';\n`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Writes every kernel's module. */
export function main(): void {
  for (const kernel of KERNELS) {
    writeFileSync(kernel.module, compileKernel(kernel));
    console.log(`${kernel.program} → ${kernel.module}`);
  }
}
