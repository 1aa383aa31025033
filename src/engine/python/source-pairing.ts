/**
 * A module's outline beside its source text: where each function and class is defined there, with which
 * signature, and which parameters' defaults differ from those that the bytecode holds.
 */
import { type ModuleOutline, type OutlineItem, outlineOf, type Parameter } from './outline.ts';
import { type Token, tokenize } from './source-tokens.ts';

/** One parameter on both sides. */
export interface PairedParameter {
  /** With its star, where it has one. */
  name: string;
  /** As source text; undefined where that side has none. */
  bytecode: string | undefined;
  source: string | undefined;
  /** Whether the parameter is missing on a side or its defaults are not the same. */
  differs: boolean;
}

/** An item of the outline and its definition in the source. */
export interface Pairing {
  /** Place among the outline's items. */
  item: number;
  /** Lines of the definition from its `def` or `class` on, and of its last statement. */
  firstLine: number;
  lastLine: number;
  /** The signature as it is written, from `def` or `class` to the colon, on one line. */
  signature: string;
  parameters: PairedParameter[];
  /** Whether any parameter differs. */
  differs: boolean;
}

/** A module as its bytecode holds it, and its functions and classes in the source. */
export interface PairedOutline extends ModuleOutline {
  pairings: Pairing[];
}

/** Decodes a `.pyc` beside the text of its source, where there is one. Never throws. */
export function pairedOutline(bytes: Uint8Array, source?: string): PairedOutline {
  const outline = outlineOf(bytes);
  const pairings = source === undefined ? [] : pairWithSource(outline.items, source);
  return { ...outline, pairings };
}

interface Definition {
  qualname: string;
  line: number;
  lastLine: number;
  signature: string;
  parameters: { name: string; default: string | undefined }[];
  indent: number;
}

const MAX_DEFINITIONS = 20_000;
const MAX_SIGNATURE = 4000;

/** Pairs each function and class with its definition; those the source does not have are left out. */
export function pairWithSource(items: readonly OutlineItem[], source: string): Pairing[] {
  const byName = new Map<string, Definition[]>();
  for (const definition of definitionsIn(source)) {
    const list = byName.get(definition.qualname);
    if (list) list.push(definition);
    else byName.set(definition.qualname, [definition]);
  }
  const out: Pairing[] = [];
  items.forEach((item, index) => {
    if (item.kind !== 'function' && item.kind !== 'class') return;
    const definition = nearest(byName.get(item.qualname), item.firstLine);
    if (!definition) return;
    const parameters =
      item.kind === 'function' ? pairParameters(item.parameters, definition.parameters) : [];
    out.push({
      item: index,
      firstLine: definition.line,
      lastLine: definition.lastLine,
      signature: definition.signature,
      parameters,
      differs: parameters.some(({ differs }) => differs),
    });
  });
  return out;
}

/** A name may be defined several times, as in the branches of an `if`; the line decides. */
function nearest(definitions: Definition[] | undefined, line: number): Definition | undefined {
  let best: Definition | undefined;
  for (const definition of definitions ?? []) {
    if (!best || Math.abs(definition.line - line) < Math.abs(best.line - line)) best = definition;
  }
  return best;
}

function pairParameters(
  bytecode: readonly Parameter[],
  source: readonly { name: string; default: string | undefined }[],
): PairedParameter[] {
  const theirs = new Map(source.map((parameter) => [parameter.name, parameter]));
  const out: PairedParameter[] = [];
  for (const { name, default: ours } of bytecode) {
    // Inside a class `__name` is compiled as `_Class__name`.
    const key = theirs.has(name) ? name : name.replace(/^_[^_].*?(?=__)/, '');
    const other = theirs.get(key);
    theirs.delete(key);
    const differs = !other ? !/^[*/]$/.test(name) : differ(ours, other.default);
    out.push({ name, bytecode: ours, source: other?.default, differs });
  }
  for (const { name, default: text } of theirs.values()) {
    if (!/^[*/]$/.test(name)) out.push({ name, bytecode: undefined, source: text, differs: true });
  }
  return out;
}

function differ(bytecode: string | undefined, source: string | undefined): boolean {
  if (bytecode === undefined || source === undefined) return bytecode !== source;
  // What is computed has only a label in the bytecode, which the text ends with.
  if (bytecode === '…') return false;
  if (/^[A-Za-z_]\w*$/.test(bytecode) && !CONSTANTS.has(bytecode)) {
    return isLiteral(source) && normal(source) !== bytecode;
  }
  return normal(bytecode) !== normal(source);
}

const CONSTANTS = new Set(['None', 'True', 'False', 'Ellipsis']);
const isLiteral = (text: string): boolean =>
  /^(?:[bruBRU]{0,2}['"]|\d|None$|True$|False$)/.test(text);

/** Literals as one text, however they are quoted, spaced or joined. */
function normal(text: string): string {
  const tokens = tokenize(text, 2000);
  let out = '';
  let last = '';
  tokens.forEach((token, i) => {
    if (token.kind === 'newline' || token.kind === 'indent') return;
    if (token.kind === 'string') {
      out = last === 'string' ? out.slice(0, -1) + `${token.value}\0` : `${out}\0${token.value}\0`;
    } else if (token.kind === 'number') out += numberText(token.text);
    else if (token.text === ',' && /^[)\]}]$/.test(tokens[i + 1]?.text ?? '')) return;
    else out += token.text === '...' ? 'Ellipsis' : token.text;
    last = token.kind;
  });
  // Brackets around a whole expression say nothing.
  return /^\(\0[^\0]*\0\)$/.test(out) ? out.slice(1, -1) : out;
}

function numberText(text: string): string {
  const plain = text.replaceAll('_', '').replace(/[lL]$/, '');
  const value = Number(/^0[0-7]+$/.test(plain) ? `0o${plain}` : plain);
  return Number.isNaN(value) ? plain : String(value);
}

/** Every `def` and `class`, with its qualified name as nesting and indentation give it. */
function definitionsIn(source: string): Definition[] {
  const tokens = tokenize(source);
  const out: Definition[] = [];
  const open: (Definition & { isClass: boolean })[] = [];
  let indent = 0;
  let lineStart = true;
  let lastLine = 0;
  for (let i = 0; i < tokens.length && out.length < MAX_DEFINITIONS; i++) {
    const token = tokens[i] as Token;
    if (token.kind === 'newline') {
      lineStart = true;
      continue;
    }
    if (token.kind === 'indent') {
      indent = token.text.length;
      continue;
    }
    if (lineStart) {
      while (open.length > 0 && (open.at(-1) as Definition).indent >= indent) {
        (open.pop() as Definition).lastLine = lastLine;
      }
    }
    lastLine = Math.max(lastLine, token.endLine);
    const first = token.text === 'async' && tokens[i + 1]?.text === 'def' ? i + 1 : i;
    const keyword = tokens[first]?.text;
    const name = tokens[first + 1];
    if (lineStart && (keyword === 'def' || keyword === 'class') && name?.kind === 'name') {
      const { end, parameters } = signatureAt(tokens, first + 2, keyword === 'def');
      const stop = tokens[end] ?? token;
      const parent = open.at(-1);
      const prefix = parent ? `${parent.qualname}${parent.isClass ? '' : '.<locals>'}.` : '';
      const definition = {
        qualname: prefix + name.text,
        line: token.line,
        lastLine: token.line,
        signature: oneLine(
          source.slice(token.start, Math.min(stop.start, token.start + MAX_SIGNATURE)),
        ),
        parameters,
        indent,
        isClass: keyword === 'class',
      };
      out.push(definition);
      open.push(definition);
      i = end;
      lastLine = Math.max(lastLine, stop.endLine);
    }
    lineStart = false;
  }
  for (const definition of open) definition.lastLine = lastLine;
  return out;
}

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ').trim();

/** Reads from behind the name to the colon of the definition; `end` is the colon's place. */
function signatureAt(
  tokens: readonly Token[],
  from: number,
  withParameters: boolean,
): { end: number; parameters: Definition['parameters'] } {
  const parameters: Definition['parameters'] = [];
  let depth = 0;
  let brackets = 0; // type parameters stand in square brackets before the parameters
  let name = '';
  let value: Token[] | undefined;
  let annotation = false;
  const finish = (): void => {
    if (name !== '') parameters.push({ name, default: value && joined(value) });
    name = '';
    value = undefined;
    annotation = false;
  };
  let at = from;
  for (; at < tokens.length; at++) {
    const token = tokens[at] as Token;
    const { text } = token;
    if (token.kind === 'newline' || token.kind === 'indent') {
      if (depth === 0) break;
      continue;
    }
    if (text === ':' && depth === 0) break;
    const opens = text === '(' || text === '[' || text === '{';
    const closes = text === ')' || text === ']' || text === '}';
    if (depth === 0 && text === '[') brackets++;
    if (closes) depth--;
    if (depth === 0 && closes) {
      if (text === ')' && brackets === 0) finish();
      if (text === ']') brackets--;
    } else if (depth === 1 && brackets === 0 && withParameters && !closes && !opens) {
      if (text === ',' && !insideLambda(value)) finish();
      else if (text === ':' && value === undefined) annotation = true;
      else if (text === '=' && value === undefined) value = [];
      else if (value) value.push(token);
      else if (!annotation) name += text;
    } else if (value && depth > 0) value.push(token);
    if (opens) depth++;
  }
  return { end: at, parameters };
}

/** A lambda's own commas stand before its colon. */
function insideLambda(value: readonly Token[] | undefined): boolean {
  let inside = false;
  for (const { text } of value ?? []) {
    if (text === 'lambda') inside = true;
    else if (text === ':') inside = false;
  }
  return inside;
}

/** Tokens with the blanks between them that were there. */
function joined(tokens: readonly Token[]): string {
  let text = '';
  let end = -1;
  for (const token of tokens) {
    if (end >= 0 && token.start > end) text += ' ';
    text += token.text;
    end = token.start + token.text.length;
  }
  return text;
}
