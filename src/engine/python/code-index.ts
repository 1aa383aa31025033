/**
 * Where the code objects of a module stand in its marshalled form, and whatever else it refers back to: with it some
 * of them can be decoded, and the others passed over.
 */

/** What a walk over marshalled code notes down; offsets are of type bytes. */
export class CodeIndex {
  /** Of each code object, in the order in which they begin: where. */
  readonly starts: number[] = [];
  /** The offset behind it. */
  readonly ends: number[] = [];
  /** Which one it is a constant of; -1 for the module's own. */
  readonly parents: number[] = [];
  /** How many objects that may be referred to begin before that. */
  readonly endReferences: number[] = [];
  /** The offset behind its constants and names, and how many such objects begin before that. */
  readonly namesEnds: number[] = [];
  readonly namesEndReferences: number[] = [];
  /** What was said of its strings, together: of its constants and names, and of its functions' names and parameters. */
  readonly bits: number[] = [];
  /** Where each object stands that may be referred to, by its number. */
  readonly references: number[] = [];

  /** The code object that begins at an offset; -1 where none does. */
  at(start: number): number {
    const { starts } = this;
    let low = 0;
    let high = starts.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = (starts[middle] as number) - start;
      if (found === 0) return middle;
      if (found < 0) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}

/** Which code objects of a module to decode. */
export interface CodeSelection {
  index: CodeIndex;
  /** By code object, how much of it. */
  choice: Uint8Array;
}

/** Nothing of it. */
export const LEFT_OUT = 0;
/** Its own name and its parameters', which say what others are bound to. */
export const SIGNATURE = 1;
/** All of it, though not for its own sake: code that is wanted stands inside. */
export const AROUND = 2;
/** All of it. */
export const WANTED = 3;

/**
 * Selects the code objects whose bits are as wanted, with those around each, which name it, and those inside it, whose
 * parameters it fills. Undefined where none is.
 */
export function selectCode(
  index: CodeIndex,
  isWanted: (bits: number) => boolean,
): CodeSelection | undefined {
  const { bits, parents } = index;
  const choice = new Uint8Array(bits.length);
  let any = false;
  for (let i = 0; i < bits.length; i++) {
    const parent = parents[i] as number;
    if (isWanted(bits[i] as number)) {
      any = true;
      choice[i] = WANTED;
      for (let outer = parent; outer >= 0 && (choice[outer] as number) < AROUND;) {
        choice[outer] = AROUND;
        outer = parents[outer] as number;
      }
    } else if (parent >= 0 && choice[parent] === WANTED) choice[i] = SIGNATURE;
  }
  return any ? { index, choice } : undefined;
}
