/**
 * An archive on standard input, as `docker save IMAGE |` gives it. Layers are read in an order of their own, and
 * by several threads, so that it is put into a file first, which goes when the scan ends.
 */
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ArgumentError } from './arguments.ts';
import { fileTrouble } from './file-message.ts';

/** The path that stands for standard input. */
export const STANDARD_INPUT = '-';

/** A file that holds all of a stream. */
export interface SpooledFile {
  path: string;
  remove: () => void;
}

/**
 * Reads `input` to its end into a file that only its owner can read. The file goes when the program is
 * interrupted, too.
 * @throws {ArgumentError} where it is a terminal, or there is no room for it.
 */
export async function spool(input: NodeJS.ReadStream): Promise<SpooledFile> {
  if (input.isTTY) throw new ArgumentError('standard input is a terminal: give it an archive');
  const folder = makeFolder();
  const path = join(folder, 'standard-input');
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => process.exit(2));
  try {
    await pipeline(input, createWriteStream(path, { mode: 0o600 }));
  } catch (error) {
    remove();
    throw new ArgumentError(`standard input could not be read: ${fileTrouble(error)}`);
  }
  return { path, remove };
}

function makeFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'porthole-'));
  } catch (error) {
    throw new ArgumentError(`standard input has no place in ${tmpdir()}: ${fileTrouble(error)}`);
  }
}
