/**
 * Files as the engine reads them, in Node: by descriptor, in large pieces. Node 20's own file blobs count
 * their bytes modulo 2^32.
 */
import { openSync, read, statSync } from 'node:fs';
import { promisify } from 'node:util';
import type { ByteSource } from '../engine/archive/read-blob.ts';
import { fileMessage } from './file-message.ts';

const PIECE = 512 * 1024;
const readAt = promisify(read);

/** A file, opened when it is first read; its descriptor stays open as long as the program runs. */
export function openFile(path: string): ByteSource {
  const { size } = statSync(path);
  let descriptor: number | undefined;
  return source(size, async (start, into) => {
    let count;
    try {
      descriptor ??= openSync(path, 'r');
      count = (await readAt(descriptor, into, 0, into.length, start)).bytesRead;
    } catch (error) {
      throw new Error(fileMessage(path, error), { cause: error });
    }
    if (count === 0) throw new Error(`${path}: it was cut short while it was read`);
    return count;
  });
}

/** Several sources and byte arrays, one after the other, as one. */
export function joined(parts: readonly (ByteSource | Uint8Array<ArrayBuffer>)[]): ByteSource {
  const sources = parts.map((part) =>
    'slice' in part && 'size' in part ? part : new Blob([part]),
  );
  const starts: number[] = [];
  let size = 0;
  for (const part of sources) {
    starts.push(size);
    size += part.size;
  }
  return source(size, async (start, into) => {
    let index = starts.findLastIndex((at) => at <= start);
    // Empty parts begin where the next one does.
    while ((sources[index]?.size ?? 0) === 0) index--;
    const part = sources[index] as ByteSource;
    const from = start - (starts[index] as number);
    const piece = part.slice(from, Math.min(part.size, from + into.length));
    into.set(new Uint8Array(await piece.arrayBuffer()));
    return piece.size;
  });
}

/** A source from a function that reads at least one byte from `start`, into all or the front of `into`, and says how many. */
function source(
  size: number,
  read: (start: number, into: Uint8Array) => Promise<number>,
  offset = 0,
): ByteSource {
  const stream = (): ReadableStream<Uint8Array> => {
    let at = 0;
    return new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          if (at === size) {
            controller.close();
            return;
          }
          const piece = new Uint8Array(Math.min(PIECE, size - at));
          const count = await read(offset + at, piece);
          at += count;
          controller.enqueue(piece.subarray(0, count));
        },
      },
      { highWaterMark: 1 },
    );
  };
  return {
    size,
    stream,
    slice(start, end) {
      const from = Math.max(0, Math.min(start, size));
      return source(Math.max(from, Math.min(end, size)) - from, read, offset + from);
    },
    async arrayBuffer() {
      const out = new Uint8Array(size);
      for (let at = 0; at < size;) {
        at += await read(offset + at, out.subarray(at));
      }
      return out.buffer;
    },
  };
}
