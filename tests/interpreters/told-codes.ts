/** Decoded code objects against what an interpreter says of the same ones. */
import { Buffer } from 'node:buffer';
import { disassemble } from '../../src/engine/python/disassembly.ts';
import { decodeInstructions } from '../../src/engine/python/instructions.ts';
import { decodeLines } from '../../src/engine/python/lines.ts';
import { opcodesFor } from '../../src/engine/python/opcodes.ts';
import { type CodeObject, isCode, isSequence, type Value } from '../../src/engine/python/values.ts';
import { type PythonVersion, versionNumber } from '../../src/engine/python/version.ts';

type DisRow = [
  offset: number,
  opname: string,
  argument: number | null,
  shown: string,
  line: number,
  startsLine: boolean,
  target: boolean,
];

/** A code object in the words of `told.py`; sums are CRC-32. */
export type ToldCode = [
  name: string,
  qualname: string | null,
  firstLine: number,
  flags: number,
  counts: [number, number, number, number],
  names: number,
  locals: number,
  free: number,
  cells: number,
  constants: number,
  instructions: number,
  lines: number,
  rows: DisRow[] | null,
];

/** Compares a whole module; `wrong` says what differs. */
export function compareCodes(
  module: CodeObject,
  version: PythonVersion,
  told: readonly ToldCode[],
  qualnames: readonly [name: string, line: number, qualname: string][],
): { codes: number; rows: number; wrong: string[] } {
  const codes: CodeObject[] = [];
  flatten(module, codes);
  const wrong: string[] = [];
  if (codes.length !== told.length) wrong.push(`${codes.length} code objects, not ${told.length}`);
  const expected = new Map<string, Set<string>>();
  for (const [name, line, qualname] of qualnames) {
    const key = `${name} ${line}`;
    expected.set(key, (expected.get(key) ?? new Set()).add(qualname));
  }
  let rows = 0;
  codes.forEach((code, i) => {
    const other = told[i];
    if (!other) return;
    const differs = compareOne(code, version, other);
    const known = expected.get(`${code.name} ${code.firstLine}`);
    if (other[1] === null && known && !known.has(code.qualname)) {
      differs.push(`qualname ${code.qualname}, not ${[...known].join(' or ')}`);
    }
    for (const text of differs) wrong.push(`${code.qualname}: ${text}`);
    rows += other[12]?.length ?? 0;
  });
  return { codes: codes.length, rows, wrong };
}

function flatten(code: CodeObject, out: CodeObject[]): void {
  out.push(code);
  for (const constant of code.constants) if (isCode(constant)) flatten(constant, out);
}

function compareOne(code: CodeObject, version: PythonVersion, told: ToldCode): string[] {
  const wrong: string[] = [];
  const same = (what: string, ours: unknown, theirs: unknown): void => {
    if (ours !== theirs) wrong.push(`${what} ${String(ours)}, not ${String(theirs)}`);
  };
  same('name', code.name, told[0]);
  if (told[1] !== null) same('qualname', code.qualname, told[1]);
  same('first line', code.firstLine, told[2]);
  same('flags', code.flags, told[3]);
  const { argCount, positionalOnlyCount, keywordOnlyCount, stackSize } = code;
  const counts = [argCount, positionalOnlyCount, keywordOnlyCount, stackSize];
  same('counts', counts.join(), told[4].join());
  same('names', sumOfNames(code.names), told[5]);
  same('locals', sumOfNames(code.localNames), told[6]);
  same('free names', sumOfNames(code.freeNames), told[7]);
  same('cells', sumOfNames(code.cellNames), told[8]);
  same('constants', crc(code.constants.map(encode).join(',')), told[9]);
  same('instructions', crc(instructionText(code, version)), told[10]);
  same('lines', crc(lineText(code, version)), told[11]);
  if (told[12]) compareRows(code, version, told[12], wrong);
  return wrong;
}

function instructionText(code: CodeObject, version: PythonVersion): string {
  return disassemble(code, version)
    .map(({ offset, opname, argument }) => {
      const number = opcodesFor(version).names.indexOf(opname);
      return `${offset},${number},${argument ?? ''}`;
    })
    .join(';');
}

function lineText(code: CodeObject, version: PythonVersion): string {
  const { starts, lines } = decodeLines(code, version);
  const length = code.bytecode.length;
  const out: string[] = [];
  let last = -1;
  starts.forEach((start, i) => {
    const line = lines[i] ?? 0;
    if (line === last || (start >= length && length > 0)) return;
    out.push(`${start}:${line}`);
    last = line;
  });
  return out.join(';');
}

function compareRows(
  code: CodeObject,
  version: PythonVersion,
  told: readonly DisRow[],
  wrong: string[],
): void {
  const ours = disassemble(code, version).filter(({ opname }) => opname !== 'CACHE');
  if (ours.length !== told.length) {
    wrong.push(`${ours.length} instructions, not ${told.length}`);
    return;
  }
  // The instructions that the walk sees are those of `dis`, prefixes joined in.
  const { count } = decodeInstructions(code.bytecode, opcodesFor(version));
  const plain = told.filter(([, opname]) => opname !== 'EXTENDED_ARG').length;
  if (count !== plain) wrong.push(`${count} joined instructions, not ${plain}`);
  const bare = versionNumber(version);
  ours.forEach((row, i) => {
    const [offset, opname, argument, shown, line, startsLine, target] = told[i] as DisRow;
    // 3.11 and later give a module's first instruction the line 0.
    const starts = startsLine && line > 0;
    const theirs = [offset, opname, argument ?? '', plainText(opname, shown), target, starts].join(
      ' ',
    );
    const mine = [
      row.offset,
      row.opname,
      row.argument ?? '',
      plainText(row.opname, row.text),
      row.target,
      row.startsLine && row.line > 0,
    ].join(' ');
    if (mine !== theirs) wrong.push(`${mine}, not ${theirs}`);
    if (startsLine && row.line !== line) wrong.push(`line ${row.line}, not ${line} (${bare})`);
  });
}

const LONG = 2000;

/** `dis` shows a code object's address, and a set in the order of this run's hashes. */
function plainText(opname: string, text: string): string {
  // 3.11 and 3.12 leave out what KW_NAMES names.
  if (opname === 'KW_NAMES') return '';
  const builtIn = /^<(?:built-in function|class) '?(\w+)'?>$/.exec(text);
  if (builtIn) return builtIn[1] ?? '';
  if (text.includes('frozenset(')) return 'frozenset';
  if (text.includes('<code object')) return 'code';
  // What is shown of a long constant is cut.
  if (text.length > LONG) return text.slice(0, LONG);
  // Which characters are printable changes with every version of Unicode.
  const shown = text.replace(/\\U(00(?:0[0-9a-f]|10)[0-9a-f]{4})/g, (_, hex: string) =>
    String.fromCodePoint(parseInt(hex, 16)),
  );
  // Two halves of a character that stand side by side are one here.
  return shown.replace(/\\u(d[89ab]..)\\u(d[c-f]..)/g, (_, high: string, low: string) =>
    String.fromCharCode(parseInt(high, 16), parseInt(low, 16)),
  );
}

function sumOfNames(names: readonly string[]): number {
  return crc(names.map(wide).join(','));
}

const wide = (text: string): string => Buffer.from(text, 'utf16le').toString('hex');

function encode(value: Value): string {
  if (value === null) return 'N';
  if (typeof value === 'boolean') return value ? 'T' : 'F';
  if (typeof value === 'string') return `s${wide(value)}`;
  if (typeof value === 'number' || typeof value === 'bigint') return `i${value.toString(16)}`;
  if (isCode(value)) return `c${wide(value.name)}`;
  if (isSequence(value)) {
    const items = value.items.map(encode);
    const set = value.kind === 'frozenset' || value.kind === 'set';
    return set ? `{${items.sort().join()}}` : `(${items.join()})`;
  }
  switch (value.kind) {
    case 'bytes':
      return `b${Buffer.from(value.bytes).toString('hex')}`;
    case 'ellipsis':
      return 'E';
    case 'float':
      return `f${double(value.value)}`;
    case 'complex':
      return `x${double(value.real)}${double(value.imaginary)}`;
    case 'slice':
      return `:${value.parts.map(encode).join()}`;
    default:
      return '?';
  }
}

function double(value: number): string {
  const buffer = Buffer.alloc(8);
  buffer.writeDoubleBE(value);
  return buffer.toString('hex');
}

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function crc(text: string): number {
  let sum = -1;
  for (const byte of Buffer.from(text)) sum = (TABLE[(sum ^ byte) & 255] as number) ^ (sum >>> 8);
  return (sum ^ -1) >>> 0;
}
