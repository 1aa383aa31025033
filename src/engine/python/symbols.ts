/** What the walk over bytecode knows of a value on the stack: where it came from, not what it will be. */
import { type CodeObject, isSequence, type Value } from './values.ts';

/** A symbolic value. Shared freely; never expanded without a bound. */
export type Symbol_ =
  | ConstantSymbol
  | { k: 'name'; name: string }
  | { k: 'attribute'; base: Symbol_; name: string }
  | { k: 'subscript'; base: Symbol_; key: Symbol_ }
  | { k: 'call'; callee: Symbol_; args: Symbol_[]; keywords: [string, Symbol_][] }
  | SequenceSymbol
  | MapSymbol
  | { k: 'text'; parts: Symbol_[] }
  | { k: 'binary'; left: Symbol_; right: Symbol_ }
  | FunctionSymbol
  | { k: 'either'; options: Symbol_[] }
  | { k: 'item'; of: Symbol_ }
  | { k: 'null' }
  | { k: 'build-class' }
  | { k: 'unknown' };

/** A constant at the instruction that loads it: one object for each load. */
export interface ConstantSymbol {
  k: 'constant';
  value: Value;
  line: number;
  /** Position in the code object's constants. */
  index: number;
  /** Items of a constant tuple, once asked for. */
  items?: ConstantSymbol[];
}
export interface SequenceSymbol {
  k: 'sequence';
  items: Symbol_[];
}
export interface MapSymbol {
  k: 'map';
  entries: [Symbol_, Symbol_][];
}
export interface FunctionSymbol {
  k: 'function';
  code: CodeObject;
}

export const UNKNOWN_SYMBOL: Symbol_ = { k: 'unknown' };
export const NULL_SYMBOL: Symbol_ = { k: 'null' };

const MAX_LABEL_DEPTH = 20;

/** What a person would call an expression: its last name. Empty where it has none. */
export function labelOf(symbol: Symbol_ | undefined, depth = 0): string {
  if (!symbol || depth > MAX_LABEL_DEPTH) return '';
  switch (symbol.k) {
    case 'name':
      return symbol.name;
    case 'attribute':
      return symbol.name;
    case 'subscript':
      return constantText(symbol.key) ?? labelOf(symbol.base, depth + 1);
    case 'call': {
      // os.environ.get("TOKEN"): what is asked for says more than "get".
      const key = symbol.args.length > 0 ? constantText(symbol.args[0]) : undefined;
      const callee = labelOf(symbol.callee, depth + 1);
      return key !== undefined && /^(get|getenv|pop|getattr|setdefault)$/.test(callee)
        ? key
        : callee;
    }
    case 'item':
      return labelOf(symbol.of, depth + 1);
    case 'either': {
      for (const option of symbol.options) {
        const label = labelOf(option, depth + 1);
        if (label) return label;
      }
      return '';
    }
    default:
      return '';
  }
}

/** A callee as it is written, with what it is an attribute of: `hmac.new`; empty where that is unknown. */
export function dottedLabel(symbol: Symbol_): string {
  if (symbol.k === 'name') return symbol.name;
  if (symbol.k !== 'attribute') return '';
  const parts = [symbol.name];
  let base = symbol.base;
  for (; base.k === 'attribute' && parts.length < MAX_LABEL_DEPTH; base = base.base)
    parts.push(base.name);
  return base.k === 'name' ? [...parts, base.name].reverse().join('.') : '';
}

/** The items of a display or of a constant tuple; undefined where they are not known. */
export function itemsOf(symbol: Symbol_): Symbol_[] | undefined {
  if (symbol.k === 'sequence') return symbol.items;
  if (symbol.k !== 'constant' || !isSequence(symbol.value)) return undefined;
  symbol.items ??= symbol.value.items.map((value) => ({
    k: 'constant',
    value,
    line: symbol.line,
    index: symbol.index,
  }));
  return symbol.items;
}

/** The text of a constant symbol that is a string. */
export function constantText(symbol: Symbol_ | undefined): string | undefined {
  return symbol?.k === 'constant' && typeof symbol.value === 'string' ? symbol.value : undefined;
}
