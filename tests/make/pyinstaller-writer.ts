/** Appends an archive to an executable as PyInstaller does (its archive/writers.py), old form and new. */
import { deflateSync } from 'node:zlib';

/** A module of the `PYZ` archive, or a script. */
export interface PyInstallerInput {
  name: string;
  /** A `.pyc` of 16 bytes of header and the marshalled code. */
  pyc: Uint8Array;
}

const HEADER = 16;

/** An executable with scripts, a `PYZ` of modules, and data files; `old` has PyInstaller 2.0's cookie. */
export function pyInstallerExecutable(
  scripts: readonly PyInstallerInput[],
  modules: readonly PyInstallerInput[],
  data: readonly { name: string; content: Uint8Array }[],
  old = false,
): Uint8Array {
  const stub = Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01', 'latin1'), Buffer.alloc(4000)]);
  const entries = [
    ...scripts.map(({ name, pyc }) => ({ name, type: 's', content: pyc.subarray(HEADER) })),
    { name: 'PYZ-00.pyz', type: 'z', content: pyz(modules) },
    ...data.map(({ name, content }) => ({ name, type: 'x', content })),
  ];
  const stored: Buffer[] = [];
  const table: Buffer[] = [];
  let at = 0;
  for (const { name, type, content } of entries) {
    const compressed = type !== 'z';
    const bytes = compressed ? deflateSync(content) : Buffer.from(content);
    const label = Buffer.from(`${name}\0`);
    const length = Math.ceil((18 + label.length) / 16) * 16;
    const row = Buffer.alloc(length);
    row.writeUInt32BE(length, 0);
    row.writeUInt32BE(at, 4);
    row.writeUInt32BE(bytes.length, 8);
    row.writeUInt32BE(content.length, 12);
    row[16] = compressed ? 1 : 0;
    row[17] = type.charCodeAt(0);
    label.copy(row, 18);
    table.push(row);
    stored.push(bytes);
    at += bytes.length;
  }
  const toc = Buffer.concat(table);
  const cookie = Buffer.alloc(old ? 24 : 88);
  Buffer.from([0x4d, 0x45, 0x49, 0x0c, 0x0b, 0x0a, 0x0b, 0x0e]).copy(cookie);
  cookie.writeUInt32BE(at + toc.length + cookie.length, 8);
  cookie.writeUInt32BE(at, 12);
  cookie.writeUInt32BE(toc.length, 16);
  cookie.writeUInt32BE(311, 20);
  if (!old) cookie.write('libpython3.11.so.1.0', 24);
  return new Uint8Array(Buffer.concat([stub, ...stored, toc, cookie]));
}

/** A `PYZ`: magic, Python's magic, the table's offset; then modules, then the marshalled table. */
function pyz(modules: readonly PyInstallerInput[]): Buffer {
  const start = Buffer.alloc(17);
  start.write('PYZ\0', 'latin1');
  const magic = modules[0]?.pyc.subarray(0, 4) ?? new Uint8Array(4);
  start.set(magic, 4);
  const bodies: Buffer[] = [];
  const rows: Buffer[] = [];
  let at = start.length;
  for (const { name, pyc } of modules) {
    const body = deflateSync(pyc.subarray(HEADER));
    rows.push(tuple([short(name), tuple([int(0), int(at), int(body.length)])]));
    bodies.push(body);
    at += body.length;
  }
  start.writeInt32BE(at, 8);
  const count = Buffer.alloc(5);
  count.write('[', 'latin1');
  count.writeInt32LE(rows.length, 1);
  return Buffer.concat([start, ...bodies, count, ...rows]);
}

const tuple = (items: Buffer[]): Buffer =>
  Buffer.concat([Buffer.from([0x29, items.length]), ...items]);
const short = (text: string): Buffer =>
  Buffer.concat([Buffer.from([0x7a, text.length]), Buffer.from(text)]);
function int(value: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.write('i', 'latin1');
  bytes.writeInt32LE(value, 1);
  return bytes;
}
