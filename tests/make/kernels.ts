/** `npm run kernels`: compiles the programs of `src/kernels` to WebAssembly, as modules that hold it as text. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where each kernel's program stands, and the module that it becomes; `pages` of 64 KiB are its memory. */
export const KERNELS = [
  { program: 'src/kernels/inflate.ts', module: 'src/engine/archive/inflate-kernel.ts', pages: 5 },
] as const;

/** The text of a kernel's module. @throws where the program does not compile. */
export function compileKernel({ program, pages }: (typeof KERNELS)[number]): string {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-kernel-'));
  const file = join(folder, 'kernel.wasm');
  try {
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        'node_modules/assemblyscript/bin/asc.js',
        ...[program, '--outFile', file],
        ...`--optimizeLevel 3 --shrinkLevel 2 --noAssert --runtime stub`.split(' '),
        ...`--use abort= --memoryBase 1024 --initialMemory ${pages} --maximumMemory ${pages}`.split(
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
