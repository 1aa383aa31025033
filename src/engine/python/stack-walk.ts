/**
 * One pass over a code object's instructions with a stack of symbols, in the order of their offsets.
 * Branches are followed forward only: where two meet, values that differ become alternatives.
 */
import type { CommandLine } from './command-words.ts';
import type { BindingKind } from './binding.ts';
import { exceptionHandlers } from './exception-table.ts';
import type { Opcodes } from './opcodes.ts';
import {
  ATTRIBUTE,
  CALL,
  constant,
  CONSTANT,
  EITHER,
  either,
  type Fact,
  NULL_SYMBOL,
  type Symbol_,
  textsIn,
  UNKNOWN_SYMBOL,
} from './symbols.ts';
import type { CodeObject, Value } from './values.ts';
import { type PythonVersion, versionNumber } from './version.ts';

/** What an operation does to the stack. */
export type Operation = (walk: StackWalk, argument: number) => void;

/** A password in a URL that an f-string or a sum puts together. */
export interface UrlPart {
  value: string;
  user: string;
  offset: number;
}

/** How close a name is to the constant: tied to it, around a call that wraps it, or farther out. */
const DIRECT = 0;
const WRAPPED = 1;
const FAR = 2;

const STACK_SLACK = 256;
const MAX_STACK = 100_000; // the deepest of a standard library is 686
const MAX_OPTIONS = 8;
const MAX_VISITED = 4096; // symbols looked at under one name
const MAX_BOUND = 200_000;

/** Work that a module of a size may cause, in steps; real code needs less than two a byte. */
const workFor = (bytes: number): number => 1_000_000 + 40 * bytes;

/** Walks the code objects of one module, one after the other. */
export class StackWalk {
  readonly version: PythonVersion;
  readonly v: number;
  readonly opcodes: Opcodes;
  /** 3.11+ and CPython: locals, cells and free names share an array, arguments are packed, … */
  readonly modern: boolean;
  /** Bytes that an argument of a jump counts. */
  readonly jumpUnit: 1 | 2;
  code: CodeObject;
  /** Constants that were bound to something, in that order. */
  bound: Symbol_[] = [];
  /**
   * By index of the constant: how many of its loads were bound (or known to be bound to nothing); loaded at
   * this offset plus one.
   */
  settled = new Uint8Array(64);
  loaded = new Int32Array(64);
  /** The strings of each constant of this code object. */
  texts: (readonly string[])[] = [];
  /** Constants, by index, that are an item of a list and a pair of a name and its value. */
  paired = new Set<number>();
  urls: UrlPart[] = [];
  /** Commands that calls are given word by word. */
  commands: CommandLine[] = [];
  /** Symbols of this code object's names and locals, by index, once they were loaded. */
  nameSymbols: Symbol_[] = [];
  localSymbols: Symbol_[] = [];
  /** Whether defaults and annotations are kept, for a person to read. */
  readonly collects: boolean;
  /** Default values of the functions made here. */
  readonly defaults = new Map<CodeObject, Map<string, Symbol_>>();
  /** Annotations of the functions made here, by parameter, and `return`. */
  readonly annotations = new Map<CodeObject, Map<string, Symbol_>>();
  /** Names that KW_NAMES sets for the next call (3.11, 3.12). */
  keywordNames: readonly string[] = [];
  /** Lines as SET_LINENO gives them (up to 2.2): offset, line. */
  lineNumbers: [offset: number, line: number][] = [];
  offset = 0;
  nextOffset = 0;
  stack: Symbol_[] = [];

  #operations: readonly (Operation | undefined)[];
  #saved = new Map<number, Symbol_[]>();
  /** By offset: 1 where a stack was saved for it, 2 where a handler begins. */
  #marks = new Uint8Array(1024);
  #handlers = new Map<number, number>();
  #dead = false;
  #deepest = 0;
  #length = 0;
  #work: number;
  #traversal = 0;

  constructor(
    module: CodeObject,
    version: PythonVersion,
    opcodes: Opcodes,
    operations: readonly (Operation | undefined)[],
    size: number,
    collects: boolean,
  ) {
    this.collects = collects;
    this.code = module;
    this.version = version;
    this.v = versionNumber(version);
    this.opcodes = opcodes;
    this.modern = this.v >= 311 && version.implementation !== 'pypy';
    this.jumpUnit = this.v >= 310 && version.implementation !== 'pypy' ? 2 : 1;
    this.#operations = operations;
    this.#work = workFor(size);
  }

  /** Turns to a code object: its constants' strings. Returns whether there are any. */
  enter(code: CodeObject): boolean {
    this.code = code;
    const { constants } = code;
    if (this.bound.length > 0) this.bound = [];
    if (this.urls.length > 0) this.urls = [];
    if (this.commands.length > 0) this.commands = [];
    if (this.paired.size > 0) this.paired = new Set();
    if (this.lineNumbers.length > 0) this.lineNumbers = [];
    if (this.settled.length < constants.length) {
      this.settled = new Uint8Array(constants.length * 2);
      this.loaded = new Int32Array(constants.length * 2);
    } else {
      this.settled.fill(0, 0, constants.length);
      this.loaded.fill(0, 0, constants.length);
    }
    this.nameSymbols = [];
    this.localSymbols = [];
    const texts = this.texts;
    texts.length = 0;
    let any = false;
    for (const value of constants) {
      const found = textsIn(value);
      if (found.length > 0) any = true;
      texts.push(found);
    }
    return any;
  }

  /** Walks all instructions; what each does to the stack is looked up by its number. */
  run(): void {
    const bytecode = this.code.code;
    if (!bytecode) return;
    const { data, start: base } = bytecode;
    const length = bytecode.end - base;
    // What a hostile header claims is no bound.
    this.#deepest = Math.min(Math.max(this.code.stackSize, 0), MAX_STACK) + STACK_SLACK;
    this.#begin(length);
    const { wordcode, haveArgument, extended, caches } = this.opcodes;
    const operations = this.#operations;
    const marks = this.#marks;
    let at = 0;
    let start = 0;
    let high = 0;
    while (at < length) {
      const opcode = data[base + at] as number;
      let argument = 0;
      const offset = at;
      if (wordcode) {
        if (at + 1 >= length) break;
        argument = (high << 8) | (data[base + at + 1] as number);
        at += 2;
      } else if (opcode >= haveArgument) {
        if (at + 2 >= length) break;
        argument =
          (high << 16) | (data[base + at + 1] as number) | ((data[base + at + 2] as number) << 8);
        at += 3;
      } else at++;
      if (opcode === extended) {
        high = argument;
        continue;
      }
      at += (caches[opcode] as number) * 2;
      this.offset = offset;
      this.nextOffset = at;
      if (marks[start] !== 0) this.#arrive(start);
      const operation = operations[opcode];
      if (operation !== undefined) operation(this, argument >>> 0);
      else this.#effect(opcode, argument >>> 0);
      if (this.stack.length > this.#deepest) this.stack.length = this.#deepest;
      if (--this.#work < 0) break;
      start = at;
      high = 0;
    }
    marks.fill(0, 0, length);
  }

  #begin(length: number): void {
    this.#length = length;
    if (this.#marks.length < length) this.#marks = new Uint8Array(length * 2);
    this.#saved.clear();
    this.#dead = false;
    this.stack = [];
    this.keywordNames = [];
    this.#handlers.clear();
    const table = this.code.exceptions;
    if (!table || table.end === table.start) return;
    this.#handlers = exceptionHandlers(table.bytes);
    for (const offset of this.#handlers.keys()) if (offset < length) this.#marks[offset] = 2;
  }

  push(symbol: Symbol_): void {
    this.stack.push(symbol);
  }

  pop(): Symbol_ {
    return this.stack.pop() ?? UNKNOWN_SYMBOL;
  }

  /** Pops `count` values, the deepest first; hostile counts stop at the stack's end. */
  popMany(count: number): Symbol_[] {
    if (count === 0) return [];
    if (count === 1) return [this.pop()];
    const have = Math.min(count, this.stack.length);
    this.#work -= have;
    return this.stack.splice(this.stack.length - have, have);
  }

  /** The value `depth` below the top, 1 being the top itself. */
  peek(depth: number): Symbol_ {
    return this.stack[this.stack.length - depth] ?? UNKNOWN_SYMBOL;
  }

  /** Counts work beyond an instruction's own; false once there was too much. */
  afford(steps: number): boolean {
    this.#work -= steps;
    return this.#work >= 0;
  }

  constant(index: number): Symbol_ {
    const { constants } = this.code;
    if (index >= constants.length) return UNKNOWN_SYMBOL;
    if (this.loaded[index] === 0) this.loaded[index] = this.offset + 1;
    return constant(
      constants[index] as Value,
      this.texts[index] as readonly string[],
      index,
      this.offset,
    );
  }

  /** A constant that is no value of the program: a name, an annotation. */
  settle(symbol: Symbol_): void {
    if (symbol.k === CONSTANT && symbol.index >= 0) this.settled[symbol.index] = 1;
  }

  /** Remembers the stack for a forward jump to `offset`, with `extra` unknown values on it. */
  jumpTo(offset: number, extra = 0): void {
    if (offset < this.nextOffset || offset >= this.#length) return;
    if (!this.afford(this.stack.length + extra)) return;
    const stack = this.stack.slice();
    for (let i = 0; i < extra; i++) stack.push(UNKNOWN_SYMBOL);
    const before = this.#saved.get(offset);
    this.#saved.set(offset, before ? merge(before, stack) : stack);
    this.#marks[offset] = (this.#marks[offset] as number) | 1;
  }

  /** The code behind this instruction is reached only by a jump. */
  leave(): void {
    this.#dead = true;
  }

  /** Ties every string constant in `symbol` to a name. */
  bind(symbol: Symbol_, kind: BindingKind, name: string, qualname = this.code.qualname): void {
    if (symbol.holds) this.#bindFact(symbol, { kind, name, qualname });
  }

  /** The same for an argument of a call, which has a place among the others, from 0. */
  bindArgument(symbol: Symbol_, name: string, position: number): void {
    const { qualname } = this.code;
    if (symbol.holds) this.#bindFact(symbol, { kind: 'argument', name, qualname, position });
  }

  /** The same for what stands behind a string, in a pair, that may be its name. */
  bindBeside(name: string, symbol: Symbol_): void {
    const { qualname } = this.code;
    this.#bindFact(symbol, { kind: 'dict-value', name, qualname, beside: true });
  }

  /** An argument behind a string that may be its key; the call's own name is nearer. */
  bindKeyed(name: string, symbol: Symbol_): void {
    const { qualname } = this.code;
    if (symbol.holds) this.#bindFact(symbol, { kind: 'dict-value', name, qualname }, FAR);
  }

  #bindFact(symbol: Symbol_, fact: Fact, distance = DIRECT): void {
    if (symbol.k === CONSTANT) this.#record(symbol, fact, distance);
    else this.#bindInside(symbol, fact, distance);
  }

  #bindInside(root: Symbol_, fact: Fact, from: number): void {
    const mark = ++this.#traversal;
    const pending: Symbol_[] = [root];
    const distances: number[] = [from];
    const instead: Symbol_[] = [];
    const enter = (symbol: Symbol_ | undefined, distance: number): void => {
      if (!symbol?.holds || symbol.seen === mark) return;
      pending.push(symbol);
      distances.push(distance);
    };
    for (let visited = 0; pending.length > 0 && visited < MAX_VISITED; visited++) {
      if (!this.afford(1)) return;
      const symbol = pending.pop() as Symbol_;
      const distance = distances.pop() as number;
      if (symbol.seen === mark) continue;
      symbol.seen = mark;
      if (symbol.k === CONSTANT) {
        this.#record(symbol, fact, distance);
        continue;
      }
      let next = distance;
      if (symbol.k === CALL) {
        const wraps = symbol.list.length === 1 && symbol.more.length === 0;
        if (symbol.of?.k === ATTRIBUTE) enter(symbol.of.of, WRAPPED);
        for (const value of symbol.more) enter(value, FAR);
        next = wraps && distance !== FAR ? WRAPPED : FAR;
      }
      const { list } = symbol;
      if (symbol.k === EITHER && symbol.label !== '') instead.push(symbol);
      if (list.length > MAX_VISITED && !this.afford(list.length)) return;
      for (let i = list.length - 1; i >= 0; i--) enter(list[i], next);
    }
    for (const symbol of instead) this.#bindInstead(symbol);
  }

  /** `settings.get("api_key") or "…"`: a constant stands in for what the other is called. */
  #bindInstead({ label: name, list }: Symbol_): void {
    const { qualname } = this.code;
    for (const option of list) {
      if (option.k !== CONSTANT || !option.holds) continue;
      this.#record(option, { kind: 'variable', name, qualname }, FAR);
    }
  }

  /** Ties the values of a dictionary to its keys. */
  bindEntry(key: Symbol_, value: Symbol_): void {
    if (!value.holds) return;
    const name = key.k === CONSTANT ? key.text : key.label;
    if (name) this.bind(value, 'dict-value', name);
  }

  #record(symbol: Symbol_, fact: Fact, distance: number): void {
    const { facts, index } = symbol;
    if (!facts) {
      // One that is joined from others stands for them.
      for (const part of symbol.list) this.settle(part);
      // More than one need not be counted.
      if (index >= 0 && this.settled[index] !== 2)
        this.settled[index] = (this.settled[index] ?? 0) + 1;
      if (this.bound.length >= MAX_BOUND) return;
      symbol.facts = [fact];
      this.bound.push(symbol);
      return;
    }
    const { kind } = fact;
    // Keyword-only defaults and many keywords come in a dictionary that nobody wrote.
    if (kind === 'default-argument' || kind === 'keyword-argument') {
      const built = facts.findIndex((f) => f.kind === 'dict-value' && f.name === fact.name);
      if (built >= 0) {
        facts[built] = fact;
        return;
      }
    }
    if (facts.length >= MAX_OPTIONS) return;
    for (const other of facts) if (other.kind === kind && other.name === fact.name) return;
    // password = SecretStr("…"): the variable says more than the wrapper's name.
    const weak = facts.findIndex((f) => f.kind === 'argument' || f.kind === 'returned');
    if (distance !== FAR && weak >= 0 && kind !== 'argument' && kind !== 'returned') {
      facts.splice(weak, 0, fact);
    } else facts.push(fact);
  }

  #arrive(offset: number): void {
    const saved = this.#saved.get(offset);
    if (saved) {
      this.#saved.delete(offset);
      this.afford(saved.length);
      this.stack = this.#dead ? saved : merge(saved, this.stack);
      this.#dead = false;
      return;
    }
    const handler = this.#handlers.get(offset);
    if (handler !== undefined && this.#dead) {
      const depth = Math.min(Math.max(handler, 0), this.#deepest);
      this.afford(depth);
      this.stack = [];
      for (let i = 0; i < depth; i++) this.stack.push(UNKNOWN_SYMBOL);
      this.#dead = false;
    }
  }

  #effect(opcode: number, argument: number): void {
    const effect = this.opcodes.effects[opcode];
    const net = effect ? effect.base + effect.step * argument : 0;
    if (net < 0) this.popMany(-net);
    else if (net === 0) {
      // The result of a unary operation is not its operand.
      if (effect && this.stack.length > 0 && this.opcodes.names[opcode]?.startsWith('UNARY_')) {
        this.stack[this.stack.length - 1] = UNKNOWN_SYMBOL;
      }
    } else for (let i = 0; i < Math.min(net, STACK_SLACK); i++) this.push(UNKNOWN_SYMBOL);
  }
}

/** Two stacks that meet: values that differ become alternatives; unlike lengths keep the longer. */
function merge(a: Symbol_[], b: Symbol_[]): Symbol_[] {
  if (a.length !== b.length) return a.length > b.length ? a : b;
  for (let i = 0; i < a.length; i++) {
    const left = a[i] as Symbol_;
    const right = b[i] as Symbol_;
    if (left === right || right === UNKNOWN_SYMBOL || right === NULL_SYMBOL) continue;
    if (left === UNKNOWN_SYMBOL) a[i] = right;
    else if (left.holds || right.holds || left.label !== right.label) {
      const options = new Set([...optionsOf(left), ...optionsOf(right)]);
      a[i] = either([...options].slice(0, MAX_OPTIONS));
    }
  }
  return a;
}

function optionsOf(symbol: Symbol_): readonly Symbol_[] {
  return symbol.k === EITHER ? symbol.list : [symbol];
}
