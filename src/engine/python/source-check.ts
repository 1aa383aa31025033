/** Bytecode against the source it names: was it compiled from this text, and does the text hold a constant? */
import type { PycHeader } from './pyc.ts';
import { siphash } from './siphash.ts';
import { NAMED_CHARACTER, sourceStrings } from './source-strings.ts';
import { sourceText } from './source-text.ts';
import { type PythonVersion, versionNumber } from './version.ts';

/** What became of the comparison, as the report names it. */
export type SourceVerdict = 'same' | 'differs' | 'missing' | 'unknown';

/** A source file as it stands in the image. */
export interface SourceFile {
  bytes: Uint8Array;
  /** Seconds since 1970. */
  mtime: number;
}

/** Compares a constant of a `.pyc` with the source beside it; each of its witnesses can say "differs". */
export function compareWithSource(
  header: PycHeader,
  version: PythonVersion,
  constant: string,
  source: SourceFile,
): SourceVerdict {
  if (header.sourceHash !== undefined)
    return hashMatches(header, version, source.bytes) ? 'same' : 'differs';
  // The time alone proves nothing: image builders and package managers rewrite it.
  const sameTime = Math.floor(source.mtime) % 2 ** 32 === header.sourceTime;
  const sameSize = source.bytes.length % 2 ** 32 === header.sourceSize;
  if (header.sourceSize !== undefined && !sameSize) return 'differs';
  if (!holds(source.bytes, constant)) return sameSize && sameTime ? 'unknown' : 'differs';
  return sameSize || sameTime ? 'same' : 'unknown';
}

/** Whether a hash-based file was compiled from this text (PEP 552). */
export function hashMatches(
  header: PycHeader,
  version: PythonVersion,
  source: Uint8Array,
): boolean {
  const rounds = versionNumber(version) >= 311 && version.implementation === 'cpython' ? 1 : 2;
  // importlib keys the hash with the magic number and its CR LF.
  const key = BigInt(version.magic ?? 0) | 0x0a0d0000n;
  return siphash(rounds, key, source) === header.sourceHash;
}

/** Whether source text holds a constant: as it stands, or as the compiler makes it of its literals. */
function holds(source: Uint8Array, constant: string): boolean {
  let texts = known.get(source);
  if (!texts) {
    const text = sourceText(source);
    texts = { text, strings: sourceStrings(text) };
    known.set(source, texts);
  }
  const { text, strings } = texts;
  return (
    text.includes(constant) ||
    strings.includes(constant) ||
    strings.includes(repeated(constant)) ||
    (/[{}]/.test(constant) && undoubled(strings).includes(constant)) ||
    (constant.includes('\n') && dedented(strings).includes(dedented(constant))) ||
    (strings.includes(NAMED_CHARACTER) && holdsNamed(strings, constant))
  );
}

/** What a constant repeats, as `"ab" * 3` does; itself, where it repeats nothing. */
function repeated(constant: string): string {
  return constant.slice(0, `${constant}${constant}`.indexOf(constant, 1));
}

/** Braces as an f-string means them. */
function undoubled(text: string): string {
  return text.replace(/\{\{|\}\}/g, (pair) => pair.charAt(0));
}

/** Without what lines begin and end with: of docstrings CPython 3.13 takes the indentation. */
function dedented(text: string): string {
  return text.replace(/[ \t]*\n[ \t]*/g, '\n').trim();
}

/** Whether one of the literals is the constant but for characters that it gives by their names. */
function holdsNamed(strings: string, constant: string): boolean {
  return strings.split('\0').some((literal) => {
    if (!literal.includes(NAMED_CHARACTER)) return false;
    const parts = literal.split(NAMED_CHARACTER);
    let at = 0;
    for (const part of parts) {
      const found = constant.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return constant.startsWith(parts[0] as string) && constant.endsWith(parts.at(-1) as string);
  });
}

/** A source is read once for all constants that are looked for in it. */
const known = new WeakMap<Uint8Array, { text: string; strings: string }>();

/**
 * The paths at which the source of a `.pyc` would stand, likeliest first: beside `__pycache__`, beside the
 * file itself, and where the code object says it was compiled.
 */
export function sourcePaths(pycPath: string, compiledFrom: string): string[] {
  const slash = pycPath.lastIndexOf('/');
  const folder = slash < 0 ? '' : pycPath.slice(0, slash + 1);
  const name = pycPath.slice(slash + 1);
  const inCache = /(^|\/)__pycache__\/$/.test(folder);
  const beside = inCache ? folder.replace(/__pycache__\/$/, '') : folder;
  const paths = new Set(
    stemLengths(name, inCache).map((length) => `${beside}${name.slice(0, length)}.py`),
  );
  if (compiledFrom.startsWith('/') && compiledFrom.endsWith('.py'))
    paths.add(compiledFrom.slice(1));
  return [...paths];
}

/**
 * How much of a `.pyc` file's name is its source's, without `.py`, likeliest first: in `__pycache__` the tag goes and what says
 * how far it was optimised (PEP 3147, PEP 488; pytest adds its version), elsewhere only if the whole is not there.
 */
export function stemLengths(name: string, inCache: boolean): number[] {
  const whole = name.replace(/\.py[co]$/, '');
  const stem = whole
    .replace(/-pytest-[^/]*$/, '')
    .replace(/\.opt-[^.]*$/, '')
    .replace(inCache ? /(?<=.)\.[^.]*$/ : /(?<=.)\.[a-z]+-?\d+$/, '');
  return inCache || stem === whole ? [stem.length] : [whole.length, stem.length];
}
