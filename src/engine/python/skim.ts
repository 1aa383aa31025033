/**
 * Walks marshalled code and builds nothing of it (CPython's Python/marshal.c): several times faster than
 * decoding, for a first look at the strings that stand in it.
 */
import { codeFields, FIELD } from './code-fields.ts';
import { bytesText } from './values.ts';
import { type PythonVersion, versionNumber } from './version.ts';

const MAX_DEPTH = 2000; // marshal.c's own bound
const FLAG_REF = 0x80;
/** In the list of references: no string, and a code object that is still open. */
const OTHER = -1;
const OPEN = -2;
const SEQUENCE = 0;
const DICTIONARY = 1;
const CODE = 2;

/** Who is told of strings, by where they stand. */
export interface StringSink {
  /** A string or bytes, a constant or a name; once each. */
  string(start: number, end: number): void;
  /** The same once more, if it stands among constants; not where a tuple of names is shared with them. */
  constant(start: number, end: number): void;
}

/**
 * Tells of every string and bytes constant and every name of a marshalled code object at `start`. Returns the
 * code's file name; undefined where anything is out of order, which is `unmarshal`'s to say.
 */
export function skimCode(
  bytes: Uint8Array,
  version: PythonVersion,
  start: number,
  sink: StringSink,
): string | undefined {
  return new Skimmer(bytes, version, start, sink).run();
}

class Skimmer {
  #bytes: Uint8Array;
  #at: number;
  #sink: StringSink;
  #flags: boolean;
  #python3: boolean;
  #order: readonly number[];
  #width: number;
  #kinds = new Uint8Array(64);
  /** Items still to come; of a code object the next field. */
  #counts = new Int32Array(64);
  #ownReferences = new Int32Array(64);
  #depth = 0;
  /** Where each string begins and ends; the complement of its end until it has stood among constants. */
  #references: number[] = [];
  #interned: number[] = [];
  /** Whether what is being read are constants. */
  #constants = false;
  /** Where the string that was just read begins, or `OTHER`. */
  #string = OTHER;
  #stringEnd = 0;
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

  run(): string | undefined {
    do {
      if (this.#object()) this.#give();
    } while (this.#depth > 0 && !this.#failed);
    return this.#failed ? undefined : this.#fileName;
  }

  /** Reads one object; false where a container was opened, whose first item is next. */
  #object(): boolean {
    const bytes = this.#bytes;
    if (this.#at >= bytes.length) return this.#fail();
    const byte = bytes[this.#at++] as number;
    const flagged = byte >= FLAG_REF && this.#flags;
    this.#string = OTHER;
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
        return this.#reference(this.#interned, this.#int32());
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
        return this.#open(flagged, CODE, 0);
      case 0x7a: // z
      case 0x5a: // Z
        return this.#text(flagged, bytes[this.#at++] ?? 0);
      case 0x74: // t
        if (!this.#python3) {
          const done = this.#text(flagged, this.#int32());
          if (!this.#failed) this.#remember(this.#interned);
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
    if (flagged) this.#references.push(OTHER, 0);
    return true;
  }

  #text(flagged: boolean, length: number): boolean {
    const start = this.#at;
    if (length < 0 || length > this.#bytes.length - start) return this.#fail();
    this.#at = start + length;
    this.#string = start;
    this.#stringEnd = this.#at;
    if (flagged) this.#remember(this.#references);
    if (this.#isRaw()) return true;
    this.#sink.string(start, this.#at);
    if (this.#constants) this.#sink.constant(start, this.#at);
    return true;
  }

  #remember(list: number[]): void {
    list.push(this.#string, this.#constants ? this.#stringEnd : ~this.#stringEnd);
  }

  /** Whether what is being read are instructions or a table, which are no strings. */
  #isRaw(): boolean {
    const top = this.#depth - 1;
    if (top < 0 || this.#kinds[top] !== CODE) return false;
    const field = this.#order[this.#counts[top] as number];
    return (
      field === FIELD.bytecode ||
      field === FIELD.lineTable ||
      field === FIELD.exceptionTable ||
      field === FIELD.localsPlusKinds
    );
  }

  #reference(list: number[], index: number): boolean {
    const start = list[index * 2];
    // A code object that holds itself is a sign of damage.
    if (start === undefined || start === OPEN) return this.#fail();
    let end = list[index * 2 + 1] as number;
    if (end < 0) {
      end = ~end;
      if (this.#constants) {
        list[index * 2 + 1] = end;
        this.#sink.constant(start, end);
      }
    }
    this.#string = start;
    this.#stringEnd = end;
    return true;
  }

  #open(flagged: boolean, kind: number, count: number): boolean {
    if (count < 0 || count > this.#bytes.length - this.#at) return this.#fail();
    const depth = this.#depth++;
    if (depth === this.#kinds.length) this.#grow();
    if (depth >= MAX_DEPTH) return this.#fail();
    this.#kinds[depth] = kind;
    this.#counts[depth] = count;
    this.#ownReferences[depth] = flagged ? this.#references.length : OTHER;
    if (flagged) this.#references.push(kind === CODE ? OPEN : OTHER, 0);
    if (kind === CODE) return this.#advance(depth);
    if (count > 0) return false;
    this.#depth--;
    return true;
  }

  #grow(): void {
    const longer = <T extends Uint8Array | Int32Array>(from: T, to: T): T => (to.set(from), to);
    const length = this.#kinds.length * 2;
    this.#kinds = longer(this.#kinds, new Uint8Array(length));
    this.#counts = longer(this.#counts, new Int32Array(length));
    this.#ownReferences = longer(this.#ownReferences, new Int32Array(length));
  }

  /** Passes over number fields; true once the code object is complete. */
  #advance(depth: number): boolean {
    const order = this.#order;
    let step = this.#counts[depth] as number;
    while (step < order.length && (order[step] as number) < FIELD.bytecode) {
      this.#at += this.#width;
      step++;
    }
    this.#counts[depth] = step;
    this.#constants = order[step] === FIELD.constants;
    if (step < order.length) return false;
    if (this.#at > this.#bytes.length) return this.#fail();
    const own = this.#ownReferences[depth] as number;
    if (own !== OTHER) this.#references[own] = OTHER;
    this.#depth--;
    this.#constants = this.#depth > 0; // code stands nowhere else
    this.#string = OTHER;
    return true;
  }

  #endDictionary(): boolean {
    const top = this.#depth - 1;
    if (top < 0 || this.#kinds[top] !== DICTIONARY) return this.#fail();
    this.#depth--;
    return true;
  }

  /** Hands a value to the container around it, and that one, once it is full, to the next. */
  #give(): void {
    for (let top = this.#depth - 1; top >= 0; top = this.#depth - 1) {
      const kind = this.#kinds[top];
      if (kind === DICTIONARY) return;
      if (kind === CODE) {
        if (top === 0 && this.#order[this.#counts[0] as number] === FIELD.fileName)
          this.#fileName = this.#string < 0 ? '' : this.#textOf();
        (this.#counts[top] as number)++;
        if (!this.#advance(top)) return;
      } else {
        if (--(this.#counts[top] as number) > 0) return;
        this.#depth--;
        this.#string = OTHER;
      }
    }
  }

  #textOf(): string {
    return bytesText(this.#bytes.subarray(this.#string, this.#stringEnd));
  }
}
