/** Values as Python would write them, bounded: a shared value may be nested without end. */
import { PyBytes, type Value } from './values.ts';

const MAX_DEPTH = 20;

/** What is left to be written; a shared value costs each time. */
interface Budget {
  characters: number;
}

/** The source text of a value; what is longer than `most` characters is cut with `…`. */
export function repr(value: Value, most = 4000): string {
  return write(value, 0, { characters: most });
}

function write(value: Value, depth: number, budget: Budget): string {
  const text = scalar(value, budget);
  if (text !== undefined) {
    budget.characters -= text.length + 2;
    return text;
  }
  budget.characters -= 2;
  if (depth > MAX_DEPTH || budget.characters < 0) return '…';
  const inner = depth + 1;
  const container = value as Exclude<Value, null | boolean | number | bigint | string | PyBytes>;
  switch (container.kind) {
    case 'tuple': {
      const items = list(container.items, inner, budget);
      return container.items.length === 1 ? `(${items},)` : `(${items})`;
    }
    case 'list':
      return `[${list(container.items, inner, budget)}]`;
    case 'set':
      return container.items.length > 0 ? `{${list(container.items, inner, budget)}}` : 'set()';
    case 'frozenset':
      return container.items.length > 0
        ? `frozenset({${list(container.items, inner, budget)}})`
        : 'frozenset()';
    case 'slice': {
      const [start = null, stop = null, step = null] = container.parts;
      return `slice(${list([start, stop, step], inner, budget)})`;
    }
    case 'dict':
    case 'frozendict': {
      const parts: string[] = [];
      for (const [key, item] of container.entries) {
        if (budget.characters < 0) {
          parts.push('…');
          break;
        }
        parts.push(`${write(key, inner, budget)}: ${write(item, inner, budget)}`);
      }
      const body = `{${parts.join(', ')}}`;
      return container.kind === 'dict' ? body : `frozendict(${body})`;
    }
    default:
      return '?';
  }
}

function scalar(value: Value, budget: Budget): string | undefined {
  if (value === null) return 'None';
  switch (typeof value) {
    case 'boolean':
      return value ? 'True' : 'False';
    case 'number':
      return String(value);
    case 'bigint':
      return bigText(value);
    case 'string':
      return quote(value, budget.characters);
  }
  switch (value.kind) {
    case 'float':
      return floatText(value.value);
    case 'complex':
      return complexText(value.real, value.imaginary);
    case 'bytes':
      return bytesLiteral(value, budget.characters);
    case 'code':
      return `<code object ${value.qualname || value.name}, line ${value.firstLine}>`;
    case 'ellipsis':
      return 'Ellipsis';
    case 'stop-iteration':
      return 'StopIteration';
    case 'unknown':
      return '?';
  }
  return undefined;
}

function list(items: readonly Value[], depth: number, budget: Budget): string {
  const parts: string[] = [];
  for (const item of items) {
    if (budget.characters < 0) {
      parts.push('…');
      break;
    }
    parts.push(write(item, depth, budget));
  }
  return parts.join(', ');
}

/** Past Python's own limit of 4,300 digits a number is written in hexadecimal, which takes linear time. */
function bigText(value: bigint): string {
  const hex = value.toString(16);
  if (hex.length < 3500) return value.toString();
  return hex.startsWith('-') ? `-0x${hex.slice(1)}` : `0x${hex}`;
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [digits = '', exponent = ''] = value.toExponential().split('e');
    return `${digits}e${exponent[0] ?? '+'}${exponent.slice(1).padStart(2, '0')}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

function complexText(real: number, imaginary: number): string {
  const part = (value: number): string => floatText(value).replace(/\.0$/, '');
  if (real === 0 && !Object.is(real, -0)) return `${part(imaginary)}j`;
  const sign = imaginary < 0 || Object.is(imaginary, -0) ? '' : '+';
  return `(${part(real)}${sign}${part(imaginary)}j)`;
}

/** Characters that a terminal or a page would not show, or would show as another text. */
const UNPRINTABLE =
  /[\\'"\x00-\x1f\x7f-\xa0\xad]|[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Zl}\p{Zp}]|(?! )\p{Zs}|[\ud800-\udfff]/gu;
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function quote(text: string, most: number): string {
  const cut = text.length > most ? `${text.slice(0, Math.max(0, most))}…` : text;
  const mark = cut.includes("'") && !cut.includes('"') ? '"' : "'";
  const escaped = cut.replace(UNPRINTABLE, (character) => {
    if (character === '"' || character === "'") {
      return character === mark ? `\\${character}` : character;
    }
    const code = character.codePointAt(0) ?? 0;
    if (code > 0xffff) return `\\U${code.toString(16).padStart(8, '0')}`;
    if (code > 0xff) return `\\u${code.toString(16).padStart(4, '0')}`;
    return ESCAPES[character] ?? `\\x${code.toString(16).padStart(2, '0')}`;
  });
  return mark + escaped + mark;
}

function bytesLiteral({ data, start, end }: PyBytes, most: number): string {
  const stop = Math.min(end, start + Math.max(0, most));
  const stretch = data.subarray(start, stop);
  const mark = stretch.includes(0x27) && !stretch.includes(0x22) ? '"' : "'";
  let text = '';
  for (const byte of stretch) {
    const character = String.fromCharCode(byte);
    if (character === mark) text += `\\${mark}`;
    else if (ESCAPES[character] !== undefined) text += ESCAPES[character];
    else if (byte >= 0x20 && byte < 0x7f) text += character;
    else text += `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return `b${mark}${text}${stop < end ? '…' : ''}${mark}`;
}
