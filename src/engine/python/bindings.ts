/**
 * What ties each string constant of a code object to a name: the heart of reading bytecode as source.
 *
 * Binding kinds are those of the findings report. A constant may be tied to several names
 * (`client = Github(access_token="…")`); the nearest is the binding, the others are kept as evidence.
 */
import type { Binding, BindingKind } from './binding.ts';
import { decodeInstructions } from './instructions.ts';
import { decodeLines } from './lines.ts';
import { OPERATIONS } from './operations.ts';
import { opcodesFor } from './opcodes.ts';
import { StackWalk } from './stack-walk.ts';
import { type CodeObject, isCode, isSequence, textOf, type Value } from './values.ts';
import type { PythonVersion } from './version.ts';

const MAX_FLATTENED = 4096;

/** Default values by parameter, as source text, for each function that is made with some. */
export type DefaultValues = Map<CodeObject, Map<string, string>>;

/**
 * Every binding in a module, in the order of the code. Never throws; damaged code gives what it can.
 * `defaults`, where given, collects the functions' default values too.
 */
export function bindingsOf(
  module: CodeObject,
  version: PythonVersion,
  defaults?: DefaultValues,
): Binding[] {
  const bindings: Binding[] = [];
  const seen = new Set<CodeObject>([module]);
  const queue: CodeObject[] = [module];
  for (let code = queue.shift(); code; code = queue.shift()) {
    bindCode(code, version, bindings, defaults);
    for (const constant of code.constants) {
      if (!isCode(constant) || seen.has(constant)) continue;
      seen.add(constant);
      queue.push(constant);
    }
  }
  return bindings;
}

function bindCode(
  code: CodeObject,
  version: PythonVersion,
  out: Binding[],
  defaults: DefaultValues | undefined,
): void {
  const opcodes = opcodesFor(version);
  const walk = new StackWalk(
    code,
    version,
    opcodes,
    decodeInstructions(code.bytecode, opcodes),
    decodeLines(code, version),
  );
  // The annotations function of 3.14 holds annotations' own strings, which bind nothing.
  const annotations = code.name === '__annotate__' && walk.v >= 314;
  if (!annotations) walk.run(OPERATIONS);
  for (const [made, values] of walk.defaults) defaults?.set(made, values);
  const reported = new Set<string>();
  for (const fact of walk.facts.values()) {
    const [nearest, ...others] = fact;
    if (!nearest) continue;
    // Bodies of `finally` are compiled twice.
    const key = `${nearest.kind} ${nearest.name} ${nearest.line} ${nearest.value}`;
    if (reported.has(key)) continue;
    reported.add(key);
    out.push({
      value: nearest.value,
      kind: nearest.kind,
      name: nearest.name,
      qualname: nearest.qualname,
      line: nearest.line,
      others: others.map(({ kind, name }) => ({ kind, name })),
    });
  }
  unboundConstants(code, walk, out, annotations);
}

/** Constants that are loaded but bound to nothing, and those that no instruction loads. */
function unboundConstants(code: CodeObject, walk: StackWalk, out: Binding[], used: boolean): void {
  const docstring = docstringOf(code, walk.version);
  const bound = new Set([...walk.facts.values()].map(([nearest]) => nearest?.value));
  code.constants.forEach((constant, index) => {
    if (walk.boundConstants.has(index)) return;
    const loaded = walk.loadedConstants.get(index);
    const kind: BindingKind =
      docstring && index === 0
        ? 'docstring'
        : loaded === undefined && !used
          ? 'unreferenced'
          : 'none';
    const texts = flatten(constant);
    for (const value of texts) {
      // Parts of a folded tuple stay behind in the constants: the tuple's own binding says it all.
      if (kind === 'unreferenced' && bound.has(value)) continue;
      out.push({
        value,
        kind,
        name: '',
        qualname: code.qualname,
        line: loaded ?? code.firstLine,
        others: [],
      });
    }
  });
}

const FUNCTION = 0x1 | 0x2; // CO_OPTIMIZED | CO_NEWLOCALS
const HAS_DOCSTRING = 0x4000000; // 3.13+

function docstringOf(code: CodeObject, version: PythonVersion): boolean {
  if ((code.flags & FUNCTION) !== FUNCTION || textOf(code.constants[0]) === undefined) return false;
  // In Python 3 bytes are no docstring; in Python 2 they are the only one.
  if (version.major >= 3 && typeof code.constants[0] !== 'string') return false;
  const explicit =
    version.major === 3 && version.minor >= 14 && version.implementation === 'cpython';
  return explicit ? (code.flags & HAS_DOCSTRING) !== 0 : !code.name.startsWith('<');
}

/** The strings in a constant, containers opened, up to a bound; code objects are not entered. */
export function flatten(constant: Value): string[] {
  const text = textOf(constant);
  if (text !== undefined) return [text];
  if (!isSequence(constant)) return [];
  const out: string[] = [];
  const seen = new Set<Value>([constant]);
  const stack: Value[] = [...constant.items].reverse();
  while (stack.length > 0 && out.length < MAX_FLATTENED) {
    const value = stack.pop() as Value;
    const inner = textOf(value);
    if (inner !== undefined) out.push(inner);
    else if (isSequence(value) && !seen.has(value)) {
      seen.add(value);
      for (let i = value.items.length - 1; i >= 0; i--) stack.push(value.items[i] as Value);
    }
  }
  return out;
}
