/**
 * Tokens that begin as nothing else does not, and that a checksum over the whole proves: keys of wallets, old
 * tokens of Azure DevOps. No text announces them, so that words of exactly their length are looked for among the
 * runs that may be base64.
 */
import { charactersOf } from '../archive/plain-text.ts';
import { BARE, type Format } from './compiled-formats.ts';
import { bitOf, membership } from './format-alphabets.ts';
import { isEscape } from './name-hits.ts';
import { hasStructure, isStructure } from './token-structure.ts';

const MEMBERSHIP = membership();
const WORD = bitOf('b62');
const SHORTEST = Math.min(...BARE.map(({ template }) => template.minLength));
const LONGEST = Math.max(...BARE.map(({ template }) => template.maxLength));
const BACKSLASH = 0x5c;

/** Calls `onToken` for every such token in a run `[from, to)` whose checksum is right. */
export function bareTokens(
  bytes: Uint8Array,
  from: number,
  to: number,
  onToken: (format: Format, start: number, length: number) => void,
): void {
  let start = from;
  if (isWord(bytes[start - 1])) while (isWord(bytes[start])) start++;
  while (start + SHORTEST <= to) {
    let end = start;
    while (end < to && isWord(bytes[end])) end++;
    const length = end - start;
    if (length >= SHORTEST && length <= LONGEST + 1) wordIn(bytes, start, end, onToken);
    start = end + 1;
  }
}

/** Whether a text is such a token, and nothing else. */
export function isBareToken(text: Uint8Array): boolean {
  if (text.length < SHORTEST || text.length > LONGEST) return false;
  let found = false;
  wordIn(text, 0, text.length, () => (found = true));
  return found;
}

/** A word that is such a token, or one behind the letter of an escape, as in `\nKw…`. */
function wordIn(
  bytes: Uint8Array,
  start: number,
  end: number,
  onToken: (format: Format, start: number, length: number) => void,
): void {
  const escaped = bytes[start - 1] === BACKSLASH && isEscape(bytes[start] ?? 0);
  const from = escaped ? start + 1 : start;
  const word = charactersOf(bytes, from, end);
  for (const format of BARE) {
    const { check } = format.row;
    if (!check || !isStructure(check) || !format.template.whole.test(word)) continue;
    if (hasStructure(check, word)) onToken(format, from, word.length);
  }
}

function isWord(byte: number | undefined): boolean {
  return byte !== undefined && ((MEMBERSHIP[byte] as number) & WORD) !== 0;
}
