/** What is open: nothing, a scan that runs, an archive with its findings, or a report by itself. */
import { SvelteSet } from 'svelte/reactivity';
import type { OpenedArchive } from '../engine/image/model.ts';
import { spellings } from '../engine/report/redact.ts';
import type { Report } from '../engine/report/report.ts';
import type { ScanResult } from '../engine/scan/scan-archive.ts';
import { maskSecrets } from '../engine/secrets/preview.ts';
import type { EnginePool, ScanProgress } from '../workers/pool.ts';

export type Phase = 'welcome' | 'scanning' | 'ready';

const JSON_SNIFF = 64;

/** One for the page. */
export class Session {
  phase = $state<Phase>('welcome');
  /** A sentence about what could not be opened; empty where nothing went wrong. */
  error = $state('');
  fileName = $state('');
  fileSize = $state(0);
  archive = $state.raw<OpenedArchive>();
  progress = $state.raw<ScanProgress>();
  /** When the scan that runs began, in milliseconds, as `Date.now` gives it. */
  startedAt = 0;
  result = $state.raw<ScanResult>();
  report = $state.raw<Report>();
  /** Ids of findings whose secret the person has asked to see. */
  readonly revealed = new SvelteSet<string>();

  /** Spellings of every secret that is not revealed: what `mask` takes out of a text. */
  #hidden = $derived(
    spellings((this.report?.findings ?? []).filter(({ id }) => !this.revealed.has(id))),
  );

  #file: File | undefined;
  #pool: EnginePool | undefined;
  /** Started for a file that has yet to come. */
  #spare: EnginePool | undefined;
  /** Which opening is the latest; an earlier one that is still under way must not have the last word. */
  #opening = 0;

  /** Starts what the next scan needs, so that it need not wait for that. Never rejects: a scan says what goes wrong. */
  async prepare(): Promise<void> {
    try {
      const { EnginePool } = await import('../workers/pool.ts');
      if (this.phase === 'welcome') this.#spare ??= new EnginePool();
    } catch {
      this.#spare = undefined;
    }
  }

  /** Opens an image archive or a report. Whatever was open is closed first. */
  async open(file: File, folder = false): Promise<void> {
    this.#forget();
    const opening = this.#opening;
    this.fileName = file.name;
    this.fileSize = file.size;
    try {
      if (await this.#openReport(file, opening)) return;
      await this.#scan(file, folder, opening);
    } catch (error) {
      if (opening !== this.#opening) return;
      this.close();
      this.error = sentence(error, file.name);
    }
  }

  /** Stops the scan at once; the page is as it was before. */
  cancel(): void {
    this.close();
  }

  /** Back to the first screen. */
  close(): void {
    this.#forget();
    void this.prepare();
  }

  #forget(): void {
    this.#opening++;
    this.#pool?.close();
    this.#pool = undefined;
    this.#file = undefined;
    this.phase = 'welcome';
    this.error = '';
    this.archive = undefined;
    this.progress = undefined;
    this.result = undefined;
    this.report = undefined;
    this.revealed.clear();
  }

  /** A text from the image without the secrets that nobody has asked to see. */
  mask(text: string): string {
    return maskSecrets(text, this.#hidden);
  }

  /** The bytes of a file in a layer; empty where nothing is open. */
  async read(layer: number, offset: number, length: number): Promise<Uint8Array> {
    const found = this.archive?.layers[layer];
    if (!found || !this.#file || !this.#pool) return new Uint8Array(0);
    return this.#pool.read(this.#file, found, offset, length);
  }

  /** The bytes of a file inside a file that is an archive, at `a.zip!/b`; undefined where there is none. */
  async readInside(
    layer: number,
    offset: number,
    length: number,
    path: string,
  ): Promise<Uint8Array | undefined> {
    const found = this.archive?.layers[layer];
    if (!found || !this.#file) return undefined;
    return this.#pool?.readInside(this.#file, found, offset, length, path);
  }

  /** Reads a layer again and compares its digest; why it is off, or undefined where it is right. */
  async verify(layer: number): Promise<string | undefined> {
    const found = this.archive?.layers[layer];
    if (!found || !this.#file || !this.#pool) return 'The archive is not open.';
    return this.#pool.verify(this.#file, found);
  }

  /** Decodes bytecode for the viewer. */
  async outline(bytes: Uint8Array, source?: string) {
    return this.#pool?.outline(bytes, source);
  }

  /** The instructions of one item of an outline, a line each. */
  async disassembly(bytes: Uint8Array, item: number): Promise<string[]> {
    return (await this.#pool?.disassembly(bytes, item)) ?? [];
  }

  async #openReport(file: File, opening: number): Promise<boolean> {
    const { looksLikeJson, readReport } = await import('../engine/report/read-report.ts');
    const start = new Uint8Array(await file.slice(0, JSON_SNIFF).arrayBuffer());
    if (!looksLikeJson(start)) return false;
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (opening !== this.#opening) return true;
    this.report = readReport(bytes);
    this.phase = 'ready';
    return true;
  }

  async #scan(file: File, folder: boolean, opening: number): Promise<void> {
    if (opening !== this.#opening) return;
    this.phase = 'scanning';
    const { EnginePool } = await import('../workers/pool.ts');
    if (opening !== this.#opening) return;
    const spare = this.#spare;
    this.#spare = undefined;
    if (spare?.failed) spare.close();
    const pool = spare && !spare.failed ? spare : new EnginePool();
    this.#pool = pool;
    this.#file = file;
    this.startedAt = Date.now();
    performance.mark('scan-begin');
    const result = await pool.scan(
      file,
      {
        opened: (archive) => {
          if (this.#pool === pool) this.archive = archive;
        },
        progress: (progress) => {
          if (this.#pool === pool) this.progress = progress;
        },
      },
      folder,
    );
    if (this.#pool !== pool) return;
    performance.measure('scan', 'scan-begin'); // for profiles, and for the benchmark
    // What has come is shown in a task of its own.
    await new Promise((resolve) => setTimeout(resolve));
    if (this.#pool !== pool) return;
    this.archive = result.archive;
    this.result = result;
    this.report = result.report;
    this.phase = 'ready';
  }
}

function sentence(error: unknown, name: string): string {
  // From a worker it comes as an error of that name.
  if (error instanceof Error && /NotReadable|NotFound/.test(error.name)) {
    return `${name} could not be read: it was moved or changed, or permission was withdrawn. Choose it again.`;
  }
  return error instanceof Error ? error.message : String(error);
}
