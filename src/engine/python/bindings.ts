/**
 * What ties each string constant of a code object to a name: the heart of reading bytecode as source.
 *
 * Binding kinds are those of the findings report. A constant may be tied to several names
 * (`client = Github(access_token="…")`); the nearest is the binding, the others are kept as evidence.
 */
import type { Binding, BindingKind } from './binding.ts';
import { decodeLines, lineAt, type LineTable } from './lines.ts';
import { operationsFor } from './operations.ts';
import { opcodesFor } from './opcodes.ts';
import { pairedTexts } from './pairs.ts';
import { repr } from './repr.ts';
import { StackWalk } from './stack-walk.ts';
import { CONSTANT, type Fact, type Symbol_ } from './symbols.ts';
import { type CodeObject, isCode, PyBytes, type Value } from './values.ts';
import type { PythonVersion } from './version.ts';

/** Default values and annotations by parameter, as source text, for each function that is made with some. */
export interface FunctionValues {
  defaults: Map<CodeObject, Map<string, string>>;
  /** `return` stands for the result's. */
  annotations: Map<CodeObject, Map<string, string>>;
  /** Bindings of the constants that stand in each code object. */
  bindings: Map<CodeObject, Binding[]>;
}

/** What may be asked of `bindingsOf` besides. */
export interface BindingOptions {
  /** Collects what functions are made with. */
  functions?: FunctionValues;
  /** The code objects of interest: the others are passed over whole, which makes reading many modules much faster. */
  wanted?: ReadonlySet<CodeObject>;
}

const NO_OTHERS: Binding['others'] = [];

/** Every binding in a module, in the order of the code. Never throws; damaged code gives what it can. */
export function bindingsOf(
  module: CodeObject,
  version: PythonVersion,
  options: BindingOptions = {},
): Binding[] {
  const opcodes = opcodesFor(version);
  const queue: CodeObject[] = [module];
  const seen = new Set<CodeObject>(queue);
  let size = 0;
  for (let next = 0; next < queue.length; next++) {
    const code = queue[next] as CodeObject;
    size += code.code ? code.code.end - code.code.start : 0;
    for (const constant of code.constants) {
      if (!isCode(constant) || seen.has(constant)) continue;
      seen.add(constant);
      queue.push(constant);
    }
  }
  const collects = options.functions !== undefined;
  const walk = new StackWalk(module, version, opcodes, operationsFor(opcodes), size, collects);
  const out: Binding[] = [];
  for (const code of queue) {
    if (options.wanted && !options.wanted.has(code)) continue;
    const from = out.length;
    bindCode(walk, code, out, seen.size > 1);
    if (options.functions && out.length > from) {
      options.functions.bindings.set(code, out.slice(from));
    }
  }
  if (options.functions) {
    written(walk.defaults, options.functions.defaults);
    written(walk.annotations, options.functions.annotations);
  }
  return out;
}

function written(
  from: ReadonlyMap<CodeObject, ReadonlyMap<string, Symbol_>>,
  to: Map<CodeObject, Map<string, string>>,
): void {
  for (const [code, values] of from) {
    const texts = new Map<string, string>();
    for (const [name, symbol] of values) {
      const { value } = symbol;
      texts.set(name, symbol.k === CONSTANT ? repr(value ?? null) : symbol.label || '…');
    }
    to.set(code, texts);
  }
}

function bindCode(walk: StackWalk, code: CodeObject, out: Binding[], nested: boolean): void {
  const any = walk.enter(code);
  if (!any && !(walk.collects && nested)) return;
  const docstring = hasDocstring(code, walk.version);
  // The annotations function of 3.14 holds annotations' own strings, which bind nothing, and calls in them, which do.
  const annotations = code.name === '__annotate__' && walk.v >= 314;
  const only = docstring && onlyFirst(walk.texts);
  if (!only || walk.collects) walk.run();
  if (annotations) forgetAnnotations(walk);
  if (!any) return;
  const lines = new LazyLines(walk);
  if (walk.bound.length > 0) boundConstants(walk, lines, out);
  for (const { value, user, offset } of walk.urls) {
    const line = lines.at(offset);
    const { qualname } = code;
    out.push({ value, kind: 'url', name: user, qualname, line, others: NO_OTHERS, index: -1 });
  }
  for (const { value, name, offset } of walk.commands) {
    const line = lines.at(offset);
    const { qualname } = code;
    out.push({ value, kind: 'argument', name, qualname, line, others: NO_OTHERS, index: -1 });
  }
  unboundConstants(walk, lines, out, docstring, annotations);
}

/** Leaves of what annotations bind only what calls in them are given. */
function forgetAnnotations(walk: StackWalk): void {
  walk.bound = walk.bound.filter((symbol) => {
    const given = symbol.facts?.filter(
      ({ kind }) => kind === 'argument' || kind === 'keyword-argument',
    );
    symbol.facts = given;
    if (given && given.length > 0) return true;
    if (symbol.index >= 0) walk.settled[symbol.index] = 0;
    return false;
  });
}

function onlyFirst(texts: readonly (readonly string[])[]): boolean {
  for (let i = 1; i < texts.length; i++) if (texts[i]?.length !== 0) return false;
  return true;
}

/** The line table, decoded once something asks for a line. */
class LazyLines {
  #walk: StackWalk;
  #table: LineTable | undefined;

  constructor(walk: StackWalk) {
    this.#walk = walk;
  }

  at(offset: number): number {
    const walk = this.#walk;
    this.#table ??= decodeLines(walk.code, walk.version, walk.lineNumbers);
    return lineAt(this.#table, offset);
  }
}

function boundConstants(walk: StackWalk, lines: LazyLines, out: Binding[]): void {
  /** Bindings of the constants that are loaded several times. */
  let several: Map<number, Binding[]> | undefined;
  const paired = new Map<Value | undefined, ReadonlyMap<string, string> | undefined>();
  for (const symbol of walk.bound) {
    const { facts, index } = symbol;
    const nearest = facts?.[0];
    if (!nearest) continue;
    const { kind, name, qualname } = nearest;
    const line = lines.at(symbol.offset);
    const others =
      facts.length === 1 ? NO_OTHERS : facts.slice(1).map((o) => ({ kind: o.kind, name: o.name }));
    let before: Binding[] | undefined;
    if (walk.settled[index] !== 1) {
      several ??= new Map();
      before = several.get(index);
      if (!before) several.set(index, (before = []));
    }
    if (!paired.has(symbol.value))
      paired.set(symbol.value, pairedTexts(symbol.value, walk.paired.has(index)));
    const keys = paired.get(symbol.value);
    for (const value of symbol.texts) {
      const key = keys?.get(value);
      if (key !== undefined) {
        const farther = [{ kind, name }, ...others];
        out.push(inPair(key, { value, qualname, line, others: farther, index }));
        continue;
      }
      // Bodies of `finally` are compiled twice.
      const alike = before?.find(
        (b) => b.line === line && b.kind === kind && b.name === name && b.value === value,
      );
      if (alike) {
        if (others.length > 0) alike.others = together(alike.others, others);
        continue;
      }
      const binding: Binding = { value, kind, name, qualname, line, others, index };
      const call = callOf(facts);
      if (call) binding.call = call;
      if (nearest.beside) binding.beside = true;
      out.push(binding);
      if (before && before.length < MAX_ALIKE) before.push(binding);
    }
  }
}

/** What stands behind its name in a pair. */
function inPair(name: string, of: Omit<Binding, 'kind' | 'name'>): Binding {
  return { ...of, kind: 'dict-value', name, beside: true };
}

/** The call that a constant is handed to: of its names the last says most, since it is the dotted one. */
function callOf(facts: readonly Fact[]): Binding['call'] {
  let last: Fact | undefined;
  for (const fact of facts) if (fact.position !== undefined) last = fact;
  return last && { callee: last.name, argument: last.position as number };
}

const MAX_ALIKE = 64;
const MAX_OTHERS = 8;

function together(a: Binding['others'], b: Binding['others']): Binding['others'] {
  const news = b.filter(({ kind, name }) => !a.some((o) => o.kind === kind && o.name === name));
  return news.length === 0 ? a : [...a, ...news].slice(0, MAX_OTHERS);
}

/** Constants that are loaded but bound to nothing, and those that no instruction loads. */
function unboundConstants(
  walk: StackWalk,
  lines: LazyLines,
  out: Binding[],
  docstring: boolean,
  used: boolean,
): void {
  const { code, texts } = walk;
  const { qualname } = code;
  let bound: Set<string> | undefined;
  for (let index = 0; index < texts.length; index++) {
    const strings = texts[index] as readonly string[];
    if (strings.length === 0 || walk.settled[index] !== 0) continue;
    const loaded = walk.loaded[index] as number;
    const kind: BindingKind =
      docstring && index === 0 ? 'docstring' : loaded === 0 && !used ? 'unreferenced' : 'none';
    if (kind === 'unreferenced' && !bound) {
      bound = new Set(walk.bound.flatMap((symbol) => symbol.texts));
    }
    const line = loaded > 0 ? lines.at(loaded - 1) : code.firstLine;
    const keys =
      kind === 'none' ? pairedTexts(code.constants[index], walk.paired.has(index)) : undefined;
    for (const value of strings) {
      const key = keys?.get(value);
      if (key !== undefined) {
        out.push(inPair(key, { value, qualname, line, others: NO_OTHERS, index }));
        continue;
      }
      // Parts of a folded tuple stay behind in the constants: the tuple's own binding says it all.
      if (kind === 'unreferenced' && bound?.has(value)) continue;
      out.push({ value, kind, name: '', qualname, line, others: NO_OTHERS, index });
    }
  }
}

const FUNCTION = 0x1 | 0x2; // CO_OPTIMIZED | CO_NEWLOCALS
const HAS_DOCSTRING = 0x4000000; // 3.14+

/** Whether the first constant is the function's docstring. */
export function hasDocstring(code: CodeObject, version: PythonVersion): boolean {
  const first = code.constants[0];
  if ((code.flags & FUNCTION) !== FUNCTION) return false;
  // In Python 3 bytes are no docstring; in Python 2 they are the usual one.
  if (typeof first !== 'string' && !(version.major < 3 && first instanceof PyBytes)) return false;
  const explicit = version.major === 3 && version.minor >= 14 && version.implementation !== 'pypy';
  return explicit ? (code.flags & HAS_DOCSTRING) !== 0 : !code.name.startsWith('<');
}
