/**
 * Python's marshal format, every version from 1.5 on (CPython's Python/marshal.c).
 *
 * Works with a stack of its own and allocates nothing by what a count claims, so that no input can
 * exhaust the engine's stack or memory; on damage it returns what was complete and says where it stopped.
 */
import { CodeAssembly, codeFields } from './code-fields.ts';
import {
  bytesText,
  type CodeObject,
  type PyDict,
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
  /** Offset behind the value. */
  end: number;
  /** Why and where decoding stopped early. */
  error: string | undefined;
  /** Every code object met, outermost last. */
  codes: CodeObject[];
}

type Container = PyTuple | PyDict | PySlice;
interface Frame {
  container: Container | undefined;
  code: CodeAssembly | undefined;
  /** Items still to come; -1 for a dict, which ends with NULL. */
  remaining: number;
  key: Value | undefined;
  reference: number;
}

/** Damage in the data; caught by `unmarshal`. */
class MarshalError extends Error {}

const FLAG_REF = 0x80;
const NULL = Symbol('NULL');
const MAX_LONG_DIGITS = 70; // about 1,000 bits: nobody needs more of a number than that it is large
const VIEW_UTF8 = new TextDecoder();

/** Decodes one marshalled value at `start`. Never throws. */
export function unmarshal(bytes: Uint8Array, version: PythonVersion, start = 0): Unmarshalled {
  return new Reader(bytes, version, start).run();
}

class Reader {
  #bytes: Uint8Array;
  #view: DataView;
  #at: number;
  #version: PythonVersion;
  #fields: ReturnType<typeof codeFields>;
  #references: (Value | typeof NULL)[] = [];
  #interned: Value[] = [];
  #frames: Frame[] = [];
  #codes: CodeObject[] = [];

  constructor(bytes: Uint8Array, version: PythonVersion, start: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = start;
    this.#version = version;
    this.#fields = codeFields(version);
  }

  run(): Unmarshalled {
    let error: string | undefined;
    let value: Value | undefined;
    try {
      value = this.#read();
    } catch (thrown) {
      if (!(thrown instanceof MarshalError) && !(thrown instanceof RangeError)) throw thrown;
      error = `${thrown instanceof MarshalError ? thrown.message : 'the data end early'} at byte ${this.#at}`;
      value = this.#salvage();
    }
    return { value, end: this.#at, error, codes: this.#codes };
  }

  #read(): Value {
    for (;;) {
      let value: Value | typeof NULL | undefined = this.#object();
      // undefined: a container was opened and its first item is next
      while (value !== undefined) {
        const frame = this.#frames.at(-1);
        if (!frame) {
          if (value === NULL) throw new MarshalError('NULL object');
          return value;
        }
        value = this.#give(frame, value);
      }
    }
  }

  /** Hands a value to the container being filled; returns the container once it is full. */
  #give(frame: Frame, value: Value | typeof NULL): Value | undefined {
    if (frame.code) {
      if (value === NULL) throw new MarshalError('NULL inside a code object');
      frame.code.give(value);
      return this.#advanceCode(frame);
    }
    const container = frame.container as Container;
    if ('entries' in container) {
      if (value === NULL) return this.#close(frame, container);
      if (frame.key === undefined) frame.key = value;
      else {
        container.entries.push([frame.key, value]);
        frame.key = undefined;
      }
      return undefined;
    }
    if (value === NULL) throw new MarshalError('NULL inside a container');
    if (container.kind === 'slice') container.parts.push(value);
    else container.items.push(value);
    return --frame.remaining === 0 ? this.#close(frame, container) : undefined;
  }

  #advanceCode(frame: Frame): Value | undefined {
    const code = frame.code as CodeAssembly;
    while (!code.done) {
      if (code.nextIsObject) return undefined;
      code.give(code.nextWidth === 2 ? this.#int16() : this.#int32());
    }
    const value = code.finish(false);
    this.#codes.push(value);
    return this.#close(frame, value);
  }

  #close(frame: Frame, value: Value): Value {
    this.#frames.pop();
    if (frame.reference >= 0) this.#references[frame.reference] = value;
    return value;
  }

  #object(): Value | typeof NULL | undefined {
    const byte = this.#byte();
    const flagged = (byte & FLAG_REF) !== 0 && versionNumber(this.#version) >= 304;
    const type = String.fromCharCode(flagged ? byte & 0x7f : byte);
    switch (type) {
      case '0':
        return NULL;
      case 'N':
        return null;
      case 'T':
        return true;
      case 'F':
        return false;
      case 'S':
        return { kind: 'stop-iteration' };
      case '.':
        return { kind: 'ellipsis' };
      case 'r':
        return this.#reference();
      case 'R':
        return this.#interned[this.#int32()] ?? UNKNOWN;
      case '(':
        return this.#open(flagged, { kind: 'tuple', items: [] }, this.#count());
      case ')':
        return this.#open(flagged, { kind: 'tuple', items: [] }, this.#byte());
      case '[':
        return this.#open(flagged, { kind: 'list', items: [] }, this.#count());
      case '<':
        return this.#open(flagged, { kind: 'set', items: [] }, this.#count());
      case '>':
        return this.#open(flagged, { kind: 'frozenset', items: [] }, this.#count());
      case '{':
        return this.#open(flagged, { kind: 'dict', entries: [] }, -1);
      case '}':
        return this.#open(flagged, { kind: 'frozendict', entries: [] }, -1);
      case ':':
        return this.#open(flagged, { kind: 'slice', parts: [] }, 3);
      case 'c':
      case 'C':
        return this.#openCode(flagged);
    }
    const value = this.#scalar(type);
    if (flagged) this.#references.push(value);
    return value;
  }

  #scalar(type: string): Value {
    switch (type) {
      case 'i':
        return this.#int32();
      case 'I': {
        const value = this.#view.getBigInt64(this.#take(8), true);
        return narrow(value);
      }
      case 'l':
        return this.#long();
      case 'f':
        return { kind: 'float', value: Number(this.#shortText()) };
      case 'g':
        return { kind: 'float', value: this.#view.getFloat64(this.#take(8), true) };
      case 'x':
        return {
          kind: 'complex',
          real: Number(this.#shortText()),
          imaginary: Number(this.#shortText()),
        };
      case 'y': {
        const at = this.#take(16);
        const real = this.#view.getFloat64(at, true);
        return { kind: 'complex', real, imaginary: this.#view.getFloat64(at + 8, true) };
      }
      case 's':
        return { kind: 'bytes', bytes: this.#sized(this.#count()) };
      case 't': {
        const bytes = this.#sized(this.#count());
        if (this.#version.major >= 3) return utf8(bytes);
        const value: Value = { kind: 'bytes', bytes };
        this.#interned.push(value);
        return value;
      }
      case 'u':
        return utf8(this.#sized(this.#count()));
      case 'a':
      case 'A':
        return latin1(this.#sized(this.#count()));
      case 'z':
      case 'Z':
        return latin1(this.#sized(this.#byte()));
      default:
        throw new MarshalError(`unknown type 0x${type.charCodeAt(0).toString(16)}`);
    }
  }

  #open(flagged: boolean, container: Container, count: number): Value | undefined {
    let reference = -1;
    if (flagged) {
      reference = this.#references.length;
      this.#references.push(NULL);
    }
    if (count === 0) {
      if (reference >= 0) this.#references[reference] = container;
      return container;
    }
    this.#frames.push({ container, code: undefined, remaining: count, key: undefined, reference });
    return undefined;
  }

  #openCode(flagged: boolean): Value | undefined {
    let reference = -1;
    if (flagged) {
      reference = this.#references.length;
      this.#references.push(NULL);
    }
    const frame: Frame = {
      container: undefined,
      code: new CodeAssembly(this.#fields),
      remaining: 0,
      key: undefined,
      reference,
    };
    this.#frames.push(frame);
    return this.#advanceCode(frame);
  }

  #reference(): Value {
    const index = this.#int32();
    const value = this.#references[index];
    if (value === undefined) throw new MarshalError(`reference ${index} to nothing`);
    if (value === NULL) throw new MarshalError(`reference ${index} to an unfinished object`);
    return value;
  }

  /** After damage: closes every open container with what it has, innermost first. */
  #salvage(): Value | undefined {
    let value: Value | undefined;
    for (let frame = this.#frames.pop(); frame; frame = this.#frames.pop()) {
      if (frame.code) {
        if (value !== undefined && frame.code.nextIsObject) frame.code.give(value);
        const code = frame.code.finish(true);
        this.#codes.push(code);
        value = code;
        continue;
      }
      const container = frame.container as Container;
      if (value !== undefined) {
        if ('entries' in container) container.entries.push([frame.key ?? UNKNOWN, value]);
        else if (container.kind === 'slice') container.parts.push(value);
        else container.items.push(value);
      }
      value = container;
    }
    return value;
  }

  #take(length: number): number {
    const at = this.#at;
    if (length > this.#bytes.length - at) throw new MarshalError('the data end early');
    this.#at = at + length;
    return at;
  }

  #byte(): number {
    return this.#bytes[this.#take(1)] as number;
  }

  #int16(): number {
    return this.#view.getInt16(this.#take(2), true);
  }

  #int32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  /** A count or length; every item has at least one byte, so more than what is left is damage. */
  #count(): number {
    const count = this.#int32();
    if (count < 0 || count > this.#bytes.length - this.#at) {
      throw new MarshalError(`impossible length ${count}`);
    }
    return count;
  }

  #sized(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  #shortText(): string {
    return latin1(this.#sized(this.#byte()));
  }

  #long(): Value {
    const signed = this.#int32();
    const digits = Math.abs(signed);
    const at = this.#take(digits * 2);
    if (digits > MAX_LONG_DIGITS) return UNKNOWN;
    let value = 0n;
    for (let i = digits - 1; i >= 0; i--) {
      value = value * 32768n + BigInt(this.#view.getUint16(at + i * 2, true) & 0x7fff);
    }
    return narrow(signed < 0 ? -value : value);
  }
}

function narrow(value: bigint): Value {
  return value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : value;
}

/** UTF-8 as Python writes it: lone surrogates are allowed and kept. */
function utf8(bytes: Uint8Array): string {
  return bytes.includes(0xed) ? withSurrogates(bytes) : VIEW_UTF8.decode(bytes);
}

function withSurrogates(bytes: Uint8Array): string {
  let text = '';
  let from = 0;
  for (let i = 0; i + 2 < bytes.length; i++) {
    if (bytes[i] !== 0xed || ((bytes[i + 1] as number) & 0xe0) !== 0xa0) continue;
    text += VIEW_UTF8.decode(bytes.subarray(from, i));
    text += String.fromCharCode(
      0xd000 | (((bytes[i + 1] as number) & 0x3f) << 6) | ((bytes[i + 2] as number) & 0x3f),
    );
    i += 2;
    from = i + 1;
  }
  return text + VIEW_UTF8.decode(bytes.subarray(from));
}

function latin1(bytes: Uint8Array): string {
  if (bytes.length > 64) return bytesText(bytes);
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
