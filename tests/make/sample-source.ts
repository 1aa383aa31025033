/** The marker that stands in compiled fixtures where a token belongs, and the token made for it. */
import { createHash } from 'node:crypto';

/** 40 letters, as long as the token and, like it, an identifier, so that marshal writes it the same way. */
export const TOKEN_MARKER = 'placeholderforatokenoffortyhexadecimals_';

/** 40 hex digits that open nothing: a digest of a sentence. */
export function constructedToken(sentence = 'a token that was never issued'): string {
  return createHash('sha1').update(sentence).digest('hex');
}

/** Puts `token` in the marker's place. Both have the same length, so that all else stays as compiled. */
export function withToken(pyc: Uint8Array, token: string): Uint8Array {
  const bytes = Buffer.from(pyc);
  const at = bytes.indexOf(TOKEN_MARKER);
  if (at < 0 || token.length !== TOKEN_MARKER.length) throw new Error('the fixture has no marker');
  bytes.write(token, at);
  return new Uint8Array(bytes);
}
