/**
 * Python's pickles, protocols 0 to 5, read without running anything: a stack of what is being built, on
 * which dictionaries and the state of objects name their values. Format: CPython's Lib/pickletools.py.
 */
import { charactersOf } from '../../archive/plain-text.ts';
import { bytesText } from '../../python/values.ts';
import { OPENINGS, PUSHED, SKIPPED, TEXT_WIDTHS, unescaped } from './pickle-opcodes.ts';
import { keyName, mayAnnounce, type ValueSink } from './placed-values.ts';

/** A text or bytes object. */
interface Text {
  /** What it stands for, once that has been asked for. */
  value: string | undefined;
  /** Bytes from the pickle's start. */
  at: number;
  length: number;
  /** How often it has been handed on. */
  uses: number;
}

/** What may lie on the stack; only texts and small lists of them matter. */
type Item = Text | { items: Item[] } | typeof MARK | typeof OTHER;

const MARK = Symbol('mark');
const OTHER = Symbol('object');
const MOST_ON_STACK = 1 << 20;
const MOST_IN_MEMO = 1 << 20;
const MOST_ITEMS = 16; // of a list under one name
const MOST_WAITING = 1 << 14; // texts that nothing has named yet
const MOST_USES = 64; // names of one text
const MAX_TEXT = 1 << 20; // bytes; longer ones are scanned as they stand
const LONGEST_LINE = 1 << 16;

/** Whether bytes begin as a pickle of protocol 2 to 5 does; older ones have no mark. */
export function startsLikePickle(bytes: Uint8Array): boolean {
  const [mark, protocol = 0, first = 0] = bytes;
  if (mark !== 0x80 || protocol < 2 || protocol > 5) return false;
  // From protocol 4 on a frame comes first, unless the object is tiny.
  return protocol < 4 || first === 0x95 || OPENINGS.has(first);
}

/**
 * Hands on the texts of the pickles that stand one behind the other in `bytes`, and what names them.
 * `name` is what the first object is bound to; `base` is where the bytes begin in the file. False where
 * not even the first ends as a pickle does.
 */
export function readPickles(
  bytes: Uint8Array,
  name: string,
  sink: ValueSink,
  base: number,
): boolean {
  let at = 0;
  let read = 0;
  while (at < bytes.length) {
    const end = new PickleReader(bytes, at, name, sink, base).read();
    if (end === undefined) break;
    read++;
    at = end;
    if (bytes[0] !== 0x80) continue; // older ones have no mark
    // Python's simplest key-value files fill up blocks with zeros.
    while (bytes[at] === 0) at++;
    if (bytes[at] !== 0x80) break;
  }
  return read > 0;
}

class PickleReader {
  #bytes: Uint8Array;
  #view: DataView;
  #at: number;
  #name: string;
  #sink: ValueSink;
  #base: number;
  #stack: Item[] = [];
  #memo = new Map<number, Item>();
  #waiting: Text[] = [];
  /** The class that was named last; it may say whose the values are. */
  #class = '';

  constructor(bytes: Uint8Array, at: number, name: string, sink: ValueSink, base: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = at;
    this.#name = name;
    this.#sink = sink;
    this.#base = base;
  }

  /** Where the pickle ends; undefined where it does not end as one. */
  read(): number | undefined {
    let end: number | undefined;
    try {
      while (this.#at < this.#bytes.length && this.#stack.length < MOST_ON_STACK) {
        const opcode = this.#bytes[this.#at++] as number;
        if (opcode === 0x2e) {
          end = this.#at;
          this.#bind(this.#name, this.#stack.at(-1));
          break;
        }
        if (!this.#step(opcode)) break;
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error; // the bytes end within an argument
    }
    this.#release();
    return end;
  }

  /** One opcode; false where it is none. */
  #step(opcode: number): boolean {
    const skipped = SKIPPED.get(opcode);
    if (skipped !== undefined) {
      this.#at += skipped;
      return true;
    }
    const width = TEXT_WIDTHS.get(opcode);
    if (width !== undefined) {
      this.#counted(width);
      return true;
    }
    const pushed = PUSHED.get(opcode);
    if (pushed !== undefined) {
      this.#at += pushed;
      this.#stack.push(OTHER);
      return true;
    }
    return this.#builds(opcode) || this.#remembers(opcode) || this.#reads(opcode);
  }

  /** Opcodes that make something of what lies on the stack. */
  #builds(opcode: number): boolean {
    const stack = this.#stack;
    switch (String.fromCharCode(opcode)) {
      case '(':
        stack.push(MARK);
        return true;
      case ']': // an empty list
        stack.push({ items: [] });
        return true;
      case 'a':
        this.#append([stack.pop() ?? OTHER]);
        return true;
      case 'e':
        this.#append(this.#sinceMark());
        return true;
      case 't': // what was gathered since the mark
      case 'l':
        stack.push(listOf(this.#sinceMark()));
        return true;
      case '\x85':
      case '\x86':
      case '\x87':
        stack.push(listOf(stack.splice(-(opcode - 0x84))));
        return true;
      case 'd':
        this.#pairs(this.#sinceMark());
        stack.push(OTHER);
        return true;
      case 'u':
        this.#pairs(this.#sinceMark());
        return true;
      case 's':
        this.#pairs(stack.splice(-2));
        return true;
      case '0':
        stack.pop();
        return true;
      case '1':
      case '\x90': // items of a set
        this.#sinceMark();
        return true;
      case '2':
        stack.push(stack.at(-1) ?? OTHER);
        return true;
      case '\x91': // a frozen set
      case 'o':
      case 'i':
        if (opcode === 0x69) this.#global();
        this.#sinceMark();
        stack.push(OTHER);
        return true;
      case 'R': // a call with the arguments on top
        if (this.#recoded(stack.at(-1))) return true;
        this.#taken(stack.splice(-1)[0]);
        return true;
      case '\x81':
      case 'b': // the state of what lies below
        this.#taken(stack.splice(-1)[0]);
        return true;
      case '\x92':
        this.#taken(stack.splice(-2)[0]);
        return true;
      default:
        return false;
    }
  }

  /** Opcodes that put into the memo, and those that take from it. */
  #remembers(opcode: number): boolean {
    switch (String.fromCharCode(opcode)) {
      case '\x94':
        this.#remember(this.#memo.size);
        return true;
      case 'q':
        this.#remember(this.#view.getUint8(this.#at++));
        return true;
      case 'r':
        this.#remember(this.#u4());
        return true;
      case 'p':
        this.#remember(Number(this.#line().value));
        return true;
      case 'h':
        this.#recall(this.#view.getUint8(this.#at++));
        return true;
      case 'j':
        this.#recall(this.#u4());
        return true;
      case 'g':
        this.#recall(Number(this.#line().value));
        return true;
      default:
        return false;
    }
  }

  /** Opcodes whose argument is a line, and the few that are left. */
  #reads(opcode: number): boolean {
    switch (String.fromCharCode(opcode)) {
      case 'S': {
        const line = this.#line();
        const quoted = /^(['"])(.*)\1$/s.exec(line.value);
        this.#push(unescaped(quoted?.[2] ?? line.value), line.at + (quoted ? 1 : 0), line.length);
        return true;
      }
      case 'V': {
        const line = this.#line();
        this.#push(unescaped(line.value), line.at, line.length);
        return true;
      }
      case 'I':
      case 'L':
      case 'F':
      case 'P':
        this.#line();
        this.#stack.push(OTHER);
        return true;
      case 'c':
        this.#global();
        this.#stack.push(OTHER);
        return true;
      case '\x93': {
        const [, name] = this.#stack.splice(-2);
        if (name && isText(name)) this.#class = this.#valueOf(name);
        this.#stack.push(OTHER);
        return true;
      }
      case '\x8a': // integers of any length
        this.#at += 1 + this.#view.getUint8(this.#at);
        this.#stack.push(OTHER);
        return true;
      case '\x8b':
        this.#at += 4 + this.#view.getUint32(this.#at, true);
        this.#stack.push(OTHER);
        return true;
      default:
        return false;
    }
  }

  /** A text with its length before it. */
  #counted(width: number): void {
    const { value: length, at } = this.#length(width);
    if (length > this.#bytes.length - at) throw new RangeError('a text goes on beyond the end');
    this.#at = at + length;
    if (length > MAX_TEXT) {
      this.#stack.push(OTHER);
      return;
    }
    this.#push(undefined, at, length);
  }

  #length(width: number): { value: number; at: number } {
    const at = this.#at + width;
    if (width === 1) return { value: this.#view.getUint8(this.#at), at };
    const low = this.#view.getUint32(this.#at, true);
    return {
      value: low + (width === 8 ? this.#view.getUint32(this.#at + 4, true) * 2 ** 32 : 0),
      at,
    };
  }

  #push(value: string | undefined, at: number, length: number): void {
    const text: Text = { value, at, length, uses: 0 };
    this.#stack.push(text);
    this.#waiting.push(text);
    if (this.#waiting.length > MOST_WAITING) this.#release(MOST_WAITING / 2);
  }

  /** Hands on, without a name, the oldest texts that nothing has named. */
  #release(most = Infinity): void {
    for (const text of this.#waiting.splice(0, most)) this.#handOn('', text);
  }

  /** Everything above the topmost mark, which goes too. */
  #sinceMark(): Item[] {
    const mark = this.#stack.lastIndexOf(MARK);
    const items = this.#stack.splice(Math.max(0, mark));
    return mark < 0 ? items : items.slice(1);
  }

  #append(added: Item[]): void {
    const list = this.#stack.at(-1);
    if (!list || typeof list === 'symbol' || isText(list)) return;
    for (const item of added) {
      if (list.items.length < MOST_ITEMS) list.items.push(item);
      this.#pair(item);
    }
  }

  /** Keys and values by turns. */
  #pairs(items: readonly Item[]): void {
    for (let i = 0; i + 1 < items.length; i += 2) {
      const key = items[i] as Item;
      if (isText(key)) this.#bind(this.#valueOf(key), items[i + 1]);
    }
  }

  /** Two texts in a list of their own, as dictionaries of old classes are made from them. */
  #pair(item: Item | undefined): void {
    if (!item || typeof item === 'symbol' || isText(item) || item.items.length !== 2) return;
    this.#pairs(item.items);
  }

  /** Bytes, before protocol 3: the call that encodes a text is replaced by the text. */
  #recoded(called: Item | undefined): boolean {
    if (!called || typeof called === 'symbol' || isText(called)) return false;
    const [text, encoding] = called.items;
    if (!text || !encoding || !isText(text) || !isText(encoding)) return false;
    if (called.items.length !== 2 || this.#valueOf(encoding) !== 'latin1') return false;
    this.#stack.splice(-2, 2, text);
    return true;
  }

  #taken(item: Item | undefined): void {
    if (item && typeof item !== 'symbol' && !isText(item))
      for (const inner of item.items) this.#pair(inner);
  }

  #bind(name: string, item: Item | undefined): void {
    if (!item || typeof item === 'symbol') return;
    for (const text of isText(item) ? [item] : item.items)
      if (isText(text)) this.#handOn(name, text);
  }

  #handOn(bound: string, text: Text): void {
    if (bound === '' ? text.uses > 0 : text.uses >= MOST_USES) return;
    const name = keyName(bound);
    const where = 'in a pickle';
    const from = this.#base + text.at;
    if (mayAnnounce(name)) {
      const value = this.#valueOf(text);
      this.#sink.value({ name, value, where, context: [this.#class], exact: true, at: from });
    } else if (text.uses === 0) {
      const bytes = this.#bytes.subarray(text.at, text.at + text.length);
      this.#sink.text(bytes, { name, where, at: from });
    }
    if (text.uses++ === 0) this.#sink.covered(from, from + text.length);
  }

  #valueOf(text: Text): string {
    text.value ??= bytesText(this.#bytes.subarray(text.at, text.at + text.length));
    return text.value;
  }

  #remember(index: number): void {
    const top = this.#stack.at(-1);
    if (top !== undefined && this.#memo.size < MOST_IN_MEMO) this.#memo.set(index, top);
  }

  #recall(index: number): void {
    this.#stack.push(this.#memo.get(index) ?? OTHER);
  }

  #u4(): number {
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4, true);
  }

  /** Up to the end of the line. */
  #line(): { value: string; at: number; length: number } {
    const at = this.#at;
    const near = this.#bytes.subarray(at, at + LONGEST_LINE);
    const length = near.indexOf(0x0a);
    if (length < 0) throw new RangeError('a line without an end');
    this.#at = at + length + 1;
    return { value: charactersOf(near, 0, length), at, length };
  }

  /** Two lines: a module and a name in it. */
  #global(): void {
    this.#line();
    this.#class = this.#line().value;
  }
}

function isText(item: Item): item is Text {
  return typeof item !== 'symbol' && 'uses' in item;
}

function listOf(items: Item[]): Item {
  return { items: items.slice(0, MOST_ITEMS) };
}
