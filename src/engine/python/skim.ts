/**
 * Walks marshalled code and builds nothing of it (CPython's Python/marshal.c): several times faster than
 * decoding, for a first look at the strings that stand in it.
 */
import { codeFields, FIELD } from './code-fields.ts';
import { CODE, CodeIndex, REFERENCE, ReferenceTable, TYPE_SCOPE } from './code-index.ts';
import { bytesText } from './values.ts';
import { type PythonVersion, versionNumber } from './version.ts';

const MAX_DEPTH = 2000; // marshal.c's own bound
const FLAG_REF = 0x80;
/** In the list of references: no string, and a code object that is still open. */
const OTHER = -1;
const OPEN = -2;
const SEQUENCE = 0;
const DICTIONARY = 1;
const CODE_OBJECT = 2;
/** Of each open container, of one walk at a time: what it is. */
const KINDS = new Uint8Array(MAX_DEPTH);
/** Items still to come; of a code object the next field. */
const COUNTS = new Int32Array(MAX_DEPTH);
/** Where it stands in the list of references. */
const OWN_REFERENCES = new Int32Array(MAX_DEPTH);
/** What was said of the strings inside it. */
const BITS = new Int32Array(MAX_DEPTH);
/** Of a code object: its number, and what was said of the names by which others call it and its parameters. */
const CODES = new Int32Array(MAX_DEPTH);
const OUTWARD = new Int32Array(MAX_DEPTH);
/** What a code object is called by from outside: its own name and its parameters'. */
const NAMED_BY = new Set<number>([FIELD.name, FIELD.localNames, FIELD.localsPlusNames]);

/** Who is told of strings, by where they stand, and says of each what it may be, in bits of its own. */
export interface StringSink {
  /** A string or bytes, a constant or a name; once each. */
  string(start: number, end: number): number;
  /** The same once more, if it stands among constants; not where a tuple of names is shared with them. */
  constant(start: number, end: number): number;
}

/** What a walk over marshalled code found. */
export interface SkimmedCode {
  /** The module's `co_filename`. */
  fileName: string;
  index: CodeIndex;
}

/**
 * Tells of every string and bytes constant and every name of a marshalled code object at `start`. Undefined where
 * anything is out of order, which is `unmarshal`'s to say.
 */
export function skimCode(
  bytes: Uint8Array,
  version: PythonVersion,
  start: number,
  sink: StringSink,
): SkimmedCode | undefined {
  return new Skimmer(bytes, version, start, sink).run();
}

class Skimmer {
  #bytes: Uint8Array;
  #at: number;
  /** Where the object begins that is being read. */
  #from = 0;
  #sink: StringSink;
  #flags: boolean;
  #python3: boolean;
  #order: readonly number[];
  #width: number;
  #depth = 0;
  #index = new CodeIndex();
  #references = this.#index.references;
  #interned: ReferenceTable | undefined;
  /** Whether what is being read are constants. */
  #constants = false;
  /** Where the string that was just read begins, or `OTHER`. */
  #string = OTHER;
  #stringEnd = 0;
  /** What was said of the object that was just read. */
  #said = 0;
  #fileName: string | undefined;
  #failed = false;

  constructor(bytes: Uint8Array, version: PythonVersion, start: number, sink: StringSink) {
    this.#bytes = bytes;
    this.#at = start;
    this.#sink = sink;
    this.#flags = versionNumber(version) >= 304;
    this.#python3 = version.major >= 3;
    const { order, width } = codeFields(version);
    this.#order = order;
    this.#width = width;
  }

  run(): SkimmedCode | undefined {
    do {
      if (this.#object()) this.#give();
    } while (this.#depth > 0 && !this.#failed);
    const fileName = this.#fileName;
    return this.#failed || fileName === undefined ? undefined : { fileName, index: this.#index };
  }

  /** Reads one object; false where a container was opened, whose first item is next. */
  #object(): boolean {
    const bytes = this.#bytes;
    if (this.#at >= bytes.length) return this.#fail();
    this.#from = this.#at;
    const byte = bytes[this.#at++] as number;
    const flagged = byte >= FLAG_REF && this.#flags;
    this.#string = OTHER;
    this.#said = 0;
    switch (flagged ? byte & 0x7f : byte) {
      case 0x4e: // N
      case 0x54: // T
      case 0x46: // F
      case 0x53: // S
      case 0x2e: // .
        return true;
      case 0x30: // 0
        return this.#endDictionary();
      case 0x72: // r
        return this.#reference(this.#references, this.#int32());
      case 0x52: // R
        return this.#interned ? this.#reference(this.#interned, this.#int32()) : this.#fail();
      case 0x28: // (
      case 0x5b: // [
      case 0x3c: // <
      case 0x3e: // >
        return this.#open(flagged, SEQUENCE, this.#int32());
      case 0x29: // )
        return this.#open(flagged, SEQUENCE, bytes[this.#at++] ?? 0);
      case 0x3a: // :
        return this.#open(flagged, SEQUENCE, 3);
      case 0x7b: // {
      case 0x7d: // }
        return this.#open(flagged, DICTIONARY, 1);
      case 0x63: // c
      case 0x43: // C of 1.0
        return this.#open(flagged, CODE_OBJECT, 0);
      case 0x7a: // z
      case 0x5a: // Z
        return this.#text(flagged, bytes[this.#at++] ?? 0);
      case 0x74: // t
        if (!this.#python3) {
          const done = this.#text(flagged, this.#int32());
          this.#interned ??= new ReferenceTable();
          this.#interned.add(this.#from, this.#string, this.#ended(), this.#said);
          return done;
        }
        return this.#text(flagged, this.#int32());
      case 0x61: // a
      case 0x41: // A
      case 0x73: // s
      case 0x75: // u
        return this.#text(flagged, this.#int32());
      case 0x69: // i
        return this.#skip(flagged, 4);
      case 0x49: // I
      case 0x67: // g
        return this.#skip(flagged, 8);
      case 0x79: // y
        return this.#skip(flagged, 16);
      case 0x6c: // l
        return this.#skip(flagged, Math.abs(this.#int32()) * 2);
      case 0x66: // f
        return this.#skip(flagged, bytes[this.#at++] ?? 0);
      default:
        return this.#fail(); // complex numbers of Python 1 and 2, and what is no type
    }
  }

  #fail(): boolean {
    this.#failed = true;
    return false;
  }

  #int32(): number {
    const bytes = this.#bytes;
    const at = this.#at;
    this.#at = at + 4;
    if (this.#at > bytes.length) {
      this.#failed = true;
      return 0;
    }
    return (
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)
    );
  }

  #skip(flagged: boolean, length: number): boolean {
    if (length > this.#bytes.length - this.#at) return this.#fail();
    this.#at += length;
    if (flagged) this.#refer(OTHER, 0);
    return true;
  }

  #text(flagged: boolean, length: number): boolean {
    const start = this.#at;
    if (length < 0 || length > this.#bytes.length - start) return this.#fail();
    this.#at = start + length;
    this.#string = start;
    this.#stringEnd = this.#at;
    if (!this.#isRaw()) {
      this.#said = this.#sink.string(start, this.#at);
      if (this.#constants) this.#said |= this.#sink.constant(start, this.#at);
    }
    if (flagged) this.#refer(start, this.#ended());
    return true;
  }

  #ended(): number {
    return this.#constants ? this.#stringEnd : ~this.#stringEnd;
  }

  /** Enters an object that may be referred to. */
  #refer(start: number, end: number): void {
    this.#references.add(this.#from, start, end, this.#said);
  }

  /** Whether what is being read are instructions or a table, which are no strings. */
  #isRaw(): boolean {
    const top = this.#depth - 1;
    if (top < 0 || KINDS[top] !== CODE_OBJECT) return false;
    const field = this.#order[COUNTS[top] as number];
    return (
      field === FIELD.bytecode ||
      field === FIELD.lineTable ||
      field === FIELD.exceptionTable ||
      field === FIELD.localsPlusKinds
    );
  }

  #reference(list: ReferenceTable, index: number): boolean {
    if (!list.has(index)) return this.#fail();
    const start = list.get(index, REFERENCE.start);
    // A code object that holds itself is a sign of damage.
    if (start === OPEN) return this.#fail();
    let end = list.get(index, REFERENCE.end);
    let said = list.get(index, REFERENCE.bits);
    if (end < 0) {
      end = ~end;
      if (this.#constants) {
        said |= this.#sink.constant(start, end);
        list.set(index, REFERENCE.end, end);
        list.set(index, REFERENCE.bits, said);
      }
    }
    this.#string = start;
    this.#stringEnd = end;
    this.#said = said;
    return true;
  }

  #open(flagged: boolean, kind: number, count: number): boolean {
    if (count < 0 || count > this.#bytes.length - this.#at) return this.#fail();
    const depth = this.#depth++;
    if (depth >= MAX_DEPTH) return this.#fail();
    KINDS[depth] = kind;
    COUNTS[depth] = count;
    BITS[depth] = 0;
    OWN_REFERENCES[depth] = flagged ? this.#references.count : OTHER;
    if (kind === CODE_OBJECT) this.#openCode(depth);
    if (flagged) this.#refer(kind === CODE_OBJECT ? OPEN : OTHER, 0);
    if (kind === CODE_OBJECT) return this.#advance(depth);
    if (count > 0) return false;
    this.#depth--;
    return true;
  }

  #openCode(depth: number): void {
    // Containers of constants may stand between.
    let outer = depth - 1;
    while (outer >= 0 && KINDS[outer] !== CODE_OBJECT) outer--;
    CODES[depth] = this.#index.add(this.#from, outer < 0 ? -1 : (CODES[outer] as number));
    OUTWARD[depth] = 0;
  }

  #endNames(depth: number): void {
    const code = CODES[depth] as number;
    this.#index.set(code, CODE.namesEnd, this.#at);
    this.#index.set(code, CODE.namesEndReferences, this.#references.count);
  }

  /** The code object at a depth is complete. */
  #endCode(depth: number): void {
    const code = CODES[depth] as number;
    this.#index.set(code, CODE.end, this.#at);
    this.#index.set(code, CODE.endReferences, this.#references.count);
    this.#index.set(code, CODE.bits, BITS[depth] as number);
    this.#said = OUTWARD[depth] as number;
    // Its defaults come from outside, and what it makes takes them.
    if (this.#index.get(code, CODE.typeScope) === 1) this.#said |= BITS[depth] as number;
  }

  /** Passes over number fields; true once the code object is complete. */
  #advance(depth: number): boolean {
    const order = this.#order;
    let step = COUNTS[depth] as number;
    while (step < order.length && (order[step] as number) < FIELD.bytecode) {
      this.#at += this.#width;
      step++;
    }
    COUNTS[depth] = step;
    this.#constants = order[step] === FIELD.constants;
    if (step < order.length) return false;
    if (this.#at > this.#bytes.length) return this.#fail();
    this.#endCode(depth);
    this.#close(depth);
    this.#constants = this.#depth > 0; // code stands nowhere else
    return true;
  }

  /** A container is full: it may be referred to with what was said of its strings. */
  #close(depth: number): void {
    const own = OWN_REFERENCES[depth] as number;
    if (own !== OTHER) {
      this.#references.set(own, REFERENCE.start, OTHER);
      this.#references.set(own, REFERENCE.bits, this.#said);
    }
    this.#depth--;
    this.#string = OTHER;
  }

  #endDictionary(): boolean {
    const top = this.#depth - 1;
    if (top < 0 || KINDS[top] !== DICTIONARY) return this.#fail();
    this.#said = BITS[top] as number;
    this.#close(top);
    return true;
  }

  /** Hands a value to the container around it, and that one, once it is full, to the next. */
  #give(): void {
    for (let top = this.#depth - 1; top >= 0; top = this.#depth - 1) {
      const kind = KINDS[top];
      (BITS[top] as number) |= this.#said;
      if (kind === DICTIONARY) return;
      if (kind === CODE_OBJECT) {
        const field = this.#order[COUNTS[top] as number] as number;
        if (field === FIELD.names) this.#endNames(top);
        if (field === FIELD.name && this.#isTypeScope())
          this.#index.set(CODES[top] as number, CODE.typeScope, 1);
        if (NAMED_BY.has(field)) (OUTWARD[top] as number) |= this.#said;
        if (top === 0 && field === FIELD.fileName)
          this.#fileName = this.#string < 0 ? '' : this.#textOf();
        (COUNTS[top] as number)++;
        if (!this.#advance(top)) return;
      } else {
        if (--(COUNTS[top] as number) > 0) return;
        this.#said = BITS[top] as number;
        this.#close(top);
      }
    }
  }

  /** Whether the string that was just read names a scope of type parameters. */
  #isTypeScope(): boolean {
    const start = this.#string;
    const long = this.#stringEnd - start > TYPE_SCOPE.length;
    return (
      start >= 0 && long && this.#bytes[start] === 0x3c && this.#textOf().startsWith(TYPE_SCOPE)
    );
  }

  #textOf(): string {
    return bytesText(this.#bytes.subarray(this.#string, this.#stringEnd));
  }
}
