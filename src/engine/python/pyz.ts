/**
 * PyInstaller's `PYZ` archive of modules (PyInstaller/loader/pyimod01_archive.py): a magic number of
 * Python's, and a marshalled table of modules, each zlib data around a bare marshalled code object.
 */
import { unmarshal } from './marshal.ts';
import { isSequence, textOf, type Value } from './values.ts';
import { type PythonVersion, versionOfMagic } from './version.ts';

/** One module. */
export interface PyzModule {
  /** Dotted name. */
  name: string;
  /** `pkg/__init__.py`, `pkg/mod.py`. */
  path: string;
  /** Where its zlib data stand in the archive. */
  offset: number;
  length: number;
}

/** An archive's table. */
export interface PyzArchive {
  version: PythonVersion | undefined;
  modules: PyzModule[];
}

const PACKAGE = 1;
const DATA = 2;
const MAX_MODULES = 100_000;

/** Reads the table of a `PYZ` archive; undefined where the bytes are none. Never throws. */
export function pyzArchive(bytes: Uint8Array): PyzArchive | undefined {
  if (bytes.length < 12 || String.fromCharCode(...bytes.subarray(0, 4)) !== 'PYZ\0')
    return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = versionOfMagic(view.getUint16(4, true));
  const table = view.getInt32(8);
  if (table < 0 || table >= bytes.length) return undefined;
  const { value } = unmarshal(bytes, version ?? ANY, table);
  const modules = pairs(value).flatMap(([name, entry]): PyzModule[] => {
    const text = textOf(name);
    const parts = isSequence(entry) ? entry.items : [];
    const [type, offset, length] = parts;
    if (text === undefined || typeof offset !== 'number' || typeof length !== 'number') return [];
    if (type === DATA || length <= 0) return [];
    // `True` in tables of PyInstaller before 3.3.
    const isPackage = type === PACKAGE || type === true;
    const path = `${text.replaceAll('.', '/')}${isPackage ? '/__init__' : ''}.pyc`;
    return [{ name: text, path, offset, length }];
  });
  return { version, modules: modules.slice(0, MAX_MODULES) };
}

const ANY: PythonVersion = {
  implementation: 'unknown',
  major: 3,
  minor: 13,
  magic: undefined,
  released: false,
};

/** The table is a list of pairs, in old archives a dictionary. */
function pairs(table: Value | undefined): [Value, Value][] {
  if (isSequence(table)) {
    return table.items.flatMap((item): [Value, Value][] => {
      const [name, entry] = isSequence(item) ? item.items : [];
      return name !== undefined && entry !== undefined ? [[name, entry]] : [];
    });
  }
  return typeof table === 'object' && table !== null && 'entries' in table ? table.entries : [];
}

/** The version that PyInstaller's cookie names: 311 is 3.11, 27 and 38 are 2.7 and 3.8. */
export function versionOfCookie(number: number): PythonVersion | undefined {
  const major = number >= 100 ? Math.floor(number / 100) : Math.floor(number / 10);
  const minor = number >= 100 ? number % 100 : number % 10;
  if (major !== 2 && major !== 3) return undefined;
  return { implementation: 'cpython', major, minor, magic: undefined, released: true };
}
