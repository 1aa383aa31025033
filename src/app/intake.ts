/** All ways a file comes in: dropped anywhere, pasted, picked, or opened with the installed app. */

/** Takes files until `stop` is called. `onOver` tells whether a file hangs over the page. */
export function takeFiles(
  onFile: (file: File) => void,
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
      const file = event.dataTransfer?.files[0];
      if (file) onFile(file);
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
    import('virtual:sample-image'),
  ];
  await Promise.allSettled([loaded, ...parts]);
  await new Promise((resolve) => setTimeout(resolve, QUIET));
}

const QUIET = 400; // milliseconds in which browsers fetch icons and manifests
