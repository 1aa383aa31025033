/**
 * One pass over a code object's instructions with a stack of symbols, in the order of their offsets.
 * Branches are followed forward only: where two meet, values that differ become alternatives.
 */
import type { BindingKind } from './binding.ts';
import { exceptionHandlers } from './exception-table.ts';
import type { Instructions } from './instructions.ts';
import { lineAt, type LineTable } from './lines.ts';
import { type Opcodes } from './opcodes.ts';
import {
  type ConstantSymbol,
  itemsOf,
  type MapSymbol,
  NULL_SYMBOL,
  type Symbol_,
  UNKNOWN_SYMBOL,
} from './symbols.ts';
import { type CodeObject, textOf, type Value } from './values.ts';
import { type PythonVersion, versionNumber } from './version.ts';

/** What an operation does to the stack. */
export type Operation = (walk: StackWalk, argument: number) => void;

/** One name for one constant. */
interface Fact {
  kind: BindingKind;
  name: string;
  value: string;
  qualname: string;
  line: number;
}

/** How close a name is to the constant: tied to it, around a call that wraps it, or farther out. */
type Distance = 'direct' | 'wrapped' | 'far';

const STACK_SLACK = 256;
const MAX_STACK = 100_000; // the deepest of a standard library is 686
const MAX_COPIED = 1_000_000; // cells copied at jumps, against hostile code
const MAX_OPTIONS = 8;
const MAX_BOUND = 4096; // strings under one name
const MAX_FACTS = 200_000;

/** Run once; then `facts` has every bound constant with its names, nearest first. */
export class StackWalk {
  readonly code: CodeObject;
  readonly version: PythonVersion;
  readonly v: number;
  readonly opcodes: Opcodes;
  readonly facts = new Map<ConstantSymbol, Fact[]>();
  /** Constants bound to something, by index. */
  readonly boundConstants = new Set<number>();
  /** Constants that some instruction loads, with the line of the first. */
  readonly loadedConstants = new Map<number, number>();
  /** Default values of the functions made here, as source text. */
  readonly defaults = new Map<CodeObject, Map<string, string>>();
  /** Names that KW_NAMES sets for the next call (3.11, 3.12). */
  keywordNames: string[] = [];
  line = 0;
  nextOffset = 0;
  stack: Symbol_[] = [];

  #instructions: Instructions;
  #lines: LineTable;
  #saved = new Map<number, Symbol_[]>();
  #copied = 0;
  #dead = false;
  #factCount = 0;
  #deepest: number;

  constructor(
    code: CodeObject,
    version: PythonVersion,
    opcodes: Opcodes,
    instructions: Instructions,
    lines: LineTable,
  ) {
    this.code = code;
    this.version = version;
    this.v = versionNumber(version);
    this.opcodes = opcodes;
    this.#instructions = instructions;
    this.#lines = lines;
    // What a hostile header claims is no bound.
    this.#deepest = Math.min(Math.max(code.stackSize, 0), MAX_STACK) + STACK_SLACK;
  }

  /** Walks all instructions; what each does to the stack is looked up by its name. */
  run(operations: ReadonlyMap<string, Operation>): void {
    const { count, start, offset, opcode, argument, next } = this.#instructions;
    const handlers = exceptionHandlers(this.code.exceptionTable);
    for (let i = 0; i < count; i++) {
      this.#arrive(start[i] as number, handlers);
      this.line = lineAt(this.#lines, offset[i] as number);
      this.nextOffset = next[i] as number;
      const number = opcode[i] as number;
      const name = this.opcodes.names[number];
      const operation = name === undefined ? undefined : operations.get(name);
      if (operation) operation(this, argument[i] as number);
      else this.#effect(number, argument[i] as number);
      if (this.stack.length > this.#deepest) this.stack.length = this.#deepest;
    }
  }

  push(symbol: Symbol_): void {
    this.stack.push(symbol);
  }

  pop(): Symbol_ {
    return this.stack.pop() ?? UNKNOWN_SYMBOL;
  }

  /** Pops `count` values, the deepest first; hostile counts stop at the stack's end. */
  popMany(count: number): Symbol_[] {
    const have = Math.min(count, this.stack.length);
    return this.stack.splice(this.stack.length - have, have);
  }

  /** The value `depth` below the top, 1 being the top itself. */
  peek(depth: number): Symbol_ {
    return this.stack[this.stack.length - depth] ?? UNKNOWN_SYMBOL;
  }

  constant(index: number): Symbol_ {
    if (index >= this.code.constants.length) return UNKNOWN_SYMBOL;
    if (!this.loadedConstants.has(index)) this.loadedConstants.set(index, this.line);
    return { k: 'constant', value: this.code.constants[index] as Value, line: this.line, index };
  }

  /** Remembers the stack for a forward jump to `offset`, with `extra` unknown values on it. */
  jumpTo(offset: number, extra = 0): void {
    if (offset < this.nextOffset || this.#copied > MAX_COPIED) return;
    const stack = [...this.stack];
    for (let i = 0; i < extra; i++) stack.push(UNKNOWN_SYMBOL);
    this.#copied += stack.length;
    const before = this.#saved.get(offset);
    this.#saved.set(offset, before ? merge(before, stack) : stack);
  }

  /** The code behind this instruction is reached only by a jump. */
  leave(): void {
    this.#dead = true;
  }

  /** Ties every string constant in `symbol` to a name. */
  bind(symbol: Symbol_, kind: BindingKind, name: string, qualname = this.code.qualname): void {
    const seen = new Set<Symbol_>();
    const pending: { symbol: Symbol_; distance: Distance }[] = [{ symbol, distance: 'direct' }];
    let bound = 0;
    for (let at = pending.pop(); at && bound < MAX_BOUND; at = pending.pop()) {
      const { distance } = at;
      const inside = (symbols: readonly Symbol_[], how = distance): void => {
        for (let i = symbols.length - 1; i >= 0; i--) {
          pending.push({ symbol: symbols[i] as Symbol_, distance: how });
        }
      };
      const current = at.symbol;
      if (seen.has(current)) continue;
      seen.add(current);
      switch (current.k) {
        case 'constant': {
          const text = textOf(current.value);
          if (text !== undefined) {
            this.#record(
              current,
              { kind, name, value: text, qualname, line: current.line },
              distance,
            );
            bound++;
          } else inside(itemsOf(current) ?? []);
          break;
        }
        case 'sequence':
          inside(current.items);
          break;
        case 'map':
          inside(current.entries.map(([, value]) => value));
          break;
        case 'text':
          inside(current.parts);
          break;
        case 'binary':
          inside([current.left, current.right]);
          break;
        case 'either':
          inside(current.options);
          break;
        case 'call': {
          const wraps = current.args.length === 1 && current.keywords.length === 0;
          inside(current.args, wraps && distance !== 'far' ? 'wrapped' : 'far');
          inside(
            current.keywords.map(([, value]) => value),
            'far',
          );
          // "…".format(x), "…".encode(): the text is the receiver.
          if (current.callee.k === 'attribute') inside([current.callee.base], 'wrapped');
          break;
        }
      }
    }
  }

  /** Ties the values of a dictionary to its keys, where those are strings. */
  bindEntries(map: MapSymbol): void {
    for (const [key, value] of map.entries) {
      const name = key.k === 'constant' ? textOf(key.value) : undefined;
      if (key.k === 'constant') this.boundConstants.add(key.index);
      if (name !== undefined) this.bind(value, 'dict-value', name);
    }
  }

  #record(constant: ConstantSymbol, fact: Fact, distance: Distance): void {
    if (++this.#factCount > MAX_FACTS) return;
    this.boundConstants.add(constant.index);
    const facts = this.facts.get(constant);
    if (!facts) {
      this.facts.set(constant, [fact]);
      return;
    }
    // Keyword-only defaults and many keywords come in a dictionary that nobody wrote.
    const built = facts.findIndex(({ kind, name }) => kind === 'dict-value' && name === fact.name);
    if (built >= 0 && (fact.kind === 'default-argument' || fact.kind === 'keyword-argument')) {
      facts[built] = fact;
      return;
    }
    if (facts.length >= MAX_OPTIONS) return;
    if (facts.some((other) => other.kind === fact.kind && other.name === fact.name)) return;
    // password = SecretStr("…"): the variable says more than the wrapper's name.
    const weak = facts.findIndex(({ kind }) => kind === 'argument' || kind === 'returned');
    if (distance !== 'far' && weak >= 0 && fact.kind !== 'argument' && fact.kind !== 'returned') {
      facts.splice(weak, 0, fact);
    } else facts.push(fact);
  }

  #arrive(offset: number, handlers: ReadonlyMap<number, number>): void {
    const saved = this.#saved.get(offset);
    const handler = handlers.get(offset);
    if (saved) {
      this.#saved.delete(offset);
      this.stack = this.#dead ? saved : merge(saved, this.stack);
      this.#dead = false;
    } else if (handler !== undefined && this.#dead) {
      this.stack = new Array<Symbol_>(Math.min(Math.max(handler, 0), this.#deepest)).fill(
        UNKNOWN_SYMBOL,
      );
      this.#dead = false;
    }
  }

  #effect(opcode: number, argument: number): void {
    const effect = this.opcodes.effects[opcode];
    const net = effect ? effect.base + effect.step * argument : 0;
    if (net < 0) this.popMany(-net);
    else for (let i = 0; i < Math.min(net, STACK_SLACK); i++) this.push(UNKNOWN_SYMBOL);
  }
}

/** Two stacks that meet: values that differ become alternatives; unlike lengths keep the saved one. */
function merge(a: Symbol_[], b: Symbol_[]): Symbol_[] {
  if (a.length !== b.length) return a.length > b.length ? a : b;
  return a.map((left, i) => {
    const right = b[i] as Symbol_;
    if (left === right || right.k === 'unknown' || right === NULL_SYMBOL) return left;
    if (left.k === 'unknown') return right;
    const options = [...optionsOf(left), ...optionsOf(right)];
    return { k: 'either', options: [...new Set(options)].slice(0, MAX_OPTIONS) };
  });
}

function optionsOf(symbol: Symbol_): Symbol_[] {
  return symbol.k === 'either' ? symbol.options : [symbol];
}
