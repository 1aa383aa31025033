/** What readers of structured files hand on: values, what names them, and where they stand. */
import type { NamedValue } from '../finding.ts';
import { AUTHORIZATION } from '../name-hits.ts';
import { secretKind } from '../names.ts';

/** A value and its place in the file it was read from. */
export interface PlacedValue extends NamedValue {
  /** Where it begins: bytes from the start of the file. */
  at: number;
  /** Where what follows `before` in it stands, if it is not UTF-8 in one piece. */
  placeOf?: (before: string) => number;
  /** It is the hash of a password, not the password. */
  hash?: boolean;
}

/** Where a text stands, and what it is called there. */
export interface TextPlace {
  name: string;
  /** In words. */
  where: string;
  /** Where it begins: bytes from the start of the file. */
  at: number;
  /** Where its byte of a number stands, if it does not lie in one piece. */
  placeOf?: (byte: number) => number;
}

/** Takes what a reader finds. */
export interface ValueSink {
  /** A text whose name does not say that it is a secret; the bytes are copied. */
  text(bytes: Uint8Array, place: TextPlace): void;
  /** A value, bound to a name or (where that is empty) only taken apart from its neighbours. */
  value(value: PlacedValue): void;
  /** The bytes `[from, to)` have been handed on as values; all others are scanned as they stand. */
  covered(from: number, to: number): void;
}

/** Whether a name may announce a secret, so that its value is to be judged by it. */
export function mayAnnounce(name: string): boolean {
  return secretKind(name) !== undefined || AUTHORIZATION.test(name);
}

/** Names that announce a password in a call, as `login(…)`; as a key or column they say whose it is. */
const CALLS = /^(?:auth|basic_?auth|login)$/i;
const LONGEST_NAME = 128; // characters

/** What a key or column says of its value; empty where that is nothing. */
export function keyName(name: string): string {
  return name.length > LONGEST_NAME || CALLS.test(name) ? '' : name;
}
