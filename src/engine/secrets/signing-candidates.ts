/**
 * Texts that may sign tokens though nothing says that they are secrets: literals on lines that speak of signing,
 * in an application's own files. They are no findings by themselves: one is told of only where a token in the
 * same image proves it: then `changeme` is one too.
 */
import { charactersOf } from '../archive/plain-text.ts';
import { bytesText } from '../python/values.ts';
import { EVERY_COPY, REBUILD } from './advice.ts';
import type { FileKind } from './file-kind.ts';
import type { Detection, Rule } from './finding.ts';

/** A secret of which only a token that it signed tells. */
export const SIGNING_SECRET: Rule = {
  id: 'signing-secret',
  title: 'Secret that signs tokens',
  provider: '',
  severity: 'high',
  revoke: '',
  steps: [`Change the secret: whoever has it can sign in as anybody. ${EVERY_COPY}`, REBUILD],
};

/** What the prefilter looks for; case matters. */
export const SIGNING_WORDS: readonly string[] = (
  'jwt_ jwt. jwt( jwt: jwt= JWT_ JWT. JWT( Jwt. Jwt: jsonwebtoken verify Verify .sign( .Sign( signing Signing SIGNING hmac ' +
  'HMAC Hmac session_ SESSION_ session( sessions.'
).split(' ');

const MOST = 8; // of one file
const REACH = 240; // bytes to either side, on the line
const LITERAL =
  /(["'`])((?:(?!\1)[^\n\\]){6,128})\1|[=:][ \t]{0,4}([^\s"'`;,(){}]{6,128})[ \t]{0,4}$/gm;

/** Gathers candidates in one file at a time. */
export class SigningCandidates {
  #values = new Set<string>();
  #lineEnd = -1;

  begin(): void {
    this.#values.clear();
    this.#lineEnd = -1;
  }

  /** Says that the window's first bytes are gone. */
  drop(bytes: number): void {
    this.#lineEnd -= bytes;
  }

  /** Calls `found` for each text on the line around `at`, with where it stands in the window. */
  line(
    bytes: Uint8Array,
    at: number,
    file: FileKind,
    found: (detection: Detection, at: number, length: number) => void,
  ): void {
    const { vendor, test, prose, lock, messages, code, config, settings } = file;
    if (at < this.#lineEnd || this.#values.size >= MOST || !(code || config || settings)) return;
    if (vendor || test || prose || lock || messages) return;
    let start = at;
    while (start > 0 && at - start < REACH && bytes[start - 1] !== 0x0a) start--;
    let end = at;
    while (end < bytes.length && end - at < REACH && bytes[end] !== 0x0a) end++;
    this.#lineEnd = end;
    for (const match of charactersOf(bytes, start, end).matchAll(LITERAL)) {
      const raw = match[2] ?? match[3] ?? '';
      const from = start + match.index + match[0].indexOf(raw);
      const value = bytesText(bytes.subarray(from, from + raw.length));
      if (this.#values.size >= MOST) return;
      if (this.#values.has(value)) continue;
      this.#values.add(value);
      const why = ['stands on a line that speaks of signing'];
      const rest = { value, why, facts: {}, candidate: 'signs' as const };
      found(
        { rule: SIGNING_SECRET, severity: 'high', confidence: 'low', ...rest },
        from,
        raw.length,
      );
    }
  }
}
