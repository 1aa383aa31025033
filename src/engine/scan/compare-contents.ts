/**
 * Tells files that a layer changed in content from those it only touched: a `chmod` writes the whole file
 * again. Only files of equal size are read, each layer at most once.
 */
import { EntryKind } from '../archive/tar.ts';
import type { ByteSource } from '../archive/read-blob.ts';
import { EntryEffect } from '../image/file-system.ts';
import type { Layer, OpenedArchive } from '../image/model.ts';
import type { FileTrees } from './file-trees.ts';
import { readStretches } from './read-file.ts';
import type { LayerScan } from './scan-layer.ts';

interface Place {
  layer: number;
  row: number;
}

/** A file that stands at the same path in two layers, with the same size. */
interface Pair {
  before: Place;
  after: Place;
  image: number;
  position: number;
}

const MOST_BYTES = 64 << 20; // held at once; what is beyond counts as changed in content
const MOST_PAIRS = 20_000;

/** Gathers pairs while images are merged, then compares them. */
export class ContentComparer {
  #archive: OpenedArchive;
  #scans: readonly (LayerScan | undefined)[];
  #pairs: Pair[] = [];
  #bytes = 0;
  #image = -1;
  #standing = new Map<number, Place>();

  constructor(archive: OpenedArchive, scans: readonly (LayerScan | undefined)[]) {
    this.#archive = archive;
    this.#scans = scans;
  }

  /** To be called after each layer of each image; `nodes` are those of the layer's rows. */
  readonly onLayer = (
    image: number,
    position: number,
    nodes: Int32Array,
    effects: Uint8Array,
  ): void => {
    if (image !== this.#image) {
      this.#image = image;
      this.#standing.clear();
    }
    const layer = this.#archive.images[image]?.layers[position] ?? -1;
    const table = this.#scans[layer]?.table;
    if (!table) return;
    for (let row = 0; row < table.count; row++) {
      if (table.kind[row] !== EntryKind.file || effects[row] === EntryEffect.deleted) continue;
      const node = nodes[row] as number;
      const before = this.#standing.get(node);
      const after = { layer, row };
      if (effects[row] === EntryEffect.changed && before)
        this.#pair({ before, after, image, position });
      this.#standing.set(node, after);
    }
  };

  /** Reads both sides of each pair and corrects the effects of those that are equal. */
  async compare(file: ByteSource, trees: FileTrees): Promise<void> {
    const wanted = new Map<number, Map<number, Uint8Array>>();
    for (const { before, after } of this.#pairs) {
      for (const { layer, row } of [before, after]) {
        const rows = wanted.get(layer) ?? new Map<number, Uint8Array>();
        wanted.set(layer, rows.set(row, new Uint8Array(0)));
      }
    }
    for (const [index, rows] of wanted) {
      const table = this.#scans[index]?.table;
      if (!table) continue;
      const order = [...rows.keys()];
      const stretches = order.map((row) => ({
        offset: table.dataOffset[row] as number,
        length: table.stored[row] as number,
      }));
      const contents = await readStretches(file, this.#archive.layers[index] as Layer, stretches);
      order.forEach((row, i) => rows.set(row, contents[i] as Uint8Array));
    }
    for (const { before, after, image, position } of this.#pairs) {
      const one = wanted.get(before.layer)?.get(before.row);
      const two = wanted.get(after.layer)?.get(after.row);
      const effects = trees.fileSystems[image]?.effects[position];
      if (one && two && effects && equal(one, two)) effects[after.row] = EntryEffect.attributes;
    }
  }

  #pair(pair: Pair): void {
    const [before, after] = [pair.before, pair.after].map(({ layer, row }) => {
      const table = this.#scans[layer]?.table;
      return { size: table?.size[row] ?? -1, stored: table?.stored[row] ?? -1 };
    });
    // Sparse files are stored in pieces, which say nothing of each other.
    if (
      before?.size !== after?.size ||
      before?.stored !== before?.size ||
      after?.stored !== after?.size
    )
      return;
    const bytes = 2 * (before?.stored ?? 0);
    if (this.#bytes + bytes > MOST_BYTES || this.#pairs.length >= MOST_PAIRS) return;
    this.#bytes += bytes;
    this.#pairs.push(pair);
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
