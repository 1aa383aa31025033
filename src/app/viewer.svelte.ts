/** The file that is open in the viewer: its bytes, and what they are shown as. */
import type { EntryTable } from '../engine/image/entry-table.ts';
import { EntryKind } from '../engine/archive/tar.ts';
import { sourcePaths } from '../engine/python/source-check.ts';
import type { PairedOutline } from '../engine/python/source-pairing.ts';
import { spellings } from '../engine/report/redact.ts';
import type { Finding } from '../engine/report/report.ts';
import { linkedFile, readBelow } from './read-path.ts';
import { ByteSearch } from './secret-search.ts';
import type { Session } from './session.svelte.ts';

export type ViewerMode = 'text' | 'hex' | 'bytecode';

/** Where a file's content is. */
export interface FileAddress {
  layer: number;
  row: number;
  /** The whole path, `a.zip!/b` for a file inside another. */
  path: string;
  /** What stands behind `!/`, for a file inside another. */
  inside?: string;
}

/** Largest content that is loaded at once; the rest is said to be there. */
const MOST_BYTES = 8 << 20;
const BINARY_SNIFF = 8000;

/** Loads one file at a time; a later request wins. */
export class Viewer {
  address = $state.raw<FileAddress>();
  bytes = $state.raw<Uint8Array>();
  text = $state.raw<string[]>([]);
  outline = $state.raw<PairedOutline>();
  /** Path of the source that the outline is paired with. */
  sourcePath = $state('');
  mode = $state<ViewerMode>('text');
  modes = $state.raw<ViewerMode[]>([]);
  /** Bytes of the whole file. */
  size = $state(0);
  /** Why there is nothing to see; a sentence. */
  note = $state('');
  loading = $state(false);

  #session: Session;
  #request = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Bytes of the file beyond those that are shown. */
  get hidden(): number {
    return Math.max(0, this.size - (this.bytes?.length ?? 0));
  }

  close(): void {
    this.#request++;
    this.address = undefined;
    this.bytes = undefined;
    this.text = [];
    this.outline = undefined;
    this.note = '';
  }

  async open(address: FileAddress): Promise<void> {
    const file = linkedFile(this.#session, address);
    const table = this.#session.result?.trees.tables[file.layer];
    if (!table) return;
    const request = ++this.#request;
    this.address = address;
    this.bytes = undefined;
    this.outline = undefined;
    this.text = [];
    this.note = kindNote(table, file.row);
    this.size = table.size[file.row] as number;
    this.modes = [];
    if (this.note) return;
    this.loading = true;
    try {
      const bytes = await this.#bytes(table, { ...address, ...file });
      const compiled = /\.py[co]$/.test(address.path);
      const source = compiled ? await this.#source(address) : undefined;
      const outline = compiled
        ? await this.#session.outline(bytes.slice(), source?.text)
        : undefined;
      if (request !== this.#request) return;
      this.sourcePath = source?.path ?? '';
      this.#show(bytes, outline);
    } catch (error) {
      if (request === this.#request)
        this.note = error instanceof Error ? error.message : String(error);
    } finally {
      if (request === this.#request) this.loading = false;
    }
  }

  /** The source that a `.pyc` names, as the image has it at that layer. */
  async #source({ layer, path }: FileAddress): Promise<{ path: string; text: string } | undefined> {
    for (const candidate of sourcePaths(path, '')) {
      const text = await readBelow(this.#session, layer, candidate);
      if (text !== undefined) return { path: candidate, text };
    }
    return undefined;
  }

  /** The instructions of one item of the outline that is shown. */
  async disassembly(item: number): Promise<string[]> {
    return this.bytes ? this.#session.disassembly(this.bytes.slice(), item) : [];
  }

  async #bytes(table: EntryTable, { layer, row, path, inside }: FileAddress): Promise<Uint8Array> {
    const stored = table.stored[row] as number;
    const offset = table.dataOffset[row] as number;
    if (inside === undefined) {
      return this.#session.read(layer, offset, Math.min(stored, MOST_BYTES));
    }
    const bytes = await this.#session.readInside(layer, offset, stored, path);
    this.size = bytes?.length ?? 0;
    return bytes?.subarray(0, MOST_BYTES) ?? new Uint8Array(0);
  }

  #show(bytes: Uint8Array, outline: PairedOutline | undefined): void {
    this.bytes = bytes;
    const binary = bytes.subarray(0, BINARY_SNIFF).includes(0);
    if (!binary) this.text = new TextDecoder().decode(bytes).split('\n');
    this.outline = outline;
    this.modes = [
      ...(outline && outline.items.length > 0 ? (['bytecode'] as const) : []),
      ...(binary ? [] : (['text'] as const)),
      'hex',
    ];
    if (bytes.length === 0)
      this.note = this.size === 0 ? 'This file is empty.' : 'Nothing of this file could be read.';
    this.mode = this.modes[0] as ViewerMode;
  }
}

function kindNote(table: EntryTable, row: number): string {
  switch (table.kind[row]) {
    case EntryKind.file:
      return '';
    case EntryKind.directory:
      return 'This is a directory.';
    case EntryKind.symlink:
      return 'This is a symbolic link.';
    case EntryKind.hardLink:
      return 'This is a hard link to a file that is in no layer.';
    default:
      return 'This is a device or a pipe: it has no content.';
  }
}

/** Looks for the secrets of a report's findings, each spelling with the finding it is of. */
interface SecretSearch {
  search: ByteSearch;
  owners: Finding[];
}

const searches = new WeakMap<readonly Finding[], SecretSearch>();

function searchFor(findings: readonly Finding[]): SecretSearch {
  let made = searches.get(findings);
  if (!made) {
    const spelled = findings.flatMap((owner) =>
      spellings([owner]).map((text) => ({ owner, text })),
    );
    const search = new ByteSearch(spelled.map(({ text }) => text));
    made = { search, owners: spelled.map(({ owner }) => owner) };
    searches.set(findings, made);
  }
  return made;
}

/** The findings whose secret stands in a file: by their places, and by its bytes. */
export function findingsIn(
  findings: readonly Finding[],
  path: string,
  bytes: Uint8Array | undefined,
): Finding[] {
  const held = new Set<Finding>();
  if (bytes) {
    const { search, owners } = searchFor(findings);
    for (const { index } of search.find(bytes)) held.add(owners[index] as Finding);
  }
  return findings.filter(
    (finding) =>
      finding.category === 'secret' &&
      (held.has(finding) ||
        finding.places.some((place) => place.path === path || place.python?.sourcePath === path)),
  );
}

/** The lines of a function's definition in source text, from `def` or `lambda` to the colon. */
export function definitionLines(
  source: readonly string[],
  qualname: string,
): { first: number; lines: string[] } | undefined {
  const name = qualname.split('.').at(-1) ?? '';
  const definition = new RegExp(`^\\s*(async\\s+)?def\\s+${name.replace(/\W/g, '\\$&')}\\s*\\(`);
  const start = source.findIndex((line) => definition.test(line));
  if (start < 0) return undefined;
  let depth = 0;
  for (let i = start; i < Math.min(source.length, start + 60); i++) {
    for (const character of source[i] as string) {
      if ('([{'.includes(character)) depth++;
      else if (')]}'.includes(character)) depth--;
    }
    if (depth <= 0) return { first: start + 1, lines: source.slice(start, i + 1) };
  }
  return undefined;
}
