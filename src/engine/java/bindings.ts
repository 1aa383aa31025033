/**
 * What the strings of a class are bound to: one walk over each method's instructions with a stack of what is
 * known, from front to back. Where paths meet, what either has left on the stack counts.
 */
import {
  type AnnotationString,
  type ClassFile,
  type Code,
  type Local,
  type Member,
  TAG,
} from './class-file.ts';
import {
  endsPath,
  instructionLength,
  jumps,
  mayLoad,
  OP,
  readDescriptor,
  wordsOf,
  wordsPut,
  wordsTaken,
} from './instructions.ts';
import {
  keptName,
  LISTS,
  type Method,
  parameters,
  passedOn,
  returnedName,
  RUNS,
  simpleName,
} from './methods.ts';

/** One string and what names it. */
export interface ClassBinding {
  /** Index of the text among the constants. */
  text: number;
  /** Names, the nearest first; none where nothing names it. */
  names: string[];
  /** In words: `stored to a field`. */
  where: string;
  /** The method it is used in: `com.acme.Settings.connect`; the class where it is in none. */
  owner: string;
  /** Source line, or 0 where the class does not tell. */
  line: number;
  /** Set where it is handed to a call: whose method, which (`SecretKeySpec` for its constructor), and which argument. */
  call?: { owner: string; callee: string; argument: number };
  /** Set where it is one of the words of a command: all of them, as indexes among the constants. */
  command?: readonly number[];
}

/** What is known of a word on the stack. */
interface Item {
  /** Index of a text that it is, or was made of. */
  text: number;
  /** The field, variable or method that it came from. */
  name: string;
  /** What it is where another path was taken. */
  or?: Item;
  /** What an array holds, as far as it has been filled. */
  items?: Item[];
}

const NOTHING: Item = { text: 0, name: '' };
const MOST_BINDINGS = 5000;
const MOST_STACK = 256; // words; what lies deeper is let go
const MOST_LOCALS = 256;
const MOST_WAITING = 64; // paths that wait at once
const MOST_NAMES = 64; // of one slot, which variables of one block after another share
const MOST_ITEMS = 64; // of an array
const LONGEST_KEY = 256; // bytes of a text that may name the next
/** The bindings of a class's strings. `wanted` are the texts that matter, by their indexes. */
export function classBindings(file: ClassFile, wanted: ReadonlySet<number>): ClassBinding[] {
  const walk = new Walk(file, wanted);
  walk.annotations(file.annotations, [], file.name);
  for (const member of file.members) walk.member(member);
  walk.rest();
  return walk.bindings;
}

class Walk {
  readonly bindings: ClassBinding[] = [];
  readonly #file: ClassFile;
  readonly #wanted: ReadonlySet<number>;
  readonly #named = new Set<number>();
  /** Parameters of the class's own methods, by name and descriptor; made when first asked for. */
  #own: Map<string, string[]> | undefined;
  #methods = new Map<number, Method | undefined>();
  /** The method's variables by their slot. */
  #names: Local[][] = [];
  #stack: Item[] = [];
  /** Stacks of paths that go on farther down, by where. */
  #waiting = new Map<number, readonly Item[]>();
  #ended = false;
  #locals: Item[] = [];
  #member!: Member;
  #code!: Code;

  constructor(file: ClassFile, wanted: ReadonlySet<number>) {
    this.#file = file;
    this.#wanted = wanted;
  }

  member(member: Member): void {
    const owner = `${this.#file.name}.${member.name}`;
    if (member.constant > 0) {
      const text = this.#file.textOf(member.constant);
      this.#bind(text, [member.name], 'a constant of a class', this.#file.name, 0);
    }
    this.annotations(member.annotations, [member.name], owner);
    // Most methods load nothing that matters.
    const matters = (constant: number): boolean => this.#wanted.has(this.#file.textOf(constant));
    if (!member.code || !mayLoad(this.#file.bytes, member.code, matters)) return;
    try {
      this.#walk(member, member.code);
    } catch {
      // Instructions that do not fit end the method, not the class.
    }
  }

  /** Strings of annotations: `${db.password:…}` has a name and what holds where nothing is set. */
  annotations(strings: readonly AnnotationString[], names: string[], owner: string): void {
    for (const { element, text } of strings) {
      const name = this.#file.utf8(element);
      const all = name === 'value' ? [...names, name] : [name, ...names];
      this.#bind(text, all, 'in an annotation', owner, 0);
    }
  }

  /** Strings that nothing names, or that no instruction loads. */
  rest(): void {
    for (const text of this.#wanted)
      if (!this.#named.has(text)) this.#bind(text, [], '', this.#file.name, 0);
  }

  #bind(
    text: number,
    names: readonly string[],
    where: string,
    owner: string,
    line: number,
    call?: ClassBinding['call'],
  ): void {
    if (this.bindings.length >= MOST_BINDINGS || this.#file.tag(text) !== TAG.utf8) return;
    if (!this.#wanted.has(text)) return;
    this.#named.add(text);
    const told = names.filter((name) => name !== '');
    this.bindings.push({ text, names: told, where, owner, line, ...(call && { call }) });
  }

  #walk(member: Member, code: Code): void {
    this.#member = member;
    this.#code = code;
    this.#stack = [];
    this.#waiting.clear();
    this.#ended = false;
    this.#locals = [];
    this.#names = [];
    for (const local of code.locals) {
      const list = (this.#names[local.slot] ??= []);
      if (list.length < MOST_NAMES) list.push(local);
    }
    const { view } = this.#file;
    for (let at = code.start; at < code.end;) {
      const length = instructionLength(view, at, code.start);
      if (this.#waiting.size > 0) this.#meet(at);
      this.#step(view.getUint8(at), at, length);
      if (this.#stack.length > MOST_STACK) this.#stack = [];
      at += length;
    }
  }

  /** Where another path goes on: its stack, or both. */
  #meet(at: number): void {
    const other = this.#waiting.get(at);
    if (!other) return;
    this.#waiting.delete(at);
    if (this.#ended) this.#stack = [...other];
    else if (other.length === this.#stack.length) {
      this.#stack = this.#stack.map((item, i) => either(item, other[i] as Item));
    }
    this.#ended = false;
  }

  /** What stands on the stack now does so at a jump's target as well. */
  #jump(at: number): void {
    const target = at + this.#file.view.getInt16(at + 1);
    if (this.#stack.length === 0 || target <= at || this.#waiting.size >= MOST_WAITING) return;
    const known = this.#waiting.get(target);
    const same = known?.length === this.#stack.length;
    this.#waiting.set(
      target,
      this.#stack.map((item, i) => (same ? either(item, known[i] as Item) : item)),
    );
  }

  #endPath(): void {
    this.#stack = [];
    this.#ended = true;
  }

  #step(opcode: number, at: number, length: number): void {
    const { view } = this.#file;
    if (opcode === OP.ldc) this.#push(this.#file.textOf(view.getUint8(at + 1)));
    else if (opcode === OP.ldcWide) this.#push(this.#file.textOf(view.getUint16(at + 1)));
    else if (opcode === OP.aload) this.#load(view.getUint8(at + 1), at);
    else if (opcode >= OP.aload0 && opcode <= OP.aload3) this.#load(opcode - OP.aload0, at);
    else if (opcode === OP.astore) this.#store(view.getUint8(at + 1), at + length);
    else if (opcode >= OP.astore0 && opcode <= OP.astore3)
      this.#store(opcode - OP.astore0, at + length);
    else if (opcode >= OP.dup && opcode <= OP.swap) this.#shuffle(opcode - OP.dup);
    else if (opcode >= OP.getStatic && opcode <= OP.putField)
      this.#field(opcode, view.getUint16(at + 1), at);
    else if (opcode >= OP.invokeVirtual && opcode <= OP.invokeDynamic)
      this.#call(opcode, view.getUint16(at + 1), at);
    else if (opcode === OP.areturn) {
      this.#name(this.#pop(), [returnedName(this.#member.name)], 'returned', at);
      this.#endPath();
    } else if (opcode === OP.multiNewArray) {
      this.#drop(view.getUint8(at + 3));
      this.#push(0);
    } else if (opcode === OP.anewarray) {
      this.#pop();
      this.#stack.push({ ...NOTHING, items: [] });
    } else if (opcode === OP.aastore) {
      const [array = NOTHING, , item = NOTHING] = this.#take(3);
      if (array.items && array.items.length < MOST_ITEMS) array.items.push(item);
    } else if (opcode === OP.wide) this.#wide(at, length);
    else if (endsPath(opcode)) {
      if (opcode === OP.goto) this.#jump(at);
      this.#endPath();
    } else if (opcode !== OP.checkCast) {
      this.#drop(wordsTaken(opcode));
      if (jumps(opcode)) this.#jump(at);
      for (let i = wordsPut(opcode); i > 0; i--) this.#push(0);
    }
  }

  #wide(at: number, length: number): void {
    const opcode = this.#file.view.getUint8(at + 1);
    const slot = this.#file.view.getUint16(at + 2);
    if (opcode === OP.aload) this.#load(slot, at);
    else if (opcode === OP.astore) this.#store(slot, at + length);
    else {
      this.#drop(wordsTaken(opcode));
      for (let i = wordsPut(opcode); i > 0; i--) this.#push(0);
    }
  }

  #push(text: number, name = ''): void {
    this.#stack.push(text === 0 && name === '' ? NOTHING : { text, name });
  }

  #pop(): Item {
    return this.#stack.pop() ?? NOTHING;
  }

  #drop(words: number): void {
    this.#stack.length = Math.max(0, this.#stack.length - words);
  }

  #load(slot: number, at: number): void {
    const name = this.#localName(slot, at);
    this.#push(this.#locals[slot]?.text ?? 0, name);
  }

  #store(slot: number, next: number): void {
    const item = this.#pop();
    if (slot < MOST_LOCALS) this.#locals[slot] = item;
    // The variable's name holds from the next instruction on.
    this.#name(item, [this.#localName(slot, next)], 'assigned to a variable', next - 1);
  }

  #localName(slot: number, at: number): string {
    const pc = at - this.#code.start;
    return this.#names[slot]?.find(({ start, end }) => start <= pc && pc < end)?.name ?? '';
  }

  /** dup, dup_x1, dup_x2, dup2, dup2_x1, dup2_x2, swap. */
  #shuffle(which: number): void {
    if (which === 6) {
      const [a, b] = [this.#pop(), this.#pop()];
      this.#stack.push(a, b);
      return;
    }
    const words = which < 3 ? 1 : 2;
    const below = which % 3;
    const top = this.#take(words);
    const under = this.#take(below);
    this.#stack.push(...top, ...under, ...top);
  }

  /** So many words from the top, the lowest first. */
  #take(words: number): Item[] {
    const taken: Item[] = [];
    for (let i = 0; i < words; i++) taken.unshift(this.#pop());
    return taken;
  }

  /** Takes so many words from the top, and gives the lowest. */
  #lowest(words: number): Item {
    let item = NOTHING;
    for (let i = 0; i < words; i++) item = this.#pop();
    return item;
  }

  #field(opcode: number, index: number, at: number): void {
    const field = this.#file.member(index);
    const name = field?.name ?? '';
    const words = wordsOf(field?.descriptor ?? '');
    const onObject = opcode === OP.getField || opcode === OP.putField;
    if (opcode === OP.putStatic || opcode === OP.putField) {
      const item = this.#lowest(words);
      if (onObject) this.#pop();
      this.#name(item, [name], 'stored to a field', at);
      return;
    }
    if (onObject) this.#pop();
    for (let i = 0; i < words; i++) this.#push(0, i === 0 ? name : '');
  }

  #call(opcode: number, index: number, at: number): void {
    const method = this.#methodAt(index);
    if (!method) {
      this.#stack = [];
      return;
    }
    const items = method.arguments.map(() => NOTHING);
    for (let i = items.length - 1; i >= 0; i--)
      items[i] = this.#lowest(method.arguments[i] as number);
    const onObject = opcode !== OP.invokeStatic && opcode !== OP.invokeDynamic;
    const receiver = onObject ? this.#pop() : NOTHING;
    const array = items.find((item) => item.items);
    if (array && RUNS.test(method.callee)) this.#command(array.items ?? [], method.callee, at);
    const made = passedOn(method, receiver, items);
    if (!made) this.#nameArguments(method, receiver, items, at);
    // A wrapper's constructor gives its text to the copy of the object below.
    if (method.name === '<init>' && made && this.#stack.length > 0)
      this.#stack[this.#stack.length - 1] = made;
    // `getProperty("…")` gives what is so called.
    const name = method.name.startsWith('get')
      ? items.map((item) => this.#keyIn(item)).find(Boolean) || method.name.slice(3)
      : '';
    const list = LISTS.test(method.name) ? (array ?? { ...NOTHING, items }) : undefined;
    for (let i = 0; i < method.result; i++) {
      if (i === 0 && (made ?? list)) this.#stack.push((made ?? list) as Item);
      else this.#push(0, i === 0 ? name : '');
    }
  }

  /** The words of a command, bound to the first that matters. */
  #command(items: readonly Item[], callee: string, at: number): void {
    const command = items.map(({ text }) => text);
    const text = command.find((word) => word > 0 && this.#wanted.has(word));
    if (text === undefined || command.length < 2 || this.bindings.length >= MOST_BINDINGS) return;
    const owner = `${this.#file.name}.${this.#member.name}`;
    const where = `in a command that ${callee} is given`;
    this.bindings.push({ text, names: [], where, owner, line: this.#lineAt(at), command });
  }

  #methodAt(index: number): Method | undefined {
    if (!this.#methods.has(index)) {
      const member = this.#file.member(index);
      this.#methods.set(index, member && this.#method(member));
    }
    return this.#methods.get(index);
  }

  #method({ type, name, descriptor }: NonNullable<ReturnType<ClassFile['member']>>): Method {
    const owner = this.#file.typeName(type);
    const callee = name === '<init>' ? simpleName(owner) : name;
    return { owner, name, descriptor, callee, ...readDescriptor(descriptor) };
  }

  #nameArguments(method: Method, receiver: Item, items: readonly Item[], at: number): void {
    const last = items.reduce((found, { text }, i) => (text > 0 ? i : found), -1);
    if (last < 0 && receiver.text === 0) return;
    const { callee } = method;
    const owner = simpleName(method.owner);
    const call = (argument: number): ClassBinding['call'] => ({ owner, callee, argument });
    const parameters = this.#parametersOf(method);
    const setter = keptName(callee);
    // Compared with what a variable holds.
    const compares = /^equals|^compare|^isEqual$/.test(callee);
    for (const [i, item] of items.entries()) {
      if (item.text === 0) continue;
      const key = this.#keyIn(items[i - 1]);
      const other = receiver === NOTHING ? (items[1 - i] ?? NOTHING) : receiver;
      const compared = compares ? other.name : '';
      const names = [parameters[i] ?? '', key, item.name, compared, i === last ? setter : ''];
      this.#name(item, names, `an argument of ${callee}`, at, call(i));
    }
    if (receiver.text > 0 && /^equals/.test(callee))
      this.#name(receiver, [items[0]?.name ?? ''], 'compared with', at);
  }

  /** The text of the argument before: the key of a map, the name of a setting. */
  #keyIn(before: Item | undefined): string {
    if (!before || before.text === 0) return '';
    return this.#file.stretch(before.text).length > LONGEST_KEY ? '' : this.#file.utf8(before.text);
  }

  /** Names of the parameters of a method of this class. */
  #parametersOf({ owner, name, descriptor }: Method): string[] {
    if (owner !== this.#file.name) return [];
    this.#own ??= new Map(
      this.#file.members.map((member) => [
        `${member.name}${member.descriptor}`,
        parameters(member),
      ]),
    );
    return this.#own.get(`${name}${descriptor}`) ?? [];
  }

  #name(
    item: Item,
    names: readonly string[],
    where: string,
    at: number,
    call?: ClassBinding['call'],
  ): void {
    if (item.or) this.#name(item.or, names, where, at, call);
    if (!this.#wanted.has(item.text)) return;
    const method = this.#member.name.replace(/^<clinit>$/, 'static').replace(/^<init>$/, 'new');
    const owner = `${this.#file.name}.${method}`;
    this.#bind(item.text, names, where, owner, this.#lineAt(at), call);
  }

  #lineAt(at: number): number {
    const pc = at - this.#code.start;
    let line = 0;
    let best = -1;
    for (const entry of this.#code.lines) {
      if (entry.start <= pc && entry.start > best) ({ start: best, line } = entry);
    }
    return line;
  }
}

/** What a word is where two paths meet; of more than two, the last ones count. */
function either(a: Item, b: Item): Item {
  if (a.text === b.text || b.text === 0) return a;
  return a.text === 0 ? b : { ...a, or: { text: b.text, name: b.name } };
}
