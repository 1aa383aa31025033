/**
 * The parts of a Java class file that hold or name strings. Format: Java Virtual Machine Specification,
 * chapter 4. Kotlin's, Scala's and Groovy's classes are the same.
 */
import { bytesText } from '../python/values.ts';

/** Tags of the constants that are looked into. */
export const TAG = {
  utf8: 1,
  long: 5,
  double: 6,
  type: 7,
  string: 8,
  field: 9,
  method: 10,
  interfaceMethod: 11,
  nameAndType: 12,
  invokeDynamic: 18,
} as const;

/** A field or method, and which of its attributes were there. */
export interface Member {
  name: string;
  descriptor: string;
  static: boolean;
  /** Index of the constant that a field is set to, or 0. */
  constant: number;
  code: Code | undefined;
  /** Strings of its annotations and, for a method of an annotation, its default. */
  annotations: AnnotationString[];
  /** Names of a method's parameters in order, where the class tells; empty texts where it does not. */
  parameters: string[];
}

/** A method's instructions. */
export interface Code {
  /** Bytes from the start of the file. */
  start: number;
  end: number;
  locals: Local[];
  lines: { start: number; line: number }[];
}

/** The name of a local variable while the instructions from `start` to `end` run. */
export interface Local {
  slot: number;
  start: number;
  end: number;
  name: string;
}

/** A string in an annotation: the indexes of the element's name and of its text. */
export interface AnnotationString {
  element: number;
  text: number;
}

const MAGIC = 0xcafebabe;
const OLDEST = 45; // major version of Java 1.0; what a fat Mach-O file has there is smaller
/** Bytes behind the tag of a constant, by tag; 0 where a tag is not known. */
const CONSTANT_SIZE = [0, 0, 0, 4, 4, 8, 8, 2, 2, 4, 4, 4, 4, 0, 0, 3, 2, 4, 4, 2, 2];
const STATIC = 0x0008;
const LONGEST_NAME = 4096; // bytes; descriptors are the longest
const MOST_LOCALS = 2000; // variables of a method
const MOST_LINES = 4096; // entries of a table of lines
/** Attributes with annotations; those of parameters are written in another form, and seldom hold strings. */
const ANNOTATIONS = ['RuntimeVisibleAnnotations', 'RuntimeInvisibleAnnotations'];
const DEFAULT = 'AnnotationDefault';
const ANNOTATION_LENGTHS = new Set([...ANNOTATIONS, DEFAULT].map(({ length }) => length));
const MOST_DEPTH = 8; // of annotations in one another

/** Whether bytes begin as a class file does. */
export function looksLikeClass(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0xca || bytes[1] !== 0xfe || bytes[2] !== 0xba || bytes[3] !== 0xbe)
    return false;
  return bytes.length > 10 && (bytes[6] as number) * 256 + (bytes[7] as number) >= OLDEST;
}

/** A class file; what is cut short or damaged is read as far as it goes. Members are read once they are asked for. */
export class ClassFile {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Indexes of the texts that are values: those of string constants, then those in annotations. */
  readonly texts = new Set<number>();
  /** Why reading ended early; part of a sentence. */
  error: string | undefined;
  #places: Uint32Array = new Uint32Array(0);
  #type = 0;
  #name: string | undefined;
  #at = 8;
  #membersAt = 0; // where members wait to be read
  #members: Member[] = [];
  #annotations: AnnotationString[] = [];

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#attempt(() => this.#read());
  }

  get members(): readonly Member[] {
    this.#readOnce();
    return this.#members;
  }

  /** Strings of the class's own annotations. */
  get annotations(): readonly AnnotationString[] {
    this.#readOnce();
    return this.#annotations;
  }

  /** `com.acme.Settings`. */
  get name(): string {
    return (this.#name ??= this.typeName(this.#type));
  }

  #readOnce(): void {
    if (this.#membersAt === 0) return;
    this.#at = this.#membersAt;
    this.#membersAt = 0;
    this.#attempt(() => this.#readMembers());
  }

  #attempt(read: () => void): void {
    try {
      read();
    } catch {
      this.error = 'it is cut short or damaged';
    }
  }

  /** How many constants there are, the unused first included. */
  get count(): number {
    return this.#places.length;
  }

  /** A constant's tag, or 0 where there is none. */
  tag(index: number): number {
    const place = this.place(index);
    return place === 0 ? 0 : (this.bytes[place - 1] as number);
  }

  /** Where a constant's contents begin, behind its tag. */
  place(index: number): number {
    return this.#places[index] ?? 0;
  }

  /** The index of a string constant's text, or 0. */
  textOf(index: number): number {
    return this.tag(index) === TAG.string ? this.view.getUint16(this.place(index)) : 0;
  }

  /** A text, or as much of it as `most` bytes hold; empty where the index is none's. */
  utf8(index: number, most = LONGEST_NAME): string {
    if (this.tag(index) !== TAG.utf8) return '';
    const { at, length } = this.stretch(index);
    return bytesText(this.bytes.subarray(at, at + Math.min(length, most)));
  }

  /** Where a text's bytes stand in the file. */
  stretch(index: number): { at: number; length: number } {
    const place = this.place(index);
    return { at: place + 2, length: this.view.getUint16(place) };
  }

  /** The bytes of texts, a NUL behind each. */
  joined(texts: readonly number[]): Uint8Array {
    const stretches = texts.map((index) => this.stretch(index));
    const out = new Uint8Array(stretches.reduce((sum, { length }) => sum + length + 1, 0));
    let to = 0;
    for (const { at, length } of stretches) {
      out.set(this.bytes.subarray(at, at + length), to);
      to += length + 1;
    }
    return out;
  }

  /** The type whose member it is, by its index, its name and descriptor; undefined where the index is none's. */
  member(index: number): { type: number; name: string; descriptor: string } | undefined {
    const tag = this.tag(index);
    const dynamic = tag === TAG.invokeDynamic;
    if (!dynamic && (tag < TAG.field || tag > TAG.interfaceMethod)) return undefined;
    const place = this.place(index);
    const pair = this.view.getUint16(place + 2);
    if (this.tag(pair) !== TAG.nameAndType) return undefined;
    const at = this.place(pair);
    const type = dynamic ? 0 : this.view.getUint16(place);
    const name = this.utf8(this.view.getUint16(at));
    return { type, name, descriptor: this.utf8(this.view.getUint16(at + 2)) };
  }

  /** `java.lang.String`, for the index of a type. */
  typeName(index: number): string {
    if (this.tag(index) !== TAG.type) return '';
    return this.utf8(this.view.getUint16(this.place(index))).replaceAll('/', '.');
  }

  #read(): void {
    if (this.view.getUint32(0) !== MAGIC) throw new RangeError('no class');
    this.#readConstants();
    this.#type = this.view.getUint16(this.#at + 2);
    this.#at += 6;
    const interfaces = this.#u2();
    this.#at += 2 * interfaces;
    this.#membersAt = this.#at;
    for (const _ of ['fields', 'methods']) {
      for (let left = this.#u2(); left > 0; left--) {
        this.#at += 6;
        this.#skipAttributes();
      }
    }
    this.#skipAttributes();
  }

  #readMembers(): void {
    for (let fields = this.#u2(); fields > 0; fields--) this.#readMember();
    for (let methods = this.#u2(); methods > 0; methods--) this.#readMember();
    this.#attributes((name, from) => {
      this.#annotations.push(...this.#annotationStrings(name, from));
    });
  }

  /** Passes over attributes, and takes note of the texts in annotations. */
  #skipAttributes(): void {
    for (let left = this.#u2(); left > 0; left--) {
      const from = this.#at + 6;
      const end = from + this.view.getUint32(this.#at + 2);
      if (end > this.bytes.length) throw new RangeError('no attribute');
      this.#noteTexts(this.#u2(), from);
      this.#at = end;
    }
  }

  #noteTexts(attribute: number, from: number): void {
    if (!ANNOTATION_LENGTHS.has(this.stretch(attribute).length)) return;
    for (const { text } of this.#annotationStrings(this.utf8(attribute), from))
      this.texts.add(text);
  }

  #u2(): number {
    const value = this.view.getUint16(this.#at);
    this.#at += 2;
    return value;
  }

  #readConstants(): void {
    const { bytes, view } = this;
    const count = this.#u2();
    const places = (this.#places = new Uint32Array(count));
    let at = this.#at;
    for (let i = 1; i < count; i++) {
      const tag = view.getUint8(at++);
      const size = tag === TAG.utf8 ? 2 + view.getUint16(at) : (CONSTANT_SIZE[tag] ?? 0);
      if (size === 0 || at + size > bytes.length) throw new RangeError('no constant');
      if (tag === TAG.string) this.texts.add(view.getUint16(at));
      places[i] = at;
      at += size;
      if (tag === TAG.long || tag === TAG.double) i++; // which take two places
    }
    this.#at = at;
  }

  #attributes(take: (name: string, from: number, end: number) => void): void {
    for (let left = this.#u2(); left > 0; left--) {
      const name = this.utf8(this.#u2());
      const from = this.#at + 4;
      const end = from + this.view.getUint32(this.#at);
      if (end > this.bytes.length) throw new RangeError('no attribute');
      take(name, from, end);
      this.#at = end;
    }
  }

  #readMember(): void {
    const access = this.#u2();
    const name = this.#u2();
    const member: Member = {
      name: this.utf8(name),
      descriptor: this.utf8(this.#u2()),
      static: (access & STATIC) !== 0,
      constant: 0,
      code: undefined,
      annotations: [],
      parameters: [],
    };
    this.#members.push(member);
    this.#attributes((attribute, from) => {
      if (attribute === 'ConstantValue') member.constant = this.view.getUint16(from);
      else if (attribute === 'Code') member.code = this.#readCode(from);
      else if (attribute === 'MethodParameters') member.parameters = this.#readParameters(from);
      else member.annotations.push(...this.#annotationStrings(attribute, from, name));
    });
  }

  #readParameters(from: number): string[] {
    const count = this.view.getUint8(from);
    return Array.from({ length: count }, (_, i) =>
      this.utf8(this.view.getUint16(from + 1 + 4 * i)),
    );
  }

  #readCode(from: number): Code {
    const start = from + 8;
    const end = start + this.view.getUint32(from + 4);
    const code: Code = { start, end, locals: [], lines: [] };
    this.#at = end;
    this.#at += 2 + 8 * this.view.getUint16(end); // what it catches
    this.#attributes((name, at) => {
      if (name === 'LocalVariableTable') this.#readLocals(at, code);
      else if (name === 'LineNumberTable') {
        const count = Math.min(this.view.getUint16(at), MOST_LINES - code.lines.length);
        for (let i = 0; i < count; i++) {
          const entry = at + 2 + 4 * i;
          const line = this.view.getUint16(entry + 2);
          code.lines.push({ start: this.view.getUint16(entry), line });
        }
      }
    });
    return code;
  }

  #readLocals(at: number, code: Code): void {
    const count = Math.min(this.view.getUint16(at), MOST_LOCALS - code.locals.length);
    for (let i = 0; i < count; i++) {
      const entry = at + 2 + 10 * i;
      const start = this.view.getUint16(entry);
      code.locals.push({
        start,
        end: start + this.view.getUint16(entry + 2),
        name: this.utf8(this.view.getUint16(entry + 4)),
        slot: this.view.getUint16(entry + 8),
      });
    }
  }

  /** Strings of an attribute of annotations, or of the default of `element`; none of any other attribute. */
  #annotationStrings(attribute: string, from: number, element = 0): AnnotationString[] {
    const strings: AnnotationString[] = [];
    if (attribute === DEFAULT) this.#element(from, element, strings, 0);
    else if (ANNOTATIONS.includes(attribute)) {
      let at = from + 2;
      for (let left = this.view.getUint16(from); left > 0; left--)
        at = this.#annotation(at, strings, 0);
    }
    return strings;
  }

  /** One annotation: its type, then pairs of a name and a value. Returns where it ends. */
  #annotation(from: number, strings: AnnotationString[], depth: number): number {
    let at = from + 4;
    for (let left = this.view.getUint16(from + 2); left > 0; left--) {
      at = this.#element(at + 2, this.view.getUint16(at), strings, depth);
    }
    return at;
  }

  #element(from: number, element: number, strings: AnnotationString[], depth: number): number {
    if (depth > MOST_DEPTH) throw new RangeError('too deep');
    const kind = String.fromCharCode(this.view.getUint8(from));
    if (kind === 's') strings.push({ element, text: this.view.getUint16(from + 1) });
    if (kind === 'e') return from + 5;
    if (kind === '@') return this.#annotation(from + 1, strings, depth + 1);
    if (kind !== '[') return from + 3;
    let at = from + 3;
    for (let left = this.view.getUint16(from + 1); left > 0; left--)
      at = this.#element(at, element, strings, depth + 1);
    return at;
  }
}
