/** A layer's `.pyc` files in columns: there may be a hundred thousand, of which few are ever looked at again. */
import { utf8Text } from '../archive/plain-text.ts';
import { GrowingBytes } from '../image/entry-table.ts';
import type { CompiledFrom, PycHeader } from '../python/pyc.ts';
import type { PythonVersion } from '../python/version.ts';

/** A `.pyc` of a layer, secrets or none. */
export interface BytecodeFile extends CompiledFrom {
  /** Row in the layer's entry table. */
  row: number;
}

/** The columns. */
export interface BytecodeFiles {
  count: number;
  row: Uint32Array;
  /** What the header says, as `PycHeader`: bytes, seconds since 1970, bytes; -1 where it says nothing. */
  headerLength: Uint8Array;
  sourceTime: Float64Array;
  sourceSize: Float64Array;
  /** Which of the versions wrote it. */
  version: Uint16Array;
  versions: PythonVersion[];
  /** `co_filename`s, one after the other; that of file `i` is `names[nameEnds[i-1] .. nameEnds[i]]`. */
  names: Uint8Array;
  nameEnds: Uint32Array;
  /** By file: what a hash-based header says besides. */
  hashes: Map<number, Pick<PycHeader, 'sourceHash' | 'checked'>>;
}

const ENCODER = new TextEncoder();
const UNSAID = -1;

/** Gathers files one by one. */
export class BytecodeFilesBuilder {
  #row: number[] = [];
  #headerLength: number[] = [];
  #sourceTime: number[] = [];
  #sourceSize: number[] = [];
  #version: number[] = [];
  #versions: PythonVersion[] = [];
  #names = new GrowingBytes();
  #nameEnds: number[] = [];
  #hashes: BytecodeFiles['hashes'] = new Map();

  add({ fileName, ...file }: BytecodeFile): void {
    this.addNamed(file, ENCODER.encode(fileName));
  }

  /** The same, with `co_filename` as bytes. */
  addNamed({ row, header, version }: Omit<BytecodeFile, 'fileName'>, name: Uint8Array): void {
    if (header.sourceHash !== undefined) {
      const { sourceHash, checked } = header;
      this.#hashes.set(this.#row.length, { sourceHash, checked });
    }
    this.#row.push(row);
    this.#headerLength.push(header.length);
    this.#sourceTime.push(header.sourceTime ?? UNSAID);
    this.#sourceSize.push(header.sourceSize ?? UNSAID);
    this.#version.push(numberOf(version, this.#versions));
    this.#nameEnds.push(this.#names.append(name));
  }

  /** The finished columns. */
  finish(): BytecodeFiles {
    return {
      count: this.#row.length,
      row: Uint32Array.from(this.#row),
      headerLength: Uint8Array.from(this.#headerLength),
      sourceTime: Float64Array.from(this.#sourceTime),
      sourceSize: Float64Array.from(this.#sourceSize),
      version: Uint16Array.from(this.#version),
      versions: this.#versions,
      names: this.#names.finish(),
      nameEnds: Uint32Array.from(this.#nameEnds),
      hashes: this.#hashes,
    };
  }
}

function numberOf(version: PythonVersion, versions: PythonVersion[]): number {
  const known = versions.findIndex(
    ({ implementation, major, minor, magic }) =>
      magic === version.magic &&
      implementation === version.implementation &&
      major === version.major &&
      minor === version.minor,
  );
  return known >= 0 ? known : versions.push(version) - 1;
}

/** The file at a place. */
export function bytecodeFile(files: BytecodeFiles, at: number): BytecodeFile {
  return { ...unnamedFile(files, at), fileName: utf8Text(nameOf(files, at)) };
}

function nameOf({ names, nameEnds }: BytecodeFiles, at: number): Uint8Array {
  return names.subarray(nameEnds[at - 1] ?? 0, nameEnds[at]);
}

function unnamedFile(files: BytecodeFiles, at: number): Omit<BytecodeFile, 'fileName'> {
  const said = (value: number | undefined): number | undefined =>
    value === UNSAID ? undefined : value;
  const hash = files.hashes.get(at);
  return {
    row: files.row[at] as number,
    version: files.versions[files.version[at] as number] as PythonVersion,
    header: {
      length: files.headerLength[at] as number,
      sourceTime: said(files.sourceTime[at]),
      sourceSize: said(files.sourceSize[at]),
      sourceHash: hash?.sourceHash,
      checked: hash?.checked,
    },
  };
}

/** The files of several parts of a layer, each with the number of entries before it. */
export function joinBytecodeFiles(
  parts: readonly { files: BytecodeFiles; rows: number }[],
): BytecodeFiles {
  const builder = new BytecodeFilesBuilder();
  for (const { files, rows } of parts)
    for (let at = 0; at < files.count; at++) {
      const file = unnamedFile(files, at);
      file.row += rows;
      builder.addNamed(file, nameOf(files, at));
    }
  return builder.finish();
}
