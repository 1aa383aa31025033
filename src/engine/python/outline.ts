/** A module as a person reads it: its functions and classes, their signatures as the bytecode holds them. */
import type { Binding } from './binding.ts';
import { bindingsOf, type DefaultValues } from './bindings.ts';
import { decodePyc, type PycHeader } from './pyc.ts';
import { repr } from './repr.ts';
import { type CodeObject, isCode } from './values.ts';
import { versionName } from './version.ts';

/** A parameter and its default, as source text. */
export interface Parameter {
  /** With its star, where it has one; `/` and `*` stand for themselves. */
  name: string;
  default: string | undefined;
}

/** One code object. */
export interface OutlineItem {
  qualname: string;
  kind: 'module' | 'class' | 'function' | 'lambda' | 'comprehension';
  async: boolean;
  parameters: Parameter[];
  firstLine: number;
  depth: number;
  /** Its constants, code objects left out. */
  constants: { index: number; text: string }[];
}

/** A `.pyc` ready to be shown. */
export interface ModuleOutline {
  version: string;
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

/** Decodes a `.pyc` for the viewer. Never throws. */
export function outlineOf(bytes: Uint8Array): ModuleOutline {
  const { version, header, code, error } = decodePyc(bytes);
  const outline: ModuleOutline = {
    version: versionName(version),
    header,
    error,
    fileName: code?.fileName ?? '',
    items: [],
    bindings: [],
  };
  if (!code) return outline;
  const defaults: DefaultValues = new Map();
  outline.bindings = bindingsOf(code, version, defaults);
  const seen = new Set<CodeObject>();
  const stack: { code: CodeObject; depth: number }[] = [{ code, depth: 0 }];
  for (let at = stack.pop(); at && outline.items.length < MAX_ITEMS; at = stack.pop()) {
    if (seen.has(at.code)) continue;
    seen.add(at.code);
    outline.items.push(itemOf(at.code, at.depth, defaults));
    const depth = at.depth + 1;
    const inner = at.code.constants.filter(isCode).map((nested) => ({ code: nested, depth }));
    stack.push(...inner.reverse());
  }
  return outline;
}

function itemOf(code: CodeObject, depth: number, defaults: DefaultValues): OutlineItem {
  const kind = kindOf(code, depth);
  return {
    qualname: code.qualname || code.name,
    kind,
    async: (code.flags & COROUTINE) !== 0,
    parameters:
      kind === 'function' || kind === 'lambda' ? parameters(code, defaults.get(code)) : [],
    firstLine: code.firstLine,
    depth,
    constants: code.constants.flatMap((value, index) =>
      isCode(value) ? [] : [{ index, text: repr(value) }],
    ),
  };
}

function kindOf(code: CodeObject, depth: number): OutlineItem['kind'] {
  if (depth === 0) return 'module';
  if (code.name === '<lambda>') return 'lambda';
  if (code.name.startsWith('<')) return 'comprehension';
  return (code.flags & OPTIMIZED) !== 0 ? 'function' : 'class';
}

function parameters(
  code: CodeObject,
  defaults: ReadonlyMap<string, string> | undefined,
): Parameter[] {
  const out: Parameter[] = [];
  const named = (name: string): Parameter => ({ name, default: defaults?.get(name) });
  const { localNames, argCount, positionalOnlyCount, keywordOnlyCount, flags } = code;
  const firstKeyword = Math.min(argCount, localNames.length);
  localNames.slice(0, firstKeyword).forEach((name, i) => {
    out.push(named(name));
    if (i + 1 === positionalOnlyCount) out.push({ name: '/', default: undefined });
  });
  const keywordOnly = localNames.slice(argCount, argCount + keywordOnlyCount);
  let next = argCount + keywordOnlyCount;
  if (flags & VARARGS) out.push({ name: `*${localNames[next++] ?? 'args'}`, default: undefined });
  else if (keywordOnly.length > 0) out.push({ name: '*', default: undefined });
  out.push(...keywordOnly.map(named));
  if (flags & VARKEYWORDS)
    out.push({ name: `**${localNames[next] ?? 'kwargs'}`, default: undefined });
  return out;
}
