/** What executes the sequences of zstd blocks (RFC 8878, 3.1.1.4) into a frame's window; there are two. */
import type { FseTable } from './zstd-fse.ts';

/** Bytes that a block may come to. */
export const MAX_BLOCK = 128 * 1024;

/** The tables that a block's codes are read with. */
export interface SequenceTables {
  literal: FseTable;
  match: FseTable;
  offset: FseTable;
}

/** Executes the sequences of one frame after the other. */
export interface SequenceEngine {
  /** Begins with another frame. */
  reset(): void;
  /** What a block's literals are written to; valid until the window grows. */
  readonly literals: Uint8Array;
  /** What has come out; valid until it grows. */
  readonly window: Uint8Array;
  /** Makes the window at least so many bytes long. */
  grow(length: number): void;
  /**
   * Executes `count` sequences, 1 or more, with the first `literals` literals, where the window has been written up to `end`;
   * `MAX_BLOCK` bytes have room behind. Returns up to where it is written then. @throws {RangeError} on damage.
   */
  execute(
    data: Uint8Array,
    count: number,
    literals: number,
    end: number,
    tables: SequenceTables,
  ): number;
}

/** What is wrong with sequences, by what the kernel returns, from -1 down. */
export const DAMAGE = [
  'sequences cut short',
  'a sequence too long',
  'a copy from before the start',
  'bits left over',
] as const;
