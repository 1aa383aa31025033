/**
 * Files as the engine reads them, in Node: by descriptor, in large pieces. Node 20's own file blobs count
 * their bytes modulo 2^32.
 */
import { closeSync, openSync, read, statSync } from 'node:fs';
import { promisify } from 'node:util';
import type { ByteSource } from '../engine/archive/read-blob.ts';

const PIECE = 512 * 1024;
const readAt = promisify(read);

/** Opens a file; its descriptor stays open as long as the program runs. */
export function openFile(path: string): ByteSource {
  const { size } = statSync(path);
  let descriptor: number | undefined;
  return source(size, async (start, length) => {
    descriptor ??= openSync(path, 'r');
    const buffer = Buffer.allocUnsafeSlow(length);
    const { bytesRead } = await readAt(descriptor, buffer, 0, length, start);
    if (bytesRead === 0) {
      closeSync(descriptor);
      throw new Error(`${path} was cut short while it was read`);
    }
    return new Uint8Array(buffer.buffer, 0, bytesRead);
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
  return source(size, async (start, length) => {
    let index = starts.findLastIndex((at) => at <= start);
    // Empty parts begin where the next one does.
    while ((sources[index]?.size ?? 0) === 0) index--;
    const part = sources[index] as ByteSource;
    const from = start - (starts[index] as number);
    const piece = part.slice(from, Math.min(part.size, from + length));
    return new Uint8Array(await piece.arrayBuffer());
  });
}

/** A source from a function that reads at least one byte, and at most `length`, from `start`. */
function source(
  size: number,
  readPiece: (start: number, length: number) => Promise<Uint8Array>,
  offset = 0,
): ByteSource {
  const stream = (): ReadableStream<Uint8Array> => {
    let at = 0;
    return new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          if (at >= size) {
            controller.close();
            return;
          }
          const piece = await readPiece(offset + at, Math.min(PIECE, size - at));
          at += piece.length;
          controller.enqueue(piece);
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
      return source(Math.max(from, Math.min(end, size)) - from, readPiece, offset + from);
    },
    async arrayBuffer() {
      const out = new Uint8Array(size);
      for (let at = 0; at < size;) {
        const piece = await readPiece(offset + at, size - at);
        out.set(piece, at);
        at += piece.length;
      }
      return out.buffer;
    },
  };
}
