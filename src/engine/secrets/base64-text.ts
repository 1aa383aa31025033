/** Text that stands in base64, as configuration files keep user names and passwords. */
import { bytesText } from '../python/values.ts';

const WHOLE = /^[A-Za-z0-9+/_-]+={0,2}$/;

/** The text that a base64 value holds; undefined where it holds none. Both alphabets are read. */
export function base64Text(value: string): string | undefined {
  if (value.length < 4 || !WHOLE.test(value)) return undefined;
  try {
    const binary = atob(value.replaceAll('-', '+').replaceAll('_', '/'));
    const text = bytesText(Uint8Array.from(binary, (character) => character.charCodeAt(0)));
    return /^[^\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]+$/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** The password of `user:password` in base64. */
export function base64Password(value: string): { user: string; password: string } | undefined {
  const text = base64Text(value);
  const colon = text?.indexOf(':') ?? -1;
  if (text === undefined || colon < 1 || colon + 1 >= text.length) return undefined;
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
