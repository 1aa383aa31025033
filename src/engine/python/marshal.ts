/**
 * Python's marshal format, every version from 1.0 on (CPython's Python/marshal.c).
 *
 * Works with a stack of its own and allocates nothing by what a count claims, so that no input can
 * exhaust the engine's stack or memory; on damage it returns what was complete and says where it stopped.
 */
import {
  AROUND,
  CODE,
  type CodeSelection,
  LEFT_OUT,
  REFERENCE,
  SIGNATURE,
  WANTED,
} from './code-index.ts';
import { type CodeFields, codeFields, FIELD, setNumber, setObject } from './code-fields.ts';
import { MarshalError, MarshalInput } from './marshal-input.ts';
import {
  CodeObject,
  type PyDict,
  type PyOther,
  type PySlice,
  type PyTuple,
  UNKNOWN,
  type Value,
} from './values.ts';
import { type PythonVersion, versionNumber } from './version.ts';

/** What could be decoded. */
export interface Unmarshalled {
  /** The value; on damage with holes, or undefined where nothing was complete. */
  value: Value | undefined;
  /** Offset behind the value, or of the damage. */
  end: number;
  /** Why and where decoding stopped early. */
  error: string | undefined;
  /** Every code object met, outermost last. */
  codes: CodeObject[];
  /** Those of them that a selection wants. */
  wanted: ReadonlySet<CodeObject>;
}

/** A container that is still being filled; reused for the next at the same depth. */
class Frame {
  /** 0 items, 1 entries, 2 fields of a code object. */
  kind = 0;
  container: PyTuple | PyDict | PySlice | CodeObject = { kind: 'tuple', items: [] };
  items: Value[] = [];
  /** Items still to come. */
  remaining = 0;
  /** A dictionary's key that waits for its value. */
  key: Value | undefined;
  /** Next field of a code object. */
  step = 0;
  reference = -1;
  /** The number of a code object whose constants and names are left out. */
  signature = -1;
}

const FLAG_REF = 0x80;
const NULL = Symbol('NULL');
const OPEN = Symbol('open');
/** In the place of a code object that was left out. */
const GAP: PyOther = { kind: 'unknown' };
const MOST_FOLLOWED = 100;

/**
 * Decodes one marshalled value at `start`; with a selection, only some of the code objects in it. Never throws.
 */
export function unmarshal(
  bytes: Uint8Array,
  version: PythonVersion,
  start = 0,
  selection?: CodeSelection,
): Unmarshalled {
  return new Reader(bytes, version, start, selection).run();
}

class Reader extends MarshalInput {
  #python3: boolean;
  #flags: boolean;
  #fields: CodeFields;
  #references: Value[] = [];
  /** How many objects that may be referred to begin before this place. */
  #referable = 0;
  #interned: Value[] = [];
  #frames: Frame[] = [];
  #depth = 0;
  #codes: CodeObject[] = [];
  #selection: CodeSelection | undefined;
  #wanted = new Set<CodeObject>();
  /** How many references to what was left out are being followed. */
  #following = 0;
  /** Damage that could be passed over. */
  #problem: string | undefined;

  constructor(
    bytes: Uint8Array,
    version: PythonVersion,
    start: number,
    selection: CodeSelection | undefined,
  ) {
    super(bytes, start);
    this.#selection = selection;
    this.#python3 = version.major >= 3;
    this.#flags = versionNumber(version) >= 304;
    this.#fields = codeFields(version);
  }

  run(): Unmarshalled {
    let error: string | undefined;
    let value: Value | undefined;
    try {
      value = this.#read();
    } catch (thrown) {
      if (!(thrown instanceof MarshalError)) throw thrown;
      error = `${thrown.message} at byte ${this.at}`;
      value = this.#salvage();
    }
    const [codes, wanted] = [this.#codes, this.#wanted];
    return { value, end: this.at, error: error ?? this.#problem, codes, wanted };
  }

  #read(): Value {
    const outside = this.#depth;
    for (;;) {
      let value: Value | typeof NULL | typeof OPEN = this.#object();
      // OPEN: a container was opened and its first item is next
      while (value !== OPEN) {
        if (this.#depth === outside) {
          if (value === NULL) throw new MarshalError('NULL object');
          return value;
        }
        value = this.#give(this.#frames[this.#depth - 1] as Frame, value);
      }
    }
  }

  /** Hands a value to the container being filled; returns the container once it is full. */
  #give(frame: Frame, value: Value | typeof NULL): Value | typeof OPEN {
    if (frame.kind === 1) {
      if (value === NULL) {
        this.#depth--;
        return frame.container;
      }
      if (frame.key === undefined) frame.key = value;
      else {
        (frame.container as PyDict).entries.push([frame.key, value]);
        frame.key = undefined;
      }
      return OPEN;
    }
    if (value === NULL) throw new MarshalError('NULL inside a container');
    if (frame.kind === 2) {
      const order = this.#fields.order;
      setObject(frame.container as CodeObject, order[frame.step++] as number, value);
      return this.#advanceCode(frame);
    }
    frame.items.push(value);
    if (--frame.remaining > 0) return OPEN;
    this.#depth--;
    return frame.container;
  }

  /** Reads the numbers up to the next field that is an object. */
  #advanceCode(frame: Frame): Value | typeof OPEN {
    const { order, width } = this.#fields;
    const code = frame.container as CodeObject;
    for (; frame.step < order.length; frame.step++) {
      const field = order[frame.step] as number;
      if (field === FIELD.constants && frame.signature >= 0) {
        const { index } = this.#selection as CodeSelection;
        this.at = index.get(frame.signature, CODE.namesEnd);
        this.#referable = index.get(frame.signature, CODE.namesEndReferences);
        frame.step++; // the names are next in every version
        continue;
      }
      if (field >= FIELD.bytecode) return OPEN;
      setNumber(code, field, width === 2 ? this.int16() : this.int32());
    }
    this.#depth--;
    this.#codes.push(code);
    if (frame.reference >= 0) this.#references[frame.reference] = code;
    return code;
  }

  #object(): Value | typeof NULL | typeof OPEN {
    const byte = this.byte();
    const flagged = byte >= FLAG_REF && this.#flags;
    const type = flagged ? byte & 0x7f : byte;
    let value: Value;
    switch (type) {
      case 0x30: // 0
        return NULL;
      case 0x4e: // N
        return null;
      case 0x54: // T
        return true;
      case 0x46: // F
        return false;
      case 0x53: // S
        return { kind: 'stop-iteration' };
      case 0x2e: // .
        return { kind: 'ellipsis' };
      case 0x72: // r
        return this.#reference();
      case 0x52: // R
        return this.#interned[this.int32()] ?? UNKNOWN;
      case 0x28: // (
        return this.#open(flagged, 'tuple', this.count());
      case 0x29: // )
        return this.#open(flagged, 'tuple', this.byte());
      case 0x5b: // [
        return this.#open(flagged, 'list', this.count());
      case 0x3c: // <
        return this.#open(flagged, 'set', this.count());
      case 0x3e: // >
        return this.#open(flagged, 'frozenset', this.count());
      case 0x7b: // {
        return this.#openDict(flagged, 'dict');
      case 0x7d: // }
        return this.#openDict(flagged, 'frozendict');
      case 0x3a: // :
        return this.#openSlice(flagged);
      case 0x63: // c
      case 0x43: // C of 1.0
        return this.#openCode(flagged);
      case 0x7a: // z
      case 0x5a: // Z
        value = this.ascii(this.byte());
        break;
      case 0x61: // a
      case 0x41: // A
        value = this.ascii(this.count());
        break;
      case 0x73: // s
        value = this.sized(this.count());
        break;
      case 0x69: // i
        value = this.int32();
        break;
      case 0x75: // u
        value = this.utf8(this.count());
        break;
      case 0x74: // t
        if (this.#python3) value = this.utf8(this.count());
        else {
          value = this.sized(this.count());
          this.#interned.push(value);
        }
        break;
      default:
        value = this.#number(type);
    }
    if (flagged) this.#refer(value);
    return value;
  }

  #refer(value: Value): void {
    this.#references[this.#referable++] = value;
  }

  #number(type: number): Value {
    switch (type) {
      case 0x49: // I
        return this.int64();
      case 0x6c: // l
        return this.long();
      case 0x66: // f
        return { kind: 'float', value: this.numberText() };
      case 0x67: // g
        return { kind: 'float', value: this.double() };
      case 0x78: // x
        return { kind: 'complex', real: this.numberText(), imaginary: this.numberText() };
      case 0x79: // y
        return { kind: 'complex', real: this.double(), imaginary: this.double() };
      default:
        this.at--;
        throw new MarshalError(`unknown type 0x${type.toString(16)}`);
    }
  }

  #frame(kind: number, container: Frame['container']): Frame {
    let frame = this.#frames[this.#depth];
    if (!frame) this.#frames.push((frame = new Frame()));
    this.#depth++;
    frame.kind = kind;
    frame.container = container;
    frame.key = undefined;
    frame.reference = -1;
    return frame;
  }

  /** A reference to a container that is still open is legal: it is in the list from its first byte on. */
  #open(flagged: boolean, kind: PyTuple['kind'], count: number): Value | typeof OPEN {
    const container: PyTuple = { kind, items: [] };
    if (flagged) this.#refer(container);
    if (count === 0) return container;
    const frame = this.#frame(0, container);
    frame.items = container.items;
    frame.remaining = count;
    return OPEN;
  }

  #openSlice(flagged: boolean): typeof OPEN {
    const container: PySlice = { kind: 'slice', parts: [] };
    if (flagged) this.#refer(container);
    const frame = this.#frame(0, container);
    frame.items = container.parts;
    frame.remaining = 3;
    return OPEN;
  }

  #openDict(flagged: boolean, kind: PyDict['kind']): typeof OPEN {
    const container: PyDict = { kind, entries: [] };
    if (flagged) this.#refer(container);
    this.#frame(1, container);
    return OPEN;
  }

  #openCode(flagged: boolean): Value | typeof OPEN {
    const number = this.#selection?.index.at(this.at - 1) ?? -1;
    const choice = this.#choose(number);
    if (choice === LEFT_OUT) return this.#leaveOut(number, flagged);
    const code = new CodeObject();
    if (choice === WANTED) this.#wanted.add(code);
    const frame = this.#frame(2, code);
    frame.signature = choice === SIGNATURE ? number : -1;
    if (flagged) {
      frame.reference = this.#referable;
      this.#refer(UNKNOWN);
    }
    frame.step = 0;
    return this.#advanceCode(frame);
  }

  /** How much is wanted of a code object of the selection. */
  #choose(code: number): number {
    const choice = this.#selection?.choice[code] ?? AROUND;
    // Python 2 counts the strings that it interns, those in all other code as well.
    return this.#python3 ? choice : Math.max(choice, AROUND);
  }

  #leaveOut(code: number, flagged: boolean): Value {
    if (flagged) this.#refer(GAP);
    const { index } = this.#selection as CodeSelection;
    this.at = index.get(code, CODE.end);
    this.#referable = index.get(code, CODE.endReferences);
    return GAP;
  }

  #reference(): Value {
    const index = this.int32();
    const value = this.#references[index] ?? this.#leftOut(index);
    if (value === undefined) throw new MarshalError(`reference ${index} to nothing`);
    if (value === UNKNOWN) {
      this.#problem ??= `reference ${index} to a code object inside itself at byte ${this.at}`;
    }
    return value;
  }

  /** What stands in code that was left out, and is referred to from elsewhere. */
  #leftOut(reference: number): Value | undefined {
    const references = this.#selection?.index.references;
    if (!references?.has(reference)) return undefined;
    if (++this.#following > MOST_FOLLOWED) throw new MarshalError('references too deep');
    const [at, referable] = [this.at, this.#referable];
    [this.at, this.#referable] = [references.get(reference, REFERENCE.at), reference];
    const value = this.#read();
    [this.at, this.#referable] = [at, referable];
    this.#following--;
    return value;
  }

  /** After damage: closes every open container with what it has, innermost first. */
  #salvage(): Value | undefined {
    let value: Value | undefined;
    while (this.#depth > 0) {
      const frame = this.#frames[--this.#depth] as Frame;
      if (frame.kind === 2) {
        const code = frame.container as CodeObject;
        if (value !== undefined) {
          setObject(code, this.#fields.order[frame.step] ?? FIELD.exceptionTable, value);
        }
        code.partial = true;
        this.#codes.push(code);
      } else if (value !== undefined) {
        if (frame.kind === 1) {
          (frame.container as PyDict).entries.push([frame.key ?? UNKNOWN, value]);
        } else frame.items.push(value);
      }
      value = frame.container;
    }
    return value;
  }
}
