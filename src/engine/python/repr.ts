/** Values as Python would write them, bounded: a shared value may be nested without end. */
import type { Value } from './values.ts';

const MAX_DEPTH = 6;
const MAX_ITEMS = 100;
const MAX_TEXT = 4000;

/** The source text of a value; long ones are cut with `…`. */
export function repr(value: Value, depth = 0): string {
  if (value === null) return 'None';
  switch (typeof value) {
    case 'boolean':
      return value ? 'True' : 'False';
    case 'number':
    case 'bigint':
      return String(value);
    case 'string':
      return quote(value);
  }
  if (depth > MAX_DEPTH) return '…';
  switch (value.kind) {
    case 'tuple': {
      const items = list(value.items, depth);
      return value.items.length === 1 ? `(${items},)` : `(${items})`;
    }
    case 'list':
      return `[${list(value.items, depth)}]`;
    case 'set':
      return value.items.length > 0 ? `{${list(value.items, depth)}}` : 'set()';
    case 'frozenset':
      return `frozenset({${list(value.items, depth)}})`;
    case 'dict':
    case 'frozendict': {
      const entries = value.entries.slice(0, MAX_ITEMS);
      const text = entries
        .map(([key, item]) => `${repr(key, depth + 1)}: ${repr(item, depth + 1)}`)
        .join(', ');
      return value.kind === 'dict' ? `{${text}}` : `frozendict({${text}})`;
    }
    case 'float':
      return floatText(value.value);
    case 'complex':
      return `(${floatText(value.real)}+${floatText(value.imaginary)}j)`;
    case 'slice':
      return `slice(${value.parts.map((part) => repr(part, depth + 1)).join(', ')})`;
    case 'bytes':
      return bytesLiteral(value.bytes);
    case 'code':
      return `<code object ${value.qualname || value.name}, line ${value.firstLine}>`;
    case 'ellipsis':
      return 'Ellipsis';
    case 'stop-iteration':
      return 'StopIteration';
    default:
      return '?';
  }
}

function list(items: readonly Value[], depth: number): string {
  const shown = items.slice(0, MAX_ITEMS).map((item) => repr(item, depth + 1));
  return (items.length > MAX_ITEMS ? [...shown, '…'] : shown).join(', ');
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : String(value);
}

function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const cut = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  const escaped = cut.replace(
    /[\\\n\r\t\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|["']/g,
    (character) => {
      if (character === '"' || character === "'")
        return character === mark ? `\\${character}` : character;
      return ESCAPES[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
    },
  );
  return mark + escaped + mark;
}

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function bytesLiteral(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes.subarray(0, MAX_TEXT)) {
    if (byte === 0x5c) text += '\\\\';
    else if (byte === 0x27) text += "\\'";
    else if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte);
    else text += `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return `b'${text}${bytes.length > MAX_TEXT ? '…' : ''}'`;
}
