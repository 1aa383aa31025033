/** A bounded reader and a small writer of DER (ITU-T X.690), as much of it as keys need. */
import { toHex } from '../../archive/sha256.ts';

/** One value: its tag and its contents. */
export interface DerNode {
  tag: number;
  bytes: Uint8Array;
}

/** Tags of the types that keys are made of. */
export const TAG = {
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
} as const;

const MOST_CHILDREN = 64;

/** The value at the start of `bytes`, or undefined where none fits. Bytes after it are let be. */
export function readDer(bytes: Uint8Array): DerNode | undefined {
  return read(bytes, 0)?.node;
}

/** The values that a sequence's contents hold; undefined where they do not fill it. */
export function derChildren(bytes: Uint8Array): DerNode[] | undefined {
  const nodes: DerNode[] = [];
  for (let at = 0; at < bytes.length;) {
    const next = nodes.length < MOST_CHILDREN ? read(bytes, at) : undefined;
    if (!next) return undefined;
    nodes.push(next.node);
    at = next.end;
  }
  return nodes;
}

/** The values inside the sequence at the start of `bytes`. */
export function derSequence(bytes: Uint8Array): DerNode[] | undefined {
  const node = readDer(bytes);
  return node?.tag === TAG.sequence ? derChildren(node.bytes) : undefined;
}

/** Lower-case hex of an object identifier's contents: enough to compare by. */
export function oidKey(node: DerNode | undefined): string {
  if (node?.tag !== TAG.oid || node.bytes.length > 16) return '';
  return toHex(node.bytes);
}

/** One value in DER. */
export function writeDer(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const length = contents.reduce((sum, { length }) => sum + length, 0);
  const size: number[] = [];
  for (let rest = length; rest > 0; rest >>>= 8) size.unshift(rest & 0xff);
  const head = length < 128 ? [tag, length] : [tag, 0x80 | size.length, ...size];
  return joinBytes(Uint8Array.from(head), ...contents);
}

/** Byte strings, one after the other. */
export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function read(bytes: Uint8Array, at: number): { node: DerNode; end: number } | undefined {
  const tag = bytes[at];
  let length = bytes[at + 1];
  if (tag === undefined || length === undefined) return undefined;
  let start = at + 2;
  if (length >= 0x80) {
    const count = length & 0x7f;
    if (count === 0 || count > 4) return undefined;
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[start++] ?? 0);
  }
  if (start + length > bytes.length) return undefined;
  return { node: { tag, bytes: bytes.subarray(start, start + length) }, end: start + length };
}
