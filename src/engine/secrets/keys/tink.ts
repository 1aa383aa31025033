/**
 * Keys of Google's Tink in keysets that are not encrypted: as JSON, and as the protocol buffer of which
 * programs keep the base64 (`tink.proto`: type 1, value 2, kind of material 3).
 */
import type { KeyContent } from './key-content.ts';

/** What every key's type begins with. */
export const TINK_TYPE = 'google.crypto.tink.';
const PREFIX = 'type.googleapis.com/';
const REACH = 4096; // bytes of a key around its type
const TYPE = /^google\.crypto\.tink\.([A-Za-z0-9]{2,64})/;
const MATERIAL = /"keyMaterialType"\s{0,8}:\s{0,8}"(SYMMETRIC|ASYMMETRIC_PRIVATE)"/;
const VALUE = /"value"\s{0,8}:\s{0,8}"([A-Za-z0-9+/=_-]{12,4096})"/;
const SYMMETRIC = 1;
const PRIVATE = 2;

/** A key, and where its value stands. */
export interface TinkKey extends KeyContent {
  block: string;
  start: number;
  /** Bytes that the value takes up. */
  length: number;
}

/** The key whose type's name stands at `at`; undefined where it is public, encrypted or none. */
export function tinkKeyAt(bytes: Uint8Array, at: number): TinkKey | undefined {
  const from = Math.max(0, at - REACH);
  const text = String.fromCharCode(...bytes.subarray(from, at + REACH));
  const type = TYPE.exec(text.slice(at - from))?.[1];
  if (type === undefined) return undefined;
  return keyInJson(text, at - from, from, type) ?? keyInProto(bytes, at, type);
}

function keyInJson(text: string, at: number, from: number, type: string): TinkKey | undefined {
  const open = text.lastIndexOf('{', at);
  const close = text.indexOf('}', at);
  if (open < 0 || close < 0) return undefined;
  const block = text.slice(open, close);
  const material = MATERIAL.exec(block)?.[1];
  const value = VALUE.exec(block);
  if (material === undefined || value?.[1] === undefined) return undefined;
  const start = from + open + value.index + value[0].length - 1 - value[1].length;
  const content = contentOf(type, material === 'SYMMETRIC');
  return { ...content, block: value[1], start, length: value[1].length };
}

/** Behind the type: the tag and length of the value, the value, and the tag and number of its kind. */
function keyInProto(bytes: Uint8Array, at: number, type: string): TinkKey | undefined {
  const start = at - PREFIX.length;
  const length = TINK_TYPE.length + type.length + PREFIX.length;
  if (start < 2 || bytes[start - 2] !== 0x0a || bytes[start - 1] !== length) return undefined;
  let next = start + length;
  if (bytes[next++] !== 0x12) return undefined;
  let size = 0;
  for (let shift = 0; shift < 21; shift += 7) {
    const byte = bytes[next++] ?? 0;
    size |= (byte & 127) << shift;
    if (byte < 128) break;
  }
  const value = bytes.subarray(next, next + size);
  const kind = bytes[next + size + 1];
  if (size < 8 || size > REACH || bytes[next + size] !== 0x18) return undefined;
  if (kind !== SYMMETRIC && kind !== PRIVATE) return undefined;
  const block = btoa(String.fromCharCode(...value));
  return { ...contentOf(type, kind === SYMMETRIC), block, start: next, length: size };
}

function contentOf(type: string, symmetric: boolean): KeyContent {
  const facts = { algorithm: symmetric ? `shared key, ${type}` : type };
  return { kind: 'Tink', encrypted: false, facts, why: [] };
}
