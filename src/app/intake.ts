/** All ways a file comes in: dropped anywhere, pasted, picked, or opened with the installed app. */
import { counted } from './quantities.ts';
import type { Folder } from './session.svelte.ts';

/** What becomes of what comes in. */
export interface Intake {
  /** `others` is how many files came with it. */
  file(file: File, others: number): void;
  folder(folder: Folder, others: number): void;
  /** Whether a file hangs over the page. */
  over(over: boolean): void;
}

/** Longer than browsers wait between two events of a file that hangs over a page: 350 ms by the standard. */
const GONE = 1000;

/** Takes files until `stop` is called. */
export function takeFiles(intake: Intake): { stop: () => void } {
  const stopper = new AbortController();
  const options = { signal: stopper.signal };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hang = (over: boolean): void => {
    clearTimeout(timer);
    intake.over(over);
    // Elements that come and go under the file take their events with them.
    if (over) timer = setTimeout(() => intake.over(false), GONE);
  };
  const hasFiles = (event: DragEvent): boolean =>
    event.dataTransfer?.types.includes('Files') ?? false;
  const stay = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    hang(true);
  };

  addEventListener('dragenter', stay, options);
  addEventListener('dragover', stay, options);
  addEventListener(
    'dragleave',
    (event) => {
      if (hasFiles(event) && event.relatedTarget === null) hang(false);
    },
    options,
  );
  addEventListener(
    'drop',
    (event) => {
      if (!hasFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      hang(false);
      const { items, files } = event.dataTransfer;
      const entry = items[0]?.webkitGetAsEntry();
      const others = Math.max(items.length, files.length) - 1;
      if (entry?.isDirectory) intake.folder(folderOf(entry as FileSystemDirectoryEntry), others);
      else if (files[0]) intake.file(files[0], others);
    },
    options,
  );
  addEventListener(
    'paste',
    (event) => {
      const files = event.clipboardData?.files;
      if (files?.[0]) intake.file(files[0], files.length - 1);
    },
    options,
  );

  const queue = (globalThis as { launchQueue?: LaunchQueue }).launchQueue;
  queue?.setConsumer(({ files }) => {
    // One that is gone by now is as good as none.
    files[0]?.getFile().then(
      (file) => intake.file(file, files.length - 1),
      () => undefined,
    );
  });
  return { stop: () => stopper.abort() };
}

/** A dropped folder (an OCI layout, a `dir:` copy) as one file that reads like a tar of it. */
function folderOf(folder: FileSystemDirectoryEntry): Folder {
  const gather = async (told: (files: number) => void): Promise<File> => {
    const { folderArchive } = await import('../engine/image/folder-archive.ts');
    const files: { path: string; content: File }[] = [];
    const pending: FileSystemDirectoryEntry[] = [folder];
    for (let at = pending.pop(); at; at = pending.pop()) {
      const reader = at.createReader();
      // Entries come a hundred at a time, until none come.
      for (;;) {
        const entries = await new Promise<FileSystemEntry[]>((resolve, reject) =>
          reader.readEntries(resolve, reject),
        );
        if (entries.length === 0) break;
        files.push(...(await Promise.all(entries.filter(({ isFile }) => isFile).map(contentOf))));
        for (const entry of entries)
          if (entry.isDirectory) pending.push(entry as FileSystemDirectoryEntry);
        if (files.length > MOST_FILES)
          throw new Error(
            `This folder has more than ${counted(MOST_FILES, 'file')}: an image layout has hundreds. Drop the layout itself, or a tar.`,
          );
        told(files.length);
      }
    }
    return new File(folderArchive(files), folder.name);
  };
  const contentOf = async (entry: FileSystemEntry): Promise<{ path: string; content: File }> => ({
    path: entry.fullPath.slice(folder.fullPath.length + 1),
    content: await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    ),
  });
  return { name: folder.name, gather };
}

const MOST_FILES = 100_000;

interface LaunchQueue {
  setConsumer(consumer: (params: { files: { getFile(): Promise<File> }[] }) => void): void;
}

/** The sample image, from the page's own scripts: under its policy the page fetches nothing. */
export async function sampleFile(): Promise<File> {
  const { default: base64 } = await import('virtual:sample-image');
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new File([bytes], 'porthole-sample.tar');
}

/**
 * Loads everything a scan needs, so that none of it is a request later, with or without a network.
 * Settles once the page's own icons and manifest have been loaded too.
 */
export async function preload(): Promise<void> {
  const loaded = new Promise<void>((resolve) => {
    if (document.readyState === 'complete') resolve();
    else addEventListener('load', () => resolve(), { once: true });
  });
  const parts = [
    import('../workers/pool.ts'),
    import('../engine/report/read-report.ts'),
    import('../engine/image/folder-archive.ts'),
    import('virtual:sample-image'),
  ];
  await Promise.allSettled([loaded, ...parts]);
  await new Promise((resolve) => setTimeout(resolve, QUIET));
}

const QUIET = 400; // milliseconds in which browsers fetch icons and manifests
