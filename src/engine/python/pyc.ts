/**
 * A `.pyc` file: its header, and the module's code object behind it. The header is sniffed, since real
 * files carry other ones than their version's (pytest before 6.2 wrote 12 bytes where 16 belong).
 */
import { unmarshal } from './marshal.ts';
import { nameCodes } from './qualnames.ts';
import { type CodeObject, isCode } from './values.ts';
import { type PythonVersion, versionNumber, versionOfMagic } from './version.ts';

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
  header: PycHeader;
  /** The module's code; partial on damage, undefined where nothing could be decoded. */
  code: CodeObject | undefined;
  /** Every code object, the module's own last. */
  codes: CodeObject[];
  /** Why decoding stopped early, as part of a sentence. */
  error: string | undefined;
}

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

/** Decodes a `.pyc`, `.pyo` or bare marshal data. Never throws. */
export function decodePyc(bytes: Uint8Array, hint?: PythonVersion): PycModule {
  const known = magicOf(bytes);
  const version: PythonVersion = known ??
    hint ?? {
      implementation: 'unknown',
      major: 3,
      minor: 13,
      magic: undefined,
      released: false,
    };
  const expected = headerLength(version);
  let best: PycModule | undefined;
  for (const length of new Set([expected, 16, 12, 8, 0])) {
    const type = (bytes[length] ?? 0) & 0x7f;
    if (type !== 0x63 && type !== 0x43) continue; // 'c', and 'C' of 1.0
    const { value, codes, error } = unmarshal(bytes, version, length);
    const code = isCode(value) ? value : undefined;
    const header = readHeader(bytes, length, versionNumber(version));
    const module: PycModule = { version, header, code, codes, error };
    if (code && error === undefined) {
      nameCodes(code);
      return module;
    }
    if (!best || codes.length > best.codes.length) best = module;
  }
  if (best?.code) nameCodes(best.code);
  return (
    best ?? {
      version,
      header: readHeader(bytes, expected, versionNumber(version)),
      code: undefined,
      codes: [],
      error: known ? 'there is no code object behind its header' : 'its magic number is unknown',
    }
  );
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
  const hash = [...bytes.subarray(8, 16)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  return { ...none, sourceHash: hash, checked: (flags & 2) !== 0 };
}
