/** What went wrong with a file, for a person. */
import { messageOf } from '../engine/archive/problem.ts';

const FILE_ERRORS: Record<string, string> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'it may not be opened',
  EPERM: 'it may not be opened',
  EISDIR: 'this is a folder',
  EIO: 'the disk could not read it',
  ELOOP: 'it is a link that leads to itself',
  EMFILE: 'too many files are open',
  ENOSPC: 'the disk is full',
  EROFS: 'the disk is read-only',
};

/** A part of a sentence on an error of the file system, or the error's own message. */
export function fileTrouble(error: unknown): string {
  return FILE_ERRORS[codeOf(error)] ?? messageOf(error);
}

/** The same behind the file's path. */
export function fileMessage(path: string, error: unknown): string {
  return `${path}: ${fileTrouble(error)}`;
}

/** `ENOENT`, or empty where the error has no code. */
export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | undefined)?.code ?? '';
}
