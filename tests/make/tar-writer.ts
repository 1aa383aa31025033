/** Writes tars for tests and for the sample image: every field in the caller's hand, so that it can lie. */

/** An entry; what is left out is what an ordinary tar has. */
export interface TarInput {
  name: string | Uint8Array;
  content?: Uint8Array | string;
  /** Type flag; `0` for a file. */
  type?: string;
  link?: string;
  mode?: number;
  uid?: number;
  gid?: number;
  /** Seconds since 1970. */
  mtime?: number;
  /** The size the header claims, where it is not the content's. */
  size?: number;
  /** `ustar` (POSIX) by default; `gnu`; `v7` for none. */
  magic?: 'ustar' | 'gnu' | 'v7';
  /** Bytes written into the finished header, the checksum set after. */
  patch?: { at: number; bytes: Uint8Array }[];
}

const BLOCK = 512;
const ENCODER = new TextEncoder();

/** Bytes of a string, or the bytes themselves. */
export function toBytes(content: string | Uint8Array | undefined): Uint8Array {
  return typeof content === 'string' ? ENCODER.encode(content) : (content ?? new Uint8Array(0));
}

/** A tar of these entries; `end: false` leaves out the two zero blocks. */
export function tar(entries: readonly TarInput[], end = true): Uint8Array {
  const pieces = entries.flatMap(entryBlocks);
  if (end) pieces.push(new Uint8Array(2 * BLOCK));
  return join(pieces);
}

/** A pax extended header with these records, to stand before an entry. */
export function paxHeader(records: Record<string, string>, type: 'x' | 'g' = 'x'): TarInput {
  const content = Object.entries(records)
    .map(([key, value]) => paxRecord(key, value))
    .join('');
  return { name: 'PaxHeaders/entry', type, content };
}

function paxRecord(key: string, value: string): string {
  const rest = ENCODER.encode(` ${key}=${value}\n`).length;
  let length = rest + 1;
  while (String(length).length + rest !== length) length = String(length).length + rest;
  return `${length} ${key}=${value}\n`;
}

/** One array from several. */
export function join(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

function entryBlocks(input: TarInput): Uint8Array[] {
  const content = toBytes(input.content);
  const header = new Uint8Array(BLOCK);
  const put = (at: number, length: number, value: string | Uint8Array): void => {
    header.set(toBytes(value).subarray(0, length), at);
  };
  const octal = (at: number, length: number, value: number): void => {
    put(
      at,
      length,
      `${Math.max(0, Math.floor(value))
        .toString(8)
        .padStart(length - 1, '0')}\0`,
    );
  };
  const name = toBytes(input.name);
  put(0, 100, name);
  octal(100, 8, input.mode ?? (input.type === '5' ? 0o755 : 0o644));
  octal(108, 8, input.uid ?? 0);
  octal(116, 8, input.gid ?? 0);
  octal(124, 12, input.size ?? content.length);
  octal(136, 12, input.mtime ?? 0);
  put(156, 1, input.type ?? '0');
  put(157, 100, input.link ?? '');
  if (input.magic === 'gnu') put(257, 8, 'ustar  \0');
  else if (input.magic !== 'v7') put(257, 8, 'ustar\u000000');
  for (const { at, bytes } of input.patch ?? []) header.set(bytes, at);
  put(148, 8, '        ');
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(148, 8, `${sum.toString(8).padStart(6, '0')}\0 `);
  const padding = new Uint8Array((BLOCK - (content.length % BLOCK)) % BLOCK);
  const long: Uint8Array[] =
    name.length > 100
      ? entryBlocks({ name: '././@LongLink', type: 'L', content: join([name, new Uint8Array(1)]) })
      : [];
  return [...long, header, content, padding];
}
