/** All ways a file comes in: dropped anywhere, pasted, picked, or opened with the installed app. */

/** Takes files until `stop` is called. `onOver` tells whether a file hangs over the page. */
export function takeFiles(
  onFile: (file: File, folder?: boolean) => void,
  onOver: (over: boolean) => void,
): { stop: () => void } {
  const stopper = new AbortController();
  const options = { signal: stopper.signal };
  let depth = 0;
  const hasFiles = (event: DragEvent): boolean =>
    event.dataTransfer?.types.includes('Files') ?? false;

  addEventListener(
    'dragenter',
    (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (++depth === 1) onOver(true);
    },
    options,
  );
  addEventListener(
    'dragleave',
    (event) => {
      if (hasFiles(event) && depth > 0 && --depth === 0) onOver(false);
    },
    options,
  );
  addEventListener(
    'dragover',
    (event) => {
      if (hasFiles(event)) event.preventDefault();
    },
    options,
  );
  addEventListener(
    'drop',
    (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth = 0;
      onOver(false);
      const folder = event.dataTransfer?.items[0]?.webkitGetAsEntry();
      const file = event.dataTransfer?.files[0];
      if (folder?.isDirectory)
        void folderFile(folder as FileSystemDirectoryEntry).then((tar) => onFile(tar, true));
      else if (file) onFile(file);
    },
    options,
  );
  addEventListener(
    'paste',
    (event) => {
      const file = event.clipboardData?.files[0];
      if (file) onFile(file);
    },
    options,
  );

  const queue = (globalThis as { launchQueue?: LaunchQueue }).launchQueue;
  queue?.setConsumer((params) => {
    void params.files[0]?.getFile().then(onFile);
  });
  return { stop: () => stopper.abort() };
}

/** A dropped folder (an OCI layout, a `dir:` copy) as one file that reads like a tar of it. */
async function folderFile(folder: FileSystemDirectoryEntry): Promise<File> {
  const { folderArchive } = await import('../engine/image/folder-archive.ts');
  const files: { path: string; content: File }[] = [];
  const pending: FileSystemDirectoryEntry[] = [folder];
  for (let at = pending.pop(); at && files.length < MOST_FILES; at = pending.pop()) {
    const reader = at.createReader();
    // Entries come a hundred at a time, until none come.
    for (;;) {
      const entries = await new Promise<FileSystemEntry[]>((resolve, reject) =>
        reader.readEntries(resolve, reject),
      );
      if (entries.length === 0) break;
      for (const entry of entries) {
        if (entry.isDirectory) pending.push(entry as FileSystemDirectoryEntry);
        else {
          const content = await new Promise<File>((resolve, reject) =>
            (entry as FileSystemFileEntry).file(resolve, reject),
          );
          files.push({ path: entry.fullPath.slice(folder.fullPath.length + 1), content });
        }
      }
    }
  }
  return new File(folderArchive(files), folder.name);
}

const MOST_FILES = 100_000; // an image layout has hundreds

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
