import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileKernel, KERNELS } from '../make/kernels.ts';

test.each(KERNELS)('$module is what its program compiles to', (kernel) => {
  expect(readFileSync(kernel.module, 'utf8')).toBe(compileKernel(kernel));
});
