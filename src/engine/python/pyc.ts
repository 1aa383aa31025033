/**
 * A `.pyc` file: its header, and the module's code object behind it. The header is sniffed, since real
 * files carry other ones than their version's (pytest before 6.2 wrote 12 bytes where 16 belong).
 */
import { toHex } from '../archive/sha256.ts';
import type { Binding } from './binding.ts';
import type { CodeIndex, CodeSelection } from './code-index.ts';
import { type Unmarshalled, unmarshal } from './marshal.ts';
import { nameCodes } from './qualnames.ts';
import { salvageStrings } from './salvage.ts';
import { skimCode, type StringSink } from './skim.ts';
import { type CodeObject, isCode } from './values.ts';
import { guessVersion } from './version-guess.ts';
import { isDecodable, type PythonVersion, versionNumber, versionOfMagic } from './version.ts';

/** What the header says of the source that the file was compiled from. */
export interface PycHeader {
  /** Bytes of the header; 0 for bare marshal data. */
  length: number;
  /** Source's modification time, seconds since 1970; undefined in hash-based files. */
  sourceTime: number | undefined;
  /** Source's size modulo 2^32. */
  sourceSize: number | undefined;
  /** Source's hash, little-endian hex, in hash-based files (PEP 552). */
  sourceHash: string | undefined;
  /** Hash-based only: whether Python compares the hash with the source before it runs the file. */
  checked: boolean | undefined;
}

/** A decoded module. */
export interface PycModule {
  version: PythonVersion;
  /** Whether the version was told by the code alone, not by the file or by what holds it. */
  guessed: boolean;
  header: PycHeader;
  /** The module's code; partial on damage, undefined where nothing could be decoded. */
  code: CodeObject | undefined;
  /** Every code object, the module's own last. */
  codes: CodeObject[];
  /** Offset behind the code, or of the damage. */
  end: number;
  /** Why decoding stopped early, as part of a sentence. */
  error: string | undefined;
  /** Strings behind the damage, or of the whole file where nothing could be decoded. */
  salvaged: string[];
}

const UNKNOWN_VERSION: PythonVersion = {
  implementation: 'unknown',
  major: 3,
  minor: 15,
  magic: undefined,
  released: false,
};

/** Whether the first bytes are a known magic number with its CR LF (or 1.0's own tail). */
export function looksLikePyc(bytes: Uint8Array): boolean {
  return magicOf(bytes) !== undefined;
}

function magicOf(bytes: Uint8Array): PythonVersion | undefined {
  if (bytes.length < 4) return undefined;
  const tail = (bytes[2] as number) | ((bytes[3] as number) << 8);
  if (tail !== 0x0a0d && tail !== 0x0099) return undefined;
  return versionOfMagic((bytes[0] as number) | ((bytes[1] as number) << 8));
}

/**
 * Decodes a `.pyc`, `.pyo` or bare marshal data. `hint` is the version that a container tells, for data
 * without a magic number. Never throws.
 */
export function decodePyc(bytes: Uint8Array, hint?: PythonVersion): PycModule {
  const known = magicOf(bytes);
  const decoded = known ? decodeKnown(bytes, known) : decodeUnknown(bytes, hint);
  const module = decoded ?? undecoded(bytes, known);
  if (module.code) nameCodes(module.code, module.version);
  if (module.error !== undefined && module.salvaged.length === 0) {
    module.salvaged = salvageStrings(bytes, module.code ? module.end : 0);
  }
  return module;
}

/** What a file says of itself. */
export interface CompiledFrom {
  header: PycHeader;
  version: PythonVersion;
  /** `co_filename`. */
  fileName: string;
}

/** What a walk over a file told without decoding it. */
export interface SkimmedPyc {
  from: CompiledFrom;
  index: CodeIndex;
}

/**
 * Tells where the strings of a sound file of a known version stand, and what it was compiled from, without decoding it. Undefined for any other file.
 */
export function skimPyc(bytes: Uint8Array, sink: StringSink): SkimmedPyc | undefined {
  const version = magicOf(bytes);
  if (!version || !isDecodable(version)) return undefined;
  const length = headerLength(version);
  if (!startsCode(bytes, length)) return undefined;
  const skimmed = skimCode(bytes, version, length, sink);
  if (!skimmed) return undefined;
  const { fileName, index } = skimmed;
  const header = readHeader(bytes, length, versionNumber(version));
  return { from: { version, header, fileName }, index };
}

/** Some code objects of a module. */
export interface PycParts {
  /** The module's code, with gaps where code was left out. */
  code: CodeObject;
  /** Those that were asked for. */
  wanted: ReadonlySet<CodeObject>;
}

/** Decodes a part of a file that was skimmed; undefined where it must be decoded whole. */
export function decodeParts(
  bytes: Uint8Array,
  { version, header }: CompiledFrom,
  selection: CodeSelection,
): PycParts | undefined {
  const { value, error, wanted } = unmarshal(bytes, version, header.length, selection);
  if (!isCode(value) || error !== undefined) return undefined;
  nameCodes(value, version);
  return { code: value, wanted };
}

function decodeKnown(bytes: Uint8Array, version: PythonVersion): PycModule | undefined {
  if (!isDecodable(version)) return undefined;
  let best: PycModule | undefined;
  for (const length of new Set([headerLength(version), 16, 12, 8])) {
    if (!startsCode(bytes, length)) continue;
    const module = moduleOf(bytes, length, version, unmarshal(bytes, version, length));
    if (module.code && module.error === undefined) return module;
    if (!best || module.codes.length > best.codes.length) best = module;
  }
  if (best?.codes.some(({ partial }) => !partial)) return best;
  // A tool may have written another version's code behind the number.
  const other = decodeUnknown(bytes, undefined);
  return other?.error === undefined ? (other ?? best) : best;
}

function decodeUnknown(bytes: Uint8Array, hint: PythonVersion | undefined): PycModule | undefined {
  let partial: PycModule | undefined;
  for (const length of [16, 12, 8, 0]) {
    if (!startsCode(bytes, length)) continue;
    if (hint && isDecodable(hint)) {
      const module = moduleOf(bytes, length, hint, unmarshal(bytes, hint, length));
      if (module.code && module.error === undefined) return module;
      partial ??= module;
    }
    const guess = guessVersion(bytes, length);
    if (guess) {
      return { ...moduleOf(bytes, length, guess.version, guess.decoded), guessed: true };
    }
  }
  if (partial?.code) return partial;
  return mangled(bytes) ?? damagedBare(bytes, hint);
}

/** Bytes that went through a text file: every one above 127 was written as two of UTF-8. */
function mangled(bytes: Uint8Array): PycModule | undefined {
  if (bytes[0] !== 0xc2 && bytes[0] !== 0xc3) return undefined;
  const original = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    const next = bytes[at + 1];
    if ((byte === 0xc2 || byte === 0xc3) && next !== undefined && (next & 0xc0) === 0x80) {
      original[length++] = ((byte & 3) << 6) | (next & 0x3f);
      at++;
    } else original[length++] = byte;
  }
  const restored = original.subarray(0, length);
  const version = magicOf(restored);
  const module = version && decodeKnown(restored, version);
  if (!module) return undefined;
  const error = module.error ?? 'it was re-encoded as UTF-8 text, which was undone';
  return { ...module, error };
}

/** Bare marshal data that break off: by the newest layout that gets anywhere, or by the hint's. */
function damagedBare(bytes: Uint8Array, hint: PythonVersion | undefined): PycModule | undefined {
  if (!startsCode(bytes, 0)) return undefined;
  const version = hint ?? UNKNOWN_VERSION;
  const module = moduleOf(bytes, 0, version, unmarshal(bytes, version, 0));
  return module.codes.some(({ code }) => code) ? module : undefined;
}

/** The salvaged strings as bindings, for which nothing is known but that they are there. */
export function salvagedBindings(module: PycModule): Binding[] {
  return module.salvaged.map((value) => ({
    value,
    kind: 'none',
    name: '',
    qualname: module.code?.qualname ?? '<module>',
    line: 0,
    others: [],
    index: -1,
  }));
}

function undecoded(bytes: Uint8Array, known: PythonVersion | undefined): PycModule {
  const jython = bytes[0] === 0xca && bytes[1] === 0xfe && bytes[2] === 0xba && bytes[3] === 0xbe;
  const version: PythonVersion =
    known ?? (jython ? { ...UNKNOWN_VERSION, implementation: 'jython' } : UNKNOWN_VERSION);
  return {
    version,
    guessed: false,
    header: readHeader(bytes, headerLength(version), versionNumber(version)),
    code: undefined,
    codes: [],
    end: 0,
    error: known
      ? isDecodable(known)
        ? 'there is no code object behind its header'
        : 'it is no bytecode of CPython, so only its strings are read'
      : jython
        ? 'it is a class file of Jython, so only its strings are read'
        : 'its magic number is unknown',
    salvaged: [],
  };
}

const startsCode = (bytes: Uint8Array, at: number): boolean => {
  const type = (bytes[at] ?? 0) & 0x7f;
  return type === 0x63 || type === 0x43; // 'c', and 'C' of 1.0
};

function moduleOf(
  bytes: Uint8Array,
  length: number,
  version: PythonVersion,
  { value, codes, error, end }: Unmarshalled,
): PycModule {
  const header = readHeader(bytes, length, versionNumber(version));
  const code = isCode(value) ? value : undefined;
  return { version, guessed: false, header, code, codes, error, salvaged: [], end };
}

function headerLength(version: PythonVersion): number {
  const v = versionNumber(version);
  const magic = version.magic ?? 0;
  if (version.implementation === 'unknown') return 16;
  if (version.implementation === 'pypy') return v >= 307 ? 16 : v >= 303 ? 12 : 8;
  if (magic >= 3392 && v >= 307) return 16;
  return magic >= 3210 && v >= 303 ? 12 : 8;
}

function readHeader(bytes: Uint8Array, length: number, v: number): PycHeader {
  const none: PycHeader = {
    length,
    sourceTime: undefined,
    sourceSize: undefined,
    sourceHash: undefined,
    checked: undefined,
  };
  if (length < 8 || bytes.length < length) return none;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (length === 8) return { ...none, sourceTime: view.getUint32(4, true) };
  if (length === 12 || v < 307) {
    return { ...none, sourceTime: view.getUint32(4, true), sourceSize: view.getUint32(8, true) };
  }
  const flags = view.getUint32(4, true);
  if ((flags & 1) === 0) {
    return { ...none, sourceTime: view.getUint32(8, true), sourceSize: view.getUint32(12, true) };
  }
  return { ...none, sourceHash: toHex(bytes.subarray(8, 16)), checked: (flags & 2) !== 0 };
}
