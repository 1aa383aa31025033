/** The steps of XXH64 in WebAssembly; one instance serves all sums, whose lanes come and go. */
import { compiledKernel } from './kernel-module.ts';
import type { Stripes } from './xxh64.ts';
import { KERNEL } from './xxh64-kernel.ts';

interface Exports {
  memory: WebAssembly.Memory;
  LANES: WebAssembly.Global<'i32'>;
  INPUT: WebAssembly.Global<'i32'>;
  INPUT_SIZE: WebAssembly.Global<'i32'>;
  update(length: number): void;
}

/** The steps in WebAssembly; undefined where there is none. */
export function kernelStripes(): Stripes | undefined {
  const module = compiledKernel(KERNEL);
  if (!module) return undefined;
  const kernel = new WebAssembly.Instance(module).exports as unknown as Exports;
  const { buffer } = kernel.memory;
  const memory = new Uint8Array(buffer);
  const input = kernel.INPUT.value;
  const most = kernel.INPUT_SIZE.value;
  const inside = new Int32Array(buffer, kernel.LANES.value, 8);
  return (lanes, bytes, from, to) => {
    inside.set(lanes);
    for (let at = from; at < to; at += most) {
      const piece = bytes.subarray(at, Math.min(to, at + most));
      memory.set(piece, input);
      kernel.update(piece.length);
    }
    lanes.set(inside);
  };
}
