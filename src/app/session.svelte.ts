/** What is open: nothing, a scan that runs, an archive with its findings, or a report by itself. */
import type { OpenedArchive } from '../engine/image/model.ts';
import { spellings } from '../engine/report/redact.ts';
import type { Report } from '../engine/report/report.ts';
import type { ScanResult } from '../engine/scan/scan-archive.ts';
import { maskOf } from '../engine/secrets/preview.ts';
import type { EnginePool, ScanProgress } from '../workers/pool.ts';
import { counted } from './quantities.ts';

export type Phase = 'welcome' | 'scanning' | 'ready';

/** A folder on its way in: `told` hears how many files of it are known, and throws once nobody waits for them. */
export interface Folder {
  name: string;
  gather: (told: (files: number) => void) => Promise<File>;
}

const SNIFF = 512;

/** One for the page. */
export class Session {
  phase = $state<Phase>('welcome');
  /** A sentence about what could not be opened; empty where nothing went wrong. */
  error = $state('');
  /** A sentence about what was left out of what was opened. */
  note = $state('');
  /** What is said once to those who cannot see that something is done. */
  announcement = $state('');
  fileName = $state('');
  fileSize = $state(0);
  archive = $state.raw<OpenedArchive>();
  progress = $state.raw<ScanProgress>();
  /** How many files of a folder are known, while it is looked through. */
  gathered = $state<number>();
  /** When the scan that runs began, in milliseconds, as `Date.now` gives it. */
  startedAt = 0;
  result = $state.raw<ScanResult>();
  report = $state.raw<Report>();
  /** Ids of findings whose secret the person has asked to see. */
  revealed = $state.raw<ReadonlySet<string>>(new Set());

  /** Takes every secret that is not revealed out of a text. */
  #hidden = $derived(
    maskOf(spellings((this.report?.findings ?? []).filter(({ id }) => !this.revealed.has(id)))),
  );

  #file: File | undefined;
  /** Serves what is shown. */
  #pool: EnginePool | undefined;
  /** Scans what is to be shown. */
  #scanning: EnginePool | undefined;
  /** Started for a file that has yet to come. */
  #spare: EnginePool | undefined;
  /** Which opening is the latest; an earlier one that is still under way must not have the last word. */
  #opening = 0;
  /** What is shown again where a scan comes to nothing before it has opened its archive. */
  #kept: { fileName: string; fileSize: number; archive: OpenedArchive | undefined } | undefined;
  #replaces = false;
  #onReplace: () => void;

  /** `onReplace` is called when what was open gives way to something else. */
  constructor(onReplace: () => void = () => undefined) {
    this.#onReplace = onReplace;
  }

  /** Starts what the next scan needs, so that it need not wait for that. Never rejects: a scan says what goes wrong. */
  async prepare(): Promise<void> {
    try {
      const { EnginePool } = await import('../workers/pool.ts');
      if (this.phase === 'welcome') this.#spare ??= new EnginePool();
    } catch {
      this.#spare = undefined;
    }
  }

  /** Opens an image archive or a report. What is shown stays until it is known that there is something else to show. */
  async open(file: File): Promise<void> {
    const opening = this.#begin();
    try {
      if (await this.#openReport(file, opening)) return;
      await this.#scan(file, false, opening);
    } catch (error) {
      this.#fail(error, file.name, opening);
    }
  }

  /** Opens a folder with an image layout. */
  async openFolder({ name, gather }: Folder): Promise<void> {
    const opening = this.#begin();
    this.#showScan(name, 0);
    this.gathered = 0;
    try {
      const file = await gather((files) => {
        if (opening !== this.#opening) throw new DOMException('Another file came.', 'AbortError');
        this.gathered = files;
      });
      if (opening === this.#opening) await this.#scan(file, true, opening);
    } catch (error) {
      this.#fail(error, name, opening);
    }
  }

  /** Stops the scan at once; the page is as it was before, as long as nothing of the scan has been shown. */
  cancel(): void {
    this.#begin();
    void this.prepare();
  }

  /** Drops what is under way. */
  #begin(): number {
    this.#scanning?.close();
    this.#scanning = undefined;
    if (this.phase === 'scanning') this.#goBack();
    this.error = '';
    this.note = '';
    this.announcement = '';
    return ++this.#opening;
  }

  #showScan(name: string, size: number): void {
    if (this.phase === 'scanning') return;
    const { fileName, fileSize, archive } = this;
    if (this.phase === 'ready') this.#kept = { fileName, fileSize, archive };
    this.archive = undefined;
    this.progress = undefined;
    this.gathered = undefined;
    this.fileName = name;
    this.fileSize = size;
    this.phase = 'scanning';
  }

  /** From a scan to what was shown before it. */
  #goBack(): void {
    this.archive = this.#kept?.archive;
    this.fileName = this.#kept?.fileName ?? this.fileName;
    this.fileSize = this.#kept?.fileSize ?? 0;
    this.phase = this.#kept ? 'ready' : 'welcome';
    this.#kept = undefined;
  }

  /** There is something else to show: what was shown goes. */
  #replace(): void {
    this.#pool?.close();
    this.#pool = undefined;
    this.#file = undefined;
    this.#kept = undefined;
    this.result = undefined;
    this.report = undefined;
    this.revealed = new Set();
    if (this.#replaces) this.#onReplace();
    this.#replaces = true;
  }

  #fail(error: unknown, name: string, opening: number): void {
    if (opening !== this.#opening) return;
    this.cancel();
    this.error = sentence(error, name);
  }

  /** Shows the secrets of findings, or masks them again. */
  reveal(ids: readonly string[], shown: boolean): void {
    const revealed = new Set(this.revealed);
    for (const id of ids) {
      if (shown) revealed.add(id);
      else revealed.delete(id);
    }
    this.revealed = revealed;
  }

  /** A text from the image without the secrets that nobody has asked to see. */
  mask(text: string): string {
    return this.#hidden(text);
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
    const start = new Uint8Array(await file.slice(0, SNIFF).arrayBuffer());
    if (!looksLikeJson(start)) return false;
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (opening !== this.#opening) return true;
    const report = readReport(bytes);
    this.#replace();
    this.archive = undefined;
    this.fileName = file.name;
    this.fileSize = file.size;
    this.#show(report, 'Report opened');
    return true;
  }

  async #scan(file: File, folder: boolean, opening: number): Promise<void> {
    if (opening !== this.#opening) return;
    if (this.phase === 'welcome') this.#showScan(file.name, file.size);
    const { EnginePool } = await import('../workers/pool.ts');
    if (opening !== this.#opening) return;
    const spare = this.#spare;
    this.#spare = undefined;
    if (spare?.failed) spare.close();
    const pool = spare && !spare.failed ? spare : new EnginePool();
    this.#scanning = pool;
    this.startedAt = Date.now();
    let accepted = false;
    const accept = (archive: OpenedArchive): void => {
      this.#showScan(file.name, file.size);
      if (!accepted) this.#replace();
      accepted = true;
      this.gathered = undefined;
      this.fileSize = file.size;
      this.archive = archive;
    };
    performance.mark('scan-begin');
    const result = await pool.scan(
      file,
      {
        opened: (archive) => {
          if (this.#scanning === pool) accept(archive);
        },
        progress: (progress) => {
          if (this.#scanning !== pool) return;
          this.#showScan(file.name, file.size);
          this.progress = progress;
        },
      },
      folder,
    );
    if (this.#scanning !== pool) return;
    performance.measure('scan', 'scan-begin'); // for profiles, and for the benchmark
    // What has come is shown in a task of its own.
    await new Promise((resolve) => setTimeout(resolve));
    if (this.#scanning !== pool) return;
    accept(result.archive);
    this.#scanning = undefined;
    this.#pool = pool;
    this.#file = file;
    this.result = result;
    this.#show(result.report, 'Scan finished');
  }

  #show(report: Report, done: string): void {
    this.report = report;
    this.phase = 'ready';
    this.announcement = `${done}: ${counted(report.findings.length, 'finding')}.`;
  }
}

function sentence(error: unknown, name: string): string {
  // From a worker it comes as an error of that name.
  if (error instanceof Error && /NotReadable|NotFound/.test(error.name)) {
    return `${name} could not be read: it was moved or changed, or permission was withdrawn. Choose it again.`;
  }
  return error instanceof Error ? error.message : String(error);
}
