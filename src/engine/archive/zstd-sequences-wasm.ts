/** Sequences of zstd in WebAssembly, whose memory is the window. */
import { compiledKernel } from './kernel-module.ts';
import { lastBit } from './zstd-bits.ts';
import type { FseTable } from './zstd-fse.ts';
import { DAMAGE, MAX_BLOCK, type SequenceEngine, type SequenceTables } from './zstd-sequences.ts';
import { KERNEL } from './zstd-sequences-kernel.ts';

type Place = WebAssembly.Global<'i32'>;

interface Exports {
  memory: WebAssembly.Memory;
  LITERAL_TABLE: Place;
  MATCH_TABLE: Place;
  OFFSET_TABLE: Place;
  LITERALS: Place;
  DATA: Place;
  WINDOW: Place;
  reset(): void;
  execute(
    sequences: number,
    top: number,
    literals: number,
    written: number,
    literalLog: number,
    matchLog: number,
    offsetLog: number,
  ): number;
}

const PAGE = 1 << 16;
const SLACK = 16; // bytes that copies may write behind their end

class KernelSequences implements SequenceEngine {
  #kernel: Exports;
  #memory: Uint8Array;
  #literals!: Uint8Array;
  #window!: Uint8Array;
  /** What the kernel's memory holds. */
  #tables: Partial<SequenceTables> = {};

  constructor(module: WebAssembly.Module) {
    this.#kernel = new WebAssembly.Instance(module).exports as unknown as Exports;
    this.#memory = this.#look();
  }

  get literals(): Uint8Array {
    return this.#literals;
  }

  get window(): Uint8Array {
    return this.#window;
  }

  reset(): void {
    this.#kernel.reset();
  }

  grow(length: number): void {
    const lacking = length - this.#window.length;
    if (lacking <= 0) return;
    this.#kernel.memory.grow(Math.ceil(lacking / PAGE));
    this.#memory = this.#look();
  }

  execute(
    data: Uint8Array,
    count: number,
    literals: number,
    end: number,
    { literal, match, offset }: SequenceTables,
  ): number {
    const kernel = this.#kernel;
    this.#use('literal', literal, kernel.LITERAL_TABLE);
    this.#use('match', match, kernel.MATCH_TABLE);
    this.#use('offset', offset, kernel.OFFSET_TABLE);
    this.#memory.set(data, kernel.DATA.value);
    const top = lastBit(data);
    const ended = kernel.execute(count, top, literals, end, literal.log, match.log, offset.log);
    if (ended < 0) throw new RangeError(DAMAGE[-1 - ended]);
    return ended;
  }

  #use(kind: keyof SequenceTables, table: FseTable, place: Place): void {
    if (this.#tables[kind] === table) return;
    const { buffer } = this.#kernel.memory;
    new Uint32Array(buffer, place.value, table.entries.length).set(table.entries);
    this.#tables[kind] = table;
  }

  #look(): Uint8Array {
    const { memory, LITERALS, WINDOW } = this.#kernel;
    this.#literals = new Uint8Array(memory.buffer, LITERALS.value, MAX_BLOCK);
    const room = memory.buffer.byteLength - WINDOW.value - SLACK;
    this.#window = new Uint8Array(memory.buffer, WINDOW.value, room);
    return new Uint8Array(memory.buffer);
  }
}

/** An engine in WebAssembly; undefined where there is none. */
export function kernelSequences(): SequenceEngine | undefined {
  const module = compiledKernel(KERNEL);
  return module && new KernelSequences(module);
}
