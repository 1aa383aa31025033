/** A folder that holds an unpacked layout: its files, those behind links too. */
import {
  closeSync,
  type Dirent,
  lstatSync,
  openSync,
  readdirSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { MAX_OUTER_ENTRIES } from '../engine/archive/limits.ts';
import type { Problem } from '../engine/archive/problem.ts';
import type { ByteSource } from '../engine/archive/read-blob.ts';
import type { FolderFile } from '../engine/image/folder-archive.ts';
import { ArgumentError } from './arguments.ts';
import { fileMessage, fileTrouble } from './file-message.ts';
import { openFile } from './file-source.ts';

/** What a folder holds. */
export interface LayoutFolder {
  files: FolderFile<ByteSource>[];
  /** Files and folders that may not be opened. */
  problems: Problem[];
}

const MARKS = ['index.json', 'manifest.json'];

/** Lists a layout's files. Throws where the folder is none, or cannot be read, or its index cannot. */
export function readLayoutFolder(path: string): LayoutFolder {
  const marks = MARKS.map((name) => join(path, name)).filter((mark) => isThere(mark));
  if (marks.length === 0)
    throw new ArgumentError(
      `${path}: this folder is no image layout: it has no index.json and no manifest.json`,
    );
  for (const mark of marks) {
    const error = errorOfOpening(mark);
    if (error !== undefined) throw new ArgumentError(fileMessage(mark, error));
  }
  const walk = new Walk(path);
  walk.folder(path, readdirSync(path, { withFileTypes: true }), '');
  return walk;
}

class Walk implements LayoutFolder {
  readonly files: FolderFile<ByteSource>[] = [];
  readonly problems: Problem[] = [];
  #root: string;
  /** Folders that a link has led to, so that none leads there twice, or in a circle. */
  #linked: Set<string>;

  constructor(root: string) {
    this.#root = root;
    this.#linked = new Set([realpathSync(root)]);
  }

  /** Takes the files of a folder and of those in it; their names begin with `prefix`. */
  folder(folder: string, entries: readonly Dirent[], prefix: string): void {
    for (const entry of entries) {
      const full = join(folder, entry.name);
      const path = `${prefix}${entry.name}`;
      try {
        this.#entry(full, entry, path);
      } catch (error) {
        if (error instanceof ArgumentError) throw error;
        const message = `This counts as absent, since it could not be read: ${fileTrouble(error)}.`;
        this.problems.push({ code: 'file-unreadable', message, path });
      }
    }
  }

  #entry(full: string, entry: Dirent, path: string): void {
    const link = entry.isSymbolicLink();
    const found = link ? statSync(full) : entry;
    if (found.isDirectory()) {
      if (link && !this.#leadsSomewhereNew(full)) return;
      this.folder(full, readdirSync(full, { withFileTypes: true }), `${path}/`);
    } else if (found.isFile()) {
      const error = errorOfOpening(full);
      if (error !== undefined) throw error;
      if (this.files.push({ path, content: openFile(full) }) > MAX_OUTER_ENTRIES)
        throw new ArgumentError(`${this.#root}: this folder has too many files for a layout`);
    }
  }

  #leadsSomewhereNew(link: string): boolean {
    const target = realpathSync(link);
    const known = this.#linked.has(target);
    this.#linked.add(target);
    return !known;
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function errorOfOpening(path: string): Error | undefined {
  try {
    closeSync(openSync(path, 'r'));
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
