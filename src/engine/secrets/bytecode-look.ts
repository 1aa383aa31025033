/**
 * A quick look at bytecode before its names are worked out: most modules hold nothing that could be a
 * secret, and need not be walked.
 */
import { isLikely } from './format-triggers.ts';
import { looksLikeMnemonic } from './keys/mnemonic.ts';
import { nameEndAt } from './name-hits.ts';
import { PREFILTER } from './triggers.ts';
import { urlCredentials } from './url-credentials.ts';
import { latin1 } from './text-windows.ts';

const URL_REACH = 400;
const SHORTEST = 4;
const LONGEST = 4096;
const SCHEME = /^\s{0,8}[A-Za-z][\w-]{1,15}\s{1,4}(?=\S+\s{0,8}$)/;
const RUN = /[A-Za-z0-9+/_=-]{40}/;
const SEPARATORS = new Set(Array.from('=:"\'>', (character) => character.charCodeAt(0)));
const SPACE = 0x20;

/**
 * Whether some constant of a `.pyc` may hold a secret inside it: by a format's literal, a URL with a
 * password, a key's marker, or a name with what it is set to.
 */
export function holdsInside(bytes: Uint8Array): boolean {
  let found = false;
  PREFILTER.scan(bytes, 0, bytes.length, (target, at) => {
    if (found) return;
    switch (target.kind) {
      case 'format':
        found = isLikely(bytes, at, target.look);
        break;
      case 'url':
        found = urlCredentials(latin1(bytes, at, at + URL_REACH), 0) !== undefined;
        break;
      case 'name':
        found = isSetTo(bytes, nameEndAt(bytes, at));
        break;
      case 'module':
        break;
      default:
        found = true;
    }
  });
  return found;
}

function isSetTo(bytes: Uint8Array, nameEnd: number): boolean {
  let at = nameEnd;
  while (at < nameEnd + 4 && bytes[at] === SPACE) at++;
  return SEPARATORS.has(bytes[at] ?? 0);
}

/** Whether a constant may be a secret as a whole, once something names it: the judge takes no others. */
export function mayBeSecret(whole: string): boolean {
  // `Bearer …`: what counts is what stands behind the scheme.
  const text = whole.length < 512 ? whole.replace(SCHEME, '') : whole;
  if (text.length < SHORTEST) return false;
  if (text.length > LONGEST) return RUN.test(text);
  // Words, names and sentences are none; a run of base64 in a longer text may hold one.
  if (/\s/.test(text)) return text.length >= 40 && (RUN.test(text) || looksLikeMnemonic(text));
  return /\d|[^\w./-]/.test(text) || (text.length >= 16 && /[a-z][A-Z]/.test(text));
}
