/** A module as a person reads it: its functions and classes, their signatures as the bytecode holds them. */
import type { Binding, BindingKind } from './binding.ts';
import { bindingsOf, type FunctionValues, hasDocstring } from './bindings.ts';
import { disassemble, type DisassemblyRow } from './disassembly.ts';
import { decodePyc, type PycHeader, type PycModule, salvagedBindings } from './pyc.ts';
import { repr } from './repr.ts';
import { type CodeObject, isCode, textOf } from './values.ts';
import { versionName } from './version.ts';

/** A parameter and its default, as source text. */
export interface Parameter {
  /** With its star, where it has one; `/` and `*` stand for themselves. */
  name: string;
  default: string | undefined;
  /** As far as the bytecode holds it; not from 3.14 on, where it is computed when asked for. */
  annotation: string | undefined;
}

/** A constant and what it is bound to. */
export interface OutlineConstant {
  index: number;
  text: string;
  /** Line of the instruction that loads it; 0 where there is none. */
  line: number;
  /** Its names, nearest first; empty for what is no string. */
  names: { kind: BindingKind; name: string }[];
}

/** One code object. */
export interface OutlineItem {
  qualname: string;
  kind: 'module' | 'class' | 'function' | 'lambda' | 'comprehension';
  async: boolean;
  parameters: Parameter[];
  /** The result's annotation. */
  returns: string | undefined;
  docstring: string | undefined;
  /** `co_flags` in the compiler's words: `OPTIMIZED`, `GENERATOR`, … */
  flags: string[];
  firstLine: number;
  depth: number;
  /** Its constants, code objects left out. */
  constants: OutlineConstant[];
}

/** A `.pyc` ready to be shown. */
export interface ModuleOutline {
  version: string;
  /** Whether the version was told by the code alone. */
  guessed: boolean;
  header: PycHeader;
  /** Why decoding stopped early, as part of a sentence. */
  error: string | undefined;
  /** `co_filename`. */
  fileName: string;
  items: OutlineItem[];
  bindings: Binding[];
}

const VARARGS = 0x4;
const VARKEYWORDS = 0x8;
const OPTIMIZED = 0x1;
const COROUTINE = 0x80 | 0x200;
const MAX_ITEMS = 20_000;
const MAX_CONSTANTS = 200_000;

const FLAGS: readonly (readonly [bit: number, name: string])[] = [
  [0x1, 'OPTIMIZED'],
  [0x2, 'NEWLOCALS'],
  [0x4, 'VARARGS'],
  [0x8, 'VARKEYWORDS'],
  [0x10, 'NESTED'],
  [0x20, 'GENERATOR'],
  [0x40, 'NOFREE'],
  [0x80, 'COROUTINE'],
  [0x100, 'ITERABLE_COROUTINE'],
  [0x200, 'ASYNC_GENERATOR'],
  [0x4000000, 'HAS_DOCSTRING'],
  [0x8000000, 'METHOD'],
];

/** Decodes a `.pyc` for the viewer. Never throws. */
export function outlineOf(bytes: Uint8Array): ModuleOutline {
  const module = decodePyc(bytes);
  const { version, guessed, header, code, error } = module;
  const outline: ModuleOutline = {
    version: versionName(version),
    guessed,
    header,
    error,
    fileName: code?.fileName ?? '',
    items: [],
    bindings: [],
  };
  if (code) {
    const functions: FunctionValues = {
      defaults: new Map(),
      annotations: new Map(),
      bindings: new Map(),
    };
    outline.bindings = bindingsOf(code, version, { functions });
    let constants = 0;
    for (const { code: at, depth } of codesInOrder(code)) {
      const item = itemOf(module, at, depth, functions, constants < MAX_CONSTANTS);
      constants += item.constants.length;
      outline.items.push(item);
    }
  }
  outline.bindings.push(...salvagedBindings(module));
  return outline;
}

/** The instructions of an outline's item, by its place among the items. Empty where there is no such item. */
export function disassemblyOf(bytes: Uint8Array, item: number): DisassemblyRow[] {
  const { version, code } = decodePyc(bytes);
  const at = code && codesInOrder(code)[item];
  return at ? disassemble(at.code, version) : [];
}

/** Every code object once, each before what is nested in it. */
function codesInOrder(module: CodeObject): { code: CodeObject; depth: number }[] {
  const out: { code: CodeObject; depth: number }[] = [];
  const seen = new Set<CodeObject>();
  const stack = [{ code: module, depth: 0 }];
  for (let at = stack.pop(); at && out.length < MAX_ITEMS; at = stack.pop()) {
    if (seen.has(at.code)) continue;
    seen.add(at.code);
    out.push(at);
    const depth = at.depth + 1;
    const { constants } = at.code;
    for (let i = constants.length - 1; i >= 0; i--) {
      const nested = constants[i];
      if (isCode(nested) && !seen.has(nested)) stack.push({ code: nested, depth });
    }
  }
  return out;
}

function itemOf(
  module: PycModule,
  code: CodeObject,
  depth: number,
  functions: FunctionValues,
  withConstants: boolean,
): OutlineItem {
  const kind = kindOf(code, depth);
  const callable = kind === 'function' || kind === 'lambda';
  const bindings = functions.bindings.get(code) ?? [];
  return {
    qualname: code.qualname || code.name,
    kind,
    async: (code.flags & COROUTINE) !== 0,
    parameters: callable ? parameters(code, functions) : [],
    returns: functions.annotations.get(code)?.get('return'),
    docstring: hasDocstring(code, module.version)
      ? textOf(code.constants[0])
      : bindings.find((binding) => binding.kind === 'docstring')?.value,
    flags: FLAGS.filter(([bit]) => (code.flags & bit) !== 0).map(([, name]) => name),
    firstLine: code.firstLine,
    depth,
    constants: withConstants ? constantsOf(code, bindings) : [],
  };
}

function constantsOf(code: CodeObject, bindings: readonly Binding[]): OutlineConstant[] {
  const bound = new Map<number, Binding>();
  for (const binding of bindings) if (!bound.has(binding.index)) bound.set(binding.index, binding);
  return code.constants.slice(0, MAX_ITEMS).flatMap((value, index): OutlineConstant[] => {
    if (isCode(value)) return [];
    const binding = bound.get(index);
    const names = binding
      ? [{ kind: binding.kind, name: binding.name }, ...binding.others].filter(
          ({ kind }) => kind !== 'none',
        )
      : [];
    return [{ index, text: repr(value), line: binding?.line ?? 0, names }];
  });
}

function kindOf(code: CodeObject, depth: number): OutlineItem['kind'] {
  if (depth === 0) return 'module';
  if (code.name === '<lambda>') return 'lambda';
  if (code.name.startsWith('<')) return 'comprehension';
  return (code.flags & OPTIMIZED) !== 0 ? 'function' : 'class';
}

function parameters(code: CodeObject, functions: FunctionValues): Parameter[] {
  const out: Parameter[] = [];
  const defaults = functions.defaults.get(code);
  const annotations = functions.annotations.get(code);
  const named = (name: string): Parameter => ({
    name,
    default: defaults?.get(name),
    annotation: annotations?.get(name),
  });
  const mark = (name: string): Parameter => ({ name, default: undefined, annotation: undefined });
  const starred = (star: string, name: string): Parameter => ({
    ...mark(star + name),
    annotation: annotations?.get(name),
  });
  const { localNames, argCount, positionalOnlyCount, keywordOnlyCount, flags } = code;
  localNames.slice(0, Math.max(0, argCount)).forEach((name, i) => {
    out.push(named(name));
    if (i + 1 === positionalOnlyCount) out.push(mark('/'));
  });
  const keywordOnly = localNames.slice(argCount, argCount + keywordOnlyCount);
  let next = argCount + keywordOnlyCount;
  if (flags & VARARGS) out.push(starred('*', localNames[next++] ?? 'args'));
  else if (keywordOnly.length > 0) out.push(mark('*'));
  out.push(...keywordOnly.map(named));
  if (flags & VARKEYWORDS) out.push(starred('**', localNames[next] ?? 'kwargs'));
  return out;
}
