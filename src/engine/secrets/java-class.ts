/**
 * String constants of a Java class file and what names them: a constant's field, the field that a string
 * is stored to, the parameter-like method it is handed to, the key beside it. Format: Java Virtual Machine
 * Specification, chapter 4; instructions, chapter 6.
 */
import { bytesText } from '../python/values.ts';
import type { ReadValue } from './file-readers.ts';

const MAGIC = 0xcafebabe;
const UTF8 = 1;
const STRING = 8;
const FIELD = 9;
const METHOD = 10;
const INTERFACE_METHOD = 11;
const NAME_AND_TYPE = 12;
/** Bytes behind the tag of a constant, by tag; 0 where a tag is not known. */
const CONSTANT_SIZE = [0, 0, 0, 4, 4, 8, 8, 2, 2, 4, 4, 4, 4, 0, 0, 3, 2, 4, 4, 2, 2];
const WIDE_CONSTANTS = new Set([5, 6]); // long and double take two places
const MAX_VALUES = 5000;

const LDC = 0x12;
const LDC_W = 0x13;
const PUTSTATIC = 0xb3;
const PUTFIELD = 0xb5;
const TABLESWITCH = 0xaa;
const LOOKUPSWITCH = 0xab;
const WIDE = 0xc4;

/** The strings of a class that something names. */
export function readJavaClass(_text: string, bytes: Uint8Array): ReadValue[] {
  const values: ReadValue[] = [];
  try {
    new ClassReader(bytes, values).read();
  } catch {
    // Cut short or damaged: what was read up to there counts.
  }
  return values;
}

interface Constant {
  tag: number;
  /** Of its contents, behind the tag. */
  at: number;
}

class ClassReader {
  #view: DataView;
  #bytes: Uint8Array;
  #values: ReadValue[];
  #constants: (Constant | undefined)[] = [];
  #at = 8;

  constructor(bytes: Uint8Array, values: ReadValue[]) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#values = values;
  }

  /** @throws {RangeError} where the file ends too early. */
  read(): void {
    if (this.#view.getUint32(0) !== MAGIC) return;
    this.#readConstants();
    this.#at += 6; // access flags, this class, its parent
    const interfaces = this.#u2();
    this.#at += 2 * interfaces;
    for (let fields = this.#u2(); fields > 0; fields--) this.#member(false);
    for (let methods = this.#u2(); methods > 0; methods--) this.#member(true);
  }

  #u2(): number {
    const value = this.#view.getUint16(this.#at);
    this.#at += 2;
    return value;
  }

  #readConstants(): void {
    const count = this.#u2();
    for (let i = 1; i < count; i++) {
      const tag = this.#view.getUint8(this.#at++);
      this.#constants[i] = { tag, at: this.#at };
      const size = tag === UTF8 ? 2 + this.#view.getUint16(this.#at) : (CONSTANT_SIZE[tag] ?? 0);
      if (size === 0) throw new RangeError('an unknown constant');
      this.#at += size;
      if (WIDE_CONSTANTS.has(tag)) i++;
    }
  }

  /** A field or a method, with its attributes. */
  #member(method: boolean): void {
    this.#at += 2;
    const name = this.#utf8(this.#u2());
    this.#at += 2;
    for (let attributes = this.#u2(); attributes > 0; attributes--) {
      const attribute = this.#utf8(this.#u2());
      const length = this.#view.getUint32(this.#at);
      const from = this.#at + 4;
      if (!method && attribute === 'ConstantValue') {
        this.#name(name, this.#view.getUint16(from), 'a constant of a Java class');
      } else if (method && attribute === 'Code') {
        this.#code(from + 8, from + 8 + this.#view.getUint32(from + 4));
      }
      this.#at = from + length;
    }
  }

  #code(from: number, end: number): void {
    let last = 0; // the string loaded just before, as a constant's index
    let earlier = 0; // and the one before that
    for (let at = from; at < end;) {
      const opcode = this.#view.getUint8(at);
      if (opcode === LDC || opcode === LDC_W) {
        earlier = last;
        last = opcode === LDC ? this.#view.getUint8(at + 1) : this.#view.getUint16(at + 1);
        if (this.#constants[last]?.tag !== STRING) last = 0;
      } else {
        if (last > 0) this.#use(opcode, at, last, earlier);
        last = 0;
        earlier = 0;
      }
      at += instructionLength(this.#view, at, from, opcode);
    }
  }

  /** What the instruction at `at` does with the string on top of the stack. */
  #use(opcode: number, at: number, last: number, earlier: number): void {
    if (opcode === PUTSTATIC || opcode === PUTFIELD) {
      this.#name(
        this.#memberName(this.#view.getUint16(at + 1)),
        last,
        'stored to a field of a Java class',
      );
    } else if (opcode >= 0xb6 && opcode <= 0xb9) {
      const name = this.#memberName(this.#view.getUint16(at + 1));
      if (earlier > 0) this.#name(this.#string(earlier), last, `an argument of ${name}`);
      else this.#name(name.replace(/^(set|with)(?=[A-Z])/, ''), last, `an argument of ${name}`);
    }
  }

  #name(name: string, index: number, where: string): void {
    const constant = this.#constants[index];
    if (constant?.tag !== STRING || name === '' || this.#values.length >= MAX_VALUES) return;
    const text = this.#constants[this.#view.getUint16(constant.at)];
    if (text?.tag !== UTF8) return;
    const length = this.#view.getUint16(text.at);
    this.#values.push({ name, at: text.at + 2, length, where });
  }

  #memberName(index: number): string {
    const member = this.#constants[index];
    if (!member || ![FIELD, METHOD, INTERFACE_METHOD].includes(member.tag)) return '';
    const pair = this.#constants[this.#view.getUint16(member.at + 2)];
    return pair?.tag === NAME_AND_TYPE ? this.#utf8(this.#view.getUint16(pair.at)) : '';
  }

  #string(index: number): string {
    const constant = this.#constants[index];
    return constant?.tag === STRING ? this.#utf8(this.#view.getUint16(constant.at)) : '';
  }

  #utf8(index: number): string {
    const constant = this.#constants[index];
    if (constant?.tag !== UTF8) return '';
    const length = Math.min(256, this.#view.getUint16(constant.at));
    return bytesText(this.#bytes.subarray(constant.at + 2, constant.at + 2 + length));
  }
}

/** Bytes of an instruction, by opcode in runs: [first, last, length]. */
const LENGTHS: readonly (readonly [number, number, number])[] = [
  [0x10, 0x10, 2],
  [0x11, 0x11, 3],
  [LDC, LDC, 2],
  [LDC_W, 0x14, 3],
  [0x15, 0x19, 2],
  [0x36, 0x3a, 2],
  [0x84, 0x84, 3],
  [0x99, 0xa8, 3],
  [0xa9, 0xa9, 2],
  [0xb2, 0xb8, 3],
  [0xb9, 0xba, 5],
  [0xbb, 0xbb, 3],
  [0xbc, 0xbc, 2],
  [0xbd, 0xbd, 3],
  [0xc0, 0xc1, 3],
  [0xc5, 0xc5, 4],
  [0xc6, 0xc7, 3],
  [0xc8, 0xc9, 5],
];
const LENGTH_OF = new Uint8Array(256).fill(1);
for (const [first, last, length] of LENGTHS) LENGTH_OF.fill(length, first, last + 1);

function instructionLength(view: DataView, at: number, from: number, opcode: number): number {
  if (opcode === WIDE) return view.getUint8(at + 1) === 0x84 ? 6 : 4;
  if (opcode !== TABLESWITCH && opcode !== LOOKUPSWITCH) return LENGTH_OF[opcode] as number;
  const padding = 3 - ((at - from) & 3);
  const operands = at + 1 + padding;
  const entries =
    opcode === TABLESWITCH
      ? 4 * (view.getInt32(operands + 8) - view.getInt32(operands + 4) + 1) + 12
      : 8 * view.getInt32(operands + 4) + 8;
  return Math.max(1, 1 + padding + entries);
}
