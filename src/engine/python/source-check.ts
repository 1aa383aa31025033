/** Bytecode against the source it names: was it compiled from this text, and does the text hold a constant? */
import type { PycHeader } from './pyc.ts';
import { siphash } from './siphash.ts';
import { sourceStrings } from './source-strings.ts';
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
  if (!holds(source.bytes, constant)) return 'differs';
  if (header.sourceHash !== undefined) {
    return hashMatches(header, version, source.bytes) ? 'same' : 'differs';
  }
  if (header.sourceSize !== undefined) {
    // The time alone proves nothing: image builders and package managers rewrite it.
    return source.bytes.length % 2 ** 32 === header.sourceSize ? 'same' : 'differs';
  }
  if (header.sourceTime !== undefined) {
    return Math.floor(source.mtime) === header.sourceTime ? 'same' : 'unknown';
  }
  return 'unknown';
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

/** Whether source text holds a string: as it is, unescaped, or joined from adjacent literals. */
function holds(source: Uint8Array, constant: string): boolean {
  let texts = known.get(source);
  if (!texts) {
    const text = new TextDecoder().decode(source);
    texts = { text, strings: sourceStrings(text) };
    known.set(source, texts);
  }
  return texts.text.includes(constant) || texts.strings.includes(constant);
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
  const stem = pycPath.slice(slash + 1).split('.')[0] ?? '';
  const paths = new Set<string>();
  if (/(^|\/)__pycache__\/$/.test(folder))
    paths.add(`${folder.replace(/__pycache__\/$/, '')}${stem}.py`);
  else paths.add(`${folder}${stem}.py`);
  if (compiledFrom.startsWith('/') && compiledFrom.endsWith('.py'))
    paths.add(compiledFrom.slice(1));
  return [...paths];
}
