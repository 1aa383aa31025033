/**
 * What is odd about a `.pyc` itself, secrets or none: it was compiled from another text than the source
 * beside it, Python would run it unchecked, or an application ships it without its source.
 */
import { MAX_WHOLE_FILE } from '../archive/limits.ts';
import type { ByteSource } from '../archive/read-blob.ts';
import type { StackedLayer } from '../image/file-system.ts';
import type { Layer, OpenedArchive } from '../image/model.ts';
import type { PathTree } from '../image/path-tree.ts';
import { decodePyc } from '../python/pyc.ts';
import { hashMatches } from '../python/source-check.ts';
import { namesMissingFrom } from '../python/source-names.ts';
import { sourceText } from '../python/source-text.ts';
import { versionName } from '../python/version.ts';
import { fileKind } from '../secrets/file-kind.ts';
import { type BytecodeFile, bytecodeFile } from './bytecode-files.ts';
import { type LocatedFile, locateSource } from './compare-sources.ts';
import type { OnLayer } from './file-trees.ts';
import { readStretches } from './read-file.ts';
import type { LayerScan } from './scan-layer.ts';

/** One `.pyc` that is odd, where it stands. */
export interface OddBytecode {
  kind: 'differs' | 'unchecked' | 'missing';
  /** Layer's index, and row in its table. */
  layer: number;
  row: number;
  path: string;
  sourcePath: string | undefined;
  version: string;
  /** How it shows, as a sentence's part. */
  how: string;
  /** Whether it stands in an application's own folders, and not in an installed package. */
  own: boolean;
}

const MOST_READ = 2000; // files whose content is compared
const MOST_BYTES = 256 << 20;

interface Suspect {
  file: BytecodeFile;
  odd: OddBytecode;
  source: LocatedFile;
}

/** Looks at every `.pyc` while images are merged; then reads the few whose header does not settle it. */
export class BytecodeExaminer {
  #archive: OpenedArchive;
  #scans: readonly (LayerScan | undefined)[];
  #seen = new Set<number>();
  #odd: OddBytecode[] = [];
  #suspects: Suspect[] = [];

  constructor(archive: OpenedArchive, scans: readonly (LayerScan | undefined)[]) {
    this.#archive = archive;
    this.#scans = scans;
  }

  /** To be called after each layer of each image; the first image that has a layer decides. */
  watch(tree: PathTree, stacked: readonly (StackedLayer | undefined)[]): OnLayer {
    return (image, position, fs) => {
      const layers = this.#archive.images[image]?.layers ?? [];
      const index = layers[position] as number;
      const nodes = stacked[index]?.nodes;
      if (!nodes || this.#seen.has(index)) return;
      this.#seen.add(index);
      const files = this.#scans[index]?.bytecode;
      for (let at = 0; files && at < files.count; at++) {
        const node = nodes[files.row[at] as number] as number;
        if (node < 0) continue;
        const file = bytecodeFile(files, at);
        const source = locateSource(tree, fs, layers, stacked, node, file.fileName);
        this.#examine(file, index, tree, node, source);
      }
    };
  }

  #examine(
    file: BytecodeFile,
    layer: number,
    tree: PathTree,
    node: number,
    source: LocatedFile | undefined,
  ): void {
    const { header } = file;
    const table = source && this.#scans[source.layer]?.table;
    const size = table?.size[source?.row ?? -1] as number;
    const time = Math.floor(table?.mtime[source?.row ?? -1] as number) % 2 ** 32;
    const resized = header.sourceSize !== undefined && header.sourceSize !== size % 2 ** 32;
    const retimed = header.sourceTime !== time;
    // Nearly all are what their header says.
    if (source && !resized && !retimed && header.sourceHash === undefined) return;
    const path = tree.path(node);
    const { vendor, packaged } = fileKind(path);
    const odd: OddBytecode = {
      kind: 'differs',
      layer,
      row: file.row,
      path,
      sourcePath: source && tree.path(source.node),
      version: versionName(file.version),
      how: '',
      own: !vendor && !packaged,
    };
    if (!source) {
      if (odd.own)
        this.#odd.push({ ...odd, kind: 'missing', how: 'the image has no source for it' });
    } else if (resized) {
      const how = `it was compiled from ${header.sourceSize} bytes, the source has ${size}`;
      this.#odd.push({ ...odd, how });
    } else if (header.sourceHash !== undefined || odd.own) {
      this.#suspects.push({ file, odd, source });
    }
  }

  /** Reads what must be read, and gives all that is odd, in the order of layers and rows. */
  async examine(file: ByteSource): Promise<OddBytecode[]> {
    let bytes = 0;
    const suspects = this.#suspects.slice(0, MOST_READ).filter(({ source, odd }) => {
      const size = this.#size(source.layer, source.row) + this.#size(odd.layer, odd.row);
      if (size > MAX_WHOLE_FILE) return false;
      bytes += size;
      return bytes <= MOST_BYTES;
    });
    const sources = await this.#read(
      file,
      suspects.map(({ source }) => source),
    );
    const compiled = await this.#read(
      file,
      suspects.map(({ odd }) => odd),
    );
    suspects.forEach(({ file: pyc, odd }, i) => {
      const found = judge(pyc, odd, sources[i] as Uint8Array, compiled[i] as Uint8Array);
      if (found) this.#odd.push(found);
    });
    return this.#odd.sort((a, b) => a.layer - b.layer || a.row - b.row);
  }

  #size(layer: number, row: number): number {
    return this.#scans[layer]?.table.stored[row] ?? 0;
  }

  /** Reads files, each layer once. */
  async #read(
    file: ByteSource,
    wanted: readonly { layer: number; row: number }[],
  ): Promise<Uint8Array[]> {
    const out: Uint8Array[] = wanted.map(() => new Uint8Array(0));
    for (const layer of new Set(wanted.map((one) => one.layer))) {
      const table = this.#scans[layer]?.table;
      if (!table) continue;
      const here = wanted.flatMap((one, i) => (one.layer === layer ? [i] : []));
      const stretches = here.map((i) => {
        const { row } = wanted[i] as { row: number };
        return { offset: table.dataOffset[row] as number, length: table.stored[row] as number };
      });
      const read = await readStretches(file, this.#archive.layers[layer] as Layer, stretches);
      here.forEach((i, at) => (out[i] = read[at] as Uint8Array));
    }
    return out;
  }
}

function judge(
  file: BytecodeFile,
  odd: OddBytecode,
  source: Uint8Array,
  compiled: Uint8Array,
): OddBytecode | undefined {
  const { header } = file;
  if (header.sourceHash !== undefined) {
    if (hashMatches(header, file.version, source)) return undefined;
    return header.checked === false
      ? {
          ...odd,
          kind: 'unchecked',
          how: 'its hash is of another text, and Python never compares it',
        }
      : { ...odd, how: 'its hash is of another text' };
  }
  const { code } = decodePyc(compiled);
  const missing = code ? namesMissingFrom(code, sourceText(source)) : [];
  if (missing.length === 0) return undefined;
  const names = missing.slice(0, 3).join(', ');
  return {
    ...odd,
    how: `it was compiled at another time, and the source lacks names it has: ${names}`,
  };
}
