/** A report into a file that only its owner can read, whatever lies there already. */
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  openSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { ArgumentError } from './arguments.ts';
import { codeOf, fileMessage } from './file-message.ts';
import { STANDARD_INPUT } from './standard-input.ts';

const OWNER_ONLY = 0o600;
const OTHERS = 0o077;

/** Writes `text`, all of the file then. @throws {ArgumentError} where that cannot be done. */
export function writeReport(path: string, text: string): void {
  try {
    // It is emptied only once nobody else can read it.
    const file = openSync(path, constants.O_WRONLY | constants.O_CREAT, OWNER_ONLY);
    try {
      if (fstatSync(file).isFile()) {
        keepFromOthers(path, file);
        ftruncateSync(file);
      }
      writeFileSync(file, text);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof ArgumentError) throw error;
    const missing = codeOf(error) === 'ENOENT';
    throw new ArgumentError(
      missing ? `${path}: there is no such folder` : fileMessage(path, error),
    );
  }
}

function keepFromOthers(path: string, file: number): void {
  if ((fstatSync(file).mode & OTHERS) === 0) return;
  try {
    fchmodSync(file, OWNER_ONLY);
  } catch {
    throw new ArgumentError(`${path}: others can read it, and that may not be changed`);
  }
}

/** Whether both paths lead to one file, through links too; `-` is what standard input is read from. */
export function isSameFile(output: string, archive: string): boolean {
  try {
    const to = statSync(output, { bigint: true });
    const from =
      archive === STANDARD_INPUT
        ? fstatSync(process.stdin.fd, { bigint: true })
        : statSync(archive, { bigint: true });
    return from.isFile() && to.dev === from.dev && to.ino === from.ino;
  } catch {
    return false; // what is not there is overwritten by nothing
  }
}
