/** The engine in WebAssembly: memory of its own, to which data are written and from which what came out is read. */
import { type InflateEngine, MOST_INPUT } from './inflate-engine.ts';
import { KERNEL } from './inflate-kernel.ts';
import { compiledKernel } from './kernel-module.ts';

interface Exports {
  memory: WebAssembly.Memory;
  INPUT: WebAssembly.Global<'i32'>;
  OUTPUT: WebAssembly.Global<'i32'>;
  reset(): void;
  run(length: number, last: number): number;
  used(): number;
  made(): number;
  crc(before: number): number;
}

class KernelInflater implements InflateEngine {
  #kernel: Exports;
  #memory: Uint8Array;
  #input: number;
  #output: number;

  constructor(module: WebAssembly.Module) {
    this.#kernel = new WebAssembly.Instance(module).exports as unknown as Exports;
    this.#memory = new Uint8Array(this.#kernel.memory.buffer);
    this.#input = this.#kernel.INPUT.value;
    this.#output = this.#kernel.OUTPUT.value;
  }

  reset(): void {
    this.#kernel.reset();
  }

  run(bytes: Uint8Array, last: boolean): number {
    const input = bytes.length > MOST_INPUT ? bytes.subarray(0, MOST_INPUT) : bytes;
    this.#memory.set(input, this.#input);
    return this.#kernel.run(input.length, last && input === bytes ? 1 : 0);
  }

  get used(): number {
    return this.#kernel.used();
  }

  get output(): Uint8Array {
    return this.#memory.subarray(this.#output, this.#output + this.#kernel.made());
  }

  crc(before: number): number {
    return this.#kernel.crc(before) >>> 0;
  }
}

/** An engine in WebAssembly; undefined where there is none. */
export function kernelInflater(): InflateEngine | undefined {
  const module = compiledKernel(KERNEL);
  return module && new KernelInflater(module);
}
