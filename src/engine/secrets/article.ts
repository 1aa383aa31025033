/** How the titles of rules and the forms of values are read out in a sentence. */
import type { Alphabet } from './format-alphabets.ts';
import type { Template } from './format-template.ts';

/** Begins with the sound of a vowel: `an OpenAI key`, `an npm token`, but `a OneLogin secret`. */
const VOWEL = /^(?:[AEIO](?!ne[LS])|HCP|NVIDIA|SSLMate|Un|Up|apilayer|eBay|ngrok|npm|urlscan|xAI)/;
/** Titles that begin with a common word, which is no name. */
const COMMON = /^(?:Password|Private|Public|Plugin|Master|Sealed) /;

/** A rule's title with its article: `a GitHub token`, `an OpenAI key`, `a password hash`. */
export function article(title: string): string {
  const said = COMMON.test(title) ? `${title[0]?.toLowerCase()}${title.slice(1)}` : title;
  return `${VOWEL.test(title) ? 'an' : 'a'} ${said}`;
}

const ALPHABET_NAMES: Partial<Record<Alphabet, string>> = {
  hex: 'hex digits',
  HEX: 'hex digits',
  hexa: 'hex digits',
  dig: 'digits',
  b58: 'base58 characters',
  b62: 'letters and digits',
  b64: 'base64 characters',
  b64u: 'base64url characters',
};

/** A value's form, where it is one run of characters: `40 hex digits`. */
export function described(template: Template): string {
  const part = template.parts[0];
  const name = part?.kind === 'run' ? ALPHABET_NAMES[part.alphabet] : undefined;
  if (part?.kind !== 'run' || template.parts.length > 1 || part.min !== part.max || !name)
    return 'a value of a known form';
  return `${part.max} ${name}`;
}
