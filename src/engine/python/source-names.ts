/** Whether source text can be what a module was compiled from, by the names that both must have. */
import { type CodeObject, isCode } from './values.ts';

const WORD = /[\p{L}_][\p{L}\p{N}_]*/gu;
const MOST_MISSING = 20;

/**
 * Identifiers of the code that stand nowhere in the source: names, parameters, functions. A few may be the
 * compiler's own; those it is known to make are left out. At most 20, empty where the source may be the one.
 */
export function namesMissingFrom(module: CodeObject, source: string): string[] {
  const words = new Set(source.match(WORD));
  const missing = new Set<string>();
  const seen = new Set<CodeObject>([module]);
  const stack: CodeObject[] = [module];
  for (let code = stack.pop(); code && missing.size < MOST_MISSING; code = stack.pop()) {
    for (const name of [code.name, ...code.names, ...code.localNames]) {
      for (const part of name.split('.')) if (isMissing(part, words)) missing.add(part);
    }
    for (const constant of code.constants) {
      if (!isCode(constant) || seen.has(constant)) continue;
      seen.add(constant);
      stack.push(constant);
    }
  }
  return [...missing].slice(0, MOST_MISSING);
}

function isMissing(name: string, words: ReadonlySet<string>): boolean {
  // `.0`, `<listcomp>`, `__doc__`, `_[1]` are the compiler's; pytest writes `@pytest_ar` into what it compiles.
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) || /^__\w*__$/.test(name) || /^_*$/.test(name))
    return false;
  if (words.has(name) || words.has(name.normalize('NFC'))) return false;
  // `__private` in class `C` is `_C__private` in its code.
  const mangled = /^_\p{L}[\p{L}\p{N}_]*?(__[\p{L}\p{N}_]+)$/u.exec(name);
  return !(mangled && words.has(mangled[1] as string));
}
