/** Whether source text can be what a module was compiled from, by the names that both must have. */
import { type CodeObject, isCode } from './values.ts';

const WORD = /[\p{XIDS}_]\p{XIDC}*/gu;
const MOST_MISSING = 20;

/**
 * Identifiers of the code that stand nowhere in the source: names, parameters, functions. A few may be the
 * compiler's own; those it is known to make are left out. At most 20, empty where the source may be the one.
 */
export function namesMissingFrom(module: CodeObject, source: string): string[] {
  const words = wordsOf(source);
  const missing = new Set<string>();
  const seen = new Set<CodeObject>([module]);
  const stack: CodeObject[] = [module];
  for (let code = stack.pop(); code && missing.size < MOST_MISSING; code = stack.pop()) {
    for (const name of [code.name, ...code.names, ...code.localNames]) {
      // `.generic_base`, `.defaults` are the compiler's; a module's name has its dots inside.
      if (name.startsWith('.')) continue;
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

/** The identifiers of a source, as they stand there and as Python reads them (PEP 3131). */
function wordsOf(source: string): Set<string> {
  const words = new Set<string>(source.match(WORD));
  for (const word of words) if (/[^\x20-\x7e]/.test(word)) words.add(word.normalize('NFKC'));
  return words;
}

function isMissing(name: string, words: ReadonlySet<string>): boolean {
  // `<listcomp>`, `__doc__`, `_[1]` are the compiler's; pytest writes `@pytest_ar` into what it compiles.
  if (!/^[\p{XIDS}_]\p{XIDC}*$/u.test(name) || /^__\w*__$/.test(name) || /^_*$/.test(name))
    return false;
  if (words.has(name)) return false;
  // `__private` in class `C` is `_C__private` in its code.
  const mangled = /^_\p{XIDS}\p{XIDC}*?(__\p{XIDC}+)$/u.exec(name);
  return !(mangled && words.has(mangled[1] as string));
}
