/** Qualified names for versions that do not store them (before 3.11), as PEP 3155 would have it. */
import { type CodeObject, isCode } from './values.ts';

const OPTIMIZED = 0x1; // set in functions, clear in class bodies and modules

/** Gives every code object below the module's a `qualname`, where it has none of its own. */
export function nameCodes(module: CodeObject): void {
  if (module.qualname === '') module.qualname = '<module>';
  const seen = new Set<CodeObject>([module]);
  const stack: CodeObject[] = [module];
  for (let parent = stack.pop(); parent; parent = stack.pop()) {
    for (const constant of parent.constants) {
      if (!isCode(constant) || seen.has(constant)) continue;
      seen.add(constant);
      if (constant.qualname === '') constant.qualname = join(parent, constant.name);
      stack.push(constant);
    }
  }
}

function join(parent: CodeObject, name: string): string {
  if (parent.qualname === '<module>') return name;
  return (parent.flags & OPTIMIZED) !== 0
    ? `${parent.qualname}.<locals>.${name}`
    : `${parent.qualname}.${name}`;
}
