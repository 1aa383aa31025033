/** An asar archive, laid out by hand as Electron's own program does it. */

/** A file's content, or that of a folder; `unpacked` says of a file of so many bytes that it lies beside. */
export type AsarTree = { [name: string]: string | Uint8Array | { unpacked: number } | AsarTree };

/** The archive's bytes. */
export function asar(tree: AsarTree): Uint8Array {
  const contents: Uint8Array[] = [];
  let offset = 0;
  const folder = (entries: AsarTree): object => ({
    files: Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, node(entry)])),
  });
  const node = (entry: AsarTree[string]): object => {
    if (typeof entry !== 'string' && !(entry instanceof Uint8Array))
      return isUnpacked(entry) ? { size: entry.unpacked, unpacked: true } : folder(entry);
    const bytes = Buffer.from(entry);
    const at = offset;
    contents.push(bytes);
    offset += bytes.length;
    return { size: bytes.length, offset: `${at}` };
  };
  const json = Buffer.from(JSON.stringify(folder(tree)));
  const padded = Math.ceil(json.length / 4) * 4;
  const header = Buffer.alloc(16 + padded);
  [4, 8 + padded, 4 + padded, json.length].forEach((size, i) => header.writeUInt32LE(size, i * 4));
  json.copy(header, 16);
  return new Uint8Array(Buffer.concat([header, ...contents]));
}

function isUnpacked(entry: AsarTree | { unpacked: number }): entry is { unpacked: number } {
  return typeof entry['unpacked'] === 'number';
}
