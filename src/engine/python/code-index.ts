/**
 * Where the code objects of a module stand in its marshalled form, and whatever else it refers back to: with it some
 * of them can be decoded, and the others passed over.
 */

/** What is known of a code object; offsets are of the marshalled data. */
export const CODE = {
  /** Of its type byte. */
  start: 0,
  /** Behind it, and how many objects that may be referred to begin before that. */
  end: 1,
  endReferences: 2,
  /** The same behind its constants and names. */
  namesEnd: 3,
  namesEndReferences: 4,
  /** The number of the code object that it is a constant of; -1 for the module's own. */
  parent: 5,
  /** What was said of its strings, together: of its constants and names, and of its functions' names and parameters. */
  bits: 6,
  /** 1 for the scope of a function's or a class's type parameters, which is called with that one's defaults. */
  typeScope: 7,
} as const;
const CODE_FIELDS = 8;

/** How the compiler begins the name of a scope of type parameters (PEP 695): `<generic parameters of f>`. */
export const TYPE_SCOPE = '<generic parameters of ';

/** What is known of an object that may be referred to. */
export const REFERENCE = {
  /** The offset of its type byte. */
  at: 0,
  /**
   * Of a string, where it begins, and where it ends, which is the complement of that until it has stood among constants;
   * of others a sign of what they are.
   */
  start: 1,
  end: 2,
  /** What was said of it. */
  bits: 3,
} as const;
const REFERENCE_FIELDS = 4;

/** The objects that may be referred to by their number: `REFERENCE`'s numbers of each, side by side. */
export class ReferenceTable {
  #numbers = new Int32Array(64 * REFERENCE_FIELDS);
  count = 0;

  add(offset: number, start: number, end: number, bits: number): void {
    const at = this.count++ * REFERENCE_FIELDS;
    if (at === this.#numbers.length) this.#numbers = longer(this.#numbers);
    const numbers = this.#numbers;
    numbers[at] = offset;
    numbers[at + REFERENCE.start] = start;
    numbers[at + REFERENCE.end] = end;
    numbers[at + REFERENCE.bits] = bits;
  }

  /** Whether there is an object of a number. */
  has(number: number): boolean {
    return number >= 0 && number < this.count;
  }

  get(number: number, field: number): number {
    return this.#numbers[number * REFERENCE_FIELDS + field] as number;
  }

  set(number: number, field: number, value: number): void {
    this.#numbers[number * REFERENCE_FIELDS + field] = value;
  }
}

/** What a walk over marshalled code notes down. */
export class CodeIndex {
  /** `CODE`'s numbers of each code object, side by side, in the order in which they begin. */
  #numbers = new Int32Array(16 * CODE_FIELDS);
  count = 0;
  readonly references = new ReferenceTable();

  /** Enters a code object; returns its number. */
  add(start: number, parent: number): number {
    const code = this.count++;
    const at = code * CODE_FIELDS;
    if (at === this.#numbers.length) this.#numbers = longer(this.#numbers);
    this.#numbers[at + CODE.start] = start;
    this.#numbers[at + CODE.parent] = parent;
    return code;
  }

  get(code: number, field: number): number {
    return this.#numbers[code * CODE_FIELDS + field] as number;
  }

  set(code: number, field: number, value: number): void {
    this.#numbers[code * CODE_FIELDS + field] = value;
  }

  /** The number of the code object that begins at an offset; -1 where none does. */
  at(start: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.get(middle, CODE.start) - start;
      if (found === 0) return middle;
      if (found < 0) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}

function longer(from: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const to = new Int32Array(from.length * 2);
  to.set(from);
  return to;
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
 * Selects the code objects whose bits are as wanted, with those around each, which name it, and those inside it, in
 * scopes of type parameters too, whose parameters it fills. Undefined where none is.
 */
export function selectCode(
  index: CodeIndex,
  isWanted: (bits: number) => boolean,
): CodeSelection | undefined {
  const choice = new Uint8Array(index.count);
  let any = false;
  for (let i = 0; i < index.count; i++) {
    const parent = index.get(i, CODE.parent);
    if (isWanted(index.get(i, CODE.bits))) {
      any = true;
      choice[i] = WANTED;
      for (let outer = parent; outer >= 0 && (choice[outer] as number) < AROUND;) {
        choice[outer] = AROUND;
        outer = index.get(outer, CODE.parent);
      }
    } else if (parent >= 0 && choice[parent] === WANTED) {
      choice[i] = index.get(i, CODE.typeScope) === 1 ? AROUND : SIGNATURE;
    } else if (parent >= 0 && choice[parent] === AROUND && index.get(parent, CODE.typeScope) === 1)
      choice[i] = SIGNATURE;
  }
  return any ? { index, choice } : undefined;
}
