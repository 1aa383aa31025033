/** How a constant of bytecode is bound, and how it compares with the source, as words behind its place. */
import type { FindingCategory, PythonPlace } from './report.ts';

/**
 * Behind a place of bytecode: `default of the parameter token of Client.open, as in its source app/client.py`. Of a
 * finding that is about the bytecode itself, and no constant in it, only how it compares.
 */
export function bindingText(python: PythonPlace, category: FindingCategory): string {
  const bound = category === 'bytecode' ? '' : boundTo(python);
  return [bound, comparedWith(python)].filter((text) => text !== '').join(', ');
}

/** `default of the parameter token of Client.open`. */
export function boundTo({ binding, name, qualname }: PythonPlace): string {
  const where = qualname === '<module>' || qualname === '' ? 'at module level' : `in ${qualname}`;
  switch (binding) {
    case 'default-argument':
      return `default of the parameter ${name} of ${qualname}`;
    case 'keyword-argument':
      return `passed as ${name}= ${where}`;
    case 'variable':
      return `assigned to ${name} ${where}`;
    case 'attribute':
      return `assigned to the attribute ${name} ${where}`;
    case 'subscript':
    case 'dict-value':
      return `value of the key "${name}" ${where}`;
    case 'comparison':
      return `compared with ${name} ${where}`;
    case 'url':
      return name === '' ? `in a URL ${where}` : `in a URL with the user ${name} ${where}`;
    case 'argument':
      return `passed to ${name}() ${where}`;
    case 'returned':
      return name === '' ? `returned ${where}` : `returned by ${name} ${where}`;
    case 'docstring':
      return `in a docstring ${where}`;
    case 'unreferenced':
      return `a constant that no code uses ${where}`;
    case 'none':
      return `a constant ${where}`;
  }
}

function comparedWith({ source, sourcePath }: PythonPlace): string {
  const path = sourcePath === undefined ? '' : ` ${sourcePath}`;
  switch (source) {
    case 'same':
      return `as in its source${path}`;
    case 'differs':
      return `DIFFERS from its source${path}`;
    case 'missing':
      return 'without its source';
    case 'unknown':
      return '';
  }
}
